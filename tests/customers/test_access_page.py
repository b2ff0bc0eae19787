"""API access: tokens are made, shown once, listed and revoked; admins see everybody's, without secrets."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from customers.models import ApiToken, Change

HX = {"HTTP_HX_REQUEST": "true"}
FORM = {"name": "Web shop", "scopes": ["read", "ingest"], "days": "90"}


@pytest.fixture
def page(client, owner):
    client.force_login(owner)
    return client


def make(page, **changes):
    return page.post(reverse("access"), FORM | changes)


def secret_in(answer) -> str:
    return re.search(r"prn_[0-9a-f]{40}", answer.content.decode())[0]


def test_a_new_token_is_shown_once_and_opens_the_door(page, owner):
    answer = make(page)
    secret = secret_in(answer)
    assert answer["Cache-Control"] == "no-store"
    assert secret not in page.get(reverse("access")).content.decode()
    asked = APIClient().get("/api/v1/customers/", HTTP_AUTHORIZATION=f"Bearer {secret}")
    assert asked.status_code == 200
    token = ApiToken.objects.get()
    assert (token.user, token.name, token.scopes) == (owner, "Web shop", ["read", "ingest"])
    assert 89 <= (token.expires_at - timezone.now()).days <= 90


def test_a_token_may_live_until_it_is_revoked(page):
    make(page, days="")
    assert ApiToken.objects.get().expires_at is None
    assert "ends when it is revoked" in page.get(reverse("access")).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 101},
        {"scopes": []},
        {"scopes": ["everything"]},
        {"days": "7000"},
    ],
)
def test_what_is_wrong_comes_back_with_its_error_and_makes_no_token(page, wrong):
    answer = make(page, **wrong)
    assert answer.status_code == 422
    assert "c-error" in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_training_is_on_offer_for_admins_only(client, manager, admin):
    for user, status in ((manager, 422), (admin, 200)):
        client.force_login(user)
        offered = 'value="train"' in client.get(reverse("access")).content.decode()
        assert offered == user.is_admin
        assert make(client, scopes=["train"]).status_code == status


def revoke(page, token, **headers):
    return page.post(reverse("access-revoke", args=[token.pk]), **headers)


def test_a_revoked_token_leaves_the_list_and_can_be_taken_back(page, owner):
    token, secret = ApiToken.objects.issue(owner, "Web shop", ["read"])
    answer = revoke(page, token, **HX)
    assert "Token revoked" in answer.content.decode() and token.prefix not in str(answer.content)
    asked = APIClient().get("/api/v1/customers/", HTTP_AUTHORIZATION=f"Bearer {secret}")
    assert asked.status_code == 401
    undo = re.search(r'action="(/changes/\d+/undo/)"', answer.content.decode())[1]
    page.post(undo, **HX)
    token.refresh_from_db()
    assert token.is_living
    assert token.prefix in page.get(reverse("access"), **HX).content.decode()


def test_revoking_twice_changes_nothing_more(page, owner):
    token, __ = ApiToken.objects.issue(owner, "Web shop", ["read"])
    revoke(page, token)
    first = ApiToken.objects.get().revoked_at
    revoke(page, token)
    assert ApiToken.objects.get().revoked_at == first and Change.objects.count() == 1


def test_an_admin_sees_everybodys_tokens_and_revokes_them(client, admin, owner):
    token, secret = ApiToken.objects.issue(owner, "Web shop", ["read"])
    client.force_login(admin)
    body = client.get(reverse("access")).content.decode()
    assert token.prefix in body and str(owner) in body and secret not in body
    assert token.digest not in body
    revoke(client, token)
    token.refresh_from_db()
    assert not token.is_living


def test_nobody_else_sees_or_revokes_them(client, manager, owner):
    token, __ = ApiToken.objects.issue(owner, "Web shop", ["read"])
    client.force_login(manager)
    assert token.prefix not in client.get(reverse("access")).content.decode()
    assert revoke(client, token).status_code == 404


def test_only_whoever_revoked_a_token_takes_it_back(client, admin, owner):
    token, __ = ApiToken.objects.issue(owner, "Web shop", ["read"])
    client.force_login(admin)
    revoke(client, token)
    client.force_login(owner)
    change = Change.objects.get().change_set_id
    assert client.post(reverse("undo", args=[change])).status_code == 404


def test_a_token_that_has_ended_says_so(page, owner):
    ended = timezone.now() - datetime.timedelta(days=1)
    ApiToken.objects.issue(owner, "Old shop", ["read"], ended)
    assert "Ended" in page.get(reverse("access")).content.decode()


def test_without_tokens_the_page_says_what_they_are_for(page):
    assert "No tokens yet" in page.get(reverse("access")).content.decode()


def test_the_menu_leads_there_from_every_page(page):
    assert page.get("/").content.decode().count(f'href="{reverse("access")}"') == 2


def test_names_are_shown_as_they_are_written(page, owner):
    ApiToken.objects.issue(owner, "<script>alert(1)</script>", ["read"])
    assert "<script>alert" not in page.get(reverse("access")).content.decode()


@pytest.mark.parametrize("count", [1, 8])
def test_the_page_asks_as_often_for_few_as_for_many(
    client, admin, owner, count, django_assert_max_num_queries
):
    for number in range(count):
        ApiToken.objects.issue(admin, f"A{number}", ["read"])
        ApiToken.objects.issue(owner, f"B{number}", ["read"])
    client.force_login(admin)
    client.get(reverse("access"))
    with django_assert_max_num_queries(4):
        client.get(reverse("access"))
