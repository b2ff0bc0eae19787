"""The database as columnar tables, as of a moment: the only door between the ORM and the learners.

What the tables hold is said in insights.ml.tables. Facts are read strictly before the moment; attributes
come with their whole history before it. Customers who refused profiling are in none of the tables.
"""

import datetime
import json
import random
from collections.abc import Collection, Iterable, Iterator, Mapping

import pyarrow as pa
from django.db import connection

from customers.models import Company, Customer
from insights.columns import read_columns
from insights.ml.tables import SCHEMAS, connect
from insights.statements import in_list

# {profiled} keeps to the customers asked for and allowed; it stands behind WHERE, customers named c. {of_o} and
# {of_v} say the same of a table that refers to them: PostgreSQL does not conclude a range from a join, and would
# read the facts of everybody up to the last customer asked for.
QUERIES = {
    "customers": """
        SELECT c.id, c.kind, c.country, c.language, {known_since}
        FROM customers_customer c WHERE {profiled} ORDER BY c.id
    """,
    "orders": """
        SELECT o.id, o.customer_id, {occurred_at}, o.kind, o.base_amount
        FROM customers_order o JOIN customers_customer c ON c.id = o.customer_id
        WHERE {profiled} {of_o} AND o.occurred_at < %(as_of)s ORDER BY o.id
    """,
    # A discount is no product that somebody bought.
    "lines": """
        SELECT o.id, o.customer_id, l.product_id, {occurred_at}, o.kind, l.quantity, l.base_amount
        FROM customers_orderline l
        JOIN customers_order o ON o.id = l.order_id
        JOIN customers_customer c ON c.id = o.customer_id
        WHERE {profiled} {of_o} AND o.occurred_at < %(as_of)s
            AND NOT (o.kind = 'sale' AND l.quantity > 0 AND l.amount < 0) ORDER BY l.id
    """,
    "events": """
        SELECT o.customer_id, {occurred_at}, o.kind, o.product_id, o.seconds
        FROM customers_event o JOIN customers_customer c ON c.id = o.customer_id
        WHERE {profiled} {of_o} AND o.occurred_at < %(as_of)s ORDER BY o.id
    """,
    "interactions": """
        SELECT o.customer_id, {occurred_at}, o.channel, o.direction, o.rating
        FROM customers_interaction o JOIN customers_customer c ON c.id = o.customer_id
        WHERE {profiled} {of_o} AND o.occurred_at < %(as_of)s ORDER BY o.id
    """,
    "readings": """
        SELECT o.customer_id, {occurred_at}, o.label, o.sentiment, o.intent, t.number
        FROM customers_messagereading o
        JOIN customers_customer c ON c.id = o.customer_id
        LEFT JOIN insights_messagetopic a ON a.reading_id = o.interaction_id
        LEFT JOIN insights_topic t ON t.id = a.topic_id
        WHERE {profiled} {of_o} AND o.occurred_at < %(as_of)s AND o.label <> '' ORDER BY o.interaction_id
    """,
    # The record is right as it stands unless a change after the moment is known; then the last one before it.
    "products": """
        SELECT p.id, p.name, p.category, p.description,
            CASE WHEN {price_changed} THEN {price_then} ELSE p.price END * CASE
                WHEN p.currency IN ('', %(base)s) THEN 1
                ELSE (SELECT r.rate FROM customers_exchangerate r
                      WHERE r.currency = p.currency AND r.valid_from <= %(day)s
                      ORDER BY r.valid_from DESC LIMIT 1) END,
            CASE WHEN {stock_changed} THEN {stock_then} ELSE p.in_stock END,
            p.archived_at IS NOT NULL AND p.archived_at < %(as_of)s
        FROM customers_product p ORDER BY p.id
    """,
    # A current value without a history has been so always, as far as anybody knows.
    "attributes": """
        SELECT c.id, a.name, a.type, {current}, NULL, 0
        FROM customers_customer c {each_attribute} JOIN customers_customattribute a ON a.name = e.key
        WHERE {profiled} AND NOT EXISTS (
            SELECT 1 FROM customers_customervalue v
            WHERE v.customer_id = c.id AND v.field = {field} {of_v})
        UNION ALL
        SELECT c.id, a.name, a.type, {earlier}, {valid_from}, v.id
        FROM customers_customervalue v
        JOIN customers_customer c ON c.id = v.customer_id
        JOIN customers_customattribute a ON {field_of} = v.field
        WHERE {profiled} {of_v} AND (v.valid_from IS NULL OR v.valid_from < %(as_of)s)
        ORDER BY 1, 2, 5
    """,
}

RAW_ATTRIBUTES = pa.schema(
    [
        ("customer_id", pa.int64()),
        ("name", pa.string()),
        ("type", pa.string()),
        ("value", pa.string()),
        ("valid_from", pa.timestamp("us")),
        ("entry", pa.int64()),
    ]
)
# Of two values since the same moment the one noted last holds, in whichever order the database hands them over.
# Days count from 1970-01-01, yes is 1 and no is 0; what does not fit its type is unknown.
TYPED_ATTRIBUTES = """
    SELECT customer_id, name, type,
        CASE WHEN type IN ('text', 'choice') THEN NULLIF(value, '') END AS text,
        CASE type
            WHEN 'number' THEN CASE WHEN isfinite(TRY_CAST(value AS DOUBLE)) THEN TRY_CAST(value AS DOUBLE) END
            WHEN 'date' THEN date_diff('day', DATE '1970-01-01', TRY_CAST(left(value, 10) AS DATE))
            WHEN 'boolean' THEN CASE WHEN lower(value) IN ('true', '1', 'yes') THEN 1
                                     WHEN lower(value) IN ('false', '0', 'no') THEN 0 END
        END::DOUBLE AS number,
        valid_from
    FROM raw
    QUALIFY ROW_NUMBER() OVER (PARTITION BY customer_id, name, valid_from ORDER BY entry DESC) = 1
    ORDER BY customer_id, name, valid_from
"""


def load_tables(
    as_of: datetime.datetime,
    customer_ids: Collection[int] | None = None,
    names: Iterable[str] | None = None,
    archived: bool = False,
) -> dict[str, pa.Table]:
    """The company before the moment ``as_of`` (aware).

    ``customer_ids``: these customers only; a ``range`` is read as a range of keys. Products are always all.
    ``names``: these tables only. ``archived``: archived customers too; what they did is experience to learn
    from, but nobody acts on them.
    """
    tables = Unread(as_of, customer_ids, archived)
    return {name: tables[name] for name in names or SCHEMAS}


class Unread(Mapping[str, pa.Table]):
    """The same tables, each read when it is first looked at."""

    def __init__(
        self,
        as_of: datetime.datetime,
        customer_ids: Collection[int] | None = None,
        archived: bool = False,
    ):
        self._scope = _Scope(as_of, customer_ids, archived)
        self._read: dict[str, pa.Table] = {}

    def __getitem__(self, name: str) -> pa.Table:
        if name not in self._read:
            schema = RAW_ATTRIBUTES if name == "attributes" else SCHEMAS[name]
            query = QUERIES[name].format(**self._scope.words)
            table = read_columns(query, self._scope.params, schema)
            self._read[name] = _typed(table) if name == "attributes" else table
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(SCHEMAS)

    def __len__(self) -> int:
        return len(SCHEMAS)


def drawn(most: int, attribute: str = "") -> list[int] | None:
    """Ids of so many customers to learn from, drawn at random; None, meaning everyone, where there are no more.

    Only those are worth drawing who have bought, or who carry the attribute that says what became of them.
    """
    if not Customer.objects.order_by().values("pk")[most : most + 1].exists():
        return None
    among = {"attributes__has_key": attribute} if attribute else {"totals__orders__gt": 0}
    whom = Customer.objects.filter(profiling_refused=False, **among).order_by("pk")
    ids = list(whom.values_list("pk", flat=True))
    return sorted(random.Random(42).sample(ids, most)) if len(ids) > most else ids


class _Scope:
    """What the queries are filled with: the moment, the customers asked for, the engine's own words."""

    def __init__(self, as_of, customer_ids, archived):
        sqlite = connection.vendor == "sqlite"
        self.params = {
            "as_of": connection.ops.adapt_datetimefield_value(as_of),
            "day": as_of.astimezone(datetime.UTC).date().isoformat(),
            "base": Company.current().base_currency,
        }
        profiled = "NOT c.profiling_refused"
        if not archived:
            profiled += " AND c.archived_at IS NULL"
        asked = ""
        if isinstance(customer_ids, range):
            asked = " AND {0} >= %(low)s AND {0} < %(high)s"
            self.params |= {"low": customer_ids.start, "high": customer_ids.stop}
        elif customer_ids is not None:
            ids = sorted({int(i) for i in customer_ids})
            asked = f" AND {{0}} {in_list('ids')}"
            self.params["ids"] = json.dumps(ids) if sqlite else ids
        self.words = {
            "profiled": profiled + asked.format("c.id"),
            "of_o": asked.format("o.customer_id"),
            "of_v": asked.format("v.customer_id"),
            **(SQLITE if sqlite else POSTGRESQL),
        }


def _product_words(as_text: str) -> dict[str, str]:
    of = "FROM customers_productvalue v WHERE v.product_id = p.id AND v.field = "
    known = "AND (v.valid_from IS NULL OR v.valid_from < %(as_of)s)"
    last = f"{known} ORDER BY v.valid_from DESC NULLS LAST, v.id DESC LIMIT 1"
    return {
        "price_changed": f"EXISTS (SELECT 1 {of} 'price' AND v.valid_from >= %(as_of)s)",
        "price_then": f"(SELECT CAST({as_text} AS NUMERIC) {of} 'price' {last})",
        "stock_changed": f"EXISTS (SELECT 1 {of} 'in_stock' AND v.valid_from >= %(as_of)s)",
        "stock_then": f"(SELECT {as_text} IN ('true', '1') {of} 'in_stock' {last})",
    }


POSTGRESQL = {
    "occurred_at": "o.occurred_at AT TIME ZONE 'UTC'",
    "known_since": "c.known_since AT TIME ZONE 'UTC'",
    "valid_from": "v.valid_from AT TIME ZONE 'UTC'",
    "current": "e.value #>> '{}'",
    "earlier": "v.value #>> '{}'",
    "each_attribute": "CROSS JOIN jsonb_each(c.attributes) e",
    "field": "'attribute:' || e.key",
    "field_of": "'attribute:' || a.name",
    **_product_words("v.value #>> '{}'"),
}
# A bare column would run through Django's converters, one Python call per value.
SQLITE = {
    "occurred_at": "o.occurred_at || ''",
    "known_since": "c.known_since || ''",
    "valid_from": "v.valid_from || ''",
    "current": "CAST(e.value AS TEXT)",
    "earlier": "CAST(json_extract(v.value, '$') AS TEXT)",
    "each_attribute": "JOIN json_each(c.attributes) e",
    "field": "'attribute:' || e.key",
    "field_of": "'attribute:' || a.name",
    **_product_words("CAST(json_extract(v.value, '$') AS TEXT)"),
}


def _typed(raw: pa.Table) -> pa.Table:
    with connect({"raw": raw}) as engine:
        return engine.sql(TYPED_ATTRIBUTES).to_arrow_table().cast(SCHEMAS["attributes"])
