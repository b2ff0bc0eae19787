"""What the rest of the product hears about: facts of customers have changed.

Every write path calls :func:`announce`; whoever listens (the models do) is not known here.
"""

from collections.abc import Iterable

from django.db import transaction
from django.dispatch import Signal

# Sent with ``customer_ids``: a sorted list of ids, or None for "nearly everyone" (a bulk import). Inside the
# transaction that changes the facts: what a listener notes stands or falls with them, whenever we are killed.
facts_changed = Signal()

# Sent with ``source`` ("import" or "api"), ``kind`` ("orders", "events" …) and numbers of rows: ``taken`` were stored,
# ``unchanged`` were known already and say the same, ``refused`` cannot be used.
rows_taken = Signal()

# Sent with ``customer_ids`` before everything that is known of these customers is deleted, inside the transaction.
erasing = Signal()

# Sent with ``codes``: those of the concerns that stand for something else now, or did before; inside the transaction.
concerns_changed = Signal()


# Sent with ``names``: those by which a product is found in messages from now on, and those by which it no longer is;
# inside the transaction.
product_names_changed = Signal()


def announce_product_names(names: Iterable[str]) -> None:
    """Tell listeners that messages with one of these names may be about another product now, or about none."""
    if found := sorted({*names} - {""}):
        product_names_changed.send(sender=None, names=found)


def announce_concerns(codes: Iterable[str]) -> None:
    """Tell listeners that readings with one of these codes may say something else now, or are to be read again."""
    concerns_changed.send(sender=None, codes=sorted(codes))


def announce(customer_ids: Iterable[int] | None) -> None:
    """Tell listeners whose facts are changed by the surrounding transaction (None: everyone's). Best said last: rows
    that others want to write as well are held from then on until the commit."""
    ids = None if customer_ids is None else sorted({i for i in customer_ids if i is not None})
    if ids is None or ids:
        facts_changed.send(sender=None, customer_ids=ids)


def count_rows(
    source: str, kind: str, taken: int = 0, unchanged: int = 0, refused: int = 0
) -> None:
    """Tell listeners, once they are stored, what became of the rows that another system sent."""
    counts = {"taken": taken, "unchanged": unchanged, "refused": refused}
    transaction.on_commit(lambda: rows_taken.send(sender=None, source=source, kind=kind, **counts))


def count_refused(source: str, kind: str, rows: int) -> None:
    """Tell them of a request that was refused as a whole: nothing of it will be stored."""
    rows_taken.send(sender=None, source=source, kind=kind, taken=0, unchanged=0, refused=rows)
