"""Customer records as a company would have them: what is known, not what drives them."""

import random

import numpy as np
import pandas as pd

from customers.models import CustomAttribute, Customer, CustomerValue, ExternalId, Tag
from customers.searching import words_of
from insights.demo import people
from insights.demo.cohort import NEVER, WORLD_NAMES, Cohort
from insights.demo.loading import load, reserve
from insights.demo.seasons import CHINA, Calendar
from insights.demo.selling import SALE, SOURCE
from insights.demo.staff import Staff

ATTRIBUTES = [
    ("loyalty_tier", "Loyalty tier", "choice"),
    ("newsletter", "Newsletter", "boolean"),
    ("preferred_roast", "Preferred roast", "choice"),
    ("brewing", "Brewing method", "choice"),
    ("birthday_month", "Birthday month", "number"),
    ("cups_per_day", "Cups per day", "number"),
    ("found_us_by", "Found us by", "choice"),
]
TIERS = [("Bean", 0), ("Roast", 300), ("Reserve", 1500)]  # from this much spent, in base currency
ROASTS = ["light", "medium", "dark"]
FOUND_BY = ["search", "friend", "social media", "trade fair", "café"]
CHOICES = {
    "loyalty_tier": [name for name, _least in TIERS],
    "preferred_roast": ROASTS,
    "brewing": WORLD_NAMES,
    "found_us_by": FOUND_BY,
}
TAGS = ["wholesale", "trade fair", "press", "VIP"]
INACTIVE_AFTER = 365  # days without an order until the company files somebody under churned


def define_attributes() -> None:
    """Company-defined fields; those that exist already are used as they are."""
    for position, (name, label, type_) in enumerate(ATTRIBUTES):
        choices = "\n".join(CHOICES.get(name, []))
        CustomAttribute.objects.get_or_create(
            name=name,
            defaults={
                "label": label, "type": type_, "position": position, "choices": choices, "is_demo": True,
            },
        )  # fmt: skip


def identities(rng, cohort: Cohort) -> pd.DataFrame:
    """Names, addresses and languages."""
    pick = random.Random(int(rng.integers(2**62))).choice
    countries = list(people.EUROPE)
    odds = np.array([c[1] for c in people.EUROPE.values()])
    country = rng.choice(len(countries), cohort.size, p=odds / odds.sum())
    rows = []
    for i, ordinal in enumerate(cohort.ordinals.tolist()):
        if cohort.region[i] == CHINA:
            person = people.chinese(pick, ordinal)
        else:
            person = people.european(pick, countries[country[i]], ordinal)
        company = domain = ""
        if cohort.organisation[i]:
            company, domain = people.business(pick, person, WORLD_NAMES[cohort.world[i]] == "cafe")
        rows.append(
            person | {"company": company, "email": people.mail_address(person, ordinal, domain)}
        )
    return pd.DataFrame(rows)


def assign(rng, cohort: Cohort, staff: Staff):
    """Team by region and kind of customer, owner within the team; about one in nine has no owner yet."""
    team = np.where(cohort.region == CHINA, 2, np.where(cohort.organisation, 1, 0))
    owner = np.array(
        [staff.sales[t][p] for t, p in zip(team, rng.integers(0, 2, cohort.size), strict=True)]
    )
    free = rng.random(cohort.size) < np.where(cohort.organisation, 0.02, 0.12)
    return np.array(staff.teams)[team], np.where(free, -1, owner)


def moods_of_newsletter(rng, cohort: Cohort, calendar: Calendar):
    """Who takes the newsletter, and when some of them cancelled it: often on the way out."""
    takes = rng.random(cohort.size) < 0.62
    start = np.maximum(cohort.joined, 0)
    leaving = np.minimum(cohort.gone, cohort.fade_start + 0.5 * cohort.fade_days)
    day = np.where(
        (leaving < NEVER) & (rng.random(cohort.size) < 0.45),
        leaving + rng.normal(5, 20, cohort.size),
        np.where(rng.random(cohort.size) < 0.12, start + rng.exponential(400, cohort.size), NEVER),
    )
    day = np.maximum(day, start + 3)
    return takes, np.where(takes & (day < calendar.now_day), day, np.nan)


def histories(cohort: Cohort, orders: pd.DataFrame, newsletter, cancelled) -> pd.DataFrame:
    """Each value with the day it began (NaN: from the first): loyalty tier, newsletter, lifecycle."""
    sales = orders[orders.kind == SALE].sort_values(["who", "time"])
    spent = orders.sort_values(["who", "time"])
    spent = spent.assign(total=spent.groupby("who").base_cents.cumsum() / 100)
    who = np.arange(cohort.size)
    parts = [
        pd.DataFrame({"who": who, "field": "attribute:loyalty_tier", "value": TIERS[0][0], "day": np.nan}),
        pd.DataFrame({"who": who, "field": "attribute:newsletter", "value": newsletter.astype(object), "day": np.nan}),
        pd.DataFrame({"who": who[~np.isnan(cancelled)], "field": "attribute:newsletter", "value": False, "day": cancelled[~np.isnan(cancelled)]}),
    ]  # fmt: skip
    for name, least in TIERS[1:]:
        reached = spent[spent.total >= least].drop_duplicates("who")
        parts.append(pd.DataFrame({"who": reached.who, "field": "attribute:loyalty_tier", "value": name, "day": reached.time}))  # fmt: skip
    return pd.concat([*parts, lifecycles(cohort, sales)], ignore_index=True)


def lifecycles(cohort: Cohort, sales: pd.DataFrame) -> pd.DataFrame:
    """Lead or prospect, active from the first order, churned by the book after a year without one."""
    now = cohort.now_day
    stranger = np.where(np.arange(cohort.size) % 5 < 2, "prospect", "lead")
    first = np.where(cohort.joined < 0, "active", np.where(cohort.lead, stranger, "lead"))
    begun = pd.DataFrame({"who": np.arange(cohort.size), "value": first, "day": np.nan})
    following = sales.groupby("who").time.shift(-1).fillna(np.inf)
    gap_start = sales.groupby("who").cumcount() == 0
    silent = sales.time + INACTIVE_AFTER
    parts = [begun]
    newly = sales[gap_start & (cohort.joined[sales.who] >= 0)]
    parts.append(pd.DataFrame({"who": newly.who, "value": "active", "day": newly.time}))
    lost = (silent < following) & (silent < now)
    parts.append(pd.DataFrame({"who": sales.who[lost], "value": "churned", "day": silent[lost]}))
    back = lost & np.isfinite(following)
    parts.append(pd.DataFrame({"who": sales.who[back], "value": "active", "day": following[back]}))
    # Old customers who did not order at all since the history begins.
    quiet = np.setdiff1d(np.flatnonzero(~cohort.lead & (cohort.joined < -1)), sales.who)
    parts.append(pd.DataFrame({"who": quiet, "value": "churned", "day": min(300.0, 0.5 * now)}))
    return pd.concat(parts, ignore_index=True).assign(field="lifecycle")


def current(history: pd.DataFrame, field: str) -> np.ndarray:
    """The last value of each customer, by position."""
    rows = history[history.field == field].sort_values(["who", "day"], na_position="first")
    return rows.drop_duplicates("who", keep="last").set_index("who").value.sort_index().to_numpy()


def custom_attributes(rng, cohort: Cohort, history: pd.DataFrame) -> list[dict]:
    n = cohort.size
    tier = current(history, "attribute:loyalty_tier")
    letter = current(history, "attribute:newsletter")
    roast = rng.choice(ROASTS, n, p=[0.35, 0.4, 0.25])
    found = rng.choice(FOUND_BY, n, p=[0.36, 0.26, 0.22, 0.06, 0.10])
    month, cups = rng.integers(1, 13, n), rng.integers(3, 30, n) * np.where(cohort.units > 4, 10, 2)
    known = rng.random((4, n)) < np.array([[0.7], [0.55], [0.6], [0.8]])
    rows = []
    for i in range(n):
        row = {"loyalty_tier": tier[i], "newsletter": bool(letter[i])}
        if known[0, i]:
            row["preferred_roast"] = str(roast[i])
        if known[1, i]:
            row["brewing"] = WORLD_NAMES[cohort.world[i]]
        if cohort.organisation[i]:
            row["cups_per_day"] = int(cups[i])
        elif known[2, i]:
            row["birthday_month"] = int(month[i])
        if known[3, i]:
            row["found_us_by"] = str(found[i])
        rows.append(row)
    return rows


def record_customers(rng, cohort: Cohort, orders: pd.DataFrame, staff: Staff, calendar: Calendar):
    """Load customers with external ids, earlier values and tags; returns their ids, names, owners …"""
    people_ = identities(rng, cohort)
    team, owner = assign(rng, cohort, staff)
    newsletter, cancelled = moods_of_newsletter(rng, cohort, calendar)
    history = histories(cohort, orders, newsletter, cancelled)
    gone_long = cohort.gone < calendar.now_day - 200
    archived = rng.random(cohort.size) < np.where(gone_long, 0.06, 0.003)
    ids = reserve(Customer, cohort.size)
    load(
        Customer,
        {
            "id": ids,
            "kind": np.where(cohort.organisation, "organisation", "person"),
            **{f: people_[f] for f in ("name", "company", "email", "phone", "city", "country", "language")},
            "search_words": [words_of(*known) for known in zip(people_["name"], people_["company"], people_["phone"], strict=True)],
            "lifecycle": current(history, "lifecycle").astype(str),
            "team_id": team,
            "owner_id": pd.array(np.where(owner < 0, None, owner), dtype="Int64"),
            "attributes": custom_attributes(rng, cohort, history),
            "profiling_refused": rng.random(cohort.size) < 0.02,
            "known_since": calendar.seconds(np.minimum(cohort.known, calendar.now_day - 0.05)),
            "archived_at": np.where(archived, calendar.seconds(calendar.now_day - rng.uniform(1, 90, cohort.size)), np.nan),
            "recorded_in_id": cohort.change_set_id,
        },
    )  # fmt: skip
    record_history(cohort, ids, history, calendar)
    load(
        ExternalId,
        {
            "customer_id": ids,
            "source": SOURCE,
            "external_id": [f"NB{o + 1:07d}" for o in cohort.ordinals],
        },
    )
    record_tags(rng, cohort, ids)
    return people_.assign(id=ids, owner=owner, team=team, archived=archived)


def record_history(cohort: Cohort, ids, history: pd.DataFrame, calendar: Calendar) -> None:
    # Nobody is ever without a newsletter setting or tier: only what has changed needs its past.
    changed = history.duplicated(["who", "field"], keep=False)
    history = history[changed].sort_values(["who", "day"], na_position="first")
    days = history.day.to_numpy()
    since = np.where(np.isnan(days), np.nan, calendar.seconds(np.nan_to_num(days)))
    load(
        CustomerValue,
        {
            "customer_id": ids[history.who],
            "field": history.field,
            "value": list(history.value),
            "valid_from": since,
        },
    )


def record_tags(rng, cohort: Cohort, ids) -> None:
    shares = np.where(
        cohort.organisation[:, None], [0.35, 0.12, 0.02, 0.06], [0, 0.02, 0.004, 0.015]
    )
    held = rng.random((cohort.size, len(TAGS))) < shares
    customer, tag = np.nonzero(held)
    tag_ids = np.array([Tag.objects.get(name=name).pk for name in TAGS])
    load(Customer.tags.through, {"customer_id": ids[customer], "tag_id": tag_ids[tag]})
