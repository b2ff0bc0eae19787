"""What goes to the log, and how much of it."""

import logging

SERVER_ERROR = 500


class RefusalsAreOneLine(logging.Filter):
    """A request we refuse is no fault of the program: the line says who was refused, a traceback says nothing."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", SERVER_ERROR) < SERVER_ERROR:
            record.exc_info = record.exc_text = None
        return True
