"""What templates say and draw over and over: icons, money, dates, meters, badges, the navigation."""

import datetime

from django import template
from django.templatetags.static import static
from django.utils.dateparse import parse_date
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from customers import wording
from customers.countries import country_name
from customers.models import HIGH_RISK, MEDIUM_RISK, Segment, Task
from customers.pages import pages_for
from customers.task_forms import later_days

register = template.Library()
for name in (
    "money", "signed_money", "percent", "share", "points", "amount", "day", "day_of_week", "day_of_week_only",
    "month", "month_long", "moment", "clock", "ago", "span",
):  # fmt: skip
    register.filter(name, getattr(wording, name))
register.filter("spaced", wording.spaced, is_safe=True)
register.filter(country_name)
register.filter(later_days)


@register.simple_tag
def icon(name: str, size: str = "") -> str:
    """An icon of the sprite; ``size`` is empty, "s" or "l". It says nothing to a screen reader."""
    return format_html(
        '<svg class="c-i{}" aria-hidden="true"><use href="{}#i-{}"/></svg>',
        f" c-i-{size}" if size else "",
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag
def outcomes() -> list[tuple[str, str]]:
    """What may come of a task: codes and words."""
    return Task.Outcome.choices


@register.simple_tag
def then_sentence() -> str:
    """What stands between two sentences: a space, and nothing in Chinese."""
    return wording.sentences("x", "x").strip("x")


@register.filter
def in_sentences(texts) -> str:
    return wording.sentences(*texts)


@register.filter
def risk_level(risk: float | None) -> str:
    """'high', 'medium', 'low', or '' where there is no score; of the risk as it is shown, in whole percent."""
    if risk is None:
        return ""
    risk = round(risk, 2)
    return "high" if risk >= HIGH_RISK else "medium" if risk >= MEDIUM_RISK else "low"


@register.filter
def risk_word(risk: float | None) -> str:
    return {"high": _("High"), "medium": _("Medium"), "low": _("Low")}.get(risk_level(risk), "")


@register.filter
def money_2(value, currency: str = "") -> str:
    """The amount of a single order or product, with its cents."""
    return wording.money(value, currency, 2)


@register.filter
def quantity(value) -> str:
    """3, or 0.5: without the zeros that the column keeps."""
    return wording.amount(value, 0 if value == value.to_integral_value() else 2)


@register.filter
def figure(value) -> str:
    """A number of a company's own field, with as many digits as it has; what is no number as it is."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return wording.DASH if value in (None, "") else str(value)
    return wording.amount(value, 0 if float(value).is_integer() else 2)


@register.filter
def iso_day(value) -> str:
    """A day that a field of the company's own holds as text."""
    found = parse_date(value) if isinstance(value, str) else None
    return wording.day(found) if found else str(value or wording.DASH)


@register.filter
def whole_days_said(value) -> str:
    """24 days; a dash where there is none."""
    if value is None:
        return wording.DASH
    return wording.span(datetime.timedelta(days=wording.whole_days(value)))


@register.filter
def unlocal(value: float) -> str:
    """A number for a drawing, with a point in every language."""
    return f"{float(value):.2f}"


@register.filter
def language_word(code: str) -> str:
    """The language's own name."""
    try:
        return get_language_info(code)["name_local"].capitalize()
    except KeyError:
        return code


CHANNEL_ICONS = {
    "call": "phone", "email": "mail", "chat": "message-circle", "meeting": "users", "note": "note",
    "review": "star", "complaint": "alert-triangle", "social": "world",
}  # fmt: skip


@register.filter
def channel_icon(channel: str) -> str:
    return CHANNEL_ICONS.get(channel, "message-2")


@register.filter
def words_of(text: str) -> list[str]:
    """The words of a text, to go through them one by one."""
    return text.split()


@register.filter
def get(mapping: dict, name: str):
    """What a mapping holds under a name that the template works out."""
    return mapping.get(name)


@register.filter
def is_poor(talk) -> bool:
    return talk.channel == "complaint" or (talk.rating is not None and talk.rating <= 2)


@register.filter
def visit_words(visit) -> str:
    return wording.visit_words(visit)


@register.inclusion_tag("components/risk_meter.html")
def risk_meter(risk, why="", before=None, no_score="", start=0):
    """Number, bar, change and main reason; without a score a dash and why there is none.

    The bar begins at ``start``, so that rows that are all high can still be told apart.
    """
    # A customer nobody has scored yet has no score row, which a template gives as an empty text.
    risk, before = (None if value == "" else value for value in (risk, before))
    known = risk is not None and before is not None
    return {
        "risk": risk,
        "share": None if risk is None else (risk - start) / (1 - start),
        "why": why if risk is not None else no_score,
        # From the figures as they are shown, so that a reader's subtraction is right.
        "change": round(risk * 100) - round(before * 100) if known else None,
    }


@register.simple_tag
def bar(share, level="", mark=None) -> str:
    """A bar of ``share`` (0 to 1) with an optional marker, drawn without inline styles."""
    width = 0 if share is None else max(0.0, min(1.0, float(share))) * 100
    marker = ""
    if mark is not None:
        place = max(0.0, min(0.99, float(mark))) * 100
        marker = format_html(
            '<rect class="c-bar-mark" x="{}" width="1" height="6"/>', f"{place:.1f}"
        )
    return format_html(
        '<svg class="c-bar{}"{} viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="c-bar-v" width="{}" height="6"/>{}</svg>',
        " c-bar-accent" if level == "accent" else "",
        format_html(' data-level="{}"', level) if level and level != "accent" else "",
        f"{width:.1f}",
        marker,
    )


@register.inclusion_tag("components/segment_badge.html")
def segment_badge(code):
    """Square and name of a segment (a code of customers.models.Segment)."""
    return {"code": code, "label": Segment(code).label if code in Segment.values else ""}


@register.simple_tag
def sparkline(values, label="") -> str:
    """Twelve bars, the tallest fills the height; zero is a dash. Drawn here: a list has hundreds of them."""
    top = max([0, *values]) or 1
    bars = []
    for i, value in enumerate(values):
        height = max(1.5, 21 * float(value) / float(top)) if value > 0 else 0
        bars.append(
            f'<rect x="{i * 8}" y="{22 - height:.1f}" width="5" height="{height:.1f}" rx="1"/>'
            if height
            else f'<rect class="c-spark-0" x="{i * 8}" y="20.5" width="5" height="1.5"/>'
        )
    said = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else mark_safe('aria-hidden="true"')
    )
    drawn = mark_safe("".join(bars))  # numbers only
    return format_html('<svg class="c-spark" viewBox="0 0 94 22" {}>{}</svg>', said, drawn)


@register.inclusion_tag("components/avatar.html")
def avatar(person, size=""):
    """Initials of a customer or user; the name always stands beside it."""
    return {"initials": person.initials, "size": size}


# Pages that are not called after the one of the navigation that they belong to, by the first word of their name.
ROOMS = {
    "view": "customer", "bulk": "customer", "list": "customer",
    "concern": "voice", "concerns": "voice", "group": "segment",
}  # fmt: skip


@register.simple_tag(takes_context=True)
def navigation(context) -> list[dict]:
    """The pages this person may open, in order; the current one is marked."""
    request, items, group = context["request"], [], ""
    match = request.resolver_match
    here = match.url_name if match else ""
    first = (here or "").split("-")[0]
    room = ROOMS.get(first, first)
    for page in pages_for(request.user):
        current = here == page.name or page.name.removesuffix("s") == room
        heading = page.group if page.group != group else ""
        items.append(
            {
                "url": page.url, "words": page.words, "icon": page.icon, "current": current,
                "heading": heading, "page": page.name, "key": page.key,
            }
        )  # fmt: skip
        group = page.group
    return items
