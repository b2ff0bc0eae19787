"""Celery's side of the customers: ids in, one call; the outcome stands on rows of the database."""

from celery import shared_task


@shared_task(acks_late=False)
def remind() -> None:
    """Each minute: reminders that are due, then the e-mails that wait."""
    from customers.mailing import send_waiting
    from customers.notifying import forget_old
    from customers.reminding import remind

    remind()
    send_waiting()
    forget_old()


@shared_task
def write_list(export_id: int) -> None:
    from customers.list_exports import write

    write(export_id)


@shared_task
def erase_customer(customer_id: int) -> None:
    from customers.erasing import erase_in_steps

    erase_in_steps(customer_id)
