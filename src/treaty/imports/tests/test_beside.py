"""A large file is read by a process of its own, which says what this one would have said, and ends with who began it."""

import os
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

from treaty.imports.beside import read_beside, sifted
from treaty.imports.reading import BadFile, Choice, opened
from treaty.imports.rules.columns import guessed
from treaty.imports.rules.options import Options
from treaty.imports.sifting import AT_ONCE, Block, Sieve, blocks
from treaty.kit.tests.installation import until

HALF = b"x"
"""Half a letter of UTF-16."""


def sieve(path: Path, *, keeps_cells: bool = True) -> Sieve:
    table = opened(path, Choice(encoding="utf-16"))
    options = Options(source="crm", fixes={3: {2: "mended@example.com"}})
    return Sieve(table, guessed(table.header), options, {"ann": 7}, b"pepper", keeps_cells)


def file_of(folder: Path, rows: int, more: bytes = b"") -> Path:
    """Persons, some of whom cannot come in, and one whose owner and stage are known."""
    path = folder / "persons.csv"
    told = [
        f"c{n},Łucja {n},{'nobody' if n % 50 == 1 else f'p{n}@example.com'},+4812345{n:04d},ann,lead,2024-03-0{n % 9 + 1}"
        for n in range(rows)
    ]
    header = "id,name,email,phone,owner,stage,created"
    path.write_bytes("\n".join([header, *told, ""]).encode("utf-16") + more)
    return path


def read(each: object, into: list[Block]) -> None:
    """All blocks, each as soon as it is there."""
    into.extend(each)  # type: ignore[arg-type]


def test_the_process_beside_says_what_this_one_would_say(tmp_path: Path) -> None:
    path = file_of(tmp_path, AT_ONCE + 120, HALF)
    here, there = list[Block](), list[Block]()
    with pytest.raises(BadFile) as ours:
        read(blocks(sieve(path)), here)
    with pytest.raises(BadFile) as theirs:
        read(read_beside(sieve(path)), there)
    assert (theirs.value.code, theirs.value.values) == (ours.value.code, ours.value.values)
    assert there == here
    assert [row.row for row in here[0].rejected] == [53, 103, 153, 203, 253, 303, 353, 403, 453]
    told = here[0].told()
    assert len(here[0].ready) == len(told) == AT_ONCE - 9
    assert told[3] == ("c1", "Łucja 1", "mended@example.com", "+48123450001", "ann", "lead", "2024-03-02")


def test_a_small_file_is_read_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "Popen", None)
    assert len(next(sifted(sieve(file_of(tmp_path, 20)))).ready) == 20


ORPHAN = """
import os, sys
from pathlib import Path
from treaty.imports import beside
from treaty.imports.tests.test_beside import sieve
children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
reading = beside.read_beside(sieve(Path(sys.argv[1])))
next(reading)
print(children.read_text(), flush=True)
os.kill(os.getpid(), 9)
"""


def test_it_ends_when_who_began_it_is_killed(tmp_path: Path) -> None:
    path = file_of(tmp_path, 60_000)
    done = subprocess.run(
        [sys.executable, "-c", ORPHAN, str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == -9, done.stderr
    (child,) = map(int, done.stdout.split())
    until(lambda: not is_there(child))


def test_it_ends_when_nobody_wants_more(tmp_path: Path) -> None:
    others, reading = children(), read_beside(sieve(file_of(tmp_path, 60_000)))
    assert len(list(islice(reading, 2))) == 2
    (child,) = children() - others
    reading.close()
    assert not is_there(child)


def children() -> set[int]:
    """The processes that this one began."""
    return set(map(int, Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()))


def is_there(process: int) -> bool:
    """Whether a process is at work; one that has ended and was not asked how is not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
