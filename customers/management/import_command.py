"""What the five import commands share: flags, progress, the closing table."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import Error
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.importing import ImportFailed, Mapping, Options, Report, run_import
from customers.importing.rejecting import KEPT_DAYS, is_removed_later
from customers.models import Team, User

VERDICTS = ("created", "updated", "unchanged", "duplicate", "rejected", "total")


def _pairs(flags: list[str]) -> dict[str, str]:
    pairs = [flag.partition("=") for flag in flags]
    if bad := [name for name, equals, _value in pairs if not name or not equals]:
        raise CommandError(f"{bad[0]}: write it as field=value")
    return {name.strip(): value.strip() for name, _equals, value in pairs}


class ImportCommand(BaseCommand):
    kind = ""

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="a CSV file, or one compressed with gzip")
        parser.add_argument("--map", type=Path, help="mapping file (TOML or JSON)")
        parser.add_argument(
            "--set", action="append", default=[], metavar="FIELD=COLUMN", help="map one field"
        )
        parser.add_argument(
            "--const",
            action="append",
            default=[],
            metavar="FIELD=VALUE",
            help="the same value for every row",
        )
        parser.add_argument("--source", default="", help="the system that the ids come from")
        parser.add_argument("--tz", default="", help="time zone of times without one")
        parser.add_argument("--currency", default="", help="currency where no column says one")
        parser.add_argument("--owner", help="user name: owner of the customers that are created")
        parser.add_argument("--team", help="name: team of the customers that are created")
        parser.add_argument("--rejected", type=Path, help="where rejected rows go (CSV)")

    def handle(self, *_args, **flags):
        try:
            mapping = Mapping.read(flags["map"]) if flags["map"] else Mapping()
            mapping = mapping.with_flags(
                _pairs(flags["set"]), _pairs(flags["const"]), flags["source"]
            )
            report = run_import(
                self.kind, flags["file"], mapping, self._options(flags), self._progress
            )
        except ImportFailed as error:
            raise CommandError(str(error)) from error
        except Error as error:
            raise CommandError(
                _("Nothing was stored. The database said: %(error)s") % {"error": error}
            ) from error
        finally:
            if sys.stderr.isatty():
                self.stderr.write("\r" + " " * 60, ending="\r")
        self._print(report)

    def _options(self, flags: dict) -> Options:
        return Options(
            tz=flags["tz"],
            currency=flags["currency"],
            owner=self._find(User, "username", flags["owner"]),
            team=self._find(Team, "name", flags["team"]),
            rejected_path=flags["rejected"],
        )

    def _find(self, model, field: str, value: str | None):
        if not value:
            return None
        found = model.objects.filter(**{field: value}).first()
        if not found:
            raise CommandError(
                _("There is no %(what)s “%(name)s”.")
                % {"what": model._meta.verbose_name, "name": value}
            )
        return found

    def _progress(self, step: str, fraction: float, rows: int | None) -> None:
        if sys.stderr.isatty():
            count = f"{rows:,}" if rows is not None else ""
            self.stderr.write(f"\r{step:<10} {fraction:>4.0%} {count:>14}", ending="\r")

    def _print(self, report: Report) -> None:
        for name in VERDICTS:
            self.stdout.write(f"{name:<10} {report.counts[name]:>12,}")
        if made := ", ".join(f"{n:,} {name}" for name, n in sorted(report.made.items()) if n):
            self.stdout.write(made)
        if report.books_in:
            said = _(
                "The books are kept in %(currency)s from now on, the currency of this first file."
            )
            self.stdout.write(said % {"currency": report.books_in})
        reasons = sorted(report.reasons.items(), key=lambda item: -item[1])
        for (column, reason), rows in reasons[:20]:
            words = ngettext("%(n)s row", "%(n)s rows", rows) % {"n": f"{rows:,}"}
            self.stdout.write(f"{words}: {column or '-'}: {reason}")
        if report.rejected_path:
            self.stdout.write(str(report.rejected_path))
            if is_removed_later(report.rejected_path):
                self.stdout.write(_("It is removed after %(n)s days.") % {"n": KEPT_DAYS})
        self.stdout.write(f"{report.seconds['total']:.1f} s")
