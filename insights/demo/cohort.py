"""Who the customers really are: their latent kind, what they need, how content they are. Nobody but the truth file knows."""

from dataclasses import dataclass

import numpy as np

from insights.demo.catalogue import WORLDS
from insights.demo.seasons import CHINA, EUROPE, SEASONAL, STEADY, USUAL, Calendar
from insights.demo.shelf import Shelf

WORLD_NAMES = list(WORLDS)


@dataclass(frozen=True)
class Kind:
    name: str
    share: tuple[float, float]  # in Europe, in China
    worlds: dict[str, float]
    gap: float  # days between orders; 0: as long as what was bought lasts
    regularity: float  # shape of the gaps' gamma distribution
    season: int
    hazard: float  # chance to stop after an order, when content
    whims: float  # chance of something unplanned in an order
    equipment: float  # chance to take the next step of the world's path
    returns: float
    units: float  # how many of the main product
    visits: float  # idle visits to the shop a month
    organisation: bool = False
    refills: bool = True


KINDS = [
    Kind("home_barista", (0.36, 0.30), {"espresso": 0.45, "filter": 0.4, "tea": 0.15}, 0, 5, STEADY, 0.006, 0.25, 0.2, 0.03, 1.2, 1.4),
    Kind("cafe_owner", (0.06, 0.06), {"cafe": 1.0}, 17, 9, STEADY, 0.004, 0.3, 0.06, 0.015, 6, 0.8, organisation=True),
    Kind("office", (0.09, 0.08), {"office": 1.0}, 34, 7, STEADY, 0.008, 0.3, 0.06, 0.02, 3, 0.5, organisation=True),
    Kind("gift_buyer", (0.16, 0.18), {"kitchen": 0.4, "tea": 0.35, "filter": 0.25}, 85, 1.6, SEASONAL, 0.015, 0.5, 0.08, 0.06, 1, 0.5, refills=False),
    Kind("bargain_hunter", (0.13, 0.19), {"kitchen": 0.4, "espresso": 0.35, "filter": 0.25}, 60, 1.4, SEASONAL, 0.015, 0.8, 0.2, 0.16, 1.5, 2.2, refills=False),
    Kind("tea_lover", (0.10, 0.11), {"tea": 1.0}, 0, 4, USUAL, 0.006, 0.35, 0.18, 0.03, 1.3, 1.0),
    Kind("curious", (0.10, 0.08), {"filter": 0.4, "kitchen": 0.35, "tea": 0.25}, 60, 1.1, USUAL, 0.16, 0.7, 0.3, 0.07, 1, 0.9, refills=False),
]  # fmt: skip
# How interest moves: as it is, rising, or fading from some day on.
CONSTANT, GROWING, FADING = 0, 1, 2
TREND_NAMES = ["constant", "growing", "fading"]
NEVER = 1e9


class Cohort:
    """A few thousand customers as arrays, ``ordinals`` counted through the whole company."""

    def __init__(self, rng, ordinals: np.ndarray, calendar: Calendar, shelf: Shelf) -> None:
        self.ordinals = ordinals
        n = self.size = len(ordinals)
        self.region = np.where(rng.random(n) < 0.35, CHINA, EUROPE)
        draw = rng.random(n)
        shares = np.cumsum([k.share for k in KINDS], axis=0)
        self.kind = (draw[:, None] > shares[:, self.region].T).sum(axis=1).clip(0, len(KINDS) - 1)
        for name in ("regularity", "season", "hazard", "whims", "equipment", "returns", "units"):
            setattr(self, name, np.array([getattr(k, name) for k in KINDS])[self.kind])
        self.organisation = np.array([k.organisation for k in KINDS])[self.kind]
        self.refills = np.array([k.refills for k in KINDS])[self.kind]
        self.visits = np.array([k.visits for k in KINDS])[self.kind] * rng.lognormal(0, 0.5, n)
        # the share of visits that can be told whose they are
        self.recognised = rng.beta(0.45, 0.65, n)
        self._choose_world(rng)
        self._choose_products(rng, shelf)
        self._choose_rhythm(rng, shelf)
        self._choose_dates(rng, calendar)
        self._choose_mood(rng)

    def _choose_world(self, rng) -> None:
        odds = np.array([[k.worlds.get(w, 0) for w in WORLD_NAMES] for k in KINDS]).cumsum(axis=1)
        self.world = (rng.random(self.size)[:, None] > odds[self.kind]).sum(axis=1)
        self.world = self.world.clip(0, len(WORLD_NAMES) - 1)

    def _choose_products(self, rng, shelf: Shelf) -> None:
        """Each has a usual product, and two others bought when they run out."""
        self.main, self.second, self.third = (np.empty(self.size, int) for _ in range(3))
        for number, world in enumerate(WORLDS.values()):
            mask = self.world == number
            for slot in ("main", "second", "third"):
                keys = shelf.keys(world[slot])
                # Earlier in the list means asked for more often.
                weight = 1 / np.arange(1, len(keys) + 1) ** 0.6
                getattr(self, slot)[mask] = rng.choice(keys, mask.sum(), p=weight / weight.sum())
        self.stage = np.where(rng.random(self.size) < 0.45, 0, rng.integers(1, 4, self.size))

    def _choose_rhythm(self, rng, shelf: Shelf) -> None:
        household = rng.lognormal(0.42, 0.38, self.size)
        own = np.array([k.gap for k in KINDS])[self.kind] * rng.lognormal(0, 0.35, self.size)
        refill = shelf.refill_days[self.main] * household
        self.gap = np.where(own > 0, own, refill).clip(6, 400)
        self.second_days = shelf.refill_days[self.second] * household
        self.third_days = shelf.refill_days[self.third] * household
        self.trouble = rng.lognormal(-0.15, 0.7, self.size)  # how often deliveries go wrong here

    def _choose_dates(self, rng, calendar: Calendar) -> None:
        """A third were customers before the history begins; the others joined since, more of them lately."""
        n, now = self.size, calendar.now_day
        joined = now * rng.beta(1.3, 0.9, n)
        earlier = rng.random(n) < 0.3
        self.joined = np.where(earlier, -rng.exponential(260, n), joined)
        wait = np.where(earlier, rng.random(n) * self.gap, 0)
        self.first = np.maximum(self.joined, 0) + wait + rng.uniform(0, 1, n)
        self.first = calendar.after(
            np.maximum(self.joined, 0), wait + rng.uniform(0, 9, n), self.region, self.season
        )
        # Some have shown interest and never bought.
        self.lead = (rng.random(n) < 0.07) & ~earlier
        self.known = self.joined - rng.exponential(np.where(self.organisation, 20, 4), n)

    def _choose_mood(self, rng) -> None:
        n = self.size
        self.satisfaction = np.clip(rng.normal(0.68, 0.13, n), 0.15, 0.95)
        self.satisfaction_first = self.satisfaction.copy()
        self.trend = rng.choice(3, n, p=[0.60, 0.25, 0.15])
        self.fade_start = np.where(
            self.trend == FADING, np.maximum(self.joined, 0) + 60 + rng.exponential(380, n), NEVER
        )
        self.fade_days = rng.uniform(45, 120, n)
        self.gone = np.full(n, NEVER)  # the day they decided to stop
        self.cause = np.zeros(n, int)

    def interest(self, who: np.ndarray, time: np.ndarray) -> np.ndarray:
        """How keen these customers are at these moments: 1 is usual, near 0 is gone."""
        age = time - np.maximum(self.joined[who], 0)
        rising = np.clip(0.65 + 0.9 * age / 420, 0.65, 1.6)
        level = np.where(self.trend[who] == GROWING, rising, 1.0)
        fading = np.maximum(time - self.fade_start[who], 0) / self.fade_days[who]
        return level * np.exp(-fading)
