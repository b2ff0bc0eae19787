"""Record single facts about customers: an order, an interaction, a task.

Each function writes its rows with a change set, brings the stored totals up to date and announces the change, in
one transaction. Bulk facts go through customers.upserting.
"""

import datetime
from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction

from customers.changing import open_change_set
from customers.clocks import clock_of
from customers.models import ChangeSet, Customer, Interaction, Order, OrderLine, Task
from customers.money import CENT, Rates, within_limits
from customers.noticing import tell_owner
from customers.signals import announce
from customers.tasking import tell_assigned
from customers.totalling import refresh_totals

PAGE = ChangeSet.Source.PAGE


@transaction.atomic
def record_customer(customer: Customer, actor=None, source: str = PAGE) -> Customer:
    """Store a new customer, with totals of zero."""
    customer.recorded_in = open_change_set(source, actor)
    customer.save()
    refresh_totals([customer.pk])
    tell_owner(customer, actor, key=f"given:{customer.recorded_in_id}")
    announce([customer.pk])
    return customer


@transaction.atomic
def record_order(order: Order, lines: Sequence[OrderLine], actor=None, source: str = PAGE) -> Order:
    """Store a new order with its lines.

    Amounts are worked out from the lines where there are any (quantity × unit price, negative for returns and
    cancellations) and converted at the rate of the order's day. Raises money.MissingRate and money.TooLarge.
    """
    rates, day = Rates(), order.occurred_at.astimezone(datetime.UTC).date()
    sign = 1 if order.kind == Order.Kind.SALE else -1
    for position, line in enumerate(lines, 1):
        line.position = position
        line.quantity = sign * abs(line.quantity)
        line.amount = within_limits((line.quantity * line.unit_price).quantize(CENT))
        line.base_amount = within_limits(rates.to_base(line.amount, order.currency, day))
    if lines:
        order.amount = sum((line.amount for line in lines), Decimal(0))
    order.amount = within_limits(sign * abs(order.amount))
    order.base_amount = within_limits(rates.to_base(order.amount, order.currency, day))
    order.recorded_in = open_change_set(source, actor)
    order.save()
    for line in lines:
        line.order = order
    OrderLine.objects.bulk_create(lines)
    refresh_totals([order.customer_id])
    announce([order.customer_id])
    return order


@transaction.atomic
def record_interaction(interaction: Interaction, actor=None, source: str = PAGE) -> Interaction:
    """Store a new message, call, note, review or complaint."""
    interaction.recorded_in = open_change_set(source, actor)
    interaction.save()
    announce([interaction.customer_id])
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
