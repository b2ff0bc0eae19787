"""What orders and conversations can be filtered by: their own fields, and those of the customer behind them."""

import datetime
from dataclasses import replace
from decimal import Decimal

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.filtering import operators as ops
from customers.filtering import options
from customers.filtering.fact_sources import (
    About,
    HasFile,
    Lines,
    NamedLines,
    Number,
    Read,
    Waits,
    Words,
    behind,
)
from customers.filtering.fields import MONEY, OWN, PERCENT, Field, Fields, attribute_field
from customers.filtering.fields import ORDER_FIELDS as OF_ALL_ORDERS
from customers.filtering.links import RISK, Parameters
from customers.filtering.sources import Column, Followed, HandedOver, OfReader, Organisation, Tags
from customers.filtering.tree import Condition
from customers.models import Customer, Interaction, Order, Segment, Sentiment
from customers.reader_words import LANGUAGES

OF_ORDER, OF_TALK, OF_CUSTOMER = _("Order"), _("Conversation"), _("Customer")
URGENCIES = [("3", _("Very urgent")), ("2", _("Urgent")), ("1", _("Soon")), ("0", _("Can wait"))]
BEGINS = tuple(one for one in ops.TEXTS if one.name == "starts")
HOLDS = tuple(one for one in ops.TEXTS if one.name in ("has", "has_not"))
SAID = tuple(one for one in ops.TEXTS if one.name in ("has", "has_not", "empty", "filled"))
ASKED = tuple(one for one in ops.NUMBERS if one.inputs)  # of a figure that is never missing
HAPPENED = tuple(
    one for one in ops.DATES if one.name in ("last", "over", "before", "from", "between")
)


def _start(day: datetime.date, asking: ops.Asking) -> datetime.datetime:
    return asking.midnight(day)


def _percent(text: str) -> float:
    return float(Decimal(text) / 100)


def _of(choices):
    return lambda fields: [(value, label) for value, label in choices]


def _codes(key, label, group, choices, path="") -> Field:
    """By a column that holds one of a few codes, always."""
    return Field(
        key,
        label,
        group,
        ops.ALWAYS_CHOOSING,
        Column(path or key),
        choices=_of(choices),
        closed=True,
    )


def _heard(key, label) -> Field:
    """By a column of orders that holds what shops call things."""
    return Field(
        key, label, OF_ORDER, ops.CHOOSING, Column(key, text=True),
        choices=lambda fields: options.heard_of(fields.user, key),
    )  # fmt: skip


def _about_customer(key, label, operators, path, **more) -> Field:
    of_text = operators in (ops.TEXTS, ops.CHOOSING) and more.get("value") is not int
    return Field(key, label, OF_CUSTOMER, operators, Column(f"customer__{path}", of_text), **more)


def _behind(field: Field, group=OF_CUSTOMER) -> Field:
    """A field of customers, of the one behind an order or a conversation."""
    return replace(field, group=group, source=behind(field.source))


# What they have ordered altogether; the lists of orders and conversations can be asked for the rest themselves.
THEIR_ORDERS = [field for field in OF_ALL_ORDERS if field.key in (
    "orders", "returns", "first_order", "last_order", "usual_gap", "orders_in", "spent_in", "returns_in",
)]  # fmt: skip
CUSTOMER_FIELDS = (
    _about_customer("customer", _("Customer’s name"), ops.TEXTS, "name"),
    _about_customer("company", _("Company"), ops.TEXTS, "company"),
    Field("parent", pgettext_lazy("that a customer belongs to", "Organisation"), OF_CUSTOMER, ops.TEXTS,
          OfReader(Organisation, "customer__")),
    Field("customer_followed", _("Customer followed by me"), OF_CUSTOMER, ops.YES_OR_NO,
          OfReader(Followed, "customer__")),
    _about_customer("country", _("Country"), ops.CHOOSING, "country", choices=options.countries),
    _about_customer("owner", _("Owner"), ops.CHOOSING, "owner", choices=options.people, value=int, people=True),
    _about_customer("team", _("Team"), ops.CHOOSING, "team", choices=options.teams, value=int),
    Field("tag", _("Tags"), OF_CUSTOMER, ops.TAGGED, Tags("customer"), int, choices=options.tags, closed=True),
    _about_customer("lifecycle", _("Lifecycle"), ops.ALWAYS_CHOOSING, "lifecycle",
                    choices=_of(Customer.Lifecycle.choices), closed=True),
    _about_customer("segment", _("Segment"), ops.CHOOSING, "score__segment", choices=_of(Segment.choices),
                    closed=True),
    _about_customer("risk", _("Churn risk"), ops.NUMBERS, "score__churn_risk", value=_percent, unit=PERCENT),
    _about_customer("value", _("Value so far"), ops.NUMBERS, "totals__value", value=Decimal, unit=MONEY),
    _about_customer("expected", _("Value of the next 12 months"), ops.NUMBERS, "score__expected_value", value=float,
                    unit=MONEY),
    Field("known_since", _("Customer since"), OF_CUSTOMER, ops.DATES,
          ops.Dated(Column("customer__known_since"), _start)),
    *(_behind(field) for field in THEIR_ORDERS),
)  # fmt: skip
ORDER_FIELDS = (
    _codes("kind", pgettext_lazy("of an order", "Kind"), OF_ORDER, Order.Kind.choices),
    Field("date", _("Date"), OF_ORDER, HAPPENED, ops.Dated(Column("occurred_at"), _start)),
    Field("amount", _("Amount"), OF_ORDER, ASKED, Column("base_amount"), Decimal, unit=MONEY),
    Field("number", pgettext_lazy("of an order", "Number"), OF_ORDER, BEGINS, Number()),
    Field("product", _("Product"), OF_ORDER, ops.ABOUT, Lines(), int, choices=options.products),
    Field("product_name", _("Name or SKU of a product"), OF_ORDER, HOLDS, NamedLines()),
    _heard("channel", _("Channel")),
    _heard("source", _("Source")),
    _heard("currency", _("Currency")),
    *CUSTOMER_FIELDS,
)
TALK_FIELDS = (
    Field("text", _("Words"), OF_TALK, SAID, Words()),
    _codes("channel", _("Channel"), OF_TALK, Interaction.Channel.choices),
    _codes("direction", _("Direction"), OF_TALK, Interaction.Direction.choices),
    Field("date", _("Date"), OF_TALK, (*HAPPENED, ops.EMPTY, ops.FILLED), ops.Dated(Column("occurred_at"), _start)),
    Field("feeling", _("Feeling"), OF_TALK, ops.CHOOSING, Read("reading__label"), choices=_of(Sentiment.choices),
          closed=True),
    Field("concern", _("Concern"), OF_TALK, ops.CHOOSING, Read("reading__intent"), choices=options.concerns),
    Field("urgency", _("Urgency"), OF_TALK, ops.ALWAYS_CHOOSING, Column("reading__urgency"), int,
          choices=_of(URGENCIES), closed=True),
    Field("unanswered", _("Unanswered"), OF_TALK, ops.YES_OR_NO, Waits()),
    Field("rating", _("Rating"), OF_TALK, ops.NUMBERS, Column("rating"), int, whole=True),
    Field("language", _("Language"), OF_TALK, ops.CHOOSING, Column("reading__language", text=True),
          choices=_of(LANGUAGES.items())),
    Field("about", _("Product"), OF_TALK, ops.ABOUT, About(), int, choices=options.products),
    Field("by", _("Logged by"), OF_TALK, ops.CHOOSING, Column("author"), int, choices=options.people, people=True),
    Field("handed", _("Handed over to me"), OF_TALK, ops.ABOUT, HandedOver("messageassignment", "assignee"), int,
          choices=options.handed_over("handed")),
    Field("files", _("With a file"), OF_TALK, ops.YES_OR_NO, HasFile()),
    *CUSTOMER_FIELDS,
)  # fmt: skip


def _is(field: str, *values: str) -> Condition:
    return Condition(field, "in", values)


RECENT = Condition("date", "last", ("30",))
RISKY = RISK["high"][0]
OFTEN_OF_ORDERS = (
    ("large", _("Large orders of the last 30 days"),
     (_is("kind", "sale"), Condition("amount", "gte", ("1000",)), RECENT)),
    ("back", _("Returns of customers at high risk"), (_is("kind", "return"), RISKY)),
    ("gone", _("Orders of customers that were lost"), (_is("kind", "sale"), _is("segment", "lost"))),
)  # fmt: skip
WAITING = Condition("unanswered", "yes")
OFTEN_OF_TALKS = (
    ("complaints", _("Unanswered complaints"), (_is("channel", "complaint"), WAITING)),
    ("negative", _("Negative and unanswered"), (_is("feeling", "negative"), WAITING)),
    ("late", _("Unanswered for more than 2 days"), (WAITING, Condition("date", "over", ("2",)))),
    ("urgent", _("Urgent and unanswered"), (_is("urgency", "3", "2"), WAITING)),
    ("risk", _("Unanswered, from customers at high risk"), (WAITING, RISKY)),
)


class _OfFacts(Fields):
    none_chosen = _("All are shown. Add a condition to narrow the list.")

    @cached_property
    def own(self) -> list[Field]:
        """The company's own fields are those of customers."""
        return [_behind(attribute_field(one), OWN) for one in self.attributes]


class OrderFields(_OfFacts):
    built_in = ORDER_FIELDS
    fit = _("Orders that fit: %(conditions)s.")
    often = OFTEN_OF_ORDERS


class TalkFields(_OfFacts):
    built_in = TALK_FIELDS
    fit = _("Conversations that fit: %(conditions)s.")
    often = OFTEN_OF_TALKS


def _all_of(field: str, op: str = "in"):
    return lambda values: (Condition(field, op, tuple(values)),)


def _first(field: str, op: str):
    return lambda values: (Condition(field, op, (values[0],)),)


def _until(values) -> tuple[Condition, ...]:
    """To the end of a day."""
    try:
        day = datetime.date.fromisoformat(values[0]) + datetime.timedelta(days=1)
    except (ValueError, OverflowError):
        return (Condition("date", "before", (values[0],)),)
    return (Condition("date", "before", (day.isoformat(),)),)


def _kinds(values) -> tuple[Condition, ...]:
    back = (Order.Kind.RETURN.value, Order.Kind.CANCELLATION.value)
    return (_is("kind", *back),) if values[0] == "back" else (_is("kind", *values),)


# What addresses ask for in plain parameters: those of links, of other programs, of views kept before there were more.
_COMMON: Parameters = {
    "days": _first("date", "last"), "from": _first("date", "from"), "to": _until,
    "owner": _all_of("owner"), "team": _all_of("team"), "country": _all_of("country"), "segment": _all_of("segment"),
    "channel": _all_of("channel"),
}  # fmt: skip
ORDER_LINKS: Parameters = _COMMON | {
    "kind": _kinds, "amount_from": _first("amount", "gte"), "amount_to": _first("amount", "lte"),
    "product": _first("product_name", "has"), "source": _all_of("source"), "currency": _all_of("currency"),
}  # fmt: skip
TALK_LINKS: Parameters = _COMMON | {
    "direction": _all_of("direction"), "by": _all_of("by"), "feeling": _all_of("feeling"),
    "concern": _all_of("concern"), "handed": _all_of("handed"), "unanswered": lambda values: (WAITING,),
    "files": lambda values: (Condition("files", "yes"),),
}  # fmt: skip
