"""A full scoring is a list of key ranges: every range is done once, whoever dies meanwhile."""

import datetime
import threading

import pytest
from django.db import connection
from django.utils import timezone

from customers.models import Customer, CustomerScore
from insights import everyone, scoring
from insights.everyone import begin, close, score_everyone, score_some_of_everyone, take
from insights.listening import mark_stale
from insights.models import FullScoring, ScoringChunk, StaleCustomer
from insights.requesting import request_full_scoring
from insights.sweeping import sweep

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sent(monkeypatch):
    """Names of the tasks that were handed to the broker."""
    from celery import Task

    names = []
    monkeypatch.setattr(
        Task, "apply_async", lambda self, *a, **k: names.append(self.name.split(".")[-1])
    )
    return names


@pytest.fixture
def customers(make_customer, monkeypatch):
    """Eleven customers, three to a range: four ranges."""
    monkeypatch.setattr(scoring, "READ_CHUNK", 3)
    return [make_customer(f"Customer {i}").pk for i in range(11)]


@pytest.fixture
def scored(monkeypatch):
    """Key ranges that were scored, in order."""
    ranges = []
    monkeypatch.setattr(everyone, "score_customers", lambda keys, as_of, renew: ranges.append(keys))
    return ranges


def ask():
    request_full_scoring(send=False)


def served() -> bool:
    row = FullScoring.row().get()
    return row.requested == row.serving == row.served and row.served_at is not None


def covers_once(ranges, ids) -> bool:
    return all(sum(pk in keys for keys in ranges) == 1 for pk in ids)


def test_everyone_is_in_exactly_one_range(customers, scored):
    ask()
    score_everyone()
    assert len(scored) == 4 and covers_once(scored, customers)
    assert served() and not ScoringChunk.objects.exists()


def test_a_worker_takes_one_range_and_sends_for_the_next(
    customers, scored, sent, django_capture_on_commit_callbacks
):
    ask()
    with django_capture_on_commit_callbacks(execute=True):
        score_some_of_everyone()
    # Three for the other ranges when the list was made, one more since there is still something to do.
    assert (len(scored), sent) == (1, ["score_everyone"] * 4)
    for _ in range(3):
        score_some_of_everyone()
    assert covers_once(scored, customers) and served()
    assert len(sent) == 6


def test_no_more_workers_are_woken_than_may_work_abreast(
    customers, scored, sent, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(everyone, "ABREAST", 2)
    ask()
    with django_capture_on_commit_callbacks(execute=True):
        assert begin()
    assert sent == ["score_everyone"]


def test_a_message_that_comes_twice_or_late_does_nothing(customers, scored):
    ask()
    score_everyone()
    score_some_of_everyone()
    assert len(scored) == 4


def test_a_range_whose_worker_was_killed_is_free_again_when_its_lease_has_run_out(
    customers, scored, sent
):
    ask()
    begin()
    killed = take()
    score_everyone()
    assert len(scored) == 3 and killed.keys not in scored and not served()
    sweep()
    assert sent == []  # it may still be alive
    ScoringChunk.objects.update(lease=timezone.now() - datetime.timedelta(seconds=1))
    sweep()
    assert sent == ["score_everyone"]
    score_some_of_everyone()
    assert covers_once(scored, customers) and served()


def test_a_slow_worker_renews_its_lease(customers, monkeypatch):
    leases = []

    def slow(keys, as_of, renew):
        mine = ScoringChunk.objects.filter(low=keys.start)
        mine.update(lease=as_of)
        renew(0)
        leases.append(mine.get().lease > as_of + everyone.LEASE / 2)

    monkeypatch.setattr(everyone, "score_customers", slow)
    ask()
    score_everyone()
    assert leases == [True] * 4


def test_a_range_that_kills_its_workers_is_left_out_in_the_end_and_said_to_be(
    customers, scored, caplog
):
    ask()
    begin()
    poison = take()
    for _ in range(ScoringChunk.MOST_ATTEMPTS - 1):
        ScoringChunk.objects.update(lease=None)
        assert take().pk == poison.pk
    score_everyone()
    assert not served()  # the last attempt may still end well
    ScoringChunk.objects.update(lease=timezone.now() - datetime.timedelta(seconds=1))
    assert close() and served()
    assert f"Customers {poison} were left out" in caplog.text
    ask()
    score_everyone()
    assert poison.keys in scored and not ScoringChunk.objects.exists()


def test_a_range_is_scored_again_when_its_model_was_replaced_meanwhile(customers, monkeypatch):
    seen = []

    def replaced_once(keys, as_of, renew):
        seen.append(keys)
        if len(seen) == 1:
            raise scoring.Superseded("Churn risk v1")

    monkeypatch.setattr(everyone, "score_customers", replaced_once)
    ask()
    score_everyone()
    assert seen[0] == seen[1] and len(seen) == 5 and served()


def test_a_request_made_meanwhile_is_served_by_another_round(customers, monkeypatch):
    rounds = []

    def imported_meanwhile(keys, as_of, renew):
        rounds.append(keys)
        if len(rounds) == 2:
            ask()

    monkeypatch.setattr(everyone, "score_customers", imported_meanwhile)
    ask()
    score_everyone()
    assert len(rounds) == 8 and served() and FullScoring.row().get().served == 2


def test_changed_facts_do_not_wait_until_everyone_is_scored(customers, scored, real_champions):
    ask()
    mark_stale(customers[:1])
    score_some_of_everyone()
    assert not StaleCustomer.objects.exists() and len(scored) == 1


def test_a_company_without_customers_is_served_at_once(db):
    ask()
    score_everyone()
    assert served()


def test_sums_wait_until_everyone_is_scored(customers, scored):
    ask()
    begin()
    while take():
        FullScoring.row().update(totals_outdated=True)
    sweep()
    assert FullScoring.row().get().totals_outdated


@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_do_each_range_once(make_customer, monkeypatch):
    monkeypatch.setattr(scoring, "READ_CHUNK", 2)
    ids = [make_customer(f"Customer {i}").pk for i in range(40)]
    done, errors, start = [], [], threading.Barrier(4)
    monkeypatch.setattr(everyone, "score_customers", lambda keys, as_of, renew: done.append(keys))
    ask()

    def work():
        try:
            start.wait()
            score_everyone()
        except Exception as error:  # noqa: BLE001  shown by the assertion below
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(done) == 20 and covers_once(done, ids)
    assert served() and not ScoringChunk.objects.exists()


def test_scores_by_ranges_are_those_of_one_go(real_champions, shop, monkeypatch):
    now = timezone.now()
    scoring.score_customers(None, now)
    risks = dict(CustomerScore.objects.values_list("pk", "churn_risk"))
    segments = dict(CustomerScore.objects.values_list("pk", "segment"))
    CustomerScore.objects.all().delete()
    monkeypatch.setattr(scoring, "READ_CHUNK", 40)
    monkeypatch.setattr(everyone.timezone, "now", lambda: now)
    ask()
    begin()
    assert ScoringChunk.objects.count() > 3
    score_everyone()
    assert dict(CustomerScore.objects.values_list("pk", "churn_risk")) == risks
    assert dict(CustomerScore.objects.values_list("pk", "segment")) == segments
    assert len(risks) > 0.8 * Customer.objects.count()
