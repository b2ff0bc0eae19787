"""What a topic is called, and which messages show best what it is about."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from insights.ml.voice import polarity
from insights.ml.voice.finding import Boundaries, segmenter
from insights.ml.voice.phrases import CODE, is_chinese
from insights.ml.voice.topics import Corpus
from insights.ml.voice.wordings import NEGATIONS, content_of

PARTS = 3  # phrases of a name
ROOM = {"en": 50, "zh": 20}  # characters of a name; the first phrase stands in any case
FEWEST = 3  # customers who must have used each: no name quotes a single person
PRIOR = 500.0  # words of everybody's that stand behind each topic's own
# Two words that belong together say more than either, a third little more.
WORTH_OF_WORDS = (0.0, 0.6, 1.0, 1.15)
MOST_BLAME = 0.3  # so much more often negative than its phrase a topic may be
ONE_MOOD = 0.2  # of a topic's messages may be of the other, and it is all praise or all blame
FELT = 0.3  # of a phrase by itself, of 0 to 1
LEAST_WORTH = 0.3  # of the first phrase's
LEAST_SHARE = 0.04  # of the topic's messages of the script
LENGTHS = (0.5, 2.0)  # of the usual length, within which a message is a fair example


def names(
    corpus: Corpus, numbers: np.ndarray, negative: np.ndarray | None = None
) -> dict[int, dict[str, list[str]]]:
    """Per topic and script (``en``, ``zh``) the phrases that set it apart from the other messages of that script.

    The corpus holds wordings (insights.ml.voice.wordings) or terms. By log-odds with an informative Dirichlet prior,
    in standard errors (Monroe, Colaresi & Quinn 2008); of those each that says what the ones before it do not.
    ``negative``: which messages are; then there are only phrases that are said in the mood of their topic.
    """
    whole: Counter[str] = Counter(term for one in corpus.terms for term in one)
    found: dict[int, dict[str, list[str]]] = {}
    for number in sorted({int(n) for n in numbers} - {0}):
        inside: list[int] = np.flatnonzero(numbers == number).tolist()
        own = Counter(term for i in inside for term in corpus.terms[i])
        people = customers_of(corpus, inside, own)
        messages = [corpus.terms[i] for i in inside]
        found[number] = {}
        for script in ("en", "zh"):
            scored = ranked(own, whole, script, people)
            if negative is not None:
                bad = Counter(term for i in inside if negative[i] for term in corpus.terms[i])
                scored = in_mood(scored, own, bad, float(negative[inside].mean()))
            found[number][script] = chosen(scored, messages, script)
    return found


def in_mood(
    scored: Sequence[tuple[str, float]], own: Counter[str], bad: Counter[str], share: float
) -> list[tuple[str, float]]:
    """Phrases whose messages are about as often negative as those of the topic, the nearer the better. One that begins
    with a "not", and what is left of it without that, is a name of a negative topic alone."""
    turned = [] if 2 * share > 1 else [term for term, _ in scored if is_negated(term)]
    found = []
    for term, z in scored:
        said = bad[term] / own[term]
        left = any(one.endswith(term) and 2 * own[one] >= own[term] for one in turned)
        if not left and is_of_mood(said, share) and not is_belied(term, share):
            found.append((term, z * (1 - abs(said - share))))
    return found


def is_of_mood(said: float, share: float) -> bool:
    """Blame is a name of what is mostly blamed, praise of what is seldom blamed."""
    if 2 * share > 1:
        return 2 * said >= 1
    return 2 * said <= 1 and share - said <= MOST_BLAME


def is_belied(term: str, share: float) -> bool:
    """Does the phrase by itself say the opposite of a topic that is all praise or all blame? What is asked for (a
    refund) is neither."""
    hits = polarity.mood(term, term, Boundaries(term), []).hits
    felt = polarity.squashed(sum(hit.weight for hit in hits if hit.aspect != "_claim"))
    return (share <= ONE_MOOD and felt < -FELT) or (share >= 1 - ONE_MOOD and felt > FELT)


def is_negated(term: str) -> bool:
    if not is_chinese(term):
        return term.split()[0] in NEGATIONS
    return segmenter().tag(term)[0][0] in NEGATIONS


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


def chosen(
    scored: Sequence[tuple[str, float]], messages: Sequence[frozenset[str]], script: str
) -> list[str]:
    """The few that say most together: phrases before words, none that says again what stands there already."""
    worth: dict[str, float] = {}
    words: dict[str, set[str]] = {}
    for term, z in scored:
        words[term] = {stem(word) for word in content_of(term)}
        worth[term] = z * WORTH_OF_WORDS[min(len(words[term]), 3)]
    where = {
        t: {i for i, said in enumerate(messages) if t in said}
        for t, weight in worth.items()
        if weight
    }
    of_script = len(set().union(*where.values())) if where else 0
    where = {t: at for t, at in where.items() if len(at) >= LEAST_SHARE * of_script}
    name: list[str] = []
    told: set[int] = set()
    while where and len(name) < PARTS:
        value = {t: worth[t] * (1 - len(at & told) / len(at)) for t, at in where.items()}
        best = max(where, key=lambda t: (value[t], len(t), t))
        if name and value[best] < LEAST_WORTH * worth[name[0]]:
            break
        if not name or len("".join([*name, best])) <= ROOM[script]:
            name.append(best)
            told |= where[best]
        where = {t: at for t, at in where.items() if not same_matter(words[t], words[best])}
    return name


def same_matter(some: set[str], others: set[str]) -> bool:
    return any(
        one == other or (is_chinese(one) and (one in other or other in one))
        for one in some
        for other in others
    )


def stem(word: str) -> str:
    """Enough to tell that "prices" and "price" are one word."""
    return re.sub(r"(?<=[a-z]{3})(?:ing|ed|es|s|e|y)$", "", word)


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
