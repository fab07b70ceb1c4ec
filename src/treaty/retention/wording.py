"""What rules of retention are called, and what they say they do."""

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_stubs_ext import StrPromise

from treaty.retention.rules import Kind

NAMES: dict[Kind, StrPromise] = {
    Kind.TEXTS: _("Empty texts"),
    Kind.PERSONS: _("Forget persons"),
    Kind.FILES: _("Remove documents"),
}

DOES: dict[Kind, StrPromise] = {
    Kind.TEXTS: _(
        "Notes, messages and reasons about persons, companies and deals are emptied when what they tell of is older"
        " than this. That it happened, when and by whom, stays."
    ),
    Kind.PERSONS: _(
        "Persons are forgotten who were added longer ago than this and have neither been touched nor worked on since."
        " Customers, past customers, and whoever has an open deal or handover are kept."
    ),
    Kind.FILES: _(
        "Documents on persons, companies and deals are removed for good that were added longer ago than this. That there"
        " was one, when and by whom, stays."
    ),
}


def keeps(kind: Kind, months: int) -> str:
    """How a rule that is on says what it does."""
    if kind is Kind.TEXTS:
        return ngettext(
            "On: texts are emptied after %(number)d month.",
            "On: texts are emptied after %(number)d months.",
            months,
        ) % {"number": months}
    if kind is Kind.FILES:
        return ngettext(
            "On: documents are removed after %(number)d month.",
            "On: documents are removed after %(number)d months.",
            months,
        ) % {"number": months}
    return ngettext(
        "On: persons are forgotten after %(number)d month without a touch.",
        "On: persons are forgotten after %(number)d months without a touch.",
        months,
    ) % {"number": months}


def would_take(kind: Kind, count: int, *, is_more: bool) -> str:
    """What a rule would take now."""
    number = {"number": number_format(count, force_grouping=True)}
    if kind is Kind.TEXTS:
        if is_more:
            return str(_("It would empty more than %(number)s texts now.") % number)
        return (
            ngettext("It would empty %(number)s text now.", "It would empty %(number)s texts now.", count)
            % number
        )
    if kind is Kind.FILES:
        return _would_remove(count, number, is_more=is_more)
    if is_more:
        return str(_("It would forget more than %(number)s persons now.") % number)
    return (
        ngettext("It would forget %(number)s person now.", "It would forget %(number)s persons now.", count)
        % number
    )


def _would_remove(count: int, number: dict[str, str], *, is_more: bool) -> str:
    if is_more:
        return str(_("It would remove more than %(number)s documents now.") % number)
    return (
        ngettext(
            "It would remove %(number)s document now.", "It would remove %(number)s documents now.", count
        )
        % number
    )


def deal(number: int) -> str:
    """What a deal is called where only its number is known."""
    return str(_("Deal %(number)d") % {"number": number})
