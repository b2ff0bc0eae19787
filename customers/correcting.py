"""Set right what was read out of a message: one person's word, recorded, and taken back like any other change."""

from django.db import transaction

from customers.changing import open_change_set, save_changed
from customers.models import ChangeSet, Interaction, MessageCorrection
from customers.signals import announce

FIELDS = ("label", "intent")


@transaction.atomic
def correct(
    interaction: Interaction, actor, source: str = ChangeSet.Source.PAGE, **said: str
) -> ChangeSet | None:
    """What ``label`` or ``intent`` really is ("": as read); None where that has been said already."""
    correction, _new = MessageCorrection.objects.get_or_create(pk=interaction.pk)
    changed = [name for name in said if getattr(correction, name) != said[name]]
    if not changed:
        return None
    for name in changed:
        setattr(correction, name, said[name])
    correction.by = actor
    change_set = open_change_set(source, actor)
    save_changed(correction, change_set, [*changed, "by"])
    announce([interaction.customer_id])
    return change_set
