"""Feelings and concerns are learnt like everything else: from stars and corrections to what stands beside a message."""

import datetime

import pytest
from django.utils import timezone

from customers.correcting import correct
from customers.models import Customer, CustomerScore, Interaction, MessageReading
from insights.labelled_messages import labelled_messages
from insights.labels import enough_is_new
from insights.ml.voice import offers
from insights.models import (
    FullScoring,
    ModelVersion,
    PredictionLedger,
    Rereading,
    TrainingRun,
    VersionScore,
)
from insights.progress import outcome_sentence
from insights.publishing import roll_back
from insights.requesting import request_scheduled_training, request_training
from insights.running import take
from insights.scoring import champions, score_customers
from insights.training import retrain
from insights.voice_knowledge import RULES
from tests.insights.talking import read_all, reading_of, write_questions, write_reviews

pytestmark = pytest.mark.django_db
Outcome, Status = TrainingRun.Outcome, TrainingRun.Status


@pytest.fixture(autouse=True)
def one_learner(monkeypatch):
    """The fastest of them: what is asked here is what becomes of its answer."""
    monkeypatch.setattr(offers, "LINEAR", ("svm",))


def trained(kind="sentiment") -> TrainingRun:
    run = request_training(kind, "button", send=False)
    assert take(run.pk)
    retrain(run)
    run.refresh_from_db()
    return run


@pytest.mark.slow
def test_stars_teach_what_words_mean_and_every_message_is_read_anew(owner):
    messages = write_reviews()
    read_all()
    assert reading_of(messages[0]).version == RULES
    run = trained()
    assert (run.status, run.outcome, run.fraction) == (Status.DONE, Outcome.PUBLISHED, 1.0)
    version = ModelVersion.objects.get(kind="sentiment", is_champion=True)
    assert version.kept and version.directory.is_dir() and run.version == version
    assert [step["code"] for step in run.steps][:2] == ["load", "inputs"]
    assert "score" not in [step["code"] for step in run.steps]
    assert run.summary["learnt_from"]["stars"] == 240

    assert Rereading.under_way() and read_all() == 240
    assert set(MessageReading.objects.values_list("version", flat=True)) == {f"{RULES} sentiment-1"}
    right = sum(
        reading_of(one).label
        == {1: "negative", 2: "negative", 3: "neutral"}.get(one.rating, "positive")
        for one in messages
    )
    assert right > 0.9 * len(messages)
    assert read_all() == 0 and Rereading.under_way() is None


@pytest.mark.slow
def test_no_customer_is_scored_by_what_reads_messages(make_customer):
    write_reviews()
    trained()
    asked = FullScoring.row().get().requested
    assert champions() == []
    score_customers(None, timezone.now())
    assert not VersionScore.objects.exists() and not PredictionLedger.objects.exists()
    assert not CustomerScore.objects.exists()
    read_all()  # once, when the last message has been read
    assert FullScoring.row().get().requested == asked


@pytest.mark.slow
def test_a_correction_changes_what_the_next_model_reads_in_other_messages(owner):
    """The shop's customers say "gnarly" of what they like; the rules cannot know, and staff tell."""
    write_reviews(200)
    told, asked = [], []
    for number in range(40):
        whom = Customer.objects.create(name=f"Surfer {number}", owner=owner)
        text = f"gnarly, this {('lamp', 'kettle', 'mirror')[number % 3]} number {number}"
        at = timezone.now() - datetime.timedelta(days=40 - number)
        one = Interaction.objects.create(customer=whom, channel="email", text=text, occurred_at=at)
        (told if number < 30 else asked).append(one)
    trained()
    read_all()
    before = [reading_of(one).label for one in asked]
    assert before.count("positive") < len(asked)
    for one in told:
        assert correct(one, owner, label="positive")
    run = trained()
    assert run.outcome == Outcome.PUBLISHED and run.version.number == 2
    assert run.summary["learnt_from"]["people"] == 30
    read_all()
    assert [reading_of(one).label for one in asked] == ["positive"] * len(asked)
    assert {reading_of(one).version for one in asked} == {f"{RULES} sentiment-2"}


@pytest.mark.slow
def test_concerns_are_learnt_from_what_staff_set_right(owner):
    messages = write_questions()
    read_all()
    codes = {
        "money back": "refund",
        "退款": "refund",
        "refund": "refund",
        "thank": "praise",
        "谢谢": "praise",
    }
    codes |= {"happy": "praise", "clean": "wholesale", "清洗": "wholesale", "outdoors": "wholesale"}
    for one in messages:
        code = next((c for part, c in codes.items() if part in one.text), "late_delivery")
        correct(one, owner, intent=code)
    run = trained("intent")
    assert run.outcome == Outcome.PUBLISHED, run.summary
    assert run.summary["learnt_from"]["people"] == 120
    new = Interaction.objects.create(
        customer=messages[0].customer, channel="email", text="how do I clean the lamp?", occurred_at=timezone.now()
    )  # fmt: skip
    read_all()
    assert reading_of(new).intent == "wholesale"  # as this company's staff call it
    assert reading_of(new).version == f"{RULES} intent-1"


@pytest.mark.slow
def test_going_back_has_all_messages_read_by_the_version_before(owner):
    write_reviews(200)
    first = trained().version
    read_all()
    ModelVersion.objects.filter(pk=first.pk).update(summary={})  # nothing to be held against
    second = trained().version
    read_all()
    assert second.number == 2 and second.is_champion
    asked = FullScoring.row().get().requested
    roll_back(first)
    assert FullScoring.row().get().requested == asked  # only once the last message is read
    read_all()
    assert set(MessageReading.objects.values_list("version", flat=True)) == {f"{RULES} sentiment-1"}
    assert FullScoring.row().get().requested == asked + 1


@pytest.mark.slow
def test_what_is_not_better_than_the_rules_is_not_published():
    messages = write_reviews(200)
    for place, one in enumerate(messages):
        one.rating = (1, 3, 5)[place % 3]
        one.text = f"the {('lamp', 'kettle')[place % 2]} number {place // 7}"
    Interaction.objects.bulk_update(messages, ["rating", "text"])
    run = trained()
    assert run.outcome == Outcome.NOT_BETTER and run.summary["grade"] == "D"
    assert "Messages are read as before" in outcome_sentence(run)
    assert not ModelVersion.objects.exists() and Rereading.under_way() is None


def test_how_much_is_missing_is_said_in_plain_words(owner):
    assert "No message has stars or a correction yet. 100 are needed" in outcome_sentence(trained())
    messages = write_reviews(37)
    run = trained()
    assert run.outcome == Outcome.TOO_LITTLE_DATA
    assert outcome_sentence(run) == (
        "37 of the 100 messages that are needed have stars or a correction."
    )
    for one in messages[:3]:
        correct(one, owner, intent="refund")
    assert outcome_sentence(trained("intent")) == (
        "The concern of 3 of the 50 messages that are needed has been set right."
    )
    for one in write_questions(60):
        correct(one, owner, intent="refund")
    assert "Nearly all of them say “Refund”." in outcome_sentence(trained("intent"))


# ---- what is learnt from --------------------------------------------------------------------------------


def test_stars_and_corrections_of_customers_words_are_what_is_learnt_from(customer, owner):
    now = timezone.now()

    def say(text, days=1, **fields):
        at = now - datetime.timedelta(days=days)
        values = {"channel": "review", "customer": customer, "occurred_at": at} | fields
        return Interaction.objects.create(text=text, **values)

    say("rated", 3, rating=2)
    say("set right", 2)
    say("neither")
    say("tomorrow", -1, rating=5)
    say("ours", rating=5, direction="out")
    say("", rating=5)
    refused = Customer.objects.create(name="Refuses", profiling_refused=True)
    say("refused", customer=refused, rating=5)
    say("nobody knows whose", 9, customer=None, rating=4)
    correct(Interaction.objects.get(text="set right"), owner, label="positive")
    told = labelled_messages("sentiment", now)
    assert told["text"].tolist() == ["set right", "rated", "nobody knows whose"]
    assert told["label"].fillna("").tolist() == ["positive", "", ""]
    assert told["rating"].tolist()[1:] == [2, 4] and told["channel"].unique() == ["review"]
    assert told["labelled_at"].notna().tolist() == [True, False, False]
    assert labelled_messages("intent", now).empty
    correct(Interaction.objects.get(text="rated"), owner, intent="quality")
    told = labelled_messages("intent", now)
    assert (told["text"].tolist(), told["label"].tolist()) == (["rated"], ["quality"])
    assert told["rating"].isna().all()


def test_whoever_is_erased_is_gone_from_it(customer):
    Interaction.objects.create(
        customer=customer, channel="review", text="splendid", rating=5, occurred_at=timezone.now()
    )
    later = timezone.now() + datetime.timedelta(seconds=1)
    assert len(labelled_messages("sentiment", later)) == 1
    customer.delete()
    assert labelled_messages("sentiment", later).empty


def test_names_numbers_and_addresses_are_struck_out_of_it(make_customer, owner):
    whom = make_customer("Hyacinth Bouquet")
    owner.first_name, owner.last_name = "Onslow", "Walton"
    owner.save()
    Interaction.objects.create(
        customer=whom,
        channel="review",
        rating=1,
        subject="Order number A-20931",
        text="Onslow Walton never called back on +44 20 7946 0958. I live at 12 Rose Street. Hyacinth, hy@example.com",
        occurred_at=timezone.now() - datetime.timedelta(days=1),
    )
    [text] = labelled_messages("sentiment", timezone.now())["text"]
    for gone in ("20931", "Onslow", "Walton", "7946", "Rose", "Hyacinth", "example"):
        assert gone not in text
    assert text.split() == [
        "Order",
        "number",
        "never",
        "called",
        "back",
        "on",
        ".",
        "I",
        "live",
        "at",
        ".",
        ",",
    ]


def test_quoted_mail_is_not_learnt_from(make_customer):
    Interaction.objects.create(
        customer=make_customer(),
        channel="email",
        rating=5,
        text="All fine now.\n\nOn Mon, 3 Nov 2026 at 10:02, Ann <ann@example.com> wrote:\n> The lid is cracked!",
        occurred_at=timezone.now() - datetime.timedelta(days=1),
    )
    [text] = labelled_messages("sentiment", timezone.now())["text"]
    assert text.split() == ["All", "fine", "now."]


# ---- when -----------------------------------------------------------------------------------------------


def test_the_schedule_trains_only_what_could_learn_something_new(owner):
    now = timezone.now()
    assert request_scheduled_training("sentiment") is None  # nobody has said anything
    messages = write_reviews(60)
    run = request_scheduled_training("sentiment")
    assert run.origin == TrainingRun.Origin.SCHEDULE
    TrainingRun.objects.update(
        status=Status.DONE, started_at=now + datetime.timedelta(hours=1), ended_at=now
    )
    assert not enough_is_new("sentiment", timezone.now())
    TrainingRun.objects.update(started_at=timezone.now())
    for one in messages[:24]:
        correct(one, owner, label="neutral")
    assert not enough_is_new("sentiment", timezone.now())
    correct(messages[24], owner, label="neutral")
    assert enough_is_new("sentiment", timezone.now())
    large = {"learnt_from": {"stars": 9_000, "people": 1_000}}
    TrainingRun.objects.update(summary=large)
    assert not enough_is_new("sentiment", timezone.now())


def test_customers_are_learnt_from_on_schedule_whatever_was_said():
    assert request_scheduled_training("churn").origin == TrainingRun.Origin.SCHEDULE
