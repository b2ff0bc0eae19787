"""What cannot be used is told in the product's words, with what can be, in the reader's language."""

import pytest
from rest_framework.test import APIClient

from tests.tokens import api_of

CUSTOMERS = "/api/v1/customers/"


def messages(answer) -> dict[str, str]:
    assert answer.status_code == 400, answer.content
    return {one["field"]: one["message"] for one in answer.json()["error"]["fields"]}


@pytest.mark.parametrize(
    ("address", "body", "field", "said"),
    [
        (CUSTOMERS, {"kind": "alien"}, "kind", "“alien” is none of: person, organisation."),
        (CUSTOMERS, {"tags": ["vip"]}, "tags", "There is no tag of this name."),
        (CUSTOMERS, {"team": "North Pole"}, "team", "There is no team of this name."),
        (CUSTOMERS, {"owner": "nemo"}, "owner", "There is nobody of this user name."),
        (CUSTOMERS, [], "", "Send an object with named fields."),
        (CUSTOMERS, {"attributes": {"plan": 1}}, "attributes.plan", "There is no custom attribute of this name."),
        ("/api/v1/tasks/", {"assignee": "nemo"}, "assignee", "There is nobody of this user name."),
        ("/api/v1/interactions/", {"customer": 99}, "customer", "There is no customer with this id."),
        ("/api/v1/interactions/", {"customer": "x"}, "customer", "Give an id, or an object"),
        ("/api/v1/interactions/", {"product": "?"}, "product", "There is no product with this SKU."),
        ("/api/v1/interactions/", {"order": 99}, "order", "There is no order with this number."),
        ("/api/v1/interactions/", {"channel": "smoke"}, "channel", "“smoke” is none of: "),
        ("/api/v1/orders/", {"kind": "gift"}, "kind", "“gift” is none of: sale, return, cancellation."),
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_used_is_told(owner, address, body, field, said):
    found = messages(api_of(owner).post(address, body, format="json"))
    assert found[field].startswith(said), found


def test_parameters_of_lists_are_answered_alike(owner):
    found = messages(api_of(owner).get("/api/v1/orders/?kind=gift%25s"))
    assert found["kind"] == "“gift%s” is none of: sale, return, cancellation."
    found = messages(api_of(owner).get("/api/v1/scores/?segment=nobody"))
    assert found["segment"].startswith("“nobody” is none of: ")


def test_nobody_is_told_how_to_sign_in_and_a_lost_caller_where_the_addresses_stand(owner):
    answer = APIClient().get(CUSTOMERS)
    assert answer.status_code == 401 and answer["WWW-Authenticate"].startswith("Bearer")
    assert "Authorization: Bearer" in answer.json()["error"]["message"]
    answer = api_of(owner).get("/api/v1/customer/")
    assert answer.status_code == 404 and "/api/v1/docs/" in answer.json()["error"]["message"]


def test_in_chinese_too(owner):
    headers = {"Accept-Language": "zh-hans"}
    found = messages(api_of(owner).post(CUSTOMERS, {"kind": "alien"}, headers=headers))
    assert found["kind"] == "“alien”不在可选值之中：person, organisation。"
