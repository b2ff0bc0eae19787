"""What can be chosen as the value of a field: only what the reader may know of."""

from django.core.cache import cache
from django.db.models import CharField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from customers.countries import country_choices
from customers.filters import colleagues_of, countries_of, teams_of
from customers.groups import called
from customers.models import Customer, CustomerScore, Tag, User

ME = "me"
KEPT = 600  # seconds
LOOKED_AT = 10_000  # customers, for the values of an attribute
MOST = 200


def people_teams_tags(user) -> dict[str, list[tuple[str, str]]]:
    """All three in one query: (id, name) by kind."""

    def rows(queryset, kind: str, *names: str):
        columns = [Cast(name, CharField()) for name in names] + [Value("")] * (3 - len(names))
        return queryset.order_by().values_list(Value(kind), "pk", *columns)

    people = rows(colleagues_of(user), "people", "first_name", "last_name", "username")
    both = people.union(
        rows(teams_of(user), "teams", "name"), rows(Tag.objects.all(), "tags", "name"), all=True
    )
    found: dict[str, list[tuple[str, str]]] = {"people": [], "teams": [], "tags": []}
    for kind, pk, first, last, username in both:
        name = first
        if kind == "people":
            name = str(User(first_name=first, last_name=last, username=username))
        found[kind].append((str(pk), name))
    return {
        kind: sorted(set(pairs), key=lambda pair: pair[1].casefold())
        for kind, pairs in found.items()
    }


def people(fields) -> list[tuple[str, str]]:
    return [(ME, _("me")), *fields.people_teams_tags["people"]]


def teams(fields) -> list[tuple[str, str]]:
    return fields.people_teams_tags["teams"]


def tags(fields) -> list[tuple[str, str]]:
    return fields.people_teams_tags["tags"]


def countries(fields) -> list[tuple[str, str]]:
    return country_choices(countries_of(fields.user))


def groups(fields) -> list[tuple[str, str]]:
    """The behaviour groups there are: the same for every reader, as names are."""
    found = cache.get("behaviour-groups")
    if found is None:
        rows = CustomerScore.objects.exclude(cluster=None).order_by("cluster")
        found = list(rows.values_list("cluster", flat=True).distinct()[:50])
        cache.set("behaviour-groups", found, KEPT)
    return [(str(number), called(number) or str(number)) for number in found]


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
