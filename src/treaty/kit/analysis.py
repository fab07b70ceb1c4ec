"""What the verbs of `treaty analyze` share: files of columns in, one JSON document out, progress aside, a chart if asked."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from treaty.kit import console
from treaty.kit.rules.refusals import Refused

if TYPE_CHECKING:
    from altair import TopLevelMixin

    from treaty.kit.tabular import Table

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
files = click.argument("files", type=FILE, nargs=-1, required=True, metavar="FILE...")
"""CSV or Parquet files with the same columns."""
plot = click.option(
    "--plot",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    metavar="OUT.SVG",
    help="Draw the chart into this file.",
)


def group() -> click.Group:
    """The group `analyze`, to which each noun adds its verbs: `analyze = group()`, `COMMANDS = (analyze,)`."""
    # As the root has it: a command keeps the help option of whoever calls it first, and tests call the group alone.
    settings = {"help_option_names": ["-h", "--help"]}
    about = "Compute numbers over files of columns, without a database."
    return click.Group("analyze", help=about, context_settings=settings)


@contextmanager
def refusals_told() -> Iterator[None]:
    """A kernel's or a file's refusal ends the command with 1 and its sentence."""
    try:
        yield
    except Refused as refused:
        raise console.fail(str(refused)) from None


def table(paths: Sequence[Path]) -> "Table":
    """The files' rows. Raises Refused."""
    progress(f"Reading {', '.join(path.name for path in paths)}")
    # By name and only now: DuckDB costs forty megabytes, and `treaty --help` must not wait for it.
    opened: Table = import_module("treaty.kit.tabular").Table(paths)
    return opened


def progress(text: str) -> None:
    """A line on standard error: what is being done."""
    click.echo(text, err=True)


def answer(found: Mapping[str, Any], *, as_json: bool) -> None:
    """One JSON document, or the same as lines that a person reads."""
    if as_json:
        console.document(found)
    else:
        console.say("\n".join(lines(found)))


def drawn(chart: Callable[[], "TopLevelMixin"], path: Path | None) -> None:
    """Write the chart where one was asked for."""
    if path is None:
        return
    try:
        import_module("treaty.kit.charts").draw(chart(), path)  # most runs draw nothing
    except OSError as error:
        raise console.fail(f"The chart cannot be written to {path}: {error.strerror}.") from None
    progress(f"Drew {path}")


def lines(found: Mapping[str, Any], depth: int = 0) -> Iterator[str]:
    """Each figure with its name on its own line; rows of one shape as a table, rows that have rows themselves one by one."""
    pad = "  " * depth
    for name, value in found.items():
        if isinstance(value, Mapping):
            yield f"{pad}{name}"
            yield from lines(value, depth + 1)
        elif _has_rows(value):
            if any(_has_rows(cell) for row in value for cell in row.values()):
                for number, row in enumerate(value, start=1):
                    yield from lines({f"{name} {number}": row}, depth)
            else:
                yield f"{pad}{name}"
                yield from _table(value, f"{pad}  ")
        else:
            yield f"{pad}{name}: {_shown(value)}"


def _has_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)


def _table(rows: Sequence[Mapping[str, Any]], pad: str) -> Iterator[str]:
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = [names, *([_shown(row.get(name)) for name in names] for row in rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(names))]
    for line in cells:
        yield (pad + "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True))).rstrip()


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list | tuple):
        return ", ".join(map(_shown, value))
    return "-" if value is None else str(value)
