"""Customers and products that an order file speaks of: created when nobody knows them, else left as they are."""

from decimal import ROUND_HALF_UP, Decimal

from customers.importing import converting
from customers.importing.kinds.base import Ids, Run
from customers.importing.kinds.customers import CONTACT
from customers.inserting import chunked
from customers.money import CENT
from customers.upserting import CustomerRow, ProductRow, upsert_customers, upsert_products

# What the file's latest row says of each customer and product: SQLite takes a query's bare columns from the
# row in which max() was found. A row that takes money off says nothing of a price, where another does.
PEOPLE = """
CREATE TABLE people AS SELECT f_customer AS id, {contact}, max(f_occurred_at) AS last
FROM rows GROUP BY f_customer
"""
FIRST = (
    "CREATE TABLE first AS SELECT f_customer AS id, min(f_occurred_at) AS at FROM rows GROUP BY 1"
)
GOODS = """
CREATE TABLE goods AS SELECT f_product AS id, f_product_name AS name, f_description AS description,
    f_product_category AS category, f_unit_price AS price, f_currency AS currency, f_occurred_at AS last,
    max(f_occurred_at - (COALESCE(f_unit_price, '') LIKE '-%') * 4000000000000000000)
FROM rows WHERE f_product IS NOT NULL GROUP BY f_product
"""


def meet_customers(run: Run, source: str, external_ids: set[str], known: Ids) -> dict[str, int]:
    """Ids of all of them; the new ones carry what the file says, and are customers since their first order."""
    ids = known.of(external_ids)
    for chunk in chunked(sorted(external_ids - ids.keys())):
        rows = [_customer(source, row) for row in _people(run, chunk)]
        options = run.options
        written = upsert_customers(rows, run.change_set, options.owner, options.team)
        run.made["customers"] += len(rows)
        known.learn({row.external_id: pk for row, pk in zip(rows, written.ids, strict=True)})
    return known.of(())


def _people(run: Run, external_ids: list[str]) -> list[tuple]:
    contact = [f"f_customer_{name}" for name in CONTACT]
    if not _exists(run, "people"):
        run.staging.execute(PEOPLE.format(contact=", ".join(contact)))
        run.staging.execute(FIRST)
        run.staging.execute("CREATE UNIQUE INDEX people_id ON people (id)")
        run.staging.execute("CREATE UNIQUE INDEX first_id ON first (id)")
    statement = (
        f"SELECT people.id, first.at, {', '.join(contact)} FROM people JOIN first USING (id)"
        f" WHERE people.id IN ({_marks(external_ids)})"
    )
    return run.staging.execute(statement, external_ids).fetchall()


def _customer(source: str, row: tuple) -> CustomerRow:
    external_id, first, *contact = row
    said = {name: value for name, value in zip(CONTACT, contact, strict=True) if value is not None}
    return CustomerRow(source, external_id, said | {"known_since": converting.at(first)})


def meet_products(run: Run, skus: set[str], known: Ids) -> dict[str, int]:
    """Ids of all of them; the new ones are called and priced as in their latest line."""
    ids = known.of(skus)
    for chunk in chunked(sorted(skus - ids.keys())):
        rows = [_product(run, row) for row in _goods(run, chunk)]
        written = upsert_products(rows, run.change_set)
        run.made["products"] += len(rows)
        known.learn({row.sku: pk for row, pk in zip(rows, written.ids, strict=True)})
    return known.of(())


def _goods(run: Run, skus: list[str]) -> list[tuple]:
    if not _exists(run, "goods"):
        run.staging.execute(GOODS)
        run.staging.execute("CREATE UNIQUE INDEX goods_id ON goods (id)")
    statement = (
        "SELECT id, name, description, category, price, currency, last FROM goods"
        f" WHERE id IN ({_marks(skus)})"
    )
    return run.staging.execute(statement, skus).fetchall()


def _product(run: Run, row: tuple) -> ProductRow:
    sku, name, description, category, price, currency, last = row
    fields = {"name": name or description or sku}
    if category:
        fields["category"] = category
    if price is not None:
        fields["price"] = abs(Decimal(price)).quantize(CENT, ROUND_HALF_UP)
        fields["currency"] = currency or run.currency
    # The price is what was paid last; before that it is not known.
    return ProductRow(sku, fields, converting.at(last))


def _exists(run: Run, table: str) -> bool:
    found = run.staging.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [table])
    return found.fetchone() is not None


def _marks(values: list) -> str:
    return ", ".join("?" * len(values))
