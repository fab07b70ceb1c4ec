"""The files of the house as the checks see them."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TREATY = ROOT / "src" / "treaty"


def committed() -> list[Path]:
    """Every file Git keeps or would keep, without pictures and compiled catalogues."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    binary = {".png", ".woff2", ".ico", ".mo", ".gz", ".br", ".jpg", ".webp"}
    paths = (ROOT / name for name in sorted(listed.split("\0")) if name)
    return [path for path in paths if path.suffix not in binary and path.is_file()]


def python(*, tests: bool = False) -> Iterator[tuple[Path, ast.Module]]:
    """The modules of src/treaty with their syntax trees, without migrations; tests only where asked for."""
    for path in sorted(TREATY.rglob("*.py")):
        parts = path.relative_to(TREATY).parts
        if "migrations" not in parts and (tests or "tests" not in parts):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def templates() -> list[Path]:
    """Every template of ours."""
    return sorted(path for path in TREATY.rglob("templates/**/*") if path.suffix in {".html", ".txt"})


def styles() -> list[Path]:
    """Every style sheet we write (what is built from them lies in static)."""
    return sorted((ROOT / "frontend").rglob("*.css"))


def name(path: Path) -> str:
    """The path as the repository knows it."""
    return str(path.relative_to(ROOT))
