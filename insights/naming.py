"""Give a behaviour group a name of one's own, and say what a group is called."""

from django.db import transaction

from customers.changing import open_change_set, save_changed
from customers.models import ChangeSet
from insights.groups import name_of
from insights.models import GroupName, Kind, ModelVersion


@transaction.atomic
def name_group(
    number: int, name: str, actor, source: str = ChangeSet.Source.PAGE
) -> ChangeSet | None:
    """An empty name brings back the one from what sets the group apart. None where nothing has changed.

    Raises IntegrityError where another group has the name.
    """
    GroupName.objects.get_or_create(number=number)
    group = GroupName.objects.select_for_update().get(number=number)
    group.name = name
    change_set = open_change_set(source, actor)
    if save_changed(group, change_set, ["name"]):
        return change_set
    change_set.delete()
    return None


def tidy(name: str) -> str:
    return " ".join(name.split())


def is_taken(number: int, name: str) -> bool:
    """Whether another group is called so."""
    others = GroupName.objects.exclude(number=number)
    return bool(name) and others.filter(name__iexact=name).exists()


def published_groups() -> dict[int, dict]:
    """What the champion says of its groups, by number."""
    champion = ModelVersion.objects.filter(kind=Kind.SEGMENTS, is_champion=True)
    groups = champion.values_list("summary__clusters", flat=True).first() or []
    return {one["cluster"]: one for one in groups}


def names_of_groups(published: dict[int, dict] | None = None) -> dict[int, str]:
    """By number the name somebody gave, else that from what sets the group apart; two queries for all, one where the
    published groups are at hand."""
    groups = published_groups() if published is None else published
    found = {number: name_of(one["traits"]) for number, one in groups.items() if one["traits"]}
    return found | GroupName.known()


def name_of_group(number: int) -> str:
    """The same of one group; nothing where it has no name."""
    return names_of_groups().get(number, "")
