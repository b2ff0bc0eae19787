"""Why a score is what it is, in sentences: codes and facts as they were stored, said in the reader's language.

The codes and the facts each carries are those of the learners (see insights.ml.explain); a fact that is not known
is None. A code has one function, named after it, in the module that says what it is about.
"""

from customers.reasons.offers import recommendation
from customers.reasons.person import ATTRIBUTE
from customers.reasons.sentences import SENTENCES, sentence
from customers.reasons.words import Words, said

__all__ = ["ATTRIBUTE", "SENTENCES", "Words", "recommendation", "said", "sentence"]
