"""What the benchmarks of texts share: fixed splits, learning through the product's doors, and the figures of it."""

from collections.abc import Sequence
from typing import Any

from benchmarks.common import measured, real_data, say

ASKED = ("accuracy", "macro_f1", "log_loss")


def messages(name: str, text: str, label: str, names: dict[Any, str] | None = None) -> Any:
    """A public file as a table of text, label (a word) and split; whatever else it brings stays beside."""
    import pandas as pd

    frame = pd.read_csv(real_data(name))
    frame["text"] = frame[text].fillna("").astype(str)
    frame["label"] = frame[label].map(names) if names else frame[label].astype(str)
    return frame.reset_index(drop=True)


def parted(train: Any, test: Any) -> Any:
    """Inputs with that test part; both tables have text and label."""
    import numpy as np
    import pandas as pd

    from insights.ml.voice.labelled import COLUMNS, Inputs, Labelled, same_source

    classes = tuple(sorted(train["label"].unique()))
    number = {label: place for place, label in enumerate(classes)}
    both = pd.concat([train, test], ignore_index=True).reindex(columns=[*COLUMNS])
    every = Labelled(both["text"].tolist(), both["label"].map(number).to_numpy(), same_source(both))
    first = np.arange(len(both)) < len(train)
    return Inputs(every.rows(first), every.rows(~first), classes, {}, {"form": "fixed split"})


def learn(question: Any, inputs: Any, candidates: Sequence[Any]) -> tuple[dict, list[dict]]:
    """Every candidate on the training part, chosen there, looked at once on the test part; figures and candidates."""
    from insights.ml.voice.judging import judged

    with measured("learn and judge") as step:
        summary = judged(question.KIND, inputs, list(candidates), _told)
    for one in summary["candidates"]:
        metrics = ", ".join(f"{name} {one['metrics'][name]:.4f}" for name in ASKED)
        say(f"  {one['name']}: {metrics}  ({one['seconds']:.0f} s)  {one.get('settings', '')}")
    figures = {
        **(summary["published_metrics"] or dict.fromkeys(ASKED)),
        "interval": summary["published"]["interval"]["accuracy"],
        "champion": summary["champion"],
        "grade": summary["grade"],
        "classes": len(inputs.classes),
        "training_rows": summary["n_training"],
        "test_rows": summary["n_test"],
        **step.figures(),
    }
    if not summary["better_than_rule"]:
        figures["reason"] = "no candidate beat the plain rule"
    return figures, summary["candidates"]


def fitted(question: Any, train: Any, name: str, candidates: Sequence[Any]) -> Any:
    """The model that this candidate is on a table of messages, without a contest."""
    from insights.ml.voice.judging import refitted

    inputs = parted(train, train[:0])
    inputs = question.named(inputs) if hasattr(question, "named") else inputs
    made = refitted(name, candidates, inputs.train, inputs)
    return question.served(inputs, made, inputs.train)


def right(model: Any, test: Any) -> float:
    """The share of a table's messages whose likeliest class is theirs."""
    said = model.logits(test["text"].tolist()).argmax(axis=1)
    return float((test["label"].to_numpy() == [model.classes[place] for place in said]).mean())


def few_of_each(train: Any, count: int, seed: int) -> Any:
    drawn = train.groupby("label", group_keys=False).sample(n=count, random_state=seed)
    return drawn.reset_index(drop=True)


def _told(step: str, fraction: float, rows: int | None) -> None:
    say(f"  {fraction:4.0%} {step}")
