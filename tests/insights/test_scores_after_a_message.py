"""What a customer's scores are after a message is what a fresh scoring of everyone makes of them."""

import pytest
from django.utils import timezone

from customers.models import (
    CustomerScore,
    MessageReading,
    Outlook,
    Recommendation,
    ScoreReasons,
    User,
)
from insights.dataset import load_tables
from insights.ml.features import features
from insights.ml.tables import utc
from insights.models import StaleCustomer, VersionScore
from insights.reading import read_unread
from insights.refreshing import refresh_stale
from insights.scoring import score_customers
from tests.insights.test_scoring import published
from tests.tokens import api_of

pytestmark = pytest.mark.django_db
ANGRY = "The third time I write and nobody answers: terrible service, I am furious and will buy elsewhere."


@pytest.fixture
def shop(db, standing_shop):
    return standing_shop()


@pytest.fixture
def sent(monkeypatch):
    """Names of the tasks that were handed to the broker, in order."""
    from celery import Task

    names = []
    monkeypatch.setattr(Task, "apply_async", lambda self, *args, **kwargs: names.append(self.name))
    return names


@pytest.fixture
def post(db, sent, django_capture_on_commit_callbacks):
    api = api_of(User.objects.create_user("machine", password="a-long-password", role="admin"))

    def post(customer, text=ANGRY):
        talk = {"customer": customer.pk, "channel": "email", "direction": "in", "text": text}
        with django_capture_on_commit_callbacks(execute=True):
            answer = api.post(
                "/api/v1/interactions/", talk | {"occurred_at": timezone.now().isoformat()}
            )
        assert answer.status_code == 201, answer.data

    return post


def test_the_message_is_read_before_the_customer_is_scored(shop, post, sent):
    post(shop[0])
    assert sent.index("insights.tasks.read_messages") < sent.index("insights.tasks.score_stale")


def test_the_scores_after_a_message_are_those_of_a_fresh_scoring_of_everyone(
    real_champions, shop, post
):
    score_customers(None, timezone.now())
    scored = CustomerScore.objects.filter(churn_risk__range=(0.2, 0.8)).order_by("pk")
    writer = next(one for one in shop if one.pk == scored[0].pk)
    before, others = published(writer.pk), [one for one in shop[:20] if one != writer]
    untouched = [published(one.pk) for one in others]
    post(writer)
    read_unread()
    assert MessageReading.objects.get(customer=writer).label == "negative"
    assert refresh_stale() == 1 and not StaleCustomer.objects.exists()
    after = published(writer.pk)
    as_of = after[0]["churn_scored_at"]
    assert as_of > before[0]["churn_scored_at"]
    assert [published(one.pk) for one in others] == untouched

    # What is scored by has both: that there was a message, and what it said.
    frame = features(load_tables(as_of), [utc(as_of)], [writer.pk])
    assert frame["negative_90"].tolist() == [1]

    for model in (VersionScore, CustomerScore, Outlook, ScoreReasons, Recommendation):
        model.objects.all().delete()
    score_customers(None, as_of)
    assert figures(published(writer.pk)) == figures(after)


def figures(of_customer):
    """Without what is remembered of earlier scores."""
    score, *others = of_customer
    kept = {k: v for k, v in score.items() if "before" not in k and k != "segment_since"}
    return [kept, *others]
