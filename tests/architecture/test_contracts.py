"""The house keeps its contracts, and each contract finds a planted violation."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture import planted

VIOLATIONS = {
    "shelves": {"ledger/models.py": "from treaty.deals import rules"},
    "inside": {"deals/rules.py": "from treaty.deals import facts"},
    "pure": {"kit/money.py": "import django.conf", "deals/rules.py": "import treaty.kit.money"},
    "thin": {"deals/views.py": "from treaty.deals.models import Deal", "deals/models.py": "Deal = 1"},
}


def test_the_house_keeps_every_contract(root: Path) -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("contract", VIOLATIONS)
def test_a_planted_violation_is_found(contract: str, tmp_path: Path) -> None:
    empty = planted.lint(planted.house(tmp_path / "empty", {}), contract)
    assert empty.returncode == 0, empty.stdout + empty.stderr
    broken = planted.lint(planted.house(tmp_path / "broken", VIOLATIONS[contract]), contract)
    assert broken.returncode == 1, broken.stdout + broken.stderr
    assert "BROKEN" in broken.stdout


def test_a_noun_on_no_shelf_is_found(tmp_path: Path) -> None:
    broken = planted.lint(planted.house(tmp_path, {"gossip/__init__.py": ""}), "shelves")
    assert broken.returncode == 1
    assert "gossip" in broken.stdout


def test_siblings_do_not_import_each_other(tmp_path: Path) -> None:
    broken = planted.lint(
        planted.house(tmp_path, {"capture/views.py": "from treaty.mail import rules"}), "shelves"
    )
    assert broken.returncode == 1
    assert "capture" in broken.stdout


def test_every_noun_is_looked_into(root: Path) -> None:
    inside = (root / ".importlinter").read_text(encoding="utf-8")
    assert [noun for noun in planted.nouns() if f"    treaty.{noun}\n" not in inside] == []
