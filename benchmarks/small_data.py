"""Companies with little: demo companies of 30 to 1,000 customers, what is published, what is refused, and why.

make bench NAME=small_data            # SQLite; --engine postgresql, --sizes 30 100
"""

import json
import subprocess
import sys

from benchmarks.common import ROOT, arguments, command, finish, say, throwaway

SIZES = (30, 100, 300, 1_000)


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--one", type=int, default=0, help="only this size, in this process")
    options = parser.parse_args()
    if options.one:
        figures, candidates = measure(options)
        finish("small_data", figures, candidates)
        return
    figures, candidates = {"engine": options.engine}, []
    for size in options.sizes:
        document = run_alone(size, options)
        figures[str(size)] = document["figures"]
        candidates += document["candidates"]
    finish("small_data", figures, candidates)


def run_alone(size: int, options) -> dict:
    """One size in a process of its own: Django is configured once per process."""
    words = [sys.executable, "-m", "benchmarks.small_data", "--engine", options.engine]
    words += ["--one", str(size), "--seed", str(options.seed)]
    done = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    *told, last = done.stdout.strip().splitlines()
    say("\n".join(told))
    return json.loads(last)


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
