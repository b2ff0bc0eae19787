"""What customers say: how it felt over time, split as one likes, and the messages behind every mark."""

import csv
import datetime
from urllib.parse import urlencode

from django import forms
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from customers.assigning import offer_colleagues
from customers.marking import marked
from customers.models import Customer, Interaction, MessageReading, Product, Sentiment
from customers.paging import Sort, page_by
from customers.reader_words import INTENTS, LANGUAGES, intent_word
from customers.timeline import WHOLE, write_places
from customers.wording import day
from insights.movements import Span, last_days
from insights.views.voice_drawing import band_of, bars_of
from insights.voice import by_day, by_side, messages_of

PAGE, MOST_EXPORTED, MOST_BARS = 25, 50_000, 36
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
    since = forms.DateField(required=False)
    until = forms.DateField(required=False)
    by = forms.ChoiceField(choices=list(SIDES.items()), required=False)
    label = forms.ChoiceField(
        label=gettext_lazy("Feeling"), choices=[*ANY, *Sentiment.choices], required=False
    )
    intent = forms.ChoiceField(
        label=gettext_lazy("Concern"), choices=[*ANY, *INTENTS.items()], required=False
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=[*ANY, *LANGUAGES.items()], required=False
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("Channel"), choices=[*ANY, *Interaction.Channel.choices], required=False
    )
    product = forms.IntegerField(min_value=1, max_value=2**62, required=False)
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
    if wanted.get("since") and wanted.get("until") and wanted["since"] <= wanted["until"]:
        span = Span(wanted["since"], wanted["until"])
    return form, wanted | {"since": span.first, "until": span.last}, span


def address(wanted: dict, page: str = "voice", **others) -> str:
    """The page with these wishes; those that say nothing are left out, and one feeling is always named."""
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
    return f"{reverse(page)}?{urlencode(plain)}"


def ready(talks: list[Interaction]) -> list[Interaction]:
    """Each with what was read out of it, and with those it can be handed to."""
    for talk in talks:
        talk.marked = marked(talk)
    offer_colleagues(talks)
    return talks


@require_safe
def voice(request):
    form, wanted, span = asked(request)
    page = page_by(
        messages_of(request.user, wanted), NEWEST_FIRST, True, PAGE,
        request.GET.get("after", ""), request.GET.get("before", ""),
    )  # fmt: skip
    talks = ready([reading.interaction for reading in page.rows])
    plain = {name: value for name, value in wanted.items() if name not in ("days",)}
    context = {
        "form": form,
        "wanted": wanted,
        "span": span,
        "page": page,
        "talks": talks,
        "after_url": address(plain, after=page.after) if page.after else "",
        "before_url": address(plain, before=page.before) if page.before else "",
        "export_url": address(plain, "voice-export"),
        "product": Product.objects.filter(pk=wanted.get("product") or 0).first(),
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
    """Sums of the teams the reader may see; nothing is counted over the messages themselves."""
    by = wanted.get("by") or "channel"
    side = next((name for name in SIDES if wanted.get(name)), "all")
    days = by_day(user, span, side, str(wanted.get(side) or ""))
    return {
        "band": band_of(days, span, lambda first, last, label: address(
            plain, since=first, until=last, label=label, after=None, before=None)),
        "by": by,
        "sides": [{"words": words, "url": address(plain, by=code), "here": code == by}
                  for code, words in SIDES.items()],
        "rows": [
            {"side": one, "url": address(plain, **{by: one.value, "label": ""}),
             "negative_url": address(plain, **{by: one.value, "label": Sentiment.NEGATIVE})}
            for one in by_side(user, span, by)
        ],
    }  # fmt: skip


class Line:
    """What csv writes into: hands each line on."""

    def write(self, text: str) -> str:
        return text


def harmless(value) -> str:
    """A spreadsheet takes a cell that begins like this for a formula."""
    text = str(value if value is not None else "")
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


@require_safe
def voice_export(request):
    """The messages of the list as CSV, those one may see and no others."""
    _form, wanted, _span = asked(request)
    rows = messages_of(request.user, wanted).order_by("-occurred_at", "-pk")
    writer = csv.writer(Line())
    head = [
        _("When"), _("Customer"), _("Channel"), _("Language"), _("Feeling"), _("Score"), _("Concern"),
        _("Urgency"), _("Answered"), _("Product"), _("Subject"), _("Text"),
    ]  # fmt: skip

    def lines():
        yield "\ufeff" + writer.writerow(head)
        for one in rows[:MOST_EXPORTED].iterator(chunk_size=1000):
            yield writer.writerow([harmless(value) for value in cells_of(one)])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    name = f"messages-{timezone.localdate().isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def cells_of(one: MessageReading) -> list:
    talk = one.interaction
    return [
        one.occurred_at.isoformat(), talk.customer.name if talk.customer else "",
        talk.get_channel_display(), one.language, one.get_label_display(),
        "" if one.sentiment is None else f"{one.sentiment:.2f}", intent_word(one.intent) if one.intent else "",
        one.urgency, one.answered_at.isoformat() if one.answered_at else "",
        talk.product.name if talk.product else "", talk.subject, talk.text,
    ]  # fmt: skip


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
        here = {WHOLE: (one.occurred_at, one.pk + 1)}
        one.url = f"{customer.get_absolute_url()}?timeline=conversations&after={write_places(here)}#talk-{one.pk}"
        one.words = f"{day(one.occurred_at)}, {one.get_label_display()}"
    context = {"customer": customer, "bars": bars_of(readings[::-1]), "readings": readings}
    return render(request, "insights/_customer_voice.html", context)
