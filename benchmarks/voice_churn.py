"""What reading messages adds to foretelling who leaves: demo companies, learnt with and without what was read.

Same candidates, same customers, same splits, one company per seed. Without: the features that come out of readings are
left out; complaints as a channel, stars and conversations stay, so that the difference is what the words add. Nameless:
only the concern and the topic of the unhappy messages are left out, their feelings and counts stay. With
--talk everything that comes from conversations is left out as well, in a contest of its own. Differences are those of
what the contest chose, with an interval by bootstrap over customers.

make bench NAME=voice_churn
"""

import argparse
import datetime
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.common import (
    ROOT,
    arguments,
    company,
    finish,
    measured,
    say,
    throwaway,
    with_company,
)

CANDIDATES = "rfm_logistic,logistic,ebm,forest,boosting,blend"
READ = ("voice",)
NAMES = ("negative_reason", "negative_topic")
TALK = ("voice", "conversations", "complaints", "ratings", "service")
HORIZON = 90
ROUNDS = 1_000


def main() -> None:
    parser = with_company(arguments(__doc__ or ""), 20_000)
    parser.add_argument("--seeds", default="1,2,3", help="one company each")
    parser.add_argument("--candidates", default=CANDIDATES)
    parser.add_argument(
        "--talk", action="store_true", help="also without all that comes from conversations"
    )
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.into:
        np.savez(options.into, **one_company(options))
        return
    with tempfile.TemporaryDirectory() as folder:
        seeds = [int(seed) for seed in options.seeds.split(",")]
        companies = {seed: in_a_process(options, seed, Path(folder)) for seed in seeds}
    finish("voice_churn", figures(companies), candidates(companies))


def in_a_process(options: argparse.Namespace, seed: int, folder: Path) -> dict[str, Any]:
    """A database of its own needs a process of its own."""
    say(f"Company {seed}:")
    into = folder / f"{seed}.npz"
    words = [
        sys.executable, "-m", "benchmarks.voice_churn", "--into", str(into), "--seed", str(seed),
        "--customers", str(options.customers), "--engine", options.engine, "--candidates", options.candidates,
        *(["--talk"] if options.talk else []),
    ]  # fmt: skip
    subprocess.run(words, cwd=ROOT, check=True)
    with np.load(into) as arrays:
        return {name: arrays[name] for name in arrays.files}


def one_company(options: argparse.Namespace) -> dict[str, Any]:
    """y (n,) who left, and what the contests with and without said (n,); who had complained (n,), and how that is
    among others like them."""
    with throwaway(options.engine, options.keep) as folder:
        company(folder, options)
        from insights.dataset import load_tables
        from insights.ml import churn
        from insights.reading import read_unread
        from insights.requesting import request_topics
        from insights.topics import search

        with measured("read the messages"):
            while read_unread():
                pass
        with measured("find the topics"):
            request_topics()
            search()
        now, params = datetime.datetime.now(datetime.UTC), {"horizon_days": HORIZON}
        with measured("load"):
            inputs = churn.inputs(load_tables(now, archived=True), now, params)
        offered = churn.candidates(params | {"candidates": options.candidates.split(",")})
        answers: dict[str, Any] = {"y": inputs.test.y}
        left_out = {"with": (), "nameless": NAMES, "without": columns_of(READ)}
        for name, columns in (
            left_out | ({"no_talk": columns_of(TALK)} if options.talk else {})
        ).items():
            answers |= asked(name, inputs, offered, set(columns))
        return answers | upset_customers(inputs.test)


def columns_of(families: tuple[str, ...]) -> tuple[str, ...]:
    from insights.ml.features import FAMILIES

    return tuple(one for family in families for one in FAMILIES[family])


def asked(name: str, inputs: Any, offered: list[Any], left_out: set[str]) -> dict[str, Any]:
    from dataclasses import replace

    from insights.ml.judging import contest

    there = left_out & set(inputs.train.frame.columns)
    less = replace(inputs, train=inputs.train.without(there), test=inputs.test.without(there))
    with measured(f"learn {name}, {len(there)} columns left out"):
        board = contest(less, offered, lambda step, share, rows: say(f"  {share:4.0%} {step}"))
    say(f"  chosen: {board.champion}")
    said = {f"{name}:{one.name}": one.said for one in board.tried}
    return said | {name: board.said, f"{name}_champion": np.array(board.champion)}


def upset_customers(test: Any) -> dict[str, Any]:
    """Whoever was negative in the 90 days before, and how much more of them left than of others with as many orders
    as long ago."""
    from insights.ml.voice.effects import Compared, People

    frame, nothing = test.frame, np.zeros(len(test.y))
    upset = frame["negative_90"].to_numpy(float) > 0
    days, orders = (frame[one].to_numpy(float) for one in ("recency_days", "orders_all"))
    alike = Compared(People(days, orders, nothing, test.y == 1, nothing, nothing.astype(int)))
    more = [np.nan] * 3
    for told in alike.of(upset):
        mine, others, variance = (one / told.customers for one in told.left)
        error = 1.96 * (variance / told.customers) ** 0.5
        more = [mine - others, mine - others - error, mine - others + error]
    return {"upset": upset, "upset_leave_more": np.array(more)}


def figures(companies: dict[int, dict[str, Any]]) -> dict[str, Any]:
    every = list(companies.values())
    told: dict[str, Any] = {
        "roc_auc": mean_of(every, "with", auc),
        "log_loss": mean_of(every, "with", log_loss),
        "customers": sum(len(one["y"]) for one in every),
        "companies": len(every),
        "left": float(np.mean(np.concatenate([one["y"] for one in every]))),
        "champions": [str(one["with_champion"]) for one in every],
        "upset": upset(every),
    }
    for name in ("nameless", "without", "no_talk"):
        if name in every[0]:
            told[name] = compared(every, name)
            say(f"{name}: {told[name]}")
    say(f"upset: {told['upset']}")
    return told


def compared(companies: list[dict[str, Any]], name: str) -> dict[str, Any]:
    """What is gained against the contest `name`: more area under the curve, less loss; of the two that were chosen, and
    of the chosen one alone, which the other contest may have ranked lower."""
    told: dict[str, Any] = {"champions": [str(one[f"{name}_champion"]) for one in companies]}
    chosen = [one[name] for one in companies]
    same = [one[f"{name}:{one['with_champion']}"] for one in companies]
    for metric, measure, sign in (("roc_auc", auc, 1), ("log_loss", log_loss, -1)):
        told[metric] = mean_of(companies, name, measure)
        for what, answers in (("gain", chosen), ("gain_of_the_same", same)):
            pairs = list(zip(companies, answers, strict=True))
            each = [sign * gained(one, other, measure) for one, other in pairs]
            drawn = sign * resampled(pairs, measure)
            low, high = (float(one) for one in np.quantile(drawn, (0.025, 0.975)))
            told[f"{metric}_{what}"] = float(np.mean(each))
            told[f"{metric}_{what}_interval"] = [low, high]
            told[f"{metric}_{what}_by_company"] = each
    return told


def gained(
    one: dict[str, Any], other: np.ndarray, measure: Callable[..., float], rows: Any = slice(None)
) -> float:
    y = one["y"][rows]
    return measure(y, one["with"][rows]) - measure(y, other[rows])


def resampled(
    pairs: list[tuple[dict[str, Any], np.ndarray]], measure: Callable[..., float]
) -> np.ndarray:
    """(ROUNDS,) mean gain over the companies, the customers of each drawn with replacement."""
    generator = np.random.default_rng(42)
    drawn = []
    for _ in range(ROUNDS):
        each = []
        for one, other in pairs:
            rows = generator.integers(0, len(other), len(other))
            each.append(gained(one, other, measure, rows))
        drawn.append(np.mean(each))
    return np.array(drawn)


def upset(companies: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "by_company": [
            upset_in(one["y"], one["upset"], one["upset_leave_more"]) for one in companies
        ]
    }


def upset_in(y: np.ndarray, of_these: np.ndarray, more: np.ndarray) -> dict[str, Any]:
    """Shares are null of nobody, the difference where too few are alike to tell."""
    return {
        "customers": int(of_these.sum()),
        "left": share(y[of_these]),
        "others_left": share(y[~of_these]),
        "more_than_alike": None if np.isnan(more).any() else [float(value) for value in more],
    }


def share(left: np.ndarray) -> float | None:
    return float(left.mean()) if len(left) else None


def candidates(companies: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
    every = list(companies.values())
    names = [key.split(":")[1] for key in every[0] if key.startswith("with:")]
    sides = [side for side in ("with", "nameless", "without", "no_talk") if side in every[0]]
    return [
        {"name": name} | {side: told_of(every, f"{side}:{name}") for side in sides}
        for name in names
    ]


def told_of(companies: list[dict[str, Any]], name: str) -> dict[str, float]:
    return {
        "roc_auc": mean_of(companies, name, auc),
        "log_loss": mean_of(companies, name, log_loss),
    }


def mean_of(companies: list[dict[str, Any]], name: str, measure: Callable[..., float]) -> float:
    return float(np.mean([measure(one["y"], one[name]) for one in companies]))


def auc(y: np.ndarray, p: np.ndarray) -> float:
    from insights.ml.evaluation import areas

    return areas(y == 1, p)[0]


def log_loss(y: np.ndarray, p: np.ndarray) -> float:
    clipped = np.clip(p, 1e-7, 1 - 1e-7)
    return float(-np.mean(np.log(np.where(y == 1, clipped, 1 - clipped))))


if __name__ == "__main__":
    main()
