"""What is talked about more than before, for certain: topics and phrases of these days against those before.

Counts of a week vary more than chance alone would have it, and some with the season; so what is expected is a
quasi-Poisson rate with a negative binomial for what may come of it, as in the surveillance of outbreaks (Farrington
et al. 1996, Noufaily et al. 2013), raised by what was said at this time last year. Of many that are looked at some
stand out by chance: Benjamini & Hochberg (1995) hold the share of those.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from insights.ml.voice.phrases import CODE, is_chinese
from insights.ml.voice.topics import Corpus
from insights.ml.voice.words import generic_words

WEEK, WEEKS = 7.0, 52
WINDOWS = (1, 4)  # weeks that are held against those before them
TOPIC_WINDOWS = (1, 2, 4)  # of topics, which are few: one more costs little
LEAST_WEEKS = 4  # before them, to compare with
FEWEST = 5  # customers who must speak of it
LIFT, TOPIC_LIFT = 1.8, 1.5  # times as much as expected
# It is looked every day, in windows that overlap; one alarm in years may be false. Thousands of phrases are looked at,
# of which nothing is known; topics are few, have a past of their own, and their windows hardly change from night to
# night, so that a larger share of each night's still leaves ten months without an alarm (benchmarks/topics.py).
FALSE_SHARE, TOPIC_FALSE_SHARE = 0.0005, 0.0015
SEASON_WEEKS, SEASON_PRIOR = 2, 10.0
# How restless a topic is, is told by a year of its weeks and by so many weeks' worth of what is usual among topics.
WEEKS_OF_OTHERS = 52
TOGETHER = 0.25  # messages with both of two phrases, of those with either, from which on they are one matter


@dataclass(frozen=True)
class Rise:
    """count and expected of the window's messages, ratio with a 95 % interval, chance of so many without a cause."""

    weeks: int
    count: int
    expected: float
    low: float
    high: float
    p: float

    @property
    def ratio(self) -> float:
        return self.count / self.expected


@dataclass(frozen=True)
class Emerging:
    """Phrases that nobody or hardly anybody used before, said together: a topic no one has named yet."""

    phrases: tuple[str, ...]
    members: np.ndarray  # places of the messages that use them
    rise: Rise


def weekly(corpus: Corpus, today: float) -> np.ndarray:
    """How many whole weeks before today each message came: 0 is the last seven days."""
    return np.floor((today - corpus.days) / WEEK).astype(int)


def expectation(
    counts: np.ndarray, among: np.ndarray, window: int, *, alike: bool = False
) -> tuple[np.ndarray, ...]:
    """Mean of a window's count, its variance, and the dispersion, per row.

    counts: (n, weeks), newest first; among: (weeks,) or (n, weeks) messages that the rate is to. The weeks behind
    the window and within a year tell the rate, this time last year the season, where it was that long ago. alike:
    the rows are of one kind, so that what is usual among them steadies the dispersion of each.
    """
    others = np.maximum(np.broadcast_to(among, counts.shape), np.minimum(counts, 1))
    base, exposure = counts[:, window : window + WEEKS], others[:, window : window + WEEKS]
    rate = (base.sum(axis=1) + 0.5) / np.maximum(exposure.sum(axis=1), 1.0)
    now = np.maximum(others[:, :window].sum(axis=1), 1.0)
    mean = rate * now * season(counts, others, rate, window)
    weekly_mean = np.maximum(rate[:, None] * exposure, 1e-9)
    used = (exposure > 0).any(axis=0)
    # The others vary by chance too, and with them what is expected.
    chance = weekly_mean * (1 + rate[:, None])
    chi2 = ((base - weekly_mean) ** 2 / chance)[:, used].sum(axis=1) / max(1, used.sum() - 1)
    if alike and len(chi2):
        own = used.sum()
        chi2 = (own * chi2 + WEEKS_OF_OTHERS * np.median(chi2)) / (own + WEEKS_OF_OTHERS)
    dispersion = np.maximum(1.0, chi2)
    unsure = dispersion / (base.sum(axis=1) + 0.5) + 1 / now
    return mean, dispersion * mean + unsure * mean**2, dispersion


def season(counts: np.ndarray, among: np.ndarray, rate: np.ndarray, window: int) -> np.ndarray:
    """How much more than usual was said of each around this time last year, never less than 1, for that would make
    alarms of what is only usual; among: (n, weeks)."""
    most = np.ones(len(counts))
    for first in range(WEEKS - SEASON_WEEKS, WEEKS + SEASON_WEEKS + 1):
        then = slice(first, first + window)
        if counts.shape[1] < then.stop:
            break
        usual = rate * among[:, then].sum(axis=1)
        said = counts[:, then].sum(axis=1)
        most = np.maximum(most, (said + SEASON_PRIOR) / (usual + SEASON_PRIOR))
    return most


def rises(counts: np.ndarray, among: np.ndarray, window: int, *, alike: bool = False) -> list[Rise]:
    """Each row's last ``window`` weeks against those before; alike: as expectation has it."""
    from scipy.stats import nbinom

    now = counts[:, :window].sum(axis=1)
    mean, variance, dispersion = expectation(counts, among, window, alike=alike)
    size = mean**2 / np.maximum(variance - mean, 1e-12)
    p = nbinom.sf(now - 1, size, size / (size + mean))
    before = counts[:, window : window + WEEKS].sum(axis=1) + 0.5
    error = np.sqrt(dispersion * (1 / np.maximum(now, 0.5) + 1 / before))
    ratio = np.maximum(now, 0.5) / mean
    low, high = ratio * np.exp(-1.96 * error), ratio * np.exp(1.96 * error)
    return [
        Rise(window, int(n), *map(float, values))
        for n, *values in zip(now, mean, low, high, p, strict=True)
    ]


def discoveries(
    p: Sequence[float], tested: int | None = None, share: float = FALSE_SHARE
) -> np.ndarray:
    """Which of these are no chance, of ``tested`` that were looked at in all."""
    values = np.asarray(p, dtype=float)
    order = np.argsort(values)
    allowed = share * np.arange(1, len(values) + 1) / max(tested or 0, len(values), 1)
    passing = np.flatnonzero(values[order] <= allowed)
    found = np.zeros(len(values), dtype=bool)
    found[order[: passing.max() + 1 if len(passing) else 0]] = True
    return found


def counted(
    corpus: Corpus, numbers: np.ndarray, wanted: Sequence[int], weeks: np.ndarray
) -> np.ndarray:
    """Messages of each wanted topic by week, newest first."""
    table = np.zeros((len(wanted), int(weeks.max(initial=0)) + 1))
    place = {number: i for i, number in enumerate(wanted)}
    for number, week in zip(numbers.tolist(), weeks.tolist(), strict=True):
        if number in place and week >= 0:
            table[place[number], week] += 1
    return table


def rising_topics(corpus: Corpus, numbers: np.ndarray, today: float) -> dict[int, Rise]:
    """Topics that rise for certain, with the window in which that is clearest."""
    weeks = weekly(corpus, today)
    wanted = sorted({int(n) for n in numbers} - {0})
    counts = counted(corpus, numbers, wanted, weeks)
    totals = np.bincount(weeks[weeks >= 0], minlength=counts.shape[1])
    # To all other messages: one topic of a few that triples would else raise what is expected of itself.
    others = totals - counts
    best: dict[int, Rise] = {}
    for window in usable(totals, TOPIC_WINDOWS):
        for number, rise in zip(wanted, rises(counts, others, window, alike=True), strict=True):
            within = (numbers == number) & (weeks >= 0) & (weeks < window)
            if rise.ratio < TOPIC_LIFT or speakers(corpus, within) < FEWEST:
                continue
            if number not in best or rise.p < best[number].p:
                best[number] = rise
    sure = discoveries([rise.p for rise in best.values()], len(wanted), TOPIC_FALSE_SHARE)
    return {n: rise for (n, rise), is_sure in zip(best.items(), sure, strict=True) if is_sure}


def usable(totals: np.ndarray, windows: Sequence[int] = WINDOWS) -> list[int]:
    return [window for window in windows if (totals[window:] > 0).sum() >= LEAST_WEEKS]


def speakers(corpus: Corpus, which: np.ndarray) -> int:
    """How many different customers; each message of nobody known counts for itself."""
    whose = corpus.customers[which]
    return len(set(whose[whose > 0].tolist())) + int((whose == 0).sum())


def emerging(corpus: Corpus, today: float, explained: np.ndarray | None = None) -> list[Emerging]:
    """Phrases in a burst, those that are said together as one; newest seven days and four weeks.

    ``explained``: messages whose topic is known to rise already.
    """
    weeks = weekly(corpus, today)
    totals = np.bincount(weeks[weeks >= 0], minlength=1)
    found: list[Emerging] = []
    for window in usable(totals):
        recent = np.flatnonzero((weeks >= 0) & (weeks < window))
        bursts = bursting(corpus, weeks, totals, recent, window)
        for group in joined(corpus, recent, bursts):
            members = using(corpus, recent, group)
            known = any(
                len(np.intersect1d(members, one.members)) * 2 > len(members) for one in found
            )
            if explained is not None and explained[members].mean() > 0.5:
                known = True
            if not is_one_matter(corpus, members):
                continue
            if not known and speakers(corpus, np.isin(np.arange(len(corpus)), members)) >= FEWEST:
                best = min(group, key=lambda phrase: bursts[phrase].p)
                found.append(
                    Emerging(
                        tuple(sorted(group, key=lambda ph: bursts[ph].p)), members, bursts[best]
                    )
                )
    return found


def is_one_matter(corpus: Corpus, members: np.ndarray) -> bool:
    """Not so where the reader finds a concern or aspect in most of the messages and half of those share none: then
    it is a name that they have in common, such as that of a product on sale, and not what they say of it."""
    codes = [[t for t in corpus.terms[i] if t.startswith(CODE)] for i in members.tolist()]
    told = [one for one in codes if one]
    if 2 * len(told) <= len(codes):
        return True
    most = max(Counter(code for one in told for code in one).values())
    return 2 * most >= len(told)


def bursting(
    corpus: Corpus, weeks: np.ndarray, totals: np.ndarray, recent: np.ndarray, window: int
) -> dict[str, Rise]:
    """Phrases said by several customers lately, and hardly before; each customer counts once a week.

    A phrase is held against the messages of its own script: a week in which one country buys more is no matter of
    all that is said in its language. Phrases of one matter come in groups, so each has to be no chance by itself.
    """
    people: dict[str, set[Any]] = {}
    for i in recent:
        whose = int(corpus.customers[i]) or -int(i) - 1
        for term in corpus.terms[i]:
            if term.startswith(CODE):
                continue
            people.setdefault(term, set()).add(whose)
    candidates = [
        term for term, who in people.items() if len(who) >= FEWEST and not says_nothing(term)
    ]
    found: dict[str, Rise] = {}
    chinese = in_chinese(corpus)
    for script in (False, True):
        terms = sorted(term for term in candidates if is_chinese(term) == script)
        if not terms:
            continue
        among = np.bincount(weeks[(weeks >= 0) & (chinese == script)], minlength=len(totals))
        looked = rises(phrase_counts(corpus, weeks, terms, len(totals)), among, window)
        found |= {
            term: rise
            for term, rise in zip(terms, looked, strict=True)
            if rise.p <= FALSE_SHARE / len(people) and rise.ratio >= 2 * LIFT
        }
    return found


def in_chinese(corpus: Corpus) -> np.ndarray:
    """(n,) whether a message has a Chinese phrase."""
    return np.array([any(map(is_chinese, terms)) for terms in corpus.terms], dtype=bool)


def says_nothing(phrase: str) -> bool:
    """Made of words that are in every message: "good morning", "下单前想"."""
    generic = generic_words()
    if not is_chinese(phrase):
        return all(word in generic for word in phrase.split())
    cuts = range(1, len(phrase))
    return phrase in generic or any(phrase[:i] in generic and phrase[i:] in generic for i in cuts)


def phrase_counts(
    corpus: Corpus, weeks: np.ndarray, terms: Sequence[str], length: int
) -> np.ndarray:
    """Customers who used each phrase, by week, newest first."""
    place = {term: i for i, term in enumerate(terms)}
    seen: Counter[tuple[int, int]] = Counter()
    told: set[tuple[int, int, int]] = set()
    for week, whose, used in zip(
        weeks.tolist(), corpus.customers.tolist(), corpus.terms, strict=True
    ):
        if week < 0:
            continue
        for term in used & place.keys():
            once = (place[term], week, whose)
            if whose and once in told:
                continue
            told.add(once)
            seen[place[term], week] += 1
    table = np.zeros((len(terms), length))
    for (i, week), count in seen.items():
        table[i, week] = count
    return table


def joined(corpus: Corpus, recent: np.ndarray, bursts: dict[str, Rise]) -> list[list[str]]:
    """Phrases in groups that are used in the same messages."""
    where = {term: {int(i) for i in recent if term in corpus.terms[i]} for term in bursts}
    groups: list[list[str]] = []
    for term in sorted(bursts, key=lambda t: bursts[t].p):
        mine = [g for g in groups if any(overlap(where[term], where[o]) >= TOGETHER for o in g)]
        groups = [g for g in groups if g not in mine] + [[t for g in mine for t in g] + [term]]
    return groups


def overlap(one: set[int], other: set[int]) -> float:
    return len(one & other) / max(1, len(one | other))


def using(corpus: Corpus, recent: np.ndarray, group: Sequence[str]) -> np.ndarray:
    wanted = frozenset(group)
    return np.array([int(i) for i in recent if corpus.terms[i] & wanted], dtype=int)
