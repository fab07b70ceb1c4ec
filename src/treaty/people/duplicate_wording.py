"""What the fields of two records are called, and how likenesses and differences are told in words."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

FIELDS = {
    "name": _("Name"),
    "name_local": _("Name in its own script"),
    "title": _("Job title"),
    "company_id": _("Company"),
    "email": _("Mail address"),
    "phone": _("Phone number"),
    "city": _("City"),
    "country": _("Country"),
    "language": _("Language"),
    "time_zone": _("Time zone"),
    "interest": _("Interest"),
    "channel": _("Came by"),
    "owner_id": _("Owner"),
}
REASONS: dict[tuple[str, str], str | Promise] = {
    ("given_name", "same"): _("Same given name"),
    ("given_name", "misspelt"): _("Given names differ by a letter or two"),
    ("given_name", "alike"): _("Given names are alike"),
    ("given_name", "different"): _("Different given names"),
    ("family_name", "same"): _("Same family name"),
    ("family_name", "misspelt"): _("Family names differ by a letter or two"),
    ("family_name", "alike"): _("Family names are alike"),
    ("family_name", "different"): _("Different family names"),
    ("name", "same"): _("Same name"),
    ("name", "different"): _("Different names"),
    ("name", "swapped"): _("Given and family name change places"),
    ("name", "common"): _("Many people have this name"),
    ("email", "same"): _("Same mailbox"),
    ("email", "misspelt"): _("Mail addresses differ by a letter or two"),
    ("email", "alike"): _("Mail addresses are alike"),
    ("email", "different"): _("Different mail addresses"),
    ("phone", "same"): _("Same phone number"),
    ("phone", "misspelt"): _("Phone numbers differ by one digit"),
    ("phone", "different"): _("Different phone numbers"),
    ("external", "same"): _("Same key in another system"),
    ("external", "different"): _("Different keys in another system"),
    ("company", "same"): _("Same company"),
    ("company", "alike"): _("Company names are alike"),
    ("company", "different"): _("Different companies"),
    ("city", "same"): _("Same city"),
    ("city", "misspelt"): _("Cities are spelt alike"),
    ("city", "different"): _("Different cities"),
    ("country", "different"): _("Different countries"),
    ("street", "same"): _("Same street"),
    ("street", "misspelt"): _("Streets are spelt alike"),
    ("street", "different"): _("Different streets"),
    ("postcode", "same"): _("Same postcode"),
    ("postcode", "misspelt"): _("Postcodes are alike"),
    ("postcode", "different"): _("Different postcodes"),
    ("born", "same"): _("Same day of birth"),
    ("born", "swapped"): _("Day and month of birth change places"),
    ("born", "misspelt"): _("Days of birth differ by one digit"),
    ("born", "alike"): _("Days of birth are alike"),
    ("born", "different"): _("Different days of birth"),
}
"""By field and level; a level that says nothing has no words."""


def reasons(told: Iterable[tuple[str, str, float]], *, speaks_for: bool) -> list[str]:
    """What speaks for two records being one person, or against it, the weightiest first, each once."""
    wanted = sorted(
        (one for one in told if (one[2] > 0) == speaks_for and one[2]), key=lambda one: -abs(one[2])
    )
    words = (REASONS.get((field, level)) for field, level, _bits in wanted)
    return list(dict.fromkeys(str(word) for word in words if word))


def strength(*, is_almost_certain: bool, is_named: bool) -> str:
    """How sure one can be; nothing is weighed of a pair that somebody named."""
    if is_named:
        return gettext("Named by a colleague")
    return gettext("Almost certain") if is_almost_certain else gettext("Probable")
