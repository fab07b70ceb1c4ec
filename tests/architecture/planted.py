"""A tiny house of empty nouns in a temp folder, into which a test plants a violation."""

import configparser
import os
import re
import subprocess
import sys
from pathlib import Path

CONFIG = Path(__file__).resolve().parents[2] / ".importlinter"


def layers(contract: str = "shelves") -> list[list[str]]:
    """The names on each line of a contract's layers, top first."""
    config = configparser.ConfigParser()
    config.read(CONFIG, encoding="utf-8")
    lines = config[f"importlinter:contract:{contract}"]["layers"].split("\n")
    names = [re.findall(r"[a-z]+", line) for line in lines if not line.strip().startswith("#")]
    return [line for line in names if line]


def nouns() -> list[str]:
    """Every noun of the house, from the doors down to the ground."""
    return [name for line in layers()[1:] for name in line]


def house(folder: Path, planted: dict[str, str]) -> Path:
    """Writes an empty house and the planted modules: house(tmp_path, {"ledger/commands.py": "import treaty.deals"})."""
    modules = ["__init__.py", *(f"{door}.py" for door in layers()[0])]
    modules += [
        f"{noun}/{part}.py" for noun in nouns() for part in ("__init__", "models", "views", "rules", "facts")
    ]
    modules += [f"deals/{part}.py" for part in ("api", "jobs", "forms", "cli")]
    for name, source in {**dict.fromkeys(modules, ""), **planted}.items():
        path = folder / "treaty" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
    return folder


def lint(folder: Path, contract: str) -> subprocess.CompletedProcess[str]:
    """What import-linter says about one contract in the planted house."""
    return subprocess.run(
        [
            Path(sys.executable).with_name("lint-imports"),
            "--config",
            CONFIG,
            "--contract",
            contract,
            "--no-cache",
        ],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
