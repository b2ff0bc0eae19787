"""A filter in the address and in storage: what is written is read again, and rubbish is refused."""

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.filtering import EVERYBODY, Condition, Group, from_json, parse, to_json, write
from customers.filtering.tree import Unreadable

word = st.from_regex(r"[a-z_]{1,12}", fullmatch=True)
text = st.text(
    st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1, max_size=20
)
condition = st.builds(Condition, word, word, st.lists(text, max_size=3).map(tuple))


def group(items):
    return st.builds(
        Group, st.sampled_from(["all", "any"]), st.lists(items, min_size=1, max_size=3).map(tuple)
    )


trees = group(condition | group(condition | group(condition)))


# How fast examples are made says how busy the machine is.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trees)
def test_what_is_written_is_read_again(tree):
    assert parse(write(tree)) == tree
    assert from_json(to_json(tree)) == tree


def test_an_address_can_be_read():
    tree = Group("all", (
        Condition("risk", "gte", ("60",)),
        Group("any", (Condition("segment", "in", ("at_risk", "lost")), Condition("company", "has", ("(a), b",)))),
    ))  # fmt: skip
    expected = "all(risk:gte:60,any(segment:in:at_risk~lost,company:has:%28a%29%2C b))"
    assert write(tree) == expected


def test_nothing_is_everybody():
    assert parse("") == parse("  ") == from_json({}) == from_json(None) == EVERYBODY
    assert write(EVERYBODY) == ""


@pytest.mark.parametrize(
    "rubbish",
    [
        "x", "all", "all(", "all(risk:gte:60", "all(risk:gte:60))", "none(risk:gte:60)", "all(,)", "all(risk)",
        "all(risk:gte:60,)", "all(all(all(all(risk:gte:60))))", "all(:gte:60)", "all(risk::60)", "all(a:b)x",
        "all(a:b\x00)", "all(" + "a:b," * 3000 + "a:b)", "))((", ",", "all(risk:gte:60 any(a:b))",
    ],
)  # fmt: skip
def test_rubbish_is_refused(rubbish):
    with pytest.raises(Unreadable):
        parse(rubbish)


@pytest.mark.parametrize(
    "stored", [{"field": "a", "op": "b", "values": []}, {"all": [{"field": 1}]}, {"all": 5}, [1],
               {"all": [{"all": [{"all": [{"all": []}]}]}]}, {"none": []}],
)  # fmt: skip
def test_storage_is_not_trusted_either(stored):
    with pytest.raises(Unreadable):
        from_json(stored)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    with contextlib.suppress(Unreadable):
        assert isinstance(parse(text), Group)
