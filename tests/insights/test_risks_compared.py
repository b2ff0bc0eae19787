"""Each score knows the first risk of the last thirty days, and compares like with like when the model has changed."""

import datetime

import pytest
from django.utils import timezone

from customers.models import CustomerScore
from insights.models import PredictionLedger, RiskShift
from insights.publishing import bring_to_customers, forget_refused, publish, roll_back
from tests.insights.conftest import churn

pytestmark = pytest.mark.django_db


@pytest.fixture
def scored(answer, customer):
    """A version scores the customer so many days ago, as it does every night."""

    def scored(version, risk, days_ago):
        moment = answer(version, {customer: churn(risk)}, days_ago)
        bring_to_customers("churn", version.pk, [customer.pk])
        return moment

    return scored


def day(days_ago: int) -> datetime.date:
    moment = timezone.now() - datetime.timedelta(days=days_ago)
    return moment.astimezone(datetime.UTC).date()


def compared(customer) -> tuple:
    score = CustomerScore.objects.get(pk=customer.pk)
    return score.churn_risk_then, score.churn_then_on, score.churn_change


def test_on_the_first_day_there_is_nothing_to_compare_with(make_version, scored, customer):
    version = make_version("churn", champion=True)
    scored(version, 0.4, 0)
    scored(version, 0.6, 0)
    assert compared(customer) == (None, None, None)


def test_a_risk_is_compared_with_the_first_of_the_last_thirty_days(make_version, scored, customer):
    version = make_version("churn", champion=True)
    for days_ago, risk in [(40, 0.9), (31, 0.8), (30, 0.48), (29, 0.5), (1, 0.7), (0, 0.72)]:
        scored(version, risk, days_ago)
    assert compared(customer) == (0.48, day(30), 0.24)


def test_with_less_history_it_is_the_first_there_is(make_version, scored, customer):
    version = make_version("churn", champion=True)
    for days_ago, risk in [(12, 0.7), (3, 0.5), (0, 0.6)]:
        scored(version, risk, days_ago)
    assert compared(customer) == (0.7, day(12), -0.1)


def test_what_was_published_before_the_thirty_days_alone_is_not_compared_with(
    make_version, scored, customer
):
    version = make_version("churn", champion=True)
    for days_ago, risk in [(45, 0.2), (0, 0.6)]:
        scored(version, risk, days_ago)
    assert compared(customer) == (None, None, None)


def test_what_another_model_moves_by_itself_is_no_change_of_the_customer(
    make_version, scored, answer, customer
):
    old, new = make_version("churn", champion=True), make_version("churn")
    scored(old, 0.3, 20)
    scored(old, 0.4, 1)
    answer(new, {customer: churn(0.65)}, 0.5)
    publish(new)
    # It rose by ten points by the model before; the other twenty-five are the new model's.
    assert compared(customer) == (pytest.approx(0.55), day(20), pytest.approx(0.1))
    scored(new, 0.7, 0)
    assert compared(customer)[2] == pytest.approx(0.15)
    assert CustomerScore.objects.get().is_restated


def test_a_model_that_came_before_the_compared_day_moves_nothing(
    make_version, scored, answer, customer
):
    old, new = make_version("churn", champion=True), make_version("churn")
    scored(old, 0.3, 33)
    RiskShift.objects.create(customer=customer, day=day(33), shift=0.4)
    for days_ago, risk in [(30, 0.7), (0, 0.8)]:
        scored(new, risk, days_ago)
    assert compared(customer) == (0.7, day(30), 0.1)


def test_on_the_day_of_a_change_of_model_its_first_word_is_still_the_old_ones(
    make_version, scored, answer, customer
):
    """The ledger keeps the first word of a day: what is compared with it must go by the model that said it."""
    old, new = make_version("churn", champion=True), make_version("churn")
    RiskShift.objects.create(customer=customer, day=day(10), shift=0.2)
    PredictionLedger.objects.create(
        kind="churn", customer=customer, day=day(10), version=old.pk, score=0.3
    )
    scored(new, 0.6, 0)
    assert compared(customer) == (0.5, day(10), 0.1)


def test_there_and_back_again_leaves_no_shift(make_version, scored, answer, customer):
    old, new = make_version("churn", champion=True), make_version("churn")
    scored(old, 0.3, 9)
    scored(old, 0.4, 1)
    answer(new, {customer: churn(0.8)}, 0.5)
    publish(new)
    roll_back(old)
    assert sum(RiskShift.objects.values_list("shift", flat=True)) == pytest.approx(0)
    assert compared(customer)[2] == pytest.approx(0.1)


def test_what_became_known_after_a_new_model_was_asked_is_not_taken_for_its_shift(
    make_version, scored, answer, customer
):
    """The customer ordered meanwhile: the model before knows it, the answers of the new one do not yet."""
    old, new = make_version("churn", champion=True), make_version("churn")
    scored(old, 0.5, 3)
    answer(new, {customer: churn(0.6)}, 2)
    scored(old, 0.1, 0)
    publish(new)
    assert RiskShift.objects.get().shift == pytest.approx(0.1)  # against 0.5, of the same facts
    scored(new, 0.15, 0)
    assert compared(customer) == (pytest.approx(0.6), day(3), pytest.approx(-0.45))


def test_a_restated_risk_stays_one(make_version, scored, answer, customer):
    old, new = make_version("churn", champion=True), make_version("churn")
    scored(old, 0.9, 5)
    scored(old, 0.3, 1)
    answer(new, {customer: churn(0.8)}, 0.5)
    publish(new)
    assert compared(customer) == (1.0, day(5), pytest.approx(-0.2))


def test_shifts_are_kept_as_long_as_they_are_needed(make_version, scored, answer, customer):
    old, new = make_version("churn", champion=True), make_version("churn")
    for days_ago in (40, 20):
        RiskShift.objects.create(customer=customer, day=day(days_ago), shift=0.1)
    scored(old, 0.3, 1)
    answer(new, {customer: churn(0.4)}, 0.5)
    publish(new)
    assert sorted(RiskShift.objects.values_list("day", flat=True)) == [day(20), day(1)]


def test_whoever_is_scored_no_more_is_compared_no_more(make_version, scored, answer, customer):
    version, other = make_version("churn", champion=True), make_version("churn")
    scored(version, 0.3, 5)
    scored(version, 0.5, 0)
    publish(other)  # it says nothing about the customer
    assert compared(customer) == (None, None, None)


def test_whoever_refuses_profiling_leaves_no_shift_behind(customer):
    RiskShift.objects.create(customer=customer, day=day(1), shift=0.1)
    customer.profiling_refused = True
    customer.save()
    forget_refused([customer.pk])
    assert not RiskShift.objects.exists()


def test_one_customer_and_everybody_are_compared_the_same(
    make_version, scored, answer, customer, make_customer
):
    """A single score, a range and a publishing are the same statements."""
    version = make_version("churn", champion=True)
    others = [make_customer(f"Other {n}") for n in range(3)]
    everyone = [customer, *others]
    for days_ago in (20, 0):
        risks = {
            one: churn(0.2 + 0.1 * n + 0.01 * (20 - days_ago)) for n, one in enumerate(everyone)
        }
        answer(version, risks, days_ago)
        bring_to_customers("churn", version.pk, None)
    whole = list(CustomerScore.objects.order_by("pk").values_list("pk", "churn_change"))
    assert [change for __, change in whole] == [0.2] * 4
    for one in everyone:
        bring_to_customers("churn", version.pk, [one.pk])
    bring_to_customers("churn", version.pk, range(1, max(c.pk for c in everyone) + 1))
    assert list(CustomerScore.objects.order_by("pk").values_list("pk", "churn_change")) == whole
