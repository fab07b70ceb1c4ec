"""What the pages of people ask for; a blank field empties what stood there."""

from collections.abc import Callable, Iterable
from typing import Any
from zoneinfo import available_timezones

from babel import Locale, UnknownLocaleError
from django import forms
from django.utils.functional import lazystr
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise as Text

from treaty.fields.forms import NOT_ASKED, RecordField, WithFields
from treaty.fields.rules import Kind
from treaty.people import wording
from treaty.people.commands import BadParent
from treaty.people.rules import LENGTHS, BadIdentity, PersonDraft, Stage, full_name, normalised
from treaty.people.templatetags.people import language_name
from treaty.staff.queries import colleague_names, owner_called

Choices = list[tuple[Any, Any]]

MISTAKES = {
    "bad_email": _("This is not a mail address. It looks like pia@example.com."),
    "bad_phone": _(
        "This is not a phone number. Begin it with + and the country code, such as +48 32 123 45 67."
    ),
    "bad_external": _("This is not a key. It looks like source:key, such as shop:4711."),
}


def _locale() -> Locale:
    try:
        return Locale.parse(get_language() or "en", sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def countries() -> Choices:
    """Countries by their name in the reader's language."""
    names = [
        (code, name) for code, name in _locale().territories.items() if len(code) == 2 and code.isalpha()
    ]
    return [("", _("Not known")), *sorted(names, key=lambda pair: pair[1])]


def languages() -> Choices:
    """Languages by their name in the reader's language."""
    names = [(code, name) for code, name in _locale().languages.items() if len(code) == 2]
    return [("", _("Not known")), *sorted(names, key=lambda pair: pair[1])]


def zones() -> Choices:
    """Time zones by name."""
    return [
        ("", _("Not known")),
        *((name, name.replace("_", " ")) for name in sorted(available_timezones()) if "/" in name),
    ]


def owners(names: Callable[[], list[tuple[int, str]]] = colleague_names) -> Choices:
    """The staff, or nobody; `names` where a page has read them already."""
    return [("", _("Nobody")), *names()]


def _text(field: str, label: Text | str, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=LENGTHS[field], **more)


class PersonForm(WithFields):
    """Who a person is."""

    record = "person"

    given_name = _text("given_name", _("Given name"))
    family_name = _text("family_name", _("Family name"))
    name_local = _text("name_local", _("Name in its own script"), help_text=_("As the person writes it."))
    company = _text("company", _("Company"), help_text=_("A company of another name is added."))
    title = _text("title", _("Job title"))
    country = forms.ChoiceField(label=_("Country"), required=False, choices=countries)
    city = _text("city", _("City"))
    language = forms.ChoiceField(label=_("Language"), required=False, choices=languages)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False, choices=zones)
    interest = _text("interest", _("Interest"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.keep("country", str)
        self.keep("language", language_name)
        self.keep("time_zone", str)

    def clean(self) -> dict[str, Any]:
        """A person has a name of some kind."""
        told = super().clean() or self.cleaned_data
        if not self.errors and not any(
            told.get(name) for name in ("given_name", "family_name", "name_local")
        ):
            self.add_error("family_name", _("Tell at least one name."))
        return told

    def told(self) -> dict[str, object]:
        """The plain fields of the person, the full name among them."""
        told = {
            name: value for name, value in self.cleaned_data.items() if name in LENGTHS and name != "company"
        }
        full = full_name(told["given_name"], told["family_name"]) or told["name_local"]
        return {**told, "name": full}


class NewPersonForm(PersonForm):
    """A person added by hand, with the first address and number."""

    email = forms.CharField(label=_("Mail address"), required=False, max_length=320)
    phone = forms.CharField(label=_("Phone number"), required=False, max_length=40)
    stage = forms.ChoiceField(
        label=_("Stage"),
        choices=[(stage.value, wording.STAGES[stage]) for stage in (Stage.SUBSCRIBER, Stage.LEAD)],
    )
    field_order = ("given_name", "family_name", "name_local", "email", "phone", "company", "title", "country")

    def clean(self) -> dict[str, Any]:
        """Address and number in the one way they are kept."""
        told = super().clean()
        for kind in ("email", "phone"):
            self._normalise(kind, told)
        return told

    def _normalise(self, kind: str, told: dict[str, Any]) -> None:
        if not told.get(kind):
            return
        try:
            told[kind] = normalised(kind, told[kind], told.get("country", ""))
        except BadIdentity as mistake:
            self.add_error(kind, MISTAKES[mistake.code])

    def draft(self) -> PersonDraft:
        """The person as the bulk door takes persons in."""
        told = self.cleaned_data
        plain: dict[str, Any] = dict(self.told())
        return PersonDraft(
            **plain,
            emails=tuple(filter(None, [told["email"]])),
            phones=tuple(filter(None, [told["phone"]])),
            company=told["company"],
            stage=Stage(told["stage"]),
            fields=self.told_fields(),
        )


class IdentityForm(forms.Form):
    """Another address, number or key of a person."""

    kind = forms.ChoiceField(label=_("Kind"), choices=list(wording.KINDS.items()))
    value = forms.CharField(label=_("Address, number or key"), max_length=320)
    label = forms.ChoiceField(
        label=_("What it is"), required=False, choices=[("", _("not said")), *wording.LABELS.items()]
    )


class LabelForm(forms.Form):
    """What an address or number is."""

    label = forms.ChoiceField(required=False, choices=[("", ""), *wording.LABELS.items()])


class JobForm(forms.Form):
    """Where a person works or worked."""

    company = _text("company", _("Company"))
    title = _text("title", _("Job title"))
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    is_beside = forms.BooleanField(label=_("Beside their other work"), required=False)


class PurposeForm(forms.Form):
    """What persons may agree to, and the words that ask for it."""

    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("As staff call it, such as Newsletter.")
    )
    text = forms.CharField(
        label=_("The exact words"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("As a person reads them beside the box to tick. Other words make a new version."),
    )


class ConsentForm(forms.Form):
    """That a person agreed to the words of a purpose, or does not any more, and how one knows."""

    purpose = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    version = forms.IntegerField(min_value=1, max_value=32_767, required=False)
    withdraw = forms.BooleanField(required=False)
    note = forms.CharField(max_length=500, required=False)


class OwnerForm(forms.Form):
    """Whose persons are to be."""

    owner = forms.TypedChoiceField(
        label=_("Owner"), required=False, choices=owners, coerce=int, empty_value=None
    )


class StageForm(forms.Form):
    """Where persons are to stand."""

    stage = forms.ChoiceField(choices=[(stage.value, label) for stage, label in wording.STAGES.items()])


class TagsForm(forms.Form):
    """Words to put on persons, parted by commas."""

    tags = forms.CharField(label=_("Tags"), max_length=300, help_text=lazystr(_("Parted by commas.")))

    def clean_tags(self) -> list[str]:
        """Each word once."""
        return split_tags(self.cleaned_data["tags"])


def split_tags(text: str) -> list[str]:
    """Words parted by commas, each once; PostgreSQL keeps no NUL, and nobody types one."""
    parts = text.replace("\0", "").replace("，", ",").split(",")
    words: Iterable[str] = (" ".join(word.split())[:60] for word in parts)
    return list(dict.fromkeys(word for word in words if word))


class SplitForm(forms.Form):
    """What of a person belongs to somebody else, and how that one is called."""

    identities = forms.TypedMultipleChoiceField(
        label=_("Addresses, numbers and keys"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    name = forms.CharField(label=_("Name of the other person"), max_length=LENGTHS["name"])

    def __init__(self, *args: Any, identities: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["identities"].choices = identities  # type: ignore[attr-defined]


class SamePersonForm(forms.Form):
    """Which other record means the same person."""

    def __init__(self, *args: Any, user: Any, person: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        usual = {
            "label": _("The other record"),
            "help_text": _("A name, or a number such as #12."),
            "required": True,
        }
        self.fields["other"] = RecordField(Kind.PERSON, user, None, usual)

    def clean_other(self) -> int:
        """Another person than this one."""
        other: int = self.cleaned_data["other"]
        if other == self.person:
            raise forms.ValidationError(_("This is the same record. Name the other one."))
        return other


class CompanyForm(WithFields):
    """What a company is."""

    record = "company"

    name = forms.CharField(label=_("Name"), max_length=200)
    domain = forms.CharField(label=_("Web domain"), required=False, max_length=253)
    sector = forms.CharField(label=_("Sector"), required=False, max_length=80)
    employees = forms.IntegerField(label=_("Employees"), required=False, min_value=0, max_value=2_147_483_647)
    founded = forms.IntegerField(label=_("Founded in"), required=False, min_value=1, max_value=9999)
    city = forms.CharField(label=_("City"), required=False, max_length=120)
    country = forms.CharField(label=_("Country"), required=False, max_length=80)
    owner_id = forms.TypedChoiceField(
        label=_("Owner"), required=False, choices=owners, coerce=int, empty_value=None
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.keep("owner_id", owner_called)


class CompanyEditForm(CompanyForm):
    """What a company is, and to which it belongs."""

    def __init__(self, *args: Any, parent: int | None, user: Any, **more: Any) -> None:
        super().__init__(*args, user=user, **more)
        usual = {**NOT_ASKED, "label": _("Belongs to")}
        self.fields["parent_id"] = RecordField(Kind.COMPANY, user, parent, usual)

    def blame_parent(self, error: BadParent) -> None:
        """Say beside the input why the company cannot belong to that one."""
        self.add_error("parent_id", wording.BAD_PARENT[error.code])


class ForgettingForm(forms.Form):
    """That a person is to be forgotten is said twice: by opening the page, and by typing the person's number."""

    number = forms.CharField(label=_("Number of the person"), max_length=20)

    def __init__(self, *args: Any, person: int, **more: Any) -> None:
        super().__init__(*args, **more)
        self.person = person

    def clean_number(self) -> str:
        """What was typed, if it is the number."""
        typed = str(self.cleaned_data["number"]).strip().removeprefix("#")
        if typed != str(self.person):
            raise forms.ValidationError(_("This is another number. Type the one that stands above."))
        return typed
