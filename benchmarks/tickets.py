"""Which of eight topics a service desk's ticket is about: learn on the training part, judge on the test part.

make bench NAME=tickets
"""

from benchmarks.common import arguments, finish
from benchmarks.voice import learn, messages, parted


def main() -> None:
    arguments(__doc__ or "").parse_args()
    from insights.ml.voice import intent
    from insights.ml.voice.offers import LINEAR

    table = messages("tickets_en_it_topics.csv.gz", "text", "topic")
    train, test = (table[table["split"] == part] for part in ("train", "test"))
    # Whether the sentence encoder is there or not: long texts, and tens of thousands of them.
    offered = intent.candidates({"candidates": [*LINEAR, "blend"]})
    finish("tickets", *learn(intent, intent.named(parted(train, test)), offered))


if __name__ == "__main__":
    main()
