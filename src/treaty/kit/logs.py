"""Log lines for people or for machines, each with the id of its request, none with anybody's data."""

import logging.config
import traceback
from collections.abc import Mapping
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


def configure(wanted: Mapping[str, str]) -> None:
    """Sets up logging; `wanted` has `format` (text or json) and `level`. Lines go to standard error."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *BEFORE,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        # Not structlog's own, which looks through the stack for whoever calls: our lines name no caller.
        logger_factory=logging.getLogger,
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(stdlib(wanted))
    # What no line of ours tells need not be found out for each (the library's documentation, "Optimization").
    logging._srcfile = None
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False


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
    renderer: Processor = (
        structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=False)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=BEFORE,
        processors=[
            without_texts_of_errors,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            renderer,
        ],
    )


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
