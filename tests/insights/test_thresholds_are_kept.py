"""A training of segments goes on where the champion stands, and the models page says so."""

import pytest
from django.urls import reverse

from customers.models import CustomerScore, Segment
from insights.models import ModelVersion, TrainingRun
from insights.requesting import request_training
from insights.training import followed_by
from tests.insights.told import segments_summary

pytestmark = pytest.mark.django_db
KEPT = {"kept": True, "why": "", "as_of": "2026-09-01T00:00:00", "facts": {}}


def test_a_training_is_handed_the_champion_and_every_number_that_was_given(
    real_champions, make_version
):
    make_version("segments", summary=segments_summary())
    handed = followed_by(TrainingRun(kind="segments", anew=True))
    assert handed["before"].kind == "segments" and handed["anew"]
    assert handed["last_number"] == 1 and handed["currency"] == "EUR"


def test_where_the_champions_files_are_gone_a_training_begins_anew(make_version):
    make_version("segments", champion=True, summary=segments_summary())
    assert followed_by(TrainingRun(kind="segments"))["before"] is None


def test_an_admin_asks_for_new_thresholds(client, admin):
    client.force_login(admin)
    client.post(reverse("model-train", args=["segments"]), {"anew": "yes"})
    assert TrainingRun.objects.get().anew


def test_the_wish_for_new_thresholds_reaches_a_training_that_waits_already():
    run = request_training("segments", send=False)
    request_training("segments", send=False, anew=True)
    run.refresh_from_db()
    assert run.anew


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (KEPT, "They were learnt on 1 Sep"),
        (KEPT | {"kept": False, "why": "asked"}, "because an admin asked for it"),
        (
            KEPT
            | {
                "kept": False,
                "why": "drifted",
                "facts": {"measure": "recency", "band": 1, "then": 0.2, "now": 0.55},
            },
            "band 1 held 55% instead of 20%",
        ),
    ],
)
def test_the_models_page_says_since_when_they_stand_and_why(
    client, admin, make_version, told, words
):
    make_version("segments", champion=True, summary=segments_summary(thresholds=told))
    client.force_login(admin)
    page = client.get(reverse("model", args=["segments"])).content.decode()
    assert words in page and "Train with new thresholds" in page


def test_managers_read_it_and_admins_alone_draw_them_anew(client, manager, make_version):
    make_version("segments", champion=True, summary=segments_summary(thresholds=KEPT))
    client.force_login(manager)
    page = client.get(reverse("model", args=["segments"])).content.decode()
    assert "Taken over from the version before" in page
    assert "Train with new thresholds" not in page


@pytest.mark.slow
def test_a_second_training_keeps_every_name_when_nothing_has_happened(shop):
    from insights.running import take
    from insights.training import retrain

    def named():
        run = request_training("segments", send=False)
        assert take(run.pk)
        retrain(run)
        return dict(CustomerScore.objects.values_list("customer", "segment"))

    first, second = named(), named()
    assert first == second and set(first.values()) <= set(Segment.values)
    assert ModelVersion.objects.get(kind="segments", is_champion=True).summary["thresholds"]["kept"]
