"""How far the training of a network over stories has come; where it was cut off it goes on after its last epoch."""

from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from insights.ml.checkpoints import Checkpoint

# What is learnt from the same lesson depends on these; another release begins anew.
WRITTEN_IN = ("story_course.py", "story_network.py", "story_training.py")
LIBRARIES = ("keras", "tensorflow")


class Course:
    """epoch: passes gone through; best: the weights that did best on later data, with the loss `least`; waited: epochs
    since; ended: there is nothing left to learn.

    The state of a network is its weights, what its optimizer remembers of the slopes, and where its chance has come to.
    """

    def __init__(self, network: Any, optimizer: Any, checkpoint: Checkpoint):
        self.network, self.checkpoint = network, checkpoint
        self.variables = [*network.variables, *optimizer.variables]
        self.epoch, self.waited, self.least, self.ended = 0, 0, np.inf, False
        self.best = network.get_weights()
        saved = checkpoint.load()
        if saved is not None:
            self._go_on(saved)

    def judged(self, loss: float, better: float) -> None:
        """An epoch is over. loss: on later data; better: by how much less it has to be to count."""
        self.epoch += 1
        if loss < self.least - better:
            self.best, self.least, self.waited = self.network.get_weights(), loss, 0
        else:
            self.waited += 1
        self._save()

    def end(self) -> None:
        self.ended = True
        self._save()

    def _save(self) -> None:
        if self.checkpoint.path is None:
            return
        told = {
            name: np.array(getattr(self, name)) for name in ("epoch", "waited", "least", "ended")
        }
        told |= {f"best_{i}": one for i, one in enumerate(self.best)}
        told |= {f"now_{i}": np.asarray(one) for i, one in enumerate(self.variables)}
        self.checkpoint.save(told)

    def _go_on(self, saved: dict[str, np.ndarray]) -> None:
        self.epoch, self.waited = int(saved["epoch"]), int(saved["waited"])
        self.least, self.ended = float(saved["least"]), bool(saved["ended"])
        self.best = [saved[f"best_{i}"] for i in range(len(self.best))]
        for i, one in enumerate(self.variables):
            one.assign(saved[f"now_{i}"])


def checkpoint_of(lessons: list[np.ndarray], settings: tuple[int, ...]) -> Checkpoint:
    """Of the network that these arrays and settings teach."""
    sources = [(Path(__file__).parent / name).read_bytes() for name in WRITTEN_IN]
    libraries = [version(name).encode() for name in LIBRARIES]
    return Checkpoint.of(*lessons, np.array(settings), *sources, *libraries)
