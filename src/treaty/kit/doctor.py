"""Looks whether an installation is well: database, clock, disk, worker, mail, secrets, pages; with advice for each finding."""

import shutil
import socket
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from treaty.kit import commands, health, nouns, queries, setup, sql

OK, WARN, BAD = "ok", "warn", "bad"
LOW_DISK, LEAST_DISK = 5 * 1024**3, 512 * 1024**2
OLDEST_POSTGRESQL = 140000
SECONDS = 5
SHORTEST_KEY = 40


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: how it is, what was seen, and what to do where it is not ok."""

    name: str
    state: str
    seen: str
    advice: str = ""


def findings() -> list[Finding]:
    """All of them; what needs the database only where it answers."""
    found = [disk(), *secrets(), *production(), static(), mail()]
    try:
        if health.unapplied():
            advice = "Run `treaty init` with web and worker stopped."
            return [Finding("migrations", BAD, "some wait to be applied", advice), *found]
        return [*database(), clock(), worker(), *work(), *of_nouns(), *found]
    except DatabaseError as error:
        advice = "Start the database, or correct DATABASE_URL."
        return [Finding("database", BAD, f"does not answer: {type(error).__name__}", advice), *found]


def database() -> Iterator[Finding]:
    """Whether the database is set as Treaty needs it."""
    yield Finding("migrations", OK, "all are applied")
    with connection.cursor() as cursor:
        if sql.is_postgresql():
            cursor.execute(
                "SELECT current_setting('server_version_num')::int, current_setting('server_encoding')"
            )
            version, encoding = cursor.fetchone()
            is_right = version >= OLDEST_POSTGRESQL and encoding == "UTF8"
            seen = f"PostgreSQL {version // 10000}, {encoding}"
            advice = "Use PostgreSQL 14 or newer and a database in UTF8."
        else:
            cursor.execute("PRAGMA journal_mode")
            mode = cursor.fetchone()[0]
            cursor.execute("PRAGMA foreign_keys")
            is_right, seen = mode == "wal" and cursor.fetchone()[0] == 1, f"SQLite, journal {mode}"
            advice = "Put TREATY_HOME on a local disk: network file systems cannot hold a database."
        yield Finding("database", OK if is_right else BAD, seen, "" if is_right else advice)


def clock() -> Finding:
    """Whether time went back since the worker wrote it down: clocks of promises would be wrong."""
    beat = queries.worker_beat()
    ahead = beat is not None and beat > timezone.now() + timedelta(minutes=1)
    advice = "Let the machine keep its time by NTP (such as systemd-timesyncd)."
    return (
        Finding("clock", BAD, "runs behind what was written already", advice)
        if ahead
        else Finding("clock", OK, "runs")
    )


def worker() -> Finding:
    """Whether a worker lives."""
    beat = queries.worker_beat()
    if beat is None or timezone.now() - beat > commands.DEAD_AFTER:
        return Finding("worker", BAD, "gives no sign of life", "Start `treaty work` beside `treaty serve`.")
    return Finding("worker", OK, "lives")


def work() -> Iterator[Finding]:
    """What waits for somebody: held work, dead jobs, recurring work that breaks."""
    if queries.is_held():
        advice = "Look whether the restored data is right, then run `treaty release`."
        yield Finding("hold", WARN, "mail, webhooks and jobs are held since a restore", advice)
    broken = [tick.name for tick in queries.ticks() if tick.error]
    if broken:
        yield Finding("recurring", WARN, f"broke: {', '.join(broken)}", "Settings > Jobs shows the reasons.")
    if dead := len(queries.dead_jobs(timezone.now())):
        yield Finding("jobs", WARN, f"{dead} gave up", "Settings > Jobs shows why, and tries again.")


def of_nouns() -> Iterator[Finding]:
    """What nouns look at themselves."""
    for _noun, looked_at in nouns.offered("queries", "findings"):
        yield from looked_at()


def disk() -> Finding:
    """Whether there is room."""
    free = shutil.disk_usage(settings.HOME).free
    state = BAD if free < LEAST_DISK else WARN if free < LOW_DISK else OK
    advice = "" if state == OK else "Make room, or move TREATY_HOME to a larger disk."
    return Finding("disk", state, f"{free / 1024**3:.1f} GB free", advice)


def secrets() -> Iterator[Finding]:
    """Whether others on the machine can read the key or the folder, and whether the key is long enough."""
    for path in (Path(settings.HOME), Path(settings.HOME) / "secret.key"):
        if path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield Finding(path.name, BAD, "others on this machine can read it", f"Run chmod go= {path}")
    is_long = len(settings.SECRET_KEY) >= SHORTEST_KEY
    advice = "" if is_long else "Give TREATY_SECRET_KEY 40 random characters or more."
    yield Finding("secret key", OK if is_long else BAD, "is long enough" if is_long else "is short", advice)


def production() -> Iterator[Finding]:
    """What must not be so where strangers reach the pages."""
    if settings.DEBUG:
        yield Finding("debug", BAD, "tracebacks are shown in the browser", "Take TREATY_DEBUG away.")
    is_safe = settings.SECURE or "localhost" in settings.PUBLIC_URL or "127.0.0.1" in settings.PUBLIC_URL
    advice = "" if is_safe else "Put a proxy with HTTPS before Treaty, and begin TREATY_URL with https://."
    yield Finding("address", OK if is_safe else WARN, settings.PUBLIC_URL, advice)


def static() -> Finding:
    """Whether the files that pages load are there and those of this version."""
    stamp = Path(settings.STATIC_ROOT) / "collected.txt"
    is_new = stamp.exists() and stamp.read_text(encoding="ascii") == setup.fingerprint(setup.static_sources())
    if is_new:
        return Finding("static files", OK, "are those of this version")
    return Finding(
        "static files", WARN, "are missing or old", "`treaty serve` makes them anew when it starts."
    )


def mail() -> Finding:
    """Whether there is a mail server, and whether it answers."""
    url = settings.MAIL_URL
    if not url.hostname:
        return Finding("mail", WARN, "no server is set, so mails wait unsent", "Set TREATY_MAIL_URL.")
    port = url.port or (465 if url.scheme == "smtps" else 587)
    try:
        socket.create_connection((url.hostname, port), SECONDS).close()
    except OSError as error:
        advice = "Look whether the server runs, and whether a firewall lets this machine reach it."
        return Finding("mail", BAD, f"{url.hostname}:{port} does not answer: {error}", advice)
    return Finding("mail", OK, f"{url.hostname}:{port} answers")
