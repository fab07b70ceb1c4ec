"""One row of those a user sees: asked at every call about a record, so the statement is composed once, not each time."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet

from treaty.kit import sql
from treaty.kit.rows import Reading
from treaty.staff.models import User

Row = TypeVar("Row", bound=Model)

SELF, TEAM, ROW = -1, -2, -3
"""What stands for a user's id, a team's and a row's while a statement is composed; no row has such an id."""


class Seen(Generic[Row]):
    """Reads single rows of a model, of those that `rows_of` lets a user see; users see in a handful of ways."""

    def __init__(self, model: type[Row], rows_of: Callable[[User], "QuerySet[Row]"]) -> None:
        self._reading, self._rows_of = Reading(model), rows_of
        self._composed: dict[tuple[str, bool], tuple[str, Sequence[Any]]] = {}

    def one(self, user: User, number: int) -> Row | None:
        """The row of an id; None where the user sees none."""
        way = user.role.visibility, user.team_id is None
        if way not in self._composed:
            somebody = User(pk=SELF, role=user.role, team_id=None if user.team_id is None else TEAM)
            self._composed[way] = self._rows_of(somebody).filter(pk=ROW).order_by().query.sql_with_params()
        statement, places = self._composed[way]
        values = {SELF: user.pk, TEAM: user.team_id, ROW: number}
        found = sql.ask(statement, [values.get(place, place) for place in places])
        return self._reading.row(found[0]) if found else None
