"""Who was returned is left in peace as the reason's effect says, and the pages say so."""

from datetime import date, datetime, timedelta

import pytest

from treaty.agreements.rules import ReturnReason
from treaty.handovers import commands, projections
from treaty.handovers.commands import Refused, Why
from treaty.handovers.models import Handover
from treaty.handovers.queries import known_of, rest_of, table_row
from treaty.handovers.tests.factories import NOW, World, asks, buyer, lead, only_ann
from treaty.handovers.tests.test_pages import signed_in
from treaty.people import commands as people
from treaty.people.models import Person
from treaty.people.queries import identities_of
from treaty.people.rules import Stage
from treaty.staff.models import User

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REASONS = (
    ReturnReason(code="later", label="Later", effect="recycle", hold_days=90),
    ReturnReason(code="unfit", label="No fit this year", effect="not_a_fit", hold_days=30),
    ReturnReason(code="competitor", label="Competitor", effect="not_a_fit"),
    ReturnReason(code="wrong_data", label="Wrong address", effect="invalid_identity"),
    ReturnReason(code="duplicate", label="Known already", effect="duplicate"),
    ReturnReason(code="spam", label="Spam", effect="spam"),
)


def sent_back(
    cast: World, pia: Person, reason: str, until: datetime | None = None, wrong: int | None = None
) -> Handover:
    """Pia's lead, returned by Ann an hour after it was offered."""
    row = lead(pia)
    commands.return_lead(
        row.pk,
        reason=reason,
        note="Sells pumps.",
        hold_until=until,
        identity=wrong,
        at=NOW + HOUR,
        by=cast.ann.pk,
    )
    return row


def offers(pia: Person) -> int:
    return Handover.objects.filter(person=pia).count()


@pytest.mark.parametrize(
    ("reason", "named", "rests", "is_offered_then"),
    [
        ("later", None, 90, True),
        ("later", 7, 7, True),
        ("unfit", None, 30, True),
        ("unfit", 7, 7, True),
        ("competitor", None, 3000, False),
        ("competitor", 7, 7, True),
        ("duplicate", None, 3000, False),
        ("spam", None, 3000, False),
    ],
)
def test_who_was_returned_rests_as_long_as_the_agreement_says(
    reason: str, named: int | None, rests: int, is_offered_then: bool
) -> None:
    cast = only_ann(return_reasons=REASONS)
    pia = buyer()
    back = NOW + HOUR
    sent_back(cast, pia, reason, None if named is None else back + named * DAY)
    for at in (back + timedelta(minutes=5), back + rests * DAY - HOUR):
        asks(pia, at=at)
        assert offers(pia) == 1, at
    over = back + rests * DAY + HOUR
    asks(pia, at=over)
    assert offers(pia) == (2 if is_offered_then else 1)
    if not is_offered_then:
        assert len(commands.offer([pia.pk], at=over, by=cast.mia.pk)) == 1
    assert projections.rebuild(check=True, at=over) == 0


def test_wrong_data_waits_until_there_is_a_right_address_again() -> None:
    cast = only_ann(return_reasons=REASONS)
    pia = buyer(phones=("+48321234567",))
    mail = next(one for one in identities_of([pia.pk])[pia.pk] if one != pia.anchor_id)
    row = sent_back(cast, pia, "wrong_data", wrong=mail)
    row.refresh_from_db()
    assert row.wrong_identity_id == mail
    asks(pia, at=NOW + 2 * HOUR)
    assert offers(pia) == 1, "the address is still wrong"
    people.reinstate_identity(pia.pk, identity=mail, at=NOW + 3 * HOUR, by=cast.mia.pk)
    assert offers(pia) == 1, "a correction alone offers nobody"
    asks(pia, at=NOW + 4 * HOUR)
    assert offers(pia) == 2
    assert projections.rebuild(check=True, at=NOW + 5 * HOUR) == 0


def test_another_right_address_corrects_the_wrong_one_and_a_number_does_not() -> None:
    cast = only_ann(return_reasons=REASONS)
    pia = buyer()
    mail = next(one for one in identities_of([pia.pk])[pia.pk] if one != pia.anchor_id)
    sent_back(cast, pia, "wrong_data", wrong=mail)
    people.add_identity(pia.pk, kind="phone", value="+48321234567", at=NOW + 2 * HOUR, by=cast.mia.pk)
    asks(pia, at=NOW + 3 * HOUR)
    assert offers(pia) == 1
    people.add_identity(pia.pk, kind="email", value="pia@right.example", at=NOW + 4 * HOUR, by=cast.mia.pk)
    asks(pia, at=NOW + 5 * HOUR)
    assert offers(pia) == 2


@pytest.mark.parametrize("reason", ["wrong_data", "duplicate", "spam"])
def test_a_reason_that_leaves_nobody_in_peace_takes_no_date(reason: str) -> None:
    cast = only_ann(return_reasons=REASONS)
    pia = buyer()
    with pytest.raises(Refused) as refused:
        sent_back(cast, pia, reason, NOW + 7 * DAY, wrong=pia.anchor_id)
    assert refused.value.why is Why.TAKES_NO_DATE
    assert Handover.objects.get(person=pia).state == "offered"


def waits_for(
    cast: World, pia: Person, at: datetime, who: User | None = None
) -> tuple[str, date | None] | None:
    """What stands on Pia's page."""
    found = rest_of(who or cast.ann, pia.pk, at)
    return None if found is None else (found.waits_for, found.until and found.until.date())


def test_the_pages_say_why_somebody_is_left_in_peace_and_what_has_to_come_first() -> None:
    cast = only_ann(return_reasons=REASONS)
    later, spam, wrong = buyer("Pia"), buyer("Paul"), buyer("Pavel")
    row = sent_back(cast, later, "later")
    sent_back(cast, spam, "spam")
    sent_back(cast, wrong, "wrong_data", wrong=wrong.anchor_id)
    at = NOW + 2 * HOUR
    # 19 November and 90 days.
    assert waits_for(cast, later, at) == (
        "by the next touch that qualifies after that day",
        date(2027, 2, 17),
    )
    assert waits_for(cast, later, NOW + 91 * DAY) is None
    until = NOW + HOUR + 90 * DAY
    assert table_row(row.pk).hold_until == until, "over the API"
    assert known_of(later.pk)["handovers"][0]["hold_until"] == until, "in what the person asks for"
    assert waits_for(cast, later, at, cast.cy) is None, "Cy does not see the handover"
    assert waits_for(cast, spam, at) == ("only on purpose", None)
    assert waits_for(cast, wrong, at) == ("once there is a right address or number", None)
    client = signed_in(cast.ann)
    assert (
        "by the next touch that qualifies after that day"
        in client.get(f"/handovers/{row.pk}/").content.decode()
    )
    page = client.get(f"/people/{later.pk}/").content.decode()
    assert "Left in peace" in page
    assert "Wed 17 Feb 2027" in page or "17 Feb 2027" in page
    people.enter_stage([later.pk], Stage.CUSTOMER, at=at, cause="test", by=None)
    assert "Left in peace" not in client.get(f"/people/{later.pk}/").content.decode(), "sales has the person"


def test_the_form_says_which_reasons_take_a_date_and_refuses_one_with_the_others() -> None:
    cast = only_ann(return_reasons=REASONS)
    row = lead()
    client = signed_in(cast.ann)
    page = client.get(f"/handovers/{row.pk}/return").content.decode()
    assert "(optional; not with: Wrong address, Known already, Spam)" in page
    assert "Without a date: 30 days." in page
    assert "Without a date: offered again only on purpose." in page
    answer = client.post(f"/handovers/{row.pk}/return", {"reason": "spam", "hold_until": "2027-02-01"})
    assert answer.status_code == 422
    assert "This reason takes no date" in answer.content.decode()
