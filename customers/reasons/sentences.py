"""From a reason's code to its sentence."""

from collections.abc import Callable

from django.utils.translation import ngettext

from customers.reasons.buying import BUYING
from customers.reasons.contact import CONTACT
from customers.reasons.person import ATTRIBUTE, PERSON, attribute
from customers.reasons.words import Words
from customers.wording import amount


def others(f: dict, w: Words) -> str:
    count = f.get("count") or 0
    return ngettext("%(n)s smaller reason", "%(n)s smaller reasons", count) % {"n": amount(count)}


SENTENCES: dict[str, Callable[[dict, Words], str]] = {
    f.__name__: f for f in (*BUYING, *CONTACT, *PERSON, others)
}


def sentence(reason: dict, words: Words) -> str:
    """One reason as a sentence; a code nobody has words for is shown as it is, never hidden."""
    code, facts = reason["code"], reason.get("facts") or {}
    if code.startswith(ATTRIBUTE):
        return attribute(code, facts, words)
    say = SENTENCES.get(code)
    return say(facts, words) if say else code.replace("_", " ").capitalize()
