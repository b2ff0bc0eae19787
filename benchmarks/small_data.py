"""Companies with little: demo companies of 30 to 1,000 customers, what is published, what is refused, and why.

Beside it, whether the ranges of value and next order hold as often as they claim: eight times in ten, and more often
where a customer is likelier than that to spend nothing at all, which no range can leave out. On companies three years
old, asked as of three days of their past, against what came after. Of the smallest sizes several companies are asked,
so that there are some hundred answers to count.

make bench NAME=small_data            # SQLite; --engine postgresql, --sizes 30 100
"""

import datetime

from benchmarks.common import arguments, command, finish, run_alone, say, throwaway

SIZES = (30, 100, 300, 1_000)
# A summer, the quarter with Christmas in it, and the one after it.
DAYS_BACK = (365, 270, 180)
YEARS_DAYS = 1_095
ANSWERS = 1_200
MOST_COMPANIES = 10


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--one", type=int, default=0, help="only this size, in this process")
    parser.add_argument("--ranges", action="store_true", help="with --one: only the ranges")
    options = parser.parse_args()
    if options.one:
        figures, candidates = held(options) if options.ranges else measure(options)
        finish("small_data", figures, candidates)
        return
    figures, candidates = {"engine": options.engine}, []
    for size in options.sizes:
        document = alone(size, options, options.seed)
        figures[str(size)] = document["figures"] | {"ranges": ranges_of(size, options)}
        candidates += document["candidates"]
    finish("small_data", figures, candidates)


def ranges_of(size: int, options) -> dict:
    """Share of the answers of all companies of this size that lay in their range, and how many there were."""
    count = max(1, min(MOST_COMPANIES, ANSWERS // size))
    seeds = range(options.seed, options.seed + count)
    told = [alone(size, options, seed, "--ranges")["figures"] for seed in seeds]
    pooled = {}
    for name in told[0]:
        inside, claimed, asked = (sum(one[name][place] for one in told) for place in range(3))
        pooled[name] = {"inside": None, "claimed": None, "answers": asked}
        if asked:
            pooled[name] |= {"inside": inside / asked, "claimed": claimed / asked}
        say(
            f"  {size:,} customers, {name}: {inside} of {asked} in their range, {claimed:.0f} claimed"
        )
    return pooled


def alone(size: int, options, seed: int, *more: str) -> dict:
    words = ["--engine", options.engine, "--one", size, "--seed", seed]
    return run_alone("small_data", *words, *more)


def measure(options) -> tuple[dict, list[dict]]:
    say(f"== {options.one:,} customers")
    with throwaway(options.engine):
        words = ["--customers", str(options.one), "--seed", str(options.seed)]
        command("demo company", "demo_company", *words)
        from insights.models import Kind

        figures, candidates = {}, []
        for kind in Kind:
            step = command(f"train {kind}", "retrain", kind)
            figures[kind.value], judged = told(kind)
            figures[kind.value] |= step.figures()
            candidates += [{"customers": options.one, "kind": kind.value, **one} for one in judged]
        return figures, candidates


def held(options) -> tuple[dict, list[dict]]:
    """[inside, claimed, asked] per range, over all days that are asked about."""
    counted = {name: [0, 0.0, 0] for name in ("spend_90", "spend_365", "next_order")}
    with throwaway(options.engine):
        from django.utils import timezone

        from insights.dataset import load_tables
        from insights.demo.company import build

        now = timezone.now()
        build(options.one, options.seed, now=now, days=YEARS_DAYS)
        tables = load_tables(now, archived=True)
        for days in DAYS_BACK:
            moment = (now - datetime.timedelta(days=days)).replace(
                tzinfo=None, hour=0, minute=0, second=0, microsecond=0
            )
            for name, (inside, claimed) in checked(tables, moment, days).items():
                counted[name][0] += int(inside.sum())
                counted[name][1] += float(claimed.sum())
                counted[name][2] += len(inside)
    return counted, []


def checked(tables: dict, moment: datetime.datetime, days_known: int) -> dict:
    """Per range, of each customer it was told to: whether what came lay inside (n,) bool, and how likely the range
    said that was (n,). The next order is asked of those who did order in the time that is known."""
    import numpy as np
    import pandas as pd

    from insights.ml import value
    from insights.ml.evaluation import NotEnoughData
    from insights.ml.lifetimes import PurchaseDays
    from insights.ml.lifetimes.histories import last_day_before
    from insights.ml.next_order import Soon
    from insights.ml.ranges import COVERAGE

    try:
        model = value.evaluate(
            value.inputs(tables, moment, {}), value.candidates({}), lambda *call: None
        ).model
    except NotEnoughData as lack:
        say(f"  {moment:%Y-%m-%d}: {lack}")
        return {}
    if model is None:
        return {}
    said = value.predict(model, tables, moment)
    ids, last = said["customer_id"].to_numpy(), last_day_before(moment)
    everyone, found = PurchaseDays.of(tables), {}
    known = Soon.of(everyone.until(last), last).known
    for days, ranges in ((90, model.near), (365, model.year)):
        if days <= days_known:
            _, came = everyone.between(last + 1, last + days).sums(ids)
            low, high = (said[f"spend_{days}_{end}"].to_numpy() for end in ("low", "high"))
            inside = (came >= low - 0.005) & (came <= high + 0.005)
            found[f"spend_{days}"] = inside, ranges.claimed(model.odds(known, days))
    orders = tables["orders"].select(["customer_id", "occurred_at", "kind"]).to_pandas()
    after = orders[(orders["kind"] == "sale") & (orders["occurred_at"] >= moment)]
    following = after.groupby("customer_id")["occurred_at"].min().dt.normalize().reindex(ids)
    first, latest = (pd.to_datetime(said[name]).to_numpy() for name in ("next_from", "next_to"))
    came_back = following.notna().to_numpy()
    day = following.to_numpy()
    inside = np.asarray((day >= first) & (day <= latest))[came_back]
    found["next_order"] = inside, np.full(len(inside), COVERAGE)
    return found


def told(kind: str) -> tuple[dict, list[dict]]:
    """How the training ended, in the words of the pages; and its candidates."""
    from insights.models import TrainingRun
    from insights.progress import outcome_sentence
    from insights.verdicts import verdict_of

    run = TrainingRun.objects.filter(kind=kind).latest("pk")
    verdict = verdict_of(kind, run.summary)
    words = [outcome_sentence(run), *([verdict.sentence, verdict.tested] if verdict else [])]
    for sentence in words:
        say(f"  {kind}: {sentence}")
    figures = {
        "outcome": run.outcome or run.status,
        "grade": run.summary.get("grade", ""),
        "winner": run.summary.get("champion", ""),
        **(run.summary.get("published_metrics") or {}),
        "words": words,
    }
    fields = ("name", "baseline", "metrics", "seconds")
    judged = run.summary.get("candidates", [])
    return figures, [{field: one[field] for field in fields} for one in judged]


if __name__ == "__main__":
    main()
