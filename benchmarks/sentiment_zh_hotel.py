"""Sentiment of Chinese hotel reviews, and what a model from elsewhere makes of them.

Learnt on the training part, judged on the test part. Then learnt on the shop reviews without those of hotels and told
200 labelled hotel reviews of the training part: mean accuracy on the test part over several drawings of them.

make bench NAME=sentiment_zh_hotel
"""

from typing import Any

from benchmarks.common import arguments, finish, measured, say
from benchmarks.sentiment_zh_shop import NAMES
from benchmarks.voice import fitted, learn, messages, parted, right

TOLD, DRAWINGS = 200, 3


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--skip", choices=["own", "elsewhere"], help="leave out one half")
    parser.add_argument("--most", type=int, help="learn elsewhere from so many reviews only")
    options = parser.parse_args()
    skip = options.skip
    from insights.ml.voice import sentiment

    table = messages("text_zh_hotel_reviews.csv.gz", "review", "label", NAMES)
    train, test = (table[table["split"] == part] for part in ("train", "test"))
    figures: dict[str, Any] = {}
    candidates: list[dict] = []
    if skip != "own":
        inputs = parted(train, test)
        offered = sentiment.candidates({}, inputs.classes)
        figures, candidates = learn(sentiment, inputs, offered)
    if skip != "elsewhere":
        figures |= elsewhere(train, test, options.most)
    finish("sentiment_zh_hotel", figures, candidates)


def elsewhere(train: Any, test: Any, most: int | None) -> dict[str, float]:
    from insights.ml.voice import sentiment
    from insights.ml.voice.judging import BLEND

    shop = messages("text_zh_shop_reviews.csv.gz", "review", "label", NAMES)
    shop = shop[(shop["split"] == "train") & (shop["cat"] != "酒店")]
    shop = shop.sample(most, random_state=0) if most else shop
    with measured("learn on shop reviews without hotels") as step:
        model = fitted(
            sentiment, shop, BLEND, sentiment.candidates({}, sorted(set(NAMES.values())))
        )
    before = right(model, test)
    after = []
    for seed in range(DRAWINGS):
        told = train.sample(TOLD, random_state=seed)
        again = sentiment.recalibrate(model, told["text"].tolist(), told["label"].tolist())
        after.append(right(again, test))
        say(f"  drawing {seed}: {before:.4f} → {after[-1]:.4f}")
    return {
        "cross_domain_accuracy": sum(after) / len(after),
        "cross_domain_least": min(after),
        "cross_domain_most": max(after),
        "cross_domain_uncalibrated": before,
        "cross_domain_told": TOLD,
        "cross_domain_rows": len(shop),
        "cross_domain_wall_s": round(step.wall_s, 1),
    }


if __name__ == "__main__":
    main()
