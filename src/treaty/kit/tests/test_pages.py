"""The pages of long work, and what holds for every page: parts equal wholes, toasts arrive, ways back are ours."""

import html
import json
from datetime import timedelta

import pytest
from django.test import Client, RequestFactory

from treaty.kit import commands, jobs, schedule, web
from treaty.kit.tests.factories import AT, asked
from treaty.staff.tests.factories import ann, bo, user

pytestmark = pytest.mark.django_db


def administrator(client: Client) -> Client:
    client.force_login(user("Root", "administrator"))
    return client


def dead_job() -> int:
    job_id = jobs.start("test_refuses", "Import of persons.csv", {"file": "persons.csv"}, by=None)
    claimed = commands.claim_job(at=AT)
    assert claimed is not None
    commands.fail_job(claimed, reason="The file has no head line.", attempts=0, at=AT)
    return job_id


def test_the_page_shows_dead_jobs_with_their_payload_and_reason(client: Client) -> None:
    dead_job()
    text = administrator(client).get("/settings/jobs/").content.decode()
    for shown in (
        "Import of persons.csv",
        "The file has no head line.",
        "persons.csv&quot;",
        "No worker has run yet",
    ):
        assert shown in text


def test_what_recurs_is_told_in_words_and_not_by_the_name_of_its_row(client: Client) -> None:
    works = schedule.recurring()
    commands.prepare_ticks({work.name: work.every for work in works}, at=AT)
    commands.prepare_ticks(
        {"of another version": timedelta(days=1)} | {w.name: w.every for w in works}, at=AT
    )
    text = html.unescape(administrator(client).get("/settings/jobs/").content.decode())
    assert "of another version" in text
    for work in works:
        assert str(work.title)
        assert f">{work.title}<" in text
        assert f">{work.name}<" not in text


def test_all_jobs_come_as_a_spreadsheet_without_what_they_were_asked(client: Client) -> None:
    dead_job()
    browser = administrator(client)
    assert 'href="?format=csv"' in browser.get("/settings/jobs/").content.decode()
    lines = browser.get("/settings/jobs/?format=csv").getvalue().decode("utf-8-sig").splitlines()
    assert lines[0] == "Job,State,Asked for,Attempts,Done,Ended,Why it died"
    assert lines[1].startswith("Import of persons.csv,failed,")
    assert lines[1].endswith(",The file has no head line.")
    assert len(lines) == 2


def test_only_those_who_manage_jobs_see_the_page_or_change_a_dead_job(client: Client) -> None:
    client.force_login(ann())
    job_id = dead_job()
    assert client.get("/settings/jobs/").status_code == 403
    assert client.post(f"/jobs/{job_id}/retry").status_code == 403
    assert client.post(f"/jobs/{job_id}/discard").status_code == 403


def test_a_dead_job_is_tried_again_and_the_page_says_so(client: Client) -> None:
    job_id = dead_job()
    answer = administrator(client).post(f"/jobs/{job_id}/retry", follow=True)
    assert "The job begins again." in answer.content.decode()
    assert answer.redirect_chain == [("/settings/jobs/", 302)]


def test_whoever_asked_sees_progress_and_others_do_not(client: Client) -> None:
    job_id = asked(by=ann().pk)
    client.force_login(bo())
    assert client.get(f"/jobs/{job_id}/progress").status_code == 404
    client.force_login(ann())
    assert client.get(f"/jobs/{job_id}/").status_code == 200
    claimed = commands.claim_job(at=AT)
    assert claimed is not None
    commands.report_progress(claimed, done=41_200, total=100_000, at=AT)
    text = client.get(f"/jobs/{job_id}/progress").content.decode()
    assert "41,200 of 100,000" in text
    assert '<progress value="41200" max="100000"' in text
    assert f'hx-get="/jobs/{job_id}/progress"' in text
    assert "<html" not in text
    told = client.get(f"/jobs/{job_id}/progress", headers={"Accept": "application/json"}).json()
    assert (told["state"], told["done"], told["total"]) == ("running", 41_200, 100_000)


def test_a_job_is_cancelled_by_whoever_asked_for_it(client: Client) -> None:
    job_id = asked(by=ann().pk)
    client.force_login(ann())
    assert client.post(f"/jobs/{job_id}/cancellation").status_code == 302
    assert client.get(f"/jobs/{job_id}/progress?format=json").json()["state"] == "cancelled"


def test_a_page_that_watched_a_job_loads_itself_again_at_its_end(client: Client) -> None:
    job_id = asked(by=ann().pk)
    client.force_login(ann())
    part = {"HX-Request": "true", "HX-Request-Type": "partial"}
    assert "HX-Refresh" not in client.get(f"/jobs/{job_id}/progress", headers=part)
    client.post(f"/jobs/{job_id}/cancellation")
    assert client.get(f"/jobs/{job_id}/progress", headers=part)["HX-Refresh"] == "true"


def test_a_swap_equals_a_reload(client: Client) -> None:
    dead_job()
    whole = administrator(client).get("/settings/jobs/")
    part = client.get("/settings/jobs/", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert "<html" not in part.content.decode()
    assert without_tokens(part.content.decode()) in without_tokens(whole.content.decode())
    assert "HX-Request" in whole["Vary"]


def without_tokens(text: str) -> str:
    return " ".join(line for line in text.split() if "value=" not in line)


def test_the_page_of_jobs_asks_a_fixed_number_of_questions(query_count, client: Client) -> None:  # type: ignore[no-untyped-def]
    administrator(client)
    for _ in range(3):
        dead_job()
    asked()
    client.get("/settings/jobs/")
    with query_count("jobs page"):
        client.get("/settings/jobs/")


def test_a_script_gets_the_toast_with_its_answer_and_a_whole_page_shows_it(client: Client) -> None:
    job_id = asked(by=ann().pk)
    client.force_login(ann())
    commands.cancel_job(job_id, at=AT, by=None)
    request = RequestFactory().get("/", headers={"HX-Request": "true"})
    answer = client.post(
        f"/jobs/{asked(by=ann().pk)}/cancellation", headers={"HX-Request": "true", "Referer": ""}
    )
    assert answer["HX-Redirect"].startswith("/jobs/")
    assert web.is_partial(request)
    text = client.get(answer["HX-Redirect"]).content.decode()
    assert "It stops at its next step." in text


def test_an_undo_travels_with_its_toast() -> None:
    class Message:
        extra_tags = "undo DELETE /handovers/7/acceptance"

    assert web.undo_of(Message()) == {"url": "/handovers/7/acceptance", "method": "DELETE"}
    assert json.dumps(web.undo_of(Message()))


@pytest.mark.parametrize(
    ("came_from", "goes_to"),
    [
        ("http://testserver/people/?q=a", "/people/?q=a"),
        ("https://elsewhere.example/people/", "/deals/"),
        ("javascript:alert(1)", "/deals/"),
        ("//elsewhere.example", "/deals/"),
        ("http://testserver//elsewhere.example/people/?q=a", "/elsewhere.example/people/?q=a"),
        ("http://testserver/\\elsewhere.example", "/elsewhere.example"),
        ("", "/deals/"),
    ],
)
def test_the_way_back_never_leaves_this_site(came_from: str, goes_to: str) -> None:
    request = RequestFactory().post("/", headers={"Referer": came_from})
    assert web.redirect_back(request, "/deals/")["Location"] == goes_to
