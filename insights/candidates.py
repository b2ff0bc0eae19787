"""What the candidates of a contest are called."""

from django.utils.translation import gettext_lazy

from insights.models import OF_MESSAGES

CANDIDATES = {
    "rule": gettext_lazy("Plain rule"),
    "rfm_logistic": gettext_lazy("Logistic regression on recency, frequency and money"),
    "logistic": gettext_lazy("Logistic regression with splines"),
    "ebm": gettext_lazy("Explainable boosting machine"),
    "forest": gettext_lazy("Random forest"),
    "boosting": gettext_lazy("Gradient boosting"),
    "lightgbm": gettext_lazy("Gradient boosting (LightGBM)"),
    "lifetime": gettext_lazy("Buying and leaving (BG/NBD)"),
    "svm": gettext_lazy("Support vector machine"),
    "keras": gettext_lazy("Neural network (Keras)"),
    "story": gettext_lazy("Neural network over the whole story (Keras)"),
    "blend": gettext_lazy("Blend of several"),
    "popularity": gettext_lazy("Plain rule: what sells most"),
    "item_knn": gettext_lazy("Bought together (item neighbours)"),
    "ease": gettext_lazy("Bought together, all at once (EASE)"),
    "knn_ease": gettext_lazy("Neighbours and EASE"),
    "content": gettext_lazy("Similar descriptions"),
    "sequence": gettext_lazy("Bought one after the other (sequence)"),
    "als": gettext_lazy("Hidden tastes (matrix factorisation, ALS)"),
    "bgnbd": gettext_lazy("Buying and leaving (BG/NBD, Gamma-Gamma)"),
    "pareto": gettext_lazy("Buying and leaving (Pareto/NBD, Gamma-Gamma)"),
    "tweedie": gettext_lazy("Gradient boosting (Tweedie)"),
    "two_part": gettext_lazy("Gradient boosting in two parts"),
    "ziln": gettext_lazy("Neural network, zero-inflated lognormal (Keras)"),
    "rfm": gettext_lazy("The eight names"),
    "kmeans": gettext_lazy("Behaviour groups (k-means)"),
    "kmeans_story": gettext_lazy("Groups by whole stories (k-means on the network’s embedding)"),
}
# The same names stand for something else where words are what is learnt from.
CANDIDATES_OF_MESSAGES = {
    "rule": gettext_lazy("The built-in rules"),
    "moods": gettext_lazy("The built-in rules, weighed by your own messages"),
    "svm": gettext_lazy("Support vector machine on words and letters"),
    "logistic": gettext_lazy("Logistic regression on words and letters"),
    "nbsvm": gettext_lazy("Support vector machine on word odds (NB-SVM)"),
    "sentences": gettext_lazy("Meaning of the sentences (MiniLM)"),
    "network": gettext_lazy("Neural network on letters (Keras)"),
}


def candidate_label(name: str, kind: str = "") -> str:
    own = CANDIDATES_OF_MESSAGES if kind in OF_MESSAGES else {}
    return str(own.get(name) or CANDIDATES.get(name, name))
