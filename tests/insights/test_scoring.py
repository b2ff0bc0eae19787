"""Champions score one customer, some or all: always the same answer, and only for whom it is meant."""

import datetime
from types import SimpleNamespace

import pytest
from django.utils import timezone

from customers.models import Customer, CustomerScore, Outlook, Recommendation, ScoreReasons
from insights import scoring
from insights.models import FullScoring, ModelVersion, SegmentTotals, VersionScore
from insights.publishing import refresh_segment_totals
from insights.scoring import chunks, parts, score_customers

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db, standing_shop):
    return standing_shop()


def published(customer_id):
    score = CustomerScore.objects.filter(pk=customer_id).values().first()
    reasons = ScoreReasons.objects.filter(pk=customer_id).values_list("churn", flat=True).first()
    offers = Recommendation.objects.filter(customer=customer_id).order_by("rank")
    return (
        score,
        Outlook.objects.filter(pk=customer_id).values().first(),
        reasons,
        list(offers.values("rank", "product", "score", "why", "because", "facts")),
    )


@pytest.mark.slow
def test_the_score_of_one_is_the_row_of_the_score_of_all(real_champions, shop):
    now = timezone.now()
    assert score_customers(None, now) == len(shop)
    of_all = {one.pk: published(one.pk) for one in shop[:12]}
    for model in (VersionScore, CustomerScore, Outlook, ScoreReasons, Recommendation):
        model.objects.all().delete()
    for one in shop[:12]:
        score_customers([one.pk], now)
        assert published(one.pk) == of_all[one.pk]
    for figure in ("churn_risk", "expected_value"):
        assert CustomerScore.objects.filter(**{f"{figure}__isnull": False}).count() > 5


@pytest.mark.slow
def test_chunks_of_any_size_give_the_same_scores(real_champions, shop, monkeypatch):
    now = timezone.now()
    score_customers(None, now)
    before = [published(one.pk) for one in shop]
    CustomerScore.objects.all().delete()
    monkeypatch.setattr(scoring, "READ_CHUNK", 50)
    monkeypatch.setattr(scoring, "WRITE_CHUNK", 7)
    score_customers(None, now)
    assert [published(one.pk) for one in shop] == before


def test_scores_land_where_pages_read_them(real_champions, shop):
    now = timezone.now()
    score_customers(None, now)
    score = CustomerScore.objects.filter(churn_risk__isnull=False).first()
    why = ScoreReasons.objects.get(pk=score.pk).churn
    total = why["base"] * 100 + sum(reason["points"] for reason in why["reasons"])
    assert total == pytest.approx(score.churn_risk * 100, abs=1e-6)
    assert score.churn_scored_at == now
    assert score.segment and 1 <= score.recency_band <= 5
    assert score.churn_version == real_champions[0].pk
    ranks = Recommendation.objects.filter(customer=score.pk).values_list("rank", flat=True)
    assert list(ranks) == list(range(1, len(ranks) + 1)) and len(ranks) > 0


def test_who_refuses_or_is_archived_is_not_scored_and_loses_what_there_was(real_champions, shop):
    score_customers(None, timezone.now())
    refuses, leaves, stays = shop[:3]
    Customer.objects.filter(pk=refuses.pk).update(profiling_refused=True)
    Customer.objects.filter(pk=leaves.pk).update(archived_at=timezone.now())
    score_customers([refuses.pk, leaves.pk, stays.pk], timezone.now())
    for one in (refuses, leaves):
        score, outlook, reasons, offers = published(one.pk)
        assert score["churn_risk"] is None and score["segment"] == "" and not reasons and not offers
        assert score["expected_value"] is None and outlook is None
        assert not VersionScore.objects.filter(customer=one).exists()
    assert all(published(stays.pk))


def test_a_model_whose_files_were_altered_is_not_used_but_the_others_are(real_champions, shop):
    churn = real_champions[0]
    (churn.directory / "model.json").write_text("{}")
    scoring._loaded.clear()
    score_customers([shop[0].pk], timezone.now())
    assert not VersionScore.objects.filter(version=churn).exists()
    assert Recommendation.objects.filter(customer=shop[0]).exists()


def test_scores_of_a_version_that_was_replaced_meanwhile_are_not_published(
    real_champions, shop, monkeypatch
):
    new = ModelVersion(kind="churn", number=2, as_of=timezone.now(), checksum="-")
    new.save()
    answers_of = scoring.answers_of

    def replaced_meanwhile(version, tables, as_of):
        if version.kind == "churn":
            ModelVersion.objects.filter(pk=version.pk).update(is_champion=False)
            ModelVersion.objects.filter(pk=new.pk).update(is_champion=True)
        return answers_of(version, tables, as_of)

    monkeypatch.setattr(scoring, "answers_of", replaced_meanwhile)
    with pytest.raises(scoring.Superseded):
        score_customers([shop[0].pk], timezone.now())
    assert not CustomerScore.objects.filter(churn_risk__isnull=False).exists()


def test_answers_as_of_a_moment_still_to_come_are_not_written(real_champions, shop, monkeypatch):
    """The clock was put back while they were made: what others have written since knows more."""
    one, began = shop[0], timezone.now()
    answers_of = scoring.answers_of

    def clock_put_back_meanwhile(version, tables, as_of):
        earlier = began - datetime.timedelta(hours=1)
        monkeypatch.setattr(scoring, "timezone", SimpleNamespace(now=lambda: earlier))
        return answers_of(version, tables, as_of)

    monkeypatch.setattr(scoring, "answers_of", clock_put_back_meanwhile)
    with pytest.raises(scoring.Superseded):
        score_customers([one.pk], began)
    assert not VersionScore.objects.filter(customer=one).exists()


def test_without_champions_nothing_happens(shop):
    assert score_customers(None, timezone.now()) == 0
    assert not CustomerScore.objects.exists()


def test_scoring_asks_for_new_sums_on_the_dashboards(real_champions, shop):
    score_customers(None, timezone.now())
    assert FullScoring.row().get().totals_outdated
    refresh_segment_totals()
    assert not FullScoring.row().get().totals_outdated
    named = CustomerScore.objects.exclude(segment="").count()
    assert sum(SegmentTotals.objects.values_list("customers", flat=True)) == named > 100


def test_an_earlier_moment_never_overwrites_a_later_one(real_champions, shop):
    now = timezone.now()
    score_customers([shop[0].pk], now)
    score_customers([shop[0].pk], now - datetime.timedelta(days=40))
    assert CustomerScore.objects.get(pk=shop[0].pk).churn_scored_at == now


def test_key_ranges_cover_every_customer_once(make_customer, monkeypatch):
    ids = [make_customer(f"Customer {i}").pk for i in range(11)]
    Customer.objects.filter(pk=ids[4]).delete()
    monkeypatch.setattr(scoring, "READ_CHUNK", 3)
    ranges = list(chunks(None))
    assert all(a.stop == b.start for a, b in zip(ranges, ranges[1:], strict=False))
    assert all(sum(pk in keys for keys in ranges) == 1 for pk in ids)


def test_parts_cover_the_keys_without_an_answer_too(monkeypatch):
    monkeypatch.setattr(scoring, "WRITE_CHUNK", 2)
    answers = {i: {} for i in (3, 5, 8, 11, 12)}
    ranges = list(parts(range(0, 20), answers))
    assert [list(some) for _keys, some in ranges] == [[3, 5], [8, 11], [12]]
    assert [i for keys, _some in ranges for i in keys] == list(range(20))
    assert list(parts(range(0, 4), {})) == [(range(0, 4), {})]
    assert list(parts([1, 2, 3], {2: {}})) == [([1, 2], {2: {}}), ([3], {})]
