"""Record single facts about customers: a message, a task; orders go through customers.upserting, one or many.

Each function writes its rows with a change set, brings the stored totals up to date and announces the change, in
one transaction. Bulk facts go through customers.upserting.
"""

from django.db import transaction

from customers.attaching import attach
from customers.changing import open_change_set
from customers.models import ChangeSet, Customer, Interaction, Task
from customers.signals import announce
from customers.totalling import refresh_totals

PAGE = ChangeSet.Source.PAGE


@transaction.atomic
def record_customer(customer: Customer, actor=None, source: str = PAGE) -> Customer:
    """Store a new customer, with totals of zero."""
    customer.recorded_in = open_change_set(source, actor)
    customer.save()
    refresh_totals([customer.pk])
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
    if reminder:
        reminder.customer, reminder.created_by = interaction.customer, actor
        reminder.recorded_in = change_set
        reminder.save()
    attach(interaction, files, change_set)
    return interaction


@transaction.atomic
def record_task(task: Task, actor=None, source: str = PAGE) -> Task:
    """Store a new task."""
    task.recorded_in = open_change_set(source, actor)
    task.created_by = task.created_by or actor
    task.save()
    return task
