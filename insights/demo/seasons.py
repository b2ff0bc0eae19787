"""When people buy: Christmas and sales in Europe, Singles' Day and the Spring Festival in China; and the yuan's price.

Time is counted in days (float) from the first day of the history, midnight UTC.
"""

import datetime

import numpy as np

SPRING_FESTIVAL = {
    2022: (2, 1), 2023: (1, 22), 2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6), 2028: (1, 26), 2029: (2, 13),
    2030: (2, 3), 2031: (1, 23), 2032: (2, 11), 2033: (1, 31), 2034: (2, 19), 2035: (2, 8), 2036: (1, 28),
}  # fmt: skip
EUROPE, CHINA = 0, 1
# How strongly a kind of customer follows the season: hardly, as most do, or buying for its sake.
STEADY, USUAL, SEASONAL = 0, 1, 2
POWERS = (0.35, 1.0, 2.6)


def spring_festival(year: int) -> datetime.date:
    return datetime.date(year, *SPRING_FESTIVAL.get(year, (2, 5)))


def demand(day: datetime.date, region: int) -> float:
    """How much is bought on this day; an ordinary day is 1."""
    date = (day.month, day.day)
    weekend = 1.12 if day.weekday() >= 5 else 1.0
    if region == EUROPE:
        if (11, 20) <= date <= (11, 30):
            return 1.7 * weekend
        if (12, 1) <= date <= (12, 19):
            return 1.8 * weekend
        if date >= (12, 24) or date <= (1, 2):
            return 0.55
        return {1: 0.9, 7: 0.85, 8: 0.8, 10: 1.1, 11: 1.2}.get(day.month, 1.0) * weekend
    to_festival = min(((spring_festival(day.year + y) - day).days for y in (0, 1)), key=abs)
    if -7 <= to_festival <= 1:
        return 0.3
    if 2 <= to_festival <= 24:
        return 1.8
    if (11, 9) <= date <= (11, 12):
        return 5.0
    if (11, 1) <= date <= (11, 8) or (6, 12) <= date <= (6, 18) or (12, 10) <= date <= (12, 12):
        return 2.0
    return 0.95 * weekend


def is_sale(day: datetime.date, region: int) -> bool:
    """Days with a fifth off everything."""
    date = (day.month, day.day)
    if region == EUROPE:
        return (11, 22) <= date <= (11, 30) or (1, 3) <= date <= (1, 14) or (7, 1) <= date <= (7, 7)
    return (11, 9) <= date <= (11, 12) or (6, 15) <= date <= (6, 18) or date == (12, 12)


class Calendar:
    """The days of the history and a year beyond, with clocks that run faster when more is bought."""

    def __init__(self, now: datetime.datetime, days: int) -> None:
        self.now = now
        self.days = days
        self.start = (now - datetime.timedelta(days=days)).date()
        midnight = datetime.datetime.combine(self.start, datetime.time(), datetime.UTC)
        self.epoch = int(midnight.timestamp())
        self.now_day = (now - midnight).total_seconds() / 86400
        dates = [self.start + datetime.timedelta(days=i) for i in range(days + 400)]
        levels = np.array([[demand(d, region) for d in dates] for region in (EUROPE, CHINA)])
        self.busy = levels / levels.mean(axis=1, keepdims=True)
        self.sale = np.array([[is_sale(d, region) for d in dates] for region in (EUROPE, CHINA)])
        self.december = np.array([d.month == 12 or (d.month == 11 and d.day > 15) for d in dates])
        self.festival = np.array(
            [2 <= (spring_festival(d.year) - d).days <= 24 or d.month == 11 for d in dates]
        )
        self._edges = np.arange(len(dates) + 1, dtype=float)
        self._clocks = np.empty((2, len(POWERS), len(dates) + 1))
        for region in (EUROPE, CHINA):
            for i, power in enumerate(POWERS):
                speed = self.busy[region] ** power
                self._clocks[region, i] = np.append(0, np.cumsum(speed / speed.mean()))

    def after(self, time, gap, region, power) -> np.ndarray:
        """The moment ``gap`` ordinary days after ``time``, for customers of these regions and season powers."""
        result = np.empty(len(time))
        for r in (EUROPE, CHINA):
            for p in range(len(POWERS)):
                mask = (region == r) & (power == p)
                if mask.any():
                    clock = self._clocks[r, p]
                    goal = np.interp(time[mask], self._edges, clock) + gap[mask]
                    result[mask] = np.interp(goal, clock, self._edges)
        return result

    def day_of(self, time) -> np.ndarray:
        return np.clip(np.asarray(time).astype(int), 0, self.busy.shape[1] - 1)

    def seconds(self, time) -> np.ndarray:
        """Unix seconds of these moments."""
        return self.epoch + np.round(np.asarray(time) * 86400).astype(np.int64)

    def moment(self, time: float) -> datetime.datetime:
        return datetime.datetime.fromtimestamp(int(self.seconds(time)), datetime.UTC)


def waking_hours(rng: np.random.Generator, time, region) -> np.ndarray:
    """The same days at an hour when people in this region are awake (UTC), as a fraction of the day."""
    local = np.clip(rng.normal(15.5, 3.6, len(time)), 7.0, 23.3)
    offset = np.where(region == CHINA, 8.0, 1.0)
    return np.floor(time) + ((local - offset) % 24) / 24


def exchange_rates(
    rng: np.random.Generator, calendar: Calendar
) -> list[tuple[datetime.date, float]]:
    """What one yuan costs in euro, from the first of each month: a walk that keeps near 0.128."""
    day, rate, rows = calendar.start.replace(day=1), 0.1285, []
    while day <= calendar.now.date():
        rows.append((day, round(rate, 6)))
        rate += 0.25 * (0.128 - rate) + rng.normal(0, 0.0012)
        day = (day + datetime.timedelta(days=32)).replace(day=1)
    return rows
