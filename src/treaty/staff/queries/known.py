"""The calendars that one page needs in several places: known at one instant, and read once for all of them."""

from collections.abc import Collection
from datetime import datetime

from treaty.kit.rules.business_time import Calendar
from treaty.staff.queries.hours import calendars_together


class KnownCalendars:
    """Calendars as known at an instant. Those named at the beginning are read with the first ones asked for."""

    def __init__(self, at: datetime, *, users: Collection[int] = (), teams: Collection[int] = ()) -> None:
        self.at = at
        self._awaited = (set(users), set(teams))
        self._users: dict[int, Calendar] = {}
        self._teams: dict[int, Calendar] = {}
        self._company: Calendar | None = None

    def company(self) -> Calendar:
        """The company's calendar."""
        return self.read()

    def of_user(self, user: int) -> Calendar:
        """A user's calendar, less absences."""
        self.read(users=[user])
        return self._users[user]

    def of_team(self, team: int) -> Calendar:
        """A team's calendar."""
        self.read(teams=[team])
        return self._teams[team]

    def read(self, users: Collection[int] = (), teams: Collection[int] = ()) -> Calendar:
        """The company's calendar. Reads those that are not there yet, by the same few questions however many."""
        awaited_users, awaited_teams = self._awaited
        users = (awaited_users | set(users)) - set(self._users)
        teams = (awaited_teams | set(teams)) - set(self._teams)
        if not users and not teams and self._company is not None:
            return self._company
        found = calendars_together(users, teams, self.at)
        self._awaited = (set(), set())
        self._company = found.company
        self._users |= found.users
        self._teams |= found.teams
        return found.company
