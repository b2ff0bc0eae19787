"""Figures and days in words."""

import datetime

import pytest
from django.utils import timezone, translation

from customers.wording import day, share


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (510 / 511, "over 99%"), (1, "100%"), (0.994, "99%"), (0.001, "under 1%"), (0, "0%"),
        (None, "–"), (0.5, "50%"),
    ],
)  # fmt: skip
def test_nearly_all_is_not_all_and_hardly_any_is_not_none(part, words):
    assert share(part) == words


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_both_ends_of_a_span_over_two_years_name_their_year(language):
    today = timezone.localdate()
    before = datetime.date(today.year - 1, 12, 31)
    with translation.override(language):
        assert str(today.year) not in day(today)
        assert str(today.year) in day(today, before)
        assert str(today.year - 1) in day(before, today)
        assert day(today, today) == day(today)
