"""A learner of texts with its calibration, and what its twins said about messages they had not seen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from scipy.special import log_softmax

from insights.ml.evaluation import paired_gain
from insights.ml.learners import customer_folds
from insights.ml.voice.learners import Learner
from insights.ml.voice.learners.combining import Combined
from insights.ml.voice.learners.corpus import Corpus

FOLDS, FOLDS_LARGE, LARGE = 5, 3, 2_000
# Settings are told apart on so many messages, the others watching.
MOST_ROWS_TUNING = 4_000
SEED = 42


@dataclass
class Board:
    """Messages (n) to learn from, their class numbers y (n,), whose they are (n,), and how many classes there are.

    `names`: of each class what it is called, learnt from as if somebody had written it, but never judged on."""

    corpus: Corpus
    y: np.ndarray
    groups: np.ndarray
    classes: int
    names: Corpus | None = None

    def __len__(self) -> int:
        return len(self.y)

    def rows(self, chosen: np.ndarray) -> "Board":
        rows = self.corpus.rows(chosen)
        return Board(rows, self.y[chosen], self.groups[chosen], self.classes, self.names)

    def learnt(self, learner: Learner) -> tuple[Learner, np.ndarray]:
        """The learner fitted to the classes (k,) that occur, in their order."""
        met, y = np.unique(self.y, return_inverse=True)
        corpus = self.corpus
        if self.names is not None:
            corpus = corpus.joined(self.names.rows(met))
            y = np.concatenate([y, np.arange(len(met))])
        return learner.fit(corpus, y, len(met)), met

    def folds(self) -> list[np.ndarray]:
        """Masks (n,) that part the customers, with every class on both sides wherever it has a few messages."""
        count = FOLDS_LARGE if len(self) > LARGE else FOLDS
        return customer_folds(self.groups, count, SEED)


@dataclass
class Fitted:
    """Learners fitted to everything with how they are combined; `raws` (n, classes) of each: what its twins said
    about the messages they had not seen; `unseen` (n, classes): the same as calibrated log-chances, where the
    calibration had not seen the message either."""

    learners: list[Learner]
    combined: Combined
    raws: list[np.ndarray]
    unseen: np.ndarray
    settings: dict[str, Any] = field(default_factory=dict)

    def logits(self, corpus: Corpus) -> np.ndarray:
        return self.combined.logits([one.raw(corpus) for one in self.learners])

    def losses(self, y: np.ndarray) -> np.ndarray:
        """(n,) log loss of each training message, unseen: what candidates are chosen by."""
        return log_losses(y, self.unseen)


def log_losses(y: np.ndarray, logits: np.ndarray) -> np.ndarray:
    return -np.maximum(log_softmax(logits, axis=1)[np.arange(len(y)), y], np.log(1e-7))


def fit_calibrated(build: Callable[..., Learner], board: Board) -> Fitted:
    """The learner on all messages, calibrated by what its twins said about those they had not seen."""
    settings = _tuned(build, board)
    build = partial(build, **settings)
    raw = _unseen(build, board, board.folds())
    learner, _ = board.learnt(build())
    return joined([learner], [raw], board, settings)


def joined(
    learners: list[Learner], raws: list[np.ndarray], board: Board, settings: dict[str, Any]
) -> Fitted:
    """Fitted learners as one; the combination is cross-fitted too."""
    unseen = np.zeros_like(raws[0], dtype=float)
    for fold in board.folds():
        rest = Combined.fit([raw[~fold] for raw in raws], board.y[~fold])
        unseen[fold] = rest.logits([raw[fold] for raw in raws])
    return Fitted(learners, Combined.fit(raws, board.y), raws, unseen, settings)


def blended(members: Sequence[Fitted], board: Board) -> Fitted:
    """Several at once (Wolpert 1992): the sum of what they say, weighed by what their twins said unseen."""
    learners = [one for fitted in members for one in fitted.learners]
    made = joined(learners, [raw for fitted in members for raw in fitted.raws], board, {})
    heard = made.combined.weights > 0
    if heard.all():
        return made
    kept = [place for place in range(len(learners)) if heard[place]]
    raws = [made.raws[place] for place in kept]
    return joined([learners[place] for place in kept], raws, board, {})


def _unseen(build: Callable[[], Learner], board: Board, folds: Sequence[np.ndarray]) -> np.ndarray:
    """(n, classes) raw scores, each message's from a twin that had not seen its customer; a class that a twin has
    not met at all is to it as unlikely as the least likely one."""
    raw = np.zeros((len(board), board.classes))
    for fold in folds:
        if not fold.any():
            continue
        twin, met = board.rows(~fold).learnt(build())
        said = twin.raw(board.corpus.rows(fold))
        if said.shape[1] < board.classes:
            part = np.repeat(said.min(axis=1, keepdims=True), board.classes, axis=1)
            part[:, met] = said
            said = part
        raw[fold] = said
    return raw


def _tuned(build: Callable[..., Learner], board: Board) -> dict[str, Any]:
    """Which of the learner's `choices` a twin does best with on one fold it had not seen.

    The first stays unless another is better by more than one standard error of the difference.
    """
    choices: tuple[dict[str, Any], ...] = getattr(build, "choices", ({},))
    fold = board.folds()[0]
    if len(choices) < 2 or len(np.unique(board.y[~fold])) < 2:
        return dict(choices[0])
    rows = np.random.default_rng(SEED).permutation(len(board))[:MOST_ROWS_TUNING]
    tried, fold = board.rows(np.sort(rows)), fold[np.sort(rows)]
    losses = []
    for settings in choices:
        raw = _unseen(partial(build, **settings), tried, [fold])[fold]
        logits = Combined.fit([raw], tried.y[fold]).logits([raw])
        losses.append(log_losses(tried.y[fold], logits))
        # The usual strength, less, more: where less is better, more is not.
        if len(losses) == 2 and losses[1].mean() < losses[0].mean():
            break
    best = int(np.argmin([loss.mean() for loss in losses]))
    gain, error = paired_gain(losses[0], losses[best])
    return dict(choices[best] if gain > error else choices[0])
