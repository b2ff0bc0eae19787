"""What a training of segments leaves behind: thresholds, behaviour groups, and where both come from."""

from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np

from insights.ml.clusters import Clusters
from insights.ml.segments_rfm import Rfm

KIND = "segments"


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
    thresholds_as_of: str = ""
    terms: dict[str, Any] = field(default_factory=dict)

    @property
    def known_clusters(self) -> Clusters | None:
        """The groups that people have seen last."""
        return self.clusters or self.clusters_before

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        meta: dict[str, Any] = {"thresholds_as_of": self.thresholds_as_of, "terms": self.terms}
        arrays = self.rfm.arrays()
        for name, prefix in (("clusters", ""), ("clusters_before", "before_")):
            clusters = getattr(self, name)
            meta[name], parts = (None, {}) if clusters is None else clusters.state()
            arrays |= {f"{prefix}{part}": values for part, values in parts.items()}
        return meta, arrays

    @classmethod
    def from_state(cls, meta: dict[str, Any], arrays: dict[str, np.ndarray]) -> Self:
        # What models of earlier releases do not say is not known.
        before = {
            name.removeprefix("before_"): values
            for name, values in arrays.items()
            if name.startswith("before_")
        }
        return cls(
            Rfm.from_arrays(arrays),
            _clusters(meta["clusters"], arrays),
            _clusters(meta.get("clusters_before"), before),
            meta.get("thresholds_as_of", ""),
            meta.get("terms", {}),
        )


def _clusters(meta: dict[str, Any] | None, arrays: dict[str, np.ndarray]) -> Clusters | None:
    return None if meta is None else Clusters.from_state(meta, arrays)
