"""The movement between segments on their page: a span of days, the flows in it, and what the chart needs."""

import datetime
from urllib.parse import urlencode

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models import Segment
from customers.moments import ASKED_FOR
from insights.models import Kind
from insights.movements import MOST_DAYS, Span, flows_between, last_days, since_start
from insights.publishing import first_published

SHOWN = 8  # flows beside the chart; the others fold out
ORDER = {segment.value: place for place, segment in enumerate(Segment)}
PRESETS = [
    ("30", gettext_lazy("30 days")),
    ("90", gettext_lazy("90 days")),
    ("all", gettext_lazy("Since the start")),
]


class SpanForm(forms.Form):
    """Two dates, both included, or none; ``models=no`` leaves out moves on days of another version."""

    since = forms.DateField(label=gettext_lazy("From"), validators=ASKED_FOR)
    until = forms.DateField(label=gettext_lazy("To"), validators=ASKED_FOR)

    def clean(self):
        since, until = (self.cleaned_data.get(name) for name in ("since", "until"))
        if since and until:
            if until < since:
                raise forms.ValidationError(_("The first day comes after the last one."))
            if until - since >= datetime.timedelta(MOST_DAYS):
                words = _("From the first day to the last there may be at most %(days)s days.")
                raise forms.ValidationError(words % {"days": MOST_DAYS})
        return self.cleaned_data


def movement_of(request) -> dict:
    preset, form = request.GET.get("days", "30"), None
    if "since" in request.GET or "until" in request.GET:
        form, preset = SpanForm(request.GET), ""
    if form and form.is_valid():
        span = Span(form.cleaned_data["since"], form.cleaned_data["until"])
    else:
        span = preset_span(preset)
    new_models = request.GET.get("models") != "no"
    rows = [row_of(flow, span) for flow in flows_between(request.user, span, new_models)]
    return {
        "span": span,
        "error": " ".join(e for errors in form.errors.values() for e in errors) if form else "",
        "presets": [
            {"words": words, "url": address(new_models, days=code), "here": code == preset}
            for code, words in PRESETS
        ],
        "new_models": new_models,
        "kept_since": None if rows else began_within(span),
        "first": rows[:SHOWN],
        "others": rows[SHOWN:],
        "moved": sum(row["moved"] for row in rows),
        "by_new_model": sum(row["by_new_model"] for row in rows),
        "chart": chart_of(rows),
    }


def preset_span(preset: str) -> Span:
    if preset == "all":
        return since_start(first_published(Kind.SEGMENTS))
    return last_days(90 if preset == "90" else 30)


def began_within(span: Span) -> datetime.date | None:
    """The day of the first segments, where the span asks for days before it."""
    first = first_published(Kind.SEGMENTS)
    day = first.astimezone(datetime.UTC).date() if first else None
    return day if day and span.first < day else None


def address(new_models: bool, **query) -> str:
    query |= {} if new_models else {"models": "no"}
    return f"{reverse('segments')}?{urlencode(query)}#movement"


def row_of(flow: dict, span: Span) -> dict:
    before, after = flow["segment_before"], flow["segment_after"]
    return {
        "before": before,
        "after": after,
        "before_label": label(before, _("Newly scored")),
        "after_label": label(after, _("Scored no more")),
        "moved": flow["moved"],
        "by_new_model": flow["moved_by_new_model"],
        "direction": direction(before, after),
        "url": list_of(before, after, span),
    }


def label(segment: str, nothing: str) -> str:
    return str(Segment(segment).label) if segment else nothing


def direction(before: str, after: str) -> str:
    if not before or not after:
        return "other"
    return "worse" if ORDER[after] > ORDER[before] else "better"


def list_of(before: str, after: str, span: Span) -> str:
    """Customers who are there now and came from there since the first day; the list knows one segment before."""
    if not before or not after:
        return ""
    query = {"segment": after, "was": before, "since": span.first.isoformat()}
    return f"{reverse('customers')}?{urlencode(query)}"


def chart_of(rows: list[dict]) -> dict:
    """Nodes are named b… on the left and a… on the right, so that nobody flows in a circle."""
    nodes = {f"b{row['before']}" for row in rows} | {f"a{row['after']}" for row in rows}
    names = {segment.value: str(segment.label) for segment in Segment}
    return {
        "nodes": sorted(nodes, key=lambda name: (name[0] == "a", ORDER.get(name[1:], len(ORDER)))),
        "names": names | {"": _("not scored")},
        "links": [
            {
                "source": f"b{row['before']}",
                "target": f"a{row['after']}",
                "value": row["moved"],
                "models": row["by_new_model"],
                "before": row["before_label"],
                "after": row["after_label"],
                "direction": row["direction"],
            }
            for row in rows
        ],
        "words": {"models": _("on the day of a new model")},
    }
