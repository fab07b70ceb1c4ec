"""What passing a lead on needs of persons: whom facts are about, and who looks after them and their companies."""

from collections.abc import Collection
from dataclasses import dataclass

from treaty.kit import sql
from treaty.people import wording
from treaty.people.queries.bin import NOT_BINNED
from treaty.people.rules import Stage


@dataclass(frozen=True, slots=True)
class LeadRow:
    """One person as a lead: `owner` and `company_owner` are staff ids."""

    anchor: int
    stage: str
    language: str
    owner: int | None
    company_owner: int | None


def leads(persons: Collection[int]) -> dict[int, LeadRow]:
    """Persons as leads, by id, in one question; nobody in the bin is one."""
    statement = (
        "SELECT p.id, p.anchor_id, p.stage, p.language, p.owner_id, c.owner_id FROM people_person p"
        f" LEFT JOIN people_company c ON c.id = p.company_id"
        f" WHERE {sql.one_of('p.id')} AND p.id {NOT_BINNED}"
    )
    rows = sql.ask(statement, [sql.listed(persons)], often=len(persons) <= sql.FEW)
    return {row[0]: LeadRow(*row[1:]) for row in rows}


def stage_label(stage: str) -> str:
    """What a stage is called in the language of the page."""
    return str(wording.STAGES[Stage(stage)])


def channel_label(channel: str) -> str:
    """What a channel is called in the language of the page."""
    return wording.channel(channel)
