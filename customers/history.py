"""Who changed what of a customer last."""

from customers.models import Change, Customer

READ = 50


def last_changes(customer: Customer, fields: set[str]) -> dict[str, Change]:
    """For each of the fields its newest change, with the change set and its actor."""
    named = {customer._meta.get_field(name).attname: name for name in fields}
    changes = Change.objects.filter(model="customer", object_id=customer.pk)
    found: dict[str, Change] = {}
    for change in changes.select_related("change_set__actor").order_by("-pk")[:READ]:
        for stored in change.previous:
            name = named.get(stored) or (stored if stored in fields else "")
            if name:
                found.setdefault(name, change)
    return found
