"""The customer page: scores and why, what is said where there is none, details."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from customers.models import (
    CustomAttribute,
    Customer,
    CustomerTotals,
    CustomerValue,
    Recommendation,
    ScoreReasons,
)
from customers.totalling import refresh_totals
from tests.customers.pages import ago, history, order, score


@pytest.fixture
def page(client, owner, customer):
    def page(**headers):
        client.force_login(owner)
        response = client.get(customer.get_absolute_url(), headers=headers)
        assert response.status_code == 200
        return response.content.decode()

    return page


def text(body: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def test_the_scores_stand_with_their_date_and_their_change(page, customer):
    history(customer)
    score(customer, 0.78, churn_risk_before=0.57, churn_before_at=ago(30))
    body = text(page())
    assert "78% High" in body
    assert "+21 points since" in body
    assert "Scored today" in body
    assert "Recency 2, frequency 4, money 5 of 5" in body
    assert "Value so far €80 4 orders" in body
    assert "3 days usual 9" in body


def test_base_and_points_add_up_to_the_score_as_shown(page, customer):
    score(customer, 0.78)
    body = page()
    points = [
        int(p.replace("−", "-").replace("+", "").replace("±", ""))
        for p in re.findall(r'c-reasons-n">([^<]+)<', body)
    ]
    base = int(re.search(r"starts at (\d+)%", body)[1])
    assert base + sum(points) == 78
    assert len(points) == 5


def test_reasons_are_sentences_with_the_labels_of_custom_attributes(page, customer):
    CustomAttribute.objects.create(name="kind_of_shop", label="Kind of shop")
    score(customer)
    body = page()
    for sentence in (
        "No order for 63 days, usual gap 24",
        "2 complaints in 12 months, the latest 20 days ago",
        "Kind of shop: Café",
        "6 orders in 12 months, 41 in all",
        "3 smaller reasons",
    ):
        assert sentence in body


def test_reasons_are_said_in_the_readers_language(client, owner, customer):
    score(customer)
    owner.language = "zh-hans"
    owner.save()
    client.force_login(owner)
    body = client.get(customer.get_absolute_url()).content.decode()
    assert 'lang="zh-Hans"' in body
    assert "63 天没有下单，平时间隔 24 天" in body


def test_what_an_order_is_worth_is_the_same_figure_above_and_among_the_reasons(page, customer):
    refresh_totals([customer.pk])
    CustomerTotals.objects.filter(customer=customer).update(orders=3, value="2632.49")
    score(customer)
    facts = {"spend": 2632.49, "order_value": 877.5}  # a third of it, as training writes it down
    spend = {"code": "spend", "facts": facts, "points": 24.4}
    ScoreReasons.objects.update(churn={"base": 0.31, "reasons": [spend]})
    assert re.findall(r"€\d+ per order", text(page())) == ["€878 per order"] * 2


def test_without_a_score_there_is_a_dash_and_why(page, customer):
    assert "No score yet: needs 1 order, has 0." in page()
    order(customer, "1", ago(1))
    refresh_totals([customer.pk])
    assert (
        "Not scored yet. Scores come with the nightly run, once there is enough to learn from and what is learnt beats"
        " the plain rule." in page()
    )


def test_who_refused_profiling_is_shown_no_score_even_if_one_is_left_over(page, customer):
    history(customer)
    score(customer)
    Customer.objects.filter(pk=customer.pk).update(profiling_refused=True)
    body = page()
    assert "This customer has refused profiling" in body
    assert "78%" not in body
    assert "Bought by 42 customers" not in body


def test_recommended_products_say_why(page, customer):
    history(customer)
    offer = Recommendation.objects.get(rank=1)
    other = Recommendation.objects.get(rank=2).product
    offer.why, offer.because, offer.facts = "bought_with", other, {"share": 0.61}
    offer.save()
    body = page()
    assert f"Bought with {other.name} by 61 in 100" in body
    assert "Bought by 42 customers in the last 90 days" in body


def test_where_there_is_only_what_is_due_again_the_card_says_so(page, customer):
    history(customer)
    assert "Recommended products" in page()
    customer.recommendations.update(why="reorder", facts={"days_late": 3, "usual_days": 21})
    body = page()
    assert "Usual next products" in body and "Recommended products" not in body
    assert "Reorder is 3 days late, usual gap 21 days" in body


def test_an_archived_customer_is_shown_with_a_notice(page, customer):
    Customer.objects.filter(pk=customer.pk).update(archived_at=timezone.now())
    assert "Archived on" in page()


def test_somebody_elses_customer_does_not_exist(client, stranger, customer):
    client.force_login(stranger)
    assert client.get(customer.get_absolute_url()).status_code == 404


def test_no_page_carries_inline_styles_or_scripts(page, customer):
    history(customer)
    score(customer)
    body = page()
    assert not re.search(r'\sstyle="', body)
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", body)
    assert not re.search(r'\son[a-z]+="', body)


def details(client, customer, **changes):
    fields = {
        "name": customer.name,
        "kind": "person",
        "lifecycle": "active",
        "email": customer.email,
    }
    address = f"{customer.get_absolute_url()}details/"
    return client.post(address, fields | changes, headers={"HX-Request": "true"})


def test_edited_details_keep_what_was_valid_before(client, owner, customer):
    CustomAttribute.objects.create(name="seats", label="Seats", type="number")
    client.force_login(owner)
    response = details(client, customer, lifecycle="churned", **{"attribute-seats": "12"})
    assert response.status_code == 200
    customer.refresh_from_db()
    assert (customer.lifecycle, customer.attributes) == ("churned", {"seats": 12})
    kept = set(CustomerValue.objects.values_list("field", flat=True))
    assert kept == {"lifecycle", "attribute:seats"}


def test_values_without_a_definition_survive_an_edit(client, owner, customer):
    customer.attributes = {"from_import": "x"}
    customer.save()
    client.force_login(owner)
    details(client, customer, city="Lyon")
    customer.refresh_from_db()
    assert (customer.city, customer.attributes) == ("Lyon", {"from_import": "x"})


def test_a_wrong_value_comes_back_with_its_error_and_changes_nothing(client, owner, customer):
    CustomAttribute.objects.create(name="seats", label="Seats", type="number")
    client.force_login(owner)
    response = details(
        client, customer, email="no mail", city="Lyon", **{"attribute-seats": "many"}
    )
    body = response.content.decode()
    assert response.status_code == 422
    assert 'id="details-email_error"' in body
    assert 'id="details-attribute-seats_error"' in body
    customer.refresh_from_db()
    assert customer.city == ""


def test_only_managers_give_customers_away(client, owner, manager, teammate, customer):
    client.force_login(owner)
    details(client, customer, owner=str(teammate.pk))
    customer.refresh_from_db()
    assert customer.owner == owner
    client.force_login(manager)
    details(client, customer, owner=str(teammate.pk), team=str(customer.team_id))
    customer.refresh_from_db()
    assert customer.owner == teammate


def test_a_customer_goes_into_the_archive_and_comes_back(client, owner, customer):
    client.force_login(owner)
    address = f"{customer.get_absolute_url()}archive/"
    client.post(address, {"archived": "yes"})
    customer.refresh_from_db()
    assert customer.archived_at
    client.post(address, {"archived": "no"})
    customer.refresh_from_db()
    assert customer.archived_at is None


def test_the_usual_gap_is_the_same_whether_one_is_scored_archived_or_refuses(
    page, customer, make_order
):
    for days in (1, 11, 21, 31, 131):
        make_order(customer, days_ago=days)
    refresh_totals([customer.pk])
    assert "1 day usual 10" in text(page())
    score(customer)
    assert "1 day usual 10" in text(page())
    Customer.objects.update(archived_at=timezone.now(), profiling_refused=True)
    assert "1 day usual 10" in text(page())


def test_card_overdue_days_and_reason_tell_one_usual_gap(page, customer, make_order):
    for days in (14, 25, 37):
        make_order(customer, days_ago=days)
    refresh_totals([customer.pk])
    score(customer)
    silence = {"code": "recency", "facts": {"days": 14, "usual_gap": 11.5}, "points": 24.4}
    ScoreReasons.objects.update(churn={"base": 0.31, "reasons": [silence]})
    body = text(page())
    assert "14 days usual 12" in body
    assert "No order for 14 days, usual gap 12" in body


def test_an_archived_customer_is_not_promised_scores(client, owner, customer):
    customer.archived_at = timezone.now()
    customer.save()
    client.force_login(owner)
    pages = [customer.get_absolute_url(), "/customers/?archived=true"]
    for page in (client.get(address).content.decode() for address in pages):
        assert "Archived customers are not scored." in page
        assert "Recommendations follow" not in page and "Not scored yet" not in page


def test_a_new_name_reaches_every_place_where_it_stands(client, owner, customer):
    client.force_login(owner)
    fields = {"name": "Marta Berg", "kind": "person", "lifecycle": "active"}
    address = reverse("customer-details", args=[customer.pk])
    response = client.post(address, fields, headers={"HX-Request": "true"})
    assert response["HX-Trigger"] == "facts-changed"
    live = client.get(reverse("customer-live", args=[customer.pk])).content.decode()
    assert 'hx-target="#crumb"' in live
    assert 'data-title="Marta Berg · Perennial"' in live
    assert "<h1>Marta Berg</h1>" in live
