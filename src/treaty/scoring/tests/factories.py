"""A score model and scored persons for tests."""

from datetime import UTC, datetime

from treaty.people.commands import add_person
from treaty.people.queries import identities_of
from treaty.people.rules import PersonDraft
from treaty.scoring import commands
from treaty.scoring.rules import Digits, EngagementRule, FitRule, Letters, Spec
from treaty.segments.rules import Attribute, ValueTest

SINCE = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)

SPEC = Spec(
    fit=(
        FitRule(label="phone number", when=Attribute(attribute="has_phone", is_=True), points=30),
        FitRule(label="mails refused", when=Attribute(attribute="unsubscribed", is_=True), points=-20),
    ),
    engagement=(
        EngagementRule(label="form sent", did="FormSubmitted", points=50),
        EngagementRule(
            label="pricing page", did="PageSeen", where={"page": ValueTest(contains="pricing")}, points=10
        ),
    ),
    half_life_days=20,
    letters=Letters(a=50, b=30, c=10),
    digits=Digits(first=60, second=40, third=15),
)


def model(spec: Spec = SPEC) -> Spec:
    """An adopted score model."""
    commands.adopt_model(spec, version=None, at=SINCE)
    return spec


def pia() -> tuple[int, int]:
    """The buyer, with a phone, and her anchor."""
    draft = PersonDraft(name="Pia Nowak", emails=("pia@plant.example",), phones=("+48221234567",))
    person = add_person(draft, at=SINCE, by=None, source="form").person_id
    return person, identities_of([person])[person][0]
