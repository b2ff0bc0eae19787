"""What customers and staff said to each other, and why: every message has a cause in what happened."""

import numpy as np
import pandas as pd

from customers.models import Interaction
from insights.demo.cohort import FADING, NEVER, Cohort
from insights.demo.loading import load
from insights.demo.seasons import CHINA, waking_hours
from insights.demo.selling import SALE
from insights.demo.writing import Writer

OUT_TOPICS = {"delay_notice", "sorry_good", "sorry_poor", "answer", "call_good", "call_bad", "call_sorry", "meeting_good", "meeting_bad", "lead_call"}  # fmt: skip
INTERNAL_TOPICS = {"note_good", "note_bad"}
# Letters that nobody in particular has written.
UNSIGNED = {"delay_notice", "sorry_poor"}


def record_messages(rng, founded, cohort: Cohort, who: pd.DataFrame, orders, lines) -> pd.DataFrame:
    """Load the interactions of a cohort; returns them (who, time, topic …)."""
    sales = orders[orders.kind == SALE].reset_index(drop=True)
    first_line = lines.drop_duplicates("order").set_index("order")["product"]
    sales["product"] = first_line.loc[sales.order].to_numpy()
    parts = [
        *about_service(rng, cohort, sales),
        *about_products(rng, founded, cohort, sales),
        *with_businesses(rng, cohort, sales),
        *farewells(rng, cohort, sales),
        *first_contacts(rng, founded, cohort),
    ]
    messages = pd.concat(parts, ignore_index=True)
    now = founded.calendar.now_day
    messages = messages[(messages.time >= 0) & (messages.time < now)]
    messages = messages.sort_values("time", kind="stable").reset_index(drop=True)
    load_messages(rng, founded, cohort, who, sales, messages)
    return messages


def say(rows: pd.DataFrame, time, topic, channel, rating=np.nan) -> pd.DataFrame:
    """Messages caused by these orders (or other rows with who and region)."""
    columns = {"who": rows.who, "region": rows.region, "time": time, "topic": topic}
    columns |= {"channel": channel, "rating": rating}
    columns |= {"order": rows.get("order", -1), "product": rows.get("product", -1)}
    return pd.DataFrame(columns, index=rows.index)


def later(rng, rows: pd.DataFrame, low: float, high: float) -> np.ndarray:
    """So many days after the order, at an hour when people write."""
    time = rows.time.to_numpy() + rng.uniform(low, high, len(rows))
    return waking_hours(rng, time, rows.region.to_numpy())


def about_service(rng, cohort: Cohort, sales: pd.DataFrame) -> list[pd.DataFrame]:
    """Late parcels and broken things: notice, complaint, reply, and how it ended."""

    def chance(rows, share):
        return rows[rng.random(len(rows)) < share]

    noticed = chance(sales[sales.late], 0.6)
    upset = sales[sales.complains].copy()
    upset["complained"] = later(rng, upset, 4, 9)
    topic = np.select([upset.late, upset.flaw], ["late", "flaw"], "service")
    handled, ignored = upset[upset.handled], upset[~upset.handled]
    called = chance(handled, np.where(cohort.organisation[handled.who], 0.6, 0.15))
    replied, lost = handled, chance(ignored, 0.55)
    relieved, angry = chance(handled, 0.3), chance(ignored, 0.3)
    quiet = chance(sales[(sales.late | sales.flaw) & ~sales.complains & (sales.mood < 0.55)], 0.12)
    return [
        say(noticed, later(rng, noticed, 2, 4), "delay_notice", "email"),
        say(upset, upset.complained, topic, "complaint"),
        say(replied, replied.complained + rng.uniform(0.05, 1.5, len(replied)), "sorry_good", "email"),
        say(called, called.complained + rng.uniform(0.2, 1.6, len(called)), "call_sorry", "call"),
        say(lost, lost.complained + rng.uniform(3, 8, len(lost)), "sorry_poor", "email"),
        say(relieved, relieved.complained + rng.uniform(2, 5, len(relieved)), "relieved", "email"),
        say(angry, angry.complained + rng.uniform(7, 14, len(angry)), "still_angry", "email"),
        say(quiet, later(rng, quiet, 4, 10), "social_bad", "social"),
    ]  # fmt: skip


def about_products(rng, founded, cohort: Cohort, sales: pd.DataFrame) -> list[pd.DataFrame]:
    """Reviews, thanks, questions, praise in public."""
    n = len(sales)
    bad = (sales.late | sales.flaw).to_numpy()
    reviewed = rng.random(n) < np.where(bad, 0.13, 0.07)
    quality = founded.shelf.quality[sales["product"]]
    stars = 1.6 + 2.6 * sales.mood + 1.6 * quality - 2.2 * sales.flaw - 1.4 * sales.late
    stars = np.clip(np.round(stars + rng.normal(0, 0.6, n)), 1, 5)
    topic = np.select(
        [stars >= 4, stars == 3, sales.late],
        ["review_good", "review_mid", "review_bad_late"],
        "review_bad",
    )
    pleased = (sales.mood > 0.6) & ~bad
    thanks = sales[pleased & (rng.random(n) < 0.022)]
    proud = sales[pleased & (rng.random(n) < 0.006)]
    asking = sales[rng.random(n) < 0.035]
    asked = later(rng, asking, -3, -0.4)
    at = reviewed.nonzero()[0]
    chat = np.where(asking.region == CHINA, "chat", rng.choice(["chat", "email"], len(asking)))
    return [
        say(sales.iloc[at], later(rng, sales.iloc[at], 7, 21), topic[at], "review", stars.to_numpy()[at]),
        say(thanks, later(rng, thanks, 3, 12), "thanks", rng.choice(["email", "chat"], len(thanks))),
        say(proud, later(rng, proud, 2, 15), "social_good", "social"),
        say(asking, asked, "question", chat),
        say(asking, asked + rng.uniform(0.004, 0.12, len(asking)), "answer", chat),
    ]  # fmt: skip


def with_businesses(rng, cohort: Cohort, sales: pd.DataFrame) -> list[pd.DataFrame]:
    """Calls, meetings and notes; their tone is the mood of the day."""
    trade = sales[cohort.organisation[sales.who]]
    parts = []
    for channel, kind, share, private in (
        ("call", "call", 0.07, 0.004),
        ("meeting", "meeting", 0.03, 0),
        ("note", "note", 0.035, 0.004),
    ):
        rest = sales[~cohort.organisation[sales.who]]
        rows = pd.concat([trade[rng.random(len(trade)) < share], rest[rng.random(len(rest)) < private]])  # fmt: skip
        fine = rows.mood.to_numpy() + rng.normal(0, 0.08, len(rows)) > 0.5
        topic = np.where(fine, f"{kind}_good", f"{kind}_bad")
        parts.append(say(rows.drop(columns="order"), later(rng, rows, 2, 14), topic, channel))
    return parts


def farewells(rng, cohort: Cohort, sales: pd.DataFrame) -> list[pd.DataFrame]:
    """Some grumble about prices when interest fades, few say goodbye when they leave."""
    last = sales.drop_duplicates("who", keep="last")
    start = cohort.fade_start[last.who]
    grumbling = last[
        (cohort.trend[last.who] == FADING) & (start < last.time) & (rng.random(len(last)) < 0.3)
    ]
    day = cohort.gone[last.who]
    leaving = last[(day < NEVER) & (rng.random(len(last)) < 0.07)]
    gone = cohort.gone[leaving.who] + rng.uniform(0, 9, len(leaving))
    return [
        say(grumbling, later(rng, grumbling, 3, 20), "price", "email"),
        say(leaving, waking_hours(rng, gone, leaving.region.to_numpy()), "goodbye", "email"),
    ]


def first_contacts(rng, founded, cohort: Cohort) -> list[pd.DataFrame]:
    """Leads ask before they buy; sales calls back."""
    share = np.where(cohort.organisation, 0.9, 0.15)
    at = np.flatnonzero(cohort.lead & (rng.random(cohort.size) < share))
    product = rng.integers(0, len(founded.shelf.frame) - 6, len(at))
    leads = pd.DataFrame({"who": at, "region": cohort.region[at], "product": product})
    trade = cohort.organisation[at]
    asked = waking_hours(rng, np.maximum(cohort.joined[at], 0) + rng.uniform(0, 3, len(at)), cohort.region[at])  # fmt: skip
    called = asked + rng.uniform(0.5, 6, len(at))
    return [
        say(leads, asked, np.where(trade, "lead_inquiry", "question"), np.where(trade, "email", "chat")),
        say(leads[trade], called[trade], "lead_call", "call"),
        say(leads[~trade], asked[~trade] + 0.05, "answer", "chat"),
    ]  # fmt: skip


def load_messages(rng, founded, cohort: Cohort, who, sales, messages) -> None:
    """Write the texts and load the rows."""
    order_id = sales.set_index("order").id
    number = sales.set_index("order").number
    known = messages.order.where(messages.order.isin(order_id.index))
    author = authors(rng, founded, who, messages)
    writer = Writer(rng, founded.shelf.frame)
    days = [founded.calendar.moment(time).date() for time in messages.time]
    names = who.name.to_numpy()
    texts = [
        writer.write(topic, region == CHINA, product, number.get(order, ""), names[i], founded.staff.names.get(staff, ""), day)
        for topic, region, product, order, i, staff, day in zip(
            messages.topic, messages.region, messages["product"], known, messages.who, author, days, strict=True
        )
    ]  # fmt: skip
    about = messages.topic.isin(["flaw", "question", "thanks"]) | (messages.channel == "review")
    product_id = founded.product_ids[messages["product"].clip(lower=0)]
    load(
        Interaction,
        {
            "customer_id": who.id.to_numpy()[messages.who],
            "order_id": known.map(order_id).astype("Int64"),
            "product_id": pd.array(np.where(about & (messages["product"] >= 0), product_id, None), dtype="Int64"),
            "channel": messages.channel,
            "direction": directions(messages.topic),
            "subject": [t.subject for t in texts],
            "text": [t.text for t in texts],
            "rating": messages.rating.astype("Int64"),
            "language": np.where(messages.region == CHINA, "zh-hans", "en"),
            "occurred_at": founded.calendar.seconds(messages.time),
            "author_id": pd.array(np.where(author < 0, None, author), dtype="Int64"),
            "recorded_in_id": cohort.change_set_id,
        },
    )  # fmt: skip


def directions(topic: pd.Series) -> np.ndarray:
    return np.select(
        [topic.isin(list(OUT_TOPICS)), topic.isin(list(INTERNAL_TOPICS))], ["out", "internal"], "in"
    )


def authors(rng, founded, who: pd.DataFrame, messages: pd.DataFrame) -> np.ndarray:
    """The owner, or somebody of the team; nobody for what the customer wrote."""
    by_team = dict(zip(founded.staff.teams, founded.staff.sales, strict=True))
    team, owner = who.team.to_numpy()[messages.who], who.owner.to_numpy()[messages.who]
    stand_in = np.array([by_team[t][p] for t, p in zip(team, rng.integers(0, 2, len(team)), strict=True)], int)  # fmt: skip
    ours = messages.topic.isin(list((OUT_TOPICS | INTERNAL_TOPICS) - UNSIGNED)).to_numpy()
    return np.where(ours, np.where(owner < 0, stand_in, owner), -1)
