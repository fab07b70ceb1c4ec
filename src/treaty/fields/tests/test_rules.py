"""What fields can hold, as tables: plain values, what files say, keys."""

from typing import Any

import pytest

from treaty.fields.rules import (
    BadValue,
    FieldRow,
    Kind,
    Option,
    cells,
    column_of,
    compared,
    compared_cell,
    completed,
    grown,
    key_of,
    plain,
    told,
)

OPTIONS = (Option(1, "gold", "Gold"), Option(2, "lodz", "Łódź"), Option(3, "old", "Old", is_retired=True))
EURO = {"minor": 123450, "currency": "EUR"}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.TEXT, "Łódź, ﷺ"),
        (Kind.NUMBER, 5),
        (Kind.NUMBER, -0.1),
        (Kind.MONEY, EURO),
        (Kind.DATE, "2026-02-28"),
        (Kind.CHOICE, "lodz"),
        (Kind.MANY, ["gold", "lodz"]),
        (Kind.TAGS, ["gold", "old", "展示会 2026"]),
        (Kind.PERSON, 7),
        (Kind.COMPANY, 2**62),
    ],
)
def test_a_plain_value_comes_back_as_it_was_told(kind: Kind, value: Any) -> None:
    kept = cells(kind, value, OPTIONS)
    assert plain(kind, kept) == value
    seen = [compared_cell(kind, getattr(cell, column_of(kind)), cell.currency) for cell in kept]
    expected = compared(kind, value)
    assert seen == (expected if isinstance(expected, list) else [expected])


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("nothing", [None, "", []])
def test_nothing_told_is_nothing_kept(kind: Kind, nothing: Any) -> None:
    assert cells(kind, nothing, OPTIONS) == ()


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        (Kind.TEXT, 5, "no_text"),
        (Kind.TEXT, "x" * 501, "too_long"),
        (Kind.NUMBER, "5", "no_number"),
        (Kind.NUMBER, True, "no_number"),
        (Kind.NUMBER, float("nan"), "no_number"),
        (Kind.NUMBER, 10**400, "no_number"),
        (Kind.MONEY, 5, "no_money"),
        (Kind.MONEY, {"minor": 5}, "no_money"),
        (Kind.MONEY, {"minor": 5.0, "currency": "EUR"}, "no_money"),
        (Kind.MONEY, {"minor": 2**53 + 1, "currency": "EUR"}, "no_money"),
        (Kind.MONEY, {"minor": 5, "currency": "XQX"}, "no_currency"),
        (Kind.DATE, "2026-02-30", "no_date"),
        (Kind.DATE, "30.11.2026", "no_date"),
        (Kind.DATE, 5, "no_date"),
        (Kind.CHOICE, "copper", "no_option"),
        (Kind.MANY, ["gold", "copper"], "no_option"),
        (Kind.TAGS, ["fair; gold"], "no_tag"),
        (Kind.TAGS, ["+fair"], "no_tag"),
        (Kind.TAGS, ["x" * 61], "no_tag"),
        (Kind.TAGS, ["fair\0"], "no_tag"),
        (Kind.TAGS, [5], "no_tag"),
        (Kind.TAGS, [" "], "no_tag"),
        (Kind.TAGS, ["fair, gold"], "no_tag"),
        (Kind.TAGS, ["\u200b"], "no_tag"),
        (Kind.TAGS, ["\u202efair"], "no_tag"),
        (Kind.TAGS, ["\u200d"], "no_tag"),
        (Kind.TAGS, [f"t{number}" for number in range(198)], "too_many_tags"),
        (Kind.PERSON, "7", "no_record"),
        (Kind.PERSON, True, "no_record"),
        (Kind.COMPANY, 2**63, "no_record"),
        (Kind.COMPANY, 0, "no_record"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(kind: Kind, value: Any, code: str) -> None:
    with pytest.raises(BadValue) as refused:
        cells(kind, value, OPTIONS)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.TEXT, "  Pia ", "Pia"),
        (Kind.NUMBER, "1 234,5", 1234.5),
        (Kind.NUMBER, "-3", -3),
        (Kind.NUMBER, "12,34", 12.34),
        (Kind.MONEY, "1234.50 EUR", EURO),
        (Kind.MONEY, "eur 1 234,50", EURO),
        (Kind.MONEY, "1234.5", {"minor": 123450, "currency": "PLN"}),
        (Kind.MONEY, "500 JPY", {"minor": 500, "currency": "JPY"}),
        (Kind.DATE, "2026-11-30", "2026-11-30"),
        (Kind.CHOICE, "LODZ", "lodz"),
        (Kind.CHOICE, "gold", "gold"),
        (Kind.MANY, "Gold; Łódź", ["gold", "lodz"]),
        (Kind.TAGS, "GOLD; Łodz|  Fair   2026 ;", ["gold", "lodz", "Fair 2026"]),
        (Kind.TAGS, "gold, 展示会、می‌خواهم", ["gold", "展示会", "می‌خواهم"]),
        (Kind.PERSON, "#12", 12),
        (Kind.COMPANY, "12", 12),
        (Kind.NUMBER, "   ", None),
    ],
)
def test_a_text_of_a_file_is_read(kind: Kind, text: str, value: Any) -> None:
    assert told(kind, text, OPTIONS, "PLN") == value


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        (Kind.NUMBER, "1,234", "no_number"),  # a thousand in London, a bit more than one in Warsaw
        (Kind.NUMBER, "five", "no_number"),
        (Kind.MONEY, "12.345 EUR", "no_money"),
        (Kind.MONEY, "about 5 EUR", "no_money"),
        (Kind.CHOICE, "copper", "no_option"),
        (Kind.MANY, "gold; copper", "no_option"),
        (Kind.TAGS, "gold; =1+1", "no_tag"),
        (Kind.PERSON, "Pia", "no_record"),
    ],
)
def test_a_text_that_says_something_else_is_refused(kind: Kind, text: str, code: str) -> None:
    with pytest.raises(BadValue) as refused:
        told(kind, text, OPTIONS, "PLN")
    assert refused.value.code == code


def test_a_new_tag_is_one_whatever_its_case_and_is_told_by_its_name() -> None:
    chosen = cells(Kind.TAGS, ["Fair", "GOLD", "fair", "Lodz"], OPTIONS)
    assert [(cell.part, cell.text) for cell in chosen] == [(1, "gold"), (2, "lodz"), (4, "Fair")]
    assert [option.name for option in grown(["Fair"], OPTIONS)] == ["Gold", "Łódź", "Old", "Fair"]


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        ("", ["Gold", "Łódź"]),
        ("GO", ["Gold"]),
        ("Fair;lo", ["Fair; Łódź"]),
        ("gold; ", ["gold; Łódź"]),
        ("Gold; o", []),
    ],
)
def test_the_last_tag_of_a_line_is_completed(line: str, lines: list[str]) -> None:
    tags = FieldRow(1, "deal", "tags", "Tags", Kind.TAGS, "", OPTIONS, is_retired=False)
    assert completed(line, tags) == lines


@pytest.mark.parametrize(
    ("name", "taken", "key"),
    [
        ("Yearly budget", (), "yearly_budget"),
        ("Łódź / ул.", (), "lodz"),
        ("予算", (), "field"),
        ("予算", ("field",), "field_2"),
        ("2nd plan", (), "field_2nd_plan"),
        ("Budget", ("budget", "budget_2"), "budget_3"),
    ],
)
def test_a_key_is_short_latin_and_nobody_elses(name: str, taken: tuple[str, ...], key: str) -> None:
    assert key_of(name, taken, "field") == key
