"""Reasons as the rows of a list say them: everything that matters within one line."""

import pytest
from django.utils import translation

from customers.reasons import SENTENCES, Words
from customers.reasons.in_brief import BRIEF, brief_sentence

ROOM = 40  # characters of the narrowest column

FACTS = [
    ("rhythm", {"usual_gap": 24, "longest_gap": 90}, "Orders every 24 days, at most 90"),
    ("rhythm", {"usual_gap": None}, "No rhythm yet: fewer than two orders"),
    ("order_trend", {"recent": 1, "before": 12}, "1 order in 90 days, 12 before"),
    ("spend", {"spend": 12274, "order_value": 1193}, "€12,274 in 12 months, €1,193 an order"),
    ("spend", {"spend": 0}, "€0 in 12 months"),
    ("spend_trend", {"recent": 12274, "before": 11193}, "€12,274 in 90 days, €11,193 before"),
    ("price", {"unit_price": 112.5, "below": 0.12}, "€112.50 an item, 12% below the highest"),
    ("looking", {"views": 12, "carts": 1}, "12 products viewed since the last order"),
    ("service", {"hours": 30, "waiting": 0}, "Answers after 30 hours"),
    ("season", {"orders": 3}, "3 orders at this time last year"),
    ("browsing", {"visits": 12, "days_since_visit": 75}, "12 visits in 90 days, last one 75 days ago"),
    ("browsing", {"visits": 0, "days_since_visit": 120}, "No visit for 120 days"),
    ("browsing", {}, "No visit to the shop is known"),
    ("complaints", {"count": 2, "days_since": 0}, "2 complaints, last one today"),
    ("complaints", {"count": 0}, "No complaint in 12 months"),
    ("ratings", {"last": 2, "low": 3}, "Latest rating 2 of 5, 3 poor ones"),
    ("recency", {"days": 63, "usual_gap": 24}, "No order for 63 days, usual gap 24"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "facts", "words"), FACTS)
def test_a_reason_fits_into_a_row(code, facts, words):
    said = brief_sentence({"code": code, "facts": facts}, Words("EUR"))
    assert said == words
    assert len(said) <= ROOM + 2


@pytest.mark.parametrize(("code", "facts", "words"), FACTS)
def test_it_fits_in_chinese_too_and_says_the_same_figures(code, facts, words):
    with translation.override("zh-hans"):
        said = brief_sentence({"code": code, "facts": facts}, Words("EUR"))
    assert said != words and len(said) <= 28
    for figure in [f for f in facts.values() if f and f > 1]:
        assert f"{figure:,}" in said


def test_what_is_said_in_brief_can_be_said_in_full():
    assert BRIEF.keys() <= SENTENCES.keys()


def test_a_gap_is_told_in_whole_days():
    rhythm = {"code": "rhythm", "facts": {"usual_gap": 11.5, "longest_gap": 90.4}}
    assert brief_sentence(rhythm, Words("EUR")) == "Orders every 12 days, at most 90"
