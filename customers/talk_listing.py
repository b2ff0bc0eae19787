"""The list of conversations: what it can be asked, and what stands in it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers import han
from customers.filtering import options
from customers.flat_listing import (
    NEWEST,
    TIMES,
    YES,
    Filter,
    Kind,
    me_or_id,
    of_codes,
    of_customer,
    of_person,
    one_of,
    people,
    yes,
)
from customers.models import Attachment, Interaction, MessageReading, Sentiment, concern_word
from customers.paging import COUNT_CAP, Ids
from customers.wording import date_of

LINE, LEAD = 180, 40  # characters of a row, at most so many before the first that was searched for
Channel, Direction = Interaction.Channel, Interaction.Direction


def words_of(search: str) -> list[str]:
    return list(dict.fromkeys(search.split()))


def found(search: str, user) -> Q:
    """Every word in the subject or the text, in either Chinese script."""
    condition = Q()
    for word in words_of(search):
        condition &= han.names(word, "text", "subject")
    return condition


def felt(label: str, user) -> Q:
    return Q(reading__label=label) & ~Q(
        reading__label=""
    )  # said so, the index of those that are felt is used


def concerned(code: str, user) -> Q:
    return Q(reading__intent=code) & ~Q(reading__intent="")


def waiting(value: bool, user) -> Q:
    return Q(reading__inbound=True, reading__answered_at=None)


def with_file(value: bool, user) -> Q:
    return Q(pk__in=Attachment.objects.order_by().values("interaction"))


def just(words) -> Any:
    return lambda fields: [(YES, words)]


def ready() -> list[tuple[str, dict[str, str]]]:
    return [
        (_("All"), {}),
        (_("Of my customers"), {"owner": "me"}),
        (_("Logged by me"), {"by": "me"}),
        (_("Unanswered"), {"unanswered": YES}),
        (_("Negative"), {"feeling": "negative"}),
        (_("Complaints"), {"channel": "complaint"}),
        (_("Last 7 days"), {"days": "7"}),
    ]


INTERACTIONS = Kind(
    page="interactions",
    title=gettext_lazy("Conversations"),
    rows=lambda: Interaction.objects.all(),
    find=found,
    filters=(
        *TIMES,
        of_codes("channel", gettext_lazy("Channel"), Channel),
        of_codes("direction", gettext_lazy("Direction"), Direction),
        Filter("by", gettext_lazy("Logged by"), of_person("author"), me_or_id, choices=people),
        Filter("feeling", gettext_lazy("Feeling"), felt, one_of(Sentiment.values), choices=lambda f: Sentiment.choices),
        Filter("concern", gettext_lazy("Concern"), concerned, choices=options.concerns),
        Filter("unanswered", gettext_lazy("Unanswered"), waiting, yes, choices=just(gettext_lazy("Unanswered alone"))),
        Filter("files", gettext_lazy("With a file"), with_file, yes, choices=just(gettext_lazy("With a file"))),
        *of_customer(options.countries),
    ),
    sorts={"date": replace(NEWEST, nullable=True)},
    orders=(("-date", gettext_lazy("Newest first")), ("date", gettext_lazy("Oldest first"))),
    ready=ready,
)  # fmt: skip


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


def with_rows(talks: QuerySet[Interaction]) -> QuerySet[Interaction]:
    files = Attachment.objects.filter(interaction=OuterRef("pk"))
    return (
        talks.select_related("customer", "author", "reading")
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
