"""What can be read in a file, by a program of its own that cannot do more than read it."""

import subprocess
import sys
from pathlib import Path

PATIENCE = 30
"""Seconds until a reader that hangs is ended."""
READABLE = ("pdf", "text", "docx", "xlsx", "pptx", "odt", "ods", "odp")
"""Types in which something can be read."""


def text_of(kind: str, path: Path) -> str:
    """The text of a file, as far as it can be read within the limits; empty where it cannot."""
    command = [sys.executable, "-m", "treaty.documents.reading", kind, str(path)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout.decode("utf-8", "replace").replace("\0", "") if done.returncode == 0 else ""
