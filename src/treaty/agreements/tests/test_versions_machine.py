"""Whatever both sides do in whatever order: no gap, no overlap, and nothing proposed ever changes."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from treaty.agreements import commands, queries
from treaty.agreements.commands import Refused
from treaty.agreements.models import Version
from treaty.agreements.rules import Document, State, Volume, sha256
from treaty.agreements.tests.factories import document
from treaty.staff.tests import factories as staff

SINCE = datetime(2026, 2, 2, 8, 0, tzinfo=UTC)
PICK = st.integers(0, 3)


class Versions(RuleBasedStateMachine):
    """Two heads who draft, propose, sign, decline, withdraw and wait, as they like."""

    @initialize()
    def begin(self) -> None:
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.now = SINCE
        self.document = document()
        self.heads = {"marketing": staff.head_of_marketing().pk, "sales": staff.head_of_sales().pk}
        self.made: list[int] = []
        self.fixed: dict[int, str] = {}

    def teardown(self) -> None:
        if hasattr(self, "outer"):
            transaction.set_rollback(True)
            self.outer.__exit__(None, None, None)
            queries.versions.__globals__["_signed"].cache_clear()

    @rule(leads=st.integers(20, 90), days=st.none() | st.integers(-3, 5))
    def draft(self, leads: int, days: int | None) -> None:
        begins = None if days is None else self.now.replace(minute=0) + timedelta(days=days)
        changes = {"volume": Volume(leads=leads), "begins_at": begins}
        changed = self.document.model_copy(update=changes)
        self.made.append(commands.draft_version(changed, at=self.now, by=self.heads["marketing"]))

    @rule(place=PICK)
    def propose(self, place: int) -> None:
        self.attempt(
            place, lambda version: commands.propose(version, at=self.now, by=self.heads["marketing"])
        )

    @rule(place=PICK, side=st.sampled_from(["marketing", "sales"]))
    def sign(self, place: int, side: str) -> None:
        def act(version: int) -> None:
            digest = sha256(queries.document_of(version))
            commands.sign(version, sha256=digest, side=side, at=self.now, by=self.heads[side])

        self.attempt(place, act)

    @rule(place=PICK)
    def decline(self, place: int) -> None:
        who = self.heads["sales"]
        self.attempt(
            place, lambda version: commands.decline(version, side="sales", reason="No", at=self.now, by=who)
        )

    @rule(place=PICK)
    def withdraw(self, place: int) -> None:
        self.attempt(
            place, lambda version: commands.withdraw(version, at=self.now, by=self.heads["marketing"])
        )

    @rule(place=PICK, leads=st.integers(20, 90))
    def change(self, place: int, leads: int) -> None:
        changed = self.document.model_copy(update={"volume": Volume(leads=leads)})
        self.attempt(place, lambda version: commands.change_draft(version, changed, at=self.now, by=None))

    @rule(hours=st.integers(1, 80))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours, seconds=1)
        commands.begin_due(self.now)

    def attempt(self, place: int, act: Any) -> None:
        """Do it to one of the versions; a refusal is an answer."""
        if self.made:
            with suppress(Refused):
                act(self.made[place % len(self.made)])

    @invariant()
    def exactly_one_is_in_force_from_the_first_on(self) -> None:
        if not hasattr(self, "made"):
            return
        rows = queries.versions(self.now)
        began = [row for row in rows if row.in_force_from and row.in_force_from <= self.now]
        standing = [row for row in rows if row.state is State.IN_FORCE]
        assert len(standing) == (1 if began else 0)
        current = queries.in_force(self.now)
        assert (current.number if current else None) == (standing[0].number if standing else None)

    @invariant()
    def each_ends_where_the_next_begins(self) -> None:
        if hasattr(self, "made"):
            signed = sorted(
                (row for row in queries.versions(self.now) if row.in_force_from),
                key=lambda row: str(row.in_force_from),
            )
            for earlier, later in pairwise(signed):
                assert earlier.until == later.in_force_from
            for row in signed:
                assert row.in_force_from is not None
                assert all(row.in_force_from >= one.signed_at for one in row.signatures)
                assert {one.side for one in row.signatures} == {"marketing", "sales"}

    @invariant()
    def nothing_proposed_ever_changes(self) -> None:
        if hasattr(self, "made"):
            for row in Version.objects.exclude(state=State.DRAFT).exclude(sha256=""):
                digest = sha256(Document.model_validate(row.document))
                assert digest == row.sha256
                assert self.fixed.setdefault(row.pk, digest) == digest


@pytest.mark.django_db
@pytest.mark.slow
def test_versions_have_no_gaps_and_no_overlaps_and_never_change() -> None:
    run_state_machine_as_test(
        Versions, settings=settings(max_examples=12, stateful_step_count=25, deadline=None)
    )
