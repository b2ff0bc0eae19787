"""Whom a message is from and about never reaches a model that learns from it."""

import pytest

from insights.ml.voice.entities import entities
from insights.ml.voice.finding import Boundaries
from insights.ml.voice.knowledge import Knowledge
from insights.ml.voice.masking import masked
from insights.ml.voice.script import folded

STAFF = Knowledge.of(people=[(1, "Marta Lindqvist"), (2, "陈晓明")])


def struck(text, *names):
    plain = folded(text)
    return masked(text, entities(text, plain, Boundaries(plain), STAFF), names)


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("Marta Lindqvist was rude", "Marta"),
        ("Best regards, Oluwaseun Adeyemi", "Adeyemi"),
        ("write to anna.b@example.com please", "anna.b@example.com"),
        ("call me on +44 20 7946 0958 today", "7946"),
        ("order number A-20931 is late", "A-20931"),
        ("I live at 12 Rose Street and nothing came", "12 Rose Street"),
        ("陈晓明答应今天发货", "陈晓明"),
        ("请寄到人民路88号302室", "88号302室"),
        ("my card 4111 1111 1111 1111 was charged", "1111"),
    ],
)
def test_it_is_gone_and_everything_else_stays_in_its_place(text, gone):
    told = struck(text)
    assert gone in text and gone not in told
    assert [b for a, b in zip(text, told, strict=True) if a != b and b != " "] == []


def test_whoever_writes_signs_with_any_part_of_their_name():
    assert struck("Thanks, Hyacinth", "Hyacinth Bouquet-Long") == "Thanks,         "
    assert struck("it took too long", "Hyacinth Bouquet Li") == "it took too long"
    assert "欧阳娜娜" not in struck("我是欧阳娜娜，茶叶很好", "欧阳娜娜")


def test_what_is_said_stays():
    text = "The Perfect Brew kettle came 3 days late and cost 40 euros"
    assert struck(text) == text
