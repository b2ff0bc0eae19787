"""What can be wrong: with the mapping, with the file, with one row."""

from django.utils.functional import Promise

Words = str | Promise


class ImportFailed(Exception):
    """The whole import cannot go on; nothing was stored. The message tells what to do."""


class MappingError(ImportFailed):
    """The mapping is wrong, or does not fit the file."""


class RowRejected(Exception):
    """One row cannot be used."""

    def __init__(self, column: str, reason: Words):
        self.column, self.reason = column, str(reason)
        super().__init__(f"{column}: {self.reason}")


class BadValue(ValueError):
    """A cell's text is not what its field needs; the reader adds the column."""

    def __init__(self, reason: Words):
        self.reason = reason
        super().__init__(str(reason))
