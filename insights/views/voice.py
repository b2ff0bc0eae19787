"""What customers say: how it felt over time, split as one likes, and the messages behind every mark."""

import datetime
from urllib.parse import urlencode

from django import forms
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_safe

from customers.assigning import offer_colleagues
from customers.countries import country_name
from customers.exporting import KINDS, file_links
from customers.marking import marked
from customers.models import (
    Customer,
    Interaction,
    MessageReading,
    Product,
    Sentiment,
    Team,
    concern_choices,
)
from customers.moments import ASKED_FOR
from customers.paging import Sort, page_by
from customers.reader_words import ASPECTS, LANGUAGES, aspect_word
from customers.timeline import WHOLE, write_places
from customers.wording import day
from insights.models import Topic
from insights.movements import Span, last_days
from insights.talk import name_of
from insights.views.voice_drawing import band_of, bars_of
from insights.voice import by_day, by_side, counted_by_day, is_stored, messages_of, side_of

PAGE, MOST_BARS = 25, 36
NEWEST_FIRST = Sort("occurred_at", True, datetime.datetime, ties_follow=True, nullable=False)
PRESETS = {
    "30": gettext_lazy("30 days"),
    "90": gettext_lazy("90 days"),
    "365": gettext_lazy("12 months"),
}
SIDES = {
    "channel": gettext_lazy("By channel"),
    "intent": gettext_lazy("By concern"),
    "product": gettext_lazy("By product"),
    "country": gettext_lazy("By country"),
    "team": gettext_lazy("By team"),
}
ANY = [("", gettext_lazy("Any"))]
ASSIGNED = {"me": gettext_lazy("Me"), "nobody": gettext_lazy("Nobody")}


class VoiceForm(forms.Form):
    """What the address says; a value that means nothing is passed over, as if it were not there."""

    days = forms.ChoiceField(choices=list(PRESETS.items()), required=False)
    since = forms.DateField(required=False, validators=ASKED_FOR)
    until = forms.DateField(required=False, validators=ASKED_FOR)
    by = forms.ChoiceField(choices=list(SIDES.items()), required=False)
    label = forms.ChoiceField(
        label=gettext_lazy("Feeling"), choices=[*ANY, *Sentiment.choices], required=False
    )
    intent = forms.ChoiceField(
        label=gettext_lazy("Concern"), choices=lambda: [*ANY, *concern_choices()], required=False
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=[*ANY, *LANGUAGES.items()], required=False
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("Channel"), choices=[*ANY, *Interaction.Channel.choices], required=False
    )
    product = forms.IntegerField(min_value=1, max_value=2**62, required=False)
    aspect = forms.ChoiceField(choices=[*ANY, *ASPECTS.items()], required=False)
    topic = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False)
    team = forms.IntegerField(min_value=1, max_value=2**62, required=False)
    country = forms.CharField(max_length=100, required=False)
    urgent = forms.BooleanField(label=gettext_lazy("Urgent"), required=False)
    unanswered = forms.BooleanField(label=gettext_lazy("Unanswered"), required=False)
    assigned = forms.ChoiceField(
        label=gettext_lazy("Looked after by"), choices=[*ANY, *ASSIGNED.items()], required=False
    )
    q = forms.CharField(label=gettext_lazy("Words in messages"), max_length=100, required=False)

    def wanted(self) -> dict:
        self.is_valid()
        return dict(self.cleaned_data)


def asked(request) -> tuple[VoiceForm, dict, Span]:
    """The form, what it asks for, and the days it is about."""
    data = request.GET.copy()
    data.setdefault("label", Sentiment.NEGATIVE if "shown" not in data else "")
    form = VoiceForm(data)
    wanted = form.wanted()
    span = last_days(int(wanted.get("days") or 90))
    since, until = wanted.get("since"), wanted.get("until")
    if since and until and since <= until:
        span = Span(since, until)
    return form, wanted | {"since": span.first, "until": span.last}, span


def address(wanted: dict, page: str = "voice", **others) -> str:
    """The page with these wishes; those that say nothing are left out, and one feeling is always named."""
    return f"{reverse(page)}?{query_of(wanted, **others)}"


def query_of(wanted: dict, **others) -> str:
    query = {"shown": "yes"} | wanted | others
    plain = {
        name: value.isoformat()
        if isinstance(value, datetime.date)
        else "yes"
        if value is True
        else value
        for name, value in query.items()
        if value not in (None, "", False)
    }
    return urlencode(plain)


def ready(talks: list[Interaction], sought: str = "") -> list[Interaction]:
    """Each with what was read out of it, where the words looked for stand, and those it can be handed to."""
    for talk in talks:
        talk.marked = marked(talk, sought)
    offer_colleagues(talks)
    return talks


def table_links(table: str, wanted: dict | None = None) -> list[tuple[str, str]]:
    """Words and addresses of a table's files."""
    return file_links(reverse("voice-table", args=[table]), query_of(wanted or {}))


def message_links(wanted: dict) -> list[tuple[str, str]]:
    """Words and addresses of the files of a list of messages."""
    return [(kind.upper(), address(wanted, f"voice-export-{kind}")) for kind in KINDS]


@require_safe
def voice(request):
    form, wanted, span = asked(request)
    page = page_by(
        messages_of(request.user, wanted), NEWEST_FIRST, True, PAGE,
        request.GET.get("after", ""), request.GET.get("before", ""),
    )  # fmt: skip
    talks = ready([reading.interaction for reading in page.rows], wanted.get("q") or "")
    plain = {name: value for name, value in wanted.items() if name not in ("days",)}
    context = {
        "form": form,
        "wanted": wanted,
        "span": span,
        "page": page,
        "talks": talks,
        "after_url": address(plain, after=page.after) if page.after else "",
        "before_url": address(plain, before=page.before) if page.before else "",
        "exports": message_links(plain),
        "product": wanted.get("product"),
        "unhappy_url": unhappy_url(wanted),
        "chips": chips_of(plain, narrowed(wanted)),
        "presets": [
            {"words": words, "url": address({**plain, "since": None, "until": None}, days=code),
             "here": code == (wanted.get("days") or "90") and "since" not in request.GET}
            for code, words in PRESETS.items()
        ],
    }  # fmt: skip
    if request.user.is_manager or request.user.is_admin:
        context |= dashboard(request.user, wanted, span, plain)
    return render(request, "insights/voice.html", context)


def dashboard(user, wanted: dict, span: Span, plain: dict) -> dict:
    """What the messages of the teams come to that the reader may see; each mark opens what it counts."""
    by = wanted.get("by") or "channel"
    counted = {"since": span.first, "until": span.last}
    band = band_of(days_of(user, wanted, span), span, lambda first, last, label: address(
        plain, since=first, until=last, label=label))  # fmt: skip
    return {
        "band": band,
        "is_narrowed": not is_stored(wanted),
        "is_reading": not band["total"].messages and MessageReading.objects.unread().exists(),
        "by": by,
        "days_files": table_links("days", plain),
        "sides_files": table_links("sides", plain | {"by": by}),
        "sides": [{"words": words, "url": address(plain, by=code), "here": code == by}
                  for code, words in SIDES.items()],
        "rows": [
            {"side": one, "url": address(counted, **{"by": by, by: one.value}),
             "negative_url": address(counted, **{"by": by, by: one.value, "label": Sentiment.NEGATIVE})}
            for one in by_side(user, span, by)
        ],
    }  # fmt: skip


def days_of(user, wanted: dict, span: Span) -> dict:
    """Sums of each day of what the page is narrowed to, stored ones where they hold it."""
    if not is_stored(wanted):
        return counted_by_day(user, wanted)
    side = side_of(wanted)
    return by_day(user, span, side, str(wanted.get(side) or ""))


def chips_of(plain: dict, found: list[tuple[str, str]]) -> list[dict]:
    """What the page is narrowed to, in words, each with the address without it."""
    return [
        {"words": words, "url": address({**plain, name: None})} for name, words in found if words
    ]


def narrowed(wanted: dict) -> list[tuple[str, str]]:
    """(parameter, words) of what the page is narrowed to and its form does not show."""
    found = []
    for name, model in (("product", Product), ("team", Team)):
        if key := wanted.get(name):
            one = model.objects.filter(pk=key).first()
            found.append((name, str(one) if one else str(key)))
    if wanted.get("topic") is not None:
        topic = Topic.objects.filter(number=wanted["topic"]).first()
        found.append(("topic", name_of(topic) if topic else str(wanted["topic"])))
    if wanted.get("aspect"):
        found.append(("aspect", aspect_word(wanted["aspect"])))
    found.append(("country", country_name(wanted.get("country") or "")))
    return found


# What a page is narrowed to, and the condition that lists the customers who were unhappy about it.
UNHAPPY = {"topic": "topic_bad", "intent": "concern_bad", "product": "product_bad"}


def unhappy_url(wanted: dict) -> str:
    """The customers who were unhappy about what the page is narrowed to, or in the last 90 days at all."""
    query = {f: wanted[name] for name, f in UNHAPPY.items() if wanted.get(name)}
    for name in ("country", "team"):
        if wanted.get(name):
            query[name] = wanted[name]
    if not query.keys() & {*UNHAPPY.values()}:
        query["worst"] = Sentiment.NEGATIVE.value
    return f"{reverse('customers')}?{urlencode(query)}"


def place_of(talk: Interaction) -> str:
    """Where a message stands on its customer's page."""
    here = {WHOLE: (talk.occurred_at, talk.pk + 1)}
    page = talk.customer.get_absolute_url()
    return f"{page}?timeline=conversations&after={write_places(here)}#talk-{talk.pk}"


@require_safe
def customer_voice(request, pk):
    """How a customer's messages felt, one after the other, for the customer's page."""
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    readings: list[MessageReading] = []
    if not customer.profiling_refused:
        told = customer.readings.exclude(label="").exclude(occurred_at=None)
        told = told.select_related("interaction").order_by("-occurred_at", "-pk")
        readings = list(told[:MOST_BARS])
    for one in readings:
        one.interaction.customer = customer
        one.url = place_of(one.interaction)
        one.words = pgettext("between two clauses", ", ").join(
            (day(one.occurred_at), one.get_label_display())
        )
    context = {"customer": customer, "bars": bars_of(readings[::-1]), "readings": readings}
    return render(request, "insights/_customer_voice.html", context)
