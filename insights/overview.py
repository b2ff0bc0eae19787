"""What the segments amount to for one reader: stored sums per team, added up over the teams they may see."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db.models import Sum

from insights.models import FullScoring, ModelVersion, SegmentTotals


@dataclass
class Amounts:
    """What a segment, a cell or everybody together amounts to."""

    customers: int = 0
    value: Decimal = Decimal(0)
    value_at_risk: Decimal = Decimal(0)
    risk_sum: float = 0.0
    risk_customers: int = 0

    def add(self, row: dict) -> None:
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + row[name])

    @property
    def average_risk(self) -> float | None:
        return self.risk_sum / self.risk_customers if self.risk_customers else None

    @property
    def share_at_risk(self) -> float:
        return float(self.value_at_risk / self.value) if self.value > 0 else 0.0


@dataclass
class Overview:
    everyone: Amounts = field(default_factory=Amounts)
    segments: dict[str, Amounts] = field(default_factory=lambda: defaultdict(Amounts))
    cells: dict[tuple[int, int], int] = field(default_factory=lambda: defaultdict(int))
    groups: dict[int, int] = field(default_factory=lambda: defaultdict(int))


def overview_for(user) -> Overview:
    """One query over a few hundred stored rows; nothing is added up over customers."""
    overview = Overview()
    sums = {
        name: Sum(name)
        for name in ("customers", "value", "value_at_risk", "risk_sum", "risk_customers")
    }
    rows = SegmentTotals.objects.visible_to(user).values(
        "segment", "recency_band", "frequency_band", "cluster"
    )
    for row in rows.annotate(**sums):
        overview.everyone.add(row)
        overview.segments[row["segment"]].add(row)
        overview.cells[row["recency_band"], row["frequency_band"]] += row["customers"]
        if row["cluster"] is not None:
            overview.groups[row["cluster"]] += row["customers"]
    return overview


def scored_at(champion: ModelVersion | None) -> datetime | None:
    """When everybody was last given a segment: by the nightly scoring, or by the publishing since."""
    served = FullScoring.objects.values_list("served_at", flat=True).first()
    return max(filter(None, [served, champion and champion.published_at]), default=None)
