"""How orders are numbered here, so that the digits of a number alone ("10423" of "N10423") find it by its index."""

import re
from collections import Counter

from django.apps import apps
from django.core.cache import cache

KEPT = 600  # seconds
LOOKED_AT = 5_000  # orders, the newest
MOST = 10  # ways of numbering
SHORTEST = 4  # digits; fewer say too little
NUMBERED = re.compile(r"(.*\D)(\d+)")


def ways() -> list[tuple[str, int]]:
    """What usually stands before the digits, and how many digits there are: the most frequent ones of late."""
    found = cache.get("order-numbers")
    if found is None:
        newest = apps.get_model("customers", "Order").objects.order_by("-pk")
        numbers = newest.values_list("number", flat=True)[:LOOKED_AT]
        parts = (match.groups() for number in numbers if (match := NUMBERED.fullmatch(number)))
        counts = Counter((before, len(digits)) for before, digits in parts)
        found = [way for way, __ in counts.most_common(MOST)]
        cache.set("order-numbers", found, KEPT)
    return found


def written_out(digits: str) -> set[str]:
    """The whole numbers that may be meant by these digits, also where zeros before them were left out."""
    if len(digits) < SHORTEST or not (digits.isascii() and digits.isdecimal()):
        return set()
    return {before + zeros for before, size in ways() for zeros in (digits, digits.zfill(size))}
