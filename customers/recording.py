"""Record single facts about customers: a message, a task; orders go through customers.upserting, one or many.

Each function writes its rows with a change set, brings the stored totals up to date and announces the change, in
one transaction. Bulk facts go through customers.upserting.
"""

from django.db import transaction

from customers.attaching import attach
from customers.changing import open_change_set
from customers.clocks import clock_of
from customers.models import ChangeSet, Customer, Interaction, Task
from customers.noticing import tell_owner
from customers.notifying import Kind, Notice, notify_many
from customers.signals import announce
from customers.tasking import tell_assigned
from customers.totalling import refresh_totals

PAGE = ChangeSet.Source.PAGE


@transaction.atomic
def record_customer(customer: Customer, actor=None, source: str = PAGE, tags=()) -> Customer:
    """Store a new customer with these tags, with totals of zero."""
    customer.recorded_in = open_change_set(source, actor)
    customer.save()
    if tags:
        customer.tags.set(tags)
    refresh_totals([customer.pk])
    tell_owner(customer, actor, customer.recorded_in)
    announce([customer.pk])
    return customer


@transaction.atomic
def record_interaction(interaction: Interaction, actor=None, source: str = PAGE) -> Interaction:
    """Store a new message, call, note, review or complaint."""
    interaction.recorded_in = open_change_set(source, actor)
    interaction.save()
    announce([interaction.customer_id])
    return interaction


@transaction.atomic
def record_log(
    interaction: Interaction, actor, *, reminder: Task | None = None, mentions=(), files=()
) -> Interaction:
    """Something written down with what belongs to it, as one change: a reminder, who is mentioned, files."""
    record_interaction(interaction, actor)
    change_set = interaction.recorded_in
    if mentions:
        interaction.mentions.set(mentions)
        notify_many(Notice(one, Kind.MENTION, interaction, actor) for one in mentions)
    if reminder:
        reminder.customer = interaction.customer
        reminder.remind = 0  # on the day itself
        store_task(reminder, change_set, actor)
    attach(interaction, files, change_set)
    return interaction


@transaction.atomic
def record_task(task: Task, actor=None, source: str = PAGE) -> Task:
    """Store a new task."""
    return store_task(task, open_change_set(source, actor), actor)


def store_task(task: Task, change_set: ChangeSet, actor=None) -> Task:
    """Store a new task as part of a change; whoever gets it from somebody else is told."""
    task.recorded_in = change_set
    task.created_by = task.created_by or actor
    task.repeat_from = task.due_on if task.repeat else None
    task.set_reminder(clock_of(task.assignee))
    task.save()
    tell_assigned([task], actor, change_set)
    return task
