"""Companies whose customers leave for reasons known by construction."""

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa

from insights.ml.tables import complete
from tests.ml.shops import table

OPENED = datetime(2024, 1, 1)
NOW = OPENED + timedelta(days=540)


def at(day):
    return OPENED + timedelta(days=float(day))


def leavers(customers=400, seed=3, days=540):
    """Each customer has a rhythm of their own (an order every 8 to 70 days) until, one day, they leave.

    After a complaint, half of them leave at once; without one, few do. So silence means nothing by itself:
    forty days are an eternity for some and nothing for others, and a complaint says more than silence.
    """
    generator = np.random.default_rng(seed)
    orders, complaints = [], []
    for customer in range(1, customers + 1):
        gap = np.exp(generator.uniform(np.log(8), np.log(70)))
        day = generator.uniform(0, 200)
        while day < days:
            orders.append((customer, day))
            if generator.random() < 0.05:
                complaints.append((customer, day + 2))
                if generator.random() < 0.5:
                    break
            if generator.random() < 0.006:
                break
            day += gap * generator.uniform(0.6, 1.4)
    return company(orders, complaints, days)


def without_memory(customers=400, seed=5, days=540):
    """Everyone comes by chance at the same rate and nobody ever leaves: nothing can be foreseen."""
    generator = np.random.default_rng(seed)
    orders = [
        (customer, day)
        for customer in range(1, customers + 1)
        for day in np.cumsum(generator.exponential(110, 30))
        if day < days
    ]
    return company(orders, [], days)


def company(orders, complaints, days, attributes=None):
    """Tables from (customer, day) pairs; every order is one line of product 1 and costs 20."""
    numbered = [
        {"order_id": i, "customer_id": c, "occurred_at": at(day), "kind": "sale", "amount": 20.0}
        for i, (c, day) in enumerate(orders, 1)
        if day < days
    ]
    lines = [{**order, "product_id": 1, "quantity": 1.0} for order in numbered]
    said = [
        {"customer_id": c, "occurred_at": at(day), "channel": "complaint", "direction": "in"}
        for c, day in complaints
        if day < days
    ]
    people = sorted({order["customer_id"] for order in numbered})
    return complete(
        {
            "customers": table("customers", [{"customer_id": c, "kind": "person"} for c in people]),
            "orders": table("orders", numbered),
            "lines": table("lines", lines),
            "interactions": table("interactions", said),
            "attributes": table("attributes", attributes or []),
        }
    )


def labelled(customers=700, seed=11, informative=True):
    """Customers with attributes and a known label that depends on contract and (in a curve) on age."""
    generator = np.random.default_rng(seed)
    rows = []
    for customer in range(1, customers + 1):
        monthly = bool(generator.random() < 0.5)
        age = float(generator.uniform(20, 80))
        chance = 0.1 + 0.35 * monthly + 0.4 * (abs(age - 50) > 18) if informative else 0.3
        leaves = generator.random() < chance
        rows += [
            _attribute(customer, "contract", "choice", text="monthly" if monthly else "yearly"),
            _attribute(customer, "age", "number", number=age),
            _attribute(customer, "left", "choice", text="yes" if leaves else "no"),
        ]
    people = [{"customer_id": c, "kind": "person"} for c in range(1, customers + 1)]
    return complete(
        {"customers": table("customers", people), "attributes": table("attributes", rows)}
    )


def _attribute(customer, name, kind, text=None, number=None, valid_from=None):
    row = {"customer_id": customer, "name": name, "type": kind, "text": text, "number": number}
    return {**row, "valid_from": valid_from}


def with_rows(tables, name, rows):
    """The tables with more rows in one of them."""
    return {**tables, name: pa.concat_tables([tables[name], table(name, rows)])}
