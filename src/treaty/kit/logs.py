"""Log lines for people or for machines, each with the id of its request, none with anybody's data."""

import logging.config
import re
import sys
import traceback
from collections.abc import Mapping
from contextlib import suppress
from threading import Lock
from typing import Any

import structlog
from structlog.types import Processor

OWN_WORDS = ("django.request", "django.security.csrf")
"""Loggers that quote paths: the request's own line and the page of a refused form say the same without them."""

BEFORE: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]

PROCESSORS: list[Processor] = []
"""What makes a line of ours, one after the other. The list stays the same one: loggers that were used keep hold of it."""


class Line:
    """Where a logger of ours writes: straight to standard error. On the way through the standard library each line of a
    request would take twice its time."""

    lock = Lock()

    def __init__(self, name: str = "") -> None:
        self.name = name

    def msg(self, text: str) -> None:
        """Write one line; a full disk or a reader that is gone breaks nothing that only wanted to tell of itself."""
        with self.lock, suppress(OSError):
            sys.stderr.write(f"{text}\n")
            sys.stderr.flush()

    debug = info = warning = error = critical = msg


def configure(wanted: Mapping[str, str]) -> None:
    """Sets up logging; `wanted` has `format` (text or json) and `level`. Lines go to standard error."""
    PROCESSORS[:] = [*BEFORE, without_texts_of_errors, renderer(wanted["format"])]
    structlog.configure(
        processors=PROCESSORS,
        logger_factory=Line,
        wrapper_class=structlog.make_filtering_bound_logger(wanted["level"].lower()),
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(stdlib(wanted))


def stdlib(wanted: Mapping[str, str]) -> dict[str, Any]:
    """The same for lines that libraries write through the standard library."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter, "form": wanted["format"]}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": wanted["level"].upper()},
        "loggers": {
            "django": {"handlers": [], "level": "NOTSET", "propagate": True},
            "django-q": {"handlers": [], "level": "WARNING", "propagate": True},
            **{name: {"level": "CRITICAL"} for name in OWN_WORDS},
        },
    }


def formatter(form: str) -> logging.Formatter:
    """Turns a record into one line of the wanted form."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=BEFORE,
        processors=[
            without_texts_of_errors,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            renderer(form),
        ],
    )


def renderer(form: str) -> Processor:
    """Writes what a line tells, for people or for machines."""
    return structlog.processors.JSONRenderer() if form == "json" else in_words


at_length = structlog.dev.ConsoleRenderer(colors=False)
FIRST = ("timestamp", "level", "event", "logger")
SIGNS = re.compile("[ \t=\r\n\"']")
"""What is quoted, as the library does it."""


def in_words(logger: object, method: str, event: structlog.types.EventDict) -> str:
    """A line for people, as the library writes it, at a fifth of the time: a line is a part of what each request costs."""
    if not event.keys() >= set(FIRST) or event.keys() & {"exc_info", "exception", "stack"}:
        return at_length(logger, method, event)
    at, level, said, name = map(event.pop, FIRST)
    told = [f"{key}={_shown(event[key])}" for key in sorted(event)]
    return " ".join([f"{at} [{level:<9}] {said!s:<30} [{name}]", *told])


def _shown(value: object) -> str:
    if not isinstance(value, str):
        return repr(value)
    return repr(value) if SIGNS.search(value) else value


def without_texts_of_errors(
    _logger: object, _method: str, event: structlog.types.EventDict
) -> structlog.types.EventDict:
    """Replaces the traceback a library logs by its places: the text of an error may quote rows of a person."""
    error = event.pop("exc_info", None)
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event.update(place(error))
    return event


def place(error: BaseException) -> dict[str, Any]:
    """The kind of an error and where it came from, innermost last."""
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    return {
        "error": type(error).__name__,
        "frames": [
            f"{frame.filename.rpartition('/src/')[2]}:{frame.lineno} {frame.name}" for frame in frames
        ],
    }
