"""Who belongs to whom: an organisation's people, the organisation above it, and what all of them add up to."""

from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Count, Max, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from customers.editing import edit_customer
from customers.filtering import Condition, Group, write
from customers.filtering.checking import LONGEST_TEXT
from customers.filtering.tree import ALL
from customers.models import HIGH_RISK, ChangeSet, Customer

SHOWN = 8
OFFERED = 6
DEEPEST = 10
ADDED_UP = 5000  # customers under one organisation
NOT_AN_ORGANISATION, CIRCULAR = "not_an_organisation", "circular"


@dataclass
class Related:
    """What a reader sees around a customer; ``parent`` only where they see it."""

    parent: Customer | None
    children: list[Customer] = field(default_factory=list)
    more: bool = False
    sums: dict | None = None
    list_url: str = ""  # of all of them, where more belong to it than are shown


def under(customer: Customer) -> Q:
    """Those who belong to an organisation, and those who belong to one that does."""
    return Q(parent=customer) | Q(parent__parent=customer)


def related_to(customer: Customer, user) -> Related:
    visible = Customer.objects.visible_to(user).active()
    parent = None
    if customer.parent_id:
        seen = Customer.objects.visible_to(user).select_related("score", "totals")
        parent = seen.filter(pk=customer.parent_id).first()
    if customer.kind != Customer.Kind.ORGANISATION:
        return Related(parent)
    rows = visible.filter(parent=customer).select_related("score", "totals")
    children = list(rows.order_by("-kind", "name", "pk")[: SHOWN + 1])
    sums = sums_of(customer, visible) if children else None
    more = len(children) > SHOWN
    return Related(parent, children[:SHOWN], more, sums, list_of(customer) if more else "")


def list_of(customer: Customer) -> str:
    """The address of the list of those who belong to an organisation of this name."""
    if len(customer.name) > LONGEST_TEXT:
        return ""
    group = Group(ALL, (Condition("parent", "is", (customer.name,)),))
    return f"{reverse('customers')}?{urlencode({'where': write(group)})}"


def sums_of(customer: Customer, visible) -> dict:
    """Orders, money and risk of an organisation with everybody under it that the reader sees."""
    some = visible.filter(under(customer)).order_by().values("pk")[:ADDED_UP]
    rows = Customer.objects.filter(Q(pk__in=list(some.values_list("pk", flat=True))))
    refused = Q(profiling_refused=True)
    sums = rows.aggregate(
        people=Count("pk"),
        orders=Sum("totals__orders"),
        value=Sum("totals__value"),
        expected=Sum("score__expected_value", filter=~refused),
        at_risk=Count("pk", filter=Q(score__churn_risk__gte=HIGH_RISK) & ~refused),
        last_order_at=Max("totals__last_order_at"),
    )
    own, score = getattr(customer, "totals", None), getattr(customer, "score", None)
    if own:
        sums["orders"] = (sums["orders"] or 0) + own.orders
        sums["value"] = (sums["value"] or Decimal(0)) + own.value
        dates = [d for d in (sums["last_order_at"], own.last_order_at) if d]
        sums["last_order_at"] = max(dates, default=None)
    if score and score.expected_value is not None and not customer.profiling_refused:
        sums["expected"] = (sums["expected"] or 0) + score.expected_value
    return sums


def offered(text: str, customer: Customer, user) -> list[Customer]:
    """Organisations that fit a search, without itself and where it already belongs."""
    text = text.strip()
    if len(text) < 2:
        return []
    found = Customer.objects.visible_to(user).active().search(text[:100])
    found = found.filter(kind=Customer.Kind.ORGANISATION).exclude(pk=customer.pk)
    return list(found.order_by("name", "pk")[:OFFERED])


def check_parent(customer: Customer, parent: Customer | None) -> None:
    """Raises ValidationError where a customer would belong to itself in the end, or to a person."""
    if parent and parent.kind != Customer.Kind.ORGANISATION:
        raise ValidationError(not_to_a_person(), NOT_AN_ORGANISATION)
    above, steps = parent, 0
    while above is not None and steps < DEEPEST:
        if above.pk == customer.pk:
            raise ValidationError(not_to_itself(str(parent)), CIRCULAR)
        above, steps = above.parent, steps + 1


def not_to_a_person() -> str:
    return _("Customers belong to organisations. This one is a person.")


def not_to_itself(parent: str) -> str:
    words = _("%(name)s already belongs to this customer. Take that away first.")
    return words % {"name": parent}


def set_parent(customer: Customer, parent: Customer | None, actor) -> ChangeSet | None:
    """Raises ValidationError; see check_parent."""
    check_parent(customer, parent)
    customer.parent = parent
    return edit_customer(customer, ["parent"], actor)
