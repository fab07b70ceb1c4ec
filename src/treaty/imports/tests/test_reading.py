"""Files in any usual form are read as the same rows."""

import csv
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from tests.harness.published import DATA, needs_data
from treaty.imports.reading import BadFile, Choice, opened
from treaty.imports.rules.problems import Rejected
from treaty.imports.wording import unfit

ROWS = [["name", "email", "city"], ["Zoë Müller", "zoe@example.com", "Köln"], ["Pia", "pia@example.com", ""]]


def workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]]) -> Path:
    """An XLSX file of these sheets."""
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return path


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """A file with this text."""
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encoding_and_delimiter_are_found_out(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = "\n".join(delimiter.join(row) for row in ROWS)
    table = opened(write(tmp_path / "file.csv", text, encoding))
    assert [list(table.header), *[cells for _number, cells in table.rows()]] == ROWS
    assert table.delimiter == delimiter


def test_a_comma_within_a_name_does_not_part_cells(tmp_path: Path) -> None:
    table = opened(write(tmp_path / "file.csv", "Name, first;City, state\nA, B;C, D\nE;F\n"))
    assert table.header == ("Name, first", "City, state")


@pytest.mark.parametrize(
    "text", ["sep=|\r\nA,B|C\r\n1,2|3\r\n", "\r\n \nA|C\n\n1|3\n", "sep=|\n\nA,B|C\n1,2|3"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_blank_lines_and_a_hint_for_spreadsheets_stand_before_a_table(
    tmp_path: Path, text: str, encoding: str
) -> None:
    table = opened(write(tmp_path / "file.csv", text, encoding))
    assert (table.delimiter, table.header[1]) == ("|", "C")
    assert [cells[1] for _number, cells in table.rows()] == ["3"]


@pytest.mark.parametrize("begin", ["[", "\ufeff [\n  "])
def test_an_array_of_objects_is_read_as_a_line_each(tmp_path: Path, begin: str) -> None:
    text = begin + '{"name": "Pia",\n "tags": ["a", "b"]},\n{"name": "Bea"}, 5 ]\n'
    table = opened(write(tmp_path / "file.json", text))
    (first, second, broken) = table.rows()
    assert (table.header, first, second) == (("name", "tags"), (2, ["Pia", "a;b"]), (3, ["Bea", ""]))
    assert broken[0] == 4
    with pytest.raises(BadFile, match="no_object"):
        opened(write(tmp_path / "half.json", text[:-8]))


def test_what_was_found_out_can_be_told(tmp_path: Path) -> None:
    path = write(tmp_path / "file.csv", "имя|город\nАнна|Орёл\n", "cp1251")
    table = opened(path, Choice(encoding="cp1252", delimiter=","))
    assert (table.encoding_name, table.header) == ("CP1252", ("èìÿ|ãîðîä",))


def test_a_workbook_is_read_sheet_by_sheet(tmp_path: Path) -> None:
    path = workbook(tmp_path / "book.xlsx", {"People": ROWS, "More": [["name", "n"], [], ["Bea", 5]]})
    assert [cells for _number, cells in opened(path).rows()] == ROWS[1:]
    assert list(opened(path, Choice(sheet="More")).rows()) == [(3, ["Bea", "5"])]


def test_blank_rows_stand_before_the_table_of_a_sheet(tmp_path: Path) -> None:
    rows: list[list[object]] = [[], [" "], ["name", "n"], [], ["Bea", 5]]
    table = opened(workbook(tmp_path / "book.xlsx", {"People": rows}))
    assert table.header == ("name", "n")
    assert list(table.rows()) == [(5, ["Bea", "5"])]
    with pytest.raises(BadFile, match="empty"):
        opened(workbook(tmp_path / "blank.xlsx", {"People": [[], [" "]]}))


def test_cells_of_a_workbook_are_texts(tmp_path: Path) -> None:
    noon = datetime(2026, 11, 19, 12, tzinfo=UTC).replace(tzinfo=None)
    values = [570.5, 48321234567.0, True, date(2026, 11, 19), noon]
    path = workbook(tmp_path / "book.xlsx", {"People": [list("abcde"), values]})
    assert list(opened(path).rows()) == [
        (2, ["570.5", "48321234567", "yes", "2026-11-19", "2026-11-19T12:00:00"])
    ]


def test_lines_of_json_are_read_by_all_their_names(tmp_path: Path) -> None:
    text = '{"name":"Pia","tags":["a","b"],"place":{"city":"Łódź"}}\n\n{"email":"b@example.com","n":3.0}\n'
    table = opened(write(tmp_path / "file.jsonl", text))
    assert list(table.records([])) == [
        (2, {"name": "Pia", "tags": "a;b", "place.city": "Łódź", "email": "", "n": ""}),
        (4, {"name": "", "tags": "", "place.city": "", "email": "b@example.com", "n": "3"}),
    ]


def test_vcards_are_read_in_their_encoding(tmp_path: Path) -> None:
    card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Łukasz Żak\r\nADR:;;;Łódź;;;\r\nEND:VCARD\r\n"
    table = opened(write(tmp_path / "file.vcf", card * 2, "cp1250"))
    assert table.encoding_name == "CP1250"
    assert [(number, row["name"], row["city"]) for number, row in table.records([])] == [
        (2, "Łukasz Żak", "Łódź"),
        (3, "Łukasz Żak", "Łódź"),
    ]


@needs_data
def test_files_of_android_and_outlook_are_read_and_a_letter_cut_in_two_is_told() -> None:
    # data/vcards: the last of Android's cards ends with one byte of a letter (=80).
    rejected = list[Rejected]()
    read = [row for _number, row in opened(DATA / "vcards" / "John_Doe_ANDROID.vcf").records(rejected)]
    assert len(read) == 5
    assert [(row["name"], row["phone_mobile"]) for row in read[2:4]] == [
        (" ".join("Ñ" * 5), "123456789"),
        (" ".join("Ñ" * 11), "123456;3456789"),
    ]
    assert [(one.row, one.fields[0].value[:17]) for one in rejected] == [(7, "ORG;CHARSET=UTF-8")]
    ((_number, outlook),) = opened(DATA / "vcards" / "outlook-2003.vcf").records(rejected)
    assert [outlook[column] for column in ("name", "company", "city", "email", "phone_work")] == [
        "John Doe III",
        "Company, The",
        "Austin",
        "jdoe@hotmail.com",
        "BusinessPhone",
    ]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.jsonl", b'\n{"name":\n', "holds no JSON object in line 2"),
        ("a.xlsx", b"PK\x03\x04 no archive", "cannot be read as a workbook"),
        ("a.vcf", b"BEGIN:VCARD\nVERSION:2.0\nFN:Pia\nEND:VCARD\n", "no vCard 2.1, 3.0 or 4.0 in card 1"),
        ("a.csv", b"\n", "is empty"),
    ],
)
def test_a_broken_file_is_refused_with_its_reason(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadFile) as refused:
        opened(tmp_path / name)
    assert said in unfit(refused.value)


def test_a_sheet_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = workbook(tmp_path / "book.xlsx", {"People": ROWS})
    with pytest.raises(BadFile) as refused:
        opened(path, Choice(sheet="Deals"))
    assert unfit(refused.value) == "book.xlsx has no sheet “Deals”. It has: People."


@given(
    names=st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\x00\r\n"), min_size=1), min_size=1
    )
)
def test_a_table_gives_back_what_was_written(
    names: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("tables") / "file.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["name", "place"], *[[name, "x"] for name in names]])
    found = [cells for _number, cells in opened(path, Choice(delimiter=",")).rows()]
    assert found == [[name, "x"] for name in names]
