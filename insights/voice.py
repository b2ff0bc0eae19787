"""What customers say, for the page: stored sums of the days and teams one may see, and the messages behind them."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from customers import han
from customers.countries import country_name
from customers.models import Interaction, MessageReading, Product, Team, concern_word
from customers.models.readings import about_product
from insights.models import VoiceDay
from insights.movements import Span
from insights.voice_days import figures, told

FIGURES = (
    "messages",
    "negative",
    "neutral",
    "positive",
    "sentiment_sum",
    "answered",
    "answer_hours",
)
SIDES = ("channel", "intent", "product", "country", "team")
# What no stored sum knows of.
FINER = ("language", "aspect", "topic", "urgent", "unanswered", "assigned", "q")
SHOWN = 12  # values of a side, the ones most is said about


@dataclass
class Amounts:
    messages: int = 0
    negative: int = 0
    neutral: int = 0
    positive: int = 0
    sentiment_sum: float = 0.0
    answered: int = 0
    answer_hours: float = 0.0

    def add(self, more: "Amounts") -> None:
        for name in FIGURES:
            setattr(self, name, getattr(self, name) + getattr(more, name))

    @property
    def negative_share(self) -> float | None:
        return self.negative / self.messages if self.messages else None

    @property
    def response(self) -> datetime.timedelta | None:
        """From a message to its answer, on average over those that were answered."""
        if not self.answered:
            return None
        return datetime.timedelta(hours=self.answer_hours / self.answered)


@dataclass
class Side:
    """One channel, product, country, concern or team: its sums, and its share of negative ones before."""

    value: str
    words: str
    amounts: Amounts = field(default_factory=Amounts)


def side_of(wanted: dict) -> str:
    """The side by which the page is narrowed, "all" where by none."""
    return next((name for name in SIDES if wanted.get(name)), "all")


def is_stored(wanted: dict) -> bool:
    """Whether the stored sums hold what is wanted: of one side at the most, and nothing finer."""
    finer = any(wanted.get(name) not in (None, "", False) for name in FINER)
    return not finer and sum(bool(wanted.get(name)) for name in SIDES) <= 1


def stored(user, span: Span, by: str, value: str = "") -> QuerySet:
    rows = VoiceDay.objects.visible_to(user).filter(day__gte=span.first, day__lte=span.last)
    if by == "team":
        rows = rows.filter(by=VoiceDay.By.ALL)
        return rows.filter(team=value) if value else rows
    rows = rows.filter(by=by)
    return rows.filter(value=value) if value else rows


def by_day(user, span: Span, by: str = "all", value: str = "") -> dict[datetime.date, Amounts]:
    """Sums of each day, of one value of a side or of all."""
    by = by if value else VoiceDay.By.ALL
    rows = stored(user, span, by, value).values("day").annotate(**_sums())
    return {row["day"]: Amounts(*(row[f"{name}_"] for name in FIGURES)) for row in rows}


def counted_by_day(user, wanted: dict) -> dict[datetime.date, Amounts]:
    """The same of whatever is wanted, whichever way it felt: counted over the messages themselves."""
    rows = messages_of(user, wanted | {"label": ""}).select_related(None).order_by()
    days = rows.values(at=TruncDate("occurred_at", tzinfo=datetime.UTC)).annotate(**figures())
    return {row["at"]: Amounts(**told(row)) for row in days}


def by_side(user, span: Span, by: str) -> list[Side]:
    """The values of a side, the ones most is said about first."""
    column = "team" if by == "team" else "value"
    rows = stored(user, span, by).values(column).annotate(**_sums()).order_by("-messages_", column)
    found = [
        Side(str(row[column] or ""), "", Amounts(*(row[f"{name}_"] for name in FIGURES)))
        for row in rows[:SHOWN]
    ]
    return list(named(by, [one for one in found if one.value]))


def summed(rows: QuerySet, column: str) -> dict[str, Amounts]:
    """The sums of stored rows by one of their columns."""
    found = rows.order_by().values(column).annotate(**_sums())
    return {
        str(row[column] or ""): Amounts(*(row[f"{name}_"] for name in FIGURES)) for row in found
    }


def _sums() -> dict[str, Sum]:
    return {f"{name}_": Sum(name) for name in FIGURES}


def named(by: str, sides: list[Side]) -> Iterator[Side]:
    """In the reader's words; a product or team that is gone is left out."""
    names: dict[str, str] = {}
    if by in ("product", "team"):
        model = Product if by == "product" else Team
        rows = model.objects.filter(pk__in=[one.value for one in sides]).values_list("pk", "name")
        names = {str(pk): name for pk, name in rows}
    for one in sides:
        match by:
            case "product" | "team":
                one.words = names.get(one.value, "")
            case "channel":
                one.words = str(Interaction.Channel(one.value).label)
            case "intent":
                one.words = concern_word(one.value)
            case "country":
                one.words = country_name(one.value)
            case _:
                one.words = one.value
        if one.words:
            yield one


def messages_of(user, wanted: dict) -> QuerySet:
    """Customers' messages that fit, with what was read; ``wanted`` is the page's cleaned form."""
    rows = MessageReading.objects.visible_to(user).shown().exclude(label="")
    rows = rows.filter(occurred_at__isnull=False)
    for name, condition in CONDITIONS.items():
        if (value := wanted.get(name)) not in (None, "", False):
            rows = rows.filter(condition(value))
    if wanted.get("assigned") == "me":
        rows = rows.filter(interaction__assignment__assignee=user)
    elif wanted.get("assigned") == "nobody":
        rows = rows.filter(interaction__assignment__assignee=None)
    return rows.select_related(*(f"interaction__{name}" for name in BESIDE))


# What is shown beside a message.
BESIDE = ("customer", "product", "order", "assignment__assignee", "assignment__by")


def _start(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), datetime.UTC)


def all_words(text: str) -> Q:
    """Each of the words stands in the message, wherever, in either Chinese script."""
    condition = Q()
    for word in text.split():
        condition &= han.names(word, "interaction__text", "interaction__subject")
    return condition


CONDITIONS = {
    "since": lambda day: Q(occurred_at__gte=_start(day)),
    "until": lambda day: Q(occurred_at__lt=_start(day) + datetime.timedelta(days=1)),
    "label": lambda label: Q(label=label),
    "intent": lambda code: Q(intent=code),
    "language": lambda code: Q(language=code),
    "channel": lambda channel: Q(interaction__channel=channel),
    "product": about_product,
    "country": lambda code: Q(customer__country=code),
    "team": lambda pk: Q(customer__team=pk),
    "aspect": lambda code: Q(details__aspects__icontains=f'"{code}"'),
    "topic": lambda number: Q(about__topic__number=number),
    "urgent": lambda _yes: Q(urgency__gte=2),
    "unanswered": lambda _yes: Q(answered_at=None),
    "q": lambda text: all_words(text),
}
