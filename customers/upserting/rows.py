"""What the bulk functions take and give back."""

import datetime
import uuid
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

# SQLite's writers wait for each other: no statement carries more rows than this.
CHUNK = 2000

CREATED, UPDATED, UNCHANGED, DUPLICATE = "created", "updated", "unchanged", "duplicate"


def differs(name: str, old, new) -> bool:
    """Whether a field is to be written; who is archived stays so since when they were."""
    return old != new and not (name == "archived_at" and old and new)


@dataclass(slots=True)
class CustomerRow:
    """``fields`` by the model's names (kind, name, email …); what is not named stays as it is.

    ``attributes`` hold values as JSON has them (see customers.editing.clean_value) under names that exist as
    CustomAttribute; None takes one away. ``valid_from`` says since when they hold: None is "always" for a first value,
    now for a later one.
    ``tags`` are names, made if need be; None leaves a customer's tags as they are. ``external_ids`` are all ids that
    the customer has, the row's own among them, and nobody else's; None leaves them as they are.
    """

    source: str
    external_id: str
    fields: dict[str, Any] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)
    valid_from: datetime.datetime | None = None
    tags: frozenset[str] | None = None
    external_ids: tuple[tuple[str, str], ...] | None = None


@dataclass(slots=True)
class ProductRow:
    """``fields`` by the model's names; ``valid_from`` says since when price and stock hold, as for customers."""

    sku: str
    fields: dict[str, Any] = field(default_factory=dict)
    valid_from: datetime.datetime | None = None


@dataclass(slots=True)
class LineRow:
    """One line; ``amount`` None is quantity × unit price. ``base_amount`` is filled by price_order.

    ``sku`` is what the sender calls the product, for those who look its id up afterwards.
    """

    product_id: int | None
    quantity: Decimal
    unit_price: Decimal
    description: str = ""
    amount: Decimal | None = None
    base_amount: Decimal | None = None
    sku: str | None = None

    @property
    def is_discount(self) -> bool:
        """Money off and nothing sold, such as a coupon; known once it is priced."""
        return self.amount is not None and self.quantity * self.amount < 0


@dataclass(slots=True)
class OrderRow:
    """One order; ``amount`` None is the sum of its lines. ``base_amount`` is filled by price_order.

    ``kind`` None is found from the sign of the amount: a sale, or a return when money went back.
    """

    source: str
    number: str
    customer_id: int
    occurred_at: datetime.datetime
    currency: str
    kind: str | None = None
    channel: str = ""
    amount: Decimal | None = None
    lines: list[LineRow] = field(default_factory=list)
    returns_id: int | None = None
    base_amount: Decimal | None = None


@dataclass(slots=True)
class EventRow:
    customer_id: int
    kind: str
    occurred_at: datetime.datetime
    subject: str = ""
    product_id: int | None = None
    seconds: int | None = None
    key: uuid.UUID | None = None


@dataclass(slots=True)
class InteractionRow:
    """``keeps_author``: nothing is said of who wrote it, and who is stored stays."""

    channel: str
    customer_id: int | None = None
    direction: str = "in"
    subject: str = ""
    text: str = ""
    rating: int | None = None
    language: str = ""
    occurred_at: datetime.datetime | None = None
    author_id: int | None = None
    order_id: int | None = None
    product_id: int | None = None
    source: str = ""
    external_id: str | None = None
    keeps_author: bool = False


@dataclass(slots=True)
class Written:
    """What became of each row, in the order given."""

    ids: list[int] = field(default_factory=list)
    verdicts: list[str] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)

    def counts(self) -> dict[str, int]:
        return dict(Counter(self.verdicts))
