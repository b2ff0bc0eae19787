"""What the data is like stands on the pages in plain words, and an admin has the last word on a suspicious column."""

import pytest
from django.urls import reverse

from customers.models import ChangeSet, Company, CustomAttribute
from insights.data_checks import TOPICS
from insights.ml.features import FAMILIES
from insights.models import TrainingRun
from insights.training import params_for
from tests.insights.told import churn_summary

CHECKS = {
    "customers": 4338, "orders": 18532, "months": 8, "since": "2026-01-05T00:00:00", "until": "2026-09-09T00:00:00",
    "learnt_from": 4000, "columns": 52, "missing_share": 0.071, "sparse": [{"code": "ratings", "share": 0.91}],
    "silent": ["browsing", "attribute:size"], "identities": ["attribute:mail"],
    "leaks": [{"column": "attribute:why", "auc": 0.991, "used": False}],
}  # fmt: skip


@pytest.fixture
def trained(make_version):
    CustomAttribute.objects.create(name="why", label="Why they left", type="text")
    return make_version(champion=True, summary=churn_summary() | {"checks": CHECKS})


def page_of(client, user):
    client.force_login(user)
    return client.get(reverse("model", args=["churn"])).content.decode()


def confirm(client, user, use="yes", column="attribute:why"):
    client.force_login(user)
    return client.post(reverse("model-column"), {"column": column, "use": use})


def test_every_topic_has_a_name():
    assert set(TOPICS) == set(FAMILIES)


def test_the_data_is_described_in_plain_words(client, manager, trained):
    page = page_of(client, manager)
    assert "18,532 orders of 4,338 customers, 5 Jan to 9 Sep: 8 months." in page
    assert "Less than a year of orders" in page
    assert "52 figures of each customer are learnt from; 7% of all entries are unknown." in page
    assert "Unknown of most customers: ratings (91%)." in page
    assert "The same for everybody, and so of no use here: visits to the shop, size." in page
    assert "Left out, because almost every customer has another value: mail." in page
    assert "“Why they left” alone tells who leaves almost without error (ROC-AUC 0.991)." in page
    assert "It is known before" not in page  # a manager reads


def test_too_little_data_is_described_on_the_page_and_in_the_log(client, manager, db):
    facts = {"code": "too_few_customers", "have": 40, "needed": 100,
             "data": {"customers": 40, "orders": 0, "months": 0}}  # fmt: skip
    run = TrainingRun.objects.create(
        kind="churn", origin="button", status="done", outcome="too_little_data", facts=facts
    )
    assert "There are no orders yet." in page_of(client, manager)
    log = client.get(reverse("model-run", args=[run.pk])).content.decode()
    assert "There are no orders yet." in log


def test_an_admin_says_that_a_column_is_known_before_and_it_is_learnt_from(client, admin, trained):
    assert "It is known before: use it and train again" in page_of(client, admin)
    assert confirm(client, admin).status_code == 302
    assert params_for("churn")["confirmed"] == ["attribute:why"]
    assert TrainingRun.objects.filter(kind="churn", status="queued").exists()
    assert ChangeSet.objects.get().changes.get().previous == {"churn_confirmed_columns": []}
    assert "It was left out; the next training uses it." in page_of(client, admin)
    confirm(client, admin, use="no")
    assert "confirmed" not in params_for("churn")


def test_only_a_column_that_was_found_can_be_confirmed(client, admin, trained):
    confirm(client, admin, column="attribute:else")
    assert Company.current().churn_confirmed_columns == []
    assert not ChangeSet.objects.exists()


def test_who_is_no_admin_confirms_nothing(client, manager, trained):
    assert confirm(client, manager).status_code == 403
    assert Company.current().churn_confirmed_columns == []
