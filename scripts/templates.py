"""Writes the templates' own language in one form: tags, variables, blocks. The HTML around it stays as it was laid out.

.venv/bin/python scripts/templates.py           # rewrite
.venv/bin/python scripts/templates.py --check   # fail where one would be rewritten
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMPONENTS = "cotton"
"""These end without a line break, which the formatter would add: it would stand as a space in the middle of a sentence."""


def templates() -> list[str]:
    """Every template of ours save the components."""
    found = (ROOT / "src" / "treaty").rglob("templates/**/*.html")
    return sorted(str(path) for path in found if COMPONENTS not in path.parts)


def main(words: list[str]) -> int:
    """What the formatter says; 0 when nothing had to be done."""
    djade = Path(sys.executable).with_name("djade")
    return subprocess.run([djade, *words, *templates()], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
