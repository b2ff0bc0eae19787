"""Little shops whose answers are known by construction."""

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa

from insights.ml.tables import SCHEMAS, complete

OPENED = datetime(2024, 1, 1)
NOW = OPENED + timedelta(days=360)


def shop(purchases, products=None, customers=None):
    """Tables of a shop. purchases: (customer, product, day since OPENED[, kind]); each is an order of one line.

    products: rows as dicts (product_id and what differs from a plain product in stock); by default every
    product that was bought. customers: ids; by default everyone who bought.
    """
    rows = [(*row, "sale")[:4] for row in purchases]
    frame = pd.DataFrame(rows, columns=["customer_id", "product_id", "day", "kind"])
    sign = np.where(frame["kind"] == "sale", 1.0, -1.0)
    frame["occurred_at"] = pd.Timestamp(OPENED) + pd.to_timedelta(frame["day"].astype(float), "D")
    frame["occurred_at"] = frame["occurred_at"].astype("datetime64[us]")
    frame["order_id"] = np.arange(1, len(frame) + 1)
    frame["quantity"], frame["amount"] = sign, 10.0 * sign
    if products is None:
        products = [{"product_id": int(p)} for p in sorted(frame["product_id"].unique())]
    ids = sorted(frame["customer_id"].unique()) if customers is None else customers
    return complete(
        {
            "customers": table(
                "customers", [{"customer_id": int(i), "kind": "person"} for i in ids]
            ),
            "products": table("products", [_product(p) for p in products]),
            "orders": _from_frame("orders", frame),
            "lines": _from_frame("lines", frame),
        }
    )


def table(name, rows):
    schema = SCHEMAS[name]
    return pa.table(
        {
            field.name: pa.array([row.get(field.name) for row in rows], field.type)
            for field in schema
        }
    )


def _product(given):
    number = given["product_id"]
    plain = {"name": f"article {number}", "category": "things", "price": 10.0}
    return {**plain, "in_stock": True, "archived": False, **given}


def _from_frame(name, frame):
    schema = SCHEMAS[name]
    return pa.Table.from_pandas(frame[schema.names], schema=schema, preserve_index=False)


def two_worlds(seed=7, customers=240, per_world=12, days=360):
    """Customers 1.. of two kinds: odd ones buy products 1-12, even ones 101-112, about one a month.

    Within a world all products are equally likely, so whoever has seen the customer's purchases knows
    the world, and the best-sellers of the whole shop are half wrong for everyone.
    """
    generator = np.random.default_rng(seed)
    purchases = []
    for customer in range(1, customers + 1):
        first = 1 if customer % 2 else 101
        for day in np.sort(generator.choice(days, 12, replace=False)):
            purchases.append((customer, first + int(generator.integers(per_world)), int(day)))
    return purchases


def no_pattern(seed=7, customers=300, products=40, days=360):
    """Everybody draws from the same best-sellers: nothing to be learnt beyond them."""
    generator = np.random.default_rng(seed)
    weight = 1 / np.arange(1, products + 1)
    return [
        (customer, 1 + int(generator.choice(products, p=weight / weight.sum())), int(day))
        for customer in range(1, customers + 1)
        for day in np.sort(generator.choice(days, 8, replace=False))
    ]


def one_leads_to_the_next(seed=7, customers=500, products=60, days=360):
    """Product p is followed by p + 1 with a chance of 70 %, else a customer starts anew anywhere."""
    generator = np.random.default_rng(seed)
    purchases = []
    for customer in range(1, customers + 1):
        latest = int(generator.integers(products))
        for day in np.sort(generator.choice(days, 8, replace=False)):
            purchases.append((customer, latest + 1, int(day)))
            goes_on = generator.random() < 0.7
            latest = (latest + 1) % products if goes_on else int(generator.integers(products))
    return purchases


def quiet(step, fraction, rows):
    """A progress report nobody reads."""
