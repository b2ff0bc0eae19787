"""The catalogue as arrays: prices through time, what could be bought on a day, and what is chosen."""

import numpy as np
import pandas as pd

from insights.demo.catalogue import (
    ARCHIVED,
    CATALOGUE,
    NEW_PRODUCTS,
    OUT_OF_STOCK,
    REFILL_DAYS,
)
from insights.demo.seasons import CHINA, Calendar

# What an article of one euro costs in the Chinese shop.
YUAN_PER_EURO = 7.8
NEVER = 1e9


def product_frame(calendar: Calendar, rng: np.random.Generator) -> pd.DataFrame:
    """One row per product, in catalogue order; times in days of the history."""
    rows = [
        (key, name, zh, price, weight, category, text, False)
        for category, products in CATALOGUE.items()
        for key, name, zh, price, weight, text in products
    ]
    rows += [
        (key, name, zh, price, 0, category, text, True)
        for key, name, zh, price, category, text in NEW_PRODUCTS
    ]
    columns = ["key", "name", "zh", "price", "weight", "category", "description", "is_new"]
    frame = pd.DataFrame(rows, columns=columns)
    frame["sku"] = [f"NB-{1001 + i}" for i in range(len(frame))]
    now = calendar.now_day
    frame["sold_until"] = [now - OUT_OF_STOCK.get(k, ARCHIVED.get(k, -NEVER)) for k in frame.key]
    frame["in_stock"] = [k not in OUT_OF_STOCK and k not in ARCHIVED for k in frame.key]
    frame["archived_on"] = [now - ARCHIVED[k] if k in ARCHIVED else np.nan for k in frame.key]
    n = len(frame)
    # About a third became dearer once; the rest kept their price.
    dearer = (rng.random(n) < 0.35) & ~frame.is_new
    frame["dearer_on"] = np.where(dearer, np.floor(rng.uniform(0.25, 0.9, n) * now), -1)
    before = np.round(frame.price * rng.uniform(0.88, 0.95, n), 1)
    frame["price_before"] = np.where(dearer, before, frame.price)
    frame["quality"] = np.clip(rng.normal(0.8, 0.1, n), 0.4, 0.98)
    return frame


class Shelf:
    """Vectorised answers about the products, by their position in the frame."""

    def __init__(self, calendar: Calendar, rng: np.random.Generator) -> None:
        self.calendar = calendar
        self.frame = product_frame(calendar, rng)
        self.position = {key: i for i, key in enumerate(self.frame.key)}
        self.refill_days = np.array([REFILL_DAYS.get(k, np.nan) for k in self.frame.key])
        self.sold_until = self.frame.sold_until.to_numpy()
        self.quality = self.frame.quality.to_numpy()
        self._price = self.frame.price.to_numpy()
        self._before = self.frame.price_before.to_numpy()
        self._dearer_on = self.frame.dearer_on.to_numpy()
        self.categories = list(CATALOGUE)
        self.category_of = np.array([self.categories.index(c) for c in self.frame.category])
        self._members, self._odds = [], []
        for number in range(len(self.categories)):
            members = np.flatnonzero(self.category_of == number)
            weight = self.frame.weight.to_numpy()[members].astype(float)
            self._members.append(members)
            self._odds.append(np.cumsum(weight) / weight.sum())

    def keys(self, keys: list[str]) -> np.ndarray:
        return np.array([self.position[k] for k in keys])

    def from_category(self, rng: np.random.Generator, category: np.ndarray) -> np.ndarray:
        """One product of each of these categories, the popular ones more often."""
        chosen = np.empty(len(category), dtype=int)
        for number in np.unique(category):
            mask = category == number
            spot = np.searchsorted(self._odds[number], rng.random(mask.sum()), side="right")
            chosen[mask] = self._members[number][spot]
        return chosen

    def available(self, product: np.ndarray, time: np.ndarray) -> np.ndarray:
        """The same products where they were to be had then; else the most popular of the category."""
        gone = time >= self.sold_until[product]
        flagship = np.array([m[np.argmax(np.diff(o, prepend=0))] for m, o in zip(self._members, self._odds, strict=True)])  # fmt: skip
        return np.where(gone, flagship[self.category_of[product]], product)

    def price(self, product: np.ndarray, time: np.ndarray, region: np.ndarray) -> np.ndarray:
        """Unit price on that day in the shop's currency, sale days included."""
        euro = np.where(
            time < self._dearer_on[product], self._before[product], self._price[product]
        )
        listed = np.where(region == CHINA, np.round(euro * YUAN_PER_EURO), euro)
        sale = self.calendar.sale[region, self.calendar.day_of(time)]
        return np.round(np.where(sale, listed * 0.8, listed), 2)
