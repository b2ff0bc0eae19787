"""What came of those who spoke of a topic, as one reader may see it: the teams' stored sums, put together."""

from dataclasses import dataclass
from math import sqrt

from insights.models import Topic

FEWEST = 20  # customers with the topic, for whom others alike are found


@dataclass(frozen=True)
class Outcome:
    """A mean of those who spoke of it, that of others alike, and the 95 % interval of the difference."""

    mine: float
    others: float
    low: float
    high: float

    @property
    def difference(self) -> float:
        return self.mine - self.others

    @property
    def is_clear(self) -> bool:
        return self.low > 0 or self.high < 0

    @property
    def in_points(self) -> "Outcome":
        return Outcome(100 * self.mine, 100 * self.others, 100 * self.low, 100 * self.high)


@dataclass(frozen=True)
class Outcomes:
    """``left``: the share who did not order in the ``days`` after; ``spent``: in them, by each, in base currency."""

    customers: int
    days: int
    left: Outcome
    spent: Outcome


def outcomes_of(user, topics: list[Topic]) -> dict[int, Outcomes]:
    """By topic, where enough customers of the teams that the reader sees spoke of it; sales staff see no sums."""
    if not (user.is_admin or user.is_manager):
        return {}
    teams = None if user.is_admin else set(user.teams.values_list("pk", flat=True))
    found = {}
    for topic in topics:
        parts = [
            part
            for part in (topic.effect or {}).get("parts", ())
            if teams is None or part["team"] in teams or is_nobodys(part)
        ]
        customers = sum(part["customers"] for part in parts)
        if customers >= FEWEST:
            left, spent = (together(parts, name, customers) for name in ("left", "spent"))
            found[topic.pk] = Outcomes(customers, topic.effect["days"], left, spent)
    return found


def is_nobodys(part: dict) -> bool:
    """As PerTeamQuerySet has it: managers see the customers who are nobody's, too."""
    return part["team"] is None and not part["owned"]


def together(parts: list[dict], name: str, customers: int) -> Outcome:
    mine, others, variance = (sum(part[name][at] for part in parts) for at in range(3))
    difference, error = (mine - others) / customers, sqrt(variance) / customers
    return Outcome(
        mine / customers, others / customers,
        difference - 1.96 * error, difference + 1.96 * error,
    )  # fmt: skip
