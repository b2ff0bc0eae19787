"""Learners for questions about texts: trained with the best library for each, scored from plain arrays.

Every learner has the same face:
- `fit(corpus, y, classes)`: messages (n), class numbers (n,).
- `raw(corpus)` -> (n, classes): scores on the learner's own scale, each message for itself.
- `shares(plain_text, towards)` -> ((characters,), base): what each character brings to raw @ towards; they sum with
  the base to it.
- `choices`: settings worth a try, the usual ones first.
- `state()` / `from_state()`: JSON-able values and plain arrays; `raw` and `shares` use nothing else.
"""

from importlib import import_module
from typing import Any, Protocol, Self

import numpy as np

from insights.ml.voice.learners.corpus import Corpus

LEARNERS = {
    "lexicon": "insights.ml.voice.learners.lexicon:Lexicon",
    "moods": "insights.ml.voice.learners.moods:Moods",
    "wordings": "insights.ml.voice.learners.wordings:Wordings",
    "logistic": "insights.ml.voice.learners.linear:LogisticText",
    "svm": "insights.ml.voice.learners.linear:SvmText",
    "nbsvm": "insights.ml.voice.learners.linear:BayesSvmText",
    "network": "insights.ml.deep.text_network:TextNetwork",
    "sentences": "insights.ml.voice.learners.sentences:Sentences",
}


class Learner(Protocol):
    name: str

    def fit(self, corpus: Corpus, y: np.ndarray, classes: int) -> Self: ...

    def raw(self, corpus: Corpus) -> np.ndarray: ...

    def shares(self, plain_text: str, towards: np.ndarray) -> tuple[np.ndarray, float]: ...

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]: ...

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> Self: ...


def learner_class(name: str) -> Any:
    module, _, attribute = LEARNERS[name].partition(":")
    return getattr(import_module(module), attribute)
