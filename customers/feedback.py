"""What customers were unhappy about of late, for the person who reads: what is theirs to answer, and what waits."""

import datetime
import hashlib
from dataclasses import dataclass, field

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models import MessageReading

SHOWN, MINE_SHOWN = 6, 20
LATELY = datetime.timedelta(days=30)
MOST_COUNTED = 1_000  # the newest; what is said of more is said of these
ALL, TEAM, MINE = "all", "team", "mine"
WHOSE = {ALL: _("All"), TEAM: _("My team"), MINE: _("Mine")}


@dataclass
class Feedback:
    """``mine``: messages assigned to the reader that wait, whatever they say and however old. ``rest``: negative
    ones, those that wait first. ``waiting`` of the newest negative ones, ``usual``: mean time to the answers there
    were; ``capped``: there are more than were counted."""

    whose: str = ALL
    mine: list[MessageReading] = field(default_factory=list)
    rest: list[MessageReading] = field(default_factory=list)
    waiting: int = 0
    answered: int = 0
    usual: datetime.timedelta | None = None
    capped: bool = False

    @property
    def readings(self) -> list[MessageReading]:
        return [*self.mine, *self.rest]

    @property
    def stamp(self) -> str:
        text = "|".join(
            f"{one.pk} {one.changed_at} {one.answered_at} {assigned_at(one)}"
            for one in self.readings
        )
        return hashlib.sha256(text.encode()).hexdigest()[:20]


def assigned_at(one: MessageReading) -> datetime.datetime | None:
    row = getattr(one.interaction, "assignment", None)
    return row and row.at


def whose_of(text: str | None) -> str:
    """What an address asks for; everything where it says nothing that is known."""
    return text if text in WHOSE else ALL


def feedback_for(user, whose: str = ALL) -> Feedback:
    readings = MessageReading.objects.visible_to(user).shown()
    assigned = readings.filter(interaction__assignment__assignee=user)
    mine = told(assigned.filter(inbound=True, answered_at=None))[:MINE_SHOWN]
    found = Feedback(whose, mine=list(mine))
    negative = narrowed(readings.negative(), user, whose)
    negative = negative.filter(occurred_at__gte=timezone.now() - LATELY)
    others = told(negative.exclude(pk__in=[one.pk for one in found.mine]))
    found.rest = list(others.filter(answered_at=None)[:SHOWN])
    answered = list(others.exclude(answered_at=None)[:SHOWN])
    found.rest += answered[: SHOWN - len(found.rest)]
    return found


def narrowed(readings, user, whose: str):
    """Mine: assigned to me, or of my own customers and assigned to nobody. My team's: of the teams I am in."""
    if whose == MINE:
        nobody = Q(interaction__assignment=None) | Q(interaction__assignment__assignee=None)
        return readings.filter(
            Q(interaction__assignment__assignee=user) | nobody & Q(customer__owner=user)
        )
    return readings.filter(customer__team__in=user.teams.all()) if whose == TEAM else readings


def never_answered(user, whose: str) -> dict[str, str | list[int]]:
    """What the list of messages is asked for, so that it shows those that wait however old they are."""
    query: dict[str, str | list[int]] = {"feeling": "negative", "unanswered": "yes"}
    if whose == MINE:
        query["owner"] = "me"
    elif whose == TEAM:
        query["team"] = list(user.teams.order_by("pk").values_list("pk", flat=True))
    return query


def told(readings):
    return readings.select_related(
        "interaction__customer__score", "interaction__customer__totals", "interaction__product",
        "interaction__assignment__assignee", "interaction__assignment__by",
    ).order_by("-occurred_at", "-pk")  # fmt: skip


def count_feedback(user, found: Feedback) -> None:
    """How many wait, and how long answers took: of the newest, so that it costs the same in every company."""
    readings = MessageReading.objects.visible_to(user).shown().negative()
    readings = narrowed(readings, user, found.whose)
    readings = readings.filter(occurred_at__gte=timezone.now() - LATELY)
    newest = readings.order_by("-occurred_at", "-pk").values("occurred_at", "answered_at")
    took = ExpressionWrapper(F("answered_at") - F("occurred_at"), DurationField())
    in_time = Q(answered_at__lte=F("occurred_at") + MessageReading.ANSWERED_WITHIN)
    sums = newest[:MOST_COUNTED].aggregate(
        n=Count("*"),
        waiting=Count("occurred_at", filter=Q(answered_at=None)),
        answered=Count("occurred_at", filter=in_time),
        took=Avg(took, filter=in_time),
    )
    found.waiting, found.answered = sums["waiting"], sums["answered"]
    found.usual, found.capped = sums["took"], sums["n"] >= MOST_COUNTED
