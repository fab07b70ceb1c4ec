"""The whole gate: every check that must hold before a change is done, some at a time, and a table of their seconds.

.venv/bin/python scripts/gate.py              # all steps
.venv/bin/python scripts/gate.py lint types   # only these
"""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
LOGS = ROOT / "build" / "gate"
LANES = 3
"""Steps that run at the same time on the smallest machine, of 2 cores, that must finish in 20 minutes: the faults and the
browser's stories wait much of their time."""

PYTEST = (str(BIN / "pytest"), "-q", "--durations=5")
# What does not touch a database needs no second engine.
ONCE = ("--ignore=tests/architecture", "--ignore=tests/docs", "--ignore=tests/faults")


@dataclass(frozen=True)
class Step:
    """One check: its name and the commands that must all succeed."""

    name: str
    commands: tuple[tuple[str, ...], ...]
    env: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """How a step went."""

    step: Step
    passed: bool
    seconds: float
    output: str


def tests(name: str, *words: str, **env: str) -> Step:
    """A step that is one run of pytest."""
    return Step(name, ((*PYTEST, *words),), env)


STEPS = (
    Step(
        "format",
        (
            (str(BIN / "ruff"), "format", "--check", "."),
            (sys.executable, "scripts/templates.py", "--check"),
        ),
    ),
    Step("lint", ((str(BIN / "ruff"), "check", "."), (sys.executable, "scripts/catalogs.py", "check"))),
    Step("contracts", ((str(BIN / "lint-imports"), "--no-cache"),)),
    tests(
        "faults",
        "tests/faults",
        "src/treaty/kit/tests/test_worker.py",
        "--engine=sqlite",
        "-m",
        "faults",
        "--timeout=900",
        FAULT_ROUNDS="2",
    ),
    tests("sqlite", "--engine=sqlite", "-m", "not browser and not faults and not bench", *ONCE),
    tests("postgres", "--engine=postgres", "-m", "not browser and not faults and not bench", *ONCE),
    Step("types", ((str(BIN / "mypy"),),)),
    tests("browser", "--engine=sqlite", "-m", "browser"),
    tests("architecture", "tests/architecture", "--engine=sqlite"),
    tests("docs", "tests/docs", "--engine=sqlite"),
    Step("frontend", ((sys.executable, "scripts/assets.py", "lint"),)),
    # A linter only: its formatter moves the white space between inline elements and components (decision 0030).
    Step("templates", ((str(BIN / "djlint"), "--lint", "src/treaty"),)),
)

printing = threading.Lock()


def run(step: Step) -> Outcome:
    """Runs a step's commands until one fails; prints all that a failed step said, of others what matters."""
    started = time.monotonic()
    output, passed = "", True
    for command in step.commands:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment(step),
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        output += done.stdout
        passed = done.returncode == 0
        if not passed:
            break
    outcome = Outcome(step, passed, time.monotonic() - started, output)
    (LOGS / f"{step.name}.log").write_text(output, encoding="utf-8")
    with printing:
        report(outcome)
    return outcome


def environment(step: Step) -> dict[str, str]:
    """The caller's variables, but an installation of the step's own: a check never touches a real one."""
    env = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "TREATY_HOME"}}
    home = tempfile.mkdtemp(prefix=f"{step.name}-", dir=LOGS)
    if step.name == "postgres" and "DATABASE_URL" in os.environ:
        env["DATABASE_URL"] = os.environ["DATABASE_URL"]
    return {**env, "TREATY_HOME": home, "COLUMNS": "150", "NO_COLOR": "1", **step.env}


def report(outcome: Outcome) -> None:
    """Says at once how a step went."""
    verdict = "ok" if outcome.passed else "FAILED"
    print(f"== {outcome.step.name}: {verdict} after {outcome.seconds:.0f} s", flush=True)
    lines = outcome.output.rstrip().splitlines()
    skipped = [line for line in lines if line.startswith("SKIPPED")]
    print("\n".join([*skipped, *lines[-1:]] if outcome.passed else lines), flush=True)


def table(outcomes: list[Outcome], seconds: float) -> str:
    """The steps, their verdicts and seconds."""
    rows = [
        f"  {one.step.name:<14}{'ok' if one.passed else 'FAILED':<8}{one.seconds:>7.1f} s" for one in outcomes
    ]
    return "\n".join(["", *rows, f"  {'together':<22}{seconds:>7.1f} s"])


def main(names: list[str]) -> int:
    """Runs the named steps, or all; 0 when every one passed."""
    unknown = set(names) - {step.name for step in STEPS}
    if unknown:
        sys.exit(
            f"No such step: {', '.join(sorted(unknown))}. There are: {', '.join(step.name for step in STEPS)}."
        )
    shutil.rmtree(LOGS, ignore_errors=True)
    LOGS.mkdir(parents=True)
    started = time.monotonic()
    with ThreadPoolExecutor(LANES) as lanes:
        outcomes = list(lanes.map(run, [step for step in STEPS if not names or step.name in names]))
    print(table(outcomes, time.monotonic() - started))
    failed = [one.step.name for one in outcomes if not one.passed]
    print(f"The gate is closed: {', '.join(failed)}." if failed else "The gate is open.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
