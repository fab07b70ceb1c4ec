"""One turn of a lake: what happened up to a line of the ledger is written beside what is there, as files of their own.

A turn reads touchpoints behind the ledger's safe horizon, so none can appear before them later; rows of persons as they
stand now, which is at least what those touchpoints say. What changes after that is named by later lines or marks.
"""

from datetime import datetime
from pathlib import Path

from treaty.kit.queries import changed_rows
from treaty.people import queries as people
from treaty.warehouse import duck
from treaty.warehouse.commands.writing import Writer, fresh
from treaty.warehouse.duck import Connection, one
from treaty.warehouse.folder import Folder
from treaty.warehouse.reading import Reader
from treaty.warehouse.rules import Manifest, Until
from treaty.warehouse.tables import IDENTITIES, LINES, PERSONS

FACTS_OF_TWO = ("merged", "survivor", "person", "other")
"""Where facts about two persons name them."""


class Turn:
    """From what is valid to what will be. The first turn of all, or of a lake made anew, reads everything."""

    def __init__(self, folder: Folder, before: Manifest, until: Until, *, number: int, at: datetime) -> None:
        self.folder, self.before, self.until = folder, before, until
        self.number, self.at, self.is_whole = number, at, not before.tables

    def take(self, work: Path) -> Manifest:
        """Write the files, and say what is valid then; nothing is valid before the caller says so."""
        stage = str(work / "stage.duckdb") if self.is_whole else ":memory:"
        self.duck: Connection = duck.opened(self.folder.path, self.before, database=stage, spill=work)
        self.reader = Reader(self.duck, work)
        try:
            self.reader.between(LINES, self.before.line, self.until.line, into="came")
            self._find_persons()
            self._see_before()
            self._number()
            self._see_moves()
            return self._written()
        finally:
            self.duck.close()

    def _written(self) -> Manifest:
        kinds, numbers = self._kinds(), one(self.duck, "SELECT COALESCE(MAX(person) + 1, 0) FROM new_persons")
        self._run(f"CREATE {'VIEW' if self.is_whole else 'TABLE'} fresh AS {fresh()}")
        writer = Writer(self.duck, self.reader, self.folder.path, self.before, self.number)
        touchpoints = writer.touchpoints()
        return Manifest(
            shape=self.before.shape,
            turn=self.number,
            at=self.at,
            line=self.until.line,
            line_key=self.until.line_key,
            mark=self.until.mark,
            numbers=max(numbers, self.before.numbers),
            kinds=kinds,
            touchpoints=touchpoints,
            tables=dict(writer.tables()),
            moved=writer.moved(touchpoints),
        )

    def _find_persons(self) -> None:
        """Read whose identities are whose and how persons stand, of all whom the turn touches."""
        if self.is_whole:
            self.reader.everything(IDENTITIES, into="found_identities")
            self.reader.everything(PERSONS, into="found_persons")
            return
        self._run(
            "CREATE TABLE spoken AS SELECT DISTINCT subject_id AS identity_id FROM came"
            " WHERE subject_kind = 'identity'"
        )
        identities = self._ids("SELECT identity_id FROM spoken")
        persons = self._persons(identities)
        self.reader.named(IDENTITIES, "identity_id", identities, into="spoken_of")
        self.reader.named(IDENTITIES, "person_id", persons, into="spoken_of")
        # Somebody may be merged between two readings: of an identity that was read twice the later one counts.
        self._run(
            "CREATE TABLE found_identities AS SELECT identity_id, arg_max(person_id, rowid) AS person_id FROM spoken_of"
            " GROUP BY identity_id"
        )
        self.reader.named(PERSONS, "person_id", persons, into="found_persons")
        self.reader.numbers(persons, name="person_id", into="asked")

    def _persons(self, identities: set[int]) -> set[int]:
        """Whom the turn touches: who holds or held an identity spoken of, and whom facts or marks name."""
        marked = changed_rows("person", after=self.before.mark, until=self.until.mark)
        before = self._ids("SELECT person_id FROM identities SEMI JOIN spoken USING (identity_id)")
        two = ", ".join(f"(payload ->> '$.{name}')::BIGINT" for name in FACTS_OF_TWO)
        named = self._ids(f"SELECT unnest([{two}]) FROM came WHERE kind IN ('PersonsMerged', 'PersonsSplit')")
        return {*marked, *people.persons_of(identities).values(), *before, *named}

    def _see_before(self) -> None:
        """What the lake holds of those whom the turn touches: each of its large tables is read once."""
        if self.is_whole:
            self._run("CREATE TABLE asked (person_id BIGINT)")
            self._run("CREATE TABLE spoken (identity_id BIGINT)")
        self._run(
            "CREATE TABLE old_identities AS SELECT * FROM identities WHERE person_id IN (FROM asked)"
            " OR identity_id IN (FROM spoken UNION ALL SELECT identity_id FROM found_identities)"
        )
        self._run(
            "CREATE TABLE old_persons AS SELECT person_id, person FROM persons WHERE person_id IN"
            " (FROM asked UNION ALL SELECT person_id FROM found_identities)"
        )

    def _number(self) -> None:
        """Give new persons their numbers, whoever is there keeps the own one; and see who is gone."""
        self.duck.execute(
            "CREATE TABLE new_persons AS SELECT f.*, COALESCE(o.person, $1 - 1 + row_number() OVER"
            " (PARTITION BY o.person IS NULL ORDER BY f.person_id))::INTEGER AS person"
            " FROM found_persons f LEFT JOIN old_persons o USING (person_id)",
            [self.before.numbers],
        )
        self._run(
            "CREATE TABLE new_identities AS SELECT f.*, COALESCE(n.person, o.person) AS person FROM found_identities f"
            " LEFT JOIN new_persons n USING (person_id) LEFT JOIN old_persons o USING (person_id)"
        )
        self._run(
            "CREATE TABLE gone_persons AS SELECT person_id FROM old_persons SEMI JOIN asked USING (person_id)"
            " ANTI JOIN found_persons USING (person_id)"
        )
        self._run(
            "CREATE TABLE gone_identities AS SELECT identity_id FROM old_identities"
            " ANTI JOIN found_identities USING (identity_id)"
        )

    def _see_moves(self) -> None:
        """Identities whose touchpoints, written earlier, are another person's now, or had nobody and have somebody."""
        self._run(
            "CREATE TABLE strangers AS SELECT identity_id, person FROM new_identities"
            " ANTI JOIN old_identities USING (identity_id)"
        )
        unheard = (
            "SELECT subject_id FROM stored_touchpoints WHERE person IS NULL AND subject_kind = 'identity'"
            " AND subject_id IN (SELECT identity_id FROM strangers)"
        )
        self._run(
            f"CREATE TABLE moves AS SELECT n.identity_id, n.person, {self.number} AS turn FROM new_identities n"
            " JOIN old_identities o USING (identity_id) WHERE n.person IS DISTINCT FROM o.person"
            f" UNION ALL SELECT identity_id, NULL, {self.number} FROM gone_identities"
        )
        if one(self.duck, "SELECT count(*) FROM strangers"):
            self._run(
                f"INSERT INTO moves SELECT identity_id, person, {self.number} FROM strangers"
                f" WHERE identity_id IN ({unheard}) OR identity_id IN (SELECT identity_id FROM moved)"
            )
        self._run(
            "CREATE TABLE moved_now AS SELECT * FROM moves"
            " UNION ALL SELECT * FROM moved ANTI JOIN moves USING (identity_id)"
        )

    def _kinds(self) -> tuple[str, ...]:
        """All kinds of fact there are, those that are new at the end."""
        new = self.duck.execute(
            "SELECT DISTINCT kind FROM came WHERE kind NOT IN (SELECT name FROM kinds) ORDER BY 1"
        )
        kinds = (*self.before.kinds, *(kind for (kind,) in new.fetchall()))
        self.duck.execute(
            "CREATE TABLE numbered AS SELECT unnest($1::VARCHAR[]) AS name, unnest($2::SMALLINT[]) AS number",
            [list(kinds), list(range(len(kinds)))],
        )
        return kinds

    def _run(self, statement: str) -> None:
        self.duck.execute(statement)

    def _ids(self, query: str) -> set[int]:
        return {number for (number,) in self.duck.execute(query).fetchall() if number is not None}
