"""Why a question was not answered though nothing is wrong with it: the database is away or busy, or the disk is full."""

import errno
import shutil
import sqlite3

from django.conf import settings
from django.db import InterfaceError, OperationalError

AWAY, BUSY, FULL = "away", "busy", "full"
SECONDS = 5
"""After how long it is worth asking again."""
LEAST_ROOM = 1024**2
"""Bytes; with less on its disk, SQLite cannot do what it then calls a failure of reading or writing."""

SQLITE = {
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_IOERR: AWAY,
    sqlite3.SQLITE_CANTOPEN: AWAY,
    sqlite3.SQLITE_READONLY: AWAY,
}
"""By SQLite's primary codes; all others of its operational errors are mistakes of ours."""
POSTGRESQL = {
    "08": AWAY,  # connection_exception
    "57P": AWAY,  # admin_shutdown, crash_shutdown, cannot_connect_now
    "58": AWAY,  # system_error
    "40": BUSY,  # serialization_failure, deadlock_detected
    "53100": FULL,  # disk_full
    "53": BUSY,  # insufficient_resources: memory, connections
    "55P03": BUSY,  # lock_not_available
    "57014": BUSY,  # query_canceled, by a limit of time
}
"""By the beginnings of SQLSTATE codes (PostgreSQL's appendix A), the longer first where two fit."""


def cause(error: BaseException | None) -> str:
    """Which of the three it is; empty for every other error."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return FULL
        if isinstance(error, OperationalError | InterfaceError):
            return _said(error.__cause__)
        error = error.__cause__
    return ""


def _said(error: BaseException | None) -> str:
    """What the driver's own error means."""
    if isinstance(error, sqlite3.Error):
        why = SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, "")
        return FULL if why == AWAY and shutil.disk_usage(settings.HOME).free < LEAST_ROOM else why
    code = getattr(error, "sqlstate", None)
    if code is None:
        # The server never said anything: it was not reached, or the connection broke.
        return AWAY
    return next((POSTGRESQL[code[:n]] for n in (5, 3, 2) if code[:n] in POSTGRESQL), "")
