"""Who is offered a lead: fair apportionment by capacity, after R. Tijdeman, "The chairman assignment problem" (1980).

With k members who may be chosen, each with a share of every lead (their weights sum to 1), he who is owed at least
1/(2k-2) of a lead and whose debt would first reach 1 - 1/(2k-2) is chosen. While the same members can be chosen,
nobody is ever off the exact share by more than 1 - 1/(2k-2) of a lead. Absent members and those who reached their
limit are skipped and owed nothing meanwhile; fractions carry over.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from treaty.kit.rules.business_time import Calendar

NEARLY_NOTHING = 1e-9
"""Sums of shares are exact to here."""


class Rule(StrEnum):
    """Why somebody was chosen."""

    COMPANY_OWNER = "company_owner"
    TURN = "turn"
    SOONEST = "soonest"
    """Nobody with room is there in time: the one who is back first, and the head is told."""
    TEAM = "team"
    """Nobody has room, or comes back at all: the lead is offered to the whole team, and the head is told."""
    BY_HAND = "by_hand"


class Skip(StrEnum):
    """Why somebody was passed over."""

    ABSENT = "absent"
    OFF_HOURS = "off_hours"
    LIMIT = "limit"
    LANGUAGE = "language"


class Obstacle(StrEnum):
    """Why the head is told: what kept everybody of the pool from simply being asked."""

    LIMIT = "limit"
    """Whoever could take the lead reached the month's limit."""
    ABSENT = "absent"
    """Whoever has room this month is absent."""
    LATE = "late"
    """Whoever has room this month is absent or does not work before the clock runs out."""
    EMPTY = "empty"
    """Nobody of the pool works here any more."""


@dataclass(frozen=True, slots=True)
class Lead:
    """What routing must know of a lead."""

    language: str = ""
    owner: int | None = None
    """The owner of the lead's company, where the agreement prefers them."""
    due_at: datetime | None = None
    """When the team's accept clock runs out: who does not work before cannot make it."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the pool: the capacity a month is weight and ceiling."""

    user: int
    capacity: int
    entitled: float = 0.0
    received: int = 0
    this_month: int = 0
    speaks: frozenset[str] = frozenset()
    is_absent: bool = False
    free_at: datetime | None = None
    """When they next work; None if never."""

    @property
    def owed(self) -> float:
        """How much of a lead the member was entitled to and did not receive."""
        return self.entitled - self.received

    def away(self, lead: Lead) -> Skip | None:
        """Why the member cannot make the lead's clock; None if they can."""
        if self.is_absent:
            return Skip.ABSENT
        late = lead.due_at is not None and (self.free_at is None or self.free_at >= lead.due_at)
        return Skip.OFF_HOURS if late else None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could have been chosen: the share of this lead, and what was owed with it."""

    user: int
    share: float
    owed: float


@dataclass(frozen=True, slots=True)
class Choice:
    """Who was chosen, None for the whole team, and why."""

    user: int | None
    rule: Rule
    candidates: tuple[Candidate, ...] = ()
    skipped: tuple[tuple[int, Skip], ...] = ()
    head_is_told: bool = False

    def as_routing(self) -> dict[str, object]:
        """The choice as the offer's fact keeps it."""
        return {
            "rule": self.rule.value,
            "candidates": [[c.user, round(c.share, 6), round(c.owed, 6)] for c in self.candidates],
            "skipped": [[user, cause.value] for user, cause in self.skipped],
        }


@dataclass
class Pool:
    """Members of one pool while leads are routed; `route` keeps their turns."""

    members: dict[int, Member]
    match_language: bool = False

    def route(self, lead: Lead) -> Choice:
        """Choose for one lead, and count it."""
        choice = choose(lead, tuple(self.members.values()), match_language=self.match_language)
        self.count(choice)
        return choice

    def count(self, choice: Choice) -> None:
        """Book a choice: what each candidate was entitled to, and what the chosen one received."""
        for candidate in choice.candidates:
            member = self.members[candidate.user]
            self.members[member.user] = replace(member, entitled=member.entitled + candidate.share)
        chosen = self.members.get(choice.user) if choice.user is not None else None
        if chosen is not None:
            counts = choice.rule is Rule.TURN
            self.members[chosen.user] = replace(
                chosen, received=chosen.received + counts, this_month=chosen.this_month + 1
            )


def choose(lead: Lead, members: Sequence[Member], *, match_language: bool) -> Choice:
    """The member whose turn it is, and why. The same members and lead always give the same choice."""
    owner = next((m for m in members if m.user == lead.owner), None)
    if owner is not None and owner.away(lead) is None:
        return Choice(owner.user, Rule.COMPANY_OWNER)
    speaking = _speaking(lead, members, match_language=match_language)
    skipped = {m.user: Skip.LANGUAGE for m in members if m not in speaking}
    skipped |= {m.user: Skip.LIMIT for m in speaking if m.this_month >= m.capacity}
    able = tuple(m for m in speaking if m.user not in skipped)
    skipped |= {m.user: cause for m in able if (cause := m.away(lead)) is not None}
    causes = tuple(sorted(skipped.items()))
    present = tuple(m for m in able if m.user not in skipped)
    if present:
        return _by_turn(present, causes)
    waiting = [m for m in able if m.free_at is not None]
    if waiting:
        soonest = min(waiting, key=_back_first)
        return Choice(soonest.user, Rule.SOONEST, (), causes, head_is_told=True)
    return Choice(None, Rule.TEAM, (), causes, head_is_told=True)


def is_absent(calendar: Calendar, at: datetime) -> bool:
    """Whether an absence was recorded for this moment."""
    return any(start <= at < end for start, end in calendar.absences)


def obstacle(routing: Mapping[str, Any]) -> Obstacle | None:
    """What a choice, as the offer's fact keeps it, ran into; None where somebody could simply be asked."""
    if routing.get("rule") not in (Rule.SOONEST, Rule.TEAM):
        return None
    skipped: Iterable[tuple[int, str]] = routing.get("skipped", ())
    causes = {cause for _user, cause in skipped} - {Skip.LANGUAGE.value}
    away = causes - {Skip.LIMIT.value}
    if not away:
        return Obstacle.LIMIT if causes else Obstacle.EMPTY
    return Obstacle.ABSENT if away == {Skip.ABSENT.value} else Obstacle.LATE


def _speaking(lead: Lead, members: Sequence[Member], *, match_language: bool) -> tuple[Member, ...]:
    """Those who speak the lead's language; everybody where nobody does, or where it does not matter."""
    if not match_language or not lead.language:
        return tuple(members)
    return tuple(m for m in members if lead.language in m.speaks) or tuple(members)


def _by_turn(members: Sequence[Member], skipped: tuple[tuple[int, Skip], ...]) -> Choice:
    total = sum(m.capacity for m in members)
    shares = {m.user: m.capacity / total for m in members}
    candidates = tuple(
        Candidate(m.user, shares[m.user], m.owed + shares[m.user])
        for m in sorted(members, key=lambda m: m.user)
    )
    return Choice(_next(candidates), Rule.TURN, candidates, skipped)


def _next(candidates: Sequence[Candidate]) -> int:
    """Tijdeman's choice; where changes of the pool left nobody owed enough, the one who is owed most."""
    if len(candidates) == 1:
        return candidates[0].user
    margin = 1 / (2 * len(candidates) - 2)
    owed = [c for c in candidates if c.owed >= margin - NEARLY_NOTHING]
    if not owed:
        return max(candidates, key=lambda c: (c.owed, -c.user)).user
    return min(owed, key=lambda c: ((1 - margin - c.owed) / c.share, c.user)).user


def _back_first(member: Member) -> tuple[datetime, float, int]:
    if member.free_at is None:
        raise ValueError(f"member {member.user} never works again and cannot be the soonest")
    return (member.free_at, -member.owed, member.user)
