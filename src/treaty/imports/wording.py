"""What imports say to people: what is wrong with a field, and what would be right."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrPromise

from treaty.fields.forms import wrong
from treaty.imports.reading import BadFile
from treaty.imports.rules.columns import BadMapping, Own
from treaty.imports.rules.problems import TEXT, BadField, Rejected

FIELDS: Mapping[str, StrPromise] = {
    "name": gettext_lazy("Name"),
    "given_name": gettext_lazy("Given name"),
    "family_name": gettext_lazy("Family name"),
    "name_local": gettext_lazy("Name in its own script"),
    "email": gettext_lazy("Mail address"),
    "phone": gettext_lazy("Phone"),
    "email_work": gettext_lazy("Mail address, work"),
    "email_private": gettext_lazy("Mail address, private"),
    "email_other": gettext_lazy("Mail address, other"),
    "phone_work": gettext_lazy("Phone, work"),
    "phone_private": gettext_lazy("Phone, private"),
    "phone_mobile": gettext_lazy("Phone, mobile"),
    "phone_switchboard": gettext_lazy("Phone, switchboard"),
    "phone_other": gettext_lazy("Phone, other"),
    "external_key": gettext_lazy("External key"),
    "keys": gettext_lazy("External keys, as an export writes them"),
    "title": gettext_lazy("Title"),
    "company": gettext_lazy("Company"),
    "country": gettext_lazy("Country"),
    "city": gettext_lazy("City"),
    "language": gettext_lazy("Language"),
    "time_zone": gettext_lazy("Time zone"),
    "interest": gettext_lazy("Interest"),
    "channel": gettext_lazy("Channel"),
    "landing_page": gettext_lazy("Landing page"),
    "owner": gettext_lazy("Owner"),
    "stage": gettext_lazy("Stage"),
    "lead_status": gettext_lazy("State of the lead elsewhere (a tag)"),
    "tags": gettext_lazy("Tags"),
    "consents": gettext_lazy("Consents, as an export writes them"),
    "unsubscribed": gettext_lazy("Wants no mail"),
    "do_not_call": gettext_lazy("Wants no calls"),
    "added_at": gettext_lazy("Added on"),
    "deleted": gettext_lazy("Deleted there"),
}
"""What a column of a file of persons can hold."""

OF_COMPANIES: Mapping[str, StrPromise] = {
    "name": gettext_lazy("Name"),
    "external_key": gettext_lazy("External key"),
    "domain": gettext_lazy("Web domain"),
    "sector": gettext_lazy("Sector"),
    "employees": gettext_lazy("Employees"),
    "founded": gettext_lazy("Founded in"),
    "revenue": gettext_lazy("Revenue"),
    "currency": gettext_lazy("Currency of amounts"),
    "city": gettext_lazy("City"),
    "country": gettext_lazy("Country"),
    "owner": gettext_lazy("Owner"),
    "parent": gettext_lazy("Belongs to"),
}
"""What a column of a file of companies can hold."""

OF_DEALS: Mapping[str, StrPromise] = {
    "name": gettext_lazy("Name"),
    "external_key": gettext_lazy("External key"),
    "person_key": gettext_lazy("External key of its person"),
    "email": gettext_lazy("Mail address"),
    "phone": gettext_lazy("Phone"),
    "company": gettext_lazy("Company"),
    "ended_as": gettext_lazy("Open, won or lost"),
    "stage": gettext_lazy("Stage"),
    "value": gettext_lazy("Value"),
    "currency": gettext_lazy("Currency of amounts"),
    "opened_at": gettext_lazy("Opened on"),
    "closed_at": gettext_lazy("Won or lost on"),
    "close_on": gettext_lazy("Expected to close on"),
    "owner": gettext_lazy("Owner"),
    "product": gettext_lazy("Product"),
    "reason": gettext_lazy("Why it was won or lost"),
}
"""What a column of a file of deals can hold; address and phone are those of its person."""

OF_TOUCHPOINTS: Mapping[str, StrPromise] = {
    "kind": gettext_lazy("What happened"),
    "occurred_at": gettext_lazy("When it happened"),
    "email": gettext_lazy("Mail address"),
    "phone": gettext_lazy("Phone"),
    "person_key": gettext_lazy("External key of its person"),
    "name": gettext_lazy("Name"),
    "external_key": gettext_lazy("External key"),
    "by": gettext_lazy("Who of ours did it"),
    "text": gettext_lazy("What was said"),
    "form": gettext_lazy("Form"),
    "page": gettext_lazy("Page"),
    "file": gettext_lazy("File"),
    "mail": gettext_lazy("Mail"),
    "event": gettext_lazy("Event"),
    "ad": gettext_lazy("Advertisement"),
    "outcome": gettext_lazy("Outcome"),
    "way": gettext_lazy("By which way"),
    "minutes": gettext_lazy("Minutes"),
    "seconds": gettext_lazy("Seconds"),
    "channel": gettext_lazy("Channel"),
    "campaign": gettext_lazy("Campaign"),
}
"""What a column of a file of touchpoints can hold; address, phone and name are those of its person."""

HOLDS: Mapping[str, Mapping[str, StrPromise]] = {
    "persons": FIELDS,
    "companies": OF_COMPANIES,
    "deals": OF_DEALS,
    "touchpoints": OF_TOUCHPOINTS,
}
NAMED: Mapping[str, StrPromise] = {
    **OF_TOUCHPOINTS,
    **OF_DEALS,
    **OF_COMPANIES,
    **FIELDS,
    TEXT: gettext_lazy("The whole row"),
}
"""Every field of every thing; one key is called the same wherever it comes."""

DELIMITERS: Mapping[str, StrPromise] = {
    ",": gettext_lazy("comma"),
    ";": gettext_lazy("semicolon"),
    "\t": gettext_lazy("tab"),
    "|": gettext_lazy("bar"),
}
"""What parts the cells of a file."""

EXPORTS: Mapping[str, StrPromise] = {
    "csv": gettext_lazy("Persons as CSV, which an import can bring in again"),
    "xlsx": gettext_lazy("Persons as a workbook (XLSX)"),
    "jsonl": gettext_lazy("Persons as JSON Lines"),
    "vcf": gettext_lazy("Persons as vCards"),
    "zip": gettext_lazy("Everything: every table of every noun, as one archive"),
}
"""What can be taken along."""

MODES: Mapping[str, StrPromise] = {
    "upsert": gettext_lazy("Add whoever is new, change whoever is known"),
    "create": gettext_lazy("Only add; pass over whoever is known"),
    "update": gettext_lazy("Only change; pass over whoever is not known"),
}
"""Whom an import may add or change."""

RECORD_MODES: Mapping[str, StrPromise] = {
    "upsert": gettext_lazy("Add what is new, change what is known"),
    "create": gettext_lazy("Only add; pass over what is known"),
    "update": gettext_lazy("Only change; pass over what is not known"),
}
"""What an import may add or change, where its rows are no persons."""

KEYS: Mapping[str, StrPromise] = {
    "any": gettext_lazy("external key, else mail address, else phone"),
    "external": gettext_lazy("external key"),
    "email": gettext_lazy("mail address"),
    "phone": gettext_lazy("phone"),
}
"""What rows are met by."""

DOUBLES: Mapping[str, StrPromise] = {
    "merge": gettext_lazy("the first decides, later ones add to it"),
    "hand_back": gettext_lazy("later ones are handed back"),
}
"""What is done with rows of one file that mean one person."""

DAYS: Mapping[str, StrPromise] = {
    "": gettext_lazy("as the other dates of the file say"),
    "month": gettext_lazy("4 June: the month comes first"),
    "day": gettext_lazy("6 April: the day comes first"),
}
"""How dates with slashes are read."""

STATES: Mapping[str, StrPromise] = {
    "running": gettext_lazy("under way, or broken off"),
    "done": gettext_lazy("done"),
    "cancelled": gettext_lazy("stopped"),
    "undoing": gettext_lazy("being undone"),
    "undone": gettext_lazy("undone"),
}
"""What became of a run."""

THINGS: Mapping[str, StrPromise] = {
    "persons": gettext_lazy("Persons"),
    "companies": gettext_lazy("Companies"),
    "deals": gettext_lazy("Deals"),
    "touchpoints": gettext_lazy("Touchpoints"),
    "staff": gettext_lazy("Staff"),
}
"""What imports bring in."""


UNFIT: Mapping[str, StrPromise] = {
    "breaks": gettext_lazy("%(file)s breaks near row %(row)s: %(error)s."),
    "lacks_columns": gettext_lazy("%(file)s lacks the columns %(missing)s; it has %(header)s."),
    "broken_header": gettext_lazy(
        "The first row of %(file)s names the columns, and it is broken: a quotation mark is not closed, or stands where"
        " none may. Mend it and bring the file in again."
    ),
    "bad_delimiter": gettext_lazy(
        "“%(delimiter)s” cannot part cells. It must be one sign, such as ; or \\t."
    ),
    "unreadable": gettext_lazy("%(file)s cannot be read: %(error)s."),
    "empty": gettext_lazy("%(file)s is empty: its first row must name the columns."),
    "unknown_encoding": gettext_lazy(
        "%(file)s is no text in an encoding that is known here. Save it as UTF-8, or name its encoding."
    ),
    "no_such_sheet": gettext_lazy("%(file)s has no sheet “%(sheet)s”. It has: %(sheets)s."),
    "locked": gettext_lazy("%(file)s is locked by a password. Save it without one."),
    "no_workbook": gettext_lazy("%(file)s cannot be read as a workbook: %(error)s."),
    "no_object": gettext_lazy("%(file)s holds no JSON object in line %(row)s: “%(error)s”."),
    "broken_card": gettext_lazy(
        "%(file)s holds no vCard 2.1, 3.0 or 4.0 in card %(row)s, as “%(error)s” shows. Export it as one of these."
    ),
    "no_such_column": gettext_lazy("The file has no column “%(column)s”. It has: %(header)s."),
    "no_such_field": gettext_lazy("No column can hold “%(field)s”. Fields are: %(fields)s."),
    "field_twice": gettext_lazy(
        "Two columns are mapped to “%(field)s”; only %(repeatable)s can have several."
    ),
    "nobody": gettext_lazy(
        "No column says who a person is. Columns are: %(header)s. Map one to name, email, phone or external_key"
        " with --map or --column."
    ),
    "lacks_field": gettext_lazy(
        "No column holds %(fields)s. Columns are: %(header)s. Map one with --map or --column."
    ),
    "bad_map_file": gettext_lazy(
        "%(file)s must hold lines such as “E-mail: email”: a column, and its field."
    ),
    "broken_map_file": gettext_lazy(
        "%(file)s cannot be read from line %(line)s on. It must be YAML or JSON, with lines such as “E-mail: email”:"
        " a column, and its field. A name that holds a colon or begins with a sign must stand in quotes."
    ),
    "map_file_no_text": gettext_lazy("%(file)s is no text in UTF-8. Save it as UTF-8."),
}
"""Why a file or a mapping cannot be used, and what would help."""


NOTHING_AGREED = gettext_lazy(
    "Nobody can be offered to sales: no agreement is in force. Sign one first, or import without offering."
)


def own_names(own: Own) -> dict[str, str]:
    """What columns can hold beside that: fields of the company's own, and whether a person agrees to a purpose."""
    agreed = {
        field: _("Agrees to %(purpose)s") % {"purpose": one.name} for field, one in own.purposes.items()
    }
    return {field: row.name for field, row in own.fields.items()} | agreed


def unfit(problem: BadFile | BadMapping) -> str:
    """The sentence of a file or a mapping that cannot be used."""
    return UNFIT[problem.code] % problem.values


REASONS: Mapping[str, StrPromise] = {
    "bad_email": gettext_lazy("“%(value)s” is not a mail address; it should look like name@example.com."),
    "bad_phone": gettext_lazy(
        "“%(value)s” is not a telephone number; write it with its country code, or give the country."
    ),
    "bad_external_key": gettext_lazy("“%(value)s” is no external key: it is too long."),
    "bad_keys": gettext_lazy("“%(value)s” is no external key; write the system and its key, such as crm:17."),
    "bad_country": gettext_lazy("“%(value)s” is not a country; write two letters such as PL, or its name."),
    "bad_stage": gettext_lazy(
        "“%(value)s” is not a stage; write lead, mql, sal, sql, opportunity or customer."
    ),
    "bad_owner": gettext_lazy(
        "Nobody on the staff has the address or the name “%(value)s”. Write the mail address of somebody who works here,"
        " a name that only one has, or leave the cell blank."
    ),
    "bad_unsubscribed": gettext_lazy("“%(value)s” is neither yes nor no."),
    "bad_do_not_call": gettext_lazy("“%(value)s” is neither yes nor no."),
    "bad_added_at": gettext_lazy("“%(value)s” is not a date; write it like 2026-11-19."),
    "bad_consents": gettext_lazy(
        "“%(value)s” is no consent; write yes or no, or a version such as v2, and when if you know: v2 2026-03-01."
    ),
    "bad_number": gettext_lazy("“%(value)s” is not a number."),
    "bad_deal_stage": gettext_lazy(
        "“%(value)s” is no stage of the pipeline; write its name, or won or lost."
    ),
    "bad_end": gettext_lazy("“%(value)s” says neither open nor won nor lost."),
    "bad_kind": gettext_lazy(
        "“%(value)s” is no kind of touchpoint that can come in; write FormSubmitted or call, for example."
    ),
    "not_of_kind": gettext_lazy("%(value)s has no such value; leave the cell blank."),
    "bad_choice": gettext_lazy("Write one of these: %(value)s."),
    "in_future": gettext_lazy("“%(value)s” lies in the future."),
    "less_than_nothing": gettext_lazy("“%(value)s” is less than 0."),
    "impossible_time": gettext_lazy("“%(value)s” lies in the future, or more than 30 years ago."),
    "unknown_person": gettext_lazy("Nobody is known by “%(value)s”. Bring the persons in first."),
    "bad_money": gettext_lazy("“%(value)s” is not an amount; write it like 12000.50 or 12000.50 EUR."),
    "too_long": gettext_lazy("This is too long."),
    "forgotten": gettext_lazy("This person asked to be forgotten, so the row was left out and is not kept."),
    "binned": gettext_lazy(
        "This person is in the bin, so the row was left out. Restore the person there first."
    ),
    "company_binned": gettext_lazy(
        "“%(value)s” is in the bin, so the row was left out. Bring the company back first."
    ),
    "company_round": gettext_lazy(
        "“%(value)s” belongs to the company of this row, so the row was left out. Name another company, or none."
    ),
    "deal_binned": gettext_lazy(
        "The deal of this key was deleted, so the row was left out. Bring it back from the bin first."
    ),
    "no_identity": gettext_lazy(
        "This row says nobody: it needs a name, a mail address, a telephone number or an external key."
    ),
    "deleted_there": gettext_lazy("This row is marked as deleted, so it was left out."),
    "bad_quotes": gettext_lazy(
        "The quotation marks at “%(value)s” do not match: one is missing or too many. Close the cell, and write a mark"
        " inside of it twice."
    ),
    "too_many_cells": gettext_lazy(
        "“%(value)s” stands where the first row names no column. Put a cell that holds the delimiter into quotation marks,"
        " or name the column."
    ),
    "strange_bytes": gettext_lazy(
        "“%(value)s” was written in another encoding than the rest of the file. Write it again where � stands."
    ),
    "cell_too_long": gettext_lazy("“%(value)s” begins a cell of more than a million characters. Shorten it."),
    "no_object": gettext_lazy(
        "“%(value)s” is no JSON object. Write into the cells what the line should say, and leave treaty_text blank."
    ),
    "broken_card": gettext_lazy(
        "This is no vCard 2.1, 3.0 or 4.0, as “%(value)s” shows. Look whether its cells are right, and leave treaty_text blank."
    ),
    "not_mended": gettext_lazy(
        "This row was broken. Put into its cells what stands in treaty_text, and leave treaty_text blank."
    ),
    "no_key": gettext_lazy("This row lacks what rows are met by in this import."),
    "twice": gettext_lazy("“%(value)s” stood in an earlier row of this file."),
    "held_by_two": gettext_lazy(
        "What this row is met by belongs to two persons. If they are one, merge them on the page of duplicates first."
    ),
    "held_by_other": gettext_lazy(
        "“%(value)s” belongs to somebody else than this row is met by. If they are one, merge them on the page of"
        " duplicates first."
    ),
    "blank": gettext_lazy("This must not be blank."),
    "unknown_lead": gettext_lazy("No lead of this key was imported."),
}
"""What is wrong with a field, by its code."""


def reason(problem: BadField) -> str:
    """A wrong field's sentence."""
    if problem.code.startswith("own_"):
        told = {"value": problem.value, "problem": wrong(problem.code.removeprefix("own_"))}
        return _("“%(value)s”: %(problem)s") % told
    return REASONS.get(problem.code, problem.code) % {"value": problem.value}


def reason_beside(problem: BadField) -> str:
    """The sentence of a field that no column of the file holds."""
    if problem.code == "blank" and problem.field in NAMED:
        return _("“%(field)s” must not be blank, and no column holds it.") % {"field": NAMED[problem.field]}
    return reason(problem)


def handed_back(rejected: Rejected) -> dict[str, str | int]:
    """A rejected row's number, fields and reasons, as its file shows them."""
    return {
        "row": rejected.row,
        "field": ", ".join(each.field for each in rejected.fields),
        "reason": " ".join(reason(each) for each in rejected.fields),
    }
