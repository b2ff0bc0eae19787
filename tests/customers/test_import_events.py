"""Events come in for known customers only, and each of them once."""

from customers.models import Event, Product
from tests.customers.csvs import bring, verdicts

__all__ = ["bring"]

MAPPING = {
    "source": "web",
    "columns": {
        "customer": "visitor",
        "kind": "kind",
        "occurred_at": "at",
        "product": "sku",
        "seconds": "stay",
    },
}
VISITS = """visitor,kind,at,sku,stay
A,product_view,2026-02-01T10:00:00+08:00,K1,30
A,cart,2026-02-01T02:01:00Z,K1,
"""


def known(bring):
    bring("customers", "id\nA\n", {"source": "web", "columns": {"external_id": "id"}})
    Product.objects.create(sku="K1", name="Kettle")


def test_events_are_stored_once_however_often_they_come(bring):
    known(bring)
    assert verdicts(bring("events", VISITS, MAPPING)) == {"created": 2, "total": 2}
    view = Event.objects.get(kind="product_view")
    assert (view.product.sku, view.seconds, view.occurred_at.hour) == ("K1", 30, 2)
    twice = VISITS + VISITS.splitlines()[1] + "\n"
    assert verdicts(bring("events", twice, MAPPING)) == {"unchanged": 2, "duplicate": 1, "total": 3}
    assert Event.objects.count() == 2


def test_unknown_visitors_and_products_are_rejected(bring):
    known(bring)
    more = VISITS + "Z,page,2026-02-01,,\nA,page,2026-02-01,NOPE,\nA,page,2026-02-01,,-1\n"
    report = bring("events", more, MAPPING)
    assert verdicts(report) == {"created": 2, "rejected": 3, "total": 5}
    assert [(r["row"], r["column"]) for r in bring.rejected()] == [
        ("4", "visitor"),
        ("5", "sku"),
        ("6", "stay"),
    ]


def test_the_senders_key_decides_where_there_is_one(bring):
    known(bring)
    mapping = MAPPING | {"columns": {**MAPPING["columns"], "key": "id"}}
    content = "visitor,kind,at,sku,stay,id\nA,page,2026-02-01,,,e1\nA,page,2026-02-01,,,e2\n"
    assert verdicts(bring("events", content, mapping)) == {"created": 2, "total": 2}
    assert verdicts(bring("events", content, mapping)) == {"unchanged": 2, "total": 2}
