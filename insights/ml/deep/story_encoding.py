"""From stories to the arrays that the network reads, and the questions that it is asked about them.

Arrays are padded in front, so that the latest event always stands last. What is learnt here (the scale of money and
of seconds, the products known by name) is plain state.
"""

from dataclasses import dataclass, fields, replace
from typing import Any, Self

import numpy as np

from insights.ml.baskets import positions
from insights.ml.stories import KINDS, LENGTH, PRODUCTS, PURCHASE, Stories

# Of a larger catalogue the products met most often are known by name.
MOST_PRODUCTS = 20_000
# Numbers of an event: gap to the event before, gap to the purchase before, purchases so far, size, how often, rating,
# feeling, and 1 where a feeling was read: 0 is a neutral one otherwise. New ones stand last, see `grown`.
GAP, PURCHASE_GAP, COUNT, SIZE, OFTEN, RATING, FEELING, FELT = range(8)
NUMBERS = 8
# What is known of the moment of a question: silence, silence since the last purchase, and that against the usual gap.
MOMENT = 3
SPREAD = 4.0


@dataclass(frozen=True)
class Encoded:
    """n stories of `LENGTH` events: kind (n, L) int32, 0 for padding; days (n, L) before the moment; numbers
    (n, L, NUMBERS); items (n, L, PRODUCTS) int32, row numbers of known products, 0 for none."""

    kind: np.ndarray
    days: np.ndarray
    numbers: np.ndarray
    items: np.ndarray

    def __len__(self) -> int:
        return len(self.kind)

    def __getitem__(self, rows: slice | np.ndarray) -> "Encoded":
        return Encoded(*(one[rows] for one in self.arrays()))

    def arrays(self) -> tuple[np.ndarray, ...]:
        return self.kind, self.days, self.numbers, self.items

    def latest(self, length: int) -> "Encoded":
        """The last so many places, which is all there is of a story that fits into them."""
        return Encoded(*(one[:, -length:] for one in self.arrays()))


@dataclass(frozen=True)
class Encoder:
    """product_ids (m,) sorted and category (m,) codes: of the products known by name, which have the rows 1..m;
    centre and scale (kinds,): of the logarithm of an event's size."""

    product_ids: np.ndarray
    category: np.ndarray
    centre: np.ndarray
    scale: np.ndarray

    @classmethod
    def learn(cls, told: Stories, product_ids: np.ndarray | None = None) -> Self:
        """product_ids: sorted; by default those that the stories speak of, at most MOST_PRODUCTS."""
        met, codes = told.events["products"].ravel(), told.events["categories"].ravel()
        met, codes = met[met >= 0], codes[met >= 0]
        unique, first, counts = np.unique(met, return_index=True, return_counts=True)
        if product_ids is None:
            product_ids = np.sort(unique[np.argsort(-counts, kind="stable")[:MOST_PRODUCTS]])
        category = np.zeros(len(product_ids), np.int64)
        place, known = positions(product_ids, unique)
        category[place[known]] = codes[first[known]]
        centre, scale = np.zeros(len(KINDS)), np.ones(len(KINDS))
        for kind in range(1, len(KINDS)):
            sizes = np.log1p(told.events["size"][told.events["kind"] == kind])
            sizes = sizes[np.isfinite(sizes)]
            if len(sizes) > 1:
                centre[kind], scale[kind] = sizes.mean(), max(sizes.std(), 0.1)
        return cls(product_ids, category, centre, scale)

    def encode(self, told: Stories) -> Encoded:
        row = np.repeat(np.arange(len(told)), np.diff(told.starts))
        place = LENGTH - np.repeat(told.starts[1:], np.diff(told.starts)) + np.arange(len(row))
        kind = np.zeros((len(told), LENGTH), np.int32)
        days = np.zeros((len(told), LENGTH), np.float32)
        items = np.zeros((len(told), LENGTH, PRODUCTS), np.int32)
        numbers = np.zeros((len(told), LENGTH, NUMBERS), np.float32)
        kind[row, place], days[row, place] = told.events["kind"], told.events["days"]
        items[row, place] = self._items(told.events["products"])
        numbers[row, place, SIZE] = self._sizes(told.events)
        numbers[row, place, OFTEN] = np.log1p(told.events["number"])
        numbers[row, place, RATING] = np.nan_to_num((told.events["rating"] - 3) / 2)
        numbers[row, place, FEELING] = np.nan_to_num(told.events["feeling"])
        numbers[row, place, FELT] = np.isfinite(told.events["feeling"])
        return spaced(Encoded(kind, days, numbers, items))

    def _items(self, products: np.ndarray) -> np.ndarray:
        place, known = positions(self.product_ids, products.ravel())
        return np.where(known, place + 1, 0).reshape(products.shape)

    def _sizes(self, events: np.ndarray) -> np.ndarray:
        kind = events["kind"]
        size = (np.log1p(events["size"]) - self.centre[kind]) / self.scale[kind]
        return np.clip(np.nan_to_num(size), -SPREAD, SPREAD)

    def state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        return {}, {one.name: getattr(self, one.name) for one in fields(self)}

    @classmethod
    def from_state(cls, arrays: dict[str, np.ndarray]) -> Self:
        made = cls(*(arrays[one.name] for one in fields(cls)))
        centre, scale = grown(made.centre, len(KINDS)), grown(made.scale, len(KINDS), 1.0)
        return replace(made, centre=centre, scale=scale)


def grown(array: np.ndarray, rows: int, fill: float = 0.0) -> np.ndarray:
    """What a network of an earlier release learnt of fewer kinds or numbers of events: of the others it knows nothing,
    and says what it said then."""
    more = np.full((rows - len(array), *array.shape[1:]), fill, array.dtype)
    return np.concatenate([array, more])


def spaced(story: Encoded) -> Encoded:
    """The same events with the gaps between them told; of events taken out of it a story keeps no trace."""
    here, bought = story.kind > 0, story.kind == PURCHASE
    numbers = story.numbers.copy()
    for channel, counted in ((GAP, here), (PURCHASE_GAP, bought)):
        before = _latest_before(story.days, counted)
        gap = np.where(here & np.isfinite(before), before - story.days, 0)
        numbers[:, :, channel] = np.log1p(np.maximum(gap, 0)) / SPREAD
    numbers[:, :, COUNT] = np.log1p(np.cumsum(bought, axis=1)) * here / SPREAD
    return replace(story, numbers=numbers)


def _latest_before(days: np.ndarray, counted: np.ndarray) -> np.ndarray:
    """(n, L): days of the latest counted event that stands before each; inf where there is none."""
    upto = np.minimum.accumulate(np.where(counted, days, np.inf), axis=1)
    return np.concatenate([np.full((len(days), 1), np.inf, days.dtype), upto[:, :-1]], axis=1)


def moments(story: Encoded, asked: np.ndarray) -> np.ndarray:
    """(n, L, MOMENT): what the moments `asked` (n, L), in days before the story's own, add to what is known after
    each event; every event up to it lies before its moment."""
    here, bought = story.kind > 0, story.kind == PURCHASE
    silence, _ = _since(story.days, here, asked)
    since, last = _since(story.days, bought, asked)
    first = np.maximum.accumulate(np.where(bought, story.days, 0), axis=1)
    gaps = np.cumsum(bought, axis=1) - 1
    usual = np.divide(first - last, gaps, out=np.zeros_like(first), where=gaps > 0)
    late = np.where(gaps > 0, np.log1p(since) - np.log1p(usual), 0)
    told = np.stack([np.log1p(silence), np.log1p(since), late], axis=2)
    return (told / SPREAD).astype(np.float32)


def _since(
    days: np.ndarray, counted: np.ndarray, asked: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(n, L) each: days from the latest counted event to the moments, and how long before the story's own it was; 0
    where there is none."""
    last = np.minimum.accumulate(np.where(counted, days, np.inf), axis=1)
    known = np.isfinite(last)
    last = np.where(known, last, 0)
    return np.where(known, np.maximum(last - asked, 0), 0), last
