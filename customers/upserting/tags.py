"""Tags of many customers at once."""

from customers.models import Customer, Tag

Link = Customer.tags.through


def set_tags(wanted: dict[int, frozenset[str]]) -> dict[int, list[int]]:
    """Give customers exactly these tags; returns the tag ids that those had before whose tags changed."""
    ids = _tag_ids({name for names in wanted.values() for name in names})
    had: dict[int, set[int]] = {pk: set() for pk in wanted}
    for customer_id, tag_id in Link.objects.filter(customer__in=wanted).values_list(
        "customer_id", "tag_id"
    ):
        had[customer_id].add(tag_id)
    now = {pk: {ids[name] for name in names} for pk, names in wanted.items()}
    changed = [pk for pk in wanted if had[pk] != now[pk]]
    Link.objects.filter(customer__in=changed).delete()
    Link.objects.bulk_create(
        (Link(customer_id=pk, tag_id=tag) for pk in changed for tag in sorted(now[pk])),
        batch_size=2000,
    )
    return {pk: sorted(had[pk]) for pk in changed}


def _tag_ids(names: set[str]) -> dict[str, int]:
    known = dict(Tag.objects.filter(name__in=names).values_list("name", "pk"))
    fresh = [Tag(name=name) for name in sorted(names - known.keys())]
    return known | {tag.name: tag.pk for tag in Tag.objects.bulk_create(fresh)}
