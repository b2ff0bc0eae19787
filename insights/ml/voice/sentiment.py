"""How does a customer feel about it? Negative, neutral or positive, learnt from the company's own messages.

Labels: the stars of reviews (1 and 2 negative, 3 neutral, 4 and 5 positive) and what staff have corrected, which
counts before the stars. Judged on the newest messages; where messages have no time, by folds.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from insights.ml.evaluation import Candidate, Evaluation, Report
from insights.ml.voice import offers
from insights.ml.voice.adapting import adapted
from insights.ml.voice.judging import judge
from insights.ml.voice.labelled import Inputs, Labelled, known, made_inputs
from insights.ml.voice.learners.fitting import Fitted
from insights.ml.voice.learners.lexicon import Lexicon
from insights.ml.voice.model import TextModel
from insights.ml.voice.reading import LABELS

KIND = "sentiment"
NEGATIVE, NEUTRAL, POSITIVE = LABELS
BORDERS = ((2.0, NEGATIVE), (3.0, NEUTRAL), (5.0, POSITIVE))


class SentimentModel(TextModel):
    kind: ClassVar[str] = KIND

    def chances(self, texts: Sequence[str]) -> np.ndarray:
        """(n, 3) of LABELS; a class that the company's messages never showed has a chance of 0."""
        chances = np.zeros((len(texts), len(LABELS)))
        chances[:, [LABELS.index(one) for one in self.classes]] = super().chances(texts)
        return chances

    def towards(self, logits: np.ndarray) -> np.ndarray:
        """From the worst class learnt to the best."""
        line = np.zeros(len(self.classes))
        line[0], line[-1] = -1.0, 1.0
        return line

    def answered(self, text: str) -> np.ndarray:
        """The same line for every message."""
        return self.towards(np.zeros(len(self.classes)))


def inputs(messages: pd.DataFrame, as_of: datetime, params: Mapping[str, Any]) -> Inputs:
    """Labelled messages from everything known before as_of (columns: see labelled.COLUMNS).

    Raises NotEnoughData: no_labels, too_few_labels, one_class_only.
    """
    frame = known(messages, as_of)
    by_stars = _of_stars(pd.to_numeric(frame["rating"], errors="coerce"))
    frame["by_stars"] = ~frame["label"].isin(LABELS)
    frame["label"] = by_stars.where(frame["by_stars"], frame["label"])
    return offers.noted(made_inputs(frame[frame["label"].notna()], LABELS, dict(params)))


def candidates(params: Mapping[str, Any], labels: Sequence[str] = LABELS) -> list[Candidate]:
    """The lexicon first, the blend of the others last; params['candidates'] (names) leaves out others, never the
    lexicon. labels: the classes of the inputs."""
    rule = Candidate("rule", partial(Lexicon, tuple(labels)), glass_box=True, baseline=True)
    return [rule, *offers.learnt(params, also=("moods",))]


def evaluate(inputs: Inputs, candidates: list[Candidate], report: Report) -> Evaluation:
    """Every candidate fitted, calibrated on messages it had not seen, and judged; the best refitted to serve."""
    return judge(KIND, inputs, candidates, partial(served, inputs), report)


def served(inputs: Inputs, fitted: Fitted, messages: Labelled) -> SentimentModel:
    """The model out of learners that were fitted to the messages."""
    return SentimentModel(inputs.classes, fitted.learners, fitted.combined, inputs.params)


def predict(model: SentimentModel, texts: Sequence[str]) -> pd.DataFrame:
    """Per text: label, sentiment in -1..1 (chance of positive less that of negative), and the chance of each label."""
    chances = model.chances(texts).round(6)
    frame = pd.DataFrame(chances, columns=list(LABELS))
    frame.insert(0, "sentiment", (chances[:, 2] - chances[:, 0]).round(6))
    frame.insert(0, "label", [LABELS[place] for place in chances.argmax(axis=1)])
    return frame


def recalibrate(
    model: SentimentModel, texts: Sequence[str], labels: Sequence[str]
) -> SentimentModel:
    """The same model for messages of another place (a new shop, channel or product), told by labelled ones of it.

    Levels and steepness are learnt anew and words moved a little, as far as messages left out bear it out. Labels
    of classes that the model has never met are left out; raises ValueError where none of the others remain.
    """
    number = {name: place for place, name in enumerate(model.classes)}
    told = [
        (text, number[label]) for text, label in zip(texts, labels, strict=True) if label in number
    ]
    if not told:
        raise ValueError("none of the labels is one of the model's classes")
    plain = SentimentModel(model.classes, model.learners, model.combined, model.params)
    said = plain.logits([text for text, _ in told])
    y = np.array([place for _, place in told])
    plain.adaptation = adapted(plain.learners, said, [text for text, _ in told], y)
    return plain


def _of_stars(stars: pd.Series) -> pd.Series:
    label = pd.Series([None] * len(stars), index=stars.index, dtype=object)
    for most, name in reversed(BORDERS):
        label[stars <= most] = name
    label[~(stars >= 1)] = None
    return label
