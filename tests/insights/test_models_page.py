"""The models page says in plain words what each model is worth; managers read it, admins act."""

import datetime
import json
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from insights.models import TrainingRun
from tests.insights.told import churn_summary, segments_summary

Status, Outcome = TrainingRun.Status, TrainingRun.Outcome


@pytest.fixture
def make_run(db):
    def make(kind="churn", status=Status.DONE, **fields):
        return TrainingRun.objects.create(kind=kind, status=status, origin="button", **fields)

    return make


def text_of(response) -> str:
    assert response.status_code == 200
    words = re.sub(r"<script.*?</script>|<[^>]+>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", words)


def shown(client, user, kind="churn") -> str:
    client.force_login(user)
    return text_of(client.get(reverse("model", args=[kind])))


def test_each_model_stands_there_with_its_question(client, manager):
    page = shown(client, manager)
    for question in (
        "Who will not buy again in the next 90 days?",
        "Which customers behave alike?",
        "What will each customer buy next?",
    ):
        assert question in page
    assert page.count("Not trained yet") >= 3


def test_whether_more_customers_would_help_is_drawn_and_tabled(client, manager, make_version):
    points = [
        {"customers": n, "log_loss": loss, "interval": [loss - 0.011, loss + 0.011]}
        for n, loss in ((700, 0.431), (1400, 0.414))
    ]
    gain = {"log_loss": 0.017, "interval": [0.01, 0.02]}
    curve = {"learner": "logistic", "points": points, "gain": gain, "more": "helps"}
    make_version(champion=True, summary=churn_summary() | {"learning_curve": curve})
    page = shown(client, manager)
    assert "It is still getting better with more customers: from 700 to 1,400" in page
    assert "1,400 0.414 0.403–0.425" in page
    assert 'data-chart="learning"' in client.get(reverse("model", args=["churn"])).content.decode()


def test_too_few_customers_for_a_curve_are_told_so_in_its_place(client, manager, make_version):
    curve = {"learner": "logistic", "points": [], "customers": 160, "more": "too_few"}
    make_version(champion=True, summary=churn_summary() | {"learning_curve": curve})
    assert "Too few customers to tell: with half of the 160" in shown(client, manager)
    assert "learning" not in client.get(reverse("model", args=["churn"])).content.decode()


def test_the_verdict_comes_in_plain_words_with_what_chance_and_the_rule_would_find(
    client, manager, make_version
):
    make_version(champion=True, summary=churn_summary())
    page = shown(client, manager)
    assert (
        "Good. Of 100 customers in its top tenth, 64 really leave; chance would find 16, the plain rule 41."
        in page
    )
    assert "Tested on 2,104 customers, 1 Aug to 29 Oct: later than all it had learnt from." in page
    assert "0.850" in page and "likely between 0.830 and 0.870" in page
    assert "4.0 times what chance finds" in page


def test_the_candidates_stand_side_by_side_with_the_rule_and_the_page_is_honest_about_the_winner(
    client, manager, make_version
):
    make_version(champion=True, summary=churn_summary())
    client.force_login(manager)
    page = client.get(reverse("model", args=["churn"])).content.decode()
    rows = re.findall(
        r"<tr[^>]*>\s*<th scope=\"row\"><span class=\"c-medium\">.*?</tr>", page, re.S
    )
    assert [re.search(r"c-medium\">(.*?)<", row)[1] for row in rows] == [
        "Plain rule", "Logistic regression with splines", "Random forest",
    ]  # fmt: skip
    rule, chosen, best = rows
    assert "what must be beaten" in rule and "Chosen" not in rule
    assert "Chosen" in chosen
    assert (
        '<span class="c-strong">0.405</span>' in best
    )  # the best log loss is another's, and is marked
    assert "is not the best in Log loss, but less than one standard error away" in page


def test_a_model_that_is_no_better_than_the_rule_says_so(client, manager, make_run):
    make_run(outcome=Outcome.NOT_BETTER, summary=churn_summary(better=False, top=40, rule_top=41))
    page = shown(client, manager)
    assert "Not better than the rule." in page
    assert (
        "40 really leave, of the plain rule’s 41. That is no sure gain, so it is not used." in page
    )
    assert "No champion" in page
    assert "None of them beats the plain rule by more than chance could explain." in page


def test_too_little_data_says_how_much_is_missing(client, manager, make_run):
    make_run(
        outcome=Outcome.TOO_LITTLE_DATA,
        facts={"code": "history_too_short", "days_needed": 210, "days_have": 95},
    )
    page = shown(client, manager)
    assert "The orders reach back 95 days; 210 are needed" in page
    answer = client.get(reverse("model", args=["churn"]))
    assert '<h3 class="c-mt-8">Too little data</h3>' in answer.content.decode()


def test_a_champion_stays_beside_a_newest_training_that_changed_nothing(
    client, manager, make_version, make_run
):
    make_version(champion=True, summary=churn_summary())
    make_run(outcome=Outcome.NOT_BETTER_THAN_CHAMPION, summary=churn_summary())
    page = shown(client, manager)
    assert "Champion v1" in page
    assert "Clearly worse than the champion, which therefore stays." in page


def test_segments_speak_of_themselves(client, manager, make_version):
    make_version("segments", champion=True, summary=segments_summary())
    page = shown(client, manager, "segments")
    assert "alone explains 24% of the differences in what they spend in the next 90 days" in page
    assert "The eight names tell at least as much about what comes as the behaviour groups." in page


def test_the_next_training_comes_from_the_schedule(client, manager, first_schedule):
    page = shown(client, manager)
    assert page.count("03:00") == 1 and "By hand" not in page  # churn, Sundays at three
    PeriodicTask.objects.filter(args=json.dumps(["churn"])).update(enabled=False)
    assert "By hand" in shown(client, manager)


def test_admins_have_the_buttons_and_managers_do_not(client, admin, manager, make_version):
    make_version(champion=True, summary=churn_summary())
    make_version(summary=churn_summary(), published_at=timezone.now())
    for user, expected in ((admin, True), (manager, False)):
        client.force_login(user)
        page = client.get(reverse("models")).content.decode()
        for address in (
            reverse("models-train"),
            reverse("model-train", args=["churn"]),
            reverse("model-roll-back", args=["churn", 2]),
            reverse("admin:django_celery_beat_periodictask_changelist"),
        ):
            assert (address in page) == expected, (user, address)


def test_sales_staff_are_refused_and_an_unknown_model_is_not_found(client, owner, manager):
    client.force_login(owner)
    assert client.get(reverse("models")).status_code == 403
    client.force_login(manager)
    assert client.get(reverse("model", args=["weather"])).status_code == 404


def test_quality_over_time_keeps_winners_and_losers_apart(client, manager, make_run):
    make_run(outcome=Outcome.PUBLISHED, summary=churn_summary())
    make_run(outcome=Outcome.NOT_BETTER, summary=churn_summary(better=False))
    make_run(status=Status.FAILED)
    client.force_login(manager)
    page = client.get(reverse("models")).content.decode()
    data = json.loads(re.search(r'id="history-data"[^>]*>(.*?)</script>', page, re.S)[1])
    assert [(one["won"], one["value"], one["champion"]) for one in data["points"]] == [
        (True, 0.85, 0.85), (False, 0.71, 0.85),
    ]  # fmt: skip
    assert data["rule"] == 0.71


def test_the_log_of_a_failed_training_is_in_plain_words_and_keeps_the_error(
    client, manager, make_run
):
    run = make_run(
        status=Status.FAILED,
        facts={"code": "time_limit", "seconds": 3600},
        error="Traceback <b>boom</b>",
        steps=[
            {"code": "load", "at": "", "seconds": 2.5, "rows": 1200},
            {"code": "fit:ebm", "at": "", "seconds": None, "rows": 900},
        ],
        ended_at=timezone.now(),
    )
    client.force_login(manager)
    response = client.get(reverse("model-run", args=[run.pk]))
    page = text_of(response)
    assert "Took longer than the 60 minutes a training may take, and was ended." in page
    assert "Load the facts 1,200 2.5 s" in page
    assert "Fit the candidates: Explainable boosting machine" in page
    assert "Traceback &lt;b&gt;boom&lt;/b&gt;" in response.content.decode()


def test_the_cause_of_a_failure_stands_above_its_log(client, manager, make_run):
    error = "Traceback (most recent call last):\n  File x, line 3\nMemoryError: 3 GiB\n"
    run = make_run(status=Status.FAILED, error=error, ended_at=timezone.now())
    client.force_login(manager)
    page = text_of(client.get(reverse("model-run", args=[run.pk])))
    cause = "There was not enough memory. The last it said was: MemoryError: 3 GiB"
    assert page.index(cause) < page.index("Traceback (most recent call last)")


def test_a_page_that_watches_is_told_once_how_each_training_ended(client, manager, make_run):
    good = make_run(kind="segments", status=Status.DONE, outcome="published")
    bad = make_run(kind="churn", status=Status.FAILED, facts={"code": "killed"})
    still = make_run(kind="products", status=Status.RUNNING)
    client.force_login(manager)
    address = reverse("models-live", args=["products"])
    asked = {"runs": f"{good.pk},{bad.pk},{still.pk},x,{'9' * 30}", "stamp": "x"}
    response = client.get(address, asked, headers={"HX-Request": "true"})
    toasts = response.content.decode().partition('hx-target="#toasts"')[2]
    assert toasts.count('class="c-toast') == 2
    assert "Segments: Published: names and groups" in toasts
    assert 'c-toast-error" role="alert"' in toasts and "ended from outside" in toasts
    assert f"runs={still.pk}&" not in toasts and f"runs={still.pk}" in response.content.decode()
    again = client.get(address, {"runs": str(still.pk)}, headers={"HX-Request": "true"})
    assert "c-toast" not in again.content.decode()


def test_the_page_and_its_live_part_take_the_same_few_queries_however_much_has_been_trained(
    client, manager, make_version, make_run, django_assert_num_queries
):
    from customers.models import Company

    Company.current()
    client.force_login(manager)
    for trainings in (1, 6):
        for _ in range(trainings):
            version = make_version(champion=False, summary=churn_summary())
            make_run(
                outcome=Outcome.PUBLISHED,
                summary=churn_summary(),
                version=version,
                requested_by=manager,
            )
        client.get(reverse("models"))  # caches the company's time zone
        with django_assert_num_queries(12):
            client.get(reverse("models"))
        with django_assert_num_queries(10):
            client.get(reverse("models-live", args=["churn"]))


def test_a_calm_page_does_not_ask_again_and_a_working_one_does(client, manager, make_run):
    client.force_login(manager)
    address = reverse("models-live", args=["churn"])
    assert "every 1s" not in client.get(address).content.decode()
    make_run(status=Status.RUNNING, step="fit:forest", fraction=0.42, rows=9532)
    page = client.get(address).content.decode()
    assert "every 1s" in page and 'aria-valuenow="42"' in page


def test_the_page_is_told_when_a_training_has_changed_the_model(client, manager, make_run):
    client.force_login(manager)
    run = make_run(status=Status.RUNNING)
    address = reverse("models-live", args=["churn"])
    stamp = client.get(address).context["stamp"]
    assert "HX-Trigger" not in client.get(address, {"stamp": stamp})
    TrainingRun.objects.filter(pk=run.pk).update(status=Status.DONE, ended_at=timezone.now())
    told = json.loads(client.get(address, {"stamp": stamp})["HX-Trigger"])
    assert told == {"model-changed": {"target": "#detail"}}


def test_a_waiting_training_that_nobody_takes_up_says_that_the_trainer_is_not_answering(
    client, manager, make_run
):
    run = make_run(status=Status.QUEUED)
    assert "The trainer is not answering" not in shown(client, manager)
    TrainingRun.objects.filter(pk=run.pk).update(
        created_at=timezone.now() - datetime.timedelta(seconds=31)
    )
    assert "The trainer is not answering" in shown(client, manager)


def test_a_training_that_waits_behind_another_says_behind_which(client, manager, make_run):
    now, long_ago = timezone.now(), timezone.now() - datetime.timedelta(minutes=5)
    busy = make_run(kind="churn", status=Status.RUNNING, started_at=long_ago, heartbeat_at=now)
    waiting = make_run(kind="value", status=Status.QUEUED)
    TrainingRun.objects.filter(pk=waiting.pk).update(created_at=long_ago)
    page = shown(client, manager)
    assert "Waits, after Churn risk" in page and "The trainer is not answering" not in page
    TrainingRun.objects.filter(pk=busy.pk).update(heartbeat_at=long_ago)
    assert "The trainer is not answering" in shown(client, manager)
    TrainingRun.objects.filter(pk=busy.pk).update(status=Status.DONE, ended_at=now)
    assert "The trainer is not answering" not in shown(client, manager)


def test_a_training_without_a_sign_of_life_says_so(client, manager, make_run):
    now = timezone.now()
    run = make_run(status=Status.RUNNING, started_at=now, heartbeat_at=now)
    assert "No sign of life" not in shown(client, manager)
    TrainingRun.objects.filter(pk=run.pk).update(heartbeat_at=now - datetime.timedelta(seconds=40))
    assert "No sign of life" in shown(client, manager)
