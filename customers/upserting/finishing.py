"""The end of every bulk write: totals, counts, announcement."""

from customers.models import ChangeSet
from customers.signals import announce
from customers.totalling import refresh_totals

# From here on one scoring of everyone is cheaper than many of one.
MANY = 5000


def finish(
    change_set: ChangeSet,
    touched: set[int] | None,
    counts: dict[str, int],
    totals: bool = True,
) -> None:
    """Bring totals up to date, store the counts, announce. ``touched`` None means everyone.

    ``totals`` False: nothing was written that sums are made of.
    """
    change_set.counts = counts
    change_set.save(update_fields=["counts"])
    if touched is not None and len(touched) > MANY:
        touched = None
    if totals:
        refresh_totals(touched)
    announce(touched)
