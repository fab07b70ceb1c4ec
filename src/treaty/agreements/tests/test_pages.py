"""The agreement's pages: read, draft, sign after signing in again, decline, files, first steps."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.harness.snapshots import QueryCount
from treaty.agreements import commands, queries
from treaty.agreements.rules import Pool, State, Volume
from treaty.agreements.tests.browsing import sent_by
from treaty.agreements.tests.factories import draft, proposed, sign, signed
from treaty.fields.rules import Kind
from treaty.fields.tests.factories import field
from treaty.segments.rules import parse
from treaty.staff.models import Team, User
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def client_of(user: User, *, fresh: bool = False) -> Client:
    """A browser with somebody signed in; `fresh` just a moment ago."""
    client = Client()
    client.force_login(user)
    if fresh:
        client.post("/accounts/reauthenticate/", {"password": staff.PASSWORD})
    return client


@pytest.fixture
def mara() -> Client:
    """The head of marketing, just signed in."""
    return client_of(staff.head_of_marketing(), fresh=True)


@pytest.fixture
def saul() -> Client:
    """The head of sales, just signed in."""
    return client_of(staff.head_of_sales(), fresh=True)


def state(number: int, at: datetime) -> State:
    row = queries.version_row(number, at)
    assert row is not None
    return row.state


def test_without_an_agreement_the_page_offers_the_starter(mara: Client) -> None:
    page = mara.get("/agreement/").content.decode()
    assert "There is no agreement yet" in page
    assert "Begin with the starter" in page


def test_the_contract_reads_as_numbered_sentences(now: datetime, mara: Client) -> None:
    signed(now - DAY)
    page = mara.get("/agreement/").content.decode()
    assert 'id="clause-4.2"' in page
    assert "Mara signed on" in page
    assert "in force" in page
    assert "free-mail address" in page


def test_an_onlooker_reads_and_changes_nothing(now: datetime) -> None:
    signed(now - DAY)
    client = client_of(staff.user("Olga", "onlooker"))
    page = client.get("/agreement/").content.decode()
    assert "Amend" not in page
    assert client.post("/agreement/versions/").status_code == 403
    assert client.post("/agreement/versions/1/withdrawal").status_code == 403


def test_a_swap_equals_a_reload(now: datetime, mara: Client) -> None:
    signed(now - DAY)
    whole = mara.get("/agreement/")
    again = mara.get("/agreement/versions/1/")
    assert whole.context["sections"] == again.context["sections"]


def test_the_contract_asks_a_fixed_number_of_questions(
    now: datetime, mara: Client, query_count: QueryCount
) -> None:
    signed(now - 3 * DAY)
    mara.get("/agreement/")
    with query_count("agreement"):
        mara.get("/agreement/")


def test_more_versions_ask_no_more_questions(now: datetime, mara: Client, query_count: QueryCount) -> None:
    for days in (9, 8, 7, 6):
        signed(now - days * DAY)
    mara.get("/agreement/")
    with query_count("agreement with four versions"):
        mara.get("/agreement/")


def test_the_versions_come_as_a_spreadsheet_to_those_who_may_export(now: datetime, mara: Client) -> None:
    signed(now - DAY)
    draft(now)
    for page in ("/agreement/", "/agreement/versions/1/"):
        assert 'href="?format=csv" download' in mara.get(page).content.decode()
        lines = mara.get(f"{page}?format=csv").getvalue().decode("utf-8-sig").splitlines()
        assert lines[0].startswith("Version,State,Drafted by,Drafted,Proposed,Signed for marketing by")
        assert [line.split(",")[:2] for line in lines[1:]] == [["2", "draft"], ["1", "in force"]]
        assert ",Mara," in lines[2]
    ann = client_of(staff.ann())
    assert not ann.get("/agreement/?format=csv").streaming
    assert "format=csv" not in ann.get("/agreement/").content.decode()


def test_amending_opens_a_draft(now: datetime, mara: Client) -> None:
    signed(now - DAY)
    answer = mara.post("/agreement/versions/")
    assert answer.headers["Location"] == "/agreement/versions/2/edit"
    assert state(2, now) is State.DRAFT


def form_of(client: Client, number: int) -> dict[str, Any]:
    """What the browser would send if the draft's forms were saved as they are."""
    return sent_by(client.get(f"/agreement/versions/{number}/edit").content, "draft")


def test_saving_a_draft_as_it_is_changes_nothing(now: datetime, mara: Client) -> None:
    made = draft(now)
    before = queries.document_of(made)
    answer = mara.post("/agreement/versions/1/edit", form_of(mara, 1))
    assert answer.status_code == 302
    assert queries.document_of(made) == before


def test_the_values_of_clauses_are_changed_in_plain_fields(now: datetime, mara: Client) -> None:
    made = draft(now)
    changes = {"leads": "130", "touch_B": "6", "reason-8-label": "", "reason-9-label": "Wrong country"}
    sent = (
        form_of(mara, 1)
        | changes
        | {
            "reason-9-effect": "not_a_fit",
            "reason-9-hold_days": "30",
            "reason-7-hold_days": "9",
            "engagement": "50",
            "fit-5-points": "-15",
        }
    )
    assert mara.post("/agreement/versions/1/edit", sent).status_code == 302
    document = queries.document_of(made)
    assert document.volume.leads == 130
    assert [(promise.grades, promise.hours) for promise in document.first_touch] == [
        (("A",), 2),
        (("B",), 6),
        (("C", "D"), 8),
    ]
    assert [reason.code for reason in document.return_reasons][-2:] == ["duplicate", "wrong_country"]
    assert document.return_reasons[-1].hold_days == 30
    assert document.scoring.fit[5].points == -15
    assert (
        "“We have this person already” leaves nobody in peace"
        in mara.get("/agreement/versions/1/edit").content.decode()
    )


def test_a_value_that_cannot_be_is_said_beside_its_field(now: datetime, mara: Client) -> None:
    draft(now)
    answer = mara.post("/agreement/versions/1/edit", form_of(mara, 1) | {"leads": "0"})
    assert answer.status_code == 422
    assert "leads" in answer.context["forms"].clauses.errors


def test_a_draft_says_which_clause_needs_what(now: datetime, mara: Client) -> None:
    draft(now, pool=Pool(team=staff.team("Sales").pk), volume=Volume(leads=5, of_grade_a=9))
    for address in ("/agreement/versions/1/", "/agreement/versions/1/edit"):
        page = mara.get(address).content.decode()
        assert "Nobody receives the leads" in page
        assert "9 leads of grade A are more than all 5 leads" in page
    assert "Propose to both sides" not in mara.get("/agreement/versions/1/").content.decode()


def test_the_contents_of_a_draft_lead_to_its_parts_and_say_which_needs_a_look(
    now: datetime, mara: Client
) -> None:
    draft(now, volume=Volume(leads=5, of_grade_a=9))
    page = mara.get("/agreement/versions/1/edit").content.decode()
    contents = page[page.index("data-contents") : page.index("</nav>", page.index("data-contents"))]
    parts = re.findall(r'href="#(\w+)"', contents)
    assert len(parts) == 10
    assert all(page.count(f'id="{part}"') == 1 for part in parts)
    assert re.findall(r'href="#(\w+)">[^<]*<svg class="i bad" role="img"', contents) == ["marketing"]


def test_a_proposed_version_is_not_edited(now: datetime, mara: Client) -> None:
    proposed(now)
    assert mara.get("/agreement/versions/1/edit").headers["Location"] == "/agreement/versions/1/"


def test_signing_asks_to_sign_in_again(now: datetime) -> None:
    proposed(now)
    stale = client_of(staff.head_of_sales())
    answer = stale.get("/agreement/versions/1/signature")
    assert answer.status_code == 302
    assert "/accounts/reauthenticate/" in answer.headers["Location"]
    stale.post("/agreement/versions/1/signature", {"sha256": "x", "side": "sales"})
    assert state(1, now) is State.PROPOSED


def test_both_heads_sign_what_they_were_shown(now: datetime, mara: Client, saul: Client) -> None:
    mara.post("/agreement/versions/")
    mara.post("/agreement/versions/1/proposal")
    for head, side in ((mara, "marketing"), (saul, "sales")):
        shown = head.get("/agreement/versions/1/signature")
        assert shown.context["row"].sha256 in shown.content.decode()
        digest = shown.context["row"].sha256
        head.post("/agreement/versions/1/signature", {"sha256": digest, "side": side})
    assert state(1, now) is State.IN_FORCE
    assert "Both signed exactly this text" in mara.get("/agreement/").content.decode()


def test_another_text_than_the_one_shown_is_not_signed(now: datetime, saul: Client) -> None:
    proposed(now)
    page = saul.post("/agreement/versions/1/signature", {"sha256": "0" * 64, "side": "sales"}, follow=True)
    assert "The text is not the one you were shown" in page.content.decode()
    assert state(1, now) is State.PROPOSED


def test_who_has_signed_finds_nothing_left_to_sign(now: datetime, saul: Client) -> None:
    sign(proposed(now), "sales", now)
    assert saul.get("/agreement/versions/1/signature").status_code == 404


def test_declining_needs_a_reason(now: datetime, saul: Client) -> None:
    proposed(now)
    assert saul.post("/agreement/versions/1/decline", {"reason": ""}).status_code == 422
    saul.post("/agreement/versions/1/decline", {"reason": "Sixty leads are too many."})
    assert state(1, now) is State.DECLINED
    assert "Sixty leads are too many." in saul.get("/agreement/versions/1/").content.decode()


def test_the_difference_names_clause_before_and_after(now: datetime, mara: Client) -> None:
    signed(now - DAY)
    draft(now, volume=Volume(leads=130, of_grade_a=15))
    page = mara.get("/agreement/versions/2/")
    assert [(one.number, one.before, one.after) for one in page.context["changes"]] == [
        ("3.1", "60 leads", "130 leads")
    ]
    backwards = mara.get("/agreement/versions/1/?against=2")
    assert [(one.before, one.after) for one in backwards.context["changes"]] == [("130 leads", "60 leads")]


def test_an_agreement_goes_out_and_in_as_a_file(now: datetime, mara: Client) -> None:
    signed(now - DAY)
    file = mara.get("/agreement/versions/1/file").content
    answer = mara.post("/agreement/import", {"file": SimpleUploadedFile("agreement.yaml", file)})
    assert answer.headers["Location"] == "/agreement/versions/2/edit"
    first, second = queries.version_row(1, now), queries.version_row(2, now)
    assert first is not None
    assert second is not None
    assert first.document == second.document


def test_a_file_that_is_no_agreement_is_refused_with_its_reason(mara: Client) -> None:
    answer = mara.post("/agreement/import", {"file": SimpleUploadedFile("x.yaml", b"title: Only this")})
    assert answer.status_code == 422
    assert "This is missing" in answer.content.decode()


def test_the_guide_shows_what_is_done_and_what_is_next(now: datetime, mara: Client) -> None:
    staff.team("Marketing", "marketing")
    first = mara.get("/guide/").context
    assert [step.is_done for step in first["steps"]] == [True, False, False, False, False]
    assert first["current"].url == "/settings/staff/", "both teams are there, sales has nobody in it"
    signed(now - DAY)
    second = mara.get("/guide/").context
    assert [step.is_done for step in second["steps"]] == [True, True, True, True, False]
    assert second["current"].url == "/settings/capture/"


def test_a_version_that_is_not_there_is_not_found(mara: Client) -> None:
    assert mara.get("/agreement/versions/9/").status_code == 404


def test_without_a_sales_team_the_starter_says_what_to_do(mara: Client) -> None:
    Team.objects.exclude(side="marketing").delete()
    page = mara.post("/agreement/versions/", follow=True).content.decode()
    assert "There is no sales team yet" in page
    with pytest.raises(commands.Refused):
        commands.starting_document()


def test_the_definition_calls_fields_of_ones_own_by_their_names(now: datetime, mara: Client) -> None:
    field("Plan", Kind.CHOICE)
    asks = parse({"match": {"attribute": "fields.plan", "is": "gold"}})
    draft(now, definition=asks)
    for path in ("/agreement/versions/1/", "/agreement/versions/1/edit"):
        page = mara.get(path).content.decode()
        assert "Plan is “Gold”" in page, path
        assert "fields.plan" not in re.sub(r"<[^>]*>", "", page), path
