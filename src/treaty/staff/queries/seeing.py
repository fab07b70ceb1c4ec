"""Rows of those a user sees: asked at every call about a record, so the statement is composed once, not each time."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet

from treaty.kit.composed import ID, Composed, Told
from treaty.staff.models import User

Found = TypeVar("Found")


class Seen(Generic[Found]):
    """Reads rows that fit some ids or moments, of those that `rows_of` lets a user see; users see in a handful of ways."""

    def __init__(self, rows_of: "Callable[..., QuerySet[Any, Found]]", places: str = ID) -> None:
        self._rows_of, self._places = rows_of, places
        self._composed: dict[tuple[str, bool], Composed[Found]] = {}

    def rows(self, user: User, *told: Told) -> list[Found]:
        """The rows that fit."""
        way = user.role.visibility, bool(user.team_id)
        if way not in self._composed:
            self._composed[way] = self._of(user)
        return self._composed[way].rows(user.pk, user.team_id, *told)

    def one(self, user: User, *told: Told) -> Found | None:
        """The first of them; None where the user sees none."""
        return next(iter(self.rows(user, *told)), None)

    def _of(self, user: User) -> Composed[Found]:
        role, has_team = user.role, bool(user.team_id)

        def compose(somebody: int, team: int, *places: Told) -> "QuerySet[Any, Found]":
            one = User(pk=somebody, role=role, team_id=team if has_team else None)
            return self._rows_of(one, *places)

        return Composed(compose, ID + ID + self._places)
