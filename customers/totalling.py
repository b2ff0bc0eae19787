"""Bring the stored totals of customers up to date, set-based, in the transaction that changed their orders."""

from collections.abc import Iterable

from django.db import connection, transaction
from django.utils import timezone

from customers.models import Customer, CustomerMonth, CustomerTotals, Order
from customers.plans import look_again

CHUNK = 2000

# Rounded, because SQLite adds up in binary fractions: a page that begins after 12.30 must not see 12.299999 again.
# The usual gap is the middle one of the gaps between days with an order, as the models know it: one long holiday is
# not what is usual.
BETWEEN_DAYS = """
SELECT customer_id, day - LAG(day) OVER (PARTITION BY customer_id ORDER BY day) AS gap FROM (
    SELECT DISTINCT o.customer_id, CASE WHEN o.kind = 'sale' THEN {day} END AS day
    FROM customers_order o {orders_where}
) purchase_days
"""
USUAL_GAPS = {
    "sqlite": """
SELECT customer_id, AVG(gap) AS days FROM (
    SELECT customer_id, gap, COUNT(*) OVER (PARTITION BY customer_id) AS gaps,
           ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY gap) AS place
    FROM ({between_days}) WHERE gap IS NOT NULL
) WHERE place IN ((gaps + 1) / 2, (gaps + 2) / 2) GROUP BY customer_id
""",
    "postgresql": """
SELECT customer_id, PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY gap) AS days
FROM ({between_days}) g WHERE gap IS NOT NULL GROUP BY customer_id
""",
}
TOTALS = """
INSERT INTO customers_customertotals
    (customer_id, orders, returns, value, first_order_at, last_order_at, usual_gap_days, updated_at)
SELECT c.id, COALESCE(t.orders, 0), COALESCE(t.returns, 0), COALESCE(ROUND(t.value, 2), 0),
       t.first_order_at, t.last_order_at, u.days, %s
FROM customers_customer c LEFT JOIN (
    SELECT o.customer_id,
           SUM(CASE WHEN o.kind = 'sale' THEN 1 ELSE 0 END) AS orders,
           SUM(CASE WHEN o.kind = 'return' THEN 1 ELSE 0 END) AS returns,
           SUM(o.base_amount) AS value,
           MIN(CASE WHEN o.kind = 'sale' THEN o.occurred_at END) AS first_order_at,
           MAX(CASE WHEN o.kind = 'sale' THEN o.occurred_at END) AS last_order_at
    FROM customers_order o {orders_where} GROUP BY o.customer_id
) t ON t.customer_id = c.id LEFT JOIN ({usual_gaps}) u ON u.customer_id = c.id
{customers_where}
"""

MONTHS = """
INSERT INTO customers_customermonth (customer_id, month, orders, value)
SELECT o.customer_id, {month}, SUM(CASE WHEN o.kind = 'sale' THEN 1 ELSE 0 END), ROUND(SUM(o.base_amount), 2)
FROM customers_order o {orders_where} GROUP BY o.customer_id, {month}
"""

DIALECTS = {
    "sqlite": {
        "day": "julianday(date(o.occurred_at))",
        "month": "date(o.occurred_at, 'start of month')",
    },
    "postgresql": {
        "day": "(o.occurred_at AT TIME ZONE 'UTC')::date",
        "month": "date_trunc('month', o.occurred_at AT TIME ZONE 'UTC')::date",
    },
}


def refresh_totals(customer_ids: Iterable[int] | None = None) -> None:
    """Recompute totals and months of these customers (None: of everyone) from their orders."""
    with transaction.atomic():
        if customer_ids is None:
            _lock([])
            look_again(
                Customer, Order
            )  # a bulk write may just have filled what was taken to be empty
            _allow_memory()
            _refresh("", "", [])
            return
        ids = sorted(set(customer_ids))
        if len(ids) >= CHUNK:
            look_again(Customer, Order)
        for start in range(0, len(ids), CHUNK):
            chunk = ids[start : start + CHUNK]
            _lock(chunk)
            marks = ", ".join(["%s"] * len(chunk))
            _refresh(f"WHERE o.customer_id IN ({marks})", f"WHERE c.id IN ({marks})", chunk)


def _allow_memory() -> None:
    """Sums over everybody sort all orders: in a few megabytes that would go through the disk again and again."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL work_mem = '256MB'")


def _lock(customer_ids: list[int]) -> None:
    """One adds up a customer's orders at a time, or two would each leave out what the other has just stored.

    In the order of the ids, so that two never wait for each other; those who only refer to a customer do not wait.
    """
    if connection.vendor != "postgresql":
        return
    if customer_ids:
        locked = Customer.objects.select_for_update(no_key=True).filter(pk__in=customer_ids)
        list(locked.order_by("pk").values_list("pk"))
        return
    with connection.cursor() as cursor:
        # Customers too, and first: who changes one has it before its totals follow.
        for table in ("customers_customer", "customers_customertotals"):
            cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")


def _refresh(orders_where: str, customers_where: str, ids: list[int]) -> None:
    words = {
        **DIALECTS[connection.vendor],
        "orders_where": orders_where,
        "customers_where": customers_where,
    }
    words["usual_gaps"] = _usual_gaps(connection.vendor, orders_where)
    for model in (CustomerTotals, CustomerMonth):
        rows = model.objects.filter(customer_id__in=ids) if ids else model.objects.all()
        rows._raw_delete(rows.db)
    with connection.cursor() as cursor:
        cursor.execute(TOTALS.format(**words), [timezone.now(), *ids, *ids, *ids])
        cursor.execute(MONTHS.format(**words), ids)


def _usual_gaps(vendor: str, orders_where: str = "") -> str:
    days = BETWEEN_DAYS.format(orders_where=orders_where, **DIALECTS[vendor])
    return USUAL_GAPS[vendor].format(between_days=days)


def refresh_usual_gaps(connection) -> None:
    """Of everybody, for a database whose totals still hold another figure."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
UPDATE customers_customertotals SET usual_gap_days = u.days FROM ({_usual_gaps(connection.vendor)}) u
WHERE u.customer_id = customers_customertotals.customer_id
"""
        )
