"""What came out, as a table and as one line of JSON."""

import json
import statistics
from dataclasses import dataclass, field

from crm.setup.steps import say

MOST_SECONDS = 60


@dataclass
class Row:
    drill: str
    seconds: list[float] = field(default_factory=list)
    lost: int = 0
    doubled: int = 0
    stuck: int = 0
    mixed: int = 0

    @property
    def fails(self) -> bool:
        wrong = self.lost or self.doubled or self.stuck or self.mixed
        return bool(wrong) or max(self.seconds, default=0) > MOST_SECONDS

    def figures(self) -> dict:
        return {
            "drill": self.drill,
            "repetitions": len(self.seconds),
            "lost": self.lost,
            "doubled": self.doubled,
            "stuck": self.stuck,
            "mixed": self.mixed,
            "median_s": round(statistics.median(self.seconds), 1) if self.seconds else None,
            "max_s": round(max(self.seconds), 1) if self.seconds else None,
        }


@dataclass
class Report:
    seed: int
    engine: str
    deadline: float = float("inf")  # no repetition begins after it
    rows: list[Row] = field(default_factory=list)
    requests: int = 0
    scores_compared: int = 0
    scores_wrong: int = 0
    reads: int = 0
    reads_while_redis_was_down: list[str] = field(default_factory=list)
    unsettled: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def fails(self) -> bool:
        return bool(
            any(row.fails for row in self.rows) or self.scores_wrong or self.unsettled or self.wrong
        )

    def show(self) -> None:
        names = list(Row("").figures())
        say("")
        say("  ".join(f"{name:>14}" for name in names))
        for row in self.rows:
            figures = row.figures()
            say("  ".join(f"{'-' if figures[n] is None else figures[n]:>14}" for n in names))
        for text in self.wrong[:40]:
            say(f"  ! {text}")
        say(json.dumps(self.as_json(), ensure_ascii=False))

    def as_json(self) -> dict:
        return {
            "drill": "failed" if self.fails else "passed",
            "seed": self.seed,
            "engine": self.engine,
            "rows": [row.figures() for row in self.rows],
            "requests": self.requests,
            "reads": self.reads,
            "scores_compared": self.scores_compared,
            "scores_wrong": self.scores_wrong,
            "unsettled": self.unsettled,
            "wrong": self.wrong[:40],
            "redis_down": self.reads_while_redis_was_down,
        }
