"""Celery's side of the customers: an id in, one call; the outcome stands on a row of the database."""

from celery import shared_task


@shared_task
def write_list(export_id: int) -> None:
    from customers.list_exports import write

    write(export_id)
