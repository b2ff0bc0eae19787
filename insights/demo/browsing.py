"""Visits to the shop: looking before buying, coming by without buying, and what people read on the way out."""

import numpy as np
import pandas as pd

from customers.models import Event
from insights.demo.cohort import Cohort
from insights.demo.loading import load
from insights.demo.seasons import waking_hours
from insights.demo.selling import RETURN, SALE
from insights.demo.shopping import whims

MINUTE = 1 / 1440
PAGES = [
    "New arrivals",
    "Sale",
    "Brewing guide",
    "Subscriptions",
    "Our farms",
    "Store locator",
    "Gift ideas",
]
SEARCHES = {
    0: ["espresso beans", "grinder", "paper filters", "descaler", "gift", "decaf", "kettle", "green tea", "knife", "cups"],
    1: ["意式咖啡豆", "磨豆机", "滤纸", "除垢剂", "礼盒", "挂耳", "手冲壶", "龙井", "菜刀", "杯子"],
}  # fmt: skip


def record_browsing(rng, founded, cohort: Cohort, ids, orders, lines) -> int:
    """Load the events of a cohort; returns how many."""
    sales, returns = orders[orders.kind == SALE], orders[orders.kind == RETURN]
    parts = [
        *before_buying(rng, sales, lines),
        idle(rng, founded, cohort),
        pages(rng, sales[sales.late], 0.45, rng.uniform(2, 7, len(sales)), "Delivery times"),
        pages(rng, returns, 0.8, -rng.uniform(0.5, 4, len(returns)), "Returns policy"),
        on_the_way_out(rng, cohort),
    ]
    events = pd.concat(parts, ignore_index=True)
    events = events[(events.time >= 0) & (events.time < founded.calendar.now_day)]
    # Many browse without signing in, or refuse to be recognised: the shop does not know who it was.
    events = events[rng.random(len(events)) < cohort.recognised[events.who]]
    events = events.sort_values("time", kind="stable")
    load(
        Event,
        {
            "customer_id": ids[events.who],
            "kind": events.kind,
            "subject": events.subject.fillna(""),
            "product_id": pd.array(
                np.where(events["product"] < 0, None, founded.product_ids[events["product"]]),
                dtype="Int64",
            ),
            "seconds": seconds(rng, events.kind.to_numpy()),
            "occurred_at": founded.calendar.seconds(events.time),
            "recorded_in_id": cohort.change_set_id,
        },
    )
    return len(events)


def seconds(rng, kind) -> np.ndarray:
    """How long they stayed: longest on product pages."""
    typical = np.select([kind == "product_view", kind == "page"], [55, 30], 12)
    return np.clip(typical * rng.lognormal(0, 0.7, len(kind)), 2, 1800).astype(int)


def frame(who, time, kind, product=-1, subject="") -> pd.DataFrame:
    return pd.DataFrame(
        {"who": who, "time": time, "kind": kind, "product": product, "subject": subject}
    )


def before_buying(rng, sales: pd.DataFrame, lines: pd.DataFrame) -> list[pd.DataFrame]:
    """Days earlier a look around, minutes earlier the products, then the cart."""
    bought = lines[lines.order.isin(sales.order)]
    head = sales.set_index("order").loc[bought.order]
    line = pd.DataFrame(
        {"who": head.who.to_numpy(), "time": head.time.to_numpy(), "region": head.region.to_numpy()}
    ).assign(product=bought["product"].to_numpy())
    looked = line[rng.random(len(line)) < 0.5]
    first = line[~bought.order.duplicated().to_numpy()]
    carts = first[rng.random(len(first)) < 0.75]
    earlier = line[rng.random(len(line)) < 0.6]
    days = earlier.time - rng.exponential(4.0, len(earlier)) - 0.2
    kind = rng.choice(["product_view", "search", "page"], len(earlier), p=[0.6, 0.22, 0.18])
    before = frame(
        earlier.who,
        waking_hours(rng, days.to_numpy(), earlier.region.to_numpy()),
        kind,
        np.where(kind == "product_view", earlier["product"], -1),
    )
    return [
        frame(looked.who, looked.time - rng.uniform(4, 25, len(looked)) * MINUTE, "product_view", looked["product"]),
        frame(carts.who, carts.time - rng.uniform(1, 4, len(carts)) * MINUTE, "cart", carts["product"]),
        worded(rng, before, earlier.region.to_numpy()),
    ]  # fmt: skip


def worded(rng, events: pd.DataFrame, region) -> pd.DataFrame:
    """Search words in the customer's language, page titles."""
    words = np.array([SEARCHES[0], SEARCHES[1]])[region, rng.integers(0, 10, len(events))]
    page = rng.choice(PAGES, len(events))
    subject = np.select([events.kind == "search", events.kind == "page"], [words, page], "")
    return events.assign(subject=subject)


def idle(rng, founded, c: Cohort) -> pd.DataFrame:
    """Visits that lead to nothing, as often as interest has it; after leaving they die out, though not quite."""
    now = founded.calendar.now_day
    start = np.maximum(c.joined, 0)
    number = rng.poisson(c.visits * 1.6 * np.maximum(now - start, 0) / 30.4)
    who = np.repeat(np.arange(c.size), number)
    time = start[who] + rng.random(len(who)) * (now - start[who])
    after = np.maximum(time - c.gone[who], 0)
    interest = c.interest(who, time) * (0.12 + 0.88 * np.exp(-after / 35))
    interest *= np.where(c.lead[who], np.exp(-(time - start[who]) / 50), 1)
    kept = rng.random(len(who)) < interest / 1.6
    who, time = who[kept], time[kept]
    kind = rng.choice(["product_view", "search", "page"], len(who), p=[0.62, 0.16, 0.22])
    product = np.where(kind == "product_view", whims(rng, c, who, founded.shelf), -1)
    region = c.region[who]
    return worded(rng, frame(who, waking_hours(rng, time, region), kind, product), region)


def pages(rng, orders: pd.DataFrame, share: float, days, title: str) -> pd.DataFrame:
    """A page some read because of an order."""
    read = rng.random(len(orders)) < share
    times = waking_hours(
        rng, (orders.time + days[: len(orders)]).to_numpy(), orders.region.to_numpy()
    )
    return frame(orders.who[read], times[read], "page", subject=title)


def on_the_way_out(rng, c: Cohort) -> pd.DataFrame:
    leaving = np.flatnonzero((c.gone < 1e8) & (rng.random(c.size) < 0.16))
    title = rng.choice(["Close account", "Newsletter settings", "Returns policy"], len(leaving))
    time = waking_hours(rng, c.gone[leaving] + rng.uniform(-3, 4, len(leaving)), c.region[leaving])
    return frame(leaving, time, "page", subject=title)
