"""Sentiment of English tweets to airlines in three classes: learn on the training part, judge on the test part.

make bench NAME=sentiment_en_airline
"""

from benchmarks.common import arguments, finish
from benchmarks.voice import learn, messages, parted


def main() -> None:
    arguments(__doc__ or "").parse_args()
    from insights.ml.voice import sentiment

    table = messages("text_en_airline_tweets.csv.gz", "text", "label")
    train, test = (table[table["split"] == part] for part in ("train", "test"))
    inputs = parted(train, test)
    offered = sentiment.candidates({}, inputs.classes)
    finish("sentiment_en_airline", *learn(sentiment, inputs, offered))


if __name__ == "__main__":
    main()
