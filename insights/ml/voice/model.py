"""A trained model of texts as it is served: chances of each class, and which words brought them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np
from scipy.special import softmax

from insights.ml.voice.adapting import Adaptation
from insights.ml.voice.learners import Learner, learner_class
from insights.ml.voice.learners.combining import Combined
from insights.ml.voice.learners.corpus import Corpus
from insights.ml.voice.learners.plainness import traced
from insights.ml.voice.learners.terms import MOST_CHARACTERS, word_spans
from insights.ml.voice.reading import Span


@dataclass
class TextModel:
    """Fitted learners, how they are combined, and what was learnt since from messages of another place."""

    kind: ClassVar[str]
    classes: tuple[str, ...]
    learners: list[Learner]
    combined: Combined
    params: dict[str, Any] = field(default_factory=dict)
    adaptation: Adaptation | None = None

    def logits(self, texts: Sequence[str]) -> np.ndarray:
        """(n, classes) log-chances but for a number per message."""
        corpus = Corpus(texts)
        said = self.combined.logits([one.raw(corpus) for one in self.learners])
        return said if self.adaptation is None else self.adaptation.logits(said, corpus)

    def chances(self, texts: Sequence[str]) -> np.ndarray:
        """(n, classes); rows sum to 1, and no text's answer depends on the others."""
        return softmax(self.logits(texts), axis=1)

    def towards(self, logits: np.ndarray) -> np.ndarray:
        """(classes,) what the weights of a message with these logits (classes,) speak for."""
        raise NotImplementedError

    def score(self, text: str) -> tuple[float, float]:
        """What weights() add up to with the base, and the base: log-odds as the words moved them, and without any."""
        logits = self.logits([text])[0]
        towards = self.towards(logits)
        _, base = self.shares(traced(text[: 2 * MOST_CHARACTERS]).text[:MOST_CHARACTERS], towards)
        return float(logits @ towards), base

    def weights(self, text: str) -> list[Span]:
        """Which words of the original text brought its score, in reading order: signed log-odds."""
        mapped = traced(text[: 2 * MOST_CHARACTERS])
        told = mapped.text[:MOST_CHARACTERS]
        if not told:
            return []
        towards = self.towards(self.logits([text])[0])
        shares, _ = self.shares(told, towards)
        return [
            Span(mapped.start[start], mapped.end[end - 1], float(shares[share_from:end].sum()))
            for share_from, start, end in _words(told)
        ]

    def shares(self, plain_text: str, towards: np.ndarray) -> tuple[np.ndarray, float]:
        """What each character (m,) brings, and what is there without any."""
        shares = np.zeros(len(plain_text))
        base = float(self.combined.levels @ towards)
        for weight, one in zip(self.combined.weights, self.learners, strict=True):
            own, start = one.shares(plain_text, towards)
            shares += weight * own
            base += weight * start
        if self.adaptation is not None:
            shares, base = self.adaptation.shares(plain_text, towards, shares, base)
        return shares, base

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        arrays = {"weights": self.combined.weights, "levels": self.combined.levels}
        members = []
        for number, one in enumerate(self.learners):
            meta, own = one.state()
            arrays |= {f"member{number}_{name}": values for name, values in own.items()}
            members.append({"name": one.name, "state": meta})
        document = {"classes": list(self.classes), "members": members, "params": self.params}
        if self.adaptation is not None:
            arrays |= {f"adapted_{k}": v for k, v in self.adaptation.state().items()}
        return document, arrays

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> Self:
        learners = []
        for number, one in enumerate(meta["members"]):
            own = _starting_with(f"member{number}_", arrays)
            learners.append(learner_class(one["name"]).from_state(one["state"], own))
        combined = Combined(arrays["weights"], arrays["levels"])
        model = cls(tuple(meta["classes"]), learners, combined, meta["params"])
        adapted = _starting_with("adapted_", arrays)
        if adapted:
            model.adaptation = Adaptation.from_state(adapted, learners)
        return model


def _starting_with(start: str, arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {k.removeprefix(start): v for k, v in arrays.items() if k.startswith(start)}


def _words(plain_text: str) -> list[tuple[int, int, int]]:
    """(share from, start, end) of each word, or character where no word is known. Shares of what lies between words
    go to the word after."""
    ends = dict(word_spans(plain_text))
    spans, share_from, place = [], 0, 0
    while place < len(plain_text):
        if plain_text[place].isspace():
            place += 1
            continue
        end = ends.get(place, place + 1)
        spans.append((share_from, place, end))
        share_from = place = end
    return spans
