"""The horizon is read from how long customers take to come back."""

from datetime import date, timedelta

from insights.ml.horizon import proposed

START = date(2024, 1, 1)


def histories(*gaps, customers=40, days=730):
    """Each customer orders at the gaps given, over and over."""
    made = []
    for customer in range(customers):
        day, mine = customer % 7, []
        while day < days:
            mine.append(START + timedelta(days=day))
            day += gaps[(customer + len(mine)) % len(gaps)]
        made.append(mine)
    return made


def test_nine_in_ten_come_back_within_it():
    assert proposed(histories(28)).days == 30
    assert proposed(histories(20, 20, 20, 100)).days == 100
    assert proposed(histories(*[20] * 19, 100)).days == 20


def test_long_gaps_that_are_still_open_do_not_make_it_shorter():
    """One customer in five comes twice a year; half a year before the end their gaps are open."""
    often, seldom = histories(10, customers=5), histories(170, customers=60)
    assert proposed([*often, *seldom]).rhythm >= 30


def test_it_is_no_longer_than_the_history_lets_a_training_learn_from():
    short = proposed(histories(80, customers=60, days=190))
    assert short.rhythm == 80 and short.days == 65
    assert 2 * short.days + 30 <= 166  # days from the first order to the last


def test_too_few_gaps_tell_nothing():
    assert proposed([]) is None
    assert proposed(histories(100, customers=3, days=365)) is None
