"""The rows of one request: what is wrong with each, and what became of it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Container

from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.fields import empty

from customers.api.errors import flatten
from customers.upserting import CREATED, DUPLICATE, UNCHANGED, UPDATED

REJECTED = "rejected"
STATUSES = (CREATED, UPDATED, UNCHANGED, DUPLICATE, REJECTED)


class Batch:
    """Rows by their place in the request.

    A row with an error is not written; what else is wrong with it is looked for all the same, so that whoever mends
    it hears of everything at once.
    """

    def __init__(self, rows: list[dict], errors: dict[int, list[dict]] | None = None):
        self.rows = rows
        self.errors: dict[int, list[dict]] = defaultdict(list)
        for at, found in (errors or {}).items():
            self.errors[at] = list(found)
        self.ids: list[int | None] = [None] * len(rows)
        self.statuses = [REJECTED] * len(rows)

    def again(self) -> "Batch":
        """The same before anything was looked up: for another try."""
        return Batch(self.rows, self.errors)

    def refuse(self, at: int, field: str, detail) -> None:
        """Note what is wrong with a row; ``detail`` is what a serializer's field would raise.

        Of what is no row at all (its error names no field) nothing more is said.
        """
        if not self.is_refused(at, ""):
            self.errors[at] += flatten(detail, field)

    def is_refused(self, at: int, field: str) -> bool:
        return any(error["field"] == field for error in self.errors.get(at, ()))

    def good(self) -> list[int]:
        """Places of the rows that nothing is wrong with so far."""
        return [at for at in range(len(self.rows)) if at not in self.errors]

    def saying(self, column: list) -> list[int]:
        """Places of the rows that give a usable value in this column, whatever is wrong with others."""
        return [at for at, value in enumerate(column) if value is not None and value is not empty]

    def named(self, column: list) -> set:
        """The values themselves, each once."""
        return {column[at] for at in self.saying(column)}

    def keyed(self, *columns: list) -> dict[int, tuple]:
        """The key of each row that gives all its parts."""
        keys = enumerate(zip(*columns, strict=True))
        return {at: key for at, key in keys if empty not in key and None not in key}

    def refuse_unknown(
        self,
        field: str,
        named: list,
        known: Container,
        words: Callable[[], str],
        code: str = "does_not_exist",
    ) -> None:
        """Refuse rows that name somebody or something that is not known."""
        detail = None
        for at in self.saying(named):
            if named[at] not in known and not self.is_refused(at, field):
                detail = detail or ErrorDetail(words(), code)
                self.refuse(at, field, detail)

    def became(self, at: int, pk: int, status: str) -> None:
        self.ids[at], self.statuses[at] = pk, status

    def refused(self) -> ValidationError:
        """All errors as one, for a request that is refused as a whole."""
        detail = {}
        for at in sorted(self.errors):
            for error in self.errors[at]:
                path = f"{at}.{error['field']}".rstrip(".")
                detail.setdefault(path, []).append(ErrorDetail(error["message"], error["code"]))
        return ValidationError(detail)

    def refused_alone(self) -> ValidationError:
        """The same for a request that is a single row."""
        detail: dict[str, list[ErrorDetail]] = {}
        for error in self.errors[0]:
            found = ErrorDetail(error["message"], error["code"])
            detail.setdefault(error["field"] or "non_field_errors", []).append(found)
        return ValidationError(detail)

    def counts(self) -> dict[str, int]:
        found = Counter(self.statuses)
        return {status: found[status] for status in STATUSES}

    def answer(self) -> dict:
        return {
            "counts": self.counts(),
            "results": [
                {"index": at, "id": pk, "status": status, "errors": self.errors.get(at, [])}
                for at, (pk, status) in enumerate(zip(self.ids, self.statuses, strict=True))
            ],
        }


def opened(rows: list) -> Batch:
    """A batch of what a client sent, which may hold things that are no rows at all."""
    batch = Batch([row if isinstance(row, dict) else {} for row in rows])
    for at, row in enumerate(rows):
        if isinstance(row, Unreadable):
            batch.refuse(at, "", ErrorDetail(row.reason, "malformed"))
        elif not isinstance(row, dict):
            batch.refuse(at, "", ErrorDetail(_("A row is an object with named fields."), "invalid"))
    return batch


class Unreadable:
    """A line that is no JSON."""

    def __init__(self, reason: str):
        self.reason = reason
