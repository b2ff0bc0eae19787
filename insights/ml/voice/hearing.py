"""One look at what is talked about: what each message is about, which topics rise, which came up just now."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from insights.ml.voice.phrases import CODE, is_chinese
from insights.ml.voice.rising import Emerging, Rise, emerging, rising_topics
from insights.ml.voice.topics import Corpus, Topics, assign, with_topic

ALIKE = 0.7  # cosine of the codes from which on two scripts speak of one matter


@dataclass(frozen=True)
class Heard:
    """``numbers`` and ``closeness`` as insights.ml.voice.topics.assign has them; ``rises`` by the topic's number;
    ``fresh``: numbers given to topics that emerged just now."""

    topics: Topics
    numbers: np.ndarray
    closeness: np.ndarray
    rises: dict[int, Rise]
    fresh: list[int]


def hear(corpus: Corpus, topics: Topics, today: float) -> Heard:
    """``today``: in days, as the corpus has them; what lies later is not looked at."""
    numbers, closeness = assign(topics, corpus.terms)
    rises = rising_topics(corpus, numbers, today)
    new = across_scripts(corpus, emerging(corpus, today, np.isin(numbers, list(rises))))
    fresh = []
    for one in new:
        topics, number = with_topic(topics, corpus, one.members)
        rises[number] = one.rise
        fresh.append(number)
    if fresh:
        numbers, closeness = assign(topics, corpus.terms)
    return Heard(topics, numbers, closeness, rises, fresh)


def across_scripts(corpus: Corpus, found: Sequence[Emerging]) -> list[Emerging]:
    """Bursts of the two scripts whose messages have the same concerns and aspects are one topic."""
    merged: list[Emerging] = []
    for one in found:
        other = next((o for o in merged if _one_matter(corpus, one, o)), None)
        if other is None:
            merged.append(one)
            continue
        members = np.union1d(one.members, other.members)
        both = replace(other, phrases=(*other.phrases, *one.phrases), members=members)
        merged[merged.index(other)] = both
    return merged


def _one_matter(corpus: Corpus, one: Emerging, other: Emerging) -> bool:
    if is_chinese(one.phrases[0]) == is_chinese(other.phrases[0]):
        return False
    mine, theirs = _codes(corpus, one.members), _codes(corpus, other.members)
    product = sum(n * theirs[code] for code, n in mine.items())
    lengths = sum(n * n for n in mine.values()) * sum(n * n for n in theirs.values())
    return bool(lengths) and product / lengths**0.5 >= ALIKE


def _codes(corpus: Corpus, members: np.ndarray) -> Counter[str]:
    return Counter(term for i in members for term in corpus.terms[i] if term.startswith(CODE))
