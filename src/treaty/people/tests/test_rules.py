"""Folding, identities, names, matching and stages by tables; these run without a database."""

from datetime import UTC, datetime, timedelta
from random import Random

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

from treaty.people.rules import (
    BadIdentity,
    PersonDraft,
    Problem,
    Stage,
    called,
    fold,
    full_name,
    identity_pairs,
    matches,
    moves,
    normalised_email,
    normalised_external,
    normalised_phone,
    problems,
    stage_after,
)

# Letter pairs after the Unicode Character Database (decompositions) and the spelling habits that stack.md lists.
FOLDED = [
    ("  Łukasz   ŻÓŁĆ ", "lukasz zolc"),
    ("ёлка", "елка"),
    ("Straße", "strasse"),
    ("ＡＢＣ１２３", "abc123"),
    ("ﾀﾅｶ", "たなか"),
    ("タナカ", "たなか"),
    ("ｶﾞｲﾄﾞ", "がいど"),
    ("أحمد", "احمد"),
    ("مُحَمَّد", "محمد"),
    ("ليلى", "ليلي"),
    ("فاطمة", "فاطمه"),
    ("کریم", "كريم"),
    ("Ægir Þór", "aegir thor"),
    ("İstanbul", "istanbul"),
    ("김철수", "김철수"),
    ("王小明", "王小明"),
    ("٠١٢", "012"),
]


@pytest.mark.parametrize(("text", "folded"), FOLDED)
def test_a_name_folds_to_what_people_type(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_voiced_kana_stay_apart_from_voiceless() -> None:
    assert fold("ガ") != fold("カ")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" Pia@Example.COM ", "pia@example.com"),
        ("<p.k@sub.example.pl>", "p.k@sub.example.pl"),
        ("mailto:a@b.co", "a@b.co"),
        # A domain as it is sent and as it is read (RFC 3492's own example), and what a Japanese keyboard types.
        ("Max@xn--Mnchen-3ya.de", "max@münchen.de"),
        ("n@xn--e1afmkfd.xn--p1ai", "n@пример.рф"),
        ("ｐｉａ＠ｅｘａｍｐｌｅ。ｃｏｍ", "pia@example.com"),
        ("jose\u0301@example.com", "jos\u00e9@example.com"),
    ],
)
def test_an_address_is_written_in_one_way(text: str, address: str) -> None:
    assert normalised_email(text) == address


@pytest.mark.parametrize(
    "text", ["", "pia", "pia@", "@example.com", "a@b", "a b@example.com", "a@ex..com", "a@b.c1", "a@xn--"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(BadIdentity) as refused:
        normalised_email(text)
    assert refused.value.code == "bad_email"


# Numbers as ITU-T E.123 writes them, beside their E.164 form.
@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("+48 32 123 45 67", "", "+48321234567"),
        ("(030) 1234567", "DE", "+49301234567"),
        ("0049 30 1234567", "de", "+49301234567"),
        ("06-6123 4567", "JP", "+81661234567"),
        ("48321234567", "PL", "+48321234567"),  # a workbook drops the plus
    ],
)
def test_a_number_is_written_in_one_way(text: str, country: str, number: str) -> None:
    assert normalised_phone(text, country) == number


@pytest.mark.parametrize(
    ("text", "country"), [("030 1234567", ""), ("call me", "DE"), ("12", "PL"), ("", "PL")]
)
def test_what_is_no_number_is_refused(text: str, country: str) -> None:
    with pytest.raises(BadIdentity) as refused:
        normalised_phone(text, country)
    assert refused.value.code == "bad_phone"


def test_a_key_elsewhere_names_its_source() -> None:
    assert normalised_external(" Olist ", "dac32acd") == "olist:dac32acd"
    with pytest.raises(BadIdentity):
        normalised_external("", "dac32acd")


@pytest.mark.parametrize(
    ("given", "family", "name"),
    [
        ("Pia", "Kowalska", "Pia Kowalska"),
        ("太郎", "山田", "山田太郎"),
        ("", "Kowalska", "Kowalska"),
        ("Анна", "", "Анна"),
    ],
)
def test_a_full_name_stands_in_the_order_of_its_script(given: str, family: str, name: str) -> None:
    assert full_name(given, family) == name


def test_a_person_without_a_name_is_called_by_an_identity() -> None:
    assert called(PersonDraft(emails=("pia@example.com",), name_local="皮亚")) == "皮亚"
    assert called(PersonDraft(phones=("+48321234567",), external=("crm:7",))) == "+48321234567"
    assert called(PersonDraft()) == ""


def test_a_draft_says_what_is_wrong_with_it() -> None:
    assert problems(PersonDraft(title="x" * 121)) == [
        Problem("title", "too_long"),
        Problem("name", "no_identity"),
    ]
    assert problems(PersonDraft(name="Pia")) == []


def test_an_external_key_says_more_than_an_address_and_that_more_than_a_number() -> None:
    draft = PersonDraft(emails=("e",), phones=("p",), external=("x",))
    assert list(identity_pairs(draft)) == [("external", "x"), ("email", "e"), ("phone", "p")]


def test_drafts_that_share_an_identity_mean_one_person() -> None:
    anna, ben = 1, 2
    named: list[list[int]] = [[anna], [anna, ben], [ben], []]
    assert [match.person for match in matches(named, {})] == [-1, -1, -1, -2]
    assert [match.is_new for match in matches(named, {})] == [True, False, False, True]


def test_where_identities_belong_to_two_persons_the_first_decides_and_the_row_is_flagged() -> None:
    key, mail = 1, 2
    (match,) = matches([[key, mail]], {mail: 7, key: 9})
    assert (match.person, match.is_conflict) == (9, True)


T0 = datetime(2026, 11, 2, tzinfo=UTC)


# (stage, may step back) in order of time, and where the person stands: architecture.md's lifecycle, agreement.md 4.
@pytest.mark.parametrize(
    ("entries", "stage"),
    [
        ([("lead", False), ("mql", False)], "mql"),
        ([("mql", False), ("lead", False)], "mql"),
        ([("sal", False), ("mql", True)], "mql"),
        ([("customer", False), ("lead", True)], "customer"),
        ([("customer", False), ("past_customer", False)], "past_customer"),
        ([("opportunity", False), ("sql", True), ("opportunity", False)], "opportunity"),
    ],
)
def test_a_history_leads_to_a_stage(entries: list[tuple[str, bool]], stage: str) -> None:
    history = [(T0 + timedelta(days=n), n, Stage(name), back) for n, (name, back) in enumerate(entries)]
    after = stage_after(reversed(history))
    assert after is not None
    assert after[0] == stage


def test_without_entries_there_is_no_stage() -> None:
    assert stage_after([]) is None


@given(st.sampled_from(Stage), st.sampled_from(Stage), st.booleans())
def test_a_customer_never_becomes_less(now: Stage, to: Stage, back: bool) -> None:
    if now in {Stage.CUSTOMER, Stage.PAST_CUSTOMER} and moves(now, to, back=back):
        assert to == Stage.PAST_CUSTOMER


@pytest.mark.parametrize("first", "0123456789")
def test_a_number_with_its_country_code_is_what_parsing_it_gives(first: str) -> None:
    """For every country code: whether a first digit is a trunk prefix is what may go wrong."""
    chance = Random(first)
    for code in COUNTRY_CODE_TO_REGION_CODE:
        text = f"+{code}{first}" + "".join(chance.choices("0123456789", k=chance.randint(5, 10)))
        number = phonenumbers.parse(text)
        given_back = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        if phonenumbers.is_possible_number(number):
            assert normalised_phone(text) == given_back
        else:
            with pytest.raises(BadIdentity):
                normalised_phone(text)
