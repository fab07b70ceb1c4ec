"""The merged stream of one person: both teams, filtered, a page at a time, by days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.utils.timezone import localtime

from treaty.conversations.facts import NoteWritten
from treaty.deals.queries import DealRow
from treaty.desk.timeline import ABOUT_PERSONS, icon, kinds_of, of_campaigns, words
from treaty.documents.queries import DocumentRow, documents_on
from treaty.ledger.facts import SubjectKind, about_deal
from treaty.ledger.queries import Recorded, all_said, recent
from treaty.people.queries import subjects_of
from treaty.staff import queries as staff
from treaty.staff.rules import MARKETING, SALES

LENGTH = 30


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the stream is asked for: a group of kinds, a team, a campaign, and behind which line."""

    group: str = ""
    side: str = ""
    campaign: str = ""
    before: tuple[datetime, int] | None = None

    @classmethod
    def read(cls, group: str, side: str, campaign: str, before: str) -> "Asked":
        """The filter as the address writes it; what it does not know is left out."""
        return cls(
            group if group in ABOUT_PERSONS else "",
            side if side in {MARKETING, SALES} else "",
            campaign.replace("\0", "").strip(),
            _cursor(before),
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether something is filtered away."""
        return bool(self.group or self.side or self.campaign)


@dataclass(frozen=True, slots=True)
class StreamLine:
    """One line: whose side, when, what happened, who of ours, and what was written."""

    side: str
    icon: str
    at: datetime
    text: str
    who: str
    note: str
    deal: str
    deal_url: str
    is_typed_in: bool
    note_id: int
    """The number of a note about the person, which can be put into the bin; 0 for all others."""
    documents: tuple[DocumentRow, ...] = ()
    """What is attached to the note."""


@dataclass(frozen=True, slots=True)
class StreamDay:
    """The lines of one day, the newest first."""

    day: date
    lines: tuple[StreamLine, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """One page of the stream; `campaigns` are those that brought the person, `older` is what the address says to go on."""

    asked: Asked
    days: tuple[StreamDay, ...]
    campaigns: tuple[str, ...]
    older: str


def timeline(person: int, deals: Sequence[DealRow], asked: Asked) -> Timeline:
    """A page of a person's stream, with the deals given; four questions, however long it is, and one where it has notes."""
    own = subjects_of(person)
    subjects = [*own, *(about_deal(deal.id) for deal in deals)]
    kinds = kinds_of(asked.group, asked.side, asked.campaign)
    said = ("campaign", asked.campaign) if asked.campaign else None
    found = recent(subjects, LENGTH + 1, before=asked.before, kinds=kinds, said=said)
    shown = found[:LENGTH]
    names = staff.user_names({_whose(line) for line in shown})
    named = {deal.id: deal for deal in deals}
    attached = documents_on("note", [line.id for line in shown if isinstance(line.fact, NoteWritten)])
    lines = [_line(line, names, named, attached.get(line.id, ())) for line in shown]
    days = groupby(lines, key=lambda line: localtime(line.at).date())
    older = f"{shown[-1].occurred_at.isoformat()},{shown[-1].id}" if len(found) > LENGTH else ""
    shown_days = tuple(StreamDay(day, tuple(some)) for day, some in days)
    return Timeline(asked, shown_days, tuple(all_said(own, "campaign", of_campaigns())), older)


def _line(
    line: Recorded, names: dict[int, str], deals: dict[int, DealRow], attached: Sequence[DocumentRow]
) -> StreamLine:
    deal = deals.get(line.about.id) if line.about.kind is SubjectKind.DEAL else None
    return StreamLine(
        side=str(type(line.fact).side),
        icon=icon(line.kind),
        at=line.occurred_at,
        text=words(line) or line.kind,
        who=names.get(_whose(line) or 0, ""),
        note=line.text,
        deal=deal.name if deal else "",
        deal_url=f"/deals/{deal.id}/" if deal else "",
        is_typed_in=bool(getattr(line.fact, "typed_in", False)),
        note_id=line.id if isinstance(line.fact, NoteWritten) and deal is None else 0,
        documents=tuple(attached),
    )


def _whose(line: Recorded) -> int | None:
    """Whom of ours a line is about: the owner it names, else who wrote it."""
    for name in ("owner", "after"):
        owner = getattr(line.fact, name, None)
        if isinstance(owner, int):
            return owner
    return line.by


def _cursor(before: str) -> tuple[datetime, int] | None:
    when, _comma, line = before.partition(",")
    if not line.isdecimal() or len(line) > 18:
        return None
    try:
        at = datetime.fromisoformat(when.replace(" ", "+"))
    except ValueError:
        return None
    return None if at.tzinfo is None else (at, int(line))
