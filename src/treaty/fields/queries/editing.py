"""How the cells of fields of one's own are changed in a list: by a line, a choice, boxes to tick, or a record's name."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from treaty.fields.queries.references import Named, form_of
from treaty.fields.queries.values import cell_text, written
from treaty.fields.rules import LONGEST, LONGEST_LINE, NUMBERED, FieldRow, Kind, Plain
from treaty.kit.columns import Edit, chooser
from treaty.kit.markup import icon, text

NOTHING = ("", "—")

Held = Callable[[Any], Plain]
"""What a row holds in the field."""


def edit_of(
    field: FieldRow, held: Held, named: Callable[[Plain], str], documents: Callable[[Any], Sequence[Named]]
) -> Edit:
    """How the cells of a field are changed. `named` is a record with its name and number; `documents` are those of a row."""

    def chosen(row: Any) -> str:
        return cell_text(field, held(row))

    match field.kind:
        case Kind.MANY:
            return Edit(chosen, draw=lambda row, label: boxes(field, row, held(row), label))
        case Kind.FILE:
            files = partial(choosing, field, documents, lambda row: named(held(row)))
            return Edit(chosen, for_many=False, draw=files)
        case Kind.PERSON | Kind.COMPANY:
            return Edit(lambda row: named(held(row)), longest=LONGEST, offers=records_url(field.kind))
        case Kind.TAGS:
            return Edit(lambda row: written(field, held(row)), longest=LONGEST_LINE, offers=tags_url(field))
        case Kind.CHOICE:
            choices = [NOTHING, *((one.key, one.name) for one in field.live_options)]
            return Edit(chosen, choices=lambda: choices)
        case _:
            return Edit(chosen, kind="date" if field.kind is Kind.DATE else "text", longest=LONGEST)


def records_url(kind: Kind) -> str:
    """Where one asks what fits while one types."""
    return reverse("fields:records", args=[kind])


def tags_url(field: FieldRow) -> str:
    """Where one asks which tags fit while one types."""
    return reverse("fields:tags", args=[field.id])


def boxes(field: FieldRow, row: Any, value: Plain, label: str) -> str:
    """Several choices: a button that says them, and behind it a box for each; one out of use stays with who has it."""
    held = value if isinstance(value, list) else []
    offered = [one for one in field.options if not one.is_retired or one.key in held]
    told, ident = f'name="cell-{row.pk}" form="list-cells"', f"cell-{row.pk}-choices"
    drawn = "".join(
        f'<label class="check"><input type="checkbox" value="{text(one.key)}" {told}'
        f"{' checked' if one.key in held else ''}><span>{text(one.name)}</span></label>"
        for one in offered
    )
    words = gettext(", ").join(one.name for one in offered if one.key in held) or NOTHING[1]
    return (
        f'<input type="hidden" value="" {told}>'
        f'<button class="input" type="button" popovertarget="{ident}" data-cell><span class="vh">{label}: </span>'
        f'<span data-ticked="{NOTHING[1]}">{text(words)}</span>{icon("chevron")}</button>'
        f'<span class="pop start" id="{ident}" popover role="group" aria-label="{label}">{drawn}</span>'
    )


def choosing(
    field: FieldRow,
    documents: Callable[[Any], Sequence[Named]],
    pointed: Callable[[Any], str],
    row: Any,
    label: str,
) -> str:
    """One of the documents on the row's record, what stands there already among them; or the way to put one onto it."""
    shown = pointed(row)
    held, known = NUMBERED.search(shown), documents(row)
    way, told = form_of(field.kind, field.record, row.pk), text(gettext("Add a file"))
    adding = f'<a class="u s" href="{text(way)}" data-cell><span class="vh">{label}: </span>{told}</a>'
    if not known and not held:
        return adding
    choices = [NOTHING, *((f"#{one.id}", one.name) for one in known)]
    return chooser(choices, f"#{held[1]}" if held else "", row, label, shown) + adding
