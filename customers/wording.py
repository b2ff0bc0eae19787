"""Figures, money and dates as people write them, in the reader's language."""

import datetime
import math
import re
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from customers.moments import days_ago

MINUS, DASH = "−", "–"
SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "CNY": "¥", "JPY": "JP¥", "INR": "₹", "KRW": "₩"}


def amount(value, digits: int = 0) -> str:
    """A number with grouped thousands and a true minus; a dash where there is none."""
    if value is None or value == "":
        return DASH
    rounded = round(Decimal(str(value)), int(digits))
    return f"{MINUS if rounded < 0 else ''}{abs(rounded):,.{int(digits)}f}"


def capped_count(count: int, cap: int) -> str:
    """``318``, or ``1,000+`` beyond the cap."""
    return f"{amount(min(count, cap))}{'+' if count > cap else ''}"


def money(value, currency: str = "", digits: int = 0) -> str:
    """``€1,204``; amounts of single orders are given with two ``digits``."""
    if value is None or value == "":
        return DASH
    figure = amount(value, digits)
    sign = SIGNS.get(currency, f"{currency}\u00a0" if currency else "")
    return f"{MINUS}{sign}{figure[1:]}" if figure.startswith(MINUS) else f"{sign}{figure}"


def signed_money(value, currency: str = "") -> str:
    """A difference: +€24, −€6, ±€0."""
    figure = money(value, currency)
    if not any(c in "123456789" for c in figure):
        return f"±{figure.lstrip(MINUS)}"
    return figure if figure.startswith(MINUS) else f"+{figure}"


def percent(share, digits: int = 0) -> str:
    """A share of 0 to 1 in percent."""
    return DASH if share is None or share == "" else f"{amount(float(share) * 100, digits)}%"


def share(part, digits: int = 0) -> str:
    """A share of 0 to 1 in percent: nearly all is never all, and hardly any never none."""
    said = percent(part, digits)
    if part and part < 1 and said == percent(1, digits):
        return _("over %(share)s") % {"share": percent(1 - 10 ** -(digits + 2), digits)}
    if part and part > 0 and said == percent(0, digits):
        return _("under %(share)s") % {"share": percent(10 ** -(digits + 2), digits)}
    return said


def points(value, digits: int = 0) -> str:
    """Signed points: +24, −6, ±0."""
    if value is None or value == "":
        return ""
    figure = amount(value, digits)
    if not figure.strip("0.−"):
        return f"±{figure.lstrip(MINUS)}"
    return figure if figure.startswith(MINUS) else f"+{figure}"


def whole_days(gap: float) -> int:
    """A gap between orders as it is told everywhere: in whole days, half a day counts as one."""
    return math.floor(gap + 0.5)


def local(value):
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value) if timezone.is_aware(value) else value
    return value


def date_of(value) -> datetime.date:
    value = local(value)
    return value.date() if isinstance(value, datetime.datetime) else value


def day(value, other=None) -> str:
    """12 Oct, with the year where it, or the ``other`` end of the span it stands in, is not in the current one."""
    if not value:
        return DASH
    years = {date_of(one).year for one in (value, other) if one}
    this_year = years == {timezone.localdate().year}
    pattern = pgettext("date", "j M") if this_year else pgettext("date with year", "j M Y")
    return date_format(local(value), pattern)


def day_of_week(value) -> str:
    """Today, Yesterday, or Friday 20 November."""
    if not value:
        return _("Without a date")
    away = days_ago(value)
    if away in (0, 1):
        return _("Yesterday") if away else _("Today")
    return day_of_week_only(value)


def day_of_week_only(value) -> str:
    """Friday 20 November, with the year where it is not the current one."""
    this_year = date_of(value).year == timezone.localdate().year
    pattern = (
        pgettext("weekday and date", "l j F")
        if this_year
        else pgettext("weekday, date, year", "l j F Y")
    )
    return date_format(local(value), pattern)


def month(value) -> str:
    return date_format(local(value), pgettext("month and year", "M Y")) if value else DASH


def month_long(value) -> str:
    """November 2026"""
    return date_format(local(value), pgettext("whole month and year", "F Y"))


def clock(value) -> str:
    return date_format(local(value), "H:i") if value else ""


def moment(value) -> str:
    """today 06:10, or 12 Oct 06:10."""
    if not value:
        return DASH
    if date_of(value) == timezone.localdate():
        return _("today %(time)s") % {"time": clock(value)}
    return f"{day(value)} {clock(value)}"


def ago(value) -> str:
    """How far back: today, yesterday, 5 days ago, 4 months ago."""
    if not value:
        return DASH
    days = days_ago(value)
    if days <= 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    if days < 60:
        return ngettext("%(n)s day ago", "%(n)s days ago", days) % {"n": amount(days)}
    months = round(days / 30.44)
    return ngettext("%(n)s month ago", "%(n)s months ago", months) % {"n": amount(months)}


def span(time: datetime.timedelta | None) -> str:
    """A length of time in its largest fitting unit: 31 hours, 4 days."""
    if time is None:
        return DASH
    minutes = max(0, int(time.total_seconds() // 60))
    if minutes < 60:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": amount(minutes)}
    if minutes < 48 * 60:
        hours = minutes // 60
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": amount(hours)}
    days = minutes // (24 * 60)
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": amount(days)}


def sentences(*texts: str) -> str:
    """Several sentences one after the other; Chinese ones follow each other without a space."""
    gap = "" if (get_language() or "").startswith("zh") else " "
    return gap.join(str(text) for text in texts if text)


def spaced(text: str) -> str:
    """One space between Han and Latin or digits, where a sentence is put together from parts of both."""
    han, other = r"\u4e00-\u9fff", r"A-Za-z0-9\u00c0-\u024f"
    return re.sub(f"(?<=[{han}])(?=[{other}])|(?<=[{other}])(?=[{han}])", " ", text)


def visit_words(visit) -> str:
    """What somebody did on one visit: looked at, searched for, put into the cart; each thing once, in order."""
    kinds: dict[str, dict[str, int]] = {}
    for event in reversed(visit.events):
        what = event.product.name if event.product else event.subject
        seen = kinds.setdefault(event.kind, {})
        if what or event.kind not in ("page", "product_view"):
            seen[what] = seen.get(what, 0) + 1
    parts = []
    for kind, seen in kinds.items():
        things = [f"{w} ×{amount(n)}" if n > 1 and w else w for w, n in seen.items() if w]
        shown = pgettext("between two clauses", ", ").join(things[:6])
        if len(things) > 6:
            shown += f" +{amount(len(things) - 6)}"
        parts.append(_visit_part(kind, shown))
    return " · ".join(p for p in parts if p)


def _visit_part(kind: str, things: str) -> str:
    match kind:
        case "page" | "product_view":
            return _("Viewed %(things)s") % {"things": things} if things else ""
        case "search":
            return _("Searched for %(things)s") % {"things": things} if things else _("Searched")
        case "cart":
            return (
                _("Into the cart: %(things)s") % {"things": things}
                if things
                else _("Used the cart")
            )
    name = kind.replace("_", " ").capitalize()
    return f"{name}: {things}" if things else name
