"""The pages of duplicates: who sees which pair, what each button does, and the hint before somebody is added twice."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client

from treaty.cli import treaty
from treaty.kit import jobs
from treaty.kit.models import Job
from treaty.people import commands, queries
from treaty.people.jobs import AT_ONCE, look_for_duplicates
from treaty.people.models import Candidate, Merge, Person
from treaty.people.tests.factories import person, pia
from treaty.staff.models import User
from treaty.staff.tests import factories as staff

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def pair(owner: User | None = None, other_owner: User | None = None) -> Candidate:
    """Pia twice: the second time misspelt, and with a title of her own."""
    pia(company="Huta Wschód", title="Buyer", owner=owner)
    person(
        "Pia Kowalksa", company="Huta Wschód", title="Head of buying", emails=(), owner=other_owner or owner
    )
    while commands.Scan().step(at=AT):
        pass
    return Candidate.objects.get()


def shown(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_says_who_why_and_how_sure() -> None:
    found = pair()
    page = shown(signed_in(staff.mia()), "/people/duplicates/")
    assert "Pia Kowalska" in page
    assert "Pia Kowalksa" in page
    assert "Family names differ by a letter or two" in page
    assert f"/people/duplicates/{found.pk}/" in page


def test_a_pair_is_there_only_for_who_sees_both() -> None:
    found = pair(owner=staff.ann(), other_owner=staff.bo())
    for user, sees in ((staff.ann(), False), (staff.lea(), True), (staff.mia(), True), (staff.cy(), False)):
        client = signed_in(user)
        assert ("Pia Kowalksa" in shown(client, "/people/duplicates/")) == sees, user.name
        assert client.get(f"/people/duplicates/{found.pk}/").status_code == (200 if sees else 404)
        if not sees:
            for act in ("merge", "decision"):
                assert client.post(f"/people/duplicates/{found.pk}/{act}").status_code == 404
    assert Candidate.objects.get().state == "open"


def test_who_only_looks_on_decides_nothing() -> None:
    found = pair()
    client = signed_in(staff.user("Olga", "onlooker"))
    assert 'value="apart"' not in shown(client, f"/people/duplicates/{found.pk}/")
    for path in (f"{found.pk}/merge", f"{found.pk}/decision", "scans"):
        assert client.post(f"/people/duplicates/{path}").status_code == 403
    assert client.post("/people/merges/1").status_code == 403
    assert client.get(f"/people/{found.one_id}/split").status_code == 403


def test_what_differs_can_be_chosen_and_survives() -> None:
    found = pair()
    client = signed_in(staff.mia())
    page = shown(client, f"/people/duplicates/{found.pk}/")
    assert 'name="title" value="other"' in page
    assert 'name="company_id" value="other"' not in page
    answer = client.post(
        f"/people/duplicates/{found.pk}/merge", {"title": "other", "name": "one"}, follow=True
    )
    assert "are one person now" in answer.content.decode()
    row = Person.objects.get()
    assert (row.name, row.title) == ("Pia Kowalska", "Head of buying")


def test_the_old_address_leads_to_the_survivor_until_it_is_undone() -> None:
    found = pair()
    client = signed_in(staff.mia())
    client.post(f"/people/duplicates/{found.pk}/merge")
    survivor, merged = found.one_id, found.other_id
    answer = client.get(f"/people/{merged}/")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/people/{survivor}/")
    client.delete(f"/people/merges/{Merge.objects.get().pk}")
    assert client.get(f"/people/{merged}/").status_code == 200
    assert client.delete(f"/people/merges/{Merge.objects.get().pk}").status_code == 404


def test_an_address_of_a_person_one_may_not_see_leads_nowhere() -> None:
    found = pair(owner=staff.ann())
    signed_in(staff.mia()).post(f"/people/duplicates/{found.pk}/merge")
    assert signed_in(staff.cy()).get(f"/people/{found.other_id}/").status_code == 404
    assert signed_in(staff.cy()).delete(f"/people/merges/{Merge.objects.get().pk}").status_code == 404


@pytest.mark.parametrize("state", ["apart", "later"])
def test_a_decision_takes_the_pair_off_the_list_and_is_undone(state: str) -> None:
    found = pair()
    client = signed_in(staff.mia())
    path = f"/people/duplicates/{found.pk}/decision"
    client.post(path, {"state": state})
    assert Candidate.objects.get().state == state
    link = f'href="/people/duplicates/{found.pk}/"'
    assert link not in shown(client, "/people/duplicates/")
    assert link in shown(client, f"/people/duplicates/?state={state}")
    client.delete(path)
    assert link in shown(client, "/people/duplicates/")


def test_a_state_nobody_knows_is_no_page() -> None:
    assert signed_in(staff.mia()).get("/people/duplicates/?state=perhaps").status_code == 404


def test_a_refused_merge_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    found = pair()

    def refuse(*_arguments: object, **_more: object) -> None:
        raise commands.CannotMerge("Both are offered just now.")

    monkeypatch.setattr(commands, "merge_persons", refuse)
    answer = signed_in(staff.mia()).post(f"/people/duplicates/{found.pk}/merge", follow=True)
    assert "Both are offered just now." in answer.content.decode()


def test_a_merged_person_is_taken_out_again_and_never_shown_as_a_duplicate() -> None:
    found = pair()
    client = signed_in(staff.mia())
    client.post(f"/people/duplicates/{found.pk}/merge")
    merge = Merge.objects.get()
    assert f"/people/merges/{merge.pk}" in shown(client, f"/people/{merge.survivor}/split")
    client.post(f"/people/merges/{merge.pk}", {"apart": "1"})
    assert Person.objects.count() == 2
    while commands.Scan().step(at=AT):
        pass
    assert Candidate.objects.get().state == "apart"


def test_what_belongs_to_somebody_else_gets_a_record() -> None:
    row = pia(emails=("pia@huta.example", "jan@huta.example"))
    client = signed_in(staff.mia())
    leaving = next(pk for pk, value in queries.held_identities(row.pk) if value == "jan@huta.example")
    assert client.post(f"/people/{row.pk}/split", {"name": "Jan"}).status_code == 422
    everything = [pk for pk, _value in queries.held_identities(row.pk)]
    told: dict[str, Any] = {"name": "Jan", "identities": everything}
    assert client.post(f"/people/{row.pk}/split", told).status_code == 422
    client.post(f"/people/{row.pk}/split", {"name": "Jan", "identities": [leaving]})
    assert Person.objects.get(name="Jan").email == "jan@huta.example"


def test_who_is_probably_here_already_is_shown_before_it_is_added() -> None:
    pia(company="Huta Wschód")
    while commands.Scan().step(at=AT):
        pass
    client = signed_in(staff.mia())
    told = {"given_name": "Pia", "family_name": "Kowalksa", "company": "Huta Wschód", "stage": "lead"}
    answer = client.post("/people/new", told)
    assert answer.status_code == 422
    assert "This person is probably here already" in answer.content.decode()
    client.post("/people/new", {**told, "another": "1"})
    assert Person.objects.count() == 2


def test_the_pages_ask_a_fixed_number_of_questions(
    query_count: Callable[[str], AbstractContextManager[None]],
) -> None:
    found = pair()
    client = signed_in(staff.mia())
    for path in ("/people/duplicates/", f"/people/duplicates/{found.pk}/", f"/people/{found.one_id}/split"):
        client.get(path)
    with query_count("duplicates"):
        client.get("/people/duplicates/")
    with query_count("duplicate"):
        client.get(f"/people/duplicates/{found.pk}/")
    with query_count("split"):
        client.get(f"/people/{found.one_id}/split")
    client.get(f"/people/{found.one_id}/merging")
    with query_count("merging"):
        client.get(f"/people/{found.one_id}/merging")
    for number in range(5):
        person(f"Pia Kowalska {number}", given_name="Pia", family_name="Kowalska", city=f"C{number}")
    while commands.Scan().step(at=AT):
        pass
    assert Candidate.objects.count() > 5
    with query_count("duplicates"):
        client.get("/people/duplicates/")


def test_looking_now_is_long_work_that_one_can_watch() -> None:
    pia()
    answer = signed_in(staff.mia()).post("/people/duplicates/scans")
    job = Job.objects.get(name="find_duplicates")
    assert answer.headers["Location"].endswith(f"/jobs/{job.pk}/")


def test_the_job_looks_at_everybody_and_keeps_what_came_of_it() -> None:
    pia(company="Huta Wschód")
    person("Pia Kowalksa", company="Huta Wschód", emails=())
    job = jobs.start("find_duplicates", "Look", {}, by=None)
    assert jobs.run_next()
    row = Job.objects.get(pk=job)
    assert (row.state, row.result, row.done, row.total) == ("done", {"changes": 2, "pairs": 1}, 2, 2)


def test_a_scan_that_stops_halfway_goes_on_where_it_stood() -> None:
    for number in range(3):
        person(f"Person {number}")
    scan = commands.Scan()
    assert scan.step(at=AT, limit=2) == 2
    assert queries.waiting() == 1


def test_a_few_changes_are_looked_at_at_once_and_many_as_one_job() -> None:
    pia()
    look_for_duplicates(AT)
    assert queries.waiting() == 0
    from treaty.people.rules import PersonDraft

    drafts = [PersonDraft(name=f"Person {n}") for n in range(AT_ONCE + 1)]
    commands.add_persons(drafts, at=AT, by=None, source="import")
    look_for_duplicates(AT)
    look_for_duplicates(AT)
    assert Job.objects.filter(name="find_duplicates").count() == 1
    assert queries.waiting() == AT_ONCE + 1


def test_the_command_line_tells_the_open_pairs() -> None:
    pia(company="Huta Wschód")
    person("Pia Kowalksa", company="Huta Wschód", emails=())
    told = json.loads(CliRunner().invoke(treaty, ["people", "duplicates", "--json"]).stdout)
    assert told["found"] == 1
    assert [one["name"] for one in told["pairs"][0]["persons"]] == ["Pia Kowalska", "Pia Kowalksa"]
    said = CliRunner().invoke(treaty, ["people", "duplicates"]).stdout
    assert "Same given name" in said
