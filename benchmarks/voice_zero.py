"""What messages are read as before anything is learnt: sentences, public reviews, names in the demo company, speed.

Sentences stand in tests/ml/voice with their right answers; the public reviews are read once and nothing is fitted
to them. Names: messages as the demo company's customers and staff write them, where it is known what is named where.
"""

import csv
import gzip
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.common import ROOT, arguments, finish, real_data, say

SENTENCES = ROOT / "tests" / "ml" / "voice"
SHOP, AIRLINE = "text_zh_shop_reviews.csv.gz", "text_en_airline_tweets.csv.gz"
MESSAGES = 4_000
# Topics of the demo company by what they show a reader.
TOPICS = [
    "late", "flaw", "service", "delay_notice", "sorry_good", "relieved", "still_angry", "thanks", "question", "answer",
    "price", "review_good", "review_bad", "review_bad_late", "call_good", "call_bad", "call_sorry", "meeting_good",
    "note_good", "lead_inquiry", "social_good",
]  # fmt: skip


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--no-public", action="store_true", help="leave the public reviews out")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    figures: dict[str, Any] = {"sentences": sentences(), "evidence": evidence()}
    figures["entities"] = entities(options.seed)
    figures["entities_careless"] = entities(options.seed, careless=True)
    figures["messages_per_second"] = speed(options.seed)
    if not options.no_public:
        figures["zero_training_accuracy"] = {"zh_shop": shop(), "en_airline": airline()}
    finish("voice_zero", figures)


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def read(texts: Sequence[str], knowledge: Any = None) -> list[Any]:
    from insights.ml.voice.reading import Knowledge
    from insights.ml.voice.reading import read as read_all

    return read_all(texts, knowledge or Knowledge.of())


def sentences() -> dict[str, dict[str, str]]:
    """Right of all, by language, part and what the sentences are about."""
    table: dict[str, dict[str, str]] = {}
    for language in ("en", "zh"):
        right: Counter[tuple[str, str]] = Counter()
        every: Counter[tuple[str, str]] = Counter()
        rows = list(rows_of(SENTENCES / f"sentences_{language}.csv"))
        for row, reading in zip(rows, read([row["text"] for row in rows]), strict=True):
            for about in (row["about"], "all"):
                every[row["split"], about] += 1
                right[row["split"], about] += reading.label == row["label"]
        for split in ("dev", "final"):
            told = {
                about: f"{right[s, about]}/{n}" for (s, about), n in every.items() if s == split
            }
            table[f"{language} {split}"] = told
            say(f"sentences {language} {split}: {told}")
    return table


def evidence() -> dict[str, float]:
    """Share of the sentences whose score weakens by a tenth at least, or turns, without the marked words."""
    shares = {}
    for language in ("en", "zh"):
        texts = [row["text"] for row in rows_of(SENTENCES / f"sentences_{language}.csv")]
        told = [(t, r) for t, r in zip(texts, read(texts), strict=True) if r.label != "neutral"]
        after = read([without(text, reading) for text, reading in told])
        weaker = [
            abs(r.sentiment) - (a.sentiment if r.sentiment > 0 else -a.sentiment)
            > 0.1 * abs(r.sentiment)
            for (_, r), a in zip(told, after, strict=True)
        ]
        shares[language] = round(sum(weaker) / len(weaker), 3)
        say(f"evidence {language}: {sum(weaker)} of {len(weaker)} weaken or turn")
    return shares


def without(text: str, reading: Any) -> str:
    """The text without the words that speak for its label."""
    gone = {
        at
        for span in reading.evidence
        if span.weight * reading.sentiment > 0
        for at in range(span.start, span.end)
    }
    return "".join(c for i, c in enumerate(text) if i not in gone)


def written(seed: int, chinese: bool, n: int, known: float = 1.0) -> tuple[list[Any], Any]:
    """Messages of the demo company with what they name, and what the company knows: a share of people and places."""
    import numpy as np

    from insights.demo.people import EUROPE, european
    from insights.demo.people import chinese as chinese_person
    from insights.demo.shelf import Shelf
    from insights.demo.writing import Writer
    from insights.ml.voice.knowledge import product_names
    from insights.ml.voice.reading import Knowledge

    rng = np.random.default_rng(seed)
    shelf = Shelf(calendar(), rng)
    writer = Writer(rng, shelf.frame)

    def pick(options: Sequence[Any]) -> Any:
        return options[int(rng.integers(len(options)))]

    def person(serial: int) -> dict:
        if chinese:
            return chinese_person(pick, serial)
        return european(pick, pick(list(EUROPE)), serial)

    people = [person(i) for i in range(400)]
    numbers = [f"{10_000 + 7 * i}" for i in range(n)]
    messages = [
        writer.write(
            pick(TOPICS), chinese, int(rng.integers(len(shelf.frame))), numbers[i], pick(people)["name"],
            pick(people)["name"] if chinese else pick(people)["name"].split()[0],
        )
        for i in range(n)
    ]  # fmt: skip
    cities = sorted({one["city"] for one in people})
    knowledge = Knowledge.of(
        products=product_names(
            (row.Index, row.name, [row.zh], row.sku) for row in shelf.frame.itertuples()
        ),
        orders=list(enumerate(numbers)),
        people=[(i, one["name"]) for i, one in enumerate(people[: round(known * len(people))])],
        places=[(None, city) for city in cities[: round(known * len(cities))]],
    )
    return messages, knowledge


def calendar() -> Any:
    import datetime

    from insights.demo.seasons import Calendar

    return Calendar(datetime.datetime(2026, 6, 1, tzinfo=datetime.UTC), 730)


def entities(seed: int, careless: bool = False) -> dict[str, dict[str, dict[str, float]]]:
    """Precision and recall of each kind, by exact characters; suggestions are not counted.

    careless: all is typed in small letters, and the company knows seven people and places in ten.
    """
    table = {}
    for language in ("en", "zh"):
        messages, knowledge = written(seed, language == "zh", MESSAGES, 0.7 if careless else 1.0)
        found: dict[str, Counter[str]] = defaultdict(Counter)
        texts = [m.text.lower() if careless else m.text for m in messages]
        for message, reading in zip(messages, read(texts, knowledge), strict=True):
            truth = set(message.named)
            told = {(e.kind, e.start, e.end) for e in reading.entities if not e.suggested}
            for kind, *_ in truth & told:
                found[kind]["right"] += 1
            for kind, *_ in truth - told:
                found[kind]["missed"] += 1
            for kind, *_ in told - truth:
                found[kind]["wrong"] += 1
        table[language] = {kind: _scored(counts) for kind, counts in sorted(found.items())}
        for kind, scores in table[language].items():
            say(f"entities{' careless' * careless} {language} {kind}: {scores}")
    return table


def _scored(counts: Counter[str]) -> dict[str, float]:
    right = counts["right"]
    return {
        "precision": round(right / max(1, right + counts["wrong"]), 3),
        "recall": round(right / max(1, right + counts["missed"]), 3),
        "n": right + counts["missed"],
    }


def speed(seed: int) -> dict[str, float]:
    """Messages per second of processor time: in one batch, and one by one."""
    rates = {}
    for language in ("en", "zh"):
        messages, knowledge = written(seed, language == "zh", 2_000)
        texts = [message.text for message in messages]
        read(texts[:50], knowledge)
        started = time.process_time()
        read(texts, knowledge)
        rates[f"{language}_batch"] = round(len(texts) / (time.process_time() - started))
        started = time.process_time()
        for text in texts[:500]:
            read([text], knowledge)
        rates[f"{language}_single"] = round(500 / (time.process_time() - started))
    say(f"messages per second: {rates}")
    return rates


def shop() -> float:
    """Two classes: the likelier of negative and positive."""
    rows = [row for row in rows_of(real_data(SHOP)) if row["split"] == "test"]
    readings = read([row["review"] for row in rows])
    right = sum(
        (r.chances[2] > r.chances[0]) == (row["label"] == "1")
        for row, r in zip(rows, readings, strict=True)
    )
    say(f"Chinese shop reviews: {right} of {len(rows)}")
    return round(right / len(rows), 4)


def airline() -> dict[str, float]:
    """Three classes."""
    rows = [row for row in rows_of(real_data(AIRLINE)) if row["split"] == "test"]
    readings = read([row["text"] for row in rows])
    pairs = Counter((row["label"], r.label) for row, r in zip(rows, readings, strict=True))
    accuracy = sum(n for (true, said), n in pairs.items() if true == said) / len(rows)
    f1 = []
    for label in {true for true, _ in pairs}:
        right = pairs[label, label]
        named = sum(n for (true, said), n in pairs.items() if label in (true, said))
        f1.append(2 * right / (named + right))
    say(f"airline tweets: {accuracy:.4f} of {len(rows)}")
    return {"accuracy": round(accuracy, 4), "macro_f1": round(sum(f1) / len(f1), 4)}


if __name__ == "__main__":
    main()
