"""Customers who behave like one customer: the nearest in what they do, of those the reader may see.

By their whole stories where groups found in these are published, else by figures of behaviour.
"""

from django.db.models import F, IntegerField, Value
from django.db.models.functions import Cast

from customers.models import Behaviour, Customer

# Both stand at least so far to the same side of the average, and no further from each other: that they share.
APART, TOGETHER = 50, 100
MOST_SHARED = 3
LOOKED_AT = 300  # the nearest of whom some are shown


def alike(customer: Customer, among, count: int = 5) -> list[Customer]:
    """The most alike of ``among``, nearest first, each with ``shared``: [(side, "high" or "low"), …].

    Looked for among the nearest of the customer's cell and those beside it; where the reader sees few of them,
    everywhere they see.
    """
    mine = Behaviour.objects.filter(customer=customer).first()
    if mine is None:
        return []
    others = among.active().exclude(pk=customer.pk).filter(behaviour__isnull=False)
    nearest = others.annotate(distance=distance_to(mine, "behaviour__")).order_by("distance", "pk")
    nearest = nearest.select_related("behaviour", "score", "totals")
    # Whom the reader may see is asked of the nearest alone, not of all in the cells.
    near = Behaviour.objects.filter(cell__in=mine.cells).annotate(distance=distance_to(mine))
    near = near.order_by("distance", "pk").values("pk")[:LOOKED_AT]
    found = list(nearest.filter(pk__in=near)[:count])
    if len(found) < count:
        found = list(nearest[:count])
    for one in found:
        one.shared = shared(mine, one.behaviour)
    return found


def nearest_to(what: str, key, among):
    """Who is not in a segment ("segment") or a behaviour group ("cluster") but nearest to it, nearest first.

    Each of ``among`` with ``distance``, to its centre.
    """
    nearest = among.active().filter(**{f"behaviour__next_{what}": key})
    nearest = nearest.annotate(distance=F(f"behaviour__{what}_distance"))
    return nearest.select_related("score", "totals").order_by("distance", "pk")


def distance_to(mine: Behaviour, path: str = ""):
    """The squared distance, as the database works it out; ``path`` leads to the others' behaviour."""
    total = Value(0)
    for side in Behaviour.AXES if mine.by_story else Behaviour.SIDES:
        if (value := getattr(mine, side)) is not None:
            difference = Cast(F(f"{path}{side}"), IntegerField()) - Value(value)
            total = total + difference * difference
    return Cast(total, IntegerField())


def shared(mine: Behaviour, other: Behaviour) -> list[tuple[str, str]]:
    """What sets both apart from the average in the same way, the most telling first."""
    found = []
    for side in Behaviour.SIDES:
        a, b = getattr(mine, side), getattr(other, side)
        if a is None or b is None or (a > 0) != (b > 0):
            continue
        if min(abs(a), abs(b)) >= APART and abs(a - b) <= TOGETHER:
            found.append((min(abs(a), abs(b)), side, "high" if a > 0 else "low"))
    found.sort(key=lambda one: -one[0])
    return [(side, direction) for __, side, direction in found[:MOST_SHARED]]
