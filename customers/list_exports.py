"""Write long lists in the background: asked for by a row, written by a worker, kept for a day."""

import logging
import os
import shutil
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.http import QueryDict
from django.utils import timezone, translation

from customers.exporting import Kind, lines, written
from customers.list_tables import table_of
from customers.models import ListExport
from customers.moments import zone_of
from customers.waking import wake

logger = logging.getLogger(__name__)

AT_ONCE = 10_000  # rows; longer lists are a worker's
MOST = 1_000_000  # rows; a sheet holds hardly more
TOLD = 2000  # rows, after which the progress is told
SILENT = timedelta(minutes=2)
UNSENT = timedelta(seconds=20)
Status = ListExport.Status


class Overtaken(Exception):
    """Another worker writes this list, or nobody wants it any more."""


def request_export(user, query: str, kind: Kind) -> ListExport:
    """Have a worker write the list; who asks for the same again gets what is under way."""
    wanted = {"user": user, "query": query, "kind": kind}
    language = translation.get_language() or ""
    zone = timezone.get_current_timezone_name()
    try:
        with transaction.atomic():
            one = ListExport.objects.create(**wanted, language=language, time_zone=zone)
            transaction.on_commit(lambda: send(one))
    except IntegrityError:
        one = ListExport.objects.active().filter(**wanted).latest("pk")
    return one


def send(one: ListExport) -> None:
    from customers.tasks import write_list

    wake(write_list, one.pk)


def write(pk: int) -> None:
    """One attempt. The attempt counts before the work, since the work may kill us."""
    mine = ListExport.objects.filter(pk=pk, status=Status.QUEUED)
    now = timezone.now()
    if not mine.update(status=Status.RUNNING, attempts=F("attempts") + 1, heartbeat_at=now, rows=0):
        return
    one = ListExport.objects.select_related("user").get(pk=pk)
    running = ListExport.objects.filter(pk=pk, status=Status.RUNNING, attempts=one.attempts)
    zone = zone_of(one.time_zone) or timezone.get_default_timezone()
    try:
        with timezone.override(zone), translation.override(one.language):
            rows = write_file(one, running)
    except Overtaken:
        return
    except Exception:
        logger.exception("The list %s could not be written", one)
        running.update(status=Status.FAILED, ended_at=timezone.now())
        raise
    running.update(status=Status.DONE, rows=rows, expected=rows, ended_at=timezone.now())


def write_file(one: ListExport, running) -> int:
    """Into a file of another name first, so that nobody is handed half of it; returns the number of rows."""
    table = table_of(one.user, QueryDict(one.query))
    running.update(expected=min(MOST, table.found.order_by().count()))
    counted = Counted(table.rows(MOST), running)
    head = table.head()
    one.path.parent.mkdir(parents=True, exist_ok=True)
    half = one.path.with_suffix(f".{one.attempts}.half")
    try:
        if one.kind == "xlsx":
            with written(table.title, head, counted) as made, half.open("wb") as file:
                shutil.copyfileobj(made, file)
        else:
            with half.open("w", encoding="utf-8", newline="") as file:
                file.writelines(lines(head, counted))
        os.replace(half, one.path)
    finally:
        half.unlink(missing_ok=True)
    return counted.rows


class Counted:
    """Rows on their way, told of every now and then; stops where another attempt has taken over."""

    def __init__(self, rows: Iterable[Iterable[Any]], running) -> None:
        self.rows, self._rows, self._running = 0, rows, running

    def __iter__(self) -> Iterator[Any]:
        for row in self._rows:
            yield row
            self.rows += 1
            if self.rows % TOLD == 0:
                told = self._running.update(rows=self.rows, heartbeat_at=timezone.now())
                if not told:
                    raise Overtaken


def see_to(now: datetime) -> None:
    """Whatever was lost is asked for again, what has failed too often is given up, what is old goes."""
    if not ListExport.objects.exists():
        return
    running = ListExport.objects.filter(status=Status.RUNNING)
    silent = running.filter(Q(heartbeat_at__lt=now - SILENT) | Q(heartbeat_at__gt=now + SILENT))
    silent.filter(attempts__gte=ListExport.MOST_ATTEMPTS).update(status=Status.FAILED, ended_at=now)
    silent.update(status=Status.QUEUED, heartbeat_at=now - UNSENT)
    waiting = ListExport.objects.filter(status=Status.QUEUED, created_at__lt=now - UNSENT)
    for one in waiting.filter(Q(heartbeat_at=None) | Q(heartbeat_at__lte=now - UNSENT))[:10]:
        # Not again before it had its time: a busy worker comes to it.
        ListExport.objects.filter(pk=one.pk).update(heartbeat_at=now + 15 * UNSENT)
        send(one)
    for one in ListExport.objects.filter(ended_at__lt=now - ListExport.KEPT)[:100]:
        one.path.unlink(missing_ok=True)
        one.delete()
