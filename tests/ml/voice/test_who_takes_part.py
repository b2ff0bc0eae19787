"""The network on letters takes part where there is enough to learn from, and not so much that it is late."""

import pytest

from insights.ml.voice import offers, sentiment
from tests.ml.voice.spoken import NOW, reviews


@pytest.mark.parametrize(
    ("params", "takes"),
    [
        ({}, False),
        ({"messages": offers.LEAST_LETTERS - 1}, False),
        ({"messages": offers.LEAST_LETTERS}, True),
        ({"messages": offers.MOST_LETTERS}, True),
        ({"messages": offers.MOST_LETTERS + 1}, False),
        ({"candidates": ["network"]}, True),
        ({"candidates": ["svm"], "messages": offers.LEAST_LETTERS}, False),
    ],
)
def test_enough_messages_or_a_wish_make_it_take_part(params, takes):
    assert (offers.LETTERS in [one.name for one in offers.learnt(params)]) is takes


def test_what_was_decided_is_noted_for_people_to_read():
    noted = sentiment.inputs(reviews(120), NOW, {"messages": 120}).windows["letters"]
    assert noted == {
        "takes": False,
        "messages": 120,
        "least": offers.LEAST_LETTERS,
        "most": offers.MOST_LETTERS,
    }
    assert "letters" not in sentiment.inputs(reviews(120), NOW, {}).windows
