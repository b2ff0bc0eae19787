"""Publishing and rolling back by API: asked for with a 202, followed under the address it names."""

import pytest
from rest_framework.test import APIClient

from customers.models import CustomerScore
from insights.models import PublishRequest
from insights.publishing import publish
from insights.republishing import republish
from tests.insights.conftest import churn
from tests.insights.told import churn_summary

VERSIONS = "/api/v1/model-versions/"


@pytest.fixture(autouse=True)
def sent(monkeypatch):
    """What would have been sent to the broker."""
    sent = []
    monkeypatch.setattr(
        "insights.requesting.wake", lambda task, *args: sent.append((task.name, args)) or True
    )
    return sent


def client_of(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.fixture
def versions(make_version, answer, customer):
    """Two that were published one after the other, and one that never was."""
    made = [make_version(summary=churn_summary()) for _ in range(3)]
    for version, risk in zip(made, (0.2, 0.9, 0.5), strict=True):
        answer(version, {customer: churn(risk)})
    publish(made[0])
    publish(made[1])
    return made


@pytest.mark.parametrize("way", ["publish", "roll-back"])
def test_a_version_is_asked_for_and_followed_to_its_end(admin, versions, customer, way):
    api = client_of(admin)
    if way == "publish":
        answer = api.post(f"{VERSIONS}{versions[0].pk}/publish/")
    else:
        answer = api.post(f"{VERSIONS}roll-back/", {"kind": "churn"})
    assert answer.status_code == 202, answer.data
    assert answer.data["version"] == versions[0].pk and answer.data["status"] == "queued"
    assert (answer.data["origin"], answer.data["requested_by"]) == ("api", "admin")
    assert CustomerScore.objects.get(pk=customer.pk).churn_risk == 0.9
    republish(answer.data["id"])
    assert api.get(answer["Location"]).data["status"] == "done"
    assert CustomerScore.objects.get(pk=customer.pk).churn_risk == 0.2


def test_it_goes_back_to_what_was_published_before_also_to_a_higher_number(admin, versions):
    publish(versions[0])  # by hand, an older one
    answer = client_of(admin).post(f"{VERSIONS}roll-back/", {"kind": "churn"})
    assert (answer.status_code, answer.data.get("version")) == (202, versions[1].pk)


def test_asking_again_gets_the_same_request(admin, versions):
    first, second = (
        client_of(admin).post(f"{VERSIONS}{versions[2].pk}/publish/") for _ in range(2)
    )
    assert first.data["id"] == second.data["id"] and PublishRequest.objects.count() == 1


@pytest.mark.parametrize(("number", "code"), [(1, "already_champion"), (2, "pruned"), (0, "busy")])
def test_what_cannot_be_published_is_a_conflict_that_says_why(admin, versions, number, code):
    if code == "pruned":
        type(versions[2]).objects.filter(pk=versions[2].pk).update(kept=False)
    if code == "busy":
        client_of(admin).post(f"{VERSIONS}{versions[2].pk}/publish/")
    answer = client_of(admin).post(f"{VERSIONS}{versions[number].pk}/publish/")
    assert (answer.status_code, answer.data["error"]["code"]) == (409, code)


def test_without_an_earlier_version_there_is_nothing_to_go_back_to(admin, make_version):
    make_version(champion=True)
    answer = client_of(admin).post(f"{VERSIONS}roll-back/", {"kind": "churn"})
    assert answer.status_code == 404


def test_managers_read_and_only_admins_publish(owner, manager, versions):
    for user, read in ((owner, 403), (manager, 200)):
        api = client_of(user)
        assert api.get("/api/v1/publish-requests/").status_code == read
        assert api.post(f"{VERSIONS}{versions[0].pk}/publish/").status_code == 403
        assert api.post(f"{VERSIONS}roll-back/", {"kind": "churn"}).status_code == 403
    assert not PublishRequest.objects.exists()


def test_a_version_tells_its_grade_its_winner_and_what_it_was_compared_with(manager, versions):
    one = client_of(manager).get(f"{VERSIONS}{versions[0].pk}/").data
    assert (one["grade"], one["winner"], one["metrics"]["roc_auc"]) == ("B", "logistic", 0.85)
    told = [(c["name"], c["baseline"], c["metrics"]["roc_auc"]) for c in one["candidates"]]
    assert told == [("rule", True, 0.71), ("logistic", False, 0.85), ("forest", False, 0.86)]


def test_a_version_without_a_summary_is_shown_all_the_same(manager, make_version):
    one = client_of(manager).get(f"{VERSIONS}{make_version().pk}/").data
    assert (one["grade"], one["winner"], one["metrics"], one["candidates"]) == ("", "", {}, [])
