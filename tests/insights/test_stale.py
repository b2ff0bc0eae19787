"""Changed facts: noted, scored soon, and never forgotten when they change again meanwhile."""

import datetime

import pytest
from django.db import transaction
from django.utils import timezone

from customers.models import Customer, CustomerScore, Order
from customers.signals import announce
from insights import refreshing
from insights.everyone import score_everyone
from insights.listening import mark_stale
from insights.models import FullScoring, StaleCustomer
from insights.refreshing import lease, refresh_stale
from tests.insights.outside import broker_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch):
    """Names of the tasks that were handed to the broker."""
    from celery import Task

    names = []
    monkeypatch.setattr(Task, "apply_async", lambda self, *args, **kwargs: names.append(self.name))
    return names


@pytest.fixture
def dead_broker():
    """A broker that is not there: nobody listens on port 9 of this machine."""
    with broker_at("redis://127.0.0.1:9/0"):
        yield


def test_changed_facts_make_a_customer_stale_and_wake_a_worker_once(
    customer, sent, django_capture_on_commit_callbacks
):
    for counter in (1, 2, 3):
        with django_capture_on_commit_callbacks(execute=True):
            announce([customer.pk])
        assert StaleCustomer.objects.get().counter == counter
    assert sent == ["insights.tasks.score_stale"]


def test_a_bulk_import_asks_for_one_full_scoring(sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        announce(None)
    row = FullScoring.row().get()
    assert (row.requested, row.served) == (1, 0)
    assert sent == ["insights.tasks.score_everyone"]
    assert not StaleCustomer.objects.exists()


def test_customers_deleted_meanwhile_are_not_noted(customer):
    assert mark_stale([customer.pk, customer.pk + 1000])
    assert [one.pk for one in StaleCustomer.objects.all()] == [customer.pk]


def test_a_broker_that_is_down_is_nobodys_error(
    customer, dead_broker, django_capture_on_commit_callbacks, caplog
):
    with django_capture_on_commit_callbacks(execute=True):
        announce([customer.pk])
    assert StaleCustomer.objects.filter(pk=customer.pk).exists()
    assert "the sweep will send insights.tasks.score_stale" in caplog.text


def test_a_new_order_changes_the_risk(real_champions, shop):
    now = timezone.now()
    mark_stale([one.pk for one in shop])
    assert refresh_stale() == len(shop)
    assert not StaleCustomer.objects.exists()
    risky = CustomerScore.objects.filter(churn_risk__isnull=False).order_by("-churn_risk").first()
    others = CustomerScore.objects.exclude(pk=risky.pk).values_list("pk", "churn_risk")
    before = dict(others)
    Order.objects.create(
        customer_id=risky.pk, source="t", number="t1", occurred_at=now, currency="EUR", amount=80, base_amount=80
    )  # fmt: skip
    mark_stale([risky.pk])
    assert refresh_stale() == 1
    assert CustomerScore.objects.get(pk=risky.pk).churn_risk < risky.churn_risk - 0.2
    assert dict(others.all()) == before


def test_facts_that_change_while_being_scored_are_scored_again(make_customer, monkeypatch):
    first, second = make_customer("First"), make_customer("Second")
    mark_stale([first.pk, second.pk])
    seen = []

    def scoring_takes_long(ids, as_of, report):
        seen.append(sorted(ids))
        if len(seen) == 1:
            mark_stale([first.pk])

    monkeypatch.setattr(refreshing, "score_customers", scoring_takes_long)
    refresh_stale()
    assert seen == [[first.pk, second.pk], [first.pk]]
    assert not StaleCustomer.objects.exists()


def test_a_note_made_anew_while_being_scored_survives(customer, monkeypatch):
    mark_stale([customer.pk])
    batch = list(StaleCustomer.objects.all())

    def removed_and_noted_again(ids, as_of, report):
        StaleCustomer.objects.all().delete()
        mark_stale(ids)

    monkeypatch.setattr(refreshing, "score_customers", removed_and_noted_again)
    refreshing.refresh(batch, lambda: None)
    assert StaleCustomer.objects.get().counter == 1


def test_customers_stay_stale_when_their_model_was_replaced_meanwhile(customer, monkeypatch):
    mark_stale([customer.pk])

    def superseded(ids, as_of, report):
        raise refreshing.Superseded("Churn risk v1")

    monkeypatch.setattr(refreshing, "score_customers", superseded)
    assert refreshing.refresh(list(StaleCustomer.objects.all()), lambda: None) == 0
    assert StaleCustomer.objects.exists()


def test_one_worker_at_a_time_refreshes(customer):
    mark_stale([customer.pk])
    with lease("stale_lease") as renew:
        renew()
        assert refresh_stale() == 0
    assert StaleCustomer.objects.exists()
    assert refresh_stale() == 1


def test_whoever_scores_slowly_keeps_the_lease(customer, monkeypatch):
    """Or a busy machine would do the same work twice, and with every worker, until nothing else gets done."""
    mark_stale([customer.pk])

    def slowly(ids, as_of, report):
        taken = FullScoring.row().get().stale_lease
        report(0)
        assert FullScoring.row().get().stale_lease > taken

    monkeypatch.setattr(refreshing, "score_customers", slowly)
    assert refresh_stale() == 1


def test_while_facts_change_faster_than_they_are_scored_other_tasks_get_their_turn(
    customer, monkeypatch, sent
):
    mark_stale([customer.pk])
    monkeypatch.setattr(refreshing, "SHIFT", -1)
    monkeypatch.setattr(refreshing, "score_customers", lambda ids, *more: mark_stale(ids))
    assert refresh_stale() == 1
    assert StaleCustomer.objects.exists() and sent == ["insights.tasks.score_stale"]
    assert FullScoring.row().get().stale_lease is None


def test_the_lease_of_a_dead_worker_runs_out(customer):
    mark_stale([customer.pk])
    FullScoring.row().update(stale_lease=timezone.now() - datetime.timedelta(seconds=1))
    assert refresh_stale() == 1


def test_a_lease_that_ran_out_is_not_taken_from_its_new_holder():
    with lease("stale_lease") as slow:
        FullScoring.row().update(stale_lease=timezone.now() - datetime.timedelta(seconds=1))
        with lease("stale_lease"):
            held = FullScoring.row().get().stale_lease
            slow()
            assert FullScoring.row().get().stale_lease == held
            with lease("stale_lease") as third:
                assert third is None
    assert FullScoring.row().get().stale_lease is None


def test_everyone_is_scored_at_night(real_champions, shop, sent):
    from insights.tasks import score_nightly

    score_nightly()
    score_everyone()
    scored = CustomerScore.objects.filter(churn_risk__isnull=False)
    assert scored.count() > 0.8 * Customer.objects.count()
    assert FullScoring.row().get().totals_outdated is False


def test_the_page_view_of_a_stale_customer_wakes_nobody(
    customer, sent, django_capture_on_commit_callbacks
):
    mark_stale([customer.pk])
    with django_capture_on_commit_callbacks(execute=True):
        announce([customer.pk])
    assert sent == []


def test_one_who_cannot_be_scored_is_set_aside_and_holds_nobody_up(
    make_customer, monkeypatch, caplog
):
    everybody = [make_customer(f"Customer {number}").pk for number in range(5)]
    bad = everybody[3]
    scored = []

    def refuse_one(ids, as_of, report):
        if bad in ids:
            raise ValueError("what nobody can be scored with")
        scored.extend(ids)

    monkeypatch.setattr(refreshing, "score_customers", refuse_one)
    mark_stale(everybody)
    assert refresh_stale() == 4
    assert sorted(scored) == sorted(set(everybody) - {bad})
    assert not StaleCustomer.objects.due().exists()
    assert f"Customer {bad} cannot be scored" in caplog.text

    mark_stale([bad])  # new facts are a new chance
    assert StaleCustomer.objects.due().get().pk == bad


def test_facts_and_the_note_that_their_customer_is_to_be_scored_stand_or_fall_together(
    customer, make_order, django_capture_on_commit_callbacks
):
    """Whoever is killed right after the commit cannot have left the one without the other."""
    with django_capture_on_commit_callbacks() as callbacks:
        announce([customer.pk])
    assert StaleCustomer.objects.filter(customer=customer).exists() and callbacks
    StaleCustomer.objects.all().delete()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        announce([customer.pk])
        raise ZeroDivisionError
    assert not StaleCustomer.objects.exists()
