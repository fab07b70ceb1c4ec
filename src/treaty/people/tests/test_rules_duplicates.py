"""What is compared of persons, in which blocks, and how much it weighs; without any database."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treaty.people.rules.duplicates import (
    PROBABLE,
    Evidence,
    Form,
    Traits,
    blocks,
    canonical_email,
    forms,
    name_block,
    number,
    plain_company,
    weigh,
)

PIA = Traits(
    names=forms(given="Pia", family="Kowalska"),
    emails=("pia@huta.example",),
    phones=("+48321234567",),
    company="huta wschod",
    city="katowice",
    country="PL",
)


def named(name: str, local: str = "") -> Traits:
    return Traits(names=forms(name=name, local=local))


def levels(evidence: Evidence) -> dict[str, str]:
    return {reason.field: reason.level for reason in evidence.reasons}


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Łukasz Żółć", Form("lukasz", "zolc")),
        ("Dr. Anna-Maria O'Neill", Form("anna maria", "oneill")),
        ("Иван Петров", Form("ivan", "petrov")),
        ("Ёлка Щукина", Form("elka", "shchukina")),
        ("Γιώργος Παπάς", Form("giorgos", "papas")),
        ("山田太郎", Form("", "山田太郎", is_unspaced=True)),
        ("ﾔﾏﾀﾞ　ﾀﾛｳ", Form("", "やまだたろう", is_unspaced=True)),
        ("Pia", Form("", "pia")),
        ("محمد علي", Form("محمد", "علي")),
    ],
)
def test_a_name_is_compared_in_its_plainest_form(name: str, written: Form) -> None:
    assert forms(name=name) == (written,)


def test_a_name_in_two_scripts_is_compared_in_both() -> None:
    both = forms(given="Taro", family="Yamada", local="山田太郎")
    assert both == (Form("taro", "yamada"), Form("", "山田太郎", is_unspaced=True))
    assert levels(weigh(Traits(names=both), named("山田太郎"))) == {"name": "same"}


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("p.i.a+fair@gmail.com", "pia@gmail.com"),
        ("pia@googlemail.com", "pia@gmail.com"),
        ("pia.k+x@huta.example", "pia.k@huta.example"),
        ("+x@huta.example", "+x@huta.example"),
    ],
)
def test_an_address_is_compared_as_its_mailbox(address: str, mailbox: str) -> None:
    assert canonical_email(address) == mailbox


@pytest.mark.parametrize(
    "name", ["Acme", "ACME GmbH", "Acme, Inc.", "Acme Sp. z o.o.", "Acme S.A.", "ООО Acme", "Acme s.r.o."]
)
def test_a_company_is_compared_without_its_legal_form(name: str) -> None:
    assert plain_company(name) == "acme"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Pia Kowalska", "PIA KOWALSKA", {"given_name": "same", "family_name": "same"}),
        ("Pia Kowalska", "Pia Kowalksa", {"given_name": "same", "family_name": "misspelt"}),
        ("Robert Allen", "Rob Allen", {"given_name": "alike", "family_name": "same"}),
        ("R. Allen", "Robert Allen", {"given_name": "alike", "family_name": "same"}),
        ("Kowalska Pia", "Pia Kowalska", {"name": "swapped"}),
        ("Anna Nowak", "Pia Nowak", {"given_name": "different", "family_name": "same"}),
        ("Anna Nowak-Kowalska", "Anna Nowak", {"given_name": "same", "family_name": "alike"}),
        ("Иван Петров", "Ivan Petrov", {"given_name": "same", "family_name": "same"}),
        ("王小明", "王小红", {"name": "different"}),
        ("佐藤 健太", "佐藤健太", {"name": "same"}),
        ("山田太郎", "Taro Yamada", {}),
    ],
)
def test_names_are_alike_as_people_say_it(one: str, other: str, expected: dict[str, str]) -> None:
    assert levels(weigh(named(one), named(other))) == expected


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("pia@huta.example", "pia@huta.example", "same"),
        ("pia@huta.example", "pia@hutta.example", "misspelt"),
        ("pia.kowalska@huta.example", "pia.kowalska@mail.example", "alike"),
        ("pia.kowalska@huta.example", "pia.kowalsak@huta.example", "alike"),
        ("anna@huta.example", "hanna@huta.example", "different"),
        ("info@huta.example", "info@mail.example", "different"),
        ("pia@huta.example", "bo@mail.example", "different"),
    ],
)
def test_two_mailboxes_at_one_place_are_mostly_two_persons(one: str, other: str, level: str) -> None:
    assert levels(weigh(Traits(emails=(one,)), Traits(emails=(other,)))) == {"email": level}


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("19710624", "19710624", "same"),
        ("19710624", "19710625", "misspelt"),
        ("19710306", "19710603", "swapped"),
        ("19710624", "19981024", "near"),
        ("19710624", "19830101", "different"),
        ("19710624", "19711224", "alike"),
    ],
)
def test_a_day_of_birth_with_a_slip_still_speaks_for_one_person(one: str, other: str, level: str) -> None:
    found = levels(weigh(Traits(born=one), Traits(born=other)))["born"]
    assert found == level or (level == "near" and found in {"near", "different"})


def test_the_best_of_several_addresses_counts() -> None:
    one = Traits(emails=("old@mail.example", "pia.kowalska@huta.example"))
    assert levels(weigh(one, Traits(emails=("pia.kowalska@huta.example",)))) == {"email": "same"}


def test_one_household_is_not_one_person() -> None:
    pia = Traits(
        names=forms(given="Pia", family="Kowalska"),
        street="main street 6",
        postcode="40 001",
        city="katowice",
    )
    jan = replace(pia, names=forms(given="Jan", family="Kowalska"))
    assert weigh(pia, jan).bits < PROBABLE + 3
    assert weigh(pia, jan).bits < weigh(pia, pia).bits - 10


def test_a_common_name_alone_is_not_enough() -> None:
    smith = named("John Smith")
    assert weigh(smith, smith).bits >= PROBABLE
    assert weigh(smith, smith, bearers=4).bits == weigh(smith, smith).bits
    assert weigh(smith, smith, bearers=40).bits < PROBABLE


def test_a_new_job_alone_does_not_hide_a_person_and_another_person_is_not_shown() -> None:
    moved = Traits(
        names=PIA.names, emails=("pia.kowalska@kopalnia.example",), phones=PIA.phones, company="kopalnia"
    )
    assert weigh(PIA, moved).bits >= PROBABLE
    namesake = Traits(names=PIA.names, emails=("p@dom.example",), company="dom", city="gdansk", country="DE")
    assert weigh(PIA, namesake).bits < PROBABLE


def test_persons_who_are_alike_share_a_block() -> None:
    for other in ("Pia Kowalksa", "Kowalska Pia", "PIA KOWALSKA"):
        assert blocks(named("Pia Kowalska")) & blocks(named(other)), other
    assert not blocks(named("Pia Kowalska")) & blocks(named("Jan Nowak"))


def test_the_number_of_a_block_fits_a_column_and_is_always_the_same() -> None:
    assert number("nkowalska|pia") == number("nkowalska|pia") != number("nkowalska|pio")
    assert 0 <= number(name_block(Form("pia", "kowalska"))) < 2**63


MAILBOXES = (
    "pia@huta.example",
    "pia@hutta.example",
    "p.kowalska@huta.example",
    "info@a.example",
    "info@b.example",
)
NUMBERS = ("+48321234567", "+48321234568", "+49301234567", "+81312345678")
TEXTS = st.text(max_size=12)
NAMES = st.builds(
    lambda given, family, local: forms(given=given, family=family, local=local), TEXTS, TEXTS, TEXTS
)
TRAITS = st.builds(
    Traits,
    names=NAMES,
    emails=st.lists(st.sampled_from(MAILBOXES), max_size=2).map(tuple),
    phones=st.lists(st.sampled_from(NUMBERS), max_size=2).map(tuple),
    company=TEXTS.map(plain_company),
    city=TEXTS,
    country=st.sampled_from(["", "PL", "DE"]),
    born=st.sampled_from(["", "19710624", "19720624", "20010203"]),
)


@given(TRAITS, TRAITS)
def test_evidence_is_the_same_from_either_side(one: Traits, other: Traits) -> None:
    assert weigh(one, other).bits == pytest.approx(weigh(other, one).bits)


@given(TRAITS)
def test_nothing_speaks_against_a_person_being_itself(one: Traits) -> None:
    assert all(reason.bits >= 0 for reason in weigh(one, one).reasons)
    assert all(reason.level == "same" for reason in weigh(one, one).reasons)
