"""Whoever adds and removes documents is killed at random moments: every row has its bytes, and what was told is there."""

import time
from functools import partial
from pathlib import Path
from random import Random

import pytest

from tests.faults.conftest import ROUNDS, SEED
from tests.faults.killing import end
from treaty.kit.tests.installation import Installation, as_json, installation, until

pytestmark = [pytest.mark.faults, pytest.mark.slow]

BEGUN = """
import django; django.setup()
from django.utils import timezone
from treaty.people.commands import add_person
from treaty.people.rules import PersonDraft
print(add_person(PersonDraft(name="Pia"), at=timezone.now(), by=None, source="hand").person_id)
"""
WRITING = """
import sys
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from treaty.documents import commands
from treaty.documents.models import Document
for turn in range(1_000_000):
    at, content = timezone.now(), f"{sys.argv[1]} {turn // 2}".encode() * 2_000
    added = commands.add_document("person", int(sys.argv[2]), name=f"{turn}.txt", chunks=[content], at=at, by=None)
    print("added", added.id, flush=True)
    if turn % 5 == 4:
        old = at - timedelta(days=40)
        commands.remove_document(added.id, at=old, by=None)
        print("removed", added.id, flush=True)
        commands.sweep(at)
"""
ASKED = """
import json
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from treaty.documents import commands, queries, store
from treaty.documents.models import Content, Document
commands.sweep(timezone.now() + timedelta(days=2))
print(json.dumps({
    "rows": list(Document.objects.order_by("pk").values_list("pk", flat=True)),
    "missing": queries.missing(),
    "left": len(set(store.digests()) ^ set(Content.objects.values_list("digest", flat=True))),
    "unfinished": len(list((store.folder() / "incoming").glob("*"))),
}))
"""


def told(log: str, word: str) -> set[int]:
    """The documents of which somebody was told that they were added, or removed."""
    pairs = (line.split() for line in log.splitlines() if line.startswith(f"{word} "))
    return {int(pair[1]) for pair in pairs if len(pair) == 2}


def has_added_more(place: Installation, than: int) -> bool:
    """Whether the writer of a round is at work."""
    return len(told(place.logs(), "added")) > than


def test_no_row_is_without_its_bytes_and_nothing_that_was_told_is_lost(tmp_path: Path) -> None:
    chance = Random(SEED)
    with installation(tmp_path / "home") as place:
        begun = place.start("-c", BEGUN)
        assert begun.wait() == 0
        person = place.logs().split()[-1]
        in_hand: set[int] = set()
        for number in range(ROUNDS):
            before = len(told(place.logs(), "added"))
            writer = place.start("-c", WRITING, str(number), person)
            until(partial(has_added_more, place, before))
            time.sleep(chance.uniform(0, 1.5))
            end(writer)
            asked = place.start("-c", ASKED)
            assert asked.wait() == 0, place.logs()
            found = as_json((place.home / f"log-{len(place.running) - 1}.txt").read_text().splitlines()[-1])
            added, removed = told(place.logs(), "added"), told(place.logs(), "removed")
            assert found["missing"] == 0
            # The one in hand when it was killed may be removed with nobody told so, and stays so in later rounds.
            in_hand.add(max(added))
            assert added - removed - set(found["rows"]) <= in_hand
            assert not removed & set(found["rows"])
            assert (found["left"], found["unfinished"]) == (0, 0)
