"""Two who store the same at the same moment: one of them finds it stored, and neither hears of it."""

from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, OperationalError, transaction

# Each time somebody else was faster with one of the keys, and has done: so many at once are not to be expected.
TRIES = 10
# PostgreSQL's "deadlock detected" and "could not serialize access".
PASSING = ("40P01", "40001")
T = TypeVar("T")


def in_one_transaction(write: Callable[[], T]) -> T:
    """Call it in a transaction; if somebody else stored the same key meanwhile, once more from the beginning.

    ``write`` looks up what is known anew each time, so the second time it finds what the other has stored.
    """
    for attempt in range(1, TRIES + 1):
        try:
            with transaction.atomic():
                return write()
        except (IntegrityError, OperationalError) as error:
            if attempt == TRIES or not _passing(error):
                raise
    raise AssertionError("the last attempt returns or raises")


def _passing(error: Exception) -> bool:
    return isinstance(error, IntegrityError) or getattr(error.__cause__, "sqlstate", "") in PASSING
