"""A fresh demo company has something to compare its risks with: what its own first model sees as of earlier days."""

import datetime

import pytest
from django.db.models import F
from django.utils import timezone

from customers.models import ChangeSet, Customer, CustomerScore
from insights import training
from insights.dashboard_sums import rescues_since
from insights.demo import looking_back
from insights.models import PredictionLedger, SegmentMove, TrainingRun, VersionScore
from insights.movements import flows_between, last_days, since_start
from insights.publishing import bring_to_customers, publish
from insights.views.ledger import last_months, rows_of
from tests.customers.pages import ago
from tests.insights.conftest import churn, segment
from tests.insights.test_training import shop, taken  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def invented(customer):
    """The customer came with a demo company."""
    customer.recorded_in = ChangeSet.objects.create(source=ChangeSet.Source.DEMO)
    customer.save()
    return customer


@pytest.fixture
def asked(monkeypatch):
    """The model says of everybody: ten points more each ten days; returns as of when it was asked about whom."""
    moments: dict[int, list[int]] = {}

    def facts_of(ids, moment):
        moments[(timezone.now() - moment).days] = list(ids)
        return ids

    def answers_of(_version, ids, moment):
        risk = 0.7 - (timezone.now() - moment).days / 100
        return {pk: churn(round(risk, 6)) for pk in ids}

    monkeypatch.setattr(looking_back, "facts_of", facts_of)
    monkeypatch.setattr(looking_back, "answers_of", answers_of)
    return moments


@pytest.fixture
def published(make_version, answer, invented, asked):
    version = make_version("churn")
    answer(version, {invented: churn(0.7)})
    looking_back.keep(looking_back.look_back(version))
    publish(version)
    return version


def compared() -> tuple:
    score = CustomerScore.objects.get()
    return score.churn_risk_then, score.churn_then_on, score.churn_change


def day(days_ago: int) -> datetime.date:
    return ago(days_ago).astimezone(datetime.UTC).date()


def test_its_first_risks_are_compared_with_thirty_days_before(published, asked, invented):
    assert asked == {days: [invented.pk] for days in (30, 20, 10)}
    assert compared() == (0.4, day(30), pytest.approx(0.3))
    # Nobody told it then: the page says that it is how today's model puts it.
    assert CustomerScore.objects.get().is_restated


def test_in_the_days_after_there_is_still_something_of_three_weeks_and_more(published, invented):
    for days, then, of in ((1, 0.5, 20), (10, 0.5, 20), (11, 0.6, 10), (20, 0.6, 10), (21, 0.7, 0)):
        VersionScore.objects.update(scored_at=ago(-days))
        bring_to_customers("churn", published.pk, [invented.pk])
        assert compared()[:2] == (pytest.approx(then), day(of)), days


def test_it_is_no_prediction_that_was_made(published, invented, make_order):
    make_order(invented, 5)
    PredictionLedger.objects.update(score=0.9)
    months = last_months(timezone.now().date())
    invented.refresh_from_db()
    told = [row["risk"] for row in rows_of(invented, months)]
    assert told[:-1] == [None] * 11
    assert rescues_since(day(60)) == []
    PredictionLedger.objects.update(label="")
    assert len(rescues_since(day(60))) == 1


def test_the_next_model_adds_nothing_and_compares_with_it(
    published, invented, make_version, answer
):
    second = make_version("churn")
    answer(second, {invented: churn(0.8)})
    assert looking_back.look_back(second) == []
    publish(second)
    assert compared() == (
        pytest.approx(0.5),
        day(30),
        pytest.approx(0.3),
    )  # ten are the new model's


def test_of_a_company_of_real_people_two_questions_are_asked_and_no_more(
    make_version, customer, asked, django_assert_num_queries
):
    version, other = make_version("churn"), make_version("value")
    with django_assert_num_queries(1):
        assert looking_back.look_back(version) == []
    with django_assert_num_queries(0):
        assert looking_back.look_back(other) == []
    assert asked == {}


def test_real_people_beside_it_and_large_ones_are_left_out(
    make_version, invented, make_customer, asked, monkeypatch
):
    make_customer("Real")
    rows = looking_back.look_back(make_version("churn"))
    assert {row.customer_id for row in rows} == {invented.pk}
    monkeypatch.setattr(looking_back, "MOST", 0)
    assert looking_back.look_back(make_version("churn")) == []


def test_who_has_gone_or_refuses_meanwhile_is_not_kept(
    make_version, invented, make_customer, asked, django_assert_num_queries
):
    gone = make_customer("Gone")
    Customer.objects.filter(pk=gone.pk).update(recorded_in=invented.recorded_in)
    rows = looking_back.look_back(make_version("churn"))
    Customer.objects.filter(pk=gone.pk).update(profiling_refused=True)
    with django_assert_num_queries(2):
        looking_back.keep(rows)
    assert set(PredictionLedger.objects.values_list("customer", flat=True)) == {invented.pk}


def test_a_training_keeps_it_with_what_it_publishes(shop, monkeypatch):  # noqa: F811
    someone = Customer.objects.order_by("pk").first()
    Customer.objects.update(recorded_in=ChangeSet.objects.create(source=ChangeSet.Source.DEMO))

    def look_back(version):
        return [
            PredictionLedger(
                kind="churn", customer=someone, day=day(30), version=version.pk, score=0.4,
                label=PredictionLedger.AFTERWARDS,
            )
        ]  # fmt: skip

    monkeypatch.setattr(looking_back, "look_back", look_back)
    training.retrain(taken("products"))
    assert TrainingRun.objects.get().outcome == TrainingRun.Outcome.PUBLISHED
    kept = PredictionLedger.objects.filter(kind="churn")
    assert kept.get().version == TrainingRun.objects.values_list(F("version"), flat=True).get()


def test_everything_goes_with_the_demo_company(published, invented):
    invented.delete()
    assert not PredictionLedger.objects.exists()


@pytest.fixture
def moving(monkeypatch):
    """Thirty days ago loyal, ten days later in need of attention, and so until today."""

    def answers_of(_version, ids, moment):
        loyal = (timezone.now() - moment).days >= 30
        return {pk: segment("loyal" if loyal else "need_attention") for pk in ids}

    monkeypatch.setattr(looking_back, "facts_of", lambda ids, moment: ids)
    monkeypatch.setattr(looking_back, "answers_of", answers_of)


@pytest.fixture
def segmented(make_version, answer, invented, moving):
    version = make_version("segments")
    answer(version, {invented: segment("at_risk")})
    rows = looking_back.look_back(version)
    looking_back.keep(rows)
    publish(version)
    looking_back.note_where_from(rows)
    return version


def test_who_moved_between_its_first_segments_is_told_on_the_first_day(segmented, invented, admin):
    moves = SegmentMove.objects.order_by("day")
    told = moves.values_list("day", "segment_before", "segment_after", "by_new_model")
    assert list(told) == [
        (day(20), "loyal", "need_attention", False),
        (day(0), "need_attention", "at_risk", False),
    ]
    (flow,) = flows_between(admin, last_days(30))
    assert (flow["segment_before"], flow["segment_after"], flow["moved"]) == ("loyal", "at_risk", 1)
    score = CustomerScore.objects.get()
    assert (score.segment, score.segment_before) == ("at_risk", "need_attention")
    assert since_start(segmented.published_at).first == day(20)


def test_since_when_they_are_where_they_are_is_the_day_of_their_last_move(
    make_version, answer, invented, moving
):
    version = make_version("segments")
    answer(version, {invented: segment("need_attention")})
    rows = looking_back.look_back(version)
    looking_back.keep(rows)
    publish(version)
    looking_back.note_where_from(rows)
    score = CustomerScore.objects.get()
    assert (score.segment_before, score.segment_since.date()) == ("loyal", day(20))


def test_the_next_segments_look_back_no_more(segmented, make_version, answer, invented):
    second = make_version("segments")
    answer(second, {invented: segment("lost")})
    assert looking_back.look_back(second) == []


def test_new_segments_of_a_company_of_real_people_have_no_moves(make_version, customer, moving):
    assert looking_back.look_back(make_version("segments")) == []
