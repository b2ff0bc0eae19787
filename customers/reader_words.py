"""What the reader of messages calls things, in words: concerns, aspects, kinds of names, reasons for haste.

What a company makes of its concerns stands in customers.models.concerns.
"""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

OTHER = "other"

INTENTS = {
    "late_delivery": _("Late delivery"),
    "damaged": _("Damaged"),
    "missing_item": _("Something is missing"),
    "wrong_item": _("Wrong item"),
    "quality": _("Poor quality"),
    "service": _("Poor service"),
    "refund": _("Refund"),
    "return": _("Return"),
    "exchange": _("Exchange"),
    "cancel": _("Cancelling"),
    "unsubscribe": _("No more messages"),
    "invoice": _("Invoice"),
    "payment": _("Payment"),
    "price": _("Price"),
    "order_status": _("Where is the order"),
    "order_change": _("Change of an order"),
    "account": _("Account"),
    "website": _("Website"),
    "wholesale": _("Wholesale"),
    "question": _("Question"),
    "praise": _("Praise"),
    "thanks": _("Thanks"),
    OTHER: _("Something else"),
}
ASPECTS = {
    "delivery": _("Delivery"),
    "price": _("Price"),
    "quality": _("Quality"),
    "service": _("Service"),
    "taste": _("Taste"),
    "packaging": _("Packaging"),
    "website": _("Website"),
    "returns": _("Returns"),
    "payment": _("Payment"),
    "selection": _("Selection"),
    "appearance": _("Appearance"),
    "size": _("Size"),
    "description": _("Description"),
    "battery": _("Battery"),
    "location": _("Location"),
    "room": _("Room"),
}
ENTITIES = {
    "product": _("Product"),
    "order": _("Order"),
    "person": _("Person"),
    "place": _("Place"),
    "money": _("Amount"),
    "date": _("Date"),
    "email": _("E-mail address"),
    "phone": _("Phone number"),
}
URGENCY = {
    "cancel_threat": _("Threatens to leave"),
    "legal": _("Speaks of legal steps"),
    "public_threat": _("Threatens to go public"),
    "safety": _("Speaks of a danger"),
    "fraud": _("Speaks of fraud"),
    "deadline": _("Sets a deadline"),
    "repeated_contact": _("Writes again about the same"),
    "waiting_long": _("Has waited long"),
    "anger": _("Very upset"),
    "many_complaints": _("Third complaint in a month"),
}
LANGUAGES = {
    "en": _("English"),
    "zh-Hans": _("Simplified Chinese"),
    "zh-Hant": _("Traditional Chinese"),
    "mixed": _("Mixed languages"),
    "other": _("Another language"),
}


MODELS = {"sentiment": _("Feelings"), "intent": _("Concerns")}


def _said(words: dict, code: str) -> str:
    return str(words.get(code) or code.replace("_", " ").capitalize())


def aspect_word(code: str) -> str:
    return _said(ASPECTS, code)


def entity_word(kind: str) -> str:
    return _said(ENTITIES, kind)


def urgency_words(codes: Iterable[str]) -> str:
    return pgettext("between two clauses", ", ").join(_said(URGENCY, code) for code in codes)


def readers_words(version: str) -> str:
    """``rules-1 intent-2 sentiment-3`` → Concerns v2, Feelings v3; the built-in rules are not named."""
    parts = (part.rpartition("-") for part in version.split())
    told = [f"{MODELS[name]} v{number}" for name, _dash, number in parts if name in MODELS]
    return pgettext("between two clauses", ", ").join(told)
