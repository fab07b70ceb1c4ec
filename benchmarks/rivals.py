"""The rivals' own code, measured in an environment of its own that this makes: their licences keep them out of ours."""

import json
import os
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FOLDER = HERE.parent / "build" / "peers"
PINNED = HERE / "peers" / "requirements.txt"
STAMP = FOLDER / "requirements.txt"
NAMES = {
    "markov-1": "ChannelAttribution",
    "markov-2": "ChannelAttribution (order 2)",
    "markov-3": "ChannelAttribution (order 3)",
    "heuristics": "ChannelAttribution",
    "mam": "marketing-attribution-models",
    "touches": "Polars + ChannelAttribution",
    "bg-nbd": "lifetimes",
    "bg-nbd-score": "lifetimes",
    "pareto-nbd": "lifetimes",
    "gamma-gamma": "lifetimes",
    "pymc": "pymc-marketing (MAP)",
    "funnel": "DuckDB",
}
"""Which library does a task of benchmarks/peers/tasks.py."""


@dataclass(frozen=True)
class Cost:
    """What a task cost a rival: seconds of processor time, seconds by the clock, megabytes at the peak."""

    cpu: float
    wall: float
    peak_mb: float
    answer: dict[str, Any]


def environment() -> Path:
    """The Python that has the rivals; made at the first call and whenever the pinned versions change."""
    python = FOLDER / "bin" / "python"
    if not STAMP.exists() or STAMP.read_text(encoding="utf-8") != PINNED.read_text(encoding="utf-8"):
        print("Making an environment for the rivals, once; this takes minutes.", file=sys.stderr)
        venv.create(FOLDER, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", PINNED], check=True)
        STAMP.write_text(PINNED.read_text(encoding="utf-8"), encoding="utf-8")
    return python


def measured(task: str, file: Path) -> Cost | None:
    """What a task of benchmarks/peers/tasks.py costs over a Parquet file; None where the rival gives up, told on stderr."""
    command = [str(environment()), str(HERE / "peers" / "tasks.py"), task, str(file)]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=clean)
    if done.returncode:
        print(f"{task} gave up: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        return None
    told = json.loads(done.stdout.strip().splitlines()[-1])
    return Cost(**told)
