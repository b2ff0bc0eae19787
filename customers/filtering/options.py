"""What can be chosen as the value of a field: only what the reader may know of."""

import datetime
from collections.abc import Callable

from django.core.cache import cache
from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.countries import country_choices
from customers.filters import colleagues_of, countries_of, teams_of
from customers.groups import names as group_names
from customers.models import (
    CustomAttribute,
    Customer,
    CustomerScore,
    Notification,
    Order,
    Product,
    Tag,
    User,
    concern_choices,
)
from customers.reasons.names import NAMES
from customers.reasons.person import ATTRIBUTE
from customers.topics import topics_for
from customers.wording import amount, day, month

ME = "me"
MONTHS = 60
KEPT = 600  # seconds
LOOKED_AT = 10_000  # customers or orders, for the values of an attribute or a column
MOST, MOST_PRODUCTS = 200, 2_000


def known_to(user) -> dict[str, list[tuple]]:
    """Colleagues, teams and tags as (id, name), and the company's own fields: all of it in one query."""

    def rows(queryset, kind: str, key: str, *names: str):
        columns = [Cast(name, CharField()) for name in names] + [Value("")] * (3 - len(names))
        return queryset.order_by().values_list(Value(kind), key, *columns)

    both = rows(colleagues_of(user), "people", "pk", "first_name", "last_name", "username").union(
        rows(teams_of(user), "teams", "pk", "name"),
        rows(Tag.objects.all(), "tags", "pk", "name"),
        rows(CustomAttribute.objects.all(), "attributes", "position", "name", "label", "type"),
        all=True,
    )
    found: dict[str, set[tuple]] = {
        "people": set(),
        "teams": set(),
        "tags": set(),
        "attributes": set(),
    }
    for kind, key, *names in both:
        if kind == "attributes":
            found[kind].add((key, *names))
        elif kind == "people":
            first, last, username = names
            person = User(first_name=first, last_name=last, username=username)
            found[kind].add((str(key), str(person)))
        else:
            found[kind].add((str(key), names[0]))
    by_name = {
        kind: sorted(found[kind], key=lambda pair: pair[1].casefold())
        for kind in ("people", "teams", "tags")
    }
    own = sorted(found["attributes"], key=lambda one: (one[0], one[2]))
    return by_name | {
        "attributes": [CustomAttribute(position=p, name=n, label=la, type=t) for p, n, la, t in own]
    }


def people(fields) -> list[tuple[str, str]]:
    return [(ME, _("me")), *fields.known["people"]]


def teams(fields) -> list[tuple[str, str]]:
    return fields.known["teams"]


def tags(fields) -> list[tuple[str, str]]:
    return fields.known["tags"]


def countries(fields) -> list[tuple[str, str]]:
    return country_choices(countries_of(fields.user))


def groups(fields) -> list[tuple[str, str]]:
    """The behaviour groups there are: the same for every reader, as names are."""
    found = cache.get("behaviour-groups")
    if found is None:
        rows = CustomerScore.objects.exclude(cluster=None).order_by("cluster")
        found = list(rows.values_list("cluster", flat=True).distinct()[:50])
        cache.set("behaviour-groups", found, KEPT)
    known = group_names()
    return [(str(number), known.get(number, str(number))) for number in found]


def concerns(fields) -> list[tuple[str, str]]:
    return concern_choices()


def topics(fields) -> list[tuple[str, str]]:
    return topics_for(fields.user)


def products(fields) -> list[tuple[str, str]]:
    rows = Product.objects.order_by("name", "pk").values_list("pk", "name")[:MOST_PRODUCTS]
    return [(str(pk), name) for pk, name in rows]


def chosen_products(values) -> QuerySet[Product]:
    """Those that a condition names; what is no id of one is passed over."""
    ids = [
        int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 19
    ]
    return Product.objects.filter(pk__in=ids).order_by("name", "pk")


def heard_of(user, column: str) -> list[tuple[str, str]]:
    """What stands in a column of orders lately, so that millions are not gone through."""
    key = f"orders:{column}:{user.pk}"
    values = cache.get(key)
    if values is None:
        newest = Order.objects.visible_to(user).order_by("-pk")
        latest = newest.values_list(column, flat=True)[:LOOKED_AT]
        values = sorted({value for value in latest if value})[:MOST]
        cache.set(key, values, KEPT)
    return [(value, value) for value in values]


def reasons(fields) -> list[tuple[str, str]]:
    own = [(ATTRIBUTE + one.name, one.label) for one in fields.attributes]
    return [*((code, str(name)) for code, name in NAMES.items()), *own]


def handed_over(kind: str) -> Callable:
    """By which changes of late the reader got many at once, the newest first: who did it, when, how many it was."""

    def found(fields) -> list[tuple[str, str]]:
        told = Notification.objects.filter(user=fields.user, kind=kind, key__startswith=f"{kind}:")
        told = told.filter(customer=None, interaction=None).select_related("actor").order_by("-pk")
        return [(one.key.rpartition(":")[2], handover_said(one)) for one in told[:MOST]]

    return found


def handover_said(one: Notification) -> str:
    who = str(one.actor) if one.actor else _("Somebody")
    on, n = day(timezone.localdate(one.at)), amount(one.facts.get("count", 0))
    return _("%(day)s, %(person)s: %(n)s") % {"day": on, "person": who, "n": n}


def months(fields) -> list[tuple[str, str]]:
    """The last years' months, the newest first, as 2026-03."""
    first, found = fields.asking.now.astimezone(datetime.UTC).date().replace(day=1), []
    for __ in range(MONTHS):
        found.append((f"{first:%Y-%m}", month(first)))
        first = (first - datetime.timedelta(days=1)).replace(day=1)
    return found


def of_attribute(fields, one: CustomAttribute) -> list[tuple[str, str]]:
    """What is offered for it, then whatever else stands on customers."""
    offered = {option: option for option in one.options}
    return list((offered | dict(attribute_values(fields, one.name))).items())


def attribute_values(fields, name: str) -> list[tuple[str, str]]:
    """What the reader's customers have there: of the newest, so that a million are not gone through."""
    key = f"attribute-values:{fields.user.pk}:{name}"
    found = cache.get(key)
    if found is None:
        newest = Customer.objects.visible_to(fields.user).order_by("-pk")
        values = newest.values_list("attributes", flat=True)[:LOOKED_AT]
        found = sorted({one[name] for one in values if isinstance(one.get(name), str)})[:MOST]
        cache.set(key, found, KEPT)
    return [(value, value) for value in found if value]
