"""What a notification says in the reader's language, and where it leads."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.models import Notification
from customers.notifying import BACK
from customers.wording import amount, day, percent, spaced

Kind = Notification.Kind
ICONS = {
    Kind.ASSIGNED: "user-plus", Kind.REMINDER: "clock", Kind.MENTION: "message-2", Kind.GIVEN: "gift",
    Kind.HANDED: "messages", Kind.RISK: "trending-up", Kind.COMPLAINT: "alert-triangle",
    Kind.FOLLOWED: "star",
}  # fmt: skip
QUOTED = 160  # characters


@dataclass(frozen=True)
class Said:
    text: str
    detail: str
    address: str
    icon: str


def said_of(one: Notification) -> Said:
    """Of a row with its customer, task, interaction and actor at hand."""
    text, detail = WORDS[Kind(one.kind)](one)
    return Said(spaced(text), detail, address_of(one), ICONS[Kind(one.kind)])


def address_of(one: Notification) -> str:
    if one.task:
        return one.task.get_absolute_url()
    if one.customer:
        return one.customer.get_absolute_url()
    number = one.key.rpartition(":")[2]  # of the change that handed them over
    if one.kind == Kind.GIVEN:
        query = "owner=me" if one.key.startswith(BACK) else f"given={number}"
        return f"{reverse('customers')}?{query}"
    if one.kind == Kind.HANDED and not one.key.startswith(BACK):
        return f"{reverse('interactions')}?handed={number}"
    if one.kind == Kind.FOLLOWED:
        return f"{reverse('customers')}?where=all(followed:yes)"
    return reverse("tasks" if one.kind == Kind.ASSIGNED else "home")


def _actor(one: Notification) -> str:
    return str(one.actor) if one.actor else _("Somebody")


def _customer(one: Notification) -> str:
    return one.customer.name if one.customer else ""


def _quote(text: str) -> str:
    return Truncator(text).chars(QUOTED)


def _about_task(one: Notification) -> str:
    due = one.task.due_on if one.task else None
    parts = [_customer(one), _("due %(day)s") % {"day": day(due)} if due else ""]
    return " · ".join(part for part in parts if part)


def _assigned(one: Notification) -> tuple[str, str]:
    if one.task is None:
        count = one.facts.get("count", 0)
        if one.facts.get("back"):
            words = ngettext(
                "%(person)s took back %(n)s task", "%(person)s took back %(n)s tasks", count
            )
            return words % {"person": _actor(one), "n": amount(count)}, ""
        words = ngettext(
            "%(person)s assigned you %(n)s task", "%(person)s assigned you %(n)s tasks", count
        )
        return words % {"person": _actor(one), "n": amount(count)}, ""
    words = _("%(person)s assigned you a task: %(title)s")
    return words % {"person": _actor(one), "title": one.task or ""}, _about_task(one)


def _reminder(one: Notification) -> tuple[str, str]:
    return _("Reminder: %(title)s") % {"title": one.task or ""}, _about_task(one)


def _mention(one: Notification) -> tuple[str, str]:
    said = one.interaction.text if one.interaction else one.facts.get("text", "")
    where = _customer(one)
    if not where:
        return _("%(person)s mentioned you") % {"person": _actor(one)}, _quote(said)
    words = _("%(person)s mentioned you on %(customer)s")
    return words % {"person": _actor(one), "customer": where}, _quote(said)


def _given(one: Notification) -> tuple[str, str]:
    if one.customer:
        words = _("%(person)s gave you a customer: %(customer)s")
        return words % {"person": _actor(one), "customer": one.customer.name}, ""
    count = one.facts.get("count", 0)
    words = ngettext(
        "%(person)s gave you %(n)s customer", "%(person)s gave you %(n)s customers", count
    )
    if one.facts.get("back"):
        words = ngettext(
            "%(person)s took back %(n)s customer", "%(person)s took back %(n)s customers", count
        )
    return words % {"person": _actor(one), "n": amount(count)}, ""


def _handed(one: Notification) -> tuple[str, str]:
    if one.interaction:
        words = _("%(person)s handed you a message to answer")
        if one.customer:
            words = _("%(person)s handed you a message of %(customer)s to answer")
        said = one.interaction.text or one.interaction.subject
        return words % {"person": _actor(one), "customer": _customer(one)}, _quote(said)
    count = one.facts.get("count", 0)
    words = ngettext(
        "%(person)s handed you %(n)s message to answer",
        "%(person)s handed you %(n)s messages to answer",
        count,
    )
    if one.facts.get("back"):
        words = ngettext(
            "%(person)s took back %(n)s message", "%(person)s took back %(n)s messages", count
        )
    return words % {"person": _actor(one), "n": amount(count)}, ""


def _risk(one: Notification) -> tuple[str, str]:
    words = _("%(customer)s: the churn risk rose from %(before)s to %(now)s")
    facts = {"before": percent(one.facts.get("before")), "now": percent(one.facts.get("now"))}
    return words % {"customer": _customer(one), **facts}, ""


def _complaint(one: Notification) -> tuple[str, str]:
    talk = one.interaction
    quote = _quote(talk.text or talk.subject) if talk else ""
    words = _("%(customer)s sent an unhappy message")
    if talk and talk.channel == talk.Channel.COMPLAINT:
        words = _("%(customer)s complained")
    return words % {"customer": _customer(one)}, quote


def _followed(one: Notification) -> tuple[str, str]:
    """What the owner of a customer is told, and why it is told to this reader too."""
    text, detail = FOLLOWED[one.facts.get("what", Kind.COMPLAINT)](one)
    why = _("You follow this customer") if one.customer else ""
    return text, " · ".join(part for part in (why, detail) if part)


def _followed_given(one: Notification) -> tuple[str, str]:
    facts = {"person": _actor(one), "owner": one.facts.get("owner", "")}
    if one.customer:
        words = _("%(person)s gave %(customer)s to %(owner)s")
        return words % (facts | {"customer": one.customer.name}), ""
    count = one.facts.get("count", 0)
    words = ngettext(
        "%(person)s gave %(n)s customer you follow to %(owner)s",
        "%(person)s gave %(n)s customers you follow to %(owner)s",
        count,
    )
    if one.facts.get("back"):
        words = ngettext(
            "%(person)s took back from %(owner)s %(n)s customer you follow",
            "%(person)s took back from %(owner)s %(n)s customers you follow",
            count,
        )
    return words % (facts | {"n": amount(count)}), ""


FOLLOWED = {Kind.GIVEN: _followed_given, Kind.RISK: _risk, Kind.COMPLAINT: _complaint}
WORDS = {
    Kind.ASSIGNED: _assigned, Kind.REMINDER: _reminder, Kind.MENTION: _mention, Kind.GIVEN: _given,
    Kind.HANDED: _handed, Kind.RISK: _risk, Kind.COMPLAINT: _complaint,
    Kind.FOLLOWED: _followed,
}  # fmt: skip
