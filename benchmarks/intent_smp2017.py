"""What Chinese users want, 31 domains: learnt on the official training and development parts, judged on the test part.

make bench NAME=intent_smp2017
"""

from benchmarks.common import arguments, finish, say
from benchmarks.voice import few_of_each, fitted, learn, messages, parted, right

FEW, DRAWINGS = 10, 2


def main() -> None:
    arguments(__doc__ or "").parse_args()
    from insights.ml.voice import intent
    from insights.ml.voice.judging import BLEND

    table = messages("intent_zh_smp2017.csv.gz", "text", "intent")
    train, test = table[table["split"] != "test"], table[table["split"] == "test"]
    offered = intent.candidates({})
    figures, candidates = learn(intent, intent.named(parted(train, test)), offered)
    enough = train[train.groupby("label")["label"].transform("size") >= FEW]
    told = []
    for seed in range(DRAWINGS):
        told.append(right(fitted(intent, few_of_each(enough, FEW, seed), BLEND, offered), test))
        say(f"  {FEW} of each, drawing {seed}: {told[-1]:.4f}")
    figures["ten_shot_accuracy"] = sum(told) / len(told)
    finish("intent_smp2017", figures, candidates)


if __name__ == "__main__":
    main()
