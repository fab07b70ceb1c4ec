"""What writing many persons at once needs of each engine, and that there is one writer of links at a time."""

from collections.abc import Collection, Iterable, Sequence

from django.db import connection

from treaty.kit import sql
from treaty.kit.commands.changes import mark_changed
from treaty.kit.together import Question
from treaty.people.rules import Ready
from treaty.search.commands import add, follow, write
from treaty.search.rules import Entry, Found, Kind

LINKING = 0x7472_6561
"""The advisory lock under which identities are linked to persons on PostgreSQL."""


def alone() -> None:
    """Until this transaction ends nobody else links identities: looking whose they are and linking is one step.

    SQLite has one writer anyway.
    """
    if sql.is_postgresql():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LINKING])


def alone_for(drafts: Sequence[Ready]) -> None:
    """Until this transaction ends nobody else links what these drafts may link.

    A few drafts that make no company wait only for who tells of the same identities and for who is `alone`, so that those
    who add persons do not wait for each other's commits. Whom it finds is held (`held`) before anything of it is read. Not
    to be followed by `alone`: of two who wait so for each other PostgreSQL would send one away.
    """
    if len(drafts) > sql.FEW or any(each.draft.company or each.draft.company_key for each in drafts):
        alone()
    elif sql.is_postgresql():
        keys = sorted(
            {key for each in drafts for _kind, key in each.keys}
        )  # always in the same order, for the same reason
        with sql.at_once():
            sql.tell(ALONE_WITH, [LINKING, sql.listed(keys)])


def foreseen(drafts: Sequence[Ready], known: Collection[object]) -> list[Question]:
    """What will be asked for a single draft of somebody whose identities are not known: a number and an anchor."""
    if len(drafts) != 1 or known or not sql.is_postgresql():
        return []
    return [sql.ids_asked(table, 1) for table in ("people_person", "ledger_identity")]


ALONE_WITH = (
    "SELECT pg_advisory_xact_lock_shared(%s) UNION ALL"
    " SELECT pg_advisory_xact_lock(hashtextextended(one, 0)) FROM unnest(%s::text[]) AS one"
)


def rows_of(
    table: str, columns: Sequence[str], ids: Collection[int], *, key: str = "id", held: bool = False
) -> list[tuple[object, ...]]:
    """Columns of the rows whose `key` is one of many; nobody else changes what is `held` until this transaction ends."""
    tail = f" ORDER BY {key} FOR UPDATE" if held and sql.is_postgresql() else ""
    statement = f"SELECT {', '.join(columns)} FROM {table} WHERE {sql.one_of(key)}{tail}"
    return sql.ask(statement, [sql.listed(ids)], often=len(ids) <= sql.FEW)


def changed(
    persons: Iterable[int],
    told: Iterable[Entry] | None = None,
    new: Sequence[tuple[int, Found]] = (),
) -> None:
    """Persons came or changed: their words are written anew, the next scan looks for their duplicates, and who reads on
    what changed reads them. Never by a look at all rows' times, which would miss what a long import commits late.

    Of `new` ones the words are known already."""
    ids = list(persons)
    everybody = [*ids, *(person for person, _found in new)]
    mark_changed("person", everybody)
    if told is None:
        follow(Kind.PERSON, ids)
    elif ids:
        write(Kind.PERSON, ids, told)
    if new:
        add(Kind.PERSON, new)
    unscanned(everybody)


def unscanned(persons: Iterable[int]) -> None:
    """The next scan looks for duplicates of these persons."""
    sql.write_each("people_unscanned", "person_id", list(persons))
