"""What customers talk about: the topics on the voice page, and a page for each with its messages."""

from django import forms
from django.contrib import messages
from django.db import IntegrityError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from customers.access import role_required
from customers.marking import marked
from customers.models import Company, User
from customers.paging import page_by
from insights.models import Topic, TopicSearch
from insights.movements import last_days
from insights.naming import tidy
from insights.outcomes import outcomes_of
from insights.requesting import request_topics
from insights.talk import Told, by_week, found_name, is_taken, messages_of, name_topic, quote, told
from insights.talk_sums import sees_teams
from insights.views.segments import READERS
from insights.views.voice import (
    NEWEST_FIRST,
    address,
    message_links,
    place_of,
    ready,
    table_links,
    unhappy_url,
)

SHOWN, PAGE, WEEKS = 6, 25, 52
INVALID = 422
WIDTH, HEIGHT, GAP = 720, 80, 2


class NameForm(forms.Form):
    name = forms.CharField(
        max_length=Topic.LONGEST, required=False, label=gettext_lazy("Name of the topic")
    )

    def __init__(self, *args, number: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.number = number

    def clean_name(self) -> str:
        name = tidy(self.cleaned_data["name"])
        if is_taken(self.number, name):
            raise forms.ValidationError(_("Another topic has this name already."))
        return name


@require_safe
def topics(request):
    """The card of the voice page; whoever opens its address by itself gets that page."""
    if not request.htmx:
        return redirect("voice")
    some = told(request.user)
    shown = some[: max(SHOWN, sum(one.is_rising for one in some))]
    quote(request.user, shown)
    for one in some:
        lead_on(one)
    context = {
        "topics": shown,
        "others": some[len(shown) :],
        "files": table_links("topics"),
        "search": TopicSearch.objects.first(),
        "currency": Company.current().base_currency,
    }
    return render(request, "insights/_topics.html", context)


@require_POST
@role_required(User.Role.ADMIN)
def topics_search(request):
    request_topics(afresh=True)
    messages.success(request, _("A worker is looking for topics; they appear here within minutes."))
    return redirect("voice")


@require_safe
def topic(request, number):
    topics = Topic.objects.visible_to(request.user)
    return topic_page(request, get_object_or_404(topics, number=number))


def lead_on(one: Told) -> None:
    """Each figure and quote leads to the messages behind it."""
    span = last_days(one.days)
    one.url = address({"topic": one.topic.number, "since": span.first, "until": span.last})
    for talk in one.quotes:
        talk.marked = marked(talk)
        if talk.customer:
            talk.url = place_of(talk)


def topic_page(request, topic: Topic, form: NameForm | None = None, status: int = 200):
    span = last_days(7 * WEEKS)
    page = page_by(
        messages_of(request.user, topic), NEWEST_FIRST, True, PAGE,
        request.GET.get("after", ""), request.GET.get("before", ""),
    )  # fmt: skip
    talks = ready([row.reading.interaction for row in page.rows])
    found = told(request.user, [topic.number])
    for one in found:
        lead_on(one)
    context = {
        "topic": topic, "one": found[0] if found else None, "found": found_name(topic), "form": form,
        "outcomes": outcomes_of(request.user, [topic]).get(topic.pk), "is_compared": sees_teams(request.user),
        "bars": bars_of(topic, by_week(request.user, topic, WEEKS)), "page": page, "talks": talks,
        "currency": Company.current().base_currency, "unhappy_url": unhappy_url({"topic": topic.number}),
        "weeks_files": table_links("weeks", {"topic": topic.number}),
        "messages_files": message_links({"topic": topic.number, "since": span.first, "until": span.last}),
    }  # fmt: skip
    return render(request, "insights/topic.html", context, status=status)


def bars_of(topic: Topic, weeks) -> dict:
    """Places of the bars, from zero; the same figures for a table."""
    most = max((n for *_, n in weeks), default=0) or 1
    step = WIDTH / len(weeks)
    bars = [
        {"first": first, "last": last, "n": n, "x": i * step + GAP / 2, "width": step - GAP,
         "y": HEIGHT - n / most * (HEIGHT - 2), "height": n / most * (HEIGHT - 2),
         "url": address({"topic": topic.number, "since": first, "until": last})}
        for i, (first, last, n) in enumerate(weeks)
    ]  # fmt: skip
    return {"bars": bars, "width": WIDTH, "height": HEIGHT, "total": sum(n for *_, n in weeks)}


@require_POST
@role_required(*READERS)
def topic_name(request, number):
    row = get_object_or_404(Topic, number=number)
    form = NameForm(request.POST, number=number)
    if not form.is_valid():
        return topic_page(request, row, form, INVALID)
    try:
        change_set = name_topic(number, form.cleaned_data["name"], request.user)
    except IntegrityError:  # somebody gave it to another topic in the same moment
        form.add_error("name", _("Another topic has this name already."))
        return topic_page(request, row, form, INVALID)
    if change_set:
        given = form.cleaned_data["name"]
        words = _("Topic renamed") if given else _("Topic has its own name again")
        messages.success(request, words, extra_tags=f"undo-{change_set.pk}")
    return redirect("voice-topic", number)
