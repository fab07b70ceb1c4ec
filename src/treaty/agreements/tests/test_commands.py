"""Versions by the facts they leave: drafted, proposed, signed by both, in force; or declined, or withdrawn."""

from datetime import datetime, timedelta

import pytest

from treaty.agreements import commands, queries
from treaty.agreements.commands import NotValid, Refused
from treaty.agreements.models import Version
from treaty.agreements.rules import Pool, State, Volume
from treaty.agreements.tests.factories import agreement, document, draft, proposed, sign, signed
from treaty.ledger.facts import about_version
from treaty.ledger.queries import history
from treaty.notices.models import Notice
from treaty.scoring import queries as scoring
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def kinds(version: int) -> list[str]:
    return [line.kind for line in history([about_version(version)])]


def state(version: int, at: datetime) -> State:
    return next(row.state for row in queries.versions(at) if row.id == version)


@pytest.fixture
def heads() -> tuple[int, int]:
    return staff.head_of_marketing().pk, staff.head_of_sales().pk


def test_a_version_goes_from_draft_to_in_force(now: datetime) -> None:
    made = signed(now - DAY)
    assert kinds(made) == [
        "VersionDrafted",
        "VersionProposed",
        "VersionSigned",
        "VersionSigned",
        "VersionInForce",
    ]
    assert state(made, now) is State.IN_FORCE
    current = queries.in_force(now)
    assert current is not None
    assert (current.id, current.number) == (made, 1)
    assert current.in_force_from == now - DAY + timedelta(minutes=2)


def test_nothing_is_in_force_before_the_first_beginning(now: datetime) -> None:
    signed(now)
    assert queries.in_force(now) is None


def test_a_version_in_force_is_what_persons_are_scored_by(now: datetime) -> None:
    made = agreement(now - DAY)
    model = scoring.model()
    assert model is not None
    assert (model.version, model.spec) == (made.id, made.document.scoring)


def test_a_version_begins_on_its_date(now: datetime) -> None:
    first = signed(now - DAY)
    second = signed(now, begins_at=now + 10 * DAY, volume=Volume(leads=130))
    assert state(second, now + DAY) is State.SIGNED
    assert commands.begin_due(now + 9 * DAY) == []
    assert commands.begin_due(now + 11 * DAY) == [2]
    assert commands.begin_due(now + 11 * DAY) == []
    assert (state(first, now + 11 * DAY), state(second, now + 11 * DAY)) == (State.SUPERSEDED, State.IN_FORCE)
    current = queries.in_force(now + 9 * DAY)
    assert current is not None
    assert current.id == first


def test_a_version_never_begins_before_its_last_signature(now: datetime) -> None:
    made = signed(now, begins_at=now - 5 * DAY)
    assert queries.version_by_id(made).in_force_from == now + timedelta(minutes=2)


def test_two_versions_cannot_begin_at_once(now: datetime) -> None:
    signed(now, begins_at=now + DAY)
    with pytest.raises(Refused, match="begins_with_another"):
        signed(now, begins_at=now + DAY)


def test_a_proposed_version_never_changes(now: datetime, heads: tuple[int, int]) -> None:
    made = proposed(now)
    with pytest.raises(Refused, match="not_a_draft"):
        commands.change_draft(made, document(volume=Volume(leads=1)), at=now, by=heads[0])
    with pytest.raises(Refused, match="not_a_draft"):
        commands.propose(made, at=now, by=heads[0])


def test_a_draft_that_cannot_be_carried_out_is_not_proposed(now: datetime, heads: tuple[int, int]) -> None:
    made = draft(now, pool=Pool(team=99_999))
    with pytest.raises(NotValid) as refused:
        commands.propose(made, at=now, by=heads[0])
    assert [problem.code for problem in refused.value.problems] == ["no_such_team"]
    assert state(made, now) is State.DRAFT


def test_signing_another_text_is_refused(now: datetime, heads: tuple[int, int]) -> None:
    made = proposed(now)
    with pytest.raises(Refused, match="another_text"):
        commands.sign(made, sha256="0" * 64, side="marketing", at=now, by=heads[0])


def test_a_head_cannot_sign_for_the_other_side(now: datetime, heads: tuple[int, int]) -> None:
    made = proposed(now)
    digest = Version.objects.get(pk=made).sha256
    with pytest.raises(Refused, match="not_your_side"):
        commands.sign(made, sha256=digest, side="sales", at=now, by=heads[0])


def test_a_representative_cannot_sign(now: datetime) -> None:
    made = proposed(now)
    with pytest.raises(Refused, match="may_not_sign"):
        commands.sign(
            made, sha256=Version.objects.get(pk=made).sha256, side="sales", at=now, by=staff.ann().pk
        )


def test_a_side_signs_once(now: datetime) -> None:
    made = proposed(now)
    sign(made, "sales", now)
    with pytest.raises(Refused, match="signed_already"):
        sign(made, "sales", now)


def test_one_person_cannot_be_both_sides(now: datetime) -> None:
    made, ada = proposed(now), staff.admin().pk
    digest = Version.objects.get(pk=made).sha256
    commands.sign(made, sha256=digest, side="sales", at=now, by=ada)
    with pytest.raises(Refused, match="one_person_one_side"):
        commands.sign(made, sha256=digest, side="marketing", at=now, by=ada)


def test_a_draft_cannot_be_signed(now: datetime) -> None:
    made = draft(now)
    with pytest.raises(Refused, match="not_signable"):
        sign(made, "sales", now)


def test_a_side_declines_with_a_reason(now: datetime, heads: tuple[int, int]) -> None:
    made = proposed(now)
    with pytest.raises(Refused, match="no_reason"):
        commands.decline(made, side="sales", reason=" ", at=now, by=heads[1])
    commands.decline(made, side="sales", reason="Too many leads.", at=now, by=heads[1])
    assert state(made, now) is State.DECLINED
    assert Version.objects.get(pk=made).reason == "Too many leads."
    with pytest.raises(Refused, match="not_signable"):
        sign(made, "marketing", now)


def test_a_version_can_be_withdrawn_until_both_have_signed(now: datetime, heads: tuple[int, int]) -> None:
    made = proposed(now)
    sign(made, "sales", now)
    commands.withdraw(made, at=now, by=heads[0])
    assert kinds(made)[-1] == "VersionWithdrawn"
    with pytest.raises(Refused, match="too_late"):
        commands.withdraw(signed(now), at=now, by=heads[0])


def test_a_refused_act_leaves_no_fact(now: datetime, heads: tuple[int, int]) -> None:
    made = proposed(now)
    before = kinds(made)
    with pytest.raises(Refused):
        commands.sign(made, sha256="0" * 64, side="marketing", at=now, by=heads[0])
    assert kinds(made) == before


def test_an_amendment_begins_with_what_is_in_force(now: datetime, heads: tuple[int, int]) -> None:
    signed(now - DAY, volume=Volume(leads=77))
    made = commands.amend(at=now, by=heads[0])
    assert queries.document_of(made).volume.leads == 77
    assert state(made, now) is State.DRAFT


def test_both_sides_are_told_of_a_proposal_and_everybody_of_the_beginning(
    now: datetime, heads: tuple[int, int]
) -> None:
    signed(now)
    told = {
        kind: set(Notice.objects.filter(kind=kind).values_list("user", flat=True))
        for kind in ("version_proposed", "version_in_force")
    }
    assert heads[1] in told["version_proposed"]
    assert heads[0] not in told["version_proposed"]
    assert {staff.ann().pk, staff.mia().pk, *heads} <= told["version_in_force"]


def test_a_file_comes_back_as_the_same_agreement() -> None:
    original = document()
    assert commands.import_yaml(commands.export_yaml(original)) == original


@pytest.mark.parametrize("text", ["- [", "just words", "title: x"])
def test_a_file_that_is_no_agreement_says_why(text: str) -> None:
    with pytest.raises(NotValid) as refused:
        commands.import_yaml(text)
    assert refused.value.problems


def test_asking_what_is_in_force_is_one_question(now: datetime, django_assert_num_queries: object) -> None:
    agreement(now - DAY)
    queries.in_force(now)
    with django_assert_num_queries(1):  # type: ignore[operator]
        queries.in_force(now)
