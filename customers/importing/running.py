"""One import, from the file to the report; read it from top to bottom."""

import os
import sqlite3
import time
import zoneinfo
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext as _

from customers.changing import open_change_set
from customers.importing.errors import ImportFailed, MappingError, RowRejected
from customers.importing.kinds import KINDS
from customers.importing.kinds.base import Kind, Run
from customers.importing.mapping import Mapping
from customers.importing.planning import Plan, bind
from customers.importing.reading import Source, open_source
from customers.importing.rejecting import kept_path, write_rejected
from customers.importing.staging import Staging
from customers.importing.unknowns import with_unknown_columns
from customers.models import ChangeSet, Company, ExchangeRate, Order, Product, Team, User
from customers.signals import count_rows
from customers.upserting import finish

Progress = Callable[[str, float, int | None], None]
EVERY = 2000
# Any number does, as long as no other advisory lock uses it: one import writes at a time.
LOCK = 0x696D706F7274


def silent(step: str, fraction: float, rows: int | None) -> None:
    """Progress for nobody."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the person says who imports; each beats what the mapping says."""

    tz: str = ""
    currency: str = ""
    owner: User | None = None
    team: Team | None = None
    actor: User | None = None
    rejected_path: Path | None = None
    max_rows: int = 50_000_000


@dataclass(slots=True)
class Report:
    """``counts``: created, updated, unchanged, duplicate, rejected, total. Each row stands in one of the first five."""

    counts: dict[str, int]
    made: dict[str, int]
    reasons: dict[tuple[str, str], int]
    rejected_path: Path | None
    change_set: ChangeSet
    books_in: str = ""  # the base currency, where this first import has settled it
    seconds: dict[str, float] = field(default_factory=dict)


def run_import(
    kind: str,
    path: str | Path,
    mapping: Mapping,
    options: Options | None = None,
    progress: Progress = silent,
) -> Report:
    """Import a file; raises ImportFailed (MappingError) with nothing stored."""
    options, began = options or Options(), time.monotonic()
    source, plan, work = prepare(kind, path, mapping, options)
    try:
        with Staging(plan.names) as staging:
            run = Run(work, plan, options, staging, currency(mapping, options))
            if (options.currency or mapping.currency) and _is_first_money(run):
                run.rates.base = run.currency
            total = _read(source, run, progress, options.max_rows)
            read = time.monotonic()
            report = _write(source, run, total, progress)
    except (
        sqlite3.OperationalError
    ) as error:  # of the rows set aside; Django has its own for the database
        raise ImportFailed(
            _(
                "Nothing was stored: there is no room for the rows that are set aside while a file is read"
                " (%(error)s). Make room, or name another folder in SQLITE_TMPDIR."
            )
            % {"error": error}
        ) from error
    end = time.monotonic()
    report.seconds = {"reading": read - began, "writing": end - read, "total": end - began}
    return report


def prepare(
    kind: str, path: str | Path, mapping: Mapping, options: Options
) -> tuple[Source, Plan, Kind]:
    """Open the file and bind the mapping to it."""
    if kind not in KINDS:
        raise MappingError(_("There is nothing of the kind “%(kind)s” to import.") % {"kind": kind})
    if mapping.kind and mapping.kind != kind:
        raise MappingError(
            _("This mapping is for %(meant)s, not for %(kind)s.")
            % {"meant": mapping.kind, "kind": kind}
        )
    source = open_source(path, mapping.delimiter)
    mapping = with_unknown_columns(mapping, kind, source)
    work = KINDS[kind](mapping)
    return source, bind(mapping, work.fields, source.header, _zone(mapping, options)), work


def _zone(mapping: Mapping, options: Options) -> zoneinfo.ZoneInfo:
    name = options.tz or mapping.tz or Company.current().time_zone
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError) as error:
        raise MappingError(_("There is no time zone “%(name)s”.") % {"name": name}) from error


def currency(mapping: Mapping, options: Options) -> str:
    code = options.currency or mapping.currency or Company.current().base_currency
    if len(code) != 3 or not code.isascii() or not code.isalpha():
        raise MappingError(
            _("“%(code)s” is not a currency code of three letters.") % {"code": code}
        )
    return code.upper()


def _is_first_money(run: Run) -> bool:
    """Then it is what the books are kept in, unless the company has said something else by a rate or a price."""
    known = (Order, ExchangeRate, Product)
    return run.kind.name == "orders" and not any(model.objects.exists() for model in known)


def _keep_books_in(code: str) -> str:
    """The code where that is new, else nothing."""
    if code == Company.current().base_currency:
        return ""
    Company.objects.update(base_currency=code)
    return code


def _read(source: Source, run: Run, progress: Progress, max_rows: int) -> int:
    """Check every row and lay it down; no database is written meanwhile, so nobody waits."""
    total = 0
    values, key, staging = run.plan.values, run.kind.key, run.staging
    for number, row in source.rows():
        total += 1
        try:
            checked, digest, wrong = values(row)
            run.kind.check(checked, run, wrong)
        except RowRejected as rejected:
            wrong = {rejected.column: rejected.reason}
        if wrong:
            run.reject(number, wrong)
        else:
            staging.add(number, key(checked), digest, checked)
        if total % EVERY == 0:
            progress("reading", min(number / max(source.lines, 1), 1.0), total)
            if total > max_rows:
                raise ImportFailed(
                    _("The file has more than %(n)s rows. Split it.") % {"n": f"{max_rows:,}"}
                )
    progress("reading", 1.0, total)
    return total


def _write(source: Source, run: Run, total: int, progress: Progress) -> Report:
    """All of it in one transaction: what fails leaves nothing."""
    path: Path | None = None
    with transaction.atomic():
        _one_at_a_time()
        books_in = _keep_books_in(run.rates.base)
        run.change_set = open_change_set(
            ChangeSet.Source.IMPORT, run.options.actor, f"{run.kind.name}: {source.path.name}"
        )
        run.progress = progress
        run.kind.write(run)
        counts = _counts(run.counts, total)
        progress("totals", 0.0, None)
        made = {f"made_{kind}": count for kind, count in run.made.items()}
        finish(run.change_set, run.touched, counts | made, totals=run.kind.totals_follow)
        refused = counts["rejected"]
        taken = counts["created"] + counts["updated"]
        unchanged = total - taken - refused
        count_rows(ChangeSet.Source.IMPORT, run.kind.name, taken, unchanged, refused)
        if refused:
            progress("rejects", 0.0, refused)
            path = run.options.rejected_path or kept_path(run.change_set.pk)
            write_rejected(path.with_name(path.name + ".part"), source, run.staging.rejected())
    if path:
        os.replace(path.with_name(path.name + ".part"), path)
    progress("rejects", 1.0, refused)
    return Report(counts, dict(run.made), dict(run.reasons), path, run.change_set, books_in)


def _one_at_a_time() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _counts(counted: Counter, total: int) -> dict[str, int]:
    names = ("created", "updated", "unchanged", "duplicate", "rejected")
    counts = {name: counted[name] for name in names}
    assert sum(counts.values()) == total, (counts, total)  # every row is counted, and once
    return counts | {"total": total}


def preview(
    path: str | Path, rows: int = 20, delimiter: str = ""
) -> tuple[Source, list[list[str]]]:
    """What a file looks like: encoding, delimiter and header found, and its first rows."""
    source = open_source(path, delimiter)
    return source, list(_first(source, rows))


def _first(source: Source, rows: int) -> Iterator[list[str]]:
    for count, (_number, row) in enumerate(source.rows()):
        if count >= rows:
            return
        yield row
