"""What there is outside the document, for its validation: teams, facts, calendars."""

from collections.abc import Mapping
from datetime import datetime

from treaty.agreements.rules import ClauseProblem, Document, World, validate
from treaty.kit.rules.business_time import Calendar, NoBusinessTime
from treaty.kit.rules.business_time import validate as validate_calendar
from treaty.ledger.facts import KINDS
from treaty.segments.queries import words
from treaty.staff import queries as staff


def known_kinds() -> tuple[str, ...]:
    """The kinds of touchpoints that can bring points: what reaches the buyer or comes from the buyer."""
    return tuple(sorted(name for name, kind in KINDS.items() if kind.is_touch and not kind.__subclasses__()))


def world(document: Document, at: datetime) -> World:
    """What a document is measured by, as of an instant."""
    colleagues = staff.colleagues()
    teams = {team.id: team.name for team in staff.teams()}
    members: dict[int, list[int]] = {team: [] for team in teams}
    for person in colleagues:
        if person.team_id is not None:
            members[person.team_id].append(person.id)
    return World(members_of=members, kinds=known_kinds(), without_shifts=_without_shifts(document, teams, at))


def asked_by(*documents: Document) -> dict[int | str, str]:
    """What the segments and fields of one's own are called that conditions of documents ask for; empty where none does."""
    told = "".join(document.model_dump_json(include={"definition", "scoring"}) for document in documents)
    return words((), None) if '"fields.' in told or '"segment"' in told else {}


def problems(document: Document, at: datetime) -> tuple[ClauseProblem, ...]:
    """What keeps a document from being carried out here and now."""
    return validate(document, world(document, at), at)


def _without_shifts(document: Document, teams: Mapping[int, str], at: datetime) -> tuple[str, ...]:
    """Whose calendar has no shift in the next 366 days: the company, the pool's team, its members."""
    users = [member.user for member in document.pool.members]
    names = staff.user_names(users)
    calendars: dict[str, Calendar] = {staff.installation().name: staff.company_calendar(at)}
    if document.pool.team in teams:
        calendars[teams[document.pool.team]] = staff.team_calendar(document.pool.team, at)
    for user, calendar in staff.calendars([user for user in users if user in names], at).items():
        calendars[names[user]] = calendar
    return tuple(name for name, calendar in calendars.items() if not _has_shift(calendar, at))


def _has_shift(calendar: Calendar, at: datetime) -> bool:
    try:
        validate_calendar(calendar, at)
    except NoBusinessTime:
        return False
    return True
