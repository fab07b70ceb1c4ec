"""A line for people is the one the library would write; what it cannot write in short goes the library's way."""

from typing import Any

import pytest

from treaty.kit.logs import at_length, in_words

SAID = {
    "timestamp": "2026-11-19T09:30:00Z",
    "level": "info",
    "event": "answered",
    "logger": "treaty.request",
}


@pytest.mark.parametrize(
    "event",
    [
        SAID | {"status": 201, "method": "POST", "milliseconds": 1.5, "route": "persons/<int:person>"},
        SAID,
        SAID | {"level": "critical", "event": "a sentence that is longer than thirty letters"},
        SAID | {"told": "a=b", "quoted": "it's", "empty": "", "nothing": None, "frames": ["a.py:1 f", "b"]},
        SAID | {"exception": "Traceback (most recent call last):\n  nowhere"},
        {"event": "begun"},
    ],
)
def test_a_line_is_as_the_library_writes_it(event: dict[str, Any]) -> None:
    assert in_words(None, "info", dict(event)) == at_length(None, "info", dict(event))
