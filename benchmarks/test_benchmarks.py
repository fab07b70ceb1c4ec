"""`make bench`: every measurement as its own process, on the engine of this run; what they print is the result."""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SCRIPTS = sorted(path.name for path in HERE.glob("*.py") if "def main()" in path.read_text(encoding="utf-8"))


@pytest.mark.bench
@pytest.mark.real_time
@pytest.mark.parametrize("script", [name for name in SCRIPTS if name != Path(__file__).name])
def test_measure(script: str) -> None:
    done = subprocess.run([sys.executable, str(HERE / script)], check=False)
    assert done.returncode == 0
