"""What staff's pages ask for; the rules behind the answers are the commands'."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from zoneinfo import available_timezones

import holidays
from babel import Locale
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from treaty.staff import queries, wording
from treaty.staff.commands import Refused, Times
from treaty.staff.rules import BUSINESS

NOBODY = ("", _("Nobody"))
LANGUAGES = frozenset(Locale("en").languages)


def blame(form: forms.Form, refused: Refused) -> None:
    """Put a refusal beside the field at fault, in words."""
    field = refused.field if refused.field in form.fields else None
    form.add_error(field, wording.word(wording.REFUSALS, refused.code))


def zones() -> list[tuple[str, str]]:
    """Every time zone, by name."""
    return [
        (name, name.replace("_", " "))
        for name in sorted(available_timezones())
        if "/" in name or name == "UTC"
    ]


def languages() -> list[tuple[str, str]]:
    """The languages Treaty speaks; nothing chosen means the browser's."""
    return [("", gettext("As the browser asks")), *((code, str(name)) for code, name in settings.LANGUAGES)]


def countries() -> list[tuple[str, str]]:
    """Countries whose public holidays are known, in the reader's language."""
    known = [(code, wording.country_name(code)) for code in holidays.list_supported_countries()]
    return [("", gettext("No public holidays")), *sorted(known, key=lambda pair: pair[1])]


def role_choices() -> list[tuple[int, str]]:
    """Roles in the order they were made."""
    return [(role.id, wording.role_name(role.key, role.name)) for role in queries.roles()]


def modest_role() -> int | None:
    """What most of the invited become: whoever is to see all records is chosen, not overlooked."""
    return next((role.id for role in queries.roles() if role.key == "representative"), None)


def team_choices() -> list[tuple[Any, Any]]:
    """Teams, or none."""
    return [("", _("No team")), *((team.id, team.name) for team in queries.teams())]


def people_choices() -> list[tuple[Any, Any]]:
    """Those who work here, or nobody."""
    return [NOBODY, *((one.id, one.name) for one in queries.colleagues())]


class LanguagesField(forms.CharField):
    """Language codes with commas between them."""

    def clean(self, value: Any) -> list[str]:
        """The codes as a list; says which one is not known."""
        codes = [code for code in re.split(r"[\s,;]+", super().clean(value).strip().lower()) if code]
        for code in codes:
            if code not in LANGUAGES:
                text = gettext("“%(code)s” is no language code. Use codes such as en, pl, ja.") % {
                    "code": code
                }
                raise forms.ValidationError(text)
        return codes

    def prepare_value(self, value: Any) -> Any:
        """The list as people write it."""
        return ", ".join(value) if isinstance(value, list | tuple) else value


class PasswordMixin(forms.Form):
    """A new password, with what it must be."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=lazy(lambda: " ".join(str(text) for text in password_validators_help_texts()), str)(),
    )


class JoinForm(PasswordMixin):
    """Accepting an invitation."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"})
    )
    field_order = ("name", "password")


class WelcomeForm(PasswordMixin):
    """The first user of an installation."""

    code = forms.CharField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"})
    )
    email = forms.EmailField(label=_("Mail address"), widget=forms.EmailInput({"autocomplete": "email"}))
    company = forms.CharField(label=_("Name of the company"), max_length=120)
    currency = forms.CharField(label=_("Currency"), min_length=3, max_length=3, initial="EUR")
    field_order = ("code", "company", "currency", "name", "email", "password")


class InviteForm(forms.Form):
    """Whom to invite, as what."""

    email = forms.EmailField(label=_("Mail address"))
    name = forms.CharField(label=_("Name"), max_length=120)
    role = forms.TypedChoiceField(label=_("Role"), coerce=int, choices=role_choices, initial=modest_role)
    team = forms.TypedChoiceField(
        label=_("Team"), coerce=int, empty_value=None, required=False, choices=team_choices
    )


class UserForm(forms.Form):
    """What an administrator may change of a user."""

    name = forms.CharField(label=_("Name"), max_length=120)
    title = forms.CharField(label=_("Title"), max_length=120, required=False)
    role = forms.TypedChoiceField(label=_("Role"), coerce=int, choices=role_choices)
    team = forms.TypedChoiceField(
        label=_("Team"), coerce=int, empty_value=None, required=False, choices=team_choices
    )
    manager = forms.TypedChoiceField(
        label=_("Manager"), coerce=int, empty_value=None, required=False, choices=people_choices
    )
    speaks = LanguagesField(
        label=_("Languages spoken"),
        required=False,
        help_text=_("Codes such as en, pl, ja. Routing can match a lead's language with them."),
    )


class ProfileForm(forms.Form):
    """What users may change of themselves."""

    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    name_local = forms.CharField(label=_("Name in its own script"), max_length=120, required=False)
    title = forms.CharField(label=_("Title"), max_length=120, required=False)
    language = forms.ChoiceField(label=_("Language of the pages"), required=False, choices=languages)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), required=False, choices=lambda: [("", gettext("As the installation")), *zones()]
    )
    theme = forms.ChoiceField(
        label=_("Appearance"),
        required=False,
        choices=[("", _("As the system")), ("light", _("Light")), ("dark", _("Dark"))],
    )
    speaks = LanguagesField(
        label=_("Languages you speak"), required=False, help_text=_("Codes such as en, pl, ja.")
    )


class TeamForm(forms.Form):
    """A team's name and side, and its head where it has members."""

    name = forms.CharField(label=_("Name"), max_length=80)
    side = forms.ChoiceField(label=_("Side"), choices=list(wording.SIDES.items()))

    def __init__(self, *args: Any, members: list[queries.StaffRow] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if members is not None:
            choices = [NOBODY, *((one.id, one.name) for one in members if one.is_active)]
            self.fields["head"] = forms.TypedChoiceField(
                label=_("Head"), coerce=int, empty_value=None, required=False, choices=choices
            )


class CompanyForm(forms.Form):
    """The company's name and currency."""

    name = forms.CharField(label=_("Name of the company"), max_length=120)
    currency = forms.CharField(
        label=_("Currency"), min_length=3, max_length=3, help_text=_("Three letters, such as EUR.")
    )


Box = tuple[forms.boundfield.BoundWidget, StrPromise]


class RoleForm(forms.Form):
    """What a role's holders may do and see; a role of one's own also has a name."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("What its holders do: Support, Key accounts abroad.")
    )
    visibility = forms.ChoiceField(
        label=_("Sees"), choices=list(wording.VISIBILITIES.items()), widget=forms.RadioSelect
    )
    permissions = forms.MultipleChoiceField(
        label=_("May"),
        choices=list(wording.PERMISSIONS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, named: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not named:
            del self.fields["name"]

    def sights(self) -> list[Box]:
        """Each choice of whose records it sees, with what that means."""
        return explained(self["visibility"], wording.VISIBILITY_NOTES)

    def work(self) -> list[Box]:
        """The permissions of daily work, each with what it means."""
        return [box for box in self.may() if box[0].data["value"] in BUSINESS]

    def upkeep(self) -> list[Box]:
        """The permissions of whoever runs the installation, each with what it means."""
        return [box for box in self.may() if box[0].data["value"] not in BUSINESS]

    def may(self) -> list[Box]:
        """Every permission with what it means."""
        return explained(self["permissions"], wording.PERMISSION_NOTES)


def explained(field: forms.BoundField, notes: wording.Texts) -> list[Box]:
    """The boxes of a field of choices, each with its note."""
    return [(box, notes[box.data["value"]]) for box in field.subwidgets]


class AbsenceForm(forms.Form):
    """When somebody is away: whole local days, the last one included."""

    first = forms.DateField(label=_("First day away"), widget=forms.DateInput({"type": "date"}))
    last = forms.DateField(label=_("Last day away"), widget=forms.DateInput({"type": "date"}))
    reason = forms.CharField(label=_("Reason"), max_length=120, required=False)

    def clean(self) -> dict[str, Any]:
        """The last day does not lie before the first."""
        found = super().clean() or {}
        if found.get("first") and found.get("last") and found["last"] < found["first"]:
            self.add_error("last", wording.word(wording.REFUSALS, "absence_backwards"))
        return found


class KeyForm(forms.Form):
    """A new key."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("What it is for: website, warehouse."))
    expires = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        help_text=_("Without one it works until it is revoked."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("May"), choices=list(wording.SCOPES.items()), widget=forms.CheckboxSelectMultiple
    )


class HoursForm(forms.Form):
    """Working hours without a script: every weekday offers its shifts and one more."""

    zone = forms.ChoiceField(label=_("Time zone"), choices=zones)
    country = forms.ChoiceField(label=_("Public holidays of"), required=False, choices=countries)
    region = forms.CharField(label=_("Region"), max_length=12, required=False)
    days_off = forms.CharField(
        label=_("Own days off"),
        required=False,
        widget=forms.Textarea({"rows": 4, "placeholder": "2026-12-24 …"}),
        help_text=_("One a line: the day as year-month-day, then what it is."),
    )

    def __init__(self, *args: Any, shifts: tuple[tuple[int, int, int], ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = [max(2, 1 + sum(1 for shift in shifts if shift[0] == day)) for day in range(7)]
        if self.is_bound:
            self.places = [max(2, self.sent(day)) for day in range(7)]
        for day, count in enumerate(self.places):
            of_day = [shift for shift in shifts if shift[0] == day]
            for place in range(count):
                self.add_place(day, place, of_day[place] if place < len(of_day) else None)

    def sent(self, day: int) -> int:
        """How many places of a weekday the browser sent; nobody works in more than eight shifts a day."""
        return sum(1 for place in range(8) if f"from_{day}_{place}" in self.data)

    def add_place(self, day: int, place: int, shift: tuple[int, int, int] | None) -> None:
        """A pair of fields for one shift of a weekday."""
        name = wording.weekdays()[day]
        texts = {
            "from": gettext("%(day)s, shift %(number)s begins"),
            "to": gettext("%(day)s, shift %(number)s ends"),
        }
        for part, text in texts.items():
            label = text % {"day": name, "number": place + 1}
            widget = forms.TimeInput({"type": "time", "aria-label": label, "class": "input"}, format="%H:%M")
            field = forms.TimeField(label=label, required=False, widget=widget)
            if shift:
                field.initial = wording.clock(shift[1 if part == "from" else 2])
            self.fields[f"{part}_{day}_{place}"] = field

    def week(self) -> Iterator[tuple[str, list[tuple[forms.BoundField, forms.BoundField]]]]:
        """Each weekday with the pairs of fields of its shifts."""
        for day, name in enumerate(wording.weekdays()):
            pairs = [
                (self[f"from_{day}_{place}"], self[f"to_{day}_{place}"]) for place in range(self.places[day])
            ]
            yield name, pairs

    def clean_region(self) -> str:
        """The region's code as the holidays know it."""
        region = str(self.cleaned_data["region"]).strip().upper()
        known = holidays.list_supported_countries().get(self.cleaned_data.get("country") or "", [])
        if region and region not in known:
            raise forms.ValidationError(wording.word(wording.REFUSALS, "country_unknown"))
        return region

    def clean_days_off(self) -> dict[date, str]:
        """The days by date; says which line cannot be read."""
        days = {}
        for line in filter(None, map(str.strip, str(self.cleaned_data["days_off"]).splitlines())):
            day, _space, name = line.partition(" ")
            try:
                days[date.fromisoformat(day)] = name.strip()
            except ValueError as unread:
                text = gettext("“%(line)s” does not begin with a day such as 2026-12-24.") % {"line": line}
                raise forms.ValidationError(text) from unread
        return days

    def clean(self) -> dict[str, Any]:
        """Every shift has both ends."""
        found = super().clean() or {}
        found["shifts"] = tuple(
            shift
            for day in range(7)
            for place in range(self.places[day])
            if (shift := self.shift(found, day, place))
        )
        return found

    def shift(self, found: dict[str, Any], day: int, place: int) -> tuple[int, int, int] | None:
        """One shift in minutes of the day, if its fields were filled."""
        start, end = found.get(f"from_{day}_{place}"), found.get(f"to_{day}_{place}")
        if (start is None) != (end is None):
            missing = f"from_{day}_{place}" if start is None else f"to_{day}_{place}"
            if missing not in self.errors:
                self.add_error(missing, gettext("A shift needs its beginning and its end."))
        if start is None or end is None:
            return None
        return day, start.hour * 60 + start.minute, end.hour * 60 + end.minute

    def times(self) -> Times:
        """The hours as the command takes them."""
        found = self.cleaned_data
        return Times(found["zone"], found["shifts"], found["country"], found["region"], found["days_off"])
