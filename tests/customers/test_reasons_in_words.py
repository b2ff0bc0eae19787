"""Every reason a learner can give has a sentence in both languages, whatever is unknown; points add up as shown."""

import random

import pytest
from django.utils import translation

from customers.explaining import explain, whole
from customers.models import Product, Recommendation
from customers.reasons import SENTENCES, Words, recommendation, sentence
from insights.ml.explain import REASONS

WORDS = Words("EUR", {"shop": "Kind of shop"})


def said(code, **facts):
    return sentence({"code": code, "facts": facts}, WORDS)


@pytest.mark.django_db  # what the company calls its concerns
@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("code", [*REASONS, "others"])
def test_each_code_of_the_learners_has_its_own_words_even_when_nothing_is_known(code, language):
    assert code in SENTENCES
    facts = dict.fromkeys(REASONS.get(code, ()))
    with translation.override(language):
        for known in (facts, dict.fromkeys(facts, 1), dict.fromkeys(facts, 0)):
            text = said(code, **known)
            assert text
            assert "None" not in text
            assert "%" not in text.replace("100%", "")


@pytest.mark.django_db  # what the company calls its concerns
@pytest.mark.parametrize("code", list(REASONS))
def test_nothing_stays_english_for_chinese_readers(code):
    facts = dict.fromkeys(REASONS[code], 7)
    with translation.override("zh-hans"):
        text = said(code, **facts)
    assert not set(text) & set("abcdefghijklmnopqrstuvwxyz"), text


@pytest.mark.parametrize(
    ("code", "facts", "text"),
    [
        ("recency", {"days": 63, "usual_gap": 24}, "No order for 63 days, usual gap 24"),
        ("recency", {"days": 5, "usual_gap": 24}, "Last order 5 days ago, usual gap 24"),
        ("recency", {"days": 13, "usual_gap": 11.5}, "No order for 13 days, usual gap 12"),
        ("rhythm", {"usual_gap": 12.5, "longest_gap": 40.2}, "Orders about every 13 days, longest break 40"),
        ("recency", {"days": 1, "usual_gap": None}, "No order for 1 day"),
        ("recency", {"days": None, "usual_gap": None}, "No order yet"),
        ("frequency", {"orders": 1, "orders_all": 1}, "1 order in 12 months"),
        ("frequency", {"orders": 6, "orders_all": 1041}, "6 orders in 12 months, 1,041 in all"),
        ("browsing", {"visits": 0, "days_since_visit": 120}, "No visit in 90 days, the latest 120 days ago"),
        ("browsing", {"visits": 2, "days_since_visit": 0}, "2 visits in 90 days, the latest today"),
        ("spend", {"spend": 1204.4, "order_value": 42}, "€1,204 spent in 12 months, €42 per order on average"),
        ("returns", {"returns": 2, "share": 0.081}, "2 returns, 8% of the money spent"),
        ("season", {"orders": 0}, "No order at this time last year"),
        ("price", {"unit_price": 12.5, "below": 0.08}, "€12.50 per item on average, 8% below the highest price paid"),
        ("looking", {"views": 9, "carts": 2}, "9 products viewed since the last order, 2 put into the cart"),
        ("service", {"hours": 0.4, "waiting": 1}, "Answers within the hour, 1 message without an answer"),
        ("service", {"hours": 2432.4, "waiting": 0}, "Answers after 101 days"),
        ("tenure", {"days": 973}, "Customer for 32 months"),
        ("attribute:shop", {"name": "shop", "value": "Café"}, "Kind of shop: Café"),
        ("attribute:seats_in", {"name": "seats_in", "value": 12}, "Seats in: 12"),
        ("attribute:vip", {"name": "vip", "value": True}, "Vip: yes"),
        ("attribute:since", {"name": "since", "days_ago": 1}, "Since: 1 day ago"),
        ("others", {"count": 4}, "4 smaller reasons"),
        ("something_new", {}, "Something new"),
    ],
)  # fmt: skip
def test_sentences(code, facts, text):
    assert said(code, **facts) == text


def test_points_as_shown_add_up_for_any_score():
    dice = random.Random(1)
    for _ in range(500):
        parts = [dice.uniform(-30, 30) for _ in range(dice.randint(1, 6))]
        base = dice.uniform(0, 1)
        reasons = [{"code": "recency", "facts": {"days": 3}, "points": p} for p in parts[:-1]]
        reasons.append({"code": "others", "facts": {"count": 2}, "points": parts[-1]})
        risk = base + sum(parts) / 100
        told = explain(risk, {"base": base, "reasons": reasons}, WORDS)
        if told:
            assert told.base + sum(r.points for r in told.reasons) == told.risk == round(risk * 100)
            assert all(r.x >= -0.01 and r.x + r.width <= 100.01 for r in told.reasons)


def test_rounding_moves_no_part_by_a_whole_point():
    dice = random.Random(2)
    for _ in range(500):
        parts = [dice.uniform(-9, 9) for _ in range(5)]
        rounded = whole(parts, round(sum(parts)))
        assert sum(rounded) == round(sum(parts))
        assert all(abs(r - p) < 1 for r, p in zip(rounded, parts, strict=True))


def test_a_score_without_reasons_is_not_explained():
    assert explain(0.5, {}, WORDS) is None
    assert explain(0.5, {"base": 0.2, "reasons": []}, WORDS) is None


@pytest.mark.parametrize(
    ("why", "facts", "text"),
    [
        (
            "reorder",
            {"days_late": 39, "usual_days": 21},
            "Reorder is 39 days late, usual gap 21 days",
        ),
        ("reorder", {"days_late": -2, "usual_days": 21}, "Reorder is due, usual gap 21 days"),
        (
            "reorder",
            {"days_late": 0, "usual_days": 21, "own": True},
            "Reorder is due, usual gap 21 days",
        ),
        (
            "reorder",
            {"days_late": 0, "usual_days": 21, "own": False},
            "Reorder is due, others buy it again after 21 days",
        ),
        (
            "popular",
            {"buyers_recent": 42, "days": 90},
            "Bought by 42 customers in the last 90 days",
        ),
        ("popular", {}, "Popular with all customers"),
        (
            "bought_with",
            {"share": 0.61},
            "Popular with all customers",
        ),  # its reason's product is gone
    ],
)
def test_why_a_product_is_recommended(why, facts, text):
    assert recommendation(Recommendation(why=why, facts=facts), WORDS) == text


@pytest.mark.parametrize(
    ("why", "facts", "text"),
    [
        ("bought_with", {"share": 0.61}, "Bought with Tea by 61 in 100"),
        ("bought_after", {"share": 0.2}, "Bought after Tea by 20 in 100"),
        ("bought_after", {"share": 0.001}, "Bought after Tea"),
        ("goes_with", {"part": 0.4}, "Fits what was bought, above all Tea"),
        ("alike", {"part": 0.4}, "Similar to Tea"),
        ("similar", {"similarity": 0.4}, "New, similar to Tea"),
    ],
)
def test_because_of_which_product_another_is_recommended(why, facts, text):
    offer = Recommendation(why=why, because=Product(name="Tea"), facts=facts)
    assert recommendation(offer, WORDS) == text
