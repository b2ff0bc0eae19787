"""From a version's stored answers onto the customers: what changes, what stays, what goes."""

import datetime
import threading
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from customers.models import (
    Company,
    Customer,
    CustomerScore,
    CustomerTotals,
    Interaction,
    Order,
    Product,
    Recommendation,
    ScoreReasons,
)
from insights import publishing
from insights.models import (
    FullScoring,
    MessageTopic,
    ModelVersion,
    PredictionLedger,
    SegmentTotals,
    StaleCustomer,
    Topic,
    TopicMoney,
    VersionScore,
)
from insights.publishing import (
    bring_to_customers,
    prune,
    publish,
    refresh_segment_totals,
    roll_back,
)
from tests.insights.conftest import churn, offers, segment
from tests.tokens import api_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def products(db):
    return [Product.objects.create(sku=f"P{i}", name=f"Product {i}") for i in range(4)]


def score_of(customer) -> CustomerScore:
    return CustomerScore.objects.get(pk=customer.pk)


def test_publishing_makes_the_answers_the_scores_people_see(make_version, answer, customer):
    version = make_version("churn")
    as_of = answer(version, {customer: churn(0.7)})
    assert not CustomerScore.objects.exists()
    publish(version)
    score = score_of(customer)
    assert (score.churn_risk, score.churn_reason, score.churn_version) == (
        0.7,
        "recency",
        version.pk,
    )
    assert score.churn_scored_at == as_of
    assert ScoreReasons.objects.get(pk=customer.pk).churn == churn(0.7)["why"]
    version.refresh_from_db()
    assert version.is_champion and version.published_at


def test_the_version_before_is_champion_no_more(make_version, answer, customer):
    old, new = make_version("churn", champion=True), make_version("churn")
    other_kind = make_version("segments", champion=True)
    answer(new, {customer: churn(0.3)})
    publish(new)
    champions = ModelVersion.objects.filter(is_champion=True).values_list("pk", flat=True)
    assert set(champions) == {new.pk, other_kind.pk} and old.pk not in champions


def test_money_at_risk_with_a_topic_follows_the_scores(
    make_version, answer, customer, django_capture_on_commit_callbacks
):
    said = Interaction.objects.create(
        customer=customer, channel="email", direction="in", text="Late", occurred_at=timezone.now()
    )
    topic = Topic.objects.create(number=1)
    MessageTopic.objects.create(
        reading_id=said.pk, topic=topic, occurred_at=said.occurred_at, changes=0, round=1
    )
    CustomerScore.objects.create(customer=customer, expected_value=200)
    version = make_version("churn")
    answer(version, {customer: churn(0.7)})
    assert not TopicMoney.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        publish(version)
    assert TopicMoney.objects.get(topic=topic).value_at_risk == pytest.approx(140)


def test_rolling_back_brings_the_old_scores_back_and_asks_for_new_ones(
    make_version, answer, customer
):
    old, new = make_version("churn"), make_version("churn")
    answer(old, {customer: churn(0.7)})
    publish(old)
    answer(new, {customer: churn(0.1)})
    publish(new)
    assert score_of(customer).churn_risk == 0.1
    roll_back(old)
    assert (score_of(customer).churn_risk, score_of(customer).churn_version) == (0.7, old.pk)
    row = FullScoring.row().get()
    assert row.requested > row.served


def test_a_version_that_was_pruned_cannot_come_back(make_version):
    with pytest.raises(ValueError, match="pruned"):
        roll_back(make_version("churn", kept=False))


def test_the_risk_before_is_the_last_one_of_an_earlier_day(make_version, answer, customer):
    version = make_version("churn", champion=True)
    for days_ago, risk in [(2, 0.2), (1, 0.5), (0, 0.6), (0, 0.8)]:
        before = answer(version, {customer: churn(risk)}, days_ago)
        bring_to_customers("churn", version.pk, [customer.pk])
        if days_ago == 1:
            yesterday = before
    score = score_of(customer)
    assert (score.churn_risk, score.churn_risk_before, score.churn_before_at) == (
        0.8,
        0.5,
        yesterday,
    )


def test_segments_remember_where_the_customer_came_from_and_since_when(
    make_version, answer, customer
):
    version = make_version("segments", champion=True)
    moments = []
    for days_ago, name in [(9, "loyal"), (6, "at_risk"), (3, "at_risk")]:
        moments.append(answer(version, {customer: segment(name)}, days_ago))
        bring_to_customers("segments", version.pk, None)
    score = score_of(customer)
    assert (score.segment, score.segment_before, score.segment_since) == (
        "at_risk",
        "loyal",
        moments[1],
    )
    assert (score.recency_band, score.cluster, score.segments_scored_at) == (3, 1, moments[2])


def test_recommendations_are_replaced_and_a_shorter_list_leaves_nothing_behind(
    make_version, answer, customer, products
):
    version = make_version("products", champion=True)
    answer(version, {customer: offers(*products)}, days_ago=1)
    bring_to_customers("products", version.pk, None)
    answer(version, {customer: offers(products[3], products[0], because=products[1].pk)})
    bring_to_customers("products", version.pk, None)
    rows = Recommendation.objects.filter(customer=customer).values_list(
        "rank", "product", "because", "facts", "version"
    )
    assert list(rows) == [
        (1, products[3].pk, products[1].pk, {"n": 1}, version.pk),
        (2, products[0].pk, products[1].pk, {"n": 2}, version.pk),
    ]


def test_a_product_that_is_gone_is_not_recommended(make_version, answer, customer, products):
    version = make_version("products")
    answer(version, {customer: offers(products[0], products[1], because=products[2].pk)})
    products[1].delete()
    products[2].delete()
    publish(version)
    assert [(r.product_id, r.because_id) for r in Recommendation.objects.all()] == [
        (products[0].pk, None)
    ]


@pytest.mark.parametrize("kind", ["churn", "segments", "products"])
def test_customers_without_an_answer_any_more_lose_their_scores(
    kind, make_version, answer, make_customer, products
):
    said = {"churn": churn(0.5), "segments": segment("loyal"), "products": offers(products[0])}[
        kind
    ]
    kept, dropped = make_customer("Kept"), make_customer("Dropped")
    version = make_version(kind, champion=True)
    answer(version, {kept: said, dropped: said}, days_ago=1)
    bring_to_customers(kind, version.pk, None)
    VersionScore.objects.filter(customer=dropped).delete()
    bring_to_customers(kind, version.pk, [kept.pk, dropped.pk])
    versions = {c: getattr(score_of(c), f"{kind}_version") for c in (kept, dropped)}
    assert versions == {kept: version.pk, dropped: None}
    assert score_of(dropped).churn_risk is None and score_of(dropped).segment == ""
    assert not Recommendation.objects.filter(customer=dropped).exists()
    assert not ScoreReasons.objects.filter(customer=dropped).exists()


def test_a_refresh_touches_only_its_scope(make_version, answer, make_customer):
    one, other = make_customer("One"), make_customer("Other")
    version = make_version("churn", champion=True)
    answer(version, {one: churn(0.5), other: churn(0.6)})
    bring_to_customers("churn", version.pk, [one.pk])
    assert set(CustomerScore.objects.values_list("pk", flat=True)) == {one.pk}
    bring_to_customers("churn", version.pk, range(other.pk, other.pk + 1))
    assert set(CustomerScore.objects.values_list("pk", flat=True)) == {one.pk, other.pk}


def test_an_answer_of_an_earlier_moment_never_replaces_a_later_one(make_version, answer, customer):
    version = make_version("churn")
    answer(version, {customer: churn(0.9)}, days_ago=0)
    answer(version, {customer: churn(0.1)}, days_ago=1)
    assert VersionScore.objects.get().values["risk"] == 0.9


def test_nothing_is_stored_about_those_who_refuse_or_are_archived(
    make_version, answer, make_customer
):
    version = make_version("churn")
    refuses = make_customer("Refuses", profiling_refused=True)
    archived = make_customer("Archived", archived_at=timezone.now())
    answer(version, {refuses: churn(0.5), archived: churn(0.5)})
    assert not VersionScore.objects.exists()


def test_the_first_word_of_a_day_stays_in_the_ledger(make_version, answer, customer):
    version = make_version("churn", champion=True)
    for days_ago, risk in [(1, 0.3), (0, 0.4), (0, 0.9)]:
        answer(version, {customer: churn(risk)}, days_ago)
        bring_to_customers("churn", version.pk, None)
    rows = PredictionLedger.objects.order_by("day").values_list("kind", "score", "version")
    assert list(rows) == [("churn", 0.3, version.pk), ("churn", 0.4, version.pk)]


def test_the_ledger_notes_a_segment_or_a_first_recommendation_when_it_changes(
    make_version, answer, customer, products
):
    names, lists = make_version("segments", champion=True), make_version("products", champion=True)
    for days_ago, name, offer in [(3, "loyal", 0), (2, "loyal", 0), (1, "at_risk", 1)]:
        answer(names, {customer: segment(name)}, days_ago)
        bring_to_customers("segments", names.pk, None)
        answer(lists, {customer: offers(products[offer])}, days_ago)
        bring_to_customers("products", lists.pk, None)
    notes = PredictionLedger.objects.order_by("kind", "day").values_list("kind", "label")
    assert list(notes) == [
        ("products", str(products[0].pk)),
        ("products", str(products[1].pk)),
        ("segments", "loyal"),
        ("segments", "at_risk"),
    ]


def test_whom_the_champion_before_knew_better_is_scored_again(make_version, answer, make_customer):
    old, new = make_version("churn"), make_version("churn")
    bought, silent = make_customer("Bought meanwhile"), make_customer("Silent")
    answer(old, {silent: churn(0.5), bought: churn(0.5)}, days_ago=2)
    publish(old)
    answer(new, {silent: churn(0.4), bought: churn(0.4)}, days_ago=1)
    came = make_customer("Came meanwhile")
    answer(old, {bought: churn(0.1), came: churn(0.3)}, days_ago=0.5)
    bring_to_customers("churn", old.pk, [bought.pk, came.pk])
    publish(new)
    assert set(StaleCustomer.objects.values_list("pk", flat=True)) == {bought.pk, came.pk}


def test_when_most_customers_were_known_better_everyone_is_scored(
    make_version, answer, make_customer, monkeypatch
):
    monkeypatch.setattr(publishing, "MOST_BEHIND", 2)
    people = [make_customer(f"Customer {i}") for i in range(3)]
    old, new = make_version("churn"), make_version("churn")
    publish(old)
    answer(new, {one: churn(0.4) for one in people}, days_ago=1)
    answer(old, {one: churn(0.1) for one in people})
    bring_to_customers("churn", old.pk, None)
    publish(new)
    row = FullScoring.row().get()
    assert row.requested > row.served and not StaleCustomer.objects.exists()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer")
@pytest.mark.django_db(transaction=True)
def test_an_order_is_recorded_while_scores_are_being_published(
    make_version, answer, customer, monkeypatch
):
    old, new = make_version("churn"), make_version("churn")
    answer(old, {customer: churn(0.1)})
    publish(old)
    answer(new, {customer: churn(0.4)}, days_ago=1)
    waited = []

    def somebody_orders():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '3s'")
        try:
            row = {"customer": customer.pk, "number": "1", "currency": "EUR", "amount": 5}
            body = row | {"occurred_at": timezone.now().isoformat()}
            assert api_of(customer.owner).post("/api/v1/orders/", body).status_code == 201
        except DatabaseError as error:
            waited.append(error)
        finally:
            connection.close()

    def nearly_done():
        thread = threading.Thread(target=somebody_orders)
        thread.start()
        thread.join()

    monkeypatch.setattr(publishing, "refresh_segment_totals", nearly_done)
    publish(new)
    assert waited == [] and Order.objects.filter(customer=customer).exists()
    assert StaleCustomer.objects.get().counter == 2  # the order, and the older score


def test_pruning_keeps_the_champion_two_before_it_and_one_challenger(
    make_version, answer, customer
):
    now = timezone.now()
    versions = [
        make_version("churn", published_at=now - datetime.timedelta(days=9 - i)) for i in range(4)
    ]
    losers = [make_version("churn"), make_version("churn")]
    other_kind = make_version("segments")
    ModelVersion.objects.filter(pk=versions[3].pk).update(is_champion=True)
    for version in [*versions, *losers]:
        answer(version, {customer: churn(0.5)})
        version.directory.mkdir(parents=True)
    prune("churn")
    kept = {versions[1].pk, versions[2].pk, versions[3].pk, losers[1].pk}
    of_kind = ModelVersion.objects.filter(kind="churn")
    assert set(of_kind.filter(kept=True).values_list("pk", flat=True)) == kept
    assert set(VersionScore.objects.values_list("version", flat=True)) == kept
    assert {v.pk for v in of_kind if v.directory.exists()} == kept
    assert ModelVersion.objects.get(pk=other_kind.pk).kept and of_kind.count() == 6


def test_sums_are_kept_per_team_segment_and_band(make_version, answer, make_customer, team, owner):
    risky = make_customer("Risky", owner=owner, team=team)
    safe = make_customer("Safe", owner=owner, team=team)
    alone = make_customer("Nobody's")
    owned = make_customer("Owned without a team", owner=owner)
    gone = make_customer("Archived", team=team)
    for value, one in [(100, risky), (50, safe), (7, alone), (3, owned), (1, gone)]:
        CustomerTotals.objects.filter(customer=one).update(value=Decimal(value))
    names, risks = make_version("segments", champion=True), make_version("churn", champion=True)
    answer(names, dict.fromkeys([risky, safe, alone, owned, gone], segment("loyal", band=4)))
    answer(risks, {risky: churn(0.8), safe: churn(0.2)})
    publish(names)
    publish(risks)
    Customer.objects.filter(pk=gone.pk).update(archived_at=timezone.now())
    refresh_segment_totals()
    rows = SegmentTotals.objects.order_by("-customers", "owned").values_list(
        "team", "owned", "segment", "recency_band", "customers", "value", "risk_sum", "risk_customers", "value_at_risk"
    )  # fmt: skip
    assert list(rows) == [
        (team.pk, True, "loyal", 4, 2, Decimal(150), 1.0, 2, Decimal(100)),
        (None, False, "loyal", 4, 1, Decimal(7), 0.0, 0, Decimal(0)),
        (None, True, "loyal", 4, 1, Decimal(3), 0.0, 0, Decimal(0)),
    ]


def test_sums_tell_the_behaviour_groups_apart(make_version, answer, make_customer, team):
    names = make_version("segments")
    of_group = {make_customer(f"C{i}", team=team): i % 2 for i in range(3)}
    answer(names, {one: segment("loyal") | {"cluster": group} for one, group in of_group.items()})
    publish(names)
    rows = SegmentTotals.objects.order_by("cluster").values_list("cluster", "customers")
    assert list(rows) == [(0, 2), (1, 1)]


def test_the_label_of_the_risk_follows_what_is_published_not_what_is_asked_of_the_next_training(
    make_version, answer, make_customer
):
    of_90, of_label = (
        make_version("churn", summary={"windows": {"form": form, "horizon_days": days}})
        for form, days in (("behaviour", 90), ("label", None))
    )
    for version in (of_90, of_label):
        answer(version, {make_customer(): churn(0.5)})
    Company.current()
    Company.objects.update(churn_horizon_days=30)
    assert Company.current().risk_days == 30  # nothing is published: what will be
    publish(of_90)
    Company.objects.update(churn_label_attribute="left", churn_label_value="yes")
    assert Company.current().risk_days == 90
    publish(of_label)
    Company.objects.update(churn_label_attribute="")
    assert Company.current().risk_days == 0
    roll_back(of_90)
    assert Company.current().risk_days == 90


@pytest.mark.django_db(transaction=True)
def test_two_that_add_up_side_by_side_leave_one_set_of_sums(make_version, answer, make_customer):
    version = make_version("segments")
    names = ["loyal", "lost", "new", "champions"]
    answer(version, {make_customer(f"Customer {i}"): segment(name) for i, name in enumerate(names)})
    publish(version)
    start, errors = threading.Barrier(4), []

    def add_up():
        try:
            start.wait()
            for _ in range(25):
                refresh_segment_totals()
        except DatabaseError as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=add_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sorted(SegmentTotals.objects.values_list("segment", flat=True)) == sorted(names)
