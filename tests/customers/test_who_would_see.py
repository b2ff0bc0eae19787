"""What is said of an owner and team beforehand is what the gate says of the stored customer."""

import itertools

import pytest

from customers.access import would_see
from customers.models import Customer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("shares", [False, True])
def test_would_see_agrees_with_visible_to(
    shares, team, other_team, owner, teammate, stranger, manager, admin, make_customer
):
    team.shares_customers = shares
    team.save()
    for whose, its_team in itertools.product((None, owner, stranger), (None, team, other_team)):
        customer = make_customer("Somebody", owner=whose, team=its_team)
        for user in (owner, teammate, stranger, manager, admin):
            visible = Customer.objects.visible_to(user).filter(pk=customer.pk).exists()
            assert would_see(user, whose, its_team) == visible, (user, whose, its_team)
