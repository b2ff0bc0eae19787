"""What two models say of the same customer's next order: more time never makes an order less likely."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.models import Company, CustomerScore, Outlook
from insights.publishing import bring_to_customers, publish
from tests.insights.conftest import churn
from tests.insights.test_value_published import outlook

pytestmark = pytest.mark.django_db
chance = st.floats(0, 1).map(lambda p: round(p, 6))


def chances(customer) -> tuple[float, float]:
    told = Outlook.objects.get(pk=customer.pk)
    return told.within_30, told.stays_365


@pytest.fixture
def value(make_version):
    return make_version("value", champion=True)


@pytest.fixture
def risks(make_version):
    """A churn version whose horizon is so many days; None: it tells a label."""

    def make(days):
        form = {"form": "behaviour", "horizon_days": days} if days else {"form": "label"}
        return make_version("churn", summary={"windows": form})

    return make


def test_chances_of_an_order_rise_with_time_whatever_is_published_and_in_which_order(
    value, risks, answer, customer
):
    version = risks(90)
    Company.current()

    @settings(
        max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(
        chance, chance, chance, st.permutations(["churn", "value", "churn"]),
        st.sampled_from([None, 14, 30, 90, 365, 400]),
    )  # fmt: skip
    def agree(risk, soon, year, order, days):
        Company.objects.update(published_horizon_days=days)
        answer(version, {customer: churn(risk)})
        answer(value, {customer: outlook(within_30=soon, stays_365=year)})
        for kind in order:
            bring_to_customers(kind, (version if kind == "churn" else value).pk, [customer.pk])
        within_30, stays = chances(customer)
        assert 0 <= within_30 <= stays <= 1
        if days and days >= 30:
            assert within_30 <= 1 - risk
        if days and days <= 365:
            assert stays >= 1 - risk
        if days is None or (days >= 30 and soon <= 1 - risk):
            assert within_30 == soon
        if within_30 <= year and (days is None or days > 365 or year >= 1 - risk):
            assert stays == year

    agree()


def test_a_bound_goes_again_with_the_risk_that_set_it(value, risks, answer, customer):
    version = risks(90)
    answer(value, {customer: outlook(within_30=0.71, stays_365=0.2)})
    for risk, told in ((0.9, (0.1, 0.2)), (0.2, (0.71, 0.8)), (0.85, (0.15, 0.2))):
        answer(version, {customer: churn(risk)})
        publish(version)
        publish(value)
        assert chances(customer) == pytest.approx(told)
        answer(version, {customer: churn(0.5)})
        bring_to_customers("churn", version.pk, [customer.pk])
        assert chances(customer) == (0.5, 0.5)


def test_a_risk_of_another_kind_or_none_bounds_nothing(value, risks, answer, customer):
    answer(value, {customer: outlook(within_30=0.71, stays_365=0.8)})
    publish(value)
    version = risks(None)
    answer(version, {customer: churn(0.9)})
    publish(version)
    assert chances(customer) == (0.71, 0.8)
    version = risks(90)
    publish(version)  # about this customer it says nothing
    assert CustomerScore.objects.get(pk=customer.pk).churn_risk is None
    assert chances(customer) == (0.71, 0.8)
