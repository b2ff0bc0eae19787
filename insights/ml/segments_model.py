"""What a training of segments leaves behind: thresholds, behaviour groups, and where both come from."""

from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np

from insights.ml.clusters import Clusters
from insights.ml.likeness import Likeness
from insights.ml.segments_rfm import Rfm

KIND = "segments"
# How the arrays of each part are told apart in one file.
PREFIXES = {"clusters": "", "clusters_before": "before_", "likeness": "alike_"}


@dataclass(frozen=True)
class SegmentsModel:
    """Thresholds of the bands, and the centres of the behaviour groups where these are stable.

    ``clusters_before``: the last groups that were published before these; a training after one that found none
    goes on with their numbers. ``thresholds_as_of``: when the thresholds were learnt (ISO; empty where not
    known); ``terms``: the horizon and the currency they are for.
    """

    kind: ClassVar[str] = KIND

    rfm: Rfm
    clusters: Clusters | None
    clusters_before: Clusters | None = None
    likeness: Likeness | None = None
    thresholds_as_of: str = ""
    terms: dict[str, Any] = field(default_factory=dict)

    @property
    def known_clusters(self) -> Clusters | None:
        """The groups that people have seen last."""
        return self.clusters or self.clusters_before

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        meta: dict[str, Any] = {"thresholds_as_of": self.thresholds_as_of, "terms": self.terms}
        arrays = self.rfm.arrays()
        for name, prefix in PREFIXES.items():
            part = getattr(self, name)
            meta[name], parts = (None, {}) if part is None else part.state()
            arrays |= {f"{prefix}{one}": values for one, values in parts.items()}
        return meta, arrays

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> Self:
        # What models of earlier releases do not say is not known.
        alike = meta.get("likeness")
        return cls(
            Rfm.from_arrays(arrays),
            _clusters(meta["clusters"], arrays),
            _clusters(meta.get("clusters_before"), _under("before_", arrays)),
            None if alike is None else Likeness.from_state(alike, _under("alike_", arrays)),
            meta.get("thresholds_as_of", ""),
            meta.get("terms", {}),
        )


def _under(prefix: str, arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    found = {name: values for name, values in arrays.items() if name.startswith(prefix)}
    return {name.removeprefix(prefix): values for name, values in found.items()}


def _clusters(meta: dict[str, Any] | None, arrays: dict[str, np.ndarray]) -> Clusters | None:
    return None if meta is None else Clusters.from_state(meta, arrays)
