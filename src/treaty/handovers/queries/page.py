"""One handover: its clocks, both readings of first touch, why it was offered to whom, and what happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from treaty.agreements import queries as agreements
from treaty.agreements.rules import ReturnReason
from treaty.handovers import wording
from treaty.handovers.facts import LeadAccepted, LeadHandedOn, LeadOffered, LeadReturned
from treaty.handovers.models import Clock, Handover
from treaty.handovers.queries.cards import Card, Ring, cards_of, ring_of
from treaty.handovers.queries.faces import clocks_of, faces
from treaty.handovers.queries.reasons import reason_of
from treaty.handovers.queries.resting import latest_of, rest_after
from treaty.handovers.queries.rows import cards_by_id
from treaty.handovers.queries.standing import visible_handovers
from treaty.handovers.queries.table import decision
from treaty.handovers.queries.touches import words_of
from treaty.handovers.rules.acts import Name
from treaty.handovers.rules.faces import Face
from treaty.handovers.rules.returns import CONSEQUENCES, Consequence, Effect
from treaty.ledger import queries as ledger
from treaty.ledger.facts import Subject
from treaty.ledger.queries import Recorded
from treaty.people import queries as people
from treaty.staff import queries as staff
from treaty.staff.queries import KnownCalendars, User

HISTORY_SHOWN = 40


@dataclass(frozen=True, slots=True)
class ClockLine:
    """A clock as the page lists it."""

    name: str
    title: str
    clause: str
    who: str
    verdict: str
    cause: str
    ring: Ring
    used: str


@dataclass(frozen=True, slots=True)
class Reading:
    """The buyer's reading of first touch: real time and the company's hours; words, empty while it runs."""

    touched_at: datetime | None
    real: str
    business: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class RoutingLine:
    """Somebody whom routing looked at: the share and what was owed, or why they were passed over."""

    user: str
    share: float | None
    owed: float | None
    skipped: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One fact of the person's history."""

    side: str
    at: datetime
    text: str
    who: str
    note: str


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """A reason to return, what becomes of the person, and what it demands."""

    code: str
    label: str
    effect: str
    hold_days: int
    demands: Consequence


@dataclass(frozen=True, slots=True)
class HandoverPage:
    """Everything the page of one handover shows."""

    card: Card
    column: str
    version: int
    team: int
    is_on_purpose: bool
    qualified_at: datetime
    offered_at: datetime
    decided_at: datetime | None
    hold_until: datetime | None
    return_reason: str
    clocks: tuple[ClockLine, ...]
    buyer: Reading
    rule: str
    routing: tuple[RoutingLine, ...]
    history: tuple[HistoryLine, ...]
    reasons: tuple[ReasonLine, ...]
    identities: tuple[tuple[int, str], ...]
    earlier: tuple[int, ...]
    """The ids of the person's other handovers, newest first."""
    waits_for: str
    """What has to come before the person is offered again; empty where this handover does not keep them from it."""


def handover_page(user: User, handover_id: int, at: datetime) -> HandoverPage | None:
    """One handover as far as the user sees it; None if there is none."""
    row = visible_handovers(user).filter(pk=handover_id).first()
    if row is None:
        return None
    clocks, known = clocks_of([row.pk]).get(row.pk, []), KnownCalendars(at, teams=[row.team_id])
    version = agreements.version_by_id(row.version_id)
    document = version.document
    identities = people.identities_of([row.person_id]).get(row.person_id, [])
    others = _others(row)
    return HandoverPage(
        card=cards_of(cards_by_id([row.pk]), user, at, known=known)[0],
        column=_column(row),
        version=version.number,
        team=row.team_id,
        is_on_purpose=row.is_on_purpose,
        qualified_at=row.qualified_at,
        offered_at=row.offered_at,
        decided_at=row.decided_at,
        hold_until=row.hold_until,
        return_reason=reason_of(row.version_id, row.return_reason),
        clocks=_clock_lines(row, clocks, known),
        buyer=_reading(row, clocks, at),
        rule=wording.why_there(row.routing),
        routing=_routing(row.routing),
        history=_history(row, people.subjects_of(row.person_id)),
        reasons=tuple(_reason(one) for one in document.return_reasons),
        identities=_addresses(identities),
        earlier=tuple(others),
        waits_for="" if max(others, default=0) > row.pk else _waits_for(row, at),
    )


def _column(row: Handover) -> str:
    decided = decision(row)
    if decided != "accepted":
        return decided
    return "working" if row.first_touch_at else "accepted"


def _clock_lines(row: Handover, clocks: Sequence[Clock], known: KnownCalendars) -> tuple[ClockLine, ...]:
    promises = [clock for clock in clocks if clock.name != Name.BUYER_TOUCH]
    rings = faces(promises, known.at, teams={row.pk: row.team_id}, known=known)
    return tuple(
        ClockLine(
            name=clock.name,
            title=wording.said(wording.CLOCKS, clock.name),
            clause=clock.clause,
            who=clock.user.name if clock.user else "",
            verdict=clock.verdict,
            cause=wording.said(wording.CAUSES, clock.cause) if clock.cause else "",
            ring=_ring(clock, rings, known.at),
            used=wording.span(clock.budget_seconds) if clock.budget_seconds else "",
        )
        for clock in promises
    )


def _ring(clock: Clock, rings: Mapping[int, Face], at: datetime) -> Ring:
    """A clock's ring; one that was kept or excused says how much time there was left, for its verdict stands beside it."""
    ring, face = ring_of(clock, rings, at), rings[clock.pk]
    return replace(ring, words=wording.time_spared(face)) if face.state == "kept" else ring


def _reading(row: Handover, clocks: Sequence[Clock], at: datetime) -> Reading:
    if row.first_touch_at is None:
        over = any(clock.name == Name.BUYER_TOUCH and clock.state == "stopped" for clock in clocks)
        return Reading(None, wording.span((at - row.qualified_at).total_seconds()), "", over)
    real = wording.span((row.first_touch_at - row.qualified_at).total_seconds())
    return Reading(row.first_touch_at, real, wording.span(row.touch_seconds or 0), True)


def _routing(routing: Mapping[str, list[list[object]]]) -> tuple[RoutingLine, ...]:
    candidates = routing.get("candidates", [])
    skipped = routing.get("skipped", [])
    names = staff.user_names([int(str(one[0])) for one in (*candidates, *skipped)])
    chosen = [
        RoutingLine(names.get(int(str(one[0])), ""), float(str(one[1])), float(str(one[2])), "")
        for one in candidates
    ]
    passed = [
        RoutingLine(names.get(int(str(one[0])), ""), None, None, wording.said(wording.SKIPS, str(one[1])))
        for one in skipped
    ]
    return (*chosen, *passed)


def _history(row: Handover, subjects: Sequence[Subject]) -> tuple[HistoryLine, ...]:
    lines = [line for line in ledger.recent(subjects, HISTORY_SHOWN) if _is_shown(line, row.pk)]
    users = {line.by for line in lines} | {_user_in(line) for line in lines}
    names = staff.user_names(users)
    return tuple(
        HistoryLine(
            str(type(line.fact).side),
            line.occurred_at,
            words_of(line),
            names.get(_user_in(line) or line.by or 0, ""),
            line.text,
        )
        for line in lines
    )


def _is_shown(line: Recorded, handover: int) -> bool:
    """Touches, and what happened to this and to earlier handovers; how rows came about is for the person's page."""
    return type(line.fact).is_touch or hasattr(line.fact, "handover")


def _user_in(line: Recorded) -> int | None:
    match line.fact:
        case LeadOffered(owner=owner):
            return owner
        case LeadAccepted(owner=owner):
            return owner
        case LeadHandedOn(after=after):
            return after
        case LeadReturned():
            return line.by
    return None


def _reason(reason: ReturnReason) -> ReasonLine:
    effect = Effect(reason.effect)
    text = wording.said(wording.EFFECTS, effect.value)
    return ReasonLine(reason.code, reason.label, text, reason.hold_days, CONSEQUENCES[effect])


def _addresses(identities: Sequence[int]) -> tuple[tuple[int, str], ...]:
    values = ledger.identity_values(identities)
    return tuple(
        (one, values[one][1]) for one in identities if one in values and values[one][0] in {"email", "phone"}
    )


def _waits_for(row: Handover, at: datetime) -> str:
    rest = rest_after(row, at) if latest_of([row], row.person_id) else None
    return "" if rest is None else wording.said(wording.WAITS_FOR, rest)


def _others(row: Handover) -> list[int]:
    rows = Handover.objects.filter(person=row.person_id).exclude(pk=row.pk).order_by("-pk")
    return list(rows.values_list("pk", flat=True)[:10])
