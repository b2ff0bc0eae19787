"""What a topic is called, and which messages show best what it is about."""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from insights.ml.voice.phrases import CODE, is_chinese
from insights.ml.voice.topics import Corpus

PARTS = 3  # phrases of a name
FEWEST = 3  # customers who must have used each: no name quotes a single person
PRIOR = 500.0  # words of everybody's that stand behind each topic's own
LENGTHS = (0.5, 2.0)  # of the usual length, within which a message is a fair example


def names(corpus: Corpus, numbers: np.ndarray) -> dict[int, dict[str, list[str]]]:
    """Per topic and script (``en``, ``zh``) the phrases that set it apart from the other messages of that script.

    By log-odds with an informative Dirichlet prior, in standard errors (Monroe, Colaresi & Quinn 2008).
    """
    whole: Counter[str] = Counter(term for one in corpus.terms for term in one)
    found: dict[int, dict[str, list[str]]] = {}
    for number in sorted({int(n) for n in numbers} - {0}):
        inside: list[int] = np.flatnonzero(numbers == number).tolist()
        own = Counter(term for i in inside for term in corpus.terms[i])
        people = customers_of(corpus, inside, own)
        found[number] = {
            script: distinct(ranked(own, whole, script, people)) for script in ("en", "zh")
        }
    return found


def customers_of(corpus: Corpus, places: Iterable[int], terms: Counter[str]) -> dict[str, int]:
    """How many different customers used each term that several messages hold."""
    who: dict[str, set[int]] = {term: set() for term, count in terms.items() if count >= FEWEST}
    for i in places:
        for term in corpus.terms[i] & who.keys():
            who[term].add(int(corpus.customers[i]) or -int(i) - 1)
    return {term: len(people) for term, people in who.items()}


def ranked(
    own: Counter[str], whole: Counter[str], script: str, people: dict[str, int]
) -> list[tuple[str, float]]:
    """Phrases of one script that are more the topic's than everybody's, the most telling first."""
    mine = {
        t: n for t, n in own.items() if not t.startswith(CODE) and is_chinese(t) == (script == "zh")
    }
    others = {t: whole[t] - n for t, n in mine.items()}
    all_mine, all_others = (
        sum(mine.values()) or 1,
        max(1, _of_script(whole, script) - sum(mine.values())),
    )
    scale = PRIOR / (all_mine + all_others)
    scored = []
    for term, n in mine.items():
        prior = scale * whole[term]
        mine_odds = np.log((n + prior) / (all_mine + PRIOR - n - prior))
        their_odds = np.log((others[term] + prior) / (all_others + PRIOR - others[term] - prior))
        z = (mine_odds - their_odds) / np.sqrt(1 / (n + prior) + 1 / (others[term] + prior))
        if z > 2 and people.get(term, 0) >= FEWEST:
            scored.append((term, float(z)))
    return sorted(scored, key=lambda pair: (-pair[1], pair[0]))


def _of_script(whole: Counter[str], script: str) -> int:
    return sum(
        n for t, n in whole.items() if not t.startswith(CODE) and is_chinese(t) == (script == "zh")
    )


def distinct(scored: Sequence[tuple[str, float]]) -> list[str]:
    """A pair of words instead of either where it tells nearly as much; no word twice."""
    chosen: list[str] = []
    values = dict(scored)
    for term, z in scored:
        longer = [o for o in values if o != term and _holds(o, term) and values[o] >= 0.7 * z]
        best = max(longer, key=lambda o: values[o], default=term)
        if not any(_shares(best, other) for other in chosen):
            chosen.append(best)
        if len(chosen) == PARTS:
            break
    return chosen


def _holds(longer: str, term: str) -> bool:
    return term in (longer if is_chinese(longer) else longer.split())


def _shares(one: str, other: str) -> bool:
    if is_chinese(one) and is_chinese(other):
        return one in other or other in one or bool(_pairs(one) & _pairs(other))
    return bool(set(one.split()) & set(other.split()))


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}


def usual_lengths(corpus: Corpus) -> dict[bool, float]:
    """Median characters of a message, of Chinese ones (True) and others: Chinese says as much in fewer."""
    chinese = in_chinese(corpus)
    return {
        script: max(1.0, float(np.median(corpus.lengths[chinese == script])))
        for script in (False, True)
        if (chinese == script).any()
    }


def typical(corpus: Corpus, closeness: np.ndarray, usual: dict[bool, float]) -> np.ndarray:
    """How well each message stands for its topic, 0 to 1: near its middle, and of a usual length."""
    middle = np.array([usual.get(c, 1.0) for c in in_chinese(corpus).tolist()])
    share = np.maximum(corpus.lengths / middle, 1e-9)
    fair = np.minimum(share / LENGTHS[0], LENGTHS[1] / share)
    return closeness * np.clip(fair, 0, 1)


def in_chinese(corpus: Corpus) -> np.ndarray:
    return np.array([any(is_chinese(t) for t in one) for one in corpus.terms], dtype=bool)
