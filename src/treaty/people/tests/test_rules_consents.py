"""What histories of consents come to, and how files write them."""

from datetime import UTC, datetime, timedelta

import pytest

from treaty.people.rules.consents import (
    Agreed,
    ConsentDraft,
    consent_words,
    is_news,
    place_of,
    standing,
    told_as_cell,
)

AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
GIVEN = Agreed(AT, 1, 7, 1, True, "form", "/f/price")
TAKEN = Agreed(AT + DAY, 2, 7, 1, False, "hand", "")


def test_what_was_said_last_holds_in_any_order_and_however_often() -> None:
    assert standing([GIVEN, TAKEN])[7] == TAKEN
    assert standing([TAKEN, GIVEN, TAKEN])[7] == TAKEN
    assert standing([]) == {}


def test_of_two_at_one_moment_the_later_line_holds() -> None:
    other = TAKEN._replace(at=AT)
    assert standing([other, GIVEN])[7] == other


@pytest.mark.parametrize(
    ("held", "told", "at", "news"),
    [
        (None, ConsentDraft(7), AT, True),
        (None, ConsentDraft(7, is_given=False), AT, False),
        (GIVEN, ConsentDraft(7), AT + DAY, False),
        (GIVEN, ConsentDraft(7, version=1), AT + DAY, False),
        (GIVEN, ConsentDraft(7, version=2), AT + DAY, True),
        (GIVEN, ConsentDraft(7, version=2), AT - DAY, False),
        (GIVEN, ConsentDraft(7, is_given=False), AT + DAY, True),
        (GIVEN, ConsentDraft(7, is_given=False), AT, True),
        (GIVEN, ConsentDraft(7, is_given=False, at=AT), AT, False),
        (TAKEN, ConsentDraft(7), AT + 2 * DAY, True),
        (TAKEN, ConsentDraft(7), AT, False),
        (TAKEN, ConsentDraft(7, is_given=False), AT + 2 * DAY, False),
    ],
)
def test_only_what_differs_and_is_newer_is_news(
    held: Agreed | None, told: ConsentDraft, at: datetime, *, news: bool
) -> None:
    assert is_news(held, told, at) is news


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("https://www.example.com/price?email=pia@example.com#form", "https://www.example.com/price"),
        ("https://pia:secret@example.com/", "https://example.com/"),
        ("/f/price?x=1", "/f/price"),
        ("http://[", ""),
        ("", ""),
    ],
)
def test_a_place_names_nobody(address: str, place: str) -> None:
    assert place_of(address) == place


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("yes", ("yes", None, "")),
        ("V2 2026-03-01", ("yes", 2, "2026-03-01")),
        ("no 1 March", ("no", None, "1 March")),
        ("v0", ("v0", None, "")),
    ],
)
def test_a_cell_holds_a_word_or_a_version_and_a_moment(cell: str, parts: tuple[str, int | None, str]) -> None:
    assert consent_words(cell) == parts


def test_what_an_export_writes_is_read_again() -> None:
    assert consent_words(told_as_cell(GIVEN)) == ("yes", 1, AT.isoformat())
    assert consent_words(told_as_cell(TAKEN)) == ("no", None, (AT + DAY).isoformat())
