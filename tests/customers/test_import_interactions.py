"""Messages come in with or without a customer and a time; the same message is stored once."""

from customers.models import Change, Interaction
from tests.customers.csvs import bring, verdicts

__all__ = ["bring"]

REVIEWS = {
    "source": "site",
    "columns": {"text": "review", "rating": "label"},
    "constants": {"channel": "review", "language": "zh"},
    "values": {"rating": {"1": "5", "0": "1"}},
}


def test_reviews_need_neither_customer_nor_time(bring):
    content = "label,review\n1,很好\n0,早餐太差\n1,很好\n"
    report = bring("interactions", content, REVIEWS)
    assert verdicts(report) == {"created": 2, "duplicate": 1, "total": 3}
    poor = Interaction.objects.get(rating=1)
    assert (poor.text, poor.channel, poor.customer, poor.occurred_at) == (
        "早餐太差",
        "review",
        None,
        None,
    )
    assert verdicts(bring("interactions", content, REVIEWS)) == {
        "unchanged": 2,
        "duplicate": 1,
        "total": 3,
    }


def test_a_message_with_an_id_is_updated(bring, owner):
    bring("customers", "id\nA\n", {"source": "desk", "columns": {"external_id": "id"}})
    mapping = {
        "source": "desk",
        "columns": {
            "external_id": "id",
            "customer": "who",
            "channel": "how",
            "author": "by",
            "text": "text",
            "occurred_at": "at",
        },
        "constants": {"direction": "out"},
    }
    head = "id,who,how,by,text,at\n"
    bring("interactions", head + "m1,A,email,owner,Hello,2026-01-05 10:00\n", mapping)
    message = Interaction.objects.get()
    assert message.customer.external_ids.get().external_id == "A"
    assert (message.author, message.direction) == (owner, "out")
    report = bring(
        "interactions", head + "m1,A,email,owner,Hello again,2026-01-05 10:00\n", mapping
    )
    assert verdicts(report) == {"updated": 1, "total": 1}
    assert Change.objects.get().previous == {"text": "Hello"}


def test_a_named_customer_who_is_unknown_rejects_the_row(bring):
    mapping = {
        "source": "desk",
        "columns": {"customer": "who", "channel": "how"},
    }
    report = bring("interactions", "who,how\nZ,call\n,call\n,telepathy\n", mapping)
    assert verdicts(report) == {"created": 1, "rejected": 2, "total": 3}
    assert {row["column"] for row in bring.rejected()} == {"who", "how"}
