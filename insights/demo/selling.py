"""From what happened to orders as they are recorded: money in two currencies, returns, cancellations."""

import numpy as np
import pandas as pd

from customers.models import Order, OrderLine
from insights.demo.cohort import Cohort
from insights.demo.loading import load, reserve
from insights.demo.seasons import CHINA, Calendar, waking_hours
from insights.demo.shelf import Shelf

SALE, RETURN, CANCELLATION = "sale", "return", "cancellation"
SOURCE = "northbean"
CURRENCIES = np.array(["EUR", "CNY"])


def with_returns(rng, cohort: Cohort, orders, lines, calendar: Calendar):
    """Add what came back: one line of some orders days later, all lines of a few within hours."""
    orders, lines = orders.assign(kind=SALE, returns=-1), lines.assign(sign=1)
    if orders.empty:
        return orders, lines
    draw = rng.random(len(orders))
    likely = cohort.returns[orders.who] + 0.15 * orders.flaw + 0.05 * orders.late
    sent_back = orders[draw < likely]
    cancelled = orders[(draw >= likely) & (draw > 0.988)]
    time = sent_back.time + rng.uniform(6, 22, len(sent_back))
    time = waking_hours(rng, time.to_numpy(), sent_back.region.to_numpy())
    hours_later = cancelled.time + rng.uniform(0.02, 0.3, len(cancelled))
    back = pd.concat(
        [sent_back.assign(kind=RETURN, time=time), cancelled.assign(kind=CANCELLATION, time=hours_later)]
    )  # fmt: skip
    back = back[back.time < calendar.now_day]
    back = back.assign(returns=back.order, order=int(orders.order.max()) + 1 + np.arange(len(back)))
    returned = lines.sample(frac=1, random_state=rng).merge(
        back[["order", "returns", "kind"]].rename(columns={"order": "back", "returns": "order"}),
        on="order",
    )
    whole = (returned.kind == CANCELLATION) | ~returned.duplicated("order")
    returned = returned[whole].assign(order=returned.back, sign=-1)[lines.columns]
    return (
        pd.concat([orders, back], ignore_index=True),
        pd.concat([lines, returned], ignore_index=True),
    )


def price_up(orders: pd.DataFrame, lines: pd.DataFrame, rate_of_day: np.ndarray, calendar):
    """Cents of each line and order, in the order's currency and in base currency at the rate of its day."""
    head = orders.set_index("order").loc[lines.order]
    rate = np.where(head.region == CHINA, rate_of_day[calendar.day_of(head.time)], 1.0)
    cents = np.round(lines.unit_price.to_numpy() * 100).astype(np.int64) * lines.quantity.to_numpy()
    base = np.floor(cents * rate + 0.5).astype(np.int64)
    sign = lines.sign.to_numpy()
    lines = lines.assign(cents=cents * sign, base_cents=base * sign, quantity=lines.quantity * sign)
    sums = lines.groupby("order")[["cents", "base_cents"]].sum()
    return orders.join(sums, on="order"), lines


def record_orders(
    rng, cohort: Cohort, customer_ids, orders, lines, shelf: Shelf, product_ids, calendar, serial
):
    """Load orders and lines; returns the orders with their ids and numbers."""
    orders = orders.sort_values("time", kind="stable").reset_index(drop=True)
    orders["id"] = reserve(Order, len(orders))
    orders["number"] = [
        f"{'R' if k == RETURN else 'S' if k == CANCELLATION else 'N'}{100_001 + serial + i}"
        for i, k in enumerate(orders.kind)
    ]
    ids = orders.set_index("order").id
    load(
        Order,
        {
            "id": orders.id,
            "customer_id": customer_ids[orders.who],
            "source": SOURCE,
            "number": orders.number,
            "kind": orders.kind,
            "returns_id": orders.returns.map(ids).astype("Int64"),
            "occurred_at": calendar.seconds(orders.time),
            "currency": CURRENCIES[orders.region],
            "amount": orders.cents / 100,
            "base_amount": orders.base_cents / 100,
            "channel": channels(rng, cohort.organisation[orders.who], orders.region),
            "recorded_in_id": cohort.change_set_id,
        },
    )
    record_lines(cohort, orders, lines, ids, shelf, product_ids)
    return orders


def channels(rng, trade, region) -> np.ndarray:
    """Where people order: business customers by phone or through sales too, Chinese ones in apps."""
    n = len(region)
    private = np.where(
        region == CHINA,
        rng.choice(["wechat", "tmall", "app"], n, p=[0.5, 0.3, 0.2]),
        rng.choice(["web", "app"], n, p=[0.7, 0.3]),
    )
    return np.where(trade, rng.choice(["web", "sales", "phone"], n, p=[0.6, 0.3, 0.1]), private)


def record_lines(cohort: Cohort, orders, lines, ids, shelf: Shelf, product_ids) -> None:
    lines = lines.sort_values("order", kind="stable")
    region = orders.set_index("order").region.loc[lines.order].to_numpy()
    names = np.array([shelf.frame.name.to_numpy(), shelf.frame.zh.to_numpy()])
    load(
        OrderLine,
        {
            "id": reserve(OrderLine, len(lines)),
            "order_id": lines.order.map(ids),
            "position": lines.groupby("order").cumcount() + 1,
            "product_id": product_ids[lines["product"]],
            "description": names[region, lines["product"]],
            "quantity": lines.quantity,
            "unit_price": lines.unit_price,
            "amount": lines.cents / 100,
            "base_amount": lines.base_cents / 100,
        },
    )
