"""Who qualifies by the scores that the scoring listener handed on is who qualifies by scoring anew."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from treaty.agreements import queries as agreements
from treaty.capture.facts import FormSubmitted, MailOpened, PageSeen
from treaty.handovers.commands import qualify_listener, qualifying
from treaty.handovers.tests.factories import NOW, SINCE, buyer, world
from treaty.ledger import listeners
from treaty.ledger.commands import Entry, record, record_many
from treaty.ledger.facts import about_identity
from treaty.ledger.queries import Recorded
from treaty.people.commands import stage_listener
from treaty.people.facts import StageEntered
from treaty.people.projections import refold_listener as refold_person
from treaty.people.queries import holders, persons_of
from treaty.people.rules import Stage
from treaty.scoring import queries as scoring
from treaty.scoring.commands import adopt_model
from treaty.scoring.projections import refold_listener
from treaty.segments.rules import Predicate

pytestmark = pytest.mark.django_db

ENGAGED = Predicate.model_validate(
    {"match": {"all": [{"engagement_at_least": 12}, {"grade_in": ["D2", "D3", "C3"]}]}}
)
ASKED = Predicate.model_validate({"match": {"any": [{"did": "CallMade"}, {"engagement_at_least": 12}]}})
"""Asks about a kind of fact that brings no points, so that no handed score knows of it."""


@pytest.mark.parametrize(("definition", "is_handed"), [(ENGAGED, True), (ASKED, False)])
def test_handed_scores_judge_as_scoring_anew(definition: Predicate, *, is_handed: bool) -> None:
    cast = world(definition=definition)
    adopt_model(cast.document.scoring, version=cast.version.pk, at=SINCE)
    heard: list[Sequence[Recorded]] = []
    kinds = dict.fromkeys((FormSubmitted, PageSeen, MailOpened), (refold_listener, heard.append))
    listeners.connect(kinds)  # the fixture of this folder puts the others back
    record_many(histories(Random(7)), recorded_at=NOW)
    (batch,) = heard
    agreement = agreements.in_force(NOW)
    assert agreement is not None
    handed = scoring.handed(batch).usable(agreement.document.scoring, NOW)
    asked = dict.fromkeys(holders(batch).values(), NOW)
    assert 0 < len(handed) < len(asked)  # about some of them something lies ahead
    judged = qualifying._judged(asked, agreement, handed)
    assert judged == qualifying._judged(asked, agreement)
    assert {one.meets for one in judged} == {True, False}
    assert (
        any(one.next_change_at for one in judged) is is_handed
    )  # alone fading lets nobody begin to meet ASKED
    used = qualifying._read(asked, qualifying._definition(agreement), handed)
    assert any(used[person] is handed[person] for person in handed) is is_handed


def test_scores_as_of_another_instant_or_by_other_rules_are_not_used() -> None:
    cast = world()
    adopt_model(cast.document.scoring, version=cast.version.pk, at=SINCE)
    heard: list[Sequence[Recorded]] = []
    listeners.connect({PageSeen: (refold_listener, heard.append)})
    pia = about_identity(buyer().anchor_id)
    record_many([Entry(PageSeen(page="/pricing"), pia, NOW)], recorded_at=NOW)
    handed, spec = scoring.handed(heard[0]), cast.document.scoring
    assert set(handed.usable(spec, NOW)) == set(persons_of([pia.id]).values())
    assert not handed.usable(spec, NOW + timedelta(seconds=1))
    assert not handed.usable(spec.model_copy(update={"half_life_days": 31}), NOW)


def test_a_visit_of_a_lead_far_from_qualifying_asks_six_times() -> None:
    cast = world(definition=ENGAGED)
    adopt_model(cast.document.scoring, version=cast.version.pk, at=SINCE)
    heard = (stage_listener(Stage.LEAD), refold_listener, qualify_listener)
    listeners.connect({PageSeen: heard, StageEntered: (refold_person,)})
    pia = about_identity(buyer().anchor_id)
    record(PageSeen(page="/blog"), about=pia, at=NOW, recorded_at=NOW)
    with CaptureQueriesContext(connection) as queried:
        record(PageSeen(page="/blog"), about=pia, at=NOW, recorded_at=NOW)
    # The fact, who it is, the rules, what was done before, the score, and the agreement.
    assert len(queried) == 6


def histories(random: Random) -> list[Entry]:
    """What forty buyers did within forty days, a few of them by a clock that runs ahead."""
    entries = []
    for number in range(40):
        pia = about_identity(buyer(f"Pia {number}", title=random.choice(("Director", "Student"))).anchor_id)
        for _ in range(random.randrange(1, 9)):
            at = NOW - timedelta(minutes=random.randrange(57_600))
            facts = (PageSeen(page="/pricing"), PageSeen(page="/blog"), MailOpened(mail="winter"))
            entries.append(Entry(random.choice(facts), pia, at))
        if number % 5 == 0:
            entries.append(Entry(FormSubmitted("demo"), pia, NOW + timedelta(hours=1)))
    return entries
