"""Topics in a demo company's messages: a planted one is found, quiet months raise no alarm, runs agree.

Protocol: the messages of a demo company are read as the workers do. Its last ten months are lived through day by
day, as the nightly search does it, with topics learnt anew every fourth week from what had been written by then:
nothing has been planted, so whatever rises is a false alarm. Then, at several moments, a matter that the company's
own generator knows nothing of is written into a few messages a day in both languages, and the days until it is found
are counted; a second kind of planting triples a topic that is there. Stability: topics learnt again from nine tenths
of the messages.

make bench NAME=topics
"""

import datetime
from typing import Any

import numpy as np

from benchmarks.common import arguments, company, finish, measured, say, throwaway, with_company

QUIET_DAYS, RELEARN = 304, 28
STARTS = (300, 240, 180, 120, 60, 21)  # days ago on which something is planted
A_DAY = (1.0, 2.0, 4.0)  # planted messages a day
FOUND_WITHIN = 28
ENGLISH = (
    ["Hello,", "Hi,", "Good morning,", ""],
    [
        "the lid of the kettle cracked in the steam.",
        "steam has cracked my kettle's lid.",
        "after a month the kettle lid is cracked, steam comes out at the side.",
        "the cracked lid lets hot steam out.",
        "kettle lid cracked, and the steam burnt my hand.",
    ],
    ["I have used it as the manual says.", "A friend has the same trouble.", "Is this known?", ""],
    ["What can be done?", "Please tell me what to do.", "Can I get a new one?"],
)
CHINESE = (
    ["您好，", "你好，", ""],
    [
        "水壶的壶盖被蒸汽冲裂了。",
        "壶盖裂了，蒸汽从旁边漏出来。",
        "用了一个月，壶盖就裂开，蒸汽烫手。",
        "蒸汽一冲壶盖就裂。",
    ],
    ["我是按说明书用的。", "朋友的也这样。", ""],
    ["怎么办？", "能换一个吗？", "请告诉我怎么处理。"],
)


def main() -> None:
    parser = with_company(arguments(__doc__ or ""), 3_000)
    parser.add_argument("--every", type=int, default=1, help="look every so many nights")
    options = parser.parse_args()
    with throwaway(options.engine, options.keep) as folder:
        company(folder, options)
        from django.utils import timezone

        from insights.reading import read_unread
        from insights.topics import read_corpus

        with measured("reading messages"):
            while read_unread():
                pass
        with measured("terms of the messages") as terms:
            corpus = read_corpus(timezone.now())
        today = float(np.floor(corpus.days.max()))
        say(f"  {len(corpus):,} messages")
        with measured("ten quiet months") as quiet:
            alarms, models, k = quiet_months(corpus, today, options.every)
        found = plantings(corpus, today, models)
        raised = risen(corpus, today, models)
        agreement = agreements(corpus)
    finish(
        "topics",
        {
            "messages": len(corpus), "topics": k[-1], "false_alarms": len(alarms),
            "quiet_nights": QUIET_DAYS // options.every,
            "terms_ms_per_message": round(1000 * terms.cpu_s / max(1, len(corpus)), 3),
            **found, **raised, **agreement, **quiet.figures(),
        },
    )  # fmt: skip


def quiet_months(corpus: Any, today: float, every: int) -> tuple[list, dict[int, Any], list[int]]:
    """Alarms of all nights, the topics as they were by day, how many there were at each learning."""
    from insights.ml.voice import topics as learnt
    from insights.ml.voice.hearing import hear

    alarms: list[tuple[int, str]] = []
    models: dict[int, Any] = {}
    k, topics, before = [], None, set()
    for ago in range(QUIET_DAYS, -1, -1):
        if (QUIET_DAYS - ago) % every and ago not in STARTS:
            continue
        day = today - ago
        then = corpus.only(np.flatnonzero(corpus.days <= day))
        if topics is None or QUIET_DAYS - ago >= len(k) * RELEARN:
            topics = learnt.fit(then, topics)
            k.append(len(topics.vectors))
        heard = hear(then, topics, day)
        rising = set(heard.rises) - set(heard.fresh)
        for number in sorted(rising - before):
            alarms.append((ago, f"{heard.rises[number]} {list(topics.vectors[number])[:5]}"))
        for number in heard.fresh:
            alarms.append(
                (ago, f"new: {heard.rises[number]} {list(heard.topics.vectors[number])[:6]}")
            )
        topics, before = heard.topics, rising | set(heard.fresh)
        models[ago] = topics
    for ago, what in alarms:
        say(f"  false alarm {ago} days ago: {what}")
    return alarms, models, k


def plantings(corpus: Any, today: float, models: dict[int, Any]) -> dict[str, Any]:
    """Days until the new matter is found, and in how many cases within its first week."""
    figures: dict[str, Any] = {}
    for a_day in A_DAY:
        days = [
            found_after(corpus, today - start, models[start], written(today - start, a_day, seed))
            for seed, start in enumerate(STARTS)
        ]
        say(f"  {a_day} a day: found after {days} days")
        known = [d for d in days if d is not None]
        figures |= {
            f"new_{a_day:g}_a_day_median_days": float(np.median(known)) if known else None,
            f"new_{a_day:g}_a_day_in_first_week": sum(d is not None and d <= 7 for d in days)
            / len(days),
        }
    return figures


def found_after(corpus: Any, start: float, topics: Any, more: Any, is_it: Any = None) -> int | None:
    """Nights after ``start`` until something rises that is made of the planted messages."""
    from insights.ml.voice.hearing import hear

    whole = joined(corpus, more)
    for days in range(1, FOUND_WITHIN + 1):
        if start + days > corpus.days.max() + 1:
            return None
        then = whole.only(np.flatnonzero(whole.days <= start + days))
        heard = hear(then, topics, start + days)
        planted = then.keys < 0
        for number in heard.rises:
            about = (heard.numbers == number) & (then.days > start)
            if about.any() and planted[about].mean() > 0.5:
                return days
        topics = heard.topics
    return None


def written(start: float, a_day: float, seed: int) -> Any:
    """Messages about the matter, every third in Chinese, each of another customer; keys below 0."""
    rng = np.random.default_rng(seed)
    texts = []
    for i in range(int(a_day * FOUND_WITHIN)):
        parts = CHINESE if i % 3 == 2 else ENGLISH
        chosen = [str(rng.choice(part)) for part in parts]
        texts.append(("" if i % 3 == 2 else " ").join(part for part in chosen if part))
    days = start + np.sort(rng.uniform(0, FOUND_WITHIN, len(texts)))
    return read(texts, days)


def read(texts: list[str], days: np.ndarray) -> Any:
    """As the worker reads them and the search takes them up."""
    from insights.ml.voice.reading import Knowledge
    from insights.ml.voice.reading import read as understood
    from insights.topics import corpus_of

    readings = understood(texts, Knowledge.of())
    rows = []
    for i, (text, said, day) in enumerate(zip(texts, readings, days, strict=True)):
        details = {
            "entities": [[e.kind, e.start, e.end] for e in said.entities],
            "aspects": [[a.code] for a in said.aspects],
        }
        rows.append((-i - 1, 10_000_000 + i, moment(day), said.intent, details, "", text))
    return corpus_of(iter(rows))


def moment(day: float) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(float(day) * 86_400, datetime.UTC)


def risen(corpus: Any, today: float, models: dict[int, Any]) -> dict[str, Any]:
    """Days until a topic that is there is found to be said three times as much: messages of it, said once more by
    others."""
    from dataclasses import replace

    from insights.ml.voice.topics import assign

    days = []
    for seed, start in enumerate(STARTS):
        topics = models[start]
        numbers, _ = assign(topics, corpus.terms)
        rng = np.random.default_rng(seed)
        before = (corpus.days <= today - start) & (corpus.days > today - start - 180)
        counts = {n: int(((numbers == n) & before).sum()) for n in topics.found}
        number = sorted(counts, key=lambda n: counts[n])[len(counts) // 2]
        pool = np.flatnonzero((numbers == number) & before)
        n = int(2 * counts[number] * FOUND_WITHIN / 180)
        more = corpus.only(rng.choice(pool, max(1, n)))
        more = replace(
            more, keys=-1 - np.arange(len(more)), customers=20_000_000 + np.arange(len(more)),
            days=today - start + np.sort(rng.uniform(0, FOUND_WITHIN, len(more))),
        )  # fmt: skip
        days.append(found_after(corpus, today - start, topics, more))
    say(f"  a topic three times as frequent: found after {days} days")
    known = [d for d in days if d is not None]
    return {
        "tripled_median_days": float(np.median(known)) if known else None,
        "tripled_found": len(known) / len(days),
    }


def agreements(corpus: Any) -> dict[str, float]:
    """Share of messages that keep their topic's number after learning again, from nine tenths of the messages, with
    the topics before and without them (then paired as well as can be)."""
    from insights.ml.voice import topics as learnt

    first = learnt.fit(corpus)
    some = np.sort(np.random.default_rng(5).permutation(len(corpus))[: int(0.9 * len(corpus))])
    next_run = learnt.fit(corpus.only(some), first, random_state=1)
    mine, theirs = (learnt.assign(t, corpus.terms)[0] for t in (first, next_run))
    kept = np.mean([n in next_run.vectors for n in first.vectors])
    return {
        "stability_of_k": round(first.stability or 0, 3),
        "same_topic_next_run": round(float((mine == theirs)[mine > 0].mean()), 4),
        "numbers_kept": round(float(kept), 3),
        "about_a_topic": round(float((mine > 0).mean()), 3),
    }


def joined(one: Any, other: Any) -> Any:
    from insights.ml.voice.topics import Corpus

    columns = (
        np.concatenate([getattr(one, name), getattr(other, name)])
        for name in ("keys", "customers", "days", "lengths")
    )
    return Corpus(*columns, [*one.terms, *other.terms])


if __name__ == "__main__":
    main()
