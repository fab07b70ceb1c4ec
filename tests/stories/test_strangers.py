"""Cy, who sells for another team, guesses the numbers of Ann's records: no address shows or changes one."""

import pytest
from django.test import Client

from tests.stories.company import Company
from tests.stories.pages import ACTS, ELSEWHERE, PAGES, Seen, address, addresses

pytestmark = pytest.mark.django_db
RECORDS = {
    "person",
    "person_id",
    "identity",
    "handover_id",
    "deal_id",
    "job_id",
    "bulk",
    "upload",
    "import_id",
    "merge",
    "candidate",
}
"""What an address names that belongs to somebody."""


def of_records() -> list[str]:
    """The addresses that name somebody's record."""
    known = addresses()
    return sorted(name for name in {*PAGES, *ACTS, *ELSEWHERE} if RECORDS & set(known.get(name, ())))


def test_a_stranger_opens_and_changes_nothing_of_others(made: Company, client: Client) -> None:
    client.force_login(made.users["cy"])
    known, let_in = addresses(), {}
    for name in of_records():
        there = address(name, known[name], Seen(), made)
        for method in ("get", "post"):
            status = getattr(client, method)(there).status_code
            if status not in {403, 404, 405}:
                let_in[f"{method} {name}"] = status
    assert len(of_records()) > 40
    assert let_in == {}
