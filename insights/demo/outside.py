"""Reviews from a market place: nobody knows whose they are, or sometimes when they were written."""


def record_outside_reviews(rng, founded) -> int:
    return 0
