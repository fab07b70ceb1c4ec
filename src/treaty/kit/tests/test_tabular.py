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
        ("n\n1\n", "m", "no_column", "There is no column \"m\"; there is 'n'."),
        ("n\n", "n", "empty", "The file has no rows."),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, text: str, column: str, reason: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        table(tmp_path, text).numbers(column)
    assert (refused.value.reason, str(refused.value)) == (reason, said)


def test_csv_and_parquet_do_not_mix(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="not both"):
        Table([tmp_path / "a.csv", tmp_path / "a.parquet"])
