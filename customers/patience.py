"""SQLite has one writer at a time. A page gives up on a long one, so that somebody hears of it; who works in the
background waits until it has done: an import of a large file, a publishing of everybody's scores."""

from django.db import connection

SECONDS = 900


def wait_long() -> None:
    """For the whole process, from its next connection on."""
    if connection.vendor == "sqlite":
        connection.settings_dict["OPTIONS"]["timeout"] = SECONDS
        if not connection.in_atomic_block:
            connection.close()
