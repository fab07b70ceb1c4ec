"""Columns are found, rows become drafts, and what is wrong is named with what would be right."""

from datetime import UTC, datetime

import pytest
from django.utils.translation import override

from treaty.imports.rules.columns import FIELDS, BadMapping, guessed, told
from treaty.imports.rules.persons import draft_of
from treaty.imports.rules.phones import phone
from treaty.imports.rules.problems import BadRow
from treaty.imports.wording import reason, unfit
from treaty.people.rules import BadIdentity, PersonDraft, Stage

OWNERS = {"ann@example.com": 7}


def draft(header: str, row: str, source: str = "file") -> PersonDraft:
    """The draft of one row of a file parted by commas."""
    return draft_of(guessed(header.split(",")), row.split(","), source=source, owners=OWNERS)


def wrong(header: str, row: str) -> list[tuple[str, str]]:
    """The wrong fields of one row."""
    with pytest.raises(BadRow) as caught:
        draft(header, row)
    assert all(reason(each) != each.code for each in caught.value.fields), "every code has a sentence"
    return [(each.field, each.code) for each in caught.value.fields]


def test_columns_are_known_by_their_names_in_any_spelling() -> None:
    found = guessed(["First Name", "LAST_NAME", "E-mail", "Firma", "Lead Source", "Shoe size"])
    assert [field for _place, field in found.by_place] == [
        "given_name",
        "family_name",
        "email",
        "company",
        "channel",
    ]


def test_every_field_is_known_by_its_own_name() -> None:
    for field in FIELDS:
        assert field in {found for _place, found in guessed(["name", field]).by_place}


def refused(header: list[str], mapping: dict[str, str] | None = None) -> str:
    """What a person is told of a mapping that does not fit, or of a header nothing can be guessed of."""
    with pytest.raises(BadMapping) as caught:
        told(header, mapping) if mapping else guessed(header)
    return unfit(caught.value)


def test_a_mapping_says_which_column_it_lacks() -> None:
    sentence = refused(["Name", "E-mail"], {"Mail": "email"})
    assert sentence == "The file has no column “Mail”. It has: Name, E-mail."


def test_a_mapping_says_which_fields_there_are() -> None:
    sentence = refused(["Name"], {"Name": "shoe"})
    assert sentence.startswith("No column can hold “shoe”. Fields are: name, ")


def test_a_field_that_holds_one_value_takes_one_column() -> None:
    sentence = refused(["A", "B", "Name"], {"A": "city", "B": "city", "Name": "name"})
    assert sentence == (
        "Two columns are mapped to “city”; only email, email_other, email_private, email_work, lead_status, phone,"
        " phone_mobile, phone_other, phone_private, phone_switchboard, phone_work, tags can have several."
    )


def test_a_file_that_says_nobody_is_refused() -> None:
    assert refused(["City", "Country"]).startswith(
        "No column says who a person is. Columns are: City, Country."
    )


def test_what_is_wrong_with_a_file_is_said_in_the_language_of_the_page(right_to_left: str) -> None:
    with override(right_to_left):
        sentence = refused(["City"])
    assert "City" in sentence
    assert "No column says" not in sentence


def test_a_row_becomes_a_draft() -> None:
    header = "name,email,phone,country,owner,stage,tags,unsubscribed,external_key,added_at"
    row = "Łukasz Żak,L.Zak@Example.com; lz@home.pl,32 123 45 67,Poland,Ann@example.com,MQL,fair|vip,yes,17,2026-02-03"
    found = draft(header, row, "crm")
    assert found.emails == ("l.zak@example.com", "lz@home.pl")
    assert found.phones == ("+48321234567",)
    assert (found.country, found.owner, found.stage) == ("PL", 7, Stage.MQL)
    assert (found.tags, found.unsubscribed, found.external) == (("fair", "vip"), True, ("crm:17",))
    assert found.added_at == datetime(2026, 2, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        ("name,email", "Pia,pia at home", [("email", "bad_email")]),
        ("name,phone", "Pia,12", [("phone", "bad_phone")]),
        ("name,country", "Pia,Atlantis", [("country", "bad_country")]),
        ("name,country,phone", "Pia,Atlantis,+48321234567", [("country", "bad_country")]),
        ("name,external_key", f"Pia,{'k' * 400}", [("external_key", "bad_external_key")]),
        ("name,keys", "Pia,crm:17;erp", [("keys", "bad_keys")]),
        ("name,owner", "Pia,eve@example.com", [("owner", "bad_owner")]),
        ("name,stage", "Pia,hot", [("stage", "bad_stage")]),
        ("name,unsubscribed", "Pia,maybe", [("unsubscribed", "bad_unsubscribed")]),
        ("name,added_at", "Pia,30.02.2026", [("added_at", "bad_added_at")]),
        ("name,deleted", "Pia,true", [("deleted", "deleted_there")]),
        ("name,city", "Pia," + "x" * 121, [("city", "too_long")]),
        ("name,email", ",", [("name", "no_identity")]),
        ("name,email,stage", "Pia,no,hot", [("email", "bad_email"), ("stage", "bad_stage")]),
    ],
)
def test_every_wrong_field_of_a_row_is_named(header: str, row: str, expected: list[tuple[str, str]]) -> None:
    assert wrong(header, row) == expected


def test_a_row_without_identity_is_met_again_by_its_content() -> None:
    first, again, other = (draft("name,city", row) for row in ("Pia,Gliwice", "Pia,Gliwice", "Pia,Opole"))
    assert first.external == again.external != other.external


def test_a_row_that_ends_early_is_read_with_blanks() -> None:
    assert draft("name,email,city", "Pia,pia@example.com").city == ""


@pytest.mark.parametrize(
    ("text", "country", "home", "number"),
    [
        ("+48 32 123 45 67", "DE", "US", "+48321234567"),
        # Of the row's country: what a spreadsheet leaves of +49 151 12345678 and of 0151 12345678.
        ("4915112345678", "DE", "", "+4915112345678"),
        ("15112345678", "DE", "PL", "+4915112345678"),
        # Of the company's country where the row names none, and as people of it write it.
        ("15112345678", "", "DE", "+4915112345678"),
        ("0151 12345678", "", "DE", "+4915112345678"),
        ("22 635 12 34", "", "PL", "+48226351234"),
        # Of no country we know, but with the code of one.
        ("4915112345678", "", "US", "+4915112345678"),
        ("48226351234", "", "", "+48226351234"),
    ],
)
def test_a_number_that_lost_its_plus_is_read_by_its_country(
    text: str, country: str, home: str, number: str
) -> None:
    assert phone(text, country, home) == number


@pytest.mark.parametrize("text", ["12", "6502530000", "12345678901234567", "x"])
def test_what_no_country_makes_a_number_is_none(text: str) -> None:
    with pytest.raises(BadIdentity):
        phone(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("U.S.A.", "US"),
        ("United States of America", "US"),
        ("the Netherlands", "NL"),
        ("Czech Republic", "CZ"),
        ("Polska", "PL"),
        ("St. Lucia", "LC"),
        ("de", "DE"),
    ],
)
def test_countries_are_known_as_people_and_systems_call_them(text: str, code: str) -> None:
    assert draft("name,country", f"Pia,{text}").country == code
