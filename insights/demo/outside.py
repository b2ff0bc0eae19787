"""Reviews from a market place: nobody knows whose they are, or sometimes when they were written."""

import numpy as np

from customers.models import Interaction
from insights.demo.loading import load
from insights.demo.writing import Writer

STARS = {"review_good": 5, "review_mid": 3, "review_bad": 1, "review_bad_late": 2}
SOURCE = "marketplace"


def record_outside_reviews(rng, founded) -> int:
    """Load one for every hundred customers, at least a dozen."""
    n = max(12, founded.size // 100)
    calendar, shelf = founded.calendar, founded.shelf
    writer = Writer(rng, shelf.frame)
    topic = rng.choice(list(STARS), n, p=[0.6, 0.15, 0.15, 0.1])
    chinese = rng.random(n) < 0.4
    product = rng.integers(0, (~shelf.frame.is_new).sum(), n)
    time = calendar.seconds(rng.random(n) * calendar.now_day)
    texts = [
        writer.write(t, c, p, "", "", "").text
        for t, c, p in zip(topic, chinese, product, strict=True)
    ]
    return load(
        Interaction,
        {
            "product_id": founded.product_ids[product],
            "channel": "review",
            "direction": "in",
            "text": texts,
            "rating": [STARS[t] for t in topic],
            "language": np.where(chinese, "zh-hans", "en"),
            "occurred_at": np.where(rng.random(n) < 0.3, np.nan, time),
            "source": SOURCE,
            "external_id": [f"{SOURCE}-{i + 1}" for i in range(n)],
            "recorded_in_id": founded.change_set.pk,
        },
    )
