"""Files of tests lie in a folder of their own."""

from pathlib import Path
from typing import Any

import pytest

from treaty.documents import store


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    """Where the documents of a test lie."""
    settings.HOME, settings.MEDIA_ROOT = tmp_path, tmp_path / "files"
    return store.folder()
