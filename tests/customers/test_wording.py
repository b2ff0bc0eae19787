"""Figures and days in words."""

import datetime

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from customers.wording import day, share, spaced


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


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("联系赵诗雨", "联系赵诗雨"),
        ("联系Noor", "联系 Noor"),
        ("联系Åkesson的公司", "联系 Åkesson 的公司"),
        ("提交于11 月 2 日 20:37", "提交于 11 月 2 日 20:37"),
        ("每次训练的ROC-AUC，均用", "每次训练的 ROC-AUC，均用"),
        ("Answer 赵诗雨", "Answer 赵诗雨"),
    ],
)
def test_a_space_stands_between_han_and_latin_and_nowhere_else(text, words):
    assert spaced(text) == words
    page = Template("{% load ui %}{% filter spaced %}<b>{{ text }}</b>{% endfilter %}")
    assert page.render(Context({"text": text})) == f"<b>{words}</b>"
    assert "&lt;" in page.render(Context({"text": "<"}))
