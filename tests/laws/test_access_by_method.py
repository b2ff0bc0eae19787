"""Every API route × method × role × own, team-mate's and stranger's record, and × scope of a token.

A method without a rule must not be there; one with a rule is open to those of the rule and to nobody else, asked by
every role about every way in which a record may stand to it.
"""

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from customers.models import ApiToken
from tests.laws.test_access import (
    ADMINS,
    ALLOWED_ROLES,
    EVERYONE,
    MANAGERS,
    OPEN,
    OWN_OR_ADMIN,
    ROUTES,
    RULES,
    TEAMMATES,
    THEIRS,
    may_see,
    relations_of,
)
from tests.tokens import bearer

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
FACTS, WRITE, TRAIN = {"ingest", "write"}, {"write"}, {"train"}

# Route -> method -> (who, which scopes of a token are enough). Reading stands in RULES.
WRITES: dict[str, dict[str, tuple[str, set[str]]]] = {
    "api-customer-list": {"POST": (EVERYONE, WRITE)},
    "api-customer-detail": {"PATCH": (THEIRS, WRITE), "DELETE": (ADMINS, WRITE)},
    "api-customer-archive": {"POST": (THEIRS, WRITE)},
    "api-customer-restore": {"POST": (THEIRS, WRITE)},
    "api-customer-erase": {"POST": (ADMINS, WRITE)},
    "api-product-archive": {"POST": (MANAGERS, WRITE)},
    "api-product-restore": {"POST": (MANAGERS, WRITE)},
    "api-attribute-list": {"POST": (ADMINS, WRITE)},
    "api-attribute-detail": {"PATCH": (ADMINS, WRITE)},
    "api-tag-list": {"POST": (EVERYONE, WRITE)},
    "api-exchange-rate-list": {"POST": (ADMINS, WRITE)},
    "api-exchange-rate-detail": {"PATCH": (ADMINS, WRITE), "DELETE": (ADMINS, WRITE)},
    "api-personal-token-revoke": {"POST": (OWN_OR_ADMIN, WRITE)},
    "api-customer-bulk": {"POST": (EVERYONE, WRITE)},
    "api-customer-keyed": {"PUT": (THEIRS, WRITE)},
    "api-product-list": {"POST": (MANAGERS, WRITE)},
    "api-product-detail": {"PATCH": (MANAGERS, WRITE), "DELETE": (ADMINS, WRITE)},
    "api-product-bulk": {"POST": (MANAGERS, WRITE)},
    "api-product-keyed": {"PUT": (MANAGERS, WRITE)},
    "api-order-list": {"POST": (EVERYONE, FACTS)},
    "api-order-bulk": {"POST": (EVERYONE, FACTS)},
    "api-order-keyed": {"PUT": (THEIRS, WRITE)},
    "api-interaction-list": {"POST": (EVERYONE, FACTS)},
    "api-interaction-detail": {"PATCH": (THEIRS, WRITE)},
    "api-interaction-correction": {"POST": (THEIRS, WRITE)},
    "api-interaction-assignment": {"POST": (THEIRS, WRITE)},
    "api-interaction-bulk": {"POST": (EVERYONE, FACTS)},
    "api-interaction-keyed": {"PUT": (THEIRS, WRITE)},
    "api-task-list": {"POST": (EVERYONE, WRITE)},
    "api-task-detail": {"PATCH": (THEIRS, WRITE)},
    "api-task-completion": {"POST": (THEIRS, WRITE)},
    "api-event-list": {"POST": (EVERYONE, FACTS)},
    "api-analysis-list": {"POST": (EVERYONE, {"read"})},
    "api-topic-detail": {"PATCH": (MANAGERS, WRITE)},
    "api-group-detail": {"PATCH": (MANAGERS, WRITE)},
    "api-training-run-list": {"POST": (ADMINS, TRAIN)},
    "api-training-run-stop": {"POST": (ADMINS, TRAIN)},
    "api-model-version-publish": {"POST": (ADMINS, TRAIN)},
    "api-model-version-roll-back": {"POST": (ADMINS, TRAIN)},
}
# Not read by GET.
WRITE_ONLY = {
    "api-customer-bulk", "api-product-bulk", "api-order-bulk", "api-interaction-bulk", "api-training-run-stop",
    "api-interaction-correction", "api-interaction-assignment", "api-customer-archive", "api-customer-restore",
    "api-customer-erase",
    "api-product-archive", "api-product-restore", "api-personal-token-revoke", "api-task-completion",
    "api-model-version-publish", "api-model-version-roll-back", "api-token",
    "api-analysis-list",
}  # fmt: skip
API = [r for r in ROUTES if r.name.startswith("api-") and r.name != "api-token"]


def rule_of(name: str, method: str) -> tuple[str, set[str]] | None:
    """Who may, and with which scopes; None where there is no such method."""
    if method != "GET":
        return WRITES.get(name, {}).get(method)
    if name in WRITE_ONLY:
        return None
    # The description of the API tells of nobody: any token may read it.
    scopes = set(ApiToken.Scope.values) if name == "api-schema" else {"read"}
    return RULES[name][0], scopes


def body_of(name: str, of_viewer: dict) -> dict:
    """What a keyed record is replaced by: something about a customer the sender may see."""
    fact = {"customer": of_viewer["customer"], "occurred_at": "2026-05-01T10:00:00Z"}
    return {
        "api-order-keyed": {**fact, "currency": "EUR", "amount": "5.00"},
        "api-interaction-keyed": {**fact, "channel": "note", "text": "x"},
    }.get(name, {})


def ask(client, route, method: str, named: dict, of_viewer: dict) -> int:
    what = RULES[route.name][1]
    address = reverse(route.name, kwargs=dict.fromkeys(route.parameters, named.get(what)))
    body = body_of(route.name, of_viewer)
    send = {} if method == "GET" else {"data": body, "content_type": "application/json"}
    answer = getattr(client, method.lower())(address, **send)
    assert answer.status_code < 500, answer.content
    return answer.status_code


def may(rule: str, viewer, whose: str) -> bool:
    if rule == THEIRS:
        return may_see(viewer.username, whose)
    if rule == OWN_OR_ADMIN:
        return viewer.username in (whose, "admin")
    if rule == TEAMMATES:
        south = {"stranger", "other_manager"}
        return viewer.is_admin or (viewer.username in south) == (whose in south)
    return rule == OPEN or viewer.role in ALLOWED_ROLES[rule]


RULED = [(route, method) for route in API for method in METHODS if rule_of(route.name, method)]


@pytest.mark.parametrize(("route", "method"), RULED, ids=str)
def test_each_method_is_open_to_those_of_its_rule(route, method, people, visitors, objects):
    rule, __ = rule_of(route.name, method)
    for viewer, whose in relations_of(rule):
        own = next(o for name, o in objects.items() if may_see(viewer, name))
        status = ask(visitors[viewer], route, method, objects[whose], own)
        refused = status in (403, 404, 405)
        assert refused != may(rule, people[viewer], whose), (viewer, whose, status)


@pytest.mark.parametrize("route", API, ids=str)
def test_a_method_without_a_rule_is_not_there(route, visitors, objects):
    """Not even for an admin, who may do everything."""
    its = objects["owner"]
    for method in METHODS:
        if rule_of(route.name, method) is None:
            assert ask(visitors["admin"], route, method, its, its) == 405, method


@pytest.mark.parametrize("route", API, ids=str)
def test_without_signing_in_no_method_is_open(route, objects):
    its = objects["owner"]
    answers = {method: ask(Client(), route, method, its, its) for method in METHODS}
    assert set(answers.values()) <= {302, 401}, answers


@pytest.mark.parametrize("scope", ApiToken.Scope.values)
@pytest.mark.parametrize("route", [r for r in API if r.name != "api-docs"], ids=str)
def test_a_token_does_what_its_scope_names_and_nothing_else(route, scope, client, people, objects):
    """Of an admin, who may do everything, so that only the scope can be in the way."""
    client.defaults["HTTP_AUTHORIZATION"] = bearer(people["admin"], scope)
    for method in METHODS:
        if rule := rule_of(route.name, method):
            status = ask(client, route, method, objects["owner"], objects["owner"])
            assert (status not in (403, 405)) == (scope in rule[1]), (method, status)


def test_no_route_offers_a_method_without_a_rule():
    """What the views say they offer is what stands in the rules, no more and no less."""
    offered = {}
    for pattern in api_patterns():
        actions = getattr(pattern.callback, "actions", None) or {}
        allowed = pattern.callback.cls.http_method_names if actions else ()
        offered[pattern.name] = {m.upper() for m in actions if m in allowed} & set(METHODS)
    for route in API:
        ruled = {method for method in METHODS if rule_of(route.name, method)}
        if offered.get(route.name):
            assert offered[route.name] == ruled, route


def test_what_can_only_be_written_has_one_rule_in_both_files():
    written = {name: WRITES[name]["POST"][0] for name in WRITE_ONLY & set(WRITES)}
    assert written == {name: RULES[name][0] for name in written}


def api_patterns():
    for outer in get_resolver().url_patterns:
        if str(outer.pattern) == "api/v1/":
            yield from outer.url_patterns


def test_the_matrix_is_as_large_as_it_should_be(capsys):
    """Printed, so that a run says how much it walked."""
    asked = [relations_of(rule_of(route.name, method)[0]) for route, method in RULED]
    cases = sum(map(len, asked)) + len(RULED) * len(ApiToken.Scope.values)
    cases += 2 * len(API) * len(METHODS) - len(RULED)  # of nobody, and where there is no rule
    with capsys.disabled():
        print(
            f"\nrights matrix: {cases} cases over {len(API)} API routes and {len(METHODS)} methods"
        )
    assert cases > 1000
