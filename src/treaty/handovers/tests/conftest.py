"""What the tests of handovers share: the listeners as the whole system wires them."""

from collections.abc import Iterator

import pytest

from treaty.agreements.facts import PromiseBroken, PromiseExcused, PromiseKept
from treaty.agreements.projections import verdict_listener
from treaty.agreements.queries.versions import _signed
from treaty.capture.facts import FROM_OUTSIDE
from treaty.conversations.facts import CallMade, MeetingHeld, MessageWritten
from treaty.handovers.commands import follow_touches, qualify_listener
from treaty.handovers.facts import LeadAccepted, LeadQualified
from treaty.ledger import listeners
from treaty.ledger.tests.wires import put_back
from treaty.people.commands import stage_listener
from treaty.people.facts import OwnerAssigned, StageEntered
from treaty.people.projections import refold_listener
from treaty.people.rules import Stage
from treaty.scoring import queries as scoring


@pytest.fixture(autouse=True)
def wired() -> Iterator[None]:
    """Stages, qualifying and following; nothing else listens, whatever else the house wires."""
    for kept in (_signed, scoring._model):
        kept.cache_clear()
    with put_back():
        listeners.connect(
            dict.fromkeys(FROM_OUTSIDE, (qualify_listener,))
            | dict.fromkeys((CallMade, MeetingHeld, MessageWritten), (follow_touches,))
            | dict.fromkeys((PromiseKept, PromiseBroken, PromiseExcused), (verdict_listener,))
            | {
                LeadQualified: (stage_listener(Stage.MQL),),
                LeadAccepted: (stage_listener(Stage.SAL),),
                StageEntered: (refold_listener,),
                OwnerAssigned: (refold_listener,),
            }
        )
        yield
