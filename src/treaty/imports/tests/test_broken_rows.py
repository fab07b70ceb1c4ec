"""A broken row swallows no other: it is handed back as it stood, the rows around it come in, and once mended so does it."""

import csv
import io
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.harness.published import DATA, needs_data
from treaty.deals.models import Deal
from treaty.imports.reading import BadFile, Choice, opened
from treaty.imports.reading.parting import LONGEST, Parting
from treaty.imports.rules.problems import Broken
from treaty.imports.tests.test_imports import counted, run, write
from treaty.imports.tests.test_pages import acted, told
from treaty.imports.tests.test_reading import workbook
from treaty.imports.wording import reason, unfit
from treaty.kit import setup
from treaty.people.models import Person
from treaty.staff.tests import factories

HEADER = ["name", "email", "city"]
cells = st.text('ab,;"\n ', max_size=6).filter(lambda text: not text.lstrip('" ').startswith((",", "\n")))
"""What a cell of a whole row can hold. One that begins with what parts cells looks like the end of another."""
rows = st.lists(st.tuples(cells, cells, cells).filter(any), max_size=4)
plain = st.text("abc ", min_size=1, max_size=5)


def not_closed(told: list[str], place: int) -> str:
    told[place] = f'"{told[place]}'
    return ",".join(told)


def not_doubled(told: list[str], place: int) -> str:
    told[place] = f'"x"y{told[place]}'
    return ",".join(told)


def of_two_lines(told: list[str], place: int) -> str:
    told[place] = f'"x"y{told[place]}\nb"'
    return ",".join(told)


def too_many(told: list[str], _place: int) -> str:
    return ",".join([*told, "x"])


def lines(told: list[Any]) -> str:
    """Rows as the csv module writes them."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(told)
    return text.getvalue()


def parted(text: str) -> list[list[str]]:
    parting = Parting(io.StringIO(text, newline=""), ",")
    assert parting.header() == HEADER
    return list(parting.rows())


@given(
    before=rows,
    after=rows,
    told=st.lists(plain, min_size=3, max_size=3),
    place=st.integers(0, 2),
    damage=st.sampled_from([not_closed, not_doubled, of_two_lines, too_many]),
)
def test_all_rows_around_a_broken_one_come_in_and_it_comes_back_as_it_stood(
    before: list[Any],
    after: list[Any],
    told: list[str],
    place: int,
    damage: Callable[[list[str], int], str],
) -> None:
    text = damage(told, place)
    found = parted(f"{lines([HEADER, *before])}{text}\r\n{lines(after)}")
    assert [list(row) for row in found if not isinstance(row, Broken)] == [
        list(row) for row in before + after
    ]
    [broken] = [row for row in found if isinstance(row, Broken)]
    assert broken.text == text
    assert found.index(broken) == len(before)


@given(told=rows)
def test_no_row_that_is_written_as_it_should_be_is_taken_for_a_broken_one(told: list[Any]) -> None:
    assert parted(lines([HEADER, *told])) == [list(row) for row in told]


def test_rows_may_lack_blank_cells_and_have_some_too_many() -> None:
    found = parted('name,email,city\nPia,pia@example.com\nBea,b@example.com,Opole,,\n"Cyd" ,"c" ,Lund\n')
    assert found == [["Pia", "pia@example.com"], ["Bea", "b@example.com", "Opole"], ["Cyd", "c", "Lund"]]
    assert not any(isinstance(row, Broken) for row in found)


def test_short_rows_behind_a_broken_one_are_rows_where_others_were_short_before() -> None:
    found = parted('name,email,city\nPia\n"Bea,b@example.com\nCyd\n')
    assert found == [["Pia"], ['"Bea', "b@example.com"], ["Cyd"]]
    assert [isinstance(row, Broken) for row in found] == [False, True, False]


def test_a_mark_that_closes_far_behind_swallows_no_rows() -> None:
    others = "".join(f"n{number},e,c\n" for number in range(30))
    found = parted(f'name,email,city\n"Pia,e,c\n{others}A 5",e,c\n')
    assert len(found) == 32
    assert [row for row in found if isinstance(row, Broken)] == [['"Pia', "e", "c"]]


def test_a_cell_longer_than_any_is_handed_back_short() -> None:
    found = parted(f'name,email,city\nPia,"{"x" * LONGEST}y",Opole\nBea,b,Lund\n')
    [broken] = [row for row in found if isinstance(row, Broken)]
    assert (broken.wrong.code, broken.wrong.field, len(broken.text)) == ("cell_too_long", "email", 100_000)
    assert found[1] == ["Bea", "b", "Lund"]


@pytest.mark.parametrize(
    ("text", "delimiter", "said"),
    [
        (
            '"name,email\nPia,p@example.com\n',
            "",
            "The first row of file.csv names the columns, and it is broken",
        ),
        ("name,email\nPia,p@example.com\n", "::", "“::” cannot part cells."),
    ],
)
def test_what_keeps_a_file_from_being_parted_is_said(
    tmp_path: Path, text: str, delimiter: str, said: str
) -> None:
    with pytest.raises(BadFile) as refused:
        opened(write(tmp_path / "file.csv", text), Choice(delimiter=delimiter))
    assert said in unfit(refused.value)


def test_a_broken_row_among_the_first_hides_no_delimiter(tmp_path: Path) -> None:
    table = opened(write(tmp_path / "file.csv", 'name;city\n"Pia;Opole\nBea;Lund, Skåne\nCyd;Lund, Skåne\n'))
    assert (table.delimiter, table.size()) == (";", 3)


def test_text_of_a_handed_back_row_must_go_before_the_row_comes_in_whatever_the_form(tmp_path: Path) -> None:
    told = [["name", "city", "treaty_text"], ["Pia", "Opole", '"Pia,Opole'], ["Bea", "Lund", ""]]
    pia, bea = opened(workbook(tmp_path / "book.xlsx", {"People": told})).rows()
    assert isinstance(pia[1], Broken)
    assert "leave treaty_text blank" in reason(pia[1].wrong)
    assert not isinstance(bea[1], Broken)


def test_a_row_in_another_encoding_turns_no_others_letters_wrong(tmp_path: Path) -> None:
    good = [["Łucja", f"l{number}@example.com", "Łódź"] for number in range(12)]
    zoe = "Zoë,zoe@example.com,Köln\r\n".encode("cp1252")
    (tmp_path / "file.csv").write_bytes(lines([HEADER, *good[:6]]).encode() + zoe + lines(good[6:]).encode())
    table = opened(tmp_path / "file.csv")
    found = [row for _number, row in table.rows()]
    [broken] = [row for row in found if isinstance(row, Broken)]
    assert (table.encoding_name, list(broken)) == ("UTF-8", ["Zo�", "zoe@example.com", "K�ln"])
    assert "another encoding" in reason(broken.wrong)
    assert [row for row in found if row is not broken] == good


@pytest.fixture
def installation(db: None, tmp_path: Path, settings: Any) -> None:
    """An installation as `treaty init` leaves it, whose files lie in a folder of the test."""
    settings.MEDIA_ROOT = tmp_path / "files"
    setup.start_nouns()


FILE = (
    'name,email,city\nPia,pia@example.com,Opole\n"Bea,bea@example.com,Lund\nCyd,cyd@example.com,Lund, Skåne\n'
    "Dan,dan@example.com,Bergen\n"
)


def test_broken_rows_are_handed_back_with_what_is_right_and_the_mended_file_comes_in(
    installation: None, tmp_path: Path
) -> None:
    told = run("persons", write(tmp_path / "file.csv", FILE))
    assert counted(told) == (2, 0, 0, 2, 0)
    assert [(bad["row"], bad["field"]) for bad in told["bad_rows"]] == [(3, "name"), (4, "treaty_text")]
    assert 'The quotation marks at “"Bea” do not match' in told["bad_rows"][0]["reason"]
    assert "“Skåne” stands where the first row names no column." in told["bad_rows"][1]["reason"]
    handed = Path(str(told["bad_file"])).read_text("utf-8-sig")
    bea, cyd = csv.DictReader(io.StringIO(handed))
    assert (bea["treaty_text"], cyd["treaty_text"]) == (
        '"Bea,bea@example.com,Lund',
        "Cyd,cyd@example.com,Lund, Skåne",
    )
    again = run("persons", write(tmp_path / "again.csv", handed))
    assert counted(again) == (0, 0, 0, 2, 0), "as they stand they come back"
    assert Path(str(again["bad_file"])).read_text("utf-8-sig").count("treaty_row") == 1
    mended = [{**bea, "name": "Bea", "treaty_text": ""}, {**cyd, "city": "Lund, Skåne", "treaty_text": ""}]
    text = lines([list(bea), *(list(row.values()) for row in mended)])
    assert counted(run("persons", write(tmp_path / "mended.csv", text))) == (2, 0, 0, 0, 0)
    assert dict(Person.objects.values_list("name", "city")) == {
        "Pia": "Opole",
        "Bea": "Lund",
        "Cyd": "Lund, Skåne",
        "Dan": "Bergen",
    }


def test_a_broken_row_of_deals_swallows_no_other(installation: None, tmp_path: Path) -> None:
    told = run("deals", write(tmp_path / "deals.csv", 'deal,id,stage\n"A,1,new\nB,2,new\nC,3,new\n'))
    assert counted(told) == (2, 0, 0, 1, 0)
    assert set(Deal.objects.values_list("name", flat=True)) == {"B", "C"}


def test_a_broken_row_is_mended_on_the_page_and_shown_with_the_run(
    installation: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("treaty.kit.jobs.Beat", lambda _job: nullcontext())
    browser = Client()
    browser.force_login(factories.mia())
    sent = SimpleUploadedFile("people.csv", FILE.encode(), "text/csv")
    page = browser.post("/imports/", {"what": "persons", "file": sent})["Location"]
    rows = told(browser, page, column_0="name", column_1="email", column_2="city")
    shown = browser.get(rows).content.decode()
    assert "2 rows cannot come in as they stand." in shown
    assert 'name="cell_3_0" value="&quot;Bea"' in shown
    broken = {"cell_3_0": '"Bea', "cell_3_1": "bea@example.com", "cell_3_2": "Lund"}
    there = acted(browser, rows, "import", **broken | {"cell_3_0": "Bea"})
    assert set(Person.objects.values_list("name", flat=True)) == {"Pia", "Bea", "Dan"}
    shown = browser.get(there).content.decode()
    assert "Cyd,cyd@example.com,Lund, Skåne" in shown


def test_a_page_of_many_broken_rows_can_be_sent(
    installation: None, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    browser = Client()
    browser.force_login(factories.mia())
    heads = ",".join(f"phone {place}" for place in range(30))
    text = f"name,{heads}\n" + "".join(f'"Pia {number}"x{",1" * 30}\n' for number in range(60))
    sent = SimpleUploadedFile("people.csv", text.encode(), "text/csv")
    page = browser.post("/imports/", {"what": "persons", "file": sent})["Location"]
    columns = {f"column_{place}": "phone" for place in range(1, 31)}
    shown = browser.get(told(browser, page, column_0="name", **columns)).content.decode()
    assert "60 rows cannot come in as they stand." in shown
    assert 0 < shown.count('name="cell_') < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS


@needs_data
def test_broken_rows_of_the_samples_are_handed_back_and_the_others_come_in(
    installation: None, tmp_path: Path
) -> None:
    for name in ("accounts", "products", "sales_pipeline", "sales_teams"):
        text = (DATA / f"maven-crm/{name}.csv").read_text("utf-8")
        (tmp_path / f"{name}.csv").write_text("\n".join(text.splitlines()[:4]) + '\n"x,y\n', "utf-8")
    told = run("maven", "--dir", tmp_path)
    assert (told["companies"]["bad"], told["staff"]["bad"], told["deals"]["bad"]) == (1, 1, 1)
    assert (told["companies"]["new"], told["staff"]["new"], told["deals"]["new"]) == (3, 3, 3)


CARD = "BEGIN:VCARD\nVERSION:{version}\nFN:{name}\nEMAIL:{name}@example.com\nEND:VCARD\n"
DEEP = '{"name":' + "[" * 2_000
"""Deeper than anybody reads."""


@pytest.mark.usefixtures("installation")
@pytest.mark.parametrize(
    ("name", "text", "stood", "said"),
    [
        (
            "people.jsonl",
            '{"name":"Pia","email":"pia@example.com"}\n' + DEEP + '\n[1]\n{"name":"Dan"}\n',
            [DEEP, "[1]"],
            "“[1]” is no JSON object.",
        ),
        (
            "people.vcf",
            CARD.format(version="3.0", name="Pia")
            + CARD.format(version="2.0", name="Bea")
            + "BEGIN:VCARD\nVERSION:4.0\nFN:Cyd\n"
            + CARD.format(version="4.0", name="Dan"),
            [CARD.format(version="2.0", name="Bea").strip(), "BEGIN:VCARD\nVERSION:4.0\nFN:Cyd"],
            "as “END:VCARD?” shows",
        ),
    ],
)
def test_a_broken_object_or_card_keeps_no_other_out(
    tmp_path: Path, name: str, text: str, stood: list[str], said: str
) -> None:
    told = run("persons", write(tmp_path / name, text))
    assert counted(told) == (2, 0, 0, 2, 0)
    assert set(Person.objects.values_list("name", flat=True)) == {"Pia", "Dan"}
    assert [bad["row"] for bad in told["bad_rows"]] == [3, 4]
    assert said in told["bad_rows"][1]["reason"]
    handed = list(csv.DictReader(io.StringIO(Path(str(told["bad_file"])).read_text("utf-8-sig"))))
    assert [row["treaty_text"] for row in handed] == stood
    mended = [
        {**row, "name": who, "treaty_text": ""} for row, who in zip(handed, ("Bea", "Cyd"), strict=True)
    ]
    again = lines([list(mended[0]), *(list(row.values()) for row in mended)])
    assert counted(run("persons", write(tmp_path / "mended.csv", again))) == (2, 0, 0, 0, 0)
