"""What the pages of imports ask for: a file, and what its columns hold."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from treaty.imports import wording
from treaty.imports.leaving import FORMS
from treaty.imports.queries import can_offer
from treaty.imports.reading import SUFFIXES, Choice, Table
from treaty.imports.rules.columns import PERSONS, THINGS, WHO, Own, guesses
from treaty.imports.rules.encodings import NAMES
from treaty.imports.rules.options import DOUBLES, KEYS, MODES
from treaty.imports.rules.presets import preset_of
from treaty.imports.rules.things import TOUCHPOINTS, Thing
from treaty.staff.queries import colleague_names

SAMPLES = 3
SAMPLED = 50
"""Rows whose cells are looked at for so many different samples."""
MOST_PASTED = 800_000
"""Letters that can be pasted; more is a file."""
DAYS = {True: "day", False: "month"}
"""How a form tells whether dates begin with the day."""
CELL = re.compile(r"cell_(?P<row>\d{1,9})_(?P<place>\d{1,4})")


class UploadForm(forms.Form):
    """A file, or rows copied out of a spreadsheet, and what the rows are."""

    what = forms.ChoiceField(
        label=_("What its rows are"), choices=[(key, wording.THINGS[key]) for key in THINGS]
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV, a workbook (XLSX, XLS, ODS), vCard or JSON Lines. A table's first row names its columns."
        ),
        required=False,
        widget=forms.FileInput(attrs={"accept": ",".join(SUFFIXES)}),
    )
    pasted = forms.CharField(
        label=_("Or rows, pasted"),
        help_text=_("Copied out of a spreadsheet. The first row names the columns."),
        required=False,
        max_length=MOST_PASTED,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        """One of the two is there."""
        cleaned = super().clean() or {}
        if not self.errors and bool(cleaned.get("file")) is bool(cleaned.get("pasted")):
            self.add_error("file", _("Choose a file or paste rows, one of the two."))
        return cleaned

    @property
    def told(self) -> str:
        """The field that was told."""
        return "file" if self.cleaned_data["file"] else "pasted"

    def upload(self) -> tuple[str, Iterable[bytes]]:
        """The name and the bytes of what was told."""
        file = self.cleaned_data["file"]
        return (file.name, file.chunks()) if file else ("pasted", [self.cleaned_data["pasted"].encode()])


class ReadingForm(forms.Form):
    """How a file is to be read, where that was found out wrongly."""

    encoding = forms.ChoiceField(label=_("Encoding"), required=False, choices=list(NAMES.items()))
    delimiter = forms.ChoiceField(
        label=_("Cells are parted by"), required=False, choices=list(wording.DELIMITERS.items())
    )
    sheet = forms.ChoiceField(label=_("Sheet"), required=False)

    def __init__(self, table: Table) -> None:
        super().__init__(
            initial={"encoding": table.encoding, "delimiter": table.delimiter, "sheet": table.sheet}
        )
        self.fields["sheet"] = forms.ChoiceField(
            label=_("Sheet"), required=False, choices=[(name, name) for name in table.sheets]
        )
        asked = {
            "csv": ("encoding", "delimiter"),
            "vcard": ("encoding",),
            "workbook": ("sheet",) if len(table.sheets) > 1 else (),
        }.get(table.form, ())
        for name in set(self.fields) - set(asked):
            del self.fields[name]


def read_as(query: Mapping[str, str]) -> Choice:
    """What the query of a page says of how its file is to be read; what it does not know is found out."""
    known = {"encoding": NAMES, "delimiter": wording.DELIMITERS}
    told = {name: query.get(name, "") for name in ("encoding", "delimiter", "sheet")}
    return Choice(**{name: text for name, text in told.items() if text in known.get(name, (text,))})


def heirs() -> list[tuple[str, str]]:
    """What becomes of a row that names somebody as its owner who is not on the staff."""
    told = gettext("Give it to %(name)s")
    given = [(str(one), told % {"name": name}) for one, name in colleague_names()]
    return [("", gettext("Hand the row back")), *given]


class ColumnsForm(forms.Form):
    """What each column of a file holds, and how the file is to be brought in."""

    mode = forms.ChoiceField(
        label=_("Whom the rows may touch"), choices=list(wording.MODES.items()), widget=forms.RadioSelect
    )
    key = forms.ChoiceField(
        label=_("What a row is met by"),
        choices=list(wording.KEYS.items()),
        help_text=_("Who is met is changed, everybody else is new. A blank cell never empties a field."),
    )
    doubles = forms.ChoiceField(label=_("Rows that mean one person"), choices=list(wording.DOUBLES.items()))
    owner = forms.TypedChoiceField(
        label=_("Where the owner is nobody on the staff"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=heirs,
        help_text=_("Such as somebody who has left. A blank cell stays without an owner."),
    )
    day_first = forms.ChoiceField(
        label=_("Dates such as 6/4/2026"), required=False, choices=list(wording.DAYS.items())
    )
    source = forms.SlugField(
        label=_("Whose external keys these are"),
        required=False,
        max_length=40,
        help_text=_("The system they come from, in one word. Keys of different systems are never mixed up."),
    )
    offer = forms.BooleanField(
        label=_("Offer everybody in it to sales"),
        required=False,
        help_text=_("On purpose: their clocks start now. Otherwise an import opens no handover."),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        table: Table,
        mapping: Mapping[str, str],
        told: Mapping[str, Any],
        own: Own,
        thing: Thing = PERSONS,
    ) -> None:
        preset, day_first = preset_of(table.header, thing.key), told.get("day_first")
        first = {
            "mode": MODES[0],
            "key": KEYS[0],
            "doubles": DOUBLES[0],
            "source": preset.key if preset else "",
        }
        days = "" if day_first is None else DAYS[bool(day_first)]
        super().__init__(data, initial={**first, **told, "day_first": days})
        self.table, self.thing = table, thing
        if thing is not PERSONS:
            self._ask_of_records()
        guessed = dict(guesses(table.header, own, thing))
        choices = [
            ("", _("leave out")),
            *wording.HOLDS[thing.key].items(),
            *wording.own_names(own).items(),
        ]
        for place, name in enumerate(table.header):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=name or "–",
                required=False,
                choices=choices,
                initial=mapping.get(name, "") if mapping else guessed.get(place, ""),
                widget=forms.Select(attrs={"class": "input"}),
            )

    def _ask_of_records(self) -> None:
        """Of what is no person less is asked, in other words."""
        for name in OF_PERSONS:
            del self.fields[name]
        if self.thing.key == TOUCHPOINTS.key:
            del self.fields["mode"], self.fields["owner"]
            return
        self.fields["mode"] = forms.ChoiceField(
            label=_("What the rows may touch"),
            choices=list(wording.RECORD_MODES.items()),
            widget=forms.RadioSelect,
            help_text=_("A blank cell never empties a field."),
        )

    def columns(self) -> Iterator[tuple[str, list[str], forms.BoundField]]:
        """Each column: its name, what its first cells say, and the field that says what it holds."""
        cells = [row for _number, row in islice(self.table.rows(), SAMPLED)]
        for place, name in enumerate(self.table.header):
            samples = dict.fromkeys(row[place] for row in cells if place < len(row) and row[place].strip())
            yield name, list(samples)[:SAMPLES], self[f"column_{place}"]

    def rules(self) -> list[forms.BoundField]:
        """What is asked beside the columns."""
        return [self[name] for name in ASKED if name in self.fields]

    def mapping(self) -> dict[str, str]:
        """The field of each column that is not left out, by the column's place."""
        found = {place: self.cleaned_data.get(f"column_{place}") for place in range(len(self.table.header))}
        return {str(place): field for place, field in found.items() if field}

    def clean(self) -> dict[str, Any]:
        """Some column says what a row cannot be without, and none but lists of values is told twice."""
        cleaned = super().clean() or {}
        if cleaned.get("offer") and not can_offer(timezone.now()):
            self.add_error("offer", str(wording.NOTHING_AGREED))
        told = list(self.mapping().values())
        if lacking := next((needed for needed in self.thing.needs if not needed & set(told)), None):
            self.add_error(None, _lacks(lacking))
        for place, field in self.mapping().items():
            if field not in self.thing.repeatable and told.count(field) > 1:
                self.add_error(f"column_{place}", _("Another column holds the same. Leave one of them out."))
        return cleaned

    def plan(self) -> dict[str, Any]:
        """How the file is to be brought in."""
        told = self.cleaned_data
        days = {word: value for value, word in DAYS.items()}
        rules = {name: told[name] for name in ("mode", "key", "doubles", "owner", "source") if name in told}
        offers = {"offer": told["offer"]} if "offer" in told else {}
        return {
            "what": self.thing.key,
            "columns": self.mapping(),
            **offers,
            "rules_told": rules | {"day_first": days.get(told["day_first"])},
        }


ASKED = ("mode", "key", "doubles", "owner", "day_first", "source", "offer")
OF_PERSONS = ("key", "doubles", "offer")
"""What is asked of files of persons alone."""


def _lacks(fields: frozenset[str]) -> str:
    """What some column must hold."""
    if fields == WHO:
        return str(_("Say which column holds the name, mail address, phone or external key."))
    names = [str(name) for key, name in wording.NAMED.items() if key in fields]
    return _("Say which column holds one of these: %(fields)s.") % {"fields": ", ".join(names)}


def mended(query: Mapping[str, str], fixes: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """The cells that were mended before, and those that a page sent as `cell_<row>_<place>`."""
    found = {row: dict(cells) for row, cells in fixes.items()}
    for name, text in query.items():
        if sent := CELL.fullmatch(name):
            found.setdefault(sent["row"], {})[sent["place"]] = text
    return found


class ExportForm(forms.Form):
    """What is taken along, and in which form."""

    def __init__(self, data: Mapping[str, Any] | None, *, has_archive: bool) -> None:
        super().__init__(data, initial={"form": FORMS[0]})
        offered = (*FORMS, "zip") if has_archive else FORMS
        self.fields["form"] = forms.ChoiceField(
            label=_("What, and in which form"),
            choices=[(key, wording.EXPORTS[key]) for key in offered],
            widget=forms.RadioSelect,
        )
