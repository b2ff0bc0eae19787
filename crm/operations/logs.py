"""Log lines: one JSON object a line (LOG_FORMAT=json), or readable ones; with the request or the task they belong to.

No personal data: what an exception says may quote what somebody typed, so of most exceptions only the kind and the
place are written. Addresses are written as the names of their routes, without what was searched for.
"""

import contextvars
import datetime
import json
import logging
import traceback

from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError
from kombu.exceptions import OperationalError as BrokerError

# What the line belongs to: request, user, route; or task, task_id, about, run.
context: contextvars.ContextVar[dict] = contextvars.ContextVar("log_context", default={})  # noqa: B039  (never changed in place)

# These speak of servers, files and settings, not of people.
SPEAKS_OF_MACHINES = (OperationalError, InterfaceError, BrokerError, ImproperlyConfigured, OSError)
FRAMES, SERVER_ERROR = 12, 500


def configuration(form: str, level: str, each_request: bool) -> dict:
    """What Django and the web server are told about logging."""
    here = "crm.operations.logs"
    formatter = "JsonLines" if form == "json" else "ReadableLines"
    activity = {"level": "INFO" if each_request else "WARNING"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"discreet": {"()": f"{here}.Discreet"}},
        "formatters": {"line": {"()": f"{here}.{formatter}"}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "filters": ["discreet"],
                "formatter": "line",
            }
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django's own go through our handler, and no further one.
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.db.backends": {
                "level": "INFO"
            },  # below that it quotes the values of every query
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            "celery": {"level": "WARNING"},
            "gunicorn.error": {"level": "WARNING", "propagate": True},
            "crm.requests": activity,
            "crm.tasks": activity,
        },
    }


class Discreet(logging.Filter):
    """Takes out of a record what could quote a person's data, and puts in what it belongs to."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.context = context.get()
        if getattr(record, "status_code", SERVER_ERROR) < SERVER_ERROR:
            # A request we refuse is no fault of the program: a traceback says nothing.
            record.exc_info = record.exc_text = None
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            record.exc_text = frames(error)
        request = getattr(record, "request", None)
        if request is not None and hasattr(request, "META"):
            # Django speaks of an answer once the request is over, and its context with it.
            if own := getattr(request, "request_id", ""):
                record.context = {"request": own, "route": route(request)} | record.context
            record.msg, record.args = "%s %s", (getattr(record, "status_code", ""), place(request))
        elif record.name == "celery.app.trace" and isinstance(record.args, dict):
            said = {"exc": kind_of(error) if error else "", "return_value": ""}
            record.args = {**record.args, **said}
        else:
            record.args = discreet(record.args)
        return True


def discreet(args):
    """Exceptions among the arguments of a message by their kind, addresses without what was searched for."""
    if not isinstance(args, tuple):
        return args
    return tuple(discreet_word(one) for one in args)


def discreet_word(word):
    if isinstance(word, BaseException):
        return kind_of(word)
    return word.partition("?")[0] if isinstance(word, str) and word.startswith("/") else word


def kind_of(error: BaseException) -> str:
    name = type(error).__name__
    if isinstance(error, SPEAKS_OF_MACHINES):
        return f"{name}: {str(error).splitlines()[0] if str(error) else ''}"[:300]
    constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    return f"{name} ({constraint})" if constraint else name


def frames(error: BaseException) -> str:
    """Where it happened, innermost last, and what kind it was; not what it says."""
    lines = [
        f"{frame.filename}:{frame.lineno} in {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)[-FRAMES:]
    ]
    cause = error.__cause__ or error.__context__
    because = f" because of {kind_of(cause)}" if cause else ""
    return "\n".join([*lines, f"{kind_of(error)}{because}"])


def route(request) -> str:
    """The name of an address: the address itself may hold somebody's name or number."""
    match = getattr(request, "resolver_match", None)
    return (match.view_name or match.route) if match else "unknown"


def place(request) -> str:
    """An address with the names of its parts instead of what stood there: /customers/<int:pk>/."""
    match = getattr(request, "resolver_match", None)
    plain = match and "^" not in match.route
    return f"/{match.route.removesuffix('$')}" if plain else route(request)


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": moment(record.created),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "context", {}),
            **getattr(record, "figures", {}),
        }
        if record.exc_text:
            line["error"] = record.exc_text
        return json.dumps(line, ensure_ascii=False, default=str)


class ReadableLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        belongs = {**getattr(record, "context", {}), **getattr(record, "figures", {})}
        words = " ".join(f"{name}={value}" for name, value in belongs.items())
        line = f"{moment(record.created)} {record.levelname} {record.name}: {record.getMessage()}"
        return "\n".join(part for part in (f"{line} {words}".rstrip(), record.exc_text) if part)


def moment(seconds: float) -> str:
    at = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
