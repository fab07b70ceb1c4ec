"""What the pages say to type is what the verbs understand; what they make up is what the verbs read."""

import json
import re
import shlex
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from treaty.cli import of_nouns

ROOT = Path(__file__).resolve().parents[2]
CONCEPT = ROOT / "docs" / "concepts" / "numbers.md"
PAGES = [CONCEPT, *sorted((ROOT / "docs" / "how-to").glob("analyze-*.md"))]
VERB = re.compile(r"^(?:\$ )?(treaty analyze (?:.*\\\n)*.*)$", re.MULTILINE)
MADE = re.compile(
    r"^\.venv/bin/python benchmarks/generate\.py (.+)\n((?:treaty analyze .+\n)+)", re.MULTILINE
)
FEW = {"leads": 400, "weeks": 156, "deals": 300, "contracts": 8}
"""Rows of a kind that are enough here; of so few leads naive Bayes alone learns, in no time."""


def typed(page: Path) -> list[list[str]]:
    """The words after `treaty analyze` of each command of a page."""
    found = VERB.findall(page.read_text(encoding="utf-8"))
    return [shlex.split(command.replace("\\\n", " "), comments=True)[2:] for command in found]


@pytest.fixture
def analyze() -> click.Group:
    """All verbs."""
    group = of_nouns()["analyze"]
    assert isinstance(group, click.Group)
    return group


@pytest.fixture
def generate() -> Iterator[Any]:
    """The generator of benchmarks/."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "benchmarks")
        yield import_module("generate")


def understood(analyze: click.Group, words: list[str], folder: Path) -> None:
    """Read a command as the shell would, where the files that it names are there. Raises UsageError."""
    names = [word for word in words[1:] if word.endswith((".csv", ".parquet", ".yaml", ".json"))]
    for name in names:
        (folder / name).touch()
    # Under its group: a command keeps the help option of whoever reads it first.
    parent = click.Context(analyze, **analyze.context_settings)
    verb = analyze.commands[words[0]]
    verb.make_context(words[0], [str(folder / word) if word in names else word for word in words[1:]], parent)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_of_a_page_is_understood(page: Path, analyze: click.Group, tmp_path: Path) -> None:
    commands = typed(page)
    assert commands
    for words in commands:
        understood(analyze, words, tmp_path)


def test_every_verb_has_its_example(analyze: click.Group) -> None:
    assert {words[0] for page in PAGES for words in typed(page)} >= set(analyze.commands)


def test_a_planted_flag_that_nobody_knows_is_found(analyze: click.Group, tmp_path: Path) -> None:
    with pytest.raises(click.NoSuchOption):
        understood(analyze, ["mix", "weeks.csv", "--media", "a,b", "--sharp"], tmp_path)


def made_up() -> dict[str, tuple[list[str], list[list[str]]]]:
    """By kind: the generator's words, and the commands that read its file."""
    blocks = MADE.findall(CONCEPT.read_text(encoding="utf-8"))
    return {
        words.split()[0]: (words.split(), [line.split()[2:] for line in lines.splitlines()])
        for words, lines in blocks
    }


@pytest.mark.parametrize("kind", made_up())
def test_what_is_made_up_is_read_as_the_page_says(
    kind: str, analyze: click.Group, generate: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, commands = made_up()[kind]
    words[words.index("--rows") + 1] = str(FEW.get(kind, 2000))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["generate.py", *words])
    generate.main()
    for command in commands:
        done = CliRunner().invoke(analyze, [*command, "--json"])
        assert done.exit_code == 0, done.output
        assert json.loads(done.stdout)


def test_every_kind_has_its_example(generate: Any) -> None:
    assert set(made_up()) == set(generate.KINDS)


@pytest.mark.parametrize("kind", made_up())
def test_the_same_seed_makes_the_same_file(kind: str, generate: Any, tmp_path: Path) -> None:
    one, same, other = (tmp_path / name for name in ("one.csv", "same.csv", "other.csv"))
    for file, seed in ((one, 1), (same, 1), (other, 2)):
        generate.write(generate.KINDS[kind](200, seed), file)
    assert one.read_bytes() == same.read_bytes() != other.read_bytes()


def test_csv_and_parquet_hold_the_same(generate: Any, tmp_path: Path) -> None:
    table = import_module("treaty.kit.tabular").Table
    columns = generate.KINDS["leads"](200, 1)
    for name in ("leads.csv", "leads.parquet"):
        generate.write(columns, tmp_path / name)
    csv, parquet = (table([tmp_path / name]) for name in ("leads.csv", "leads.parquet"))
    assert csv.names == parquet.names
    for name in ("created", "source", "converted"):
        assert csv.texts(name).tolist() == parquet.texts(name).tolist()
