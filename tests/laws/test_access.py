"""Every route × role × own, team-mate's and stranger's record. A route without a rule here fails."""

import pytest
from django.urls import reverse

from tests.routes import all_routes
from tests.tokens import bearer

OPEN, EVERYONE, MANAGERS, ADMINS = "open", "everyone", "managers", "admins"
# Of one's own teams; for admins all.
TEAMMATES = "teammates"
# By the gate; only what one did oneself; what is one's own, and for admins everybody's.
THEIRS, OWN, OWN_OR_ADMIN = "theirs", "own", "own or admin"
LED = "led"  # one's own, and for managers that of their people

# Route -> (rule, the object its parameter names).
RULES: dict[str, tuple[str, str | None]] = {
    "login": (OPEN, None),
    "healthz": (OPEN, None),
    "readyz": (OPEN, None),
    "metrics": (ADMINS, None),
    "system": (ADMINS, None),
    "system-live": (ADMINS, None),
    "system-backup": (ADMINS, None),
    "system-backup-nightly": (ADMINS, None),
    "set-language": (OPEN, None),
    "api-token": (OPEN, None),
    "home": (EVERYONE, None),
    "home-stamp": (EVERYONE, None),
    "products": (EVERYONE, None),
    "voice": (EVERYONE, None),
    "voice-export-csv": (EVERYONE, None),
    "voice-export-xlsx": (EVERYONE, None),
    "voice-table": (EVERYONE, "table"),
    "voice-topics": (EVERYONE, None),
    "voice-topics-search": (ADMINS, None),
    "voice-topic": (EVERYONE, "topic"),
    "voice-topic-name": (MANAGERS, "topic"),
    "concerns": (MANAGERS, None),
    "concern-add": (MANAGERS, None),
    "concern-edit": (MANAGERS, "concern"),
    "concern-merge": (MANAGERS, "concern"),
    "concern-switch": (MANAGERS, "concern"),
    "concern-examples": (MANAGERS, "concern"),
    "api-concern-list": (EVERYONE, None),
    "api-analysis-list": (EVERYONE, None),
    "api-topic-list": (EVERYONE, None),
    "api-topic-detail": (EVERYONE, "topic"),
    "api-topic-messages": (EVERYONE, "topic"),
    "product": (EVERYONE, "product"),
    "product-voice": (EVERYONE, "product"),
    "customer-voice": (THEIRS, "customer"),
    "message-correct": (THEIRS, "interaction"),
    "message-assign": (THEIRS, "interaction"),
    "set-theme": (EVERYONE, None),
    "customers": (EVERYONE, None),
    "customer-add": (EVERYONE, None),
    "bulk": (EVERYONE, None),
    "list-sums": (EVERYONE, None),
    "customers-export": (EVERYONE, None),
    "orders": (EVERYONE, None),
    "orders-bulk": (EVERYONE, None),
    "interactions-bulk": (EVERYONE, None),
    "orders-export": (EVERYONE, None),
    "interactions": (EVERYONE, None),
    "interactions-export": (EVERYONE, None),
    "list-exports": (EVERYONE, None),
    "list-export-file": (OWN, "list_export"),
    "view-add": (EVERYONE, None),
    "view-counts": (EVERYONE, None),
    # A private one; who may do what with a shared one: tests/customers/test_saved_views_page.py.
    "view": (OWN, "view"),
    "view-edit": (OWN, "view"),
    "view-save": (OWN, "view"),
    "view-duplicate": (OWN, "view"),
    "view-delete": (OWN, "view"),
    "task-add": (EVERYONE, None),
    "tasks": (EVERYONE, None),
    "tasks-bulk": (EVERYONE, None),
    "task-calendar": (EVERYONE, None),
    "task": (THEIRS, "task"),
    "task-outcome": (THEIRS, "task"),
    "task-snooze": (THEIRS, "task"),
    "suggestion-act": (THEIRS, "customer"),
    "home-orders": (EVERYONE, None),
    "home-team": (MANAGERS, None),
    "worse": (EVERYONE, None),
    "notifications": (EVERYONE, None),
    "notifications-read": (EVERYONE, None),
    "notifications-bell": (EVERYONE, None),
    "notifications-stamp": (EVERYONE, None),
    "profile": (EVERYONE, None),
    "password": (EVERYONE, None),
    "calendar-renew": (EVERYONE, None),
    # Whoever knows the secret reads it; what it holds: tests/customers/test_calendar_page.py.
    "calendar-feed": (OPEN, "calendar"),
    "customer": (THEIRS, "customer"),
    "customer-live": (THEIRS, "customer"),
    "customer-stamp": (THEIRS, "customer"),
    "customer-timeline": (THEIRS, "customer"),
    "customer-details": (THEIRS, "customer"),
    "customer-cell": (THEIRS, "customer"),
    "customer-task-add": (THEIRS, "customer"),
    "customer-ledger": (THEIRS, "customer"),
    "customer-alike": (THEIRS, "customer"),
    "talk-add": (THEIRS, "customer"),
    "customer-related": (THEIRS, "customer"),
    "customer-parent": (THEIRS, "customer"),
    "customer-follow": (THEIRS, "customer"),
    "customer-colleagues": (THEIRS, "customer"),
    "attachment": (THEIRS, "attachment"),
    "customer-archive": (THEIRS, "customer"),
    "customer-erase": (ADMINS, "customer"),
    "task-done": (THEIRS, "task"),
    "undo": (OWN, "change"),
    "settings": (ADMINS, None),
    "invitation": (OPEN, "key"),
    "people-invite": (ADMINS, "person"),
    "tags-merge": (ADMINS, "tag"),
    **{
        f"{kind}-{page}": (ADMINS, named)
        for kind, of_kind in (
            ("people", "person"),
            ("teams", "team"),
            ("attributes", "attribute"),
            ("tags", "tag"),
            ("rates", "rate"),
        )
        for page, named in (("list", None), ("add", None), ("edit", of_kind), ("delete", of_kind))
        if (kind, page) != ("people", "delete")
    },
    "access": (EVERYONE, None),
    "access-revoke": (OWN_OR_ADMIN, "token"),
    "churn": (EVERYONE, None),
    "churn-table": (EVERYONE, "churn_table"),
    "team": (EVERYONE, None),
    "team-table": (EVERYONE, None),
    "team-person": (LED, "person"),
    "palette": (EVERYONE, None),
    "customer-find": (EVERYONE, None),
    "segments": (MANAGERS, None),
    "segment-table": (MANAGERS, "segment_table"),
    "segment-alike": (MANAGERS, "segment"),
    "group-alike": (MANAGERS, "group"),
    "group-name": (MANAGERS, "group"),
    "models": (MANAGERS, None),
    "model": (MANAGERS, "kind"),
    "models-live": (MANAGERS, "kind"),
    "model-detail": (MANAGERS, "kind"),
    "model-run": (MANAGERS, "run"),
    "models-train": (ADMINS, None),
    "model-train": (ADMINS, "kind"),
    "model-column": (ADMINS, None),
    "model-horizon": (ADMINS, None),
    "model-run-stop": (ADMINS, "run"),
    "model-roll-back": (ADMINS, "version"),
    "demo-status": (ADMINS, None),
    "demo-remove": (ADMINS, None),
    "api-schema": (EVERYONE, None),
    "api-docs": (EVERYONE, None),
    "api-customer-list": (EVERYONE, None),
    "api-customer-archive": (THEIRS, "customer"),
    "api-customer-restore": (THEIRS, "customer"),
    "api-customer-erase": (ADMINS, "customer"),
    "api-product-archive": (MANAGERS, "product"),
    "api-product-restore": (MANAGERS, "product"),
    "api-company": (EVERYONE, None),
    "api-attribute-list": (EVERYONE, None),
    "api-attribute-detail": (EVERYONE, "attribute_name"),
    "api-tag-list": (EVERYONE, None),
    "api-tag-detail": (EVERYONE, "tag"),
    "api-team-list": (EVERYONE, None),
    "api-team-detail": (TEAMMATES, "team"),
    "api-user-list": (EVERYONE, None),
    "api-user-detail": (TEAMMATES, "person"),
    "api-deletion-list": (EVERYONE, None),
    "api-exchange-rate-list": (EVERYONE, None),
    "api-exchange-rate-detail": (EVERYONE, "rate"),
    "api-personal-token-list": (EVERYONE, None),
    "api-personal-token-detail": (OWN_OR_ADMIN, "token"),
    "api-personal-token-revoke": (OWN_OR_ADMIN, "token"),
    "api-customer-detail": (THEIRS, "customer"),
    "api-customer-scores": (THEIRS, "customer"),
    "api-customer-recommendations": (THEIRS, "customer"),
    "api-customer-look-alikes": (THEIRS, "customer"),
    "api-customer-bulk": (EVERYONE, None),
    "api-product-bulk": (MANAGERS, None),
    "api-order-bulk": (EVERYONE, None),
    "api-interaction-bulk": (EVERYONE, None),
    "api-customer-keyed": (THEIRS, "key"),
    "api-product-keyed": (EVERYONE, "sku"),
    "api-order-keyed": (THEIRS, "key"),
    "api-interaction-keyed": (THEIRS, "key"),
    "api-product-list": (EVERYONE, None),
    "api-product-detail": (EVERYONE, "product"),
    "api-order-list": (EVERYONE, None),
    "api-order-detail": (THEIRS, "order"),
    "api-interaction-list": (EVERYONE, None),
    "api-interaction-detail": (THEIRS, "interaction"),
    "api-interaction-correction": (THEIRS, "interaction"),
    "api-interaction-assignment": (THEIRS, "interaction"),
    "api-task-list": (EVERYONE, None),
    "api-task-detail": (THEIRS, "task"),
    "api-task-completion": (THEIRS, "task"),
    "api-event-list": (EVERYONE, None),
    "api-event-detail": (THEIRS, "event"),
    "api-score-list": (EVERYONE, None),
    "api-reasons-list": (EVERYONE, None),
    "api-recommendation-list": (EVERYONE, None),
    "api-segment-move-list": (EVERYONE, None),
    "api-segment-list": (MANAGERS, None),
    "api-segment-movements": (MANAGERS, None),
    "api-segment-look-alikes": (MANAGERS, "segment"),
    "api-group-list": (MANAGERS, None),
    "api-group-detail": (MANAGERS, "group"),
    "api-group-movements": (MANAGERS, None),
    "api-group-look-alikes": (MANAGERS, "group"),
    "api-group-move-list": (EVERYONE, None),
    "api-publish-request-list": (MANAGERS, None),
    "api-publish-request-detail": (MANAGERS, "publishing"),
    "api-model-version-publish": (ADMINS, "version_pk"),
    "api-model-version-roll-back": (ADMINS, None),
    "api-training-run-list": (MANAGERS, None),
    "api-training-run-detail": (MANAGERS, "run"),
    "api-training-run-stop": (ADMINS, "run"),
    "api-model-version-list": (MANAGERS, None),
    "api-model-version-detail": (MANAGERS, "version_pk"),
}
# Every role, and every way in which a record may stand to it: viewer and whose. The others of the cast see what one of
# these sees from the other side: a team-mate the owner's as the owner a team-mate's, the other team's manager its own.
ROLES = ("owner", "manager", "admin")
RELATIONS = (
    ("owner", "owner"), ("owner", "teammate"), ("owner", "stranger"),
    ("manager", "owner"), ("manager", "stranger"), ("admin", "owner"),
)  # fmt: skip
# Leads everybody to the login page, which the tests below read as being refused.
APART = {"logout"}
ROUTES = [r for r in all_routes() if not r.name.startswith("admin:") and r.name not in APART]
# Of the API, who may do what stands in test_access_by_method.py, reading among it.
PAGES = [r for r in ROUTES if not r.name.startswith("api-") or r.name == "api-token"]
ADMIN_ROUTES = [r for r in all_routes() if r.name.startswith("admin:") and not r.parameters]
# Open to all by Django's making, in need of parameters, or of rows that nobody adds by hand.
OUTSIDE = {"admin:login", "admin:logout", "admin:jsi18n", "admin:autocomplete"}
READ_ONLY = {"admin:insights_modelversion_add", "admin:insights_trainingrun_add"} | {
    f"admin:customers_{model}_add"
    for model in (
        "order", "event", "customerscore", "scorereasons", "recommendation", "customertotals",
        "customervalue", "productvalue", "changeset", "outlook",
        "company",  # there is one, made by the first request
    )
}  # fmt: skip
ALLOWED_ROLES = {
    EVERYONE: {"sales", "manager", "admin"},
    MANAGERS: {"manager", "admin"},
    ADMINS: {"admin"},
}


def test_every_route_has_a_rule():
    assert {route.name for route in ROUTES} == set(RULES)


def answers(client, route, named: dict, what: str | None) -> bool:
    """Whether the route lets this visitor in: neither refused, nor unknown, nor sent to the login page."""
    kwargs = {p: named["kind"] if p == "kind" else named[what] for p in route.parameters}
    address = reverse(route.name, kwargs=kwargs)
    response = client.get(address)
    if response.status_code == 405:
        response = client.post(address, {})
    sent_away = response.status_code == 302 and "/login" in response["Location"]
    assert response.status_code < 500
    return not sent_away and response.status_code not in (401, 403, 404)


def may_see(viewer: str, whose: str) -> bool:
    """The house rule for records, without sharing."""
    return {
        "owner": whose == "owner",
        "teammate": whose == "teammate",
        "stranger": whose == "stranger",
        "manager": whose in ("owner", "teammate"),
        "other_manager": whose == "stranger",
        "admin": True,
    }[viewer]


def relations_of(rule: str) -> tuple[tuple[str, str], ...]:
    """Where all records are alike to a rule, one of them stands for them."""
    of_records = rule in (THEIRS, OWN, OWN_OR_ADMIN, LED, TEAMMATES)
    return RELATIONS if of_records else tuple((viewer, "owner") for viewer in ROLES)


@pytest.mark.parametrize("route", PAGES, ids=str)
def test_each_role_gets_what_it_may_and_nothing_else(route, people, visitors, objects):
    rule, what = RULES[route.name]
    for viewer, whose in relations_of(rule):
        expected = {
            OPEN: True,
            THEIRS: may_see(viewer, whose),
            LED: may_see(viewer, whose),
            OWN: viewer == whose,
            OWN_OR_ADMIN: viewer in (whose, "admin"),
        }.get(rule, people[viewer].role in ALLOWED_ROLES.get(rule, ()))
        assert answers(visitors[viewer], route, objects[whose], what) == expected, (viewer, whose)


@pytest.mark.parametrize("route", PAGES, ids=str)
def test_without_signing_in_only_the_door_is_open(route, client, objects):
    rule, what = RULES[route.name]
    assert answers(client, route, objects["owner"], what) == (rule == OPEN)


@pytest.mark.parametrize(
    "route", [r for r in ROUTES if RULES.get(r.name, ("", ""))[0] == THEIRS], ids=str
)
def test_a_team_that_shares_opens_its_records_to_team_mates_only(route, team, visitors, objects):
    team.shares_customers = True
    team.save()
    for viewer, expected in {"teammate": True, "stranger": False}.items():
        let_in = answers(visitors[viewer], route, objects["owner"], RULES[route.name][1])
        assert let_in == expected, viewer


@pytest.mark.parametrize("route", [r for r in ROUTES if r.name.startswith("api-")], ids=str)
def test_a_token_opens_no_more_than_its_person_may_see(route, client, people, objects):
    rule, what = RULES[route.name]
    client.defaults["HTTP_AUTHORIZATION"] = bearer(people["stranger"])
    expected = rule in (OPEN, EVERYONE)
    assert answers(client, route, objects["owner"], what) == expected


@pytest.mark.parametrize("viewer", ["owner", "manager", "admin"])
@pytest.mark.parametrize(
    "route", [r for r in ADMIN_ROUTES if r.name not in OUTSIDE | READ_ONLY], ids=str
)
def test_the_admin_site_is_for_admins(route, viewer, visitors):
    response = visitors[viewer].get(reverse(route.name))
    assert response.status_code < 500
    let_in = not (response.status_code == 302 and "/login" in response["Location"])
    assert (let_in and response.status_code != 403) == (viewer == "admin")


@pytest.mark.parametrize("shares", [False, True])
@pytest.mark.parametrize(
    "sort", ["", "name", "-risk", "-value", "-last", "-expected", "-since", "-updated"]
)
def test_lists_hold_only_what_their_reader_may_see(team, people, visitors, objects, sort, shares):
    """In every order: each walks another index, and some narrow by stored copies of owner and team."""
    team.shares_customers = shares
    team.save()
    mates = {"owner", "teammate"} if shares else set()
    for viewer in visitors if not sort else ROLES:
        client = visitors[viewer]
        page = client.get(reverse("customers"), {"sort": sort} if sort else {}).content.decode()
        for whose in objects:
            expected = may_see(viewer, whose) or {viewer, whose} <= mates
            assert (f"Customer of {people[whose]}" in page) == expected, (viewer, whose)


@pytest.mark.parametrize("shares", [False, True])
@pytest.mark.parametrize("name", ["orders", "interactions", "orders-export", "interactions-export"])
def test_lists_of_facts_hold_those_of_the_customers_one_may_see(
    team, people, visitors, objects, name, shares
):
    team.shares_customers = shares
    team.save()
    mates = {"owner", "teammate"} if shares else set()
    for viewer, client in visitors.items():
        response = client.get(reverse(name))
        page = b"".join(response) if response.streaming else response.content
        for whose in objects:
            expected = may_see(viewer, whose) or {viewer, whose} <= mates
            assert (f"Customer of {people[whose]}" in page.decode()) == expected, (viewer, whose)


@pytest.mark.parametrize("shares", [False, True])
def test_the_list_of_the_api_holds_only_what_its_reader_may_see(team, visitors, objects, shares):
    team.shares_customers = shares
    team.save()
    mates = {"owner", "teammate"} if shares else set()
    for viewer, client in visitors.items():
        rows = client.get(reverse("api-customer-list")).json()["results"]
        shown = {row["id"] for row in rows}
        for whose in objects:
            expected = may_see(viewer, whose) or {viewer, whose} <= mates
            assert (objects[whose]["customer"] in shown) == expected, (viewer, whose)


def test_a_record_without_an_owner_is_for_managers_and_admins(visitors, make_customer):
    orphan = make_customer("Nobody's")
    for viewer, client in visitors.items():
        response = client.get(reverse("api-customer-detail", args=[orphan.pk]))
        assert (response.status_code == 200) == ("manager" in viewer or viewer == "admin"), viewer
