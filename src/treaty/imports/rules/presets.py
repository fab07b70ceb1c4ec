"""Exports of other systems, known by their column names: which column holds which field, and whose keys they are."""

from collections.abc import Sequence
from dataclasses import dataclass

from treaty.people.rules import fold


@dataclass(frozen=True, slots=True)
class Preset:
    """One system's export of persons, companies or deals."""

    key: str
    """What the external keys of its rows are called after."""
    name: str
    signs: frozenset[str]
    """Columns that say it is this system's, folded; two of them are enough."""
    columns: dict[str, str]
    """The field of each column, by its folded name."""
    thing: str = "persons"
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

COMPANIES = (
    Preset(
        "hubspot",
        "HubSpot",
        frozenset(
            {
                "record id",
                "company owner",
                "create date",
                "last activity date",
                "last modified date",
                "company domain name",
            }
        ),
        {
            "record id": "external_key",
            "company name": "name",
            "name": "name",
            "domain": "domain",
            "company domain name": "domain",
            "website url": "domain",
            "company owner": "owner",
            "industry": "sector",
            "number of employees": "employees",
            "year founded": "founded",
            "annual revenue": "revenue",
            "city": "city",
            "country/region": "country",
            "parent company": "parent",
        },
        "companies",
    ),
    Preset(
        "salesforce",
        "Salesforce",
        frozenset({"ownerid", "systemmodstamp", "isdeleted", "createdbyid", "masterrecordid", "parentid"}),
        {
            "id": "external_key",
            "name": "name",
            "website": "domain",
            "industry": "sector",
            "numberofemployees": "employees",
            "yearstarted": "founded",
            "annualrevenue": "revenue",
            "currencyisocode": "currency",
            "billingcity": "city",
            "billingcountry": "country",
        },
        "companies",
    ),
    Preset(
        "pipedrive",
        "Pipedrive",
        frozenset(
            {
                "organization - name",
                "organization - address",
                "organization - owner",
                "organization - id",
                "organization - pipedrive system id",
                "organization - labels",
            }
        ),
        {
            "organization - name": "name",
            "organization - owner": "owner",
            "organization - industry": "sector",
            "organization - website": "domain",
            "organization - number of employees": "employees",
            "organization - annual revenue": "revenue",
            "organization - id": "external_key",
            "organization - pipedrive system id": "external_key",
        },
        "companies",
    ),
)

DEALS = (
    Preset(
        "hubspot",
        "HubSpot",
        frozenset(
            {
                "record id",
                "deal stage",
                "deal owner",
                "create date",
                "last activity date",
                "associated company ids",
                "associated contact ids",
            }
        ),
        {
            "record id": "external_key",
            "deal name": "name",
            "deal stage": "stage",
            "amount": "value",
            "currency": "currency",
            "deal owner": "owner",
            "close date": "close_on",
            "create date": "opened_at",
            "associated contact ids": "person_key",
            "associated company": "company",
            "closed lost reason": "reason",
            "closed won reason": "reason",
        },
        "deals",
    ),
    Preset(
        "salesforce",
        "Salesforce",
        frozenset({"stagename", "ownerid", "systemmodstamp", "isdeleted", "accountid", "forecastcategory"}),
        {
            "id": "external_key",
            "name": "name",
            "stagename": "stage",
            "amount": "value",
            "currencyisocode": "currency",
            "closedate": "close_on",
            "createddate": "opened_at",
            "contactid": "person_key",
        },
        "deals",
    ),
    Preset(
        "pipedrive",
        "Pipedrive",
        frozenset(
            {
                "deal - title",
                "deal - value",
                "deal - owner",
                "deal - stage",
                "deal - status",
                "deal - pipedrive system id",
            }
        ),
        {
            "deal - title": "name",
            "deal - value": "value",
            "deal - currency of value": "currency",
            "deal - currency": "currency",
            "deal - owner": "owner",
            "deal - stage": "stage",
            "deal - status": "ended_as",
            "deal - expected close date": "close_on",
            "deal - creation date": "opened_at",
            "deal - deal created": "opened_at",
            "deal - closed on": "closed_at",
            "deal - won time": "closed_at",
            "deal - lost time": "closed_at",
            "deal - lost reason": "reason",
            "deal - id": "external_key",
            "deal - pipedrive system id": "external_key",
            "organization": "company",
            "deal - organization": "company",
            "organization - name": "company",
            "person - email": "email",
            "person - email (work)": "email",
        },
        "deals",
    ),
)

PRESETS = (HUBSPOT, SALESFORCE, PIPEDRIVE, *COMPANIES, *DEALS)


def column_name(text: str) -> str:
    """A column's name as presets and guesses know it: folded, without the star of what is required."""
    return fold(text).replace("_", " ").strip().rstrip("*").strip()


def preset_of(header: Sequence[str], thing: str) -> Preset | None:
    """The system whose export of a thing a file is, by at least two of its columns."""
    names, known = {column_name(name) for name in header}, [one for one in PRESETS if one.thing == thing]
    if not known:
        return None
    best = max(known, key=lambda preset: len(preset.signs & names))
    return best if len(best.signs & names) > 1 else None
