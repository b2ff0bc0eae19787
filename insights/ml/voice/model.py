"""A trained model of texts as it is served: chances of each class, and which words brought them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np
from scipy.special import softmax

from insights.ml.voice.adapting import Adaptation, weighing_of
from insights.ml.voice.learners import Learner, learner_class
from insights.ml.voice.learners.combining import Combined
from insights.ml.voice.learners.corpus import Corpus
from insights.ml.voice.learners.linear import LinearText
from insights.ml.voice.learners.plainness import traced
from insights.ml.voice.learners.terms import MOST_CHARACTERS, shortened, word_spans, words_of
from insights.ml.voice.learners.weighing import Weighing
from insights.ml.voice.reading import Span
from insights.ml.voice.words import stop_words

MOST_REMEMBERED = 3


@dataclass
class TextModel:
    """Fitted learners, how they are combined, and what was learnt since from messages of another place."""

    kind: ClassVar[str]
    classes: tuple[str, ...]
    learners: list[Learner]
    combined: Combined
    params: dict[str, Any] = field(default_factory=dict)
    adaptation: Adaptation | None = None

    def __post_init__(self) -> None:
        share_weighings(self.learners)
        # What the terms are worth towards something, for the last few things that were asked about.
        self._worth: dict[bytes, list[tuple[Weighing, np.ndarray]]] = {}

    def logits(self, texts: Sequence[str]) -> np.ndarray:
        """(n, classes) log-chances but for a number per message."""
        corpus = Corpus(texts)
        said = self.combined.logits([one.raw(corpus) for one in self.learners])
        return said if self.adaptation is None else self.adaptation.logits(said, corpus)

    def chances(self, texts: Sequence[str]) -> np.ndarray:
        """(n, classes); rows sum to 1, and no text's answer depends on the others."""
        return softmax(self.logits(texts), axis=1)

    def known(self, texts: Sequence[str]) -> np.ndarray:
        """(n,) the share of each text's words that stood in messages learnt from: of those that every text has ("the")
        only where there are no others. All of them where no learner goes by words, none where there are none."""
        weighing = weighing_of(self.learners)
        if weighing is None:
            return np.ones(len(texts))
        shares = []
        for text in shortened(texts):
            words = [word for word in words_of(text) if word[0].isalpha()]
            telling = [word for word in words if word not in stop_words()] or words
            shares.append(np.mean([word in weighing.alphabet.words for word in telling] or [False]))
        return np.array(shares)

    def towards(self, logits: np.ndarray) -> np.ndarray:
        """(classes,) what the weights of a message with these logits (classes,) speak for."""
        raise NotImplementedError

    def answered(self, text: str) -> np.ndarray:
        """(classes,) what the weights of this message speak for."""
        return self.towards(self.logits([text])[0])

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
        shares, _ = self.shares(told, self.answered(text))
        return [
            Span(mapped.start[start], mapped.end[end - 1], float(shares[share_from:end].sum()))
            for share_from, start, end in _words(told)
        ]

    def shares(self, plain_text: str, towards: np.ndarray) -> tuple[np.ndarray, float]:
        """What each character (m,) brings, and what is there without any."""
        shares = np.zeros(len(plain_text))
        base = float(self.combined.levels @ towards)
        for weight, one in zip(self.combined.weights, self.learners, strict=True):
            if isinstance(one, LinearText):  # these look into the text together
                base += weight * float(one.offsets_ @ towards)
                continue
            own, start = one.shares(plain_text, towards)
            shares += weight * own
            base += weight * start
        for weighing, worth in self._worth_of_terms(towards):
            shares += weighing.shares(plain_text, worth)
        if self.adaptation is not None:
            shares, base = self.adaptation.shares(plain_text, towards, shares, base)
        return shares, base

    def _worth_of_terms(self, towards: np.ndarray) -> list[tuple[Weighing, np.ndarray]]:
        """(terms,) of all linear learners together, for each way of weighing a text that there is among them."""
        key = towards.tobytes()
        if key not in self._worth:
            found: dict[int, tuple[Weighing, np.ndarray]] = {}
            for weight, one in zip(self.combined.weights, self.learners, strict=True):
                if isinstance(one, LinearText):
                    weighing, worth = one.weighing_, weight * (one.weights_ @ towards)
                    before = found.get(id(weighing))
                    found[id(weighing)] = (weighing, worth if before is None else before[1] + worth)
            while len(self._worth) >= MOST_REMEMBERED:
                del self._worth[next(iter(self._worth))]
            self._worth[key] = list(found.values())
        return self._worth[key]

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


def share_weighings(learners: Sequence[Learner]) -> None:
    """Linear learners of the same messages weigh texts alike; each text is then weighed once for all of them."""
    known: list[Weighing] = []
    for one in learners:
        if not isinstance(one, LinearText):
            continue
        alike = next((other for other in known if other.is_like(one.weighing_)), None)
        if alike is None:
            known.append(one.weighing_)
        else:
            one.weighing_ = alike


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
