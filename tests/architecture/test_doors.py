"""Nouns enter each other by four doors; kit is open to all; the roots also mount and listen."""

import grimp
import pytest

DOORS = {"facts", "commands", "queries", "rules"}
MOUNTED = DOORS | {"api", "cli", "delivery", "jobs", "listeners", "projections", "urls", "views"}
PORCHES = {
    "staff.access",
    "staff.naming",
    "staff.telling",
    "ledger.listeners",
    "segments.wording",
    "scoring.wording",
    "fields.forms",
    "fields.rest",
    "agreements.margins",
}
"""Who may open a page, how the audit names things, what a listener looks like, predicates and scores in words, fields
of one's own in forms, what stands beside a clause: asked by every noun above, and no rows behind them."""
ROOTS = {"api", "apps", "cli", "schedule", "settings", "urls", "wiring", "wsgi"}


def unlawful(importer: str, imported: str) -> bool:
    """Whether this import enters another noun by the window."""
    ours, theirs = importer.split(".")[1:], imported.split(".")[1:]
    if not ours or not theirs or "tests" in ours or ours[0] == theirs[0] or theirs[0] in ROOTS:
        return False
    part = theirs[1] if len(theirs) > 1 else ""
    if ".".join(theirs[:2]) in PORCHES:
        return False
    if theirs[0] == "kit":
        return part == "models"
    return part not in (MOUNTED if ours[0] in ROOTS else DOORS)


def test_nouns_enter_each_other_by_their_doors() -> None:
    graph = grimp.build_graph("treaty", cache_dir=None)
    pairs = ((one, other) for one in graph.modules for other in graph.find_modules_directly_imported_by(one))
    assert sorted(f"{one} -> {other}" for one, other in pairs if unlawful(one, other)) == []


@pytest.mark.parametrize(
    ("importer", "imported", "found"),
    [
        ("treaty.deals.commands", "treaty.people.models", True),
        ("treaty.deals.commands", "treaty.people", True),
        ("treaty.deals.views", "treaty.people.forms", True),
        ("treaty.wiring", "treaty.people.models", True),
        ("treaty.deals.queries", "treaty.kit.models", True),
        ("treaty.deals.commands", "treaty.people.commands.merging", False),
        ("treaty.deals.commands", "treaty.deals.models", False),
        ("treaty.deals.commands", "treaty.kit.money", False),
        ("treaty.wiring", "treaty.people.projections", False),
        ("treaty.deals.tests.test_board", "treaty.people.tests.factories", False),
    ],
)
def test_a_planted_window_is_found(importer: str, imported: str, *, found: bool) -> None:
    assert unlawful(importer, imported) is found
