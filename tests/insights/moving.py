"""Customers who move, as many as a test asks for."""

import datetime

from django.utils import timezone

from customers.models import Customer
from insights.models import GroupMove, SegmentMove

TODAY = timezone.now().astimezone(datetime.UTC).date()


def moved(team, before, after, customers, days_ago=0, by_new_model=False) -> None:
    """New customers of the team go from one segment (a text) or group (a number, or None) to another."""
    is_group = isinstance(before or after, int)
    model, what = (GroupMove, "group") if is_group else (SegmentMove, "segment")
    people = Customer.objects.bulk_create(
        [Customer(name="Mover", team=team) for _ in range(customers)]
    )
    sides = {f"{what}_before": before, f"{what}_after": after}
    day = TODAY - datetime.timedelta(days=days_ago)
    model.objects.bulk_create(
        [model(customer=one, day=day, by_new_model=by_new_model, **sides) for one in people]
    )
