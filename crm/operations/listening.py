"""Hears of rows that other systems send, and counts them."""

from django.dispatch import receiver

from crm.operations.counting import ROWS
from crm.operations.models import RowsTaken
from customers.models import ChangeSet
from customers.signals import rows_taken


@receiver(rows_taken, dispatch_uid="crm.operations.listening")
def count(sender, source: str, kind: str, taken: int, unchanged: int, refused: int, **kw) -> None:
    counts = {"taken": taken, "unchanged": unchanged, "refused": refused}
    for result, rows in counts.items():
        if not rows:
            continue
        if source == ChangeSet.Source.IMPORT:  # a process of its own, gone before anybody asks it
            RowsTaken.add(kind, result, rows)
        else:
            ROWS.labels(source, kind, result).inc(rows)
