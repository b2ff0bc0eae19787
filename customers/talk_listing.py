"""The list of conversations: what it can be asked, and what stands in it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from customers import han
from customers.columns import Column, at
from customers.fact_listing import NEWEST, Kind, related
from customers.filtering import EVERYBODY, Condition, Group
from customers.filtering.fact_fields import TALK_LINKS, URGENCIES, WAITING, TalkFields
from customers.filtering.tree import ALL
from customers.models import Attachment, Interaction, MessageReading, Sentiment, concern_word
from customers.paging import COUNT_CAP, Ids
from customers.reader_words import LANGUAGES
from customers.wording import amount, date_of

LINE, LEAD = 180, 40  # characters of a row, at most so many before the first that was searched for


def words_of(search: str) -> list[str]:
    return list(dict.fromkeys(search.split()))


def found(search: str, user) -> Q:
    """Every word in the subject or the text, in either Chinese script."""
    condition = Q()
    for word in words_of(search):
        condition &= han.names(word, "text", "subject")
    return condition


def ready() -> list[tuple[str, Group]]:
    def of(field: str, value: str) -> Group:
        return Group(ALL, (Condition(field, "in", (value,)),))

    return [
        (_("All"), EVERYBODY),
        (_("Of my customers"), of("owner", "me")),
        (_("Logged by me"), of("by", "me")),
        (_("Unanswered"), Group(ALL, (WAITING,))),
        (_("Negative"), of("feeling", "negative")),
        (_("Complaints"), of("channel", "complaint")),
        (_("Last 7 days"), Group(ALL, (Condition("date", "last", ("7",)),))),
    ]


def language_of(one: Interaction) -> object:
    code = at("reading", "language")(one)
    return LANGUAGES.get(str(code), code)


def urgency_of(one: Interaction) -> object:
    """Of a customer's message that has been read."""
    reading: MessageReading | None = getattr(one, "reading", None)
    if reading is None or not reading.inbound or not reading.label:
        return None
    return dict(URGENCIES).get(str(reading.urgency))


COLUMNS = (
    Column("words", gettext_lazy("Conversation"), 260),
    Column("date", gettext_lazy("When"), 160, sort="date"),
    Column("customer", gettext_lazy("Customer"), 164),
    Column("felt", gettext_lazy("Feeling and concern"), 148),
    Column("by", gettext_lazy("Logged by"), 120, value=at("author")),
    Column("state", gettext_lazy("Answer"), 148),
    Column("rating", gettext_lazy("Rating"), 88, "number", at("rating"), right=True),
    Column("urgency", gettext_lazy("Urgency"), 104, value=urgency_of),
    Column("language", gettext_lazy("Language"), 128, value=language_of),
    Column("owner", gettext_lazy("Owner"), 120, value=at("customer", "owner")),
    Column("team", gettext_lazy("Team"), 120, value=at("customer", "team")),
    Column("company", gettext_lazy("Company"), 150, value=at("customer", "company")),
    Column("segment", gettext_lazy("Segment"), 128, "seg", at("customer", "score", "segment")),
    Column("risk", gettext_lazy("Churn risk"), 104, "percent", at("customer", "score", "churn_risk"), right=True),
)  # fmt: skip
INTERACTIONS = Kind(
    page="interactions",
    title=gettext_lazy("Conversations"),
    rows=lambda: Interaction.objects.all(),
    find=found,
    fields=TalkFields,
    links=TALK_LINKS,
    sorts={"date": replace(NEWEST, nullable=True)},
    orders=(("-date", gettext_lazy("Newest first")), ("date", gettext_lazy("Oldest first"))),
    columns={column.key: column for column in COLUMNS},
    usual=("words", "date", "customer", "felt", "by", "state"),
    ready=ready,
)


def counted(talks: QuerySet[Interaction]) -> dict[str, Any]:
    """How many, which, how many of them negative and how many unanswered; up to the cap."""
    columns = ("pk", "occurred_at", "reading__label", "reading__inbound", "reading__answered_at")
    rows = talks.order_by().values(*columns)[:COUNT_CAP]
    return rows.aggregate(
        count=Count("pk"),
        ids=Ids("pk"),
        undated=Count("pk", filter=Q(occurred_at=None)),
        negative=Count("pk", filter=Q(reading__label=Sentiment.NEGATIVE)),
        waiting=Count("pk", filter=Q(reading__inbound=True, reading__answered_at=None)),
    )


def with_rows(talks: QuerySet[Interaction], columns: Iterable[str]) -> QuerySet[Interaction]:
    files = Attachment.objects.filter(interaction=OuterRef("pk"))
    return (
        talks.select_related("author", "reading", *related(columns))
        .defer("reading__details")
        .annotate(has_files=Exists(files))
    )


def fill_in(talks: list[Interaction], search: str) -> None:
    """A line of each with the words that were searched for, what was read, where its customer's page shows it."""
    words = words_of(search)
    for one in talks:
        one.line = pieces(excerpt(line_of(one), words), words)
        reading: MessageReading | None = getattr(one, "reading", None)
        one.concern = concern_word(reading.intent) if reading and reading.intent else ""
        one.is_waiting = bool(reading and reading.inbound and not reading.answered_at)
        one.url = url_of(one)


def line_of(one: Interaction) -> str:
    return " · ".join(" ".join(part.split()) for part in (one.subject, one.text) if part)


def url_of(one: Interaction) -> str:
    if not one.customer:
        return ""
    place = {"timeline": "conversations"}
    if one.occurred_at:
        place["to"] = date_of(one.occurred_at).isoformat()
    return f"{one.customer.get_absolute_url()}?{urlencode(place)}#talk-{one.pk}"


def excerpt(text: str, words: list[str]) -> str:
    """The beginning, or from shortly before the first word that was searched for."""
    found = han.pattern(words).search(text) if words else None
    first, start = found.start() if found else 0, 0
    if first > LINE // 2:
        # With a whole word; Chinese has no space nearby.
        space = text.find(" ", first - LEAD, first - LEAD // 2)
        start = space + 1 if space >= 0 else first - LEAD
    end = start + LINE
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


def pieces(text: str, words: list[str]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it was searched for."""
    if not words:
        return [(text, False)]
    parts, last = [], 0
    for hit in han.pattern(words).finditer(text):
        parts += [(text[last : hit.start()], False), (hit[0], True)]
        last = hit.end()
    return [part for part in (*parts, (text[last:], False)) if part[0]]


CHANGE = gettext_lazy("Change several conversations")
BRIEF = 80  # characters
MOST = 1000  # at once; each is taken back by itself


def how_many(count: int, or_more: bool = False) -> str:
    words = ngettext("%(n)s conversation", "%(n)s conversations", count)
    return words % {"n": f"{amount(count)}{'+' if or_more else ''}"}


def in_brief(one: Interaction) -> str:
    name = one.customer.name if one.customer else _("Nobody known")
    words = line_of(one)
    return f"{name} · {words[:BRIEF]}{'…' if len(words) > BRIEF else ''}"


def head() -> list[str]:
    return [
        "id", _("When"), _("Customer"), _("Customer's id"), _("Channel"), _("Direction"), _("Subject"), _("Text"),
        _("Feeling"), _("Concern"), _("Rating"), _("Logged by"), _("Unanswered"),
    ]  # fmt: skip


def rows(talks: QuerySet[Interaction], most: int, chunk: int) -> Iterator[Iterable[Any]]:
    """As the lines of a file, in the order of their ids."""
    found = talks.select_related("customer", "author", "reading").defer("reading__details")
    for one in found.order_by("pk")[:most].iterator(chunk_size=chunk):
        reading: MessageReading | None = getattr(one, "reading", None)
        waiting = bool(reading and reading.inbound and not reading.answered_at)
        yield (
            one.pk, one.occurred_at, one.customer and one.customer.name, one.customer_id,
            one.get_channel_display(), one.get_direction_display(), one.subject, one.text,
            str(Sentiment(reading.label).label) if reading and reading.label else "",
            concern_word(reading.intent) if reading and reading.intent else "", one.rating,
            one.author and str(one.author), _("yes") if waiting else _("no"),
        )  # fmt: skip
