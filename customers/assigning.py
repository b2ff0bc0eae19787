"""Hand a message to a colleague, or take it on: recorded, and taken back like any other change.

Only to somebody who may see the message. Who loses sight of it later keeps the row, and sees it no more.
"""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.access import sees
from customers.changing import open_change_set, record_changes, save_changed
from customers.inserting import chunked
from customers.models import ChangeSet, Interaction, MessageAssignment, User
from customers.noticing import tell_handover
from customers.notifying import Kind
from customers.signals import announce


class CannotAssign(Exception):
    """The sentence says why."""


@transaction.atomic
def assign(
    talk: Interaction, assignee: User | None, actor, source: str = ChangeSet.Source.PAGE
) -> ChangeSet | None:
    """None hands it back to nobody; no change set where it stands so already. Raises CannotAssign."""
    if assignee and assignee not in colleagues_of([talk])[talk.pk]:
        raise CannotAssign(_("Only somebody who may see the message can look after it."))
    MessageAssignment.objects.get_or_create(pk=talk.pk)
    row = MessageAssignment.objects.select_for_update().get(pk=talk.pk)
    if row.assignee_id == (assignee and assignee.pk):
        return None
    row.assignee, row.by = assignee, actor
    change_set = open_change_set(source, actor)
    save_changed(row, change_set, ["assignee", "by"])
    if assignee:
        tell_handover(assignee, Kind.HANDED, talk, 1, actor, change_set)
    announce([talk.customer_id])
    return change_set


def colleagues_of(talks: Sequence[Interaction]) -> dict[int, list[User]]:
    """By message, the active people who may see it, by name: the gate of customers.access, for all in one query."""
    people = candidates(talks)
    found: dict[int, list[User]] = {}
    for talk in talks:
        person = talk.customer
        if person is None:
            seen_by = [user for user, _teams in people if user.is_manager or user.is_admin]
        else:
            seen_by = [
                user for user, teams in people if sees(user, teams, person.owner_id, person.team_id)
            ]
        found[talk.pk] = sorted(seen_by, key=lambda user: (str(user).casefold(), user.pk))
    return found


def candidates(talks: Iterable[Interaction]) -> list[tuple[User, dict[int, bool]]]:
    """Who might see one of them, with their teams and whether those share; one row a person and team."""
    customers = [talk.customer for talk in talks if talk.customer]
    owners = {one.owner_id for one in customers} - {None}
    teams = {one.team_id for one in customers} - {None}
    leading = Q(role__in=[User.Role.ADMIN, User.Role.MANAGER])
    rows = User.objects.filter(is_active=True).filter(
        leading | Q(pk__in=owners) | Q(teams__in=teams)
    )
    rows = rows.annotate(team_key=F("teams"), shares=F("teams__shares_customers")).order_by("pk")
    found: dict[int, tuple[User, dict[int, bool]]] = {}
    for user in rows:
        _user, own = found.setdefault(user.pk, (user, {}))
        if user.team_key:
            own[user.team_key] = user.shares
    return list(found.values())


def offer_colleagues(talks: Sequence[Interaction]) -> None:
    """Give each message ``colleagues``, those it can be handed to, for the list to choose from."""
    found = colleagues_of(talks) if talks else {}
    for talk in talks:
        talk.colleagues = found[talk.pk]


@transaction.atomic
def assign_many(talks: QuerySet[Interaction], assignee: User, actor) -> ChangeSet | None:
    """Customers' messages out of these that the assignee may see; None where they have all of them."""
    change_set = open_change_set(ChangeSet.Source.PAGE, actor)
    own = to_hand_over(talks, assignee).order_by("pk")
    customers = dict(own.values_list("pk", "customer"))
    given: list[int] = []
    for chunk in chunked(customers):
        fresh = [MessageAssignment(interaction_id=pk) for pk in chunk]
        MessageAssignment.objects.bulk_create(fresh, ignore_conflicts=True)
        rows = MessageAssignment.objects.select_for_update().filter(pk__in=chunk).order_by("pk")
        before = {
            row.pk: {"assignee": row.assignee_id, "by": row.by_id}
            for row in rows
            if row.assignee_id != assignee.pk
        }
        record_changes(change_set, MessageAssignment, before)
        moved = MessageAssignment.objects.filter(pk__in=before)
        moved.update(assignee=assignee, by=actor, at=timezone.now())
        given += before
    if not given:
        change_set.delete()
        return None
    one = Interaction.objects.get(pk=given[0]) if len(given) == 1 else None
    tell_handover(assignee, Kind.HANDED, one, len(given), actor, change_set)
    change_set.counts = {"messages": len(given)}
    change_set.save(update_fields=["counts"])
    announce({customers[pk] for pk in given} - {None})
    return change_set


def to_hand_over(talks: QuerySet[Interaction], assignee: User) -> QuerySet[Interaction]:
    """What customers wrote and this colleague may see."""
    seen = Interaction.objects.visible_to(assignee).filter(reading__inbound=True)
    return seen.filter(pk__in=talks.order_by().values("pk"))
