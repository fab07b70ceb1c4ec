"""Only what a manifest names is valid; who reads has time; one at a time writes."""

import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from treaty.warehouse import commands
from treaty.warehouse.folder import MANIFEST, READERS, WORK, Folder
from treaty.warehouse.rules import File, empty

AT = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)


@pytest.fixture
def lake(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path / "lake")
    with folder.alone():
        return folder


def put(lake: Folder, path: str, age: float = 0) -> File:
    (lake.path / path).parent.mkdir(exist_ok=True)
    (lake.path / path).write_bytes(b"")
    os.utime(lake.path / path, (time.time() - age, time.time() - age))
    return File(path, 1, "2026-11", 1)


def names(lake: Folder) -> set[str]:
    return {path.name for path in lake.path.rglob("*.parquet*")}


@pytest.mark.real_time
def test_files_that_are_valid_no_more_stay_for_those_who_read_them(lake: Folder) -> None:
    old, new = put(lake, "touchpoints/1.parquet", 2 * READERS), put(lake, "touchpoints/2.parquet")
    lake.switch(replace(empty("s", AT), touchpoints=(old,)))
    lake.sweep()
    assert names(lake) == {"1.parquet", "2.parquet"}
    lake.switch(replace(empty("s", AT), touchpoints=(new,)))
    lake.sweep()
    assert names(lake) == {"1.parquet", "2.parquet"}
    put(lake, old.path, READERS + 1)
    put(lake, "touchpoints/3.parquet.part", READERS + 1)
    lake.sweep()
    assert names(lake) == {"2.parquet"}


def test_who_comes_second_waits_for_the_next_turn(lake: Folder) -> None:
    with lake.alone() as first, lake.alone() as second:
        assert (first, second) == (True, False)
    with lake.alone() as again:
        assert again


def test_a_lake_of_an_unknown_form_is_none(lake: Folder) -> None:
    assert lake.manifest() is None
    (lake.path / MANIFEST).write_text("{}")
    assert lake.manifest() is None


def test_what_a_killed_turn_left_to_itself_is_gone_with_the_next(lake: Folder) -> None:
    (lake.path / WORK).mkdir()
    (lake.path / WORK / "left.csv").write_text("1")
    with lake.work() as place:
        assert list(place.iterdir()) == []
    assert not place.exists()


def test_while_somebody_writes_no_other_turn_is_taken(settings: object, tmp_path: Path) -> None:
    settings.HOME = tmp_path  # type: ignore[attr-defined]
    with Folder(tmp_path / "lake").alone():
        assert commands.follow(AT) is None
        assert commands.rebuild(AT) is None
        assert commands.differences(AT) is None
