"""What stands on the voice pages, as files: the messages, and the tables beside them; the rights are the pages'."""

from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from customers.exporting import KINDS, table_file
from customers.models import Company, MessageReading, Product, concern_word, stored_concerns
from customers.reader_words import LANGUAGES
from insights import product_voice
from insights.models import Topic
from insights.movements import Span
from insights.outcomes import Outcomes
from insights.talk import by_week, name_of, told
from insights.views.concerns import counted
from insights.views.topics import WEEKS
from insights.views.voice import asked, days_of
from insights.views.voice_drawing import by_period
from insights.voice import Amounts, by_side, messages_of

MOST_EXPORTED = 50_000
ANSWERED = pgettext_lazy("head of a column about messages", "Answered")
URGENCIES = (
    "",
    gettext_lazy("Slightly urgent"),
    gettext_lazy("Urgent"),
    gettext_lazy("Very urgent"),
)
MESSAGES = [
    gettext_lazy("When"), gettext_lazy("Customer"), gettext_lazy("Channel"), gettext_lazy("Language"),
    gettext_lazy("Feeling"), gettext_lazy("Score"), gettext_lazy("Concern"), gettext_lazy("Urgency"),
    ANSWERED, gettext_lazy("Looked after by"), gettext_lazy("Product"), gettext_lazy("Subject"),
    gettext_lazy("Text"),
]  # fmt: skip
SUMS = [
    gettext_lazy("Messages"), gettext_lazy("Negative"), gettext_lazy("Neutral"), gettext_lazy("Positive"),
    ANSWERED, gettext_lazy("Hours to the answer, mean"),
]  # fmt: skip
DAYS = [gettext_lazy("First day"), gettext_lazy("Last day"), *SUMS]


@require_safe
def voice_export(request, kind):
    """The messages of the list, those one may see and no others."""
    _form, wanted, _span = asked(request)
    rows = messages_of(request.user, wanted).order_by("-occurred_at", "-pk")
    found = rows[:MOST_EXPORTED].iterator(chunk_size=1000)
    head = [str(words) for words in MESSAGES]
    return table_file("messages", _("Messages"), head, (cells_of(one) for one in found), kind)


def cells_of(one: MessageReading) -> list:
    talk = one.interaction
    row = getattr(talk, "assignment", None)
    return [
        one.occurred_at, talk.customer.name if talk.customer else "", talk.get_channel_display(),
        str(LANGUAGES.get(one.language, one.language)),
        one.get_label_display(), None if one.sentiment is None else round(one.sentiment, 2),
        concern_word(one.intent) if one.intent else "", str(URGENCIES[min(one.urgency, 3)]), one.answered_at,
        str(row.assignee) if row and row.assignee else "", talk.product.name if talk.product else "", talk.subject,
        talk.text,
    ]  # fmt: skip


@require_safe
def voice_table(request, table):
    """One of the tables, by the wishes of the page it stands on."""
    if table not in TABLES:
        raise Http404
    title, make, of_teams = TABLES[table]
    if of_teams and not (request.user.is_manager or request.user.is_admin):
        raise PermissionDenied
    kind = request.GET.get("as")
    head, rows = make(request)
    return table_file(
        table, str(title), [str(words) for words in head], rows, kind if kind in KINDS else "csv"
    )


def sums(amounts: Amounts) -> list:
    hours = amounts.answer_hours / amounts.answered if amounts.answered else None
    return [
        amounts.messages, amounts.negative, amounts.neutral, amounts.positive, amounts.answered, hours,
    ]  # fmt: skip


def days(request) -> tuple[list, Iterator[list]]:
    _form, wanted, span = asked(request)
    found = days_of(request.user, wanted, span)
    return DAYS, ([first, last, *sums(total)] for first, last, total in by_period(found, span))


def sides(request) -> tuple[list, Iterator[list]]:
    _form, wanted, span = asked(request)
    found = by_side(request.user, span, wanted.get("by") or "channel")
    return [_("Name"), *SUMS], ([one.words, *sums(one.amounts)] for one in found)


def topics(request) -> tuple[list, Iterator[list]]:
    head = [
        _("Number"), _("Topic"), _("Rising"), _("Days"), _("Messages"), _("Negative share"),
        _("Times its usual share"), _("At least"), _("At most"), _("Customers"), _("Value at risk"), _("Currency"),
        _("People compared"), _("Days after"), _("Left, against similar customers"), _("At least"), _("At most"),
        _("Spent each, against similar customers"), _("At least"), _("At most"),
    ]  # fmt: skip
    currency = Company.current().base_currency
    return head, (
        [
            one.topic.number, one.name, _("yes") if one.is_rising else _("no"), one.days, one.messages,
            one.negative_share, one.ratio, one.low, one.high, one.customers, round(one.value_at_risk, 2), currency,
            *compared(one.outcomes),
        ]
        for one in told(request.user)
    )  # fmt: skip


def compared(outcomes: Outcomes | None) -> list:
    """What came of those who spoke of a topic; empty where too few did."""
    if outcomes is None:
        return [None] * 8
    left, spent = outcomes.left, outcomes.spent
    return [
        outcomes.customers, outcomes.days, left.difference, left.low, left.high,
        *(round(value, 2) for value in (spent.difference, spent.low, spent.high)),
    ]  # fmt: skip


def weeks(request) -> tuple[list, Iterator[list]]:
    """Of one topic, as on its page."""
    _form, wanted, _span = asked(request)
    topic = get_object_or_404(Topic.objects.visible_to(request.user), number=wanted.get("topic"))
    head = [_("Topic"), _("First day"), _("Last day"), _("Messages")]
    found = by_week(request.user, topic, WEEKS)
    return head, ([name_of(topic), *week] for week in found)


def product_days(request) -> tuple[list, Iterator[list]]:
    """Of one product, as on its page."""
    product, span = product_of(request)
    found = product_voice.days_of(request.user, product, span)
    return DAYS, ([first, last, *sums(total)] for first, last, total in by_period(found, span))


def aspects(request) -> tuple[list, Iterator[list]]:
    product, span = product_of(request)
    head = [_("Product"), _("What it is about"), _("Positive"), _("Negative"), _("Neutral")]
    found = product_voice.aspects_of(request.user, product, span)
    return head, (
        [product.name, one.words, one.positive, one.negative, one.neutral] for one in found
    )


def product_of(request) -> tuple[Product, Span]:
    _form, wanted, span = asked(request)
    return get_object_or_404(Product, pk=wanted.get("product")), span


def concerns(request) -> tuple[list, Iterator[list]]:
    now = stored_concerns()
    counts = counted(request.user, now)
    head = [_("Code"), _("Concern"), _("Counts as"), _("Words that say so"), *SUMS]
    return head, (
        [
            code, now.word(code), "" if now.stands_for(code) == code else now.word(now.stands_for(code)),
            "; ".join(now.words.get(code, ())), *sums(counts.get(code, Amounts())),
        ]
        for code in now.codes
    )  # fmt: skip


# What its sheet is called, how each is made, and whether it holds sums of whole teams.
TABLES: dict[str, tuple[Any, Callable[..., tuple[list, Any]], bool]] = {
    "days": (gettext_lazy("Days"), days, True),
    "sides": (gettext_lazy("Comparison"), sides, True),
    "topics": (gettext_lazy("Topics"), topics, False),
    "weeks": (gettext_lazy("Messages a week"), weeks, False),
    "product-days": (gettext_lazy("How messages felt"), product_days, False),
    "product-aspects": (gettext_lazy("What it is about"), aspects, False),
    "concerns": (gettext_lazy("Concerns"), concerns, True),
}
