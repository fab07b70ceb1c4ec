"""`treaty analyze funnel` and `treaty analyze cohort` on files: their documents, their lines, their refusals."""

from functools import partial
from pathlib import Path

import duckdb
import pytest

from tests.harness.verbs import answered, called
from treaty.funnels.cli import analyze

# Ann reads, asks and buys within two days; Bo reads twice and asks; Cy asks, then reads; Mia is refunded in between.
VISITS = """person,time,event,channel,value
Ann,2026-01-01,read,search,
Ann,2026-01-02,ask,mail,
Ann,2026-01-03 12:00,buy,mail,10
Bo,2026-01-01,read,mail,
Bo,2026-01-05,read,search,
Bo,2026-02-05,ask,search,
Cy,2026-01-03,ask,search,
Cy,2026-02-03,read,search,
Mia,2026-01-01,read,search,
Mia,2026-01-02,refund,search,-3
Mia,2026-01-03,ask,search,
"""


@pytest.fixture
def visits(tmp_path: Path) -> Path:
    path = tmp_path / "visits.csv"
    path.write_text(VISITS, encoding="utf-8")
    return path


run = partial(called, analyze)
document = partial(answered, analyze)


def test_a_funnel_of_the_usual_columns(visits: Path) -> None:
    found = document(
        "funnel", visits, "--steps", "read,ask,buy", "--by", "channel", "--lost", "1", "--reached", "3"
    )
    assert [one["persons"] for one in found["steps"]] == [4, 3, 1]
    assert (found["events"], found["persons"], found["conversion"]) == (11, 4, 0.25)
    # Ann 1 day, Bo 35 from his first reading, Mia 2
    assert found["steps"][1]["median_seconds"] == 2 * 86_400
    assert found["steps"][2]["median_seconds_from_first"] == 2.5 * 86_400
    assert found["breakdown"] == [
        {"value": "mail", "persons": [1, 1, 0], "conversion": 0.0},
        {"value": "search", "persons": [3, 2, 1], "conversion": 1 / 3},
    ]
    assert (found["lost"], found["reached"]) == (["Cy"], ["Ann"])


def test_every_figure_names_its_persons(visits: Path) -> None:
    asked = ("funnel", visits, "--steps", "read,ask", "--by", "channel", "--exclude", "refund", "--lost", 1)
    assert document(*asked)["lost"] == ["Cy", "Mia"]
    assert document(*asked, "--ended", 1)["ended"] == ["Mia"]
    of_mail = document(*asked, "--of", "mail", "--reached", 1)
    assert (of_mail["reached"], of_mail["lost"]) == (["Bo"], [])
    assert document("cohort", visits, "--cell", "2026-01-01")["in_cell"] == ["Ann", "Bo", "Cy", "Mia"]


def test_parquet_gives_the_same_figures_as_csv(visits: Path, tmp_path: Path) -> None:
    kept = tmp_path / "visits.parquet"
    duckdb.read_csv(str(visits)).write_parquet(str(kept))
    for asked in (("funnel", "--steps", "read,ask", "--by", "channel"), ("cohort", "--value", "value")):
        verb, *more = asked
        assert document(verb, kept, *more) == document(verb, visits, *more)


def test_nobody_and_everybody_come_through(visits: Path) -> None:
    nobody = document("funnel", visits, "--steps", "buy,read")
    assert [one["persons"] for one in nobody["steps"]] == [1, 0]
    assert (nobody["conversion"], nobody["steps"][1]["median_seconds"]) == (0, None)
    assert document("funnel", visits, "--steps", "read", "--order", "any")["conversion"] == 1


def test_equal_times_go_by_whole_numbers_however_long(tmp_path: Path) -> None:
    path = tmp_path / "equal.csv"
    rows = ("9007199254740993,ask", "9007199254740992,read")
    path.write_text(
        "person,time,id,event\n" + "".join(f"Ann,2026-01-01,{row}\n" for row in rows), encoding="utf-8"
    )
    found = document("funnel", path, "--steps", "read,ask", "--id", "id")
    assert [one["persons"] for one in found["steps"]] == [1, 1]


@pytest.mark.parametrize(
    ("more", "persons"),
    [
        # Bo's second reading is 31 days before he asks
        (("--window", "31d"), [4, 3]),
        (("--window", "30d"), [4, 2]),
        (("--order", "strict"), [4, 2]),
        (("--order", "any"), [4, 4]),
        (("--exclude", "refund"), [4, 2]),
        (("--exclude", "refund:1-2"), [4, 2]),
    ],
)
def test_a_funnel_as_it_was_asked(visits: Path, more: tuple[str, ...], persons: list[int]) -> None:
    found = document("funnel", visits, "--steps", "read,ask", *more)
    assert [one["persons"] for one in found["steps"]] == persons


def test_cohorts_of_the_usual_columns(visits: Path) -> None:
    found = document("cohort", visits, "--value", "value", "--cell", "2026-01-01:1")
    assert found["cohorts"] == [
        {"cohort": "2026-01-01", "size": 4, "persons": [4, 2], "retention": [1.0, 0.5], "revenue": [7.0, 0.0]}
    ]
    assert found["in_cell"] == ["Bo", "Cy"]


def test_cohorts_by_what_qualifies(visits: Path) -> None:
    found = document(
        "cohort", visits, "--first", "ask", "--count", "read", "--unit", "week", "--zone", "Europe/Rome"
    )
    # By asking: Ann, Cy and Mia in the week of 29 December, Bo in that of 2 February; Cy reads five weeks later.
    assert [(one["cohort"], one["size"]) for one in found["cohorts"]] == [
        ("2025-12-29", 3),
        ("2026-02-02", 1),
    ]
    assert found["cohorts"][0]["persons"] == [0, 0, 0, 0, 0, 1]
    assert [one["retention"] for one in found["by_age"]] == [0, 0, 0, 0, 0, 1 / 3]


def test_without_json_the_same_figures_are_lines_and_a_chart_is_drawn(visits: Path, tmp_path: Path) -> None:
    for number, verb in enumerate((["funnel", "--steps", "read,ask"], ["cohort"])):
        picture = tmp_path / f"{number}.svg"
        done = run(*verb, visits, "--plot", picture)
        assert done.exit_code == 0, done.output
        assert "persons: 4" in done.stdout
        assert "Reading visits.csv" in done.stderr
        assert picture.read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("funnel", "--steps", "read,aks"), 1, "No event is called \"aks\"; there is 'ask'."),
        (("funnel", "--steps", "read", "--person", "who"), 1, 'There is no column "who"'),
        (("funnel", "--steps", "read", "--reached", "2"), 1, "There is no step 2; there are 1."),
        (("funnel", "--steps", "read,ask", "--exclude", "ask"), 1, "cannot be a step and be excluded"),
        (("funnel", "--steps", "read", "--by", "channel", "--of", "tv", "--lost", "1"), 1, 'has no "tv"'),
        (("funnel", "--steps", "read", "--of", "mail"), 2, "give --by, too"),
        (("funnel", "--steps", "read", "--by", "channel", "--of", "mail"), 2, "--lost or --ended, too"),
        (("funnel", "--steps", "read,,ask"), 2, "has a name that is empty"),
        (("funnel", "--steps", "read", "--window", "0d"), 2, "is no length of time"),
        (("funnel",), 2, "--steps"),
        (("cohort", "--zone", "Rome"), 1, '"Rome" is no time zone'),
        (("cohort", "--cell", "January"), 1, "such as 2026-01-01:1"),
        (("cohort", "--cell", "2026-01-01:9"), 1, "no such cell"),
    ],
)
def test_what_cannot_be_answered_is_told(
    visits: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    verb, *more = arguments
    done = run(verb, visits, *more)
    assert (done.exit_code, said in done.stderr) == (code, True), done.output


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Ann,2026-01-01,1\n,2026-01-02,1\n", 'Row 2, column "person": the cell is empty.'),
        ("Ann,,1\n", 'Row 1, column "time": the cell is empty.'),
        ("Ann,soon,1\n", 'Row 1, column "time": "soon" is not a date or a time'),
        ("Ann,2026-01-01,much\n", 'Row 1, column "value": "much" is not a number.'),
        ("Ann,2026-01-01,NaN\n", 'Row 1, column "value": "NaN" is not a number.'),
        ("Ann,2026-01-01,1\nBo,2026-01-01,inf\n", 'Row 2, column "value": "inf" is not a number.'),
        ("", "The file has no rows."),
    ],
)
def test_what_is_wrong_in_a_row_is_told(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "holes.csv"
    path.write_text(f"person,time,value\n{text}", encoding="utf-8")
    done = run("cohort", path, "--value", "value")
    assert (done.exit_code, said in done.stderr) == (1, True), done.output
