"""Rows are added and removed by the buttons of the form itself, so that it works without scripts and loses nothing."""

import re

from django.http import QueryDict

from treaty.agreements.rows import MOST

ROWS = r"fit|act|example|example-[0-9]{1,3}-(?:attribute|touch)"
ADDED = re.compile(ROWS)
TODAY = "0"
"""Days ago, as a new row begins."""
REMOVED = re.compile(rf"(?:{ROWS})-[0-9]{{1,3}}")


def with_rows_changed(sent: QueryDict) -> tuple[QueryDict, str] | None:
    """What was sent with one row more or less, and the prefix of the new row; None where neither was asked for."""
    added, removed = sent.get("add", ""), sent.get("remove", "")
    if ADDED.fullmatch(added):
        return _added(sent.copy(), added)
    if REMOVED.fullmatch(removed):
        changed = sent.copy()
        changed[f"{removed}-DELETE"] = "on"
        return changed, ""
    return None


def _added(changed: QueryDict, rows: str) -> tuple[QueryDict, str]:
    total = _number(changed, rows)
    changed[f"{rows}-TOTAL_FORMS"] = str(min(total + 1, MOST))
    new = f"{rows}-{total}"
    if rows == "example":
        for inner in (f"{new}-attribute", f"{new}-touch"):
            changed[f"{inner}-INITIAL_FORMS"], changed[f"{inner}-TOTAL_FORMS"] = "0", "1"
        changed[f"{new}-touch-0-days_ago"] = TODAY
    if rows.endswith("-touch"):
        changed[f"{new}-days_ago"] = TODAY
    return changed, new


def _number(sent: QueryDict, rows: str) -> int:
    """How many rows of a kind were sent."""
    text = sent.get(f"{rows}-TOTAL_FORMS", "")
    return min(int(text), MOST) if text.isdecimal() and len(text) < 5 else 0
