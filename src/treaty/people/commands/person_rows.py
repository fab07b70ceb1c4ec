"""The rows a chunk of drafts becomes: persons, links to identities, tags and employment, written set at once."""

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

from treaty.fields.commands import Sheet, WrongValue
from treaty.kit import sql
from treaty.kit.rows import among
from treaty.ledger.commands import pepper
from treaty.ledger.queries import Key
from treaty.people.commands import bulk
from treaty.people.models import Person, Tag
from treaty.people.queries import Known, newcomer
from treaty.people.rules import (
    LINKS,
    TEXTS,
    PersonDraft,
    Ready,
    Stage,
    folded_name,
    person_called,
    person_entry,
)
from treaty.search.rules import Entry, Found

PERSON = "people_person"
MOMENTS = ("stage_since", "unsubscribed_at", "do_not_call_at", "forgotten_at", "created_at")
PLAIN = (*TEXTS, "stage", *LINKS)
KEPT = (*PLAIN, *MOMENTS)
"""What a stored row is read by, in this order, behind its id and anchor."""
PLAIN_OF, MOMENTS_OF = itemgetter(*PLAIN), itemgetter(*MOMENTS)
ADDRESSES = {"email", "phone"}
UNTOLD = Stage.SUBSCRIBER.value
"""The stage of somebody of whom no draft tells one."""
BLANK: dict[str, object] = dict.fromkeys(TEXTS, "") | dict.fromkeys((*LINKS, *MOMENTS)) | {"stage": UNTOLD}


def named_by_cards(drafts: Iterable[Ready]) -> dict[Key, int]:
    """The keys that are names which vCards of ours gave persons, each with that person's anchor."""
    told = {
        key: value.partition(":")[2]
        for each in drafts
        if each.draft.external
        for key, value in zip(each.keys, each.values, strict=True)
        if ":urn:uuid:" in value
    }
    called = {key: one for key, name in told.items() if (one := person_called(name, pepper())) is not None}
    anchors = dict(among(Person, "id", called.values()).values_list("pk", "anchor_id")) if called else {}
    return {key: anchors[one] for key, one in called.items() if one in anchors}


@dataclass(slots=True)
class Row:
    """A person's row as it will stand."""

    id: int
    anchor: int
    values: dict[str, object]
    is_new: bool = False
    is_fresh: bool = False
    """New, and no draft has told its stage."""
    is_changed: bool = False

    @classmethod
    def new(cls, person: int, anchor: int, name: str, added_at: datetime) -> "Row":
        """The row of a person of whom no more than a name is known."""
        values = BLANK | {"name": name, "stage_since": added_at, "created_at": added_at}
        return cls(person, anchor, values, is_new=True, is_fresh=True)

    def folded(self) -> str:
        """What finding reads."""
        return folded_name(str(self.values["name"]), str(self.values["name_local"]))

    def stamped(self) -> tuple[object, ...]:
        """The values in the order of KEPT, as the database takes them."""
        return *PLAIN_OF(self.values), *(at and sql.written(at) for at in MOMENTS_OF(self.values))


def stored(persons: Collection[int]) -> dict[int, Row]:
    """The rows of persons that are there; few are held for whoever reads them, many are changed by one at a time."""
    if not persons:
        return {}
    found = {}
    few = len(persons) <= sql.FEW
    for person, anchor, *values in bulk.rows_of(PERSON, ("id", "anchor_id", *KEPT), persons, held=few):
        told = dict(zip(KEPT, values, strict=True))
        told |= {name: sql.moment(told[name]) for name in MOMENTS if told[name] is not None}
        found[int(str(person))] = Row(int(str(person)), int(str(anchor)), told)
    return found


class Newcomers:
    """Persons who are new, each told of by one plain draft: their rows are as they were made ready."""

    def __init__(self, at: datetime) -> None:
        self.at = sql.written(at)
        self.rows: list[tuple[object, ...]] = []
        self.found: list[tuple[int, Found]] = []
        self.known: dict[int, Known] = {}
        """What is known of those of whom somebody is to hear."""

    def put(
        self, person: int, anchor: int, ready: Ready, links: tuple[int | None, int | None], since: datetime
    ) -> None:
        """Take one with its links (LINKS), known since a time."""
        when, told = sql.written(since), ready.draft.stage
        stage = told.value if told else UNTOLD
        plain = (*ready.texts, stage, *links, when, None, None, None, when)
        self.rows.append((person, anchor, *plain, ready.folded, self.at))
        self.found.append((person, ready.found))

    def introduce(self, ready: Ready, identities: Sequence[int]) -> None:
        """Whoever hears of the one taken last is to know what could be read; of who works somewhere that is more."""
        row = dict(zip(("id", "anchor_id", *KEPT), self.rows[-1], strict=False))
        if row["company_id"] is not None:
            return
        labels, named = ready.draft.labels or {}, zip(ready.keys, ready.values, strict=True)
        addresses = [f"{kind} {labels.get(value, '')}" for (kind, _key), value in named if kind in ADDRESSES]
        held = (int(str(row["anchor_id"])), *identities)
        self.known[int(str(row["id"]))] = newcomer(row, held, tags=set(ready.draft.tags), addresses=addresses)


def write(rows: Iterable[Row], at: datetime, newcomers: Newcomers | None = None) -> None:
    """Insert the new persons, update the changed ones."""
    moment = sql.written(at)
    differing = [(row, row.folded()) for row in rows if row.is_new or row.is_changed]
    new = [(row.id, row.anchor, *row.stamped(), folded, moment) for row, folded in differing if row.is_new]
    sql.write_rows(
        PERSON,
        ("id", "anchor_id", *KEPT, "folded", "changed_at"),
        [*new, *(newcomers.rows if newcomers else ())],
    )
    changed = [(*row.stamped(), folded, moment, row.id) for row, folded in differing if not row.is_new]
    sql.update_rows(PERSON, (*KEPT, "folded", "changed_at"), changed)
    found = newcomers.found if newcomers else ()
    bulk.changed([row.id for row, _folded in differing], map(_entry, differing), found)


def _entry(differing: tuple[Row, str]) -> Entry:
    row, folded = differing
    return person_entry(row.id, folded, str(row.values["email"]), str(row.values["phone"]))


class Links:
    """Whose identities are whose: what is linked already, and what this chunk adds."""

    def __init__(self, taken: set[int], rows: Iterable[Row]) -> None:
        self.taken = taken
        self.yes, self.no = sql.flag(True), sql.flag(False)
        self.new: list[tuple[int, int, str, bool | int, bool | int]] = []
        rows = list(rows)
        self.mains = {(row.id, kind) for row in rows for kind in ("email", "phone") if row.values[kind]}
        for row in rows:
            if row.is_new:
                self.new.append((row.anchor, row.id, "", self.yes, self.no))

    def add(self, identity: int, person: int, kind: str, label: str = "") -> bool:
        """Link an identity unless somebody holds it; whether it was linked. The first of a kind is the main one."""
        if identity in self.taken:
            return False
        self.taken.add(identity)
        is_main = (person, kind) not in self.mains
        self.mains.add((person, kind))
        self.new.append((identity, person, label, self.yes, sql.flag(is_main)))
        return True

    def add_newcomer(self, person: int, anchor: int, ready: Ready, identities: Sequence[int]) -> None:
        """Link a new person to identities that nobody holds; the first of a kind is the main one."""
        self.taken.update(identities)
        yes, no = self.yes, self.no
        self.new.append((anchor, person, "", yes, no))
        before, labels = "", ready.draft.labels or {}
        for (kind, _key), value, identity in zip(ready.keys, ready.values, identities, strict=True):
            label = labels.get(value, "") if labels else ""
            self.new.append((identity, person, label, yes, no if kind == before else yes))
            before = kind

    def write(self) -> None:
        """Insert the new links."""
        columns = ("identity_id", "person_id", "label", "is_valid", "is_main")
        sql.write_rows("people_personidentity", columns, self.new)


class Tags:
    """The tags of this chunk's persons: what they wear already, and what the drafts add."""

    def __init__(self, drafts: Sequence[PersonDraft], persons: Collection[int]) -> None:
        names = {tag for draft in drafts for tag in draft.tags}
        self.ids = tags_called(names)
        self.worn: set[tuple[int, int]] = set()
        self.new: list[tuple[int, int]] = []
        if names and persons:
            columns = ("person_id", "tag_id")
            rows = bulk.rows_of("people_persontag", columns, persons, key="person_id")
            self.worn = {(int(str(person)), int(str(tag))) for person, tag in rows}

    def put(self, person: int, tags: Sequence[str]) -> bool:
        """Put tags on a person; whether one was new to it."""
        missing = {(person, self.ids[tag]) for tag in tags} - self.worn if tags else None
        if not missing:
            return False
        self.worn |= missing
        self.new += missing
        return True

    def put_first(self, person: int, tags: Sequence[str]) -> None:
        """Put tags on a person who is new."""
        self.new += [(person, self.ids[tag]) for tag in dict.fromkeys(tags)]

    def write(self) -> None:
        """Insert what is new."""
        if self.new:
            sql.write_rows(
                "people_persontag",
                ("person_id", "tag_id"),
                self.new,
                tail="ON CONFLICT DO NOTHING",
                mostly_new=True,
            )


class Own:
    """The company's own fields of this chunk's persons; without a draft that tells any, nothing is read."""

    def __init__(self, drafts: Sequence[PersonDraft], persons: Collection[int]) -> None:
        self.sheet = (
            Sheet("person", persons, adds_tags=True) if any(draft.fields for draft in drafts) else None
        )

    def put(self, person: int, told: Mapping[str, object], *, fresh: Container[str]) -> bool:
        """Tell fields of a person, those that are `fresh` and tags; whether anything differed. Raises WrongValue."""
        if self.sheet is None:
            return False
        adds = self.sheet.adds
        wanted = {key: value for key, value in told.items() if f"field.{key}" in fresh or adds(key)}
        return bool(self.sheet.put(person, wanted))

    def changed(self, person: int) -> dict[str, list[object]]:
        """What differs of a person, as `own.<key>`: [before, after]."""
        told = self.sheet.changed.get(person, {}) if self.sheet else {}
        return {f"own.{key}": list(pair) for key, pair in told.items()}

    def write(self) -> None:
        """Write what differs. Raises WrongValue where a field would point to nobody."""
        if self.sheet is None:
            return
        if unknown := self.sheet.unknown():
            raise WrongValue(unknown[0], "no_record")
        self.sheet.write()


def tags_called(names: Collection[str]) -> dict[str, int]:
    """The ids of tags; those that are missing are made."""
    if not names:
        return {}
    sql.write_rows(
        "people_tag", ("name",), ((name,) for name in sorted(names)), tail="ON CONFLICT (name) DO NOTHING"
    )
    return dict(Tag.objects.filter(name__in=sorted(names)).values_list("name", "id"))
