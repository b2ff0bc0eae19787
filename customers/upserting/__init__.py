"""Write many facts at once: the one path for bulk facts, used by imports and by the API's lists.

Rows come in checked (right types, lengths within the model's, nothing infinite); :mod:`customers.upserting.rows`
says what a row is. Every function takes an open change set, wants to stand in the caller's transaction, and is
meant for chunks of at most :data:`CHUNK` rows::

    with transaction.atomic():
        change_set = open_change_set(ChangeSet.Source.API, request.user)
        written = replace_orders([price_order(row, rates) for row in rows], change_set)
        finish(change_set, written.touched, written.counts())

- ``upsert_customers(rows, change_set, owner=None, team=None)``: by (source, external id); only the fields and
  attributes that a row names are touched; earlier values of attributes and lifecycle are kept.
- ``upsert_products(rows, change_set)``: by SKU; changes of price and stock are kept.
- ``price_order(row, rates)``: signs, sums and base amounts worked out; raises ``BadOrder(field, reason)``;
  ``money_problems(row, rates, wrong)`` gives all of them, apart from what follows from fields that are wrong.
- ``replace_orders(rows, change_set)``: by (source, number); an order is replaced as a whole when its content differs.
- ``add_events(rows, change_set)``: by key; without one, by content: the same event sent twice is stored once.
- ``add_interactions(rows, change_set)``: by (source, external id); without an external id always a new one.
- ``finish(change_set, touched, counts)``: totals, counts and the announcement; ``touched=None`` means everyone.

All but the last return :class:`Written`: for each row, in its order, the object's id and a verdict (created,
updated, unchanged, duplicate), and the ids of the customers whose facts changed. Two rows with one key in the same
call: the second is a duplicate. If somebody else stores the same key at the same moment, the database raises
IntegrityError and the caller's transaction is undone as a whole; ``in_one_transaction`` begins it anew. Events
only: the second sender of a key finds it known, nothing is undone.
"""

from customers.upserting.customers import known_customers, upsert_customers
from customers.upserting.facts import (
    add_events,
    add_interactions,
    event_key,
    interaction_id,
    known_interactions,
    named_event_key,
)
from customers.upserting.finishing import finish
from customers.upserting.orders import (
    BadOrder,
    known_orders,
    money_problems,
    price_order,
    replace_orders,
)
from customers.upserting.products import known_products, upsert_products
from customers.upserting.retrying import in_one_transaction
from customers.upserting.returning import Returning
from customers.upserting.rows import (
    CHUNK,
    CREATED,
    DUPLICATE,
    UNCHANGED,
    UPDATED,
    CustomerRow,
    EventRow,
    InteractionRow,
    LineRow,
    OrderRow,
    ProductRow,
    Written,
)

__all__ = [
    "BadOrder",
    "CHUNK",
    "CREATED",
    "DUPLICATE",
    "UNCHANGED",
    "UPDATED",
    "CustomerRow",
    "EventRow",
    "InteractionRow",
    "LineRow",
    "OrderRow",
    "Returning",
    "ProductRow",
    "Written",
    "add_events",
    "add_interactions",
    "event_key",
    "finish",
    "in_one_transaction",
    "interaction_id",
    "named_event_key",
    "known_customers",
    "known_interactions",
    "known_orders",
    "known_products",
    "money_problems",
    "price_order",
    "replace_orders",
    "upsert_customers",
    "upsert_products",
]
