"""Celery's side of keeping an installation well."""

from celery import shared_task


@shared_task(acks_late=False)
def back_up(keep: int = 7) -> None:
    """Acknowledged before the work: one that a full disk kills is not tried over and over."""
    from crm.operations.backups.making import make_backup

    make_backup(keep=keep)
