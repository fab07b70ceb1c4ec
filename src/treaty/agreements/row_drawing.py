"""A row of a draft drawn in Python: a draft has a hundred fields, and the template language takes a millisecond for each."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from treaty.kit.markup import button, icon, text

SWAP = SafeString(' hx-target="#lead" hx-swap="outerHTML" formnovalidate')


def draft_row(form: Any, name: str, url: str, more: str = "") -> SafeString:
    """One row with its button to remove it; `more` is what the form does not state. One taken out stays as hidden fields."""
    hidden = "".join(_input(field, "hidden") for field in form.hidden_fields())
    if form.is_removed:
        return SafeString(f"<div hidden>{hidden}</div>")
    shown = "".join(map(_field, form.visible_fields()))
    note = gettext("This condition joins several; change it in the downloaded file.")
    said = f'<p class="hint">{text(more)}. {text(note)}</p>' if more else ""
    group = f'<div class="rule" role="group" aria-label="{text(name)}">'
    return SafeString(f"{group}{hidden}{shown}{_remove(form.prefix, name, url)}{said}</div>")


def draft_add(rows: str, words: str, url: str) -> SafeString:
    """The button that adds a row of a kind."""
    attrs = SafeString(f' name="add" value="{text(rows)}" hx-post="{text(url)}"{SWAP}')
    return SafeString(f'<div class="acts">{button(words, icon_name="plus", attrs=attrs)}</div>')


def _remove(prefix: str, name: str, url: str) -> str:
    attrs = SafeString(f' name="remove" value="{text(prefix)}" hx-post="{text(url)}"{SWAP}')
    label = gettext("Remove: %(name)s") % {"name": name}
    return button(quiet=True, icon_name="close", label=label, attrs=attrs)


def _field(field: BoundField) -> str:
    """A label, its control and what is wrong with it."""
    optional = "" if field.field.required else f' <span class="optional">{text(gettext("(optional)"))}</span>'
    label = f'<label for="{field.id_for_label}">{text(field.label)}{optional}</label>'
    select = isinstance(field.field.widget, forms.Select)
    control = _select(field) if select else _input(field, str(field.field.widget.input_type))
    errors = f"<span>{' '.join(map(text, field.errors))}</span>"
    wrong = (
        f'<div class="err" id="{field.auto_id}_error">{icon("error")}{errors}</div>' if field.errors else ""
    )
    return f'<div class="field">{label}{control}{wrong}</div>'


def _input(field: BoundField, kind: str) -> str:
    value = field.value()
    held = "" if value is None else f' value="{text(str(value))}"'
    return f'<input type="{kind}"{held}{_attributes(field)}>'


def _select(field: BoundField) -> str:
    chosen = str(field.value() or "")
    choices: Iterable[tuple[str, str]] = getattr(field.field, "choices", ())
    offered = _offered(tuple((str(code), str(words)) for code, words in choices))
    options = "".join(
        f"{start} selected{rest}" if code == chosen else f"{start}{rest}" for code, start, rest in offered
    )
    return f'<span class="select"><select{_attributes(field)}>{options}</select>{icon("chevron")}</span>'


@lru_cache(maxsize=256)
def _offered(choices: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str, str], ...]:
    """Each choice in the two halves of its option: the rows of a draft offer the same few lists again and again."""
    return tuple(
        (code, f'<option value="{text(code)}"', f">{text(words)}</option>") for code, words in choices
    )


def _attributes(field: BoundField) -> str:
    """Name, id, limits, and what tells those who do not see it that it is wrong."""
    widget = field.field.widget
    given = {"name": field.html_name, "id": field.auto_id, **field.build_widget_attrs(dict(widget.attrs))}
    if field.errors:
        given["aria-describedby"] = f"{field.auto_id}_error"
    return "".join(
        f" {name}" if value is True else f' {name}="{text(str(value))}"'
        for name, value in given.items()
        if value not in (None, False)
    )
