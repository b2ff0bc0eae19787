"""Gradient boosting by LightGBM, where a company has installed it; scored without it, from the same node arrays."""

from functools import cache
from typing import Any

import numpy as np

from insights.ml.learners.boosting import Boosting, averaged, rounds, smallest_leaf
from insights.ml.learners.trees import Trees

SETTINGS: dict[str, Any] = {
    "objective": "binary",
    "learning_rate": 0.05,
    "lambda_l2": 5.0,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "path_smooth": 20.0,
    "max_bin": 63,
}
# The same on every machine, and no threads that wait for each other on a busy one.
REPEATABLE: dict[str, Any] = {
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbosity": -1,
}


@cache
def installed() -> bool:
    """Whether the library, and the system's OpenMP that it needs, are there."""
    try:
        import lightgbm  # noqa: F401
    except (ImportError, OSError):
        return False
    return True


class LightGbm(Boosting):
    """Ke et al. (2017). Beside what scikit-learn's boosting does, every tree is grown on other rows, and small leaves
    are held near what their parents say."""

    name = "lightgbm"

    def _train(self, design: np.ndarray, y: np.ndarray) -> Any:
        import lightgbm

        own = {
            "num_leaves": self.leaves,
            "min_data_in_leaf": smallest_leaf(len(y)),
            "seed": self.random_state,
        }
        params = SETTINGS | REPEATABLE | own
        rows = lightgbm.Dataset(design, y, params=params, free_raw_data=True)
        return lightgbm.train(params, rows, rounds(len(y)))

    def _take(self, model: Any) -> None:
        """The first tree holds the share who left, so nothing is added to the sum."""
        self.offset_ = 0.0
        told = model.dump_model()["tree_info"]
        self.trees_ = Trees.joined([_arrays(one["tree_structure"]) for one in told])


def _arrays(tree: dict[str, Any]) -> dict[str, np.ndarray]:
    """One tree of the library, nested in its own words, as arrays of our own; a parent stands before its children."""
    nodes = [tree]
    left: list[int] = []
    right: list[int] = []
    for node in nodes:  # grows while it is walked
        for side, name in ((left, "left_child"), (right, "right_child")):
            side.append(len(nodes) if name in node else 0)
            if name in node:
                nodes.append(node[name])
    # A tree that found nothing to split on is a leaf, without a count.
    count = [one.get("internal_count", one.get("leaf_count", 1)) for one in nodes]
    arrays = {
        "feature": np.array([one.get("split_feature", -1) for one in nodes]),
        "threshold": np.array([one.get("threshold", 0.0) for one in nodes]),
        "left": np.array(left),
        "right": np.array(right),
        "value": np.array([one.get("leaf_value", 0.0) for one in nodes]),
    }
    return averaged(arrays, np.array(count, float))
