"""The rows of work: which jobs persons have, and what a chunk of drafts or one correction makes of them."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from treaty.kit import sql
from treaty.kit.rows import among
from treaty.people.models import Employment


class OpenJob(NamedTuple):
    """A job that somebody has."""

    id: int
    title: str
    since: date | None


def open_jobs(persons: Collection[int]) -> dict[tuple[int, int], OpenJob]:
    """The jobs persons have, by (person, company)."""
    rows = among(Employment, "person_id", persons).filter(until=None) if persons else ()
    return {(row.person_id, row.company_id): OpenJob(row.pk, row.title, row.since) for row in rows}


class Work:
    """The jobs of some persons: what they have, and what they change to on a day."""

    def __init__(self, persons: Collection[int], day: date) -> None:
        self.day = day
        self.open = open_jobs(persons)
        self.opened: dict[tuple[int, int], tuple[date | None, str]] = {}
        """By (person, company): since when, where that is known, and the title."""
        self.closed: list[tuple[str, str, int]] = []

    def move(self, person: int, *, old: int | None, new: int | None, was: str, title: str = "") -> None:
        """A person goes from one company to another, or to none. The job at the old one ends; `was` is what it was called."""
        since = None
        if old is not None and (job := self.open.pop((person, old), None)) is not None:
            until = max(self.day, job.since or self.day)
            self.closed.append((until.isoformat(), was or job.title, job.id))
            since = self.day
        if new is not None and (person, new) not in self.open:
            self.opened[person, new] = (since, title)

    def write(self) -> None:
        """End what ended, and begin what is new."""
        sql.update_rows("people_employment", ("until", "title"), self.closed)
        columns = ("person_id", "company_id", "title", "since")
        rows = (
            (person, company, title, since and since.isoformat())
            for (person, company), (since, title) in sorted(self.opened.items())
        )
        sql.write_rows("people_employment", columns, rows)
