"""Beside the totals stand copies of what lists are narrowed by; whoever writes a customer, they follow."""

import pytest
from django.db import connection

from customers.filters import near_to
from customers.following import fill, make_triggers
from customers.models import Customer, CustomerTotals, Team
from customers.paging import page_of
from customers.striding import Narrowing
from customers.totalling import refresh_totals

pytestmark = pytest.mark.django_db


def copies(customer) -> tuple:
    names = ("owner_key", "team_key", "lifecycle")
    return CustomerTotals.objects.values_list(*names).get(pk=customer.pk)


def test_copies_begin_with_the_totals(make_customer, owner, team):
    assert copies(make_customer("One", owner=owner, team=team, lifecycle="lead")) == (
        owner.pk,
        team.pk,
        "lead",
    )
    assert copies(make_customer("Nobody's")) == (0, 0, "active")


@pytest.mark.parametrize("change", ["save", "update", "bulk_update", "raw"])
def test_copies_follow_however_a_customer_is_written(customer, owner, team, change):
    customer.owner, customer.team, customer.lifecycle = owner, team, "churned"
    if change == "save":
        customer.save()
    elif change == "update":
        rows = Customer.objects.filter(pk=customer.pk)
        rows.update(owner=owner, team=team, lifecycle="churned")
    elif change == "bulk_update":
        Customer.objects.bulk_update([customer], ["owner", "team", "lifecycle"])
    else:
        with connection.cursor() as cursor:
            words = "UPDATE customers_customer SET owner_id = %s, team_id = %s, lifecycle = %s WHERE id = %s"
            cursor.execute(words, [owner.pk, team.pk, "churned", customer.pk])
    assert copies(customer) == (owner.pk, team.pk, "churned")


def test_a_deleted_team_and_a_deleted_owner_leave_none(make_customer, owner, team):
    one = make_customer("One", owner=owner, team=team)
    team.delete()
    owner.delete()
    assert copies(one) == (0, 0, "active")


def test_new_totals_keep_the_copies(make_customer, owner, make_order):
    one = make_customer("One", owner=owner)
    make_order(one, amount=5)
    for ids in ([one.pk], None):
        refresh_totals(ids)
        assert copies(one) == (owner.pk, 0, "active")


def test_triggers_may_be_made_again_and_copies_filled_again(make_customer, owner):
    one = make_customer("One", owner=owner)
    CustomerTotals.objects.update(owner_key=7)
    make_triggers(connection)
    fill(connection)
    assert copies(one)[0] == owner.pk


def test_what_narrows_never_hides_what_may_be_seen(
    make_customer, owner, manager, team, django_user_model
):
    other_team = Team.objects.create(name="Others")
    colleague = django_user_model.objects.create(username="colleague", role="sales")
    for number, who in enumerate((None, owner, colleague)):
        for place in (None, team, other_team):
            make_customer(f"Customer {number}", owner=who, team=place)
    sharing = django_user_model.objects.create(username="sharing", role="sales")
    sharing.teams.add(Team.objects.create(name="Sharing", shares_customers=True))
    make_customer("Shared", owner=colleague, team=sharing.teams.get())
    for user in (owner, manager, sharing):
        visible = Customer.objects.visible_to(user).with_scores()
        near = near_to(user, list(user.teams.all()))
        page = page_of(visible, "-value", 50, narrowing=Narrowing(near, False))
        assert {one.pk for one in page.rows} == set(visible.values_list("pk", flat=True))
