"""Sentiment of Chinese reviews from ten categories of goods: learn on the training part, judge on the test part.

make bench NAME=sentiment_zh_shop
"""

from benchmarks.common import arguments, finish
from benchmarks.voice import learn, messages, parted

NAMES = {0: "negative", 1: "positive"}


def main() -> None:
    arguments(__doc__ or "").parse_args()
    from insights.ml.voice import sentiment

    table = messages("text_zh_shop_reviews.csv.gz", "review", "label", NAMES)
    train, test = (table[table["split"] == part] for part in ("train", "test"))
    inputs = parted(train, test)
    offered = sentiment.candidates({}, inputs.classes)
    finish("sentiment_zh_shop", *learn(sentiment, inputs, offered))


if __name__ == "__main__":
    main()
