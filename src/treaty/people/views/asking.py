"""What conditions on persons and companies may name."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from typing import Any

from babel import Locale
from django.db.models import Q
from django.utils.translation import get_language, gettext_lazy

from treaty.kit.fields import CHOICE, MOMENT, NUMBER, Field
from treaty.kit.filters import Choice, Contains
from treaty.people import queries, wording
from treaty.people.rules import fold
from treaty.people.templatetags.people import country_name

NO_COUNTRY = frozenset({"EU", "EZ", "UN", "ZZ"})
"""Codes among those of countries that name something else."""
YES_NO = (("yes", gettext_lazy("yes")), ("no", gettext_lazy("no")))


def countries() -> list[tuple[str, str]]:
    """Every country by its code, named in the language of the page."""
    known = map(str, Locale.parse(get_language() or "en", sep="-").territories)
    codes = [code for code in known if len(code) == 2 and code.isalpha() and code not in NO_COUNTRY]
    return sorted(((code, country_name(code)) for code in codes), key=lambda pair: pair[1])


def holds(condition: Q, asked: str) -> Q:
    """The condition, or its opposite where `no` is asked."""
    return condition if asked == "yes" else ~condition


def yes_no(key: str, label: Any, condition: Q) -> Field:
    """Whether something holds."""
    return Field(key=key, label=label, kind=CHOICE, choices=lambda: YES_NO, means=partial(holds, condition))


def named() -> Field:
    """The name, however it is written."""
    label = gettext_lazy("Name")
    return Field(key="name", label=label, means=Contains("name", label, ["folded"], fold).condition)


def of_choice(choice: Choice) -> Field:
    """The field that a filter of choices asks about."""
    means = choice.condition or (lambda asked: Q(**{choice.field or choice.key: asked}))
    return Field(key=choice.key, label=choice.label, kind=CHOICE, choices=choice.choices, means=means)


def of_owner(owner: Choice) -> Field:
    """Whose rows they are; in groups everybody stands under the own name."""
    known = of_choice(owner)
    return replace(known, path="owner", optional=False,
                   groups=lambda: [pair for pair in owner.choices() if pair[0] != "me"])  # fmt: skip


def purposes() -> list[tuple[str, Any]]:
    """What persons may agree to."""
    return [(one.key, one.name) for one in queries.purposes(with_retired=True)]


def of_persons(owner: Choice, channels: Callable[[], Any], tags: Callable[[], Any]) -> list[Field]:
    """What may be asked of persons, the fields of higher nouns among it."""
    stages = [(stage.value, label) for stage, label in wording.STAGES.items()]
    return [
        named(),
        Field(key="email", label=gettext_lazy("Mail address"), path="email"),
        Field(key="phone", label=gettext_lazy("Phone number"), path="phone"),
        Field(key="title", label=gettext_lazy("Job title"), path="title"),
        Field(key="company", label=gettext_lazy("Company"), path="company__name"),
        Field(key="sector", label=gettext_lazy("Sector of the company"), path="company__sector"),
        Field(key="stage", label=gettext_lazy("Stage"), kind=CHOICE, path="stage", choices=lambda: stages,
              optional=False, groups=lambda: stages),
        Field(key="stage_since", label=gettext_lazy("In this stage since"), kind=MOMENT, path="stage_since",
              optional=False),
        *queries.list_fields(),
        of_owner(owner),
        Field(key="channel", label=gettext_lazy("Channel"), kind=CHOICE, path="channel", choices=channels, blank=True,
              groups=channels),
        Field(key="tag", label=gettext_lazy("Tag"), kind=CHOICE, choices=tags, means=queries.tagged),
        Field(key="consent", label=gettext_lazy("Agrees to"), kind=CHOICE, choices=cache(purposes),
              means=queries.agreeing),
        Field(key="country", label=gettext_lazy("Country"), kind=CHOICE, path="country", choices=countries, blank=True),
        Field(key="city", label=gettext_lazy("City"), path="city"),
        Field(key="language", label=gettext_lazy("Language"), path="language"),
        Field(key="interest", label=gettext_lazy("Interest"), path="interest"),
        yes_no("mail", gettext_lazy("May be written to"), ~Q(email="") & Q(unsubscribed_at__isnull=True)),
        yes_no("call", gettext_lazy("May be called"), ~Q(phone="") & Q(do_not_call_at__isnull=True)),
        Field(key="added", label=gettext_lazy("Added"), kind=MOMENT, path="created_at", optional=False),
    ]  # fmt: skip


def of_companies(owner: Choice) -> list[Field]:
    """What may be asked of companies."""
    return [
        named(),
        Field(key="sector", label=gettext_lazy("Sector"), path="sector"),
        Field(key="employees", label=gettext_lazy("Employees"), kind=NUMBER, path="employees"),
        Field(key="founded", label=gettext_lazy("Founded in"), kind=NUMBER, path="founded"),
        Field(key="city", label=gettext_lazy("City"), path="city"),
        Field(key="country", label=gettext_lazy("Country"), path="country"),
        Field(key="domain", label=gettext_lazy("Web domain"), path="domain"),
        of_owner(owner),
        Field(key="added", label=gettext_lazy("Added"), kind=MOMENT, path="created_at", optional=False),
    ]
