"""What customers can be filtered by: each field once, for the database, the page, the sentence and the address."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from customers.access import NOTHING
from customers.filtering import operators as ops
from customers.filtering import options
from customers.filtering.operators import Asking, Operator
from customers.filtering.sources import (
    Attribute,
    Bought,
    Column,
    FirstMonth,
    Followed,
    HandedOver,
    OfReader,
    OrderMonths,
    Organisation,
    Overdue,
    Related,
    Subject,
    Tags,
    WorstFeeling,
)
from customers.filtering.tree import Condition
from customers.models import (
    CustomAttribute,
    Customer,
    CustomerSubject,
    Interaction,
    MessageReading,
    Order,
    Segment,
    Sentiment,
    Task,
)

DETAILS, OWN, SCORES, ORDERS, CONTACT, VOICE = (
    _("Details"), _("Own fields"), _("What to expect"), _("Orders"), _("Conversations and tasks"),
    _("What customers say"),
)  # fmt: skip
PLAIN, PERCENT, POINTS, MONEY, IN_DAYS = "", "percent", "points", "money", "days"


def _start(day: datetime.date, asking: Asking) -> datetime.datetime:
    return asking.midnight(day)


def _same(day: datetime.date, asking: Asking) -> datetime.date:
    return day


def _iso(day: datetime.date, asking: Asking) -> str:
    return day.isoformat()


@dataclass(frozen=True)
class Field:
    """``value`` makes of a number or code what the source holds. ``choices`` names who knows what can be chosen."""

    key: str
    label: str
    group: str
    operators: tuple[Operator, ...]
    source: object
    value: Callable[[str], object] = str
    unit: str = PLAIN
    whole: bool = False  # numbers without a fraction
    choices: Callable | None = None
    closed: bool = False  # what is none of the choices does not exist, and is no choice of others
    people: bool = False  # whoever reads is among the choices, as "me"
    said: str = (
        ""  # in a sentence, where it holds a length of time: "Money spent in the last %(days)s"
    )
    things: Any = None  # what it counts, by ``count``: "%(n)s orders in the last %(days)s"

    def operator(self, name: str) -> Operator | None:
        return next((one for one in self.operators if one.name == name), None)


def _percent(text: str) -> float:
    return float(Decimal(text) / 100)


def _text(key: str, label, path: str = "") -> Field:
    return Field(key, label, DETAILS, ops.TEXTS, Column(path or key, text=True))


def _number(key, label, group, path, value=float, **more) -> Field:
    return Field(key, label, group, ops.NUMBERS, Column(path), value, **more)


def _moment(key, label, group, path) -> Field:
    return Field(key, label, group, ops.DATES, ops.Dated(Column(path), _start))


def _day(key, label, group, path) -> Field:
    return Field(key, label, group, ops.DATES, ops.Dated(Column(path), _same))


def _chosen(key, label, group, path, choices, value: Callable = str, text=True, **more) -> Field:
    more.setdefault("operators", ops.CHOOSING)
    return Field(key, label, group, source=Column(path, text), choices=choices, value=value, **more)


def _month(text: str) -> datetime.date:
    return datetime.date.fromisoformat(f"{text}-01")


def _months(key, label, source) -> Field:
    return Field(
        key, label, ORDERS, ops.CHOOSING, source, _month, choices=options.months, closed=True
    )


def _yes_or_no(key, label, group, source) -> Field:
    return Field(key, label, group, ops.YES_OR_NO, source)


def _count(key, label, things, group, rows) -> Field:
    return Field(key, label, group, ops.COUNTS, Related(rows), int, whole=True, things=things)


def _since(key, label, things, group, rows) -> Field:
    return Field(key, label, group, ops.COUNTS_SINCE, Related(rows), int, whole=True, things=things)


def _subject(key, label, source, choices, **more) -> Field:
    return Field(key, label, VOICE, ops.ABOUT, source, choices=choices, **more)


@dataclass(frozen=True)
class IsArchived:
    def holds(self, lookup: str, value) -> Q:
        return Q(archived_at__isnull=False)

    def missing(self) -> Q:
        return NOTHING


def _sales():
    return Order.objects.filter(kind=Order.Kind.SALE)


def _returns():
    return Order.objects.filter(kind=Order.Kind.RETURN)


def _waiting_complaints():
    return Interaction.objects.filter(
        channel=Interaction.Channel.COMPLAINT, reading__inbound=True, reading__answered_at=None
    )


def _messages():
    return MessageReading.objects.filter(inbound=True)


def _contacts():
    talked = (Interaction.Channel.CALL, Interaction.Channel.MEETING)
    return Interaction.objects.filter(direction=Interaction.Direction.OUT) | (
        Interaction.objects.filter(channel__in=talked)
    )


BANDS = tuple((str(n), str(n)) for n in range(1, 6))


def _bands(fields) -> list:
    return list(BANDS)


def _of(choices) -> Callable:
    return lambda fields: [(value, label) for value, label in choices]


DETAIL_FIELDS = (
    _text("name", _("Name")),
    _text("company", _("Company")),
    _text("email", pgettext_lazy("of a person", "E-mail")),
    _text("phone", _("Phone")),
    _text("city", _("City")),
    _chosen("country", _("Country"), DETAILS, "country", options.countries),
    _text("language", _("Language")),
    _chosen("kind", _("Kind"), DETAILS, "kind", _of(Customer.Kind.choices), operators=ops.ALWAYS_CHOOSING, closed=True),
    _chosen("lifecycle", _("Lifecycle"), DETAILS, "lifecycle", _of(Customer.Lifecycle.choices),
            operators=ops.ALWAYS_CHOOSING, closed=True),
    _chosen("owner", _("Owner"), DETAILS, "owner", options.people, int, text=False, people=True),
    _chosen("team", _("Team"), DETAILS, "team", options.teams, int, text=False),
    Field("parent", pgettext_lazy("that a customer belongs to", "Organisation"), DETAILS, ops.TEXTS,
          OfReader(Organisation)),
    _yes_or_no("followed", _("Followed by me"), DETAILS, OfReader(Followed)),
    Field("given", _("Handed over to me"), DETAILS, ops.ABOUT, HandedOver("customer", "owner_id"), int,
          choices=options.handed_over("given")),
    Field("tag", _("Tags"), DETAILS, ops.TAGGED, Tags(), int, choices=options.tags, closed=True),
    _moment("known_since", _("Customer since"), DETAILS, "known_since"),
    _moment("updated", _("Last changed"), DETAILS, "updated_at"),
    _yes_or_no("refused", _("Profiling refused"), DETAILS, Column("profiling_refused")),
    _yes_or_no("archived", _("Archived"), DETAILS, IsArchived()),
)  # fmt: skip
SCORE_FIELDS = (
    _number("risk", _("Churn risk"), SCORES, "score__churn_risk", _percent, unit=PERCENT),
    Field("risk_change", _("Change of the churn risk in 30 days"), SCORES, ops.MOVING, Column("score__churn_change"),
          _percent, unit=POINTS),
    _chosen("reason", _("Main reason of the risk"), SCORES, "score__churn_reason", options.reasons),
    _chosen("segment", _("Segment"), SCORES, "score__segment", _of(Segment.choices), closed=True),
    _chosen("segment_before", _("Segment before"), SCORES, "score__segment_before", _of(Segment.choices), closed=True),
    _moment("segment_since", _("In this segment since"), SCORES, "score__segment_since"),
    _number("expected", _("Value of the next 12 months"), SCORES, "score__expected_value", unit=MONEY),
    _number("spend_90", _("Spend in the next 90 days"), SCORES, "outlook__spend_90", unit=MONEY),
    _number("within_30", _("Chance of an order within 30 days"), SCORES, "outlook__within_30", _percent, unit=PERCENT),
    _number("stays", _("Chance to stay 12 months"), SCORES, "outlook__stays_365", _percent, unit=PERCENT),
    _day("next_order", _("Next order expected"), SCORES, "outlook__next_on"),
    _chosen("recency", _("Recency band"), SCORES, "score__recency_band", _bands, int, text=False, closed=True),
    _chosen("frequency", _("Frequency band"), SCORES, "score__frequency_band", _bands, int, text=False, closed=True),
    _chosen("monetary", _("Monetary band"), SCORES, "score__monetary_band", _bands, int, text=False, closed=True),
    _chosen("group", _("Behaviour group"), SCORES, "score__cluster", options.groups, int, text=False),
)  # fmt: skip
ORDER_FIELDS = (
    _number("value", _("Value so far"), ORDERS, "totals__value", Decimal, unit=MONEY),
    _number("orders", _("Orders so far"), ORDERS, "totals__orders", int, whole=True),
    _number("returns", _("Returns so far"), ORDERS, "totals__returns", int, whole=True),
    _moment("first_order", _("First order"), ORDERS, "totals__first_order_at"),
    _moment("last_order", _("Last order"), ORDERS, "totals__last_order_at"),
    _months("first_month", _("Month of the first order"), FirstMonth()),
    _months("order_month", _("Ordered in the month"), OrderMonths()),
    _number("usual_gap", _("Usual gap between orders"), ORDERS, "totals__usual_gap_days", unit=IN_DAYS),
    Field("overdue", _("Order overdue by"), ORDERS, ops.NUMBERS, Overdue(), int, unit=IN_DAYS, whole=True),
    _since("orders_in", _("Orders in the last … days"),
           ngettext_lazy("%(n)s order in the last %(days)s", "%(n)s orders in the last %(days)s", "count"),
           ORDERS, _sales),
    Field("spent_in", _("Money spent in the last … days"), ORDERS, ops.COUNTS_SINCE,
          Related(Order.objects.all, "base_amount"), Decimal, unit=MONEY,
          said=_("Money spent in the last %(days)s")),
    _since("returns_in", _("Returns in the last … days"),
           ngettext_lazy("%(n)s return in the last %(days)s", "%(n)s returns in the last %(days)s", "count"),
           ORDERS, _returns),
)  # fmt: skip
CONTACT_FIELDS = (
    _count("open_tasks", _("Open tasks"), ngettext_lazy("%(n)s open task", "%(n)s open tasks", "count"),
           CONTACT, lambda: Task.objects.open()),
    _count("complaints", _("Unanswered complaints"),
           ngettext_lazy("%(n)s unanswered complaint", "%(n)s unanswered complaints", "count"),
           CONTACT, _waiting_complaints),
    _since("messages_in", _("Messages in the last … days"),
           ngettext_lazy("%(n)s message in the last %(days)s", "%(n)s messages in the last %(days)s", "count"),
           CONTACT, _messages),
    _since("negative_in", _("Negative messages in the last … days"),
           ngettext_lazy("%(n)s negative message in the last %(days)s",
                         "%(n)s negative messages in the last %(days)s", "count"),
           CONTACT, lambda: _messages().filter(label="negative")),
    _since("contacts_in", _("Our contacts in the last … days"),
           ngettext_lazy("%(n)s contact of ours in the last %(days)s",
                         "%(n)s contacts of ours in the last %(days)s", "count"),
           CONTACT, _contacts),
)  # fmt: skip
KINDS = CustomerSubject.Kind
VOICE_FIELDS = (
    _chosen("feeling", _("Feeling of the latest message"), VOICE, "voice__label", _of(Sentiment.choices), closed=True),
    Field("worst", _("Worst feeling in 90 days"), VOICE, ops.CHOOSING, WorstFeeling(90), choices=_of(Sentiment.choices),
          closed=True),
    _subject("concern", _("Concern in 12 months"), Subject(KINDS.CONCERN), options.concerns),
    _subject("concern_bad", _("Unhappy about concern in 12 months"), Subject(KINDS.CONCERN, True), options.concerns),
    _subject("topic", _("Topic in 12 months"), Subject(KINDS.TOPIC), options.topics, closed=True),
    _subject("topic_bad", _("Unhappy about topic in 12 months"), Subject(KINDS.TOPIC, True), options.topics,
             closed=True),
    _subject("product_bad", _("Unhappy about product in 12 months"), Subject(KINDS.PRODUCT, True), options.products),
    Field("bought", _("Product bought"), ORDERS, ops.ABOUT, Bought(), int, choices=options.products),
)  # fmt: skip
BUILT_IN = (*DETAIL_FIELDS, *SCORE_FIELDS, *ORDER_FIELDS, *CONTACT_FIELDS, *VOICE_FIELDS)
OF_ATTRIBUTE = "attr."


def attribute_field(one: CustomAttribute) -> Field:
    """A custom attribute as a field of its type; one whose type has been changed holds nothing of the old one."""
    key, kinds = OF_ATTRIBUTE + one.name, CustomAttribute.Type
    match one.type:
        case kinds.NUMBER:
            return Field(key, one.label, OWN, ops.NUMBERS, Attribute(one.name, "number"), float)
        case kinds.BOOLEAN:
            return _yes_or_no(key, one.label, OWN, Attribute(one.name, "boolean"))
        case kinds.DATE:
            dated = ops.Dated(Attribute(one.name, "text"), _iso)
            return Field(key, one.label, OWN, ops.OWN_DATES, dated)
        case kinds.CHOICE:
            return Field(
                key, one.label, OWN, ops.CHOOSING, Attribute(one.name, "text"),
                choices=lambda fields: options.of_attribute(fields, one),
            )  # fmt: skip
    return Field(key, one.label, OWN, ops.TEXTS, Attribute(one.name, "text"))


class Fields:
    """The fields of one reader: built-in ones and the company's own, with what this reader may choose from."""

    built_in: tuple[Field, ...] = BUILT_IN
    fit = _("Customers that fit: %(conditions)s.")
    often: tuple[tuple[str, Any, tuple[Condition, ...]], ...] | None = None
    none_chosen = _("Everybody is shown. Add a condition to narrow the list.")

    def __init__(self, user, currency: str = "", now: datetime.datetime | None = None) -> None:
        self.user, self.currency = user, currency
        self.asking = Asking(user, now or timezone.now())
        self._options: dict[str, list[tuple[str, str]]] = {}

    @cached_property
    def attributes(self) -> list[CustomAttribute]:
        return self.known["attributes"]

    @cached_property
    def own(self) -> list[Field]:
        return [attribute_field(one) for one in self.attributes]

    @cached_property
    def by_key(self) -> dict[str, Field]:
        return self._built_in | {field.key: field for field in self.own}

    @cached_property
    def _built_in(self) -> dict[str, Field]:
        return {field.key: field for field in self.built_in}

    def get(self, key: str) -> Field | None:
        built_in = self._built_in.get(key)
        if built_in or not key.startswith(OF_ATTRIBUTE):
            return built_in
        return self.by_key.get(key)

    def grouped(self) -> list[tuple[str, list[Field]]]:
        """For a list to choose from."""
        found: dict[str, list[Field]] = {}
        for field in self.by_key.values():
            found.setdefault(str(field.group), []).append(field)
        return list(found.items())

    def options(self, field: Field) -> list[tuple[str, str]]:
        """(value, label) of what can be chosen; asked for once."""
        if field.key not in self._options:
            self._options[field.key] = field.choices(self) if field.choices else []
        return self._options[field.key]

    def labels(self, field: Field, values: Iterable[str]) -> dict[str, str]:
        """What can be chosen and what was, by value; what nobody has any more is missing."""
        labels = dict(self.options(field))
        beyond = [value for value in values if value not in labels]
        if beyond and field.choices is options.products:
            labels |= {str(one.pk): one.name for one in options.chosen_products(beyond)}
        return labels

    @cached_property
    def known(self) -> dict[str, list]:
        return options.known_to(self.user)
