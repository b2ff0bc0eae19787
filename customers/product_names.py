"""The names of a product. Other names, such as the one in another language, are kept as a text with one a line."""

import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from customers.models import Product

# What a product is known by in messages.
FIELDS = ("sku", "name", "also_called")
MOST, LONGEST = 20, 200


def as_text(names: Iterable[str]) -> str:
    """Each name once, whatever its case; raises ValidationError."""
    told = [name for one in names if (name := one.strip())]
    if len(told) > MOST:
        raise ValidationError(_("At most %(n)s other names.") % {"n": MOST}, "max_length")
    for name in told:
        if any(unicodedata.category(c) in ("Cc", "Zl", "Zp") for c in name):
            raise ValidationError(_("A name is one line without control characters."), "invalid")
        if len(name) > LONGEST:
            words = _("A name has at most %(n)s characters.") % {"n": LONGEST}
            raise ValidationError(words, "max_length")
    once = {name.casefold(): name for name in reversed(told)}  # as it was written first
    return "\n".join(reversed(once.values()))


def as_lines(text: str) -> list[str]:
    """The names of a text that :func:`as_text` has made."""
    return text.split("\n") if text else []


def changed_names(before: dict[str, str], product: "Product") -> set[str]:
    """Names that a product has now and had not before, or the other way round; ``before``: what FIELDS were."""
    now = {name: getattr(product, name) for name in FIELDS}
    return _names_of(now | {name: before[name] for name in FIELDS if name in before}) ^ _names_of(
        now
    )


def _names_of(fields: dict[str, str]) -> set[str]:
    return {fields["sku"], fields["name"], *as_lines(fields["also_called"])}


def named(text: str) -> Q:
    """Products with a name that holds the text."""
    return Q(name__icontains=text) | Q(also_called__icontains=text)
