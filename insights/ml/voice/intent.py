"""What does a customer want? One of the company's own reasons (refund, late delivery, question …), or "other".

Labels are those that staff have given. Many classes from few examples: a class with fewer than five is not learnt,
and what the model is not sure enough of is "other".
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from scipy.special import softmax

from insights.ml.evaluation import Candidate, Evaluation, Report
from insights.ml.voice import offers
from insights.ml.voice.judging import judge
from insights.ml.voice.labelled import Inputs, Labelled, known, made_inputs
from insights.ml.voice.learners.fitting import Fitted
from insights.ml.voice.learners.rules import Shares
from insights.ml.voice.learners.wordings import CODES, Wordings
from insights.ml.voice.model import TextModel

KIND = "intent"
OTHER = "other"
LEAST_MESSAGES = 50
# So many of the answers that are given have to be right.
RIGHT = 0.95
# Among fewer answers the share of right ones is chance.
LEAST_ANSWERS = 30


@dataclass
class IntentModel(TextModel):
    """`least`: the chance from which on an answer is given."""

    kind: ClassVar[str] = KIND
    least: float = 0.0

    def towards(self, logits: np.ndarray) -> np.ndarray:
        """From the average of all classes to the one that is answered."""
        line = np.full(len(self.classes), -1.0 / len(self.classes))
        line[int(np.argmax(logits))] += 1.0
        return line

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        document, arrays = super().state()
        return {**document, "least": self.least}, arrays

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> Self:
        model = super().from_state(meta, arrays)
        model.least = meta["least"]
        return model


def inputs(messages: pd.DataFrame, as_of: datetime, params: Mapping[str, Any]) -> Inputs:
    """Labelled messages from everything known before as_of (columns: see labelled.COLUMNS).

    Raises NotEnoughData: no_labels, too_few_labels, one_class_only.
    """
    frame = known(messages, as_of)
    frame = frame[frame["label"].notna()]
    order = sorted(frame["label"].astype(str).unique())
    return offers.noted(named(made_inputs(frame, order, dict(params), LEAST_MESSAGES)))


def named(inputs: Inputs) -> Inputs:
    """The same with what the classes are called, which is one more example of each."""
    names = tuple(re.sub(r"[_\-/]+", " ", name) for name in inputs.classes)
    return replace(inputs, names=names)


def candidates(params: Mapping[str, Any], labels: Sequence[str] = ()) -> list[Candidate]:
    """The plain rule first, the blend of the others last; params['candidates'] (names) leaves out others, never the
    rule. That is the built-in reader; of labels (the classes of the inputs) it knows none of, it is their shares."""
    told = partial(Wordings, tuple(labels)) if set(labels) & set(CODES) else Shares
    return [Candidate("rule", told, glass_box=True, baseline=True), *offers.learnt(params)]


def evaluate(inputs: Inputs, candidates: list[Candidate], report: Report) -> Evaluation:
    """Every candidate fitted, calibrated on messages it had not seen, and judged; the best refitted to serve."""
    made = judge(KIND, inputs, candidates, partial(served, inputs), report, sure_enough)
    if made.model is not None:
        made.summary["threshold"]["served"] = made.model.least
    return made if made.model is None or made.model.least <= 1 else never_sure(made)


def never_sure(made: Evaluation) -> Evaluation:
    """A model that would answer nothing is of less use than the rules, whatever its chances are worth."""
    answers_nothing = {"answers_nothing": True, "better_than_rule": False, "grade": "D"}
    return Evaluation(made.summary | answers_nothing | {"published_metrics": None}, None)


def served(inputs: Inputs, fitted: Fitted, messages: Labelled) -> IntentModel:
    """The model out of learners that were fitted to the messages, sure enough by what their twins got right."""
    least = sure_enough(softmax(fitted.unseen, axis=1), messages.y)
    return IntentModel(inputs.classes, fitted.learners, fitted.combined, inputs.params, least=least)


def predict(model: IntentModel, texts: Sequence[str]) -> pd.DataFrame:
    """Per text: label ("other" where the model is not sure enough), the likeliest class and its chance."""
    chances = model.chances(texts)
    likeliest = [model.classes[place] for place in chances.argmax(axis=1)]
    chance = chances.max(axis=1).round(6)
    label = np.where(chance >= model.least, likeliest, OTHER)
    return pd.DataFrame({"label": label, "likeliest": likeliest, "chance": chance})


def sure_enough(chances: np.ndarray, y: np.ndarray, right: float = RIGHT) -> float:
    """The least chance from which on a share of `right` of the answers is right, on messages (n, classes) that the
    model had not seen; above 1, so that nothing is answered, where no level gives that."""
    sure, hit = chances.max(axis=1), chances.argmax(axis=1) == y
    order = np.argsort(-sure, kind="stable")
    answers = np.arange(1, len(y) + 1)
    good = np.cumsum(hit[order]) / answers >= right
    good[: LEAST_ANSWERS - 1] = False
    if not good.any():
        return 1.01
    return float(sure[order][np.flatnonzero(good)[-1]])
