"""What reads messages stands on the models page like every other model, in words that are about messages."""

import pytest
from django.urls import reverse
from django.utils import timezone

from customers.models import Interaction, MessageReading
from insights.models import Rereading, TrainingRun
from insights.rereading import request_rereading
from tests.customers.pages import ago
from tests.insights.test_api_training import client_of
from tests.insights.test_models_page import make_run, shown, text_of  # noqa: F401  (a fixture)
from tests.insights.told import intent_summary, sentiment_summary

Status, Outcome = TrainingRun.Status, TrainingRun.Outcome


def test_a_feeling_is_judged_in_plain_words_beside_the_rule(client, manager, make_version):
    make_version("sentiment", champion=True, summary=sentiment_summary())
    page = shown(client, manager, "sentiment")
    assert "How do customers feel when they write?" in page
    assert (
        "Of 100 messages it reads 87 as their stars or your staff say; the built-in rules read 74 so."
        in page
    )
    assert (
        "Tested on 412 messages, 1 Aug to 29 Oct: later than all it had learnt from, and of other customers."
        in page
    )
    assert "Macro-F1 0.810" in page and "likely between 0.790 and 0.830" in page
    assert "Support vector machine on word odds (NB-SVM)" in page and "with splines" not in page
    assert "customers leave" not in page and "as many leave" not in page


def test_it_says_whose_word_it_learnt_from_and_what_it_never_saw(client, manager, make_version):
    make_version("sentiment", champion=True, summary=sentiment_summary())
    page = shown(client, manager, "sentiment")
    assert "1,900 messages with stars and 141 set right by hand, of 1,204 customers." in page
    assert "What they say: Positive (70%), Negative (20%), Neutral (10%)." in page
    assert "Languages: English (73%), Chinese (27%)." in page
    assert "Names, addresses and numbers that lead to somebody were struck out" in page


def test_each_language_and_the_words_that_tell_are_there(client, manager, make_version):
    make_version("sentiment", champion=True, summary=sentiment_summary())
    page = shown(client, manager, "sentiment")
    assert "English 300 91.0% 88%–94% 0.840 76.0% 0.660" in page
    assert "Negative stale 太差" in page and "Positive wonderful" in page


def test_whether_more_messages_would_help_is_drawn_and_tabled(client, manager, make_version):
    points = [
        {"messages": n, "accuracy": share, "interval": [share - 0.02, share + 0.02]}
        for n, share in ((1_020, 0.85), (2_041, 0.87))
    ]
    curve = {"learner": "nbsvm", "points": points, "gain": {"accuracy": 0.02}, "more": "helps"}
    summary = sentiment_summary() | {"learning_curve": curve}
    make_version("sentiment", champion=True, summary=summary)
    page = shown(client, manager, "sentiment")
    assert "Would more messages help?" in page and "Measured with" not in page
    assert "with 1,020 it read 85.0% right, with 2,041 87.0%." in page
    assert "2,041 87.0% 85.0%–89.0%" in page
    chart = client.get(reverse("model", args=["sentiment"])).content.decode()
    assert 'data-chart="learning"' in chart and '"most": 100' in chart


def test_a_concern_says_how_sure_it_has_to_be(client, manager, make_version):
    make_version("intent", champion=True, summary=intent_summary())
    page = shown(client, manager, "intent")
    assert "What do customers want when they write?" in page
    assert (
        "It names a concern when it is at least 58% sure, and says “Something else” otherwise. When it was tested,"
        " it was sure enough of 77% of the messages, and right about 96% of those." in page
    )
    assert "141 messages whose concern was set right by hand" in page
    assert "Refund money" in page


def test_one_that_is_no_better_says_that_the_rules_go_on(client, manager, make_run):  # noqa: F811
    lost = sentiment_summary(better=False, right=74)
    make_run("sentiment", outcome=Outcome.NOT_BETTER, summary=lost)
    page = shown(client, manager, "sentiment")
    assert "That is no sure gain, so the rules go on reading." in page
    assert "Not better than the rule." in page and "No champion" in page
    never = intent_summary(better=False, answers_nothing=True)
    make_run("intent", outcome=Outcome.NOT_BETTER, summary=never)
    page = shown(client, manager, "intent")
    assert "never sure enough for 95 of 100 answers to be right" in page
    assert "It names a concern when" not in page


def test_too_little_data_says_how_far_off_it_is(client, manager, make_run):  # noqa: F811
    facts = {"code": "too_few_labels", "have": 37, "needed": 200}
    make_run("sentiment", outcome=Outcome.TOO_LITTLE_DATA, facts=facts)
    page = shown(client, manager, "sentiment")
    assert "37 of the 200 messages that are needed have stars or a correction." in page
    run = TrainingRun.objects.get()
    page = text_of(client.get(reverse("model-run", args=[run.pk])))
    assert "37 of the 200 messages that are needed" in page


def test_going_back_says_that_messages_are_read_anew(client, admin, make_version):
    make_version("sentiment", champion=True, summary=sentiment_summary())
    make_version("sentiment", summary=sentiment_summary(), published_at=timezone.now())
    page = shown(client, admin, "sentiment")
    assert "all others anew within minutes, the newest first" in page
    assert "replaces the present figures on every customer" not in page


def test_how_many_messages_have_been_read_anew_is_followed(client, manager, customer):
    page = shown(client, manager, "sentiment")
    assert "Reading messages anew" not in page
    messages = Interaction.objects.bulk_create(
        Interaction(customer=customer, channel="email", text="Late", occurred_at=ago(1))
        for _ in range(3)
    )
    MessageReading.objects.update(read_at=timezone.now(), language="en", version="rules-1")
    request_rereading()
    client.force_login(manager)
    assert "Waiting for the reader" in text_of(client.get(reverse("models")))
    Rereading.objects.update(total=98_000, handed_over=12_402)
    MessageReading.objects.filter(pk__in=[one.pk for one in messages[:2]]).update(read_at=None)
    answer = client.get(reverse("models-live", args=["sentiment"]))
    assert "12,400 of 98,000 messages read anew" in text_of(answer)
    assert "every 1s" in answer.content.decode()


def test_steps_and_candidates_of_a_training_speak_of_messages(client, manager, make_run):  # noqa: F811
    steps = [
        {"code": code, "at": "2026-05-01T00:00:00", "seconds": 1.0, "rows": 9}
        for code in ("load", "fit:svm")
    ]
    run = make_run("intent", status=Status.RUNNING, step="fit:svm", fraction=0.4, steps=steps)
    page = text_of(_run_page(client, manager, run))
    assert "Load the messages" in page and "Score everyone" not in page
    assert "Step 3 of 6, Support vector machine on words and letters" in page


def _run_page(client, user, run):
    client.force_login(user)
    return client.get(reverse("model-run", args=[run.pk]))


def test_the_schedule_is_followed_where_there_is_enough_new(client, manager, first_schedule):
    page = shown(client, manager, "sentiment")
    assert page.count("if enough is new") == 2


@pytest.mark.parametrize("kind", ["sentiment", "intent"])
def test_the_api_knows_the_kind(admin, kind):
    answer = client_of(admin).post("/api/v1/training-runs/", {"kind": kind})
    assert answer.status_code == 202 and answer.data["kind"] == kind
