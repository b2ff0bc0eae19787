"""What happens from order to order: needs, baskets, deliveries, moods, and one day no next order.

All customers of a cohort walk in rounds, one order each per round, so that every step is a few array operations.
"""

import numpy as np
import pandas as pd

from insights.demo.catalogue import BEANS, GIFTS, WORLDS
from insights.demo.cohort import KINDS, NEVER, WORLD_NAMES, Cohort
from insights.demo.seasons import CHINA, Calendar, waking_hours
from insights.demo.shelf import Shelf

NOT_GONE, BAD_SERVICE, FADED, MOVED_ON = 0, 1, 2, 3
CAUSES = ["", "bad_service", "faded", "moved_on"]
MAX_ROUNDS = 400


def simulate(rng, cohort: Cohort, calendar: Calendar, shelf: Shelf):
    """Orders and their lines as two frames; the cohort's mood, stage and departure are as at the end."""
    orders, lines, count = [], [], 0
    time = np.where(cohort.lead, NEVER, cohort.first)
    last_second = cohort.first - rng.uniform(0, 1, cohort.size) * cohort.second_days
    last_third = cohort.first - rng.uniform(0, 1, cohort.size) * cohort.third_days
    for _ in range(MAX_ROUNDS):
        who = np.flatnonzero(time < calendar.now_day)
        if not who.size:
            break
        moment = waking_hours(rng, time[who], cohort.region[who])
        basket = fill_baskets(rng, cohort, who, moment, calendar, shelf, last_second, last_third)
        order = deliver(rng, cohort, who, moment, calendar)
        basket["order"] += count
        order["order"] = np.arange(count, count + len(who))
        count += len(who)
        orders.append(order)
        lines.append(basket)
        time[who] = next_time(rng, cohort, who, moment, order, calendar)
    return finished(orders, lines, calendar)


def finished(orders: list, lines: list, calendar: Calendar):
    """Rounds put together; what would happen later today is left out."""
    if not orders:
        return pd.DataFrame(), pd.DataFrame()
    order = pd.concat([pd.DataFrame(o) for o in orders], ignore_index=True)
    line = pd.concat([pd.DataFrame(x) for x in lines], ignore_index=True)
    order = order[(order.time < calendar.now_day) & (order.time >= 0)]
    return order.reset_index(drop=True), line[line.order.isin(order.order)].reset_index(drop=True)


def fill_baskets(rng, c: Cohort, who, time, calendar, shelf, last_second, last_third) -> dict:
    """Lines of one order each: positions of order, product and quantity."""
    n, every = len(who), np.arange(len(who))
    usual = c.refills[who] & (rng.random(n) < 0.93)
    # Each slot: members of this round, what they take, how many.
    slots = [(every[usual], c.main[who][usual], units(rng, c.units[who][usual]))]
    slots.append(used_up(rng, c, who, time, c.second, c.second_days, last_second))
    slots.append(used_up(rng, c, who, time, c.third, c.third_days, last_third))
    slots += equipment(rng, c, who, every, shelf)
    slots += gifts(rng, c, who, every, time, calendar, shelf)
    filled = np.isin(every, np.concatenate([member for member, _, _ in slots]))
    whim = (rng.random(n) < c.whims[who]) | ~filled
    slots.append((every[whim], whims(rng, c, who[whim], shelf), units(rng, np.ones(whim.sum()))))
    member, product, quantity = (np.concatenate(parts) for parts in zip(*slots, strict=True))
    product = shelf.available(product, time[member])
    keep = ~pd.DataFrame({"m": member, "p": product}).duplicated().to_numpy()
    member, product, quantity = member[keep], product[keep], quantity[keep]
    return {
        "order": member,
        "product": product,
        "quantity": quantity,
        "unit_price": shelf.price(product, time[member], c.region[who][member]),
    }


def used_up(rng, c: Cohort, who, time, product, days, last) -> tuple:
    """What runs out about now is bought along; ``last`` remembers when."""
    wait = days[who] * rng.normal(1, 0.06, len(who))
    due = c.refills[who] & (time - last[who] + 0.5 * c.gap[who].clip(0, 20) >= wait)
    last[who[due]] = time[due]
    return np.flatnonzero(due), product[who][due], units(rng, np.sqrt(c.units[who][due].clip(1)))


def units(rng, mean: np.ndarray) -> np.ndarray:
    return 1 + rng.poisson(np.maximum(mean - 1, 0.04))


def equipment(rng, c: Cohort, who, every, shelf) -> list:
    """The next step of the world's path: machine, then grinder, then tamper …"""
    slots = []
    steps = rng.random(len(who)) < c.equipment[who]
    for number, name in enumerate(WORLD_NAMES):
        path = WORLDS[name]["path"]
        for stage, keys in enumerate(path):
            mask = steps & (c.world[who] == number) & (c.stage[who] == stage)
            if mask.any():
                choices = shelf.keys(keys)
                weight = 1 / np.arange(1, len(keys) + 1)
                product = rng.choice(choices, mask.sum(), p=weight / weight.sum())
                slots.append((every[mask], product, np.ones(mask.sum(), int)))
    c.stage[who[steps]] += 1
    return slots


def gifts(rng, c: Cohort, who, every, time, calendar: Calendar, shelf) -> list:
    """Before Christmas and the Spring Festival."""
    day = calendar.day_of(time)
    season = np.where(c.region[who] == CHINA, calendar.festival[day], calendar.december[day])
    likely = np.where(c.kind[who] == GIFT_BUYER, 0.75, 0.10)
    mask = season & (rng.random(len(who)) < likely)
    number = np.full(mask.sum(), shelf.categories.index(GIFTS))
    return [(every[mask], shelf.from_category(rng, number), units(rng, np.full(mask.sum(), 1.5)))]


GIFT_BUYER = [k.name for k in KINDS].index("gift_buyer")


def whims(rng, c: Cohort, who, shelf) -> np.ndarray:
    """Something from the categories of one's world, now and then from anywhere."""
    table = np.array([[shelf.categories.index(x) for x in WORLDS[w]["whims"]] for w in WORLD_NAMES])
    own = table[c.world[who], rng.choice(3, len(who), p=[0.5, 0.3, 0.2])]
    anywhere = rng.integers(0, len(shelf.categories), len(who))
    beans = shelf.categories.index(BEANS)
    anywhere = np.where(rng.random(len(who)) < 0.3, beans, anywhere)
    return shelf.from_category(rng, np.where(rng.random(len(who)) < 0.72, own, anywhere))


def deliver(rng, c: Cohort, who, time, calendar: Calendar) -> dict:
    """How the order went, and what that does to the mood."""
    n, region = len(who), c.region[who]
    peak = calendar.busy[region, calendar.day_of(time)] > 1.35
    late = rng.random(n) < np.clip(np.where(peak, 0.14, 0.06) * c.trouble[who], 0, 0.5)
    flaw = rng.random(n) < 0.022
    complains = rng.random(n) < np.where(late, 0.5, np.where(flaw, 0.65, 0.006))
    handled = complains & (rng.random(n) < 0.62)
    change = np.where(late | flaw, 0.0, 0.012)
    change -= late * rng.uniform(0.12, 0.28, n) + flaw * rng.uniform(0.10, 0.22, n)
    change += np.where(handled, 0.11, 0) - np.where(complains & ~handled, 0.12, 0)
    c.gone[who], c.cause[who] = NEVER, NOT_GONE
    c.satisfaction[who] = np.clip(c.satisfaction[who] + change, 0.03, 0.98)
    return {
        "who": who,
        "time": time,
        "region": region,
        "late": late,
        "flaw": flaw,
        "complains": complains,
        "handled": handled,
        "mood": c.satisfaction[who].copy(),
    }


def next_time(rng, c: Cohort, who, time, order: dict, calendar: Calendar) -> np.ndarray:
    """When each orders again; far away for those who have decided to stop."""
    n, mood = len(who), c.satisfaction[who]
    hurt = order["late"] | order["flaw"] | (order["complains"] & ~order["handled"])
    hazard = c.hazard[who] * np.exp(2.2 * (0.62 - mood)) + hurt * np.clip(0.64 - mood, 0, 1) * 1.3
    stops = rng.random(n) < np.clip(hazard, 0, 0.9)
    # Others who are hurt do not stop at once: they drift away.
    drifts = hurt & ~stops & (mood < 0.5) & (rng.random(n) < 0.5)
    c.fade_start[who[drifts]] = np.minimum(c.fade_start[who[drifts]], time[drifts] + 5)
    pace = np.maximum(c.interest(who, time), 0.05) * (0.5 + 0.8 * mood)
    shape = c.regularity[who]
    gap = c.gap[who] / pace * rng.gamma(shape) / shape
    # Holidays, a full cupboard, other shops: silence that is no farewell.
    gap *= np.where(
        rng.random(n) < np.where(c.organisation[who], 0.03, 0.13), rng.uniform(2, 6, n), 1
    )
    following = calendar.after(time, np.maximum(gap, 1.6), c.region[who], c.season[who])
    faded = ~stops & (c.interest(who, following) < 0.14)
    leaving = who[stops | faded]
    day = np.where(stops, time + rng.exponential(0.35, n) * c.gap[who], time + 0.6 * gap)
    c.gone[leaving] = day[stops | faded]
    bad = hurt | (mood < 0.45)
    c.cause[leaving] = np.where(faded & ~bad, FADED, np.where(bad, BAD_SERVICE, MOVED_ON))[
        stops | faded
    ]
    # Some who left try again after months, in a better mood; until then they are gone.
    returns = stops & (rng.random(n) < 0.3)
    c.satisfaction[who[returns]] = np.maximum(c.satisfaction[who[returns]], 0.55)
    following = np.where(returns, time + rng.uniform(100, 400, n), following)
    return np.where((stops & ~returns) | faded, NEVER, following)
