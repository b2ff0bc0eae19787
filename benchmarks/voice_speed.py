"""How fast a trained sentiment model reads: one message as it arrives, many at once, evidence, loading; one process.

Learnt on 20,000 generated messages of both languages, so that vocabulary and model are those of a usual company.

make bench NAME=voice_speed
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.common import arguments, finish, measured, say

MESSAGES, BACKFILL = 20_000, 50_000
SINGLE, WITH_EVIDENCE = 500, 200
SEED = 1
# Syllables and signs that words are drawn from; what they mean does not matter to the clock.
SYLLABLES = (
    "ka",
    "re",
    "to",
    "mi",
    "sun",
    "bel",
    "dor",
    "fay",
    "gre",
    "hil",
    "jon",
    "lum",
    "nor",
    "pel",
)
SIGNS = [chr(code) for code in range(0x4E00, 0x4E00 + 3_000)]


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--backfill", type=int, default=BACKFILL)
    options = parser.parse_args()
    from insights.ml import storage
    from insights.ml.voice import sentiment
    from insights.ml.voice.judging import BLEND
    from insights.ml.voice.offers import LINEAR

    texts, labels = spoken(MESSAGES)
    offered = sentiment.candidates({"candidates": [*LINEAR, BLEND]}, sorted(set(labels)))
    with measured("learn") as step:
        model = _fitted(texts, labels, offered)
    figures: dict[str, Any] = {"training_rows": MESSAGES, "training": step.figures()}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model"
        checksum = storage.save(model, path)
        figures["model_mb"] = sum(one.stat().st_size for one in path.iterdir()) / 2**20
        began = time.perf_counter()
        model = storage.load(path, checksum)
        figures["load_s"] = round(time.perf_counter() - began, 3)
    fresh, _ = spoken(options.backfill, SEED + 1)
    figures |= _alone("single", lambda text: model.chances([text]), fresh[:SINGLE])
    figures |= _alone("evidence", model.weights, fresh[:WITH_EVIDENCE])
    with measured(f"{len(fresh):,} at once") as step:
        for start in range(0, len(fresh), 10_000):
            model.chances(fresh[start : start + 10_000])
    figures["batch_per_cpu_s"] = round(len(fresh) / step.cpu_s)
    figures["million_cpu_minutes"] = round(1e6 / len(fresh) * step.cpu_s / 60, 1)
    figures["peak_mb"] = step.figures()["peak_mb"]
    figures["tensorflow_loaded"] = "tensorflow" in sys.modules
    finish("voice_speed", figures)


def spoken(count: int, seed: int = SEED) -> tuple[list[str], list[str]]:
    """Messages of 5 to 60 words or 10 to 150 signs, with a feeling that some of the words carry."""
    draw = random.Random(seed)
    words = random.Random(0)
    english = ["".join(words.choices(SYLLABLES, k=words.randint(1, 4))) for _ in range(8_000)]
    texts, labels = [], []
    for _ in range(count):
        label = draw.choice(("negative", "neutral", "positive"))
        mood = ("negative", "neutral", "positive").index(label)
        if draw.random() < 0.5:
            said = draw.choices(english, k=draw.randint(5, 60))
            text = " ".join([*said, english[mood * 50 + draw.randrange(50)]])
        else:
            said = draw.choices(SIGNS, k=draw.randint(10, 150))
            text = "".join([*said, *SIGNS[mood * 100 + draw.randrange(98) :][:2]])
        texts.append(text)
        labels.append(label)
    return texts, labels


def _fitted(texts: Sequence[str], labels: Sequence[str], offered: Sequence[Any]) -> Any:
    import pandas as pd

    from benchmarks.voice import fitted
    from insights.ml.voice import sentiment
    from insights.ml.voice.judging import BLEND

    return fitted(sentiment, pd.DataFrame({"text": texts, "label": labels}), BLEND, offered)


def _alone(name: str, ask: Callable[[str], Any], texts: Sequence[str]) -> dict[str, float]:
    """Milliseconds a message, one after another."""
    ask(texts[0])
    clock, cpu = [], time.process_time()
    for text in texts:
        began = time.perf_counter()
        ask(text)
        clock.append(1_000 * (time.perf_counter() - began))
    each = 1_000 * (time.process_time() - cpu) / len(texts)
    clock.sort()
    figures = {
        f"{name}_median_ms": round(clock[len(clock) // 2], 3),
        f"{name}_p95_ms": round(clock[int(0.95 * len(clock))], 3),
        f"{name}_per_cpu_s": round(1_000 / max(each, 1e-6)),
    }
    say(f"  {name}: {figures}")
    return figures


if __name__ == "__main__":
    main()
