"""The one door through which persons come in, one or a hundred thousand: matched, merged and written set at once."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import compress, islice

import msgspec
from django.db import transaction

from treaty.fields.commands import join_all
from treaty.kit import sql
from treaty.kit.collector import without_collector
from treaty.kit.together import along
from treaty.ledger.commands import Entry, erase_readable, make_identities, new_anchors, record_many
from treaty.ledger.facts import Fact, about_identity
from treaty.ledger.listeners import NOTHING
from treaty.ledger.queries import Key, identities_of_keys
from treaty.people import projections
from treaty.people.commands import bulk, person_rows
from treaty.people.commands.bin import restore_persons
from treaty.people.commands.companies import companies_called
from treaty.people.commands.consents import Consents
from treaty.people.commands.employments import Work
from treaty.people.commands.kept import Kept, kept
from treaty.people.commands.person_rows import Row
from treaty.people.commands.ready import each_ready
from treaty.people.facts import CallsRefused, OwnerAssigned, PersonAdded, StageEntered, Unsubscribed
from treaty.people.projections import refold_consents
from treaty.people.queries import in_bin, notes_of, persons_of
from treaty.people.rules import (
    Match,
    Outcome,
    PersonDraft,
    Ready,
    Stage,
    matches,
    moves,
    names_stated,
    stated,
)

CHUNK = 10_000
"""Drafts in one transaction: short enough that other writers need not wait long."""
FIRST = 1_250
"""Drafts in the first transaction of a long import, each further one twice as many: whoever reads them is not far ahead yet."""

Progress = Callable[[int], None]
"""Told after each transaction how many drafts are done."""

Follow = Callable[[set[int]], None]
"""Called within each transaction with the persons it added or changed."""


Admit = Callable[[Sequence[Ready], Mapping[Key, int]], Sequence[bool]]
"""Asked within each transaction, before anything is matched: which of these drafts are to be taken. It is told who holds
their identities."""

Keep = Callable[[Sequence[Kept]], None]
"""Called within each transaction with what it changed of those who were there, so that it can be taken back."""


class Added(msgspec.Struct, frozen=True, gc=False):
    """What became of one draft."""

    person_id: int
    outcome: Outcome
    is_conflict: bool = False
    """Its identities belong to different persons: the first (external key, mail, phone) decided, the others stayed."""


@dataclass(slots=True)
class _Call:
    """What holds for one call of add_persons, and what its drafts have told so far."""

    at: datetime
    by: int | None
    source: str
    batch: int | None = None
    quiet: bool = True
    owner_if_new: int | None = None
    revive: bool = False
    follow: Follow | None = None
    admit: Admit | None = None
    keep: Keep | None = None
    told: dict[int, tuple[str, ...]] = field(default_factory=dict)
    """The fields that drafts of this call have told of each person."""
    shapes: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)
    """Each combination of told fields once: a hundred thousand drafts of one file share a handful."""

    def first_told(self, person: int, told: dict[str, object]) -> dict[str, object]:
        """What no earlier draft of this call told of this person."""
        before = self.told.get(person, ())
        fresh = {name: value for name, value in told.items() if name not in before} if before else told
        names = (*before, *fresh)
        self.told[person] = self.shapes.setdefault(names, names)
        return fresh


def add_persons(
    drafts: Iterable[PersonDraft],
    *,
    at: datetime,
    by: int | None,
    source: str,
    batch: int | None = None,
    quiet: bool = True,
    progress: Progress | None = None,
    owner_if_new: int | None = None,
    revive: bool = False,
) -> list[Added]:
    """Add or enrich many persons, set at once in chunks; what came of each draft, in order.

    A person is met by an external key, else a mail address, else a phone number. What a draft leaves blank stays as
    it is. Whoever was forgotten stays so: such a draft leaves nothing. Raises fields.commands.WrongValue.
    Where drafts of one call contradict each other about a person the first one holds, so the same drafts
    again change nothing. A draft without any identity is always a new person. `quiet` leaves the listeners out. Who is
    in the bin stays there, and such a draft leaves nothing, unless the person came by itself, which is to `revive` it.
    `owner_if_new` owns whoever is new where the draft names no owner.
    """
    call = _Call(at, by, source, batch, quiet, owner_if_new, revive)
    return [each for chunk in _added(call, each_ready(drafts), progress) for each in chunk]


def add_ready(
    ready: Iterable[Ready],
    *,
    at: datetime,
    by: int | None,
    source: str,
    batch: int,
    progress: Progress | None,
    follow: Follow,
    admit: Admit | None,
    keep: Keep,
) -> Iterator[list[Added]]:
    """As `add_persons`, for a long import of history: of drafts that were made ready elsewhere those that are admitted.

    Listeners are left out; who imports folds in `follow`, so that a killed import leaves nobody unfolded.
    """
    call = _Call(at, by, source, batch, follow=follow, admit=admit, keep=keep)
    return _added(call, ready, progress, first=FIRST)


def _added(
    call: "_Call", ready: Iterable[Ready], progress: Progress | None, *, first: int = CHUNK
) -> Iterator[list[Added]]:
    """What became of each draft, chunk by chunk."""
    rest, done, size = iter(ready), 0, first
    while chunk := list(islice(rest, min(size, CHUNK))):
        size *= 2
        with without_collector(), transaction.atomic(savepoint=False):
            bulk.alone() if call.batch or call.revive else bulk.alone_for(chunk)
            join_all("person", (one.draft.fields for one in chunk))
            drafts = _Chunk(call, chunk)
            with along(bulk.foreseen(chunk, drafts.known)):
                added = drafts.add()
            if call.follow:
                call.follow({each.person_id for each in added if each.outcome is not Outcome.UNCHANGED})
        yield added
        done += len(added)
        if progress:
            progress(done)


class _Chunk:
    """One transaction's drafts on their way into the tables."""

    def __init__(self, call: _Call, drafts: Sequence[Ready]) -> None:
        self.call = call
        self.known = identities_of_keys({key for each in drafts for key in each.keys})
        self.known |= person_rows.named_by_cards(drafts)
        self.holders = persons_of(self.known.values())
        self.drafts = self._admitted(drafts)
        self.facts: list[Entry] = []
        self.arrival = PersonAdded(call.source)
        self.restaged: list[int] = []
        self.unwanted: list[int] = []
        """Identities that came with somebody forgotten or in the bin."""

    def _admitted(self, drafts: Sequence[Ready]) -> Sequence[Ready]:
        if self.call.admit is None:
            return drafts
        holders = self.holders
        held = {key: holders[identity] for key, identity in self.known.items() if identity in holders}
        return list(compress(drafts, self.call.admit(drafts, held)))

    def add(self) -> list[Added]:
        """Match, merge, write, record."""
        self.named = self._named()
        self.matches = matches(self.named, self.holders)
        self.binned = self._binned()
        self.rows = self._rows()
        self.links = person_rows.Links(set(self.holders), self.rows.values())
        self.companies = self._companies()
        known = [row.id for row in self.rows.values() if not row.is_new]
        self.tags = person_rows.Tags([each.draft for each in self.drafts], known)
        self.consents = Consents.told_by([each.draft for each in self.drafts], known)
        self.work = Work(known if self.companies else (), self.call.at.date())
        before = {row.id: dict(row.values) for row in self.rows.values() if self.call.keep and not row.is_new}
        meant = zip(self.matches, self.drafts, self.named, strict=True)
        outcomes = [
            self._welcome(*self.alone[match.person], ready, named)
            if match.person in self.alone
            else self._merge(match, ready, named)
            for match, ready, named in meant
        ]
        if self.call.keep and (
            changed := [row for row in self.rows.values() if row.id in before and row.is_changed]
        ):
            agreed = self.consents.touched if self.consents else set()
            self.call.keep(
                kept(
                    changed, before, self.links, self.tags, set(self.work.opened), own=self.own, agreed=agreed
                )
            )
        self._write()
        return outcomes

    def _named(self) -> list[list[int]]:
        """The identities of each draft, in its own order; those that are new are made."""
        missing = {
            key: value
            for each in self.drafts
            for key, value in zip(each.keys, each.values, strict=True)
            if key not in self.known
        }
        made, are_new = make_identities(missing, at=self.call.at)
        known = self.known | made
        # Who hears of few persons with nothing but new identities is told what could be read.
        self.is_heard = are_new and not self.known and not self.call.quiet and len(self.drafts) <= sql.FEW
        return [[known[key] for key in each.keys] for each in self.drafts]

    def _binned(self) -> set[int]:
        """Who of those meant is in the bin, and stays there."""
        there = in_bin({match.person for match in self.matches if match.person > 0})
        if there and self.call.revive:
            restore_persons(there, at=self.call.at, by=self.call.by, cause="came")
            return set()
        return there

    def _rows(self) -> dict[int, Row]:
        """The row of each person meant, those yet to be made under their places below 0."""
        known = {match.person for match in self.matches if match.person > 0}
        rows = person_rows.stored(known)
        self.own = person_rows.Own([each.draft for each in self.drafts], known)
        self.newcomers, self.alone = person_rows.Newcomers(self.call.at), dict[int, tuple[int, int]]()
        new = [(match, each) for match, each in zip(self.matches, self.drafts, strict=True) if match.is_new]
        ids = sql.new_ids("people_person", len(new))
        anchors = new_anchors(len(new), at=self.call.at) if new else []
        often = Counter([match.person for match in self.matches])
        for (match, each), person, anchor in zip(new, ids, anchors, strict=True):
            if each.is_plain and often[match.person] == 1:
                self.alone[match.person] = person, anchor
            else:
                rows[match.person] = Row.new(person, anchor, each.name, each.draft.added_at or self.call.at)
        return rows

    def _companies(self) -> dict[tuple[str, str], int]:
        pairs = {
            (each.draft.company, each.draft.company_key)
            for each in self.drafts
            if each.draft.company or each.draft.company_key
        }
        return companies_called(pairs, at=self.call.at)

    def _welcome(self, person: int, anchor: int, ready: Ready, named: Sequence[int]) -> Added:
        """Take somebody new of whom this draft alone tells, as `_merge` would and without comparing anything."""
        draft, call, company = ready.draft, self.call, None
        owner = call.owner_if_new if draft.owner is None else draft.owner
        self.facts.append(self._entry(self.arrival, anchor, draft))
        if draft.company or draft.company_key:
            company = self.companies[draft.company, draft.company_key]
            self.work.move(person, old=None, new=company, was="")
        if owner is not None:
            self.facts.append(self._entry(OwnerAssigned(owner), anchor, draft))
        if draft.stage:
            self.facts.append(self._entry(StageEntered(draft.stage), anchor, draft))
        if draft.tags:
            self.tags.put_first(person, draft.tags)
        call.told[person] = names_stated(ready.told + bytes((company is not None, owner is not None)))
        self.newcomers.put(person, anchor, ready, (company, owner), draft.added_at or call.at)
        if self.is_heard:
            self.newcomers.introduce(ready, named)
        self.links.add_newcomer(person, anchor, ready, named)
        return Added(person, Outcome.NEW)

    def _merge(self, match: Match, ready: Ready, named: Sequence[int]) -> Added:
        row, draft = self.rows[match.person], ready.draft
        if row.values["forgotten_at"] is not None or row.id in self.binned:
            self.unwanted += named
            return Added(row.id, Outcome.BINNED if row.id in self.binned else Outcome.FORGOTTEN)
        if match.is_new:
            self._record(self.arrival, row, draft)
        differs = [
            self._state_fields(row, ready),
            self._link(row, ready, named),
            self._state_standing(row, draft),
            self.tags.put(row.id, draft.tags),
            self._state_own(row, draft),
            self._state_consents(row, draft),
        ]
        row.is_changed = row.is_changed or any(differs)
        outcome = Outcome.NEW if match.is_new else Outcome.CHANGED if any(differs) else Outcome.UNCHANGED
        return Added(row.id, outcome, match.is_conflict)

    def _state_fields(self, row: Row, ready: Ready) -> bool:
        draft, told = ready.draft, stated(ready)
        if draft.company or draft.company_key:
            told = told | {"company_id": self.companies[draft.company, draft.company_key]}
        if row.is_new and self.call.owner_if_new is not None:
            told = {"owner_id": self.call.owner_if_new} | told
        fresh, values = self.call.first_told(row.id, told), row.values
        differing = {name: value for name, value in fresh.items() if values[name] != value}
        if "company_id" in differing:
            old, new = values["company_id"], self.companies[draft.company, draft.company_key]
            self.work.move(row.id, old=int(str(old)) if old else None, new=new, was=str(values["title"]))
        values.update(differing)
        if "owner_id" in differing:
            self._record(OwnerAssigned(int(str(values["owner_id"]))), row, draft)
        return bool(differing)

    def _state_own(self, row: Row, draft: PersonDraft) -> bool:
        fields = draft.fields or {}
        told = {f"field.{key}": value for key, value in fields.items() if value not in ("", None, [])}
        return self.own.put(row.id, fields, fresh=self.call.first_told(row.id, told))

    def _state_consents(self, row: Row, draft: PersonDraft) -> bool:
        """To what the person agrees, or does not any more, each with its fact."""
        differs, call = False, self.call
        for told in draft.consents if self.consents else ():
            name = f"consent.{told.purpose}"
            fresh = call.first_told(row.id, {name: told})
            when = draft.added_at or call.at
            if (
                self.consents
                and fresh
                and (fact := self.consents.put(row.id, told, how=call.source, at=when))
            ):
                entry = Entry(fact, about_identity(row.anchor), told.at or when, call.by, batch=call.batch)
                self.facts.append(entry)
                differs = True
        return differs

    def _link(self, row: Row, ready: Ready, named: Sequence[int]) -> bool:
        differs = False
        labels = ready.draft.labels or {}
        for identity, (kind, _key), value in zip(named, ready.keys, ready.values, strict=True):
            if self.links.add(identity, row.id, kind, labels.get(value, "")):
                differs = True
                if kind in {"email", "phone"} and not row.values[kind]:
                    row.values[kind] = value
        return differs

    def _state_standing(self, row: Row, draft: PersonDraft) -> bool:
        """Stage and refusals, each with its fact."""
        when, differs = draft.added_at or self.call.at, False
        if draft.stage and (row.is_fresh or moves(Stage(str(row.values["stage"])), draft.stage, back=False)):
            self._record(StageEntered(draft.stage), row, draft)
            row.values |= {"stage": draft.stage.value, "stage_since": when}
            row.is_fresh, differs = False, True
            if not row.is_new:
                self.restaged.append(row.id)
        if draft.unsubscribed and not row.values["unsubscribed_at"]:
            row.values["unsubscribed_at"], differs = when, True
            self._record(Unsubscribed(self.call.source), row, draft)
        if draft.do_not_call and not row.values["do_not_call_at"]:
            row.values["do_not_call_at"], differs = when, True
            self._record(CallsRefused(self.call.source), row, draft)
        return differs

    def _record(self, fact: Fact, row: Row, draft: PersonDraft) -> None:
        self.facts.append(self._entry(fact, row.anchor, draft))

    def _entry(self, fact: Fact, anchor: int, draft: PersonDraft) -> Entry:
        when, call = draft.added_at or self.call.at, self.call
        return Entry(fact, about_identity(anchor), when, call.by, None, draft.added_at, call.batch)

    def _write(self) -> None:
        with sql.at_once():
            person_rows.write(self.rows.values(), self.call.at, self.newcomers)
            self.links.write()
        self.tags.write()
        self.own.write()
        self.work.write()
        self._erase_unwanted()
        known = self.newcomers.known
        notes = notes_of(known) if len(known) == len(self.matches) else NOTHING
        record_many(self.facts, recorded_at=self.call.at, quiet=self.call.quiet, notes=notes)
        if self.consents and self.call.quiet:
            refold_consents(self.consents.touched)
        if self.restaged:
            projections.refold(self.restaged)

    def _erase_unwanted(self) -> None:
        """What came with somebody forgotten or in the bin and is nobody else's may not be readable either."""
        if self.unwanted:
            held = persons_of(self.unwanted)
            erase_readable([about_identity(one) for one in self.unwanted if one not in held])
