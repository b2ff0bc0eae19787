"""What bank customers want, 77 intents: the official split, ten examples of each, and intents never met.

make bench NAME=intent_banking77
"""

from typing import Any

from benchmarks.common import arguments, finish, measured, say
from benchmarks.voice import few_of_each, fitted, learn, messages, parted, right

FEW, DRAWINGS = 10, 2
NEVER_MET = 15


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument(
        "--without-package", action="store_true", help="as if the optional package were missing"
    )
    plain = parser.parse_args().without_package
    from insights.ml.voice import intent
    from insights.ml.voice.offers import LINEAR

    offered = intent.candidates({"candidates": [*LINEAR, "blend"]} if plain else {})
    table = messages("intent_en_banking77.csv.gz", "text", "category")
    train, test = (table[table["split"] == part] for part in ("train", "test"))
    figures, candidates = learn(intent, intent.named(parted(train, test)), offered)
    figures |= few(train, test, offered) | never_met(train, test, offered)
    figures["sentence_encoder"] = any(one.name == "sentences" for one in offered)
    finish("intent_banking77", figures, candidates)


def few(train: Any, test: Any, offered: list[Any]) -> dict[str, float]:
    from insights.ml.voice import intent
    from insights.ml.voice.judging import BLEND

    told = []
    with measured(f"learn from {FEW} of each") as step:
        for seed in range(DRAWINGS):
            model = fitted(intent, few_of_each(train, FEW, seed), BLEND, offered)
            told.append(right(model, test))
            say(f"  drawing {seed}: {told[-1]:.4f}")
    return {
        "ten_shot_accuracy": sum(told) / len(told),
        "ten_shot_least": min(told),
        "ten_shot_most": max(told),
        "ten_shot_wall_s": round(step.wall_s, 1),
    }


def never_met(train: Any, test: Any, offered: list[Any]) -> dict[str, float]:
    """What becomes of messages whose intent was held out, where answers have to be right 95 times in 100."""
    from insights.ml.voice import intent
    from insights.ml.voice.judging import BLEND

    held_out = train["label"].drop_duplicates().sample(NEVER_MET, random_state=0)
    with measured(f"learn without {NEVER_MET} of the intents"):
        model = fitted(intent, train[~train["label"].isin(held_out)], BLEND, offered)
    said = intent.predict(model, test["text"].tolist())
    met = ~test["label"].isin(held_out).to_numpy()
    answered = (said["label"] != intent.OTHER).to_numpy()
    hit = said["label"].to_numpy() == test["label"].to_numpy()
    return {
        "never_met_refused": float((~answered[~met]).mean()),
        "met_answered": float(answered[met].mean()),
        "met_answers_right": float(hit[met & answered].mean()),
        "never_met_roc_auc": _auc(met, said["chance"].to_numpy()),
    }


def _auc(met: Any, chance: Any) -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(met, chance))


if __name__ == "__main__":
    main()
