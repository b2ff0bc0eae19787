"""Train, stop and roll back: by an admin's POST, with the outcome on rows and in a message."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from customers.models import CustomerScore
from insights.models import Kind, PublishRequest, TrainingRun
from insights.publishing import publish
from insights.republishing import republish
from tests.insights.conftest import churn
from tests.insights.told import churn_summary

HTMX = {"HTTP_HX_REQUEST": "true"}
Status = TrainingRun.Status


@pytest.fixture(autouse=True)
def sent(monkeypatch):
    """What would have been sent to the broker."""
    sent = []
    monkeypatch.setattr(
        "insights.requesting.wake", lambda task, *args: sent.append((task.name, args)) or True
    )
    return sent


@pytest.fixture
def as_admin(client, admin):
    client.force_login(admin)
    return client


def messages_of(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_train_puts_one_run_into_the_queue_and_shows_it_at_once(
    as_admin, admin, sent, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        response = as_admin.post(
            reverse("model-train", args=["churn"]), {"shown": "products"}, **HTMX
        )
    run = TrainingRun.objects.get()
    assert (run.kind, run.status, run.origin, run.requested_by) == (
        "churn",
        "queued",
        "button",
        admin,
    )
    assert sent == [("insights.tasks.run_training", (run.pk,))]
    page = response.content.decode()
    assert f'id="job-{run.pk}"' in page and "Waiting for the trainer" in page
    assert reverse("models-live", args=["products"]) in page  # the open details stay open
    assert "Churn risk: the training is queued." in page


def test_pressing_twice_trains_once(as_admin):
    for _ in range(2):
        as_admin.post(reverse("model-train", args=["churn"]), **HTMX)
    assert TrainingRun.objects.count() == 1


def test_without_scripts_the_same_button_leads_back_to_the_page(as_admin):
    response = as_admin.post(reverse("model-train", args=["segments"]))
    assert response["Location"] == reverse("model", args=["segments"])
    assert TrainingRun.objects.get().kind == "segments"


def test_train_all_asks_for_every_kind(as_admin):
    as_admin.post(reverse("models-train"), **HTMX)
    assert set(TrainingRun.objects.values_list("kind", flat=True)) == set(Kind.values)


def test_a_waiting_training_is_stopped_at_once_and_a_running_one_is_asked_to(as_admin):
    waiting = TrainingRun.objects.create(kind="churn", origin="button", status=Status.QUEUED)
    running = TrainingRun.objects.create(kind="products", origin="button", status=Status.RUNNING)
    for run in (waiting, running):
        as_admin.post(reverse("model-run-stop", args=[run.pk]), **HTMX)
        run.refresh_from_db()
    assert waiting.status == Status.STOPPED
    assert running.status == Status.RUNNING and running.stop_requested
    assert "Stopping …" in as_admin.get(reverse("models")).content.decode()


def test_rolling_back_asks_a_worker_and_the_page_follows_it_to_its_end(
    as_admin, admin, customer, make_version, answer, sent, django_capture_on_commit_callbacks
):
    old, new = make_version(summary=churn_summary()), make_version(summary=churn_summary())
    for version, risk in ((old, 0.2), (new, 0.9)):
        answer(version, {customer: churn(risk)})
        publish(version)
    with django_capture_on_commit_callbacks(execute=True):
        response = as_admin.post(reverse("model-roll-back", args=["churn", old.number]))
    assert response["Location"] == reverse("model", args=["churn"])
    assert messages_of(response) == ["Churn risk v1 becomes the champion in a moment."]
    request = PublishRequest.objects.get()
    assert (request.version, request.requested_by, request.status) == (old, admin, "queued")
    assert sent == [("insights.tasks.publish_version", (request.pk,))]
    assert CustomerScore.objects.get(customer=customer).churn_risk == 0.9  # not in the request

    live = reverse("models-live", args=["churn"])
    waiting = as_admin.get(live)
    assert (
        "Waiting for a worker" in waiting.content.decode()
        and "every 1s" in waiting.content.decode()
    )
    assert "Roll back to v1" not in as_admin.get(reverse("models")).content.decode()
    republish(request.pk)
    assert CustomerScore.objects.get(customer=customer).churn_risk == 0.2
    done = as_admin.get(live, {"stamp": waiting.context["stamp"]})
    assert "every 1s" not in done.content.decode() and "model-changed" in done["HX-Trigger"]
    assert "Churn risk v1: Became champion" in as_admin.get(reverse("models")).content.decode()


def test_a_version_whose_scores_are_gone_cannot_be_published_again(as_admin, make_version):
    gone = make_version(kept=False, published_at=timezone.now())
    make_version(champion=True)
    response = as_admin.post(reverse("model-roll-back", args=["churn", gone.number]))
    assert messages_of(response) == [
        "Churn risk v1 cannot be published again: its scores are no longer kept."
    ]
    assert not PublishRequest.objects.exists()
    page = as_admin.get(reverse("models")).content.decode()
    assert reverse("model-roll-back", args=["churn", gone.number]) not in page


@pytest.mark.parametrize("name, args", [
    ("models-train", []), ("model-train", ["churn"]), ("model-run-stop", [1]), ("model-roll-back", ["churn", 1]),
])  # fmt: skip
def test_nothing_happens_on_a_mere_get_or_by_a_manager(
    client, admin, manager, make_version, name, args
):
    TrainingRun.objects.create(pk=1, kind="products", origin="button", status=Status.QUEUED)
    make_version(summary=churn_summary())
    client.force_login(admin)
    assert client.get(reverse(name, args=args)).status_code == 405
    client.force_login(manager)
    assert client.post(reverse(name, args=args)).status_code == 403
    assert list(TrainingRun.objects.values_list("status", flat=True)) == ["queued"]


def test_the_admin_site_trains_again_what_its_rows_name(as_admin):
    done = [
        TrainingRun.objects.create(kind=kind, origin="schedule", status=Status.DONE)
        for kind in ("churn", "churn", "products")
    ]
    TrainingRun.objects.create(kind="churn", origin="schedule", status=Status.RUNNING)
    response = as_admin.post(
        reverse("admin:insights_trainingrun_changelist"),
        {"action": "retrain", "_selected_action": [run.pk for run in done]},
    )
    assert messages_of(response) == [
        "1 training is queued.",
        "Churn risk is being trained already, or waits for it; nothing was queued.",
    ]
    assert sorted(TrainingRun.objects.active().values_list("kind", flat=True)) == [
        "churn",
        "products",
    ]


def test_the_admin_site_shows_runs_and_versions_but_lets_nobody_edit_them(as_admin, make_version):
    run = TrainingRun.objects.create(kind="churn", origin="button", status=Status.DONE)
    version = make_version()
    for name, pk in (("trainingrun", run.pk), ("modelversion", version.pk)):
        assert as_admin.get(reverse(f"admin:insights_{name}_change", args=[pk])).status_code == 200
        assert (
            as_admin.post(reverse(f"admin:insights_{name}_change", args=[pk]), {}).status_code
            == 403
        )
        assert (
            as_admin.post(
                reverse(f"admin:insights_{name}_delete", args=[pk]), {"post": "yes"}
            ).status_code
            == 403
        )
