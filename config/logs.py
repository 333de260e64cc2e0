"""What may stand in a log line: ids, never names, addresses, or the keys that open a page."""

import re
import traceback
from collections.abc import Iterator, MutableMapping
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError
from django_guid import get_guid

# A link's token: the id of its row and its signature, in hexadecimal.
TOKEN = re.compile(r"[0-9a-f]{32}[0-9a-f]{40}")
Line = MutableMapping[str, Any]


def to_console(*, level: str, is_json: bool) -> dict[str, Any]:
    """LOGGING: one line an event, with the id of the request it belongs to."""
    first = ["timestamp", "level", "event"]
    shown = (
        structlog.processors.JSONRenderer()
        if is_json
        else structlog.processors.KeyValueRenderer(key_order=first)
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": [
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(ALLOWED),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            tell_errors,
            name_the_request,
            hide_tokens,
            shown,
        ],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "loggers": {
            "httpx": {"level": "WARNING"},  # names the address of each call, numbers and all
            "axes": {"level": "WARNING"},  # names each account that signs in
            "celery": {"level": "WARNING"},  # two lines for each ring, some dozens a minute
            "django_guid": {"level": "WARNING"},
            "django.request": {"level": "ERROR"},  # each answer has a line of ours
        },
        "root": {"handlers": ["console"], "level": level},
    }


# What a call of the log may add: no other extra, such as Django's request, is written down.
ALLOWED = ["route", "method", "status", "milliseconds", "staff"]


def name_the_request(logger: Any, method: str, line: Line) -> Line:
    if request := get_guid():
        line["request"] = request
    return line


def tell_errors(logger: Any, method: str, line: Line) -> Line:
    """Where it went wrong and of what kind; the words of an error may be those of a person."""
    exc_info = line.pop("exc_info", None)
    if not exc_info:
        return line
    told = []
    for error in _chain(exc_info[1]):
        for words in filter(None, (repr(error), str(error))):
            line["event"] = str(line["event"]).replace(words, type(error).__name__)
        told.append("".join(traceback.format_tb(error.__traceback__)) + _kind(error))
    line["exception"] = "\n".join(told)
    return line


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error, then what it came from; each once, for one may be raised from itself."""
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        seen.append(error)
        yield error
        error = error.__cause__ or error.__context__


def _kind(error: BaseException) -> str:
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    if isinstance(error, OSError):
        return f"{kind}: {error.strerror}" if error.strerror else kind
    if isinstance(error, InterfaceError | OperationalError):  # of a line or a server, not of a row
        return f"{kind}: {str(error).partition(chr(10))[0]}"
    return kind


def hide_tokens(logger: Any, method: str, line: Line) -> Line:
    """A token in the text or in a traceback becomes an ellipsis."""
    for part in ("event", "exception"):
        if part in line:
            line[part] = TOKEN.sub("…", str(line[part]))
    return line
