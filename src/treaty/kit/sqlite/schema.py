"""Django's editor of SQLite's tables, which looks after a migration only at what that migration wrote.

Django asks whether every link of the whole database leads somewhere, and meanwhile nobody else may write: decision 0033.
"""

import re
from types import TracebackType
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.sqlite3 import schema

WROTE = re.compile(r'\s*(?:INSERT\s+INTO|REPLACE\s+INTO|UPDATE)\s+"?(?:new__)?(\w+)', re.IGNORECASE)
TOOK = re.compile(r'\s*DELETE\s+FROM\s+"?(\w+)', re.IGNORECASE)


class SchemaEditor(schema.DatabaseSchemaEditor):
    """Remembers which tables were written to; links may be broken by nothing else."""

    def __enter__(self) -> "SchemaEditor":
        self.written: set[str] = set()
        self.taken: set[str] = set()
        self.connection.execute_wrappers.append(self.note)
        super().__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """As Django does it, but for what is looked at."""
        self.connection.execute_wrappers.remove(self.note)
        if error is None:
            self.connection.check_constraints(self.doubtful())
        BaseDatabaseSchemaEditor.__exit__(self, kind, error, trace)
        self.connection.enable_constraint_checking()

    def note(self, execute: Any, statement: str, params: Any, many: bool, context: Any) -> Any:
        """Which table a statement writes to, or takes rows from."""
        for pattern, noted in ((WROTE, self.written), (TOOK, self.taken)):
            if found := pattern.match(statement):
                noted.add(found[1])
        return execute(statement, params, many, context)

    def doubtful(self) -> list[str]:
        """The tables that were written to, and those that lead to one from which rows were taken."""
        look = self.connection.introspection
        with self.connection.cursor() as cursor:
            there = look.table_names(cursor)
            leading = {
                table
                for table in (there if self.taken else ())
                for _column, other in look.get_relations(cursor, table).values()
                if other in self.taken
            }
        return sorted((self.written | leading) & set(there))
