"""Fields are defined, renamed, ordered and retired; values stay where they are."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from django.db import transaction

from treaty.fields.models import Field
from treaty.fields.queries.definitions import row_of
from treaty.fields.rules import (
    CHOSEN,
    LONGEST_NAME,
    MOST,
    MOST_OPTIONS,
    RECORDS,
    BadValue,
    FieldRow,
    Kind,
    Option,
    grown,
    key_of,
)
from treaty.kit.rules.folding import fold
from treaty.staff.commands import audit


class Refused(ValueError):
    """A field cannot be so; `code` says why, `field` names the input at fault."""

    def __init__(self, code: str, field: str = "name") -> None:
        super().__init__(code)
        self.code, self.field = code, field


@dataclass(frozen=True, slots=True)
class FieldDraft:
    """A field as somebody defines it; `options` are the names of what can be chosen."""

    record: str
    name: str
    kind: Kind
    hint: str = ""
    options: Sequence[str] = ()


def add_field(draft: FieldDraft, *, at: datetime, by: int | None) -> int:
    """Define a field; its id. Raises Refused."""
    if draft.record not in RECORDS:
        raise ValueError(f"{draft.record!r} is no kind of record with fields of one's own.")
    with transaction.atomic():
        rows = list(Field.objects.select_for_update().filter(record=draft.record).order_by("position"))
        live = [row for row in rows if row.retired_at is None]
        if len(live) >= MOST:
            raise Refused("too_many")
        name = _named(draft.name, live)
        field = Field.objects.create(
            record=draft.record,
            key=key_of(name, {row.key for row in rows}, "field"),
            name=name,
            kind=draft.kind,
            hint=draft.hint.strip(),
            options=_options(draft),
            position=1 + max((row.position for row in rows), default=0),
            created_at=at,
        )
        changes: dict[str, list[object]] = {"name": [None, name], "record": [None, draft.record]}
        audit("field_added", about=("field", field.pk), changes=changes, by=by, at=at)
    return field.pk


def _named(name: str, others: Iterable[Field]) -> str:
    """A name that no other live field of the record has."""
    name = " ".join(name.split())
    if not name:
        raise Refused("nameless")
    if fold(name) in {fold(other.name) for other in others}:
        raise Refused("name_taken")
    return name


def _options(draft: FieldDraft) -> list[dict[str, object]]:
    names = list(dict.fromkeys(" ".join(name.split()) for name in draft.options if name.strip()))
    if draft.kind not in CHOSEN:
        return []
    if not names and draft.kind is not Kind.TAGS:
        raise Refused("optionless", "options")
    options: list[Option] = []
    for name in names:
        options.append(_option(name, options, draft.kind))
    return [asdict(option) for option in options]


def _option(name: str, options: Sequence[Option], kind: Kind) -> Option:
    """One more to choose. The key of a tag is its name."""
    name = " ".join(name.split())
    if not name:
        raise Refused("nameless", "option")
    if len(name) > LONGEST_NAME:
        raise Refused("long", "option")
    if len(options) >= MOST_OPTIONS:
        raise Refused("too_many_options", "option")
    if fold(name) in {fold(option.name) for option in options}:
        raise Refused("option_taken", "option")
    if kind is Kind.TAGS:
        return _tag(name, options)
    number = 1 + max((option.id for option in options), default=0)
    return Option(number, key_of(name, {option.key for option in options}, "option"), name)


def _tag(name: str, options: Sequence[Option]) -> Option:
    try:
        made = grown(name, options)
    except BadValue as wrong:
        raise Refused(wrong.code, "option") from None
    if len(made) == len(options):
        raise Refused("option_taken", "option")
    return made[-1]


def change_field(field: int, *, name: str, hint: str, at: datetime, by: int | None) -> bool:
    """Give a field another name or hint; whether anything differed. Its key stays. Raises Refused."""
    with transaction.atomic():
        row = Field.objects.select_for_update().get(pk=field)
        others = Field.objects.filter(record=row.record, retired_at=None).exclude(pk=field).order_by("pk")
        wanted = {"name": _named(name, others), "hint": hint.strip()}
        changes = {
            key: [getattr(row, key), value] for key, value in wanted.items() if getattr(row, key) != value
        }
        if changes:
            Field.objects.filter(pk=field).update(**wanted)
            audit("field_changed", about=("field", field), changes=changes, by=by, at=at)
    return bool(changes)


def move_field(field: int, *, up: bool, at: datetime, by: int | None) -> bool:
    """Let a field change places with its neighbour; False at the end of the row."""
    with transaction.atomic():
        record = Field.objects.values_list("record", flat=True).get(pk=field)
        rows = list(
            Field.objects.select_for_update()
            .filter(record=record, retired_at=None)
            .order_by("position", "id")
            .values_list("pk", flat=True)
        )
        place = rows.index(field) if field in rows else -1
        other = place + (-1 if up else 1)
        if place < 0 or not 0 <= other < len(rows):
            return False
        rows[place], rows[other] = rows[other], rows[place]
        for position, pk in enumerate(rows, start=1):
            Field.objects.filter(pk=pk).exclude(position=position).update(position=position)
        audit("field_moved", about=("field", field), changes={}, by=by, at=at)
    return True


def retire_field(field: int, *, at: datetime, by: int | None) -> bool:
    """Take a field out of use; what it holds is kept. False where it is retired already."""
    with transaction.atomic():
        is_done = Field.objects.filter(pk=field, retired_at=None).update(retired_at=at) == 1
        if is_done:
            audit("field_retired", about=("field", field), changes={}, by=by, at=at)
    return is_done


def reinstate_field(field: int, *, at: datetime, by: int | None) -> bool:
    """Put a retired field to use again, with all that it held. Raises Refused where another has its name now."""
    with transaction.atomic():
        row = Field.objects.select_for_update().get(pk=field)
        if row.retired_at is None:
            return False
        live = list(Field.objects.filter(record=row.record, retired_at=None).order_by("position"))
        if len(live) >= MOST:
            raise Refused("too_many")
        _named(row.name, live)
        Field.objects.filter(pk=field).update(retired_at=None)
        audit("field_reinstated", about=("field", field), changes={}, by=by, at=at)
    return True


def add_option(field: int, *, name: str, at: datetime, by: int | None) -> str:
    """Add something to choose; its key. Raises Refused."""
    made: list[Option] = []

    def more(row: FieldRow) -> list[Option]:
        made.append(_option(name, row.options, row.kind))
        return [*row.options, *made]

    _change_options(field, more, ["", name], at=at, by=by)
    return made[0].key


def rename_option(field: int, *, option: int, name: str, at: datetime, by: int | None) -> None:
    """Give an option another name; whoever has it keeps it. Raises Refused."""

    def renamed(row: FieldRow) -> list[Option]:
        others = [one for one in row.options if one.id != option]
        new = _option(name, others, row.kind).name
        return [replace(one, name=new) if one.id == option else one for one in row.options]

    _change_options(field, renamed, None, at=at, by=by)


def retire_option(field: int, *, option: int, at: datetime, by: int | None) -> None:
    """An option is chosen no more; whoever has it keeps it."""
    _mark_option(field, option, is_retired=True, at=at, by=by)


def reinstate_option(field: int, *, option: int, at: datetime, by: int | None) -> None:
    """An option can be chosen again."""
    _mark_option(field, option, is_retired=False, at=at, by=by)


def _mark_option(field: int, option: int, *, is_retired: bool, at: datetime, by: int | None) -> None:
    def marked(row: FieldRow) -> list[Option]:
        return [replace(one, is_retired=is_retired) if one.id == option else one for one in row.options]

    _change_options(field, marked, None, at=at, by=by)


def _change_options(
    field: int,
    change: Callable[[FieldRow], list[Option]],
    told: list[object] | None,
    *,
    at: datetime,
    by: int | None,
) -> None:
    with transaction.atomic():
        row = Field.objects.select_for_update().get(pk=field)
        kept = row_of(row)
        before, after = kept.options, change(kept)
        if tuple(after) == before:
            return
        Field.objects.filter(pk=field).update(options=[asdict(option) for option in after])
        differing = [*({*before} - {*after}), *({*after} - {*before})]
        pair = told or [differing[0].name, differing[-1].name]
        audit("field_options_changed", about=("field", field), changes={"options": pair}, by=by, at=at)
