"""Each kernel of the numbers beside its bar, the rivals and a plain pass over the same input; writes the reference page.

Run: .venv/bin/python benchmarks/kernels.py [--share 1] [--only texts] [--no-rivals]
Each row of benchmarks/rows.py runs in a process of its own, so that its peak memory is its own; seconds are of the processor,
the middle one of three runs after one that compiles. Rivals run once, without importing and reading, in an environment that
benchmarks/rivals.py makes. Once all rows were measured whole, the table goes into docs/reference/performance.md.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import clock
import generate
import rivals
from rows import ROWS, Row

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "performance.md"
BEGIN, END = "<!-- kernels: written by benchmarks/kernels.py -->\n", "<!-- kernels end -->\n"


@dataclass(frozen=True)
class Cost:
    """Seconds of processor time of the work and of the plain pass, megabytes at the peak (input included)."""

    cpu: float
    plain: float
    peak_mb: float


def main() -> None:
    """One row (`--row`, in a process of its own), or all with their ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=1.0, help="of every input")
    parser.add_argument("--only", default="", help="rows whose name has this")
    parser.add_argument("--no-rivals", action="store_true")
    parser.add_argument("--row", help=argparse.SUPPRESS)
    parser.add_argument("--input", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.row:
        print(json.dumps(asdict(cost(ROWS[asked.row], asked.share, asked.input))))
        return
    table = list(lines(asked.only, asked.share, not asked.no_rivals))
    if asked.share == 1 and not asked.only and not asked.no_rivals:
        write("\n".join(table))


def lines(only: str, share: float, with_rivals: bool) -> Iterator[str]:
    """The table in Markdown, printed as it comes."""
    heads = ("work", "ours", "bar", "of the bar", "near the limit", "plain pass", "memory", "rivals")
    for line in ("| " + " | ".join(heads) + " |", "|---|--:|--:|--:|--:|--:|--:|---|"):
        print(line)
        yield line
    for name, row in ROWS.items():
        if only in name:
            line = measured(name, row, share, with_rivals)
            print(line, flush=True)
            yield line


def measured(name: str, row: Row, share: float, with_rivals: bool) -> str:
    """One line of the table."""
    with tempfile.TemporaryDirectory(prefix="treaty-kernels-") as folder:
        file = Path(folder) / "input.parquet"
        given = ["--input", str(file)] if with_rivals and row.against else []
        command = [sys.executable, __file__, "--row", name, "--share", str(share), *given]
        told = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        ours = Cost(**told)
        beside = [against(task, file, ours) for task in row.against] if given else []
    cells = (
        row.work.format(size(row, share)),
        shown(ours.cpu),
        shown(row.bar),
        f"{ours.cpu / row.bar:.2f}" if row.bar else "",
        shown(row.near),
        shown(ours.plain),
        f"{ours.peak_mb:,.0f} MB",
        "; ".join(beside),
    )
    return "| " + " | ".join(cells) + " |"


def shown(seconds: float | None) -> str:
    """Seconds, or milliseconds where there are few of them."""
    if seconds is None:
        return ""
    return f"{seconds:.3g} s" if seconds >= 0.01 else f"{seconds * 1000:.2g} ms"


def against(task: str, file: Path, ours: Cost) -> str:
    """What a rival took for the same input, and how many times ours that is."""
    theirs = rivals.measured(task, file)
    name = rivals.NAMES[task]
    if theirs is None:
        return f"{name}: gave up"
    times = theirs.cpu / ours.cpu
    return (
        f"{name} {shown(theirs.cpu)} ({times:,.{0 if times >= 10 else 1}f} times), {theirs.peak_mb:,.0f} MB"
    )


def size(row: Row, share: float) -> int:
    """How large the input is."""
    return max(100, round(row.size * share))


def cost(row: Row, share: float, file: Path | None) -> Cost:
    """Measure one row in this process; the rivals' input is written to the file afterwards."""
    made = row.make(size(row, share))
    made.work()
    cpu, plain = (clock.middle(work)[1].cpu for work in (made.work, made.plain))
    peak = clock.peak_mb()
    if file and made.columns:
        generate.write(made.columns(), file)
    return Cost(cpu, plain, peak)


def write(table: str) -> None:
    """Put the table between the marks of the reference page."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    load = f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, load {os.getloadavg()[2]:.1f} with this measurement's own 1."
    PAGE.write_text(f"{before}{BEGIN}{table}\n\n{load}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
