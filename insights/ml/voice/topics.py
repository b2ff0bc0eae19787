"""What people talk about: topics found in the messages of both languages, the same ones from run to run.

TF-IDF of words, pairs of words and codes, split by non-negative matrix factorisation (Lee & Seung 1999). How many
topics there are is settled by how well they are found again in halves of the messages (Greene, O'Callaghan &
Cunningham 2014). What is kept of a topic are the weights of its terms: to say what a message is about takes no
more than them.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from insights.ml.voice.phrases import CODE

SAMPLE = 6_000  # messages that topics are learnt from, the newest of a fixed draw
FEWEST = 200  # with fewer messages there is nothing to tell apart
SIZES = (6, 8, 10, 12, 15, 18, 22, 26)
# Of two numbers of topics that are about as stable, the smaller one is easier to read.
MARGIN = 0.03
# A concern or aspect counts as so many words: it is what messages of two languages have in common.
CODE_WEIGHT = 2.5
LOOSENED = 0.1  # a number that was settled before is settled anew when it has lost so much
MOST_TERMS, KEPT_TERMS, RAREST, WIDEST = 4_000, 80, 5, 0.35
CLOSE = 0.22  # cosine from which on a message is about a topic
SAME = 0.4  # cosine of the terms of two runs' topics from which on they are one


@dataclass(frozen=True)
class Corpus:
    """Messages as columns: key, customer (0: unknown), days from a fixed day on, characters, terms of each."""

    keys: np.ndarray
    customers: np.ndarray
    days: np.ndarray
    lengths: np.ndarray
    terms: Sequence[frozenset[str]]

    def __len__(self) -> int:
        return len(self.terms)

    def only(self, places: np.ndarray) -> "Corpus":
        return Corpus(
            self.keys[places],
            self.customers[places],
            self.days[places],
            self.lengths[places],
            [self.terms[i] for i in places],
        )


@dataclass(frozen=True)
class Topics:
    """``idf`` of each term that counts; ``vectors``: the topics' terms, unit length, by the topic's number.

    ``last_number``: the highest ever given. ``stability``: 0 to 1, of the number of topics when it was settled.
    """

    idf: dict[str, float]
    vectors: dict[int, dict[str, float]]
    last_number: int = 0
    stability: float | None = None
    found: tuple[int, ...] = field(
        default=()
    )  # by factorisation; the others emerged since or are kept

    def plain(self) -> dict[str, Any]:
        """As JSON holds it."""
        vectors = [[number, vector] for number, vector in self.vectors.items()]
        return {
            "idf": self.idf, "vectors": vectors, "last_number": self.last_number,
            "stability": self.stability, "found": list(self.found),
        }  # fmt: skip

    @classmethod
    def of(cls, plain: dict[str, Any]) -> "Topics":
        vectors = {int(number): vector for number, vector in plain["vectors"]}
        return cls(
            plain["idf"], vectors, plain["last_number"], plain["stability"], tuple(plain["found"])
        )


def assign(topics: Topics, terms: Sequence[frozenset[str]]) -> tuple[np.ndarray, np.ndarray]:
    """The number of the topic each message is about (0: none) and how close it is, 0 to 1."""
    numbers = list(topics.vectors)
    if not numbers or not terms:
        return np.zeros(len(terms), dtype=int), np.zeros(len(terms))
    columns = {term: i for i, term in enumerate(topics.idf)}
    matrix = np.zeros((len(columns), len(numbers)))
    for j, number in enumerate(numbers):
        for term, weight in topics.vectors[number].items():
            matrix[columns[term], j] = weight
    closeness = weighted(terms, columns, np.array(list(topics.idf.values()))) @ matrix
    best = closeness.argmax(axis=1)
    most = closeness[np.arange(len(terms)), best]
    return np.where(most >= CLOSE, np.array(numbers)[best], 0), np.where(most >= CLOSE, most, 0.0)


def weighted(terms: Sequence[frozenset[str]], columns: dict[str, int], idf: np.ndarray) -> Any:
    """Messages × terms, sparse, rows of unit length."""
    from scipy.sparse import csr_matrix

    places = [[columns[term] for term in one if term in columns] for one in terms]
    counts = np.array([len(row) for row in places])
    column = np.fromiter((c for row in places for c in row), dtype=int, count=counts.sum())
    rows = np.repeat(np.arange(len(terms)), counts)
    values = idf[column]
    length = np.sqrt(np.bincount(rows, values**2, minlength=len(terms)))
    return csr_matrix((values / length[rows], (rows, column)), shape=(len(terms), len(columns)))


def fit(
    corpus: Corpus, before: Topics | None = None, kept: Sequence[int] = (), random_state: int = 0
) -> Topics:
    """Topics of these messages; those that were there ``before`` go on under their numbers.

    ``kept``: numbers that go on even if they are not found again, since somebody named them or they are new.
    """
    drawn = sample(len(corpus), random_state)
    if len(drawn) < FEWEST:
        return before or Topics({}, {})
    corpus = corpus.only(drawn)
    idf = inverse_frequencies(corpus)
    columns = {term: i for i, term in enumerate(idf)}
    matrix = weighted(corpus.terms, columns, np.array(list(idf.values())))
    size, stability = settle(matrix, before, random_state)
    start = (
        [before.vectors[n] for n in before.found] if before and len(before.found) == size else []
    )
    rows = factors(matrix, size, random_state, np.array([brought(v, columns) for v in start]))
    vectors = [kept_terms(row, list(idf)) for row in rows]
    return continuing(Topics(idf, {}, stability=stability), vectors, before, kept)


def sample(n: int, random_state: int) -> np.ndarray:
    """Places of the messages to learn from, in order."""
    if n <= SAMPLE:
        return np.arange(n)
    return np.sort(np.random.default_rng(random_state).choice(n, SAMPLE, replace=False))


def inverse_frequencies(corpus: Corpus) -> dict[str, float]:
    """Of terms that several customers use, and not nearly all."""
    n = len(corpus)
    seen = Counter(term for one in corpus.terms for term in one)
    rarest = max(RAREST, n // 2_000)
    usable = [(count, term) for term, count in seen.items() if rarest <= count <= WIDEST * n]
    usable.sort(key=lambda pair: (-pair[0], pair[1]))
    return {term: worth(term, n / count) for count, term in usable[:MOST_TERMS]}


def worth(term: str, rarity: float) -> float:
    return float(np.log(rarity)) * (CODE_WEIGHT if term.startswith(CODE) else 1.0)


def settle(matrix: Any, before: Topics | None, random_state: int) -> tuple[int, float]:
    """How many topics, and how stable that is. A number that still holds stays."""
    if before and before.found and before.stability is not None:
        size = len(before.found)
        now = found_again(matrix, size, random_state)
        if now >= before.stability - LOOSENED:
            return size, before.stability
    stable = {size: found_again(matrix, size, random_state) for size in SIZES}
    size = min(s for s in SIZES if stable[s] >= max(stable.values()) - MARGIN)
    return size, stable[size]


def found_again(matrix: Any, size: int, random_state: int) -> float:
    """Mean cosine of the topics of two halves of the messages, paired as well as can be; 1: the same ones."""
    rng = np.random.default_rng(random_state)
    order = rng.permutation(matrix.shape[0])
    halves = order[: len(order) // 2], order[len(order) // 2 :]
    one, other = (factors(matrix[h], size, random_state + i) for i, h in enumerate(halves))
    likeness = one @ other.T
    return float(likeness[paired(likeness)].mean())


def factors(
    matrix: Any, size: int, random_state: int, start: np.ndarray | None = None
) -> np.ndarray:
    """Topics × terms, rows of unit length; ``start``: topics to set out from."""
    from sklearn.decomposition import NMF

    with_start = start is not None and len(start)
    model = NMF(
        size, init="custom" if with_start else "nndsvda", random_state=random_state,
        max_iter=150, tol=1e-3,
    )  # fmt: skip
    if with_start:
        h = np.asarray(start) + 1e-3
        model.fit_transform(matrix, W=np.asarray(matrix @ h.T) + 1e-3, H=h)
    else:
        model.fit(matrix)
    rows = model.components_
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)


def paired(likeness: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs that are most alike over all pairs (Kuhn 1955, the Hungarian method)."""
    from scipy.optimize import linear_sum_assignment

    return linear_sum_assignment(-likeness)


def kept_terms(row: np.ndarray, terms: Sequence[str]) -> dict[str, float]:
    """The heaviest terms, of unit length together."""
    heaviest = [i for i in np.argsort(-row, kind="stable")[:KEPT_TERMS] if row[i] > 0]
    length = float(np.linalg.norm(row[heaviest])) or 1.0
    return {terms[i]: round(float(row[i]) / length, 5) for i in heaviest}


def brought(vector: dict[str, float], columns: dict[str, int]) -> np.ndarray:
    row = np.zeros(len(columns))
    for term, weight in vector.items():
        if term in columns:
            row[columns[term]] = weight
    return row


def continuing(
    topics: Topics, vectors: list[dict[str, float]], before: Topics | None, kept: Sequence[int]
) -> Topics:
    """These topics under the numbers of those before, where they are the same; others get new numbers."""
    old = before.vectors if before else {}
    last = before.last_number if before else 0
    numbers: dict[int, int] = {}
    if old:
        alike = np.array([[likeness(one, other) for other in old.values()] for one in vectors])
        pairs = zip(*paired(alike), strict=True)
        numbers = {i: list(old)[j] for i, j in pairs if alike[i, j] >= SAME}
    named = {}
    for i, vector in enumerate(vectors):
        if i not in numbers:
            last = numbers[i] = last + 1
        named[numbers[i]] = vector
    idf = dict(topics.idf)
    for number in kept:
        if number not in named and number in old and before:
            named[number] = old[number]
            idf = {term: before.idf[term] for term in old[number]} | idf
    return replace(
        topics, idf=idf, vectors=named, last_number=last, found=tuple(numbers[i] for i in range(len(vectors)))
    )  # fmt: skip


def likeness(one: dict[str, float], other: dict[str, float]) -> float:
    """Cosine of two vectors of unit length; codes count like words."""
    return sum(weight * other.get(term, 0.0) for term, weight in one.items())


def with_topic(topics: Topics, corpus: Corpus, members: np.ndarray) -> tuple[Topics, int]:
    """One topic more, of the messages at these places; its number."""
    share = Counter(term for i in members for term in corpus.terms[i])
    everywhere = Counter(term for one in corpus.terms for term in one)
    idf = dict(topics.idf)
    for term, count in share.items():
        if count >= RAREST and term not in idf and not term.startswith(CODE):
            idf[term] = worth(term, len(corpus) / everywhere[term])
    columns = {term: i for i, term in enumerate(idf)}
    chosen = [corpus.terms[i] for i in members]
    mean = np.asarray(weighted(chosen, columns, np.array(list(idf.values()))).mean(axis=0)).ravel()
    number = topics.last_number + 1
    vector = kept_terms(mean, list(idf))
    return replace(
        topics, idf=idf, vectors=topics.vectors | {number: vector}, last_number=number
    ), number
