"""Files of columns become arrays, and what cannot be read is named."""

from pathlib import Path

import duckdb
import numpy as np
import pytest

from treaty.kit.rules.refusals import Refused
from treaty.kit.tabular import Table


def table(folder: Path, text: str) -> Table:
    path = folder / "told.csv"
    path.write_text(text, encoding="utf-8")
    return Table([path])


def test_columns_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    told = table(
        tmp_path, "who,channel,value,at\nAnn,search,1.5,2026-01-02\nBo,,,2026-01-03 10:30\nCy,mail,2,\n"
    )
    assert told.rows == 3
    assert told.texts("channel").tolist() == ["search", "", "mail"]
    assert np.array_equal(told.numbers("value"), [1.5, np.nan, 2.0], equal_nan=True)
    times = ["2026-01-02T00:00", "2026-01-03T10:30", "NaT"]
    assert np.array_equal(told.times("at"), np.array(times, "datetime64[us]"), equal_nan=True)


def test_texts_as_codes_name_what_they_stand_for(tmp_path: Path) -> None:
    codes, names = table(tmp_path, "channel\nsearch\nmail\nsearch\nO'Neil\n").codes("channel")
    assert names == ["O'Neil", "mail", "search"]
    assert [names[code] for code in codes] == ["search", "mail", "search", "O'Neil"]


def test_many_files_are_one_table(tmp_path: Path) -> None:
    first, second = tmp_path / "1.csv", tmp_path / "2.csv"
    first.write_text("n,m\n1,2\n", encoding="utf-8")
    second.write_text("m,n\n3,4\n", encoding="utf-8")
    told = Table([first, second])
    assert (told.numbers("n").tolist(), told.numbers("m").tolist()) == ([1, 4], [2, 3])


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    path = tmp_path / "told.parquet"
    duckdb.sql("SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS t (n, name)").write_parquet(str(path))
    told = Table([path])
    assert told.numbers("n").tolist() == [1, 2]
    assert told.texts("name").tolist() == ["a", "b"]
    assert told.is_number("n")
    assert not told.is_number("name")


@pytest.mark.parametrize(
    ("text", "column", "reason", "said"),
    [
        ("n\n1\nx\n", "n", "bad_cell", 'Row 2, column "n": "x" is not a number.'),
        ("n\n1\ninf\n", "n", "bad_cell", 'Row 2, column "n": "inf" is not a number.'),
        ("n\n1\n", "m", "no_column", "There is no column \"m\"; there is 'n'."),
        ("n\n", "n", "empty", "The file has no rows."),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, text: str, column: str, reason: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        table(tmp_path, text).numbers(column)
    assert (refused.value.reason, str(refused.value)) == (reason, said)


def test_an_empty_cell_is_named_where_none_may_be(tmp_path: Path) -> None:
    told = table(tmp_path, "n,m\n1,\n ,2\n3,4\n")
    for read in (told.numbers, told.times, told.texts, told.codes):
        with pytest.raises(Refused, match='Row 2, column "n": the cell is empty') as refused:
            read("n", needed=True)
        assert refused.value.reason == "empty_cell"
    assert told.numbers("m", needed=False).tolist()[1:] == [2, 4]


def test_amounts_are_finite_numbers_and_empty_cells_nought(tmp_path: Path) -> None:
    told = table(tmp_path, "n,m\n1,-2\n,nan\n")
    assert told.amounts("n", least=0).tolist() == [1, 0]
    for least, said in ((None, '"nan" is not a number'), (0, '"nan" is not a number')):
        with pytest.raises(Refused, match=said):
            told.amounts("m", least=least)
    with pytest.raises(Refused, match=r'Row 1, column "n": "-1\.5" is below 0\.'):
        table(tmp_path, "n\n-1.5\n").amounts("n", least=0)


def test_a_time_without_end_is_no_time(tmp_path: Path) -> None:
    told = table(tmp_path, "at,n\n2026-01-01,1\n,2\ninfinity,3\n")
    with pytest.raises(Refused, match='Row 3, column "at": "infinity" is not a date or a time'):
        told.times("at")


@pytest.mark.parametrize("name", ["code", "cell", "place", "rowid", "ROWID", "told", "name"])
def test_a_column_may_be_called_as_the_reader_calls_its_own(tmp_path: Path, name: str) -> None:
    told = table(tmp_path, f"{name},n\nb,7\na,8\nb,9\n")
    codes, names = told.codes(name)
    assert (codes.tolist(), names, told.ranks(name).tolist()) == ([1, 0, 1], ["a", "b"], [2, 1, 2])
    assert told.texts(name).tolist() == ["b", "a", "b"]
    with pytest.raises(Refused, match=f'Row 1, column "{name}": "b" is not a number'):
        told.numbers(name)


def test_ranks_tell_whole_numbers_apart_to_the_last_digit(tmp_path: Path) -> None:
    told = table(tmp_path, "n,m\n9007199254740993,b10\n9007199254740992,b9\n7,\n")
    assert told.ranks("n").tolist() == [3, 2, 1]
    assert told.ranks("m").tolist() == [1, 2, 3]


def test_a_bad_cell_of_several_files_is_named_with_its_file(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("1.csv", "2.csv")]
    for path, text in zip(paths, ("n\n1\n2\n", "n\n3\nx\n"), strict=True):
        path.write_text(text, encoding="utf-8")
    with pytest.raises(Refused, match=r'2\.csv, row 2, column "n": "x"'):
        Table(paths).numbers("n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"a,b\n1,2\n3\n", "told.csv cannot be read: line 3: it has 1 columns, and the first line has 2."),
        (b"a,b\n" + b"1,2\n" * 30 + b"3,4,5\n" * 90, "line 32: it has 3 columns"),
        (b'a,b\n"x,2\n3,4\n', "a quotation mark is opened and not closed"),
        (b"a,b\n\xe9,2\n", "line 2: its letters are not encoded in UTF-8"),
        (b"a,b\r\n1,2\n3,4\r\n", "its lines end in different ways"),
        ("a,b\n1,2\n".encode("utf-16"), "line 1: its letters are not encoded in UTF-8"),
        (b"PK\x03\x04\x00a.xml", "line 1: its letters are not encoded in UTF-8"),
        (b"", "The file has no rows."),
    ],
)
def test_no_line_is_left_out_of_a_file_in_silence(tmp_path: Path, text: bytes, said: str) -> None:
    path = tmp_path / "told.csv"
    path.write_bytes(text)
    with pytest.raises(Refused) as refused:
        Table([path])
    assert said in str(refused.value)


def test_what_looks_like_a_comment_is_a_row_and_names_are_told_apart(tmp_path: Path) -> None:
    told = table(tmp_path, "\ufeffn;N;\n#1;a,b;c\n2;d;e\n")
    assert told.names == ["n", "N_1", "column 3"]
    assert told.texts("n").tolist() == ["#1", "2"]
    assert told.texts("N_1").tolist() == ["a,b", "d"]


def test_csv_and_parquet_do_not_mix(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="not both"):
        Table([tmp_path / "a.csv", tmp_path / "a.parquet"])
