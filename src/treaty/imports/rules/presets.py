"""Exports of other systems, known by their column names: which column holds which field, and whose keys they are."""

from collections.abc import Sequence
from dataclasses import dataclass

from treaty.people.rules import fold


@dataclass(frozen=True, slots=True)
class Preset:
    """One system's export of persons."""

    key: str
    """What the external keys of its rows are called after."""
    name: str
    signs: frozenset[str]
    """Columns that say it is this system's, folded; two of them are enough."""
    columns: dict[str, str]
    """The field of each column, by its folded name."""
    day_first: bool = False


HUBSPOT = Preset(
    "hubspot",
    "HubSpot",
    frozenset(
        {
            "record id",
            "lifecycle stage",
            "lead status",
            "contact owner",
            "original source",
            "marketing contact status",
        }
    ),
    {
        "record id": "external_key",
        "first name": "given_name",
        "last name": "family_name",
        "full name": "name",
        "job title": "title",
        "company name": "company",
        "associated company": "company",
        "email": "email",
        "phone number": "phone",
        "mobile phone number": "phone_mobile",
        "country/region": "country",
        "city": "city",
        "preferred language": "language",
        "lifecycle stage": "stage",
        "lead status": "lead_status",
        "original source": "channel",
        "contact owner": "owner",
        "create date": "added_at",
    },
)

SALESFORCE = Preset(
    "salesforce",
    "Salesforce",
    frozenset({"leadsource", "ownerid", "systemmodstamp", "isdeleted", "createdbyid", "masterrecordid"}),
    {
        "id": "external_key",
        "isdeleted": "deleted",
        "firstname": "given_name",
        "lastname": "family_name",
        "name": "name",
        "title": "title",
        "company": "company",
        "city": "city",
        "mailingcity": "city",
        "country": "country",
        "mailingcountry": "country",
        "phone": "phone",
        "mobilephone": "phone_mobile",
        "email": "email",
        "leadsource": "channel",
        "status": "lead_status",
        "hasoptedoutofemail": "unsubscribed",
        "donotcall": "do_not_call",
        "createddate": "added_at",
    },
)

PIPEDRIVE = Preset(
    "pipedrive",
    "Pipedrive",
    frozenset(
        {
            "person - name",
            "person - email",
            "person - email (work)",
            "person - phone",
            "organization - name",
            "person - owner",
        }
    ),
    {
        "person - name": "name",
        "person - first name": "given_name",
        "person - last name": "family_name",
        "person - email": "email",
        "person - email (work)": "email_work",
        "person - email (home)": "email_private",
        "person - email (other)": "email_other",
        "person - phone": "phone",
        "person - phone (work)": "phone_work",
        "person - phone (home)": "phone_private",
        "person - phone (mobile)": "phone_mobile",
        "person - job title": "title",
        "person - labels": "tags",
        "person - label": "tags",
        "person - owner": "owner",
        "person - person created": "added_at",
        "person - id": "external_key",
        "person - pipedrive system id": "external_key",
        "person - organization": "company",
        "organization - name": "company",
    },
)

PRESETS = {preset.key: preset for preset in (HUBSPOT, SALESFORCE, PIPEDRIVE)}


def column_name(text: str) -> str:
    """A column's name as presets and guesses know it: folded, without the star of what is required."""
    return fold(text).replace("_", " ").strip().rstrip("*").strip()


def preset_of(header: Sequence[str]) -> Preset | None:
    """The system whose export a file is, by at least two of its columns."""
    names = {column_name(name) for name in header}
    best = max(PRESETS.values(), key=lambda preset: len(preset.signs & names))
    return best if len(best.signs & names) > 1 else None
