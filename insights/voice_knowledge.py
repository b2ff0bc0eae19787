"""What the reader of messages is handed: the company's names, and the models that are published."""

import logging
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import Max

from customers.models import Company, Customer, Order, Product, User, stored_concerns
from customers.product_names import as_lines
from customers.reader_words import OTHER
from insights.ml.storage import Unusable
from insights.ml.voice.knowledge import Knowledge, numbers_in, product_names
from insights.ml.voice.script import folded
from insights.models import OF_MESSAGES, Kind, ModelVersion
from insights.scoring import model_of

# Raised when the rules read differently, so that it can be told what has read a message; with a migration that has
# the messages read anew which earlier rules have read.
RULES = "rules-5"
KEPT_SECONDS = 300
MOST_PLACES = 5_000
MOST_NUMBERS = 100  # of one text

logger = logging.getLogger(__name__)

_known: tuple[float, Any, Knowledge | None] = (0.0, None, None)  # until when, of which state


@dataclass(frozen=True)
class Readers:
    """The published models of texts (None: rules alone), and what to call them together; ``plain``: without the
    model of feelings, which reads the channels it has learnt from and no other."""

    sentiment: Any = None
    intent: Any = None
    version: str = RULES
    plain: str = RULES

    @property
    def channels(self) -> list[str] | None:
        """Where the model of feelings has shown what it is worth; None: everywhere."""
        return getattr(self.sentiment, "params", {}).get("channels")

    def feels(self, channel: str) -> bool:
        return self.sentiment is not None and (self.channels is None or channel in self.channels)

    def version_for(self, channel: str) -> str:
        return self.version if self.feels(channel) else self.plain


def readers() -> Readers:
    """What reads at the moment; a model whose files cannot be used leaves its part to the rules."""
    found: dict[str, Any] = {}
    names = [RULES]
    published = ModelVersion.objects.filter(kind__in=OF_MESSAGES, is_champion=True)
    for version in published.order_by("kind"):
        try:
            found[version.kind] = model_of(version)
        except Unusable as error:
            logger.error("%s cannot read: %s", version, error)
        else:
            names.append(f"{version.kind}-{version.number}")
    plain = " ".join(name for name in names if not name.startswith(f"{Kind.SENTIMENT}-"))
    return Readers(**found, version=" ".join(names), plain=plain)


def load_readers() -> None:
    """Have the models in memory before the first message comes."""
    try:
        readers()
    except (
        DatabaseError
    ) as error:  # not migrated yet, or not there yet: then it is loaded when asked
        logger.warning("Models are not loaded beforehand: %s", error)
    finally:
        connection.close()


def knowledge_of(messages: Sequence[Any]) -> Knowledge:
    """The company's names, with the orders of those who wrote: nobody's message leads to somebody else's order."""
    whom = {one.customer_id for one in messages if one.customer_id}
    orders = Order.objects.filter(customer__in=whom).exclude(number="")
    return _company().with_orders(orders.values_list("pk", "number"))


def knowledge_for(user: User, words: str) -> Knowledge:
    """The company's names for words of nobody known: with those orders that this user may see. A number that several
    orders have leads to none of them."""
    said = sorted(numbers_in(words))[:MOST_NUMBERS]
    spelt = {how for one in said for how in (one, one.upper(), f"#{one}", f"#{one.upper()}")}
    orders = Order.objects.visible_to(user).filter(number__in=spelt).values_list("pk", "number")
    known = Counter(folded(number).lstrip("#") for _, number in orders)
    return _company().with_orders(
        [(pk, number) for pk, number in orders if known[folded(number).lstrip("#")] == 1]
    )


def _company() -> Knowledge:
    """Names that change rarely: read, and made ready to be searched for, once in a while; the words of concerns
    and the names of products hold at once."""
    global _known
    until, before, known = _known
    said = wordings()
    state = said, Product.objects.aggregate(latest=Max("updated_at"))["latest"]
    if known is None or state != before or time.monotonic() > until:
        products = Product.objects.filter(archived_at=None).order_by("pk")
        cities = Customer.objects.exclude(city="").order_by("city").values_list("city", flat=True)
        known = Knowledge.of(
            products=product_names(
                (pk, name, as_lines(others), sku)
                for pk, name, others, sku in products.values_list(
                    "pk", "name", "also_called", "sku"
                )
            ),
            people=[(user.pk, str(user)) for user in User.objects.filter(is_active=True)],
            places=[(None, city) for city in cities.distinct()[:MOST_PLACES]],
            reasons=said,
            ourselves=Company.objects.values_list("name", flat=True).first() or "",
        )
        _known = time.monotonic() + KEPT_SECONDS, state, known
    return known


def wordings() -> list[tuple[str, str]]:
    """What the company says that its customers say, by the code of the concern; none of those that are off."""
    now = stored_concerns()
    return [
        (code, words)
        for code, said in now.words.items()
        if now.stands_for(code) != OTHER
        for words in said
    ]
