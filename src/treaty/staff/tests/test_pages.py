"""Every page of staff opens for those who may, asks a fixed number of questions, and is closed to others."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from treaty.capture.commands import FormDraft, add_form
from treaty.kit.rules.business_time import Shift
from treaty.staff import commands, queries, telling
from treaty.staff.templatetags.staff import browser as browser_name
from treaty.staff.tests import factories

pytestmark = pytest.mark.django_db

ADMINISTRATORS = (
    "/settings/staff/",
    "/settings/roles/",
    "/settings/teams/",
    "/settings/hours/",
    "/settings/keys/",
    "/settings/audit/",
)
EVERYBODY = (
    "/profile/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/sessions/",
    "/accounts/logout/",
)


@pytest.mark.parametrize("path", ADMINISTRATORS)
def test_the_settings_open_for_an_administrator_only(path: str, signed_in: Callable[[str], Client]) -> None:
    assert signed_in("admin").get(path).status_code == 200
    assert signed_in("ann").get(path).status_code == 403


@pytest.mark.parametrize("path", EVERYBODY)
def test_everybody_opens_what_is_their_own(path: str, signed_in: Callable[[str], Client]) -> None:
    answer = signed_in("ann").get(path, follow=True)
    assert answer.status_code == 200


@pytest.mark.parametrize("path", [*ADMINISTRATORS, "/profile/"])
def test_more_staff_asks_no_more_questions(path: str, signed_in: Callable[[str], Client]) -> None:
    browser = signed_in("admin")
    browser.get(path)
    counts = []
    for cast in (factories.admin, factories.ann, factories.bo, factories.cy, factories.mia, factories.lea):
        cast()
        with CaptureQueriesContext(connection) as asked:
            browser.get(path)
        counts.append(len(asked))
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 16


def test_inviting_changing_and_deactivating_by_the_forms(
    signed_in: Callable[[str], Client], settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.MAIL_URL = urlsplit("smtp://mail.example:25")
    browser, ann = signed_in("admin"), factories.ann()
    role = factories.role("marketer").pk
    sent = {"email": "zoe@x.example", "name": "Zoe", "role": role, "team": ""}
    assert browser.post("/settings/invitations/", sent).status_code == 302
    page = browser.get("/settings/staff/").content.decode()
    assert "zoe@x.example" in page
    assert "The invitation to zoe@x.example is on its way." in page
    again = browser.post("/settings/invitations/", sent | {"email": ann.email})
    assert "works here already" in again.content.decode()
    changed = {"name": "Ann", "title": "Lead", "role": role, "team": "", "manager": "", "speaks": "en, pl"}
    assert browser.post(f"/settings/staff/{ann.pk}/", changed).status_code == 302
    row = queries.staff_row(ann.pk)
    assert row is not None
    assert (row.title, row.team_id, row.role_key, row.speaks) == ("Lead", None, "marketer", ("en", "pl"))
    browser.post(f"/settings/staff/{ann.pk}/deactivation")
    assert "can no longer sign in" in browser.get("/settings/staff/").content.decode()
    browser.post(f"/settings/staff/{ann.pk}/deactivation", {"_method": "DELETE"})
    row = queries.staff_row(ann.pk)
    assert row is not None
    assert row.is_active


def test_without_a_mail_server_the_invitation_is_shown_to_be_passed_on(
    signed_in: Callable[[str], Client], settings: Settings
) -> None:
    settings.MAIL_URL = urlsplit("")
    browser, role = signed_in("admin"), factories.role("marketer").pk
    sent = {"email": "zoe@x.example", "name": "Zoe", "role": role, "team": ""}
    page = browser.post("/settings/invitations/", sent).content.decode()
    assert "is on its way" not in page
    link = re.findall(r'id="invitation-link"[^>]*>[^<]*?(/invitation/[\w-]+/)', page)[0]
    assert "Welcome to Treaty" in Client().get(link).content.decode()
    after = browser.get("/settings/staff/").content.decode()
    assert link not in after, "shown once"
    modest = factories.role("representative").pk
    assert f'<option value="{modest}" selected>' in after, "who sees all records is chosen on purpose"


@pytest.mark.parametrize("path", ["/settings/staff/", "/imports/", "/profile/"])
def test_the_rail_marks_the_settings_wherever_one_of_their_pages_lies(
    signed_in: Callable[[str], Client], path: str
) -> None:
    page = signed_in("admin").get(path).content.decode()
    assert '<a href="/settings/" aria-current="page">' in page


def test_a_language_code_that_is_none_is_named(signed_in: Callable[[str], Client]) -> None:
    browser, ann = signed_in("admin"), factories.ann()
    sent = {"name": "Ann", "role": ann.role_id, "speaks": "english"}
    assert (
        "“english” is no language code" in browser.post(f"/settings/staff/{ann.pk}/", sent).content.decode()
    )


def test_the_hours_form_takes_several_shifts_a_day_and_says_which_end_is_missing(
    signed_in: Callable[[str], Client], now: datetime
) -> None:
    browser = signed_in("admin")
    empty = {f"{part}_{day}_{place}": "" for part in ("from", "to") for day in range(7) for place in range(2)}
    sent = empty | {"zone": "Europe/Warsaw", "country": "PL", "region": "", "days_off": "2026-12-23 Party"}
    sent |= {"from_0_0": "08:00", "to_0_0": "12:00", "from_0_1": "22:00", "to_0_1": "02:00"}
    half = browser.post("/settings/hours/", sent | {"to_0_1": ""})
    assert "A shift needs its beginning and its end." in half.content.decode()
    assert browser.post("/settings/hours/", sent).status_code == 302
    calendar = queries.company_calendar(now)
    assert calendar.shifts == (Shift(0, 480, 720), Shift(0, 1320, 120))
    assert date(2026, 12, 23) in calendar.days_off
    page = browser.get("/settings/hours/").content.decode()
    assert 'name="from_0_2"' in page, "there is room for one more shift"
    assert "2026-12-23 Party" in page


def test_hours_without_any_shift_are_refused_in_words(signed_in: Callable[[str], Client]) -> None:
    empty = {f"{part}_{day}_0": "" for part in ("from", "to") for day in range(7)}
    answer = signed_in("admin").post("/settings/hours/", empty | {"zone": "UTC"})
    assert "nobody would work in the next 366 days" in answer.content.decode()


def test_an_absence_of_ones_own_counts_whole_local_days(
    signed_in: Callable[[str], Client], now: datetime
) -> None:
    browser, ann = signed_in("ann"), factories.ann()
    sent = {"absence-first": "2026-12-01", "absence-last": "2026-12-02", "absence-reason": "Holiday"}
    assert browser.post("/profile/absences/", sent).status_code == 302
    away = queries.user_calendar(ann.pk, now).absences
    assert away == ((datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 3, tzinfo=UTC)),)
    absence = queries.absences([ann.pk], now)[0].id
    assert signed_in("bo").post(f"/profile/absences/{absence}/withdrawal").status_code == 404
    browser.post(f"/profile/absences/{absence}/withdrawal")
    assert queries.user_calendar(ann.pk, now).absences == ()


def test_the_token_of_a_key_is_shown_once(signed_in: Callable[[str], Client], now: datetime) -> None:
    browser = signed_in("admin")
    page = browser.post("/settings/keys/", {"name": "site", "scopes": ["people:read"], "expires": ""})
    token = re.findall(r'id="new-token">(treaty_[\w-]+)<', page.content.decode())[0]
    owner = queries.key_owner(token, now)
    assert owner is not None
    assert token not in browser.get("/settings/keys/").content.decode()
    browser.post(f"/settings/keys/{owner.key_id}/revocation")
    assert queries.key_owner(token, now) is None


def test_the_audit_pages_on_and_filters(signed_in: Callable[[str], Client], now: datetime) -> None:
    browser, admin = signed_in("admin"), factories.admin()
    for number in range(55):
        commands.audit("set_password", about=("user", number), changes={}, by=admin.pk, at=now)
    first = browser.get("/settings/audit/?kind=user")
    assert len(first.context["rows"]) == 50
    second = browser.get(f"/settings/audit/?kind=user&before={first.context['next']}")
    assert len(second.context["rows"]) == 6, "the fifty-fifth, and Ada herself"
    assert len(browser.get(f"/settings/audit/?by={admin.pk}&before=junk").context["rows"]) == 50


def test_the_audit_names_what_it_tells_about_and_leads_there(
    signed_in: Callable[[str], Client], now: datetime
) -> None:
    browser, admin, ann = signed_in("admin"), factories.admin(), factories.ann()
    commands.change_user(ann.pk, at=now, by=admin.pk, manager=admin.pk)
    form = add_form(FormDraft("ask", "Ask for a price", [], "Thanks."), at=now, by=admin.pk)
    role = commands.add_role("Support", visibility="own", permissions=[], at=now, by=admin.pk)
    commands.delete_role(role, at=now, by=admin.pk)
    commands.invite("zoe@x.example", name="Zoe", role=ann.role_id, team=None, at=now, by=admin.pk)
    page = browser.get("/settings/audit/").content.decode()
    assert f'<a href="/settings/staff/{ann.pk}/">Ann</a>' in page
    assert f'<a href="/settings/capture/{form}/">Ask for a price</a>' in page
    assert "<td>Support " in page, "what is gone keeps the name that the audit tells"
    assert "<td>zoe@x.example " in page, "an invitation is called by its address"
    assert re.search(r"manager</span> *Ada", page)


def test_the_audit_asks_no_more_for_more_lines(signed_in: Callable[[str], Client], now: datetime) -> None:
    browser, admin = signed_in("admin"), factories.admin()
    counts = []
    for number in range(1, 8):
        add_form(FormDraft(f"ask-{number}", "Ask", [], "Thanks."), at=now, by=admin.pk)
        commands.invite(
            f"z{number}@x.example", name="Zoe", role=admin.role_id, team=None, at=now, by=admin.pk
        )
        with CaptureQueriesContext(connection) as asked:
            browser.get("/settings/audit/")
        counts.append(len(asked))
    assert len(set(counts[1:])) == 1, counts


def test_the_audit_comes_as_a_spreadsheet(signed_in: Callable[[str], Client]) -> None:
    browser = signed_in("admin")
    factories.ann()
    file = browser.get("/settings/audit/?format=csv&kind=user").getvalue().decode("utf-8-sig")
    assert file.startswith("When,Who,What,About,Name,Before and after")
    line = next(line for line in file.splitlines() if "Added a user,User,Ann," in line)
    assert "mail address: ann@kestrel.example" in line


def test_the_spreadsheet_of_the_audit_ends_with_its_oldest_line(
    signed_in: Callable[[str], Client], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, admin = signed_in("admin"), factories.admin()
    monkeypatch.setattr(telling, "PORTION", 4)
    for number in range(10):
        commands.audit("set_password", about=("user", 100 + number), changes={}, by=admin.pk, at=now)
    file = browser.get(f"/settings/audit/?format=csv&by={admin.pk}").getvalue().decode("utf-8-sig")
    told = [line.split(",")[4] for line in file.splitlines() if "password" in line]
    assert told == [str(100 + number) for number in reversed(range(10))]


def test_a_role_is_changed_by_its_form(signed_in: Callable[[str], Client]) -> None:
    browser, role = signed_in("admin"), factories.role("onlooker")
    browser.post(
        f"/settings/roles/{role.pk}/", {"visibility": "team", "permissions": ["see_people", "export"]}
    )
    changed = factories.role("onlooker")
    assert (changed.visibility, changed.permissions) == ("team", ["see_people", "export"])


def test_a_role_of_ones_own_is_added_named_given_and_deleted(signed_in: Callable[[str], Client]) -> None:
    browser, bo = signed_in("admin"), factories.bo()
    assert "Opens People, Handovers and Deals" in browser.get("/settings/roles/new").content.decode()
    sent = {"name": "Support", "visibility": "team", "permissions": ["see_people", "log_conversations"]}
    assert browser.post("/settings/roles/new", sent).status_code == 302
    role = next(one for one in queries.roles() if one.name == "Support")
    assert (role.visibility, role.permissions) == ("team", ("see_people", "log_conversations"))
    twice = browser.post("/settings/roles/new", sent | {"name": "support"})
    assert "A role of this name exists already." in twice.content.decode()
    browser.post(f"/settings/roles/{role.id}/", sent | {"name": "Care"})
    commands.change_user(bo.pk, at=factories.SINCE, by=None, role=role.id)
    assert "Bo" in browser.get(f"/settings/roles/{role.id}/").content.decode()
    kept = browser.post(f"/settings/roles/{role.id}/removal", follow=True)
    assert "People hold this role" in kept.content.decode()
    commands.change_user(bo.pk, at=factories.SINCE, by=None, role=factories.role("onlooker").pk)
    gone = browser.post(f"/settings/roles/{role.id}/removal", follow=True)
    assert "The role Care was deleted." in gone.content.decode()
    assert "Care" in browser.get("/settings/audit/?kind=role").content.decode()


def test_a_starter_role_stays_and_keeps_its_name(signed_in: Callable[[str], Client]) -> None:
    browser, role = signed_in("admin"), factories.role("onlooker")
    kept = browser.post(f"/settings/roles/{role.pk}/removal", follow=True)
    assert "Every installation has this role." in kept.content.decode()
    browser.post(f"/settings/roles/{role.pk}/", {"name": "Spy", "visibility": "own", "permissions": []})
    assert factories.role("onlooker").name == "Onlooker"
    assert browser.post("/settings/roles/4711/removal").status_code == 404


def test_roles_are_for_those_who_manage_staff(signed_in: Callable[[str], Client]) -> None:
    role = factories.role("onlooker").pk
    for path in ("/settings/roles/new", f"/settings/roles/{role}/", f"/settings/roles/{role}/removal"):
        assert signed_in("ann").post(path, {}).status_code == 403


def test_the_roles_come_as_a_spreadsheet(signed_in: Callable[[str], Client]) -> None:
    answer = signed_in("admin").get("/settings/roles/?format=csv")
    lines = answer.getvalue().decode("utf-8-sig").splitlines()
    assert lines[0] == "Role,Sees,May,Holders"
    assert 'Onlooker,All records,"See people, handovers and deals",0' in lines


def test_the_teams_come_as_a_spreadsheet(signed_in: Callable[[str], Client]) -> None:
    browser = signed_in("admin")
    assert 'href="?format=csv"' in browser.get("/settings/teams/").content.decode()
    lines = browser.get("/settings/teams/?format=csv").getvalue().decode("utf-8-sig").splitlines()
    assert lines[0] == "Team,Side,Head,Members"
    assert "Sales,Sales,,0" in lines


def test_the_members_of_a_team_come_as_a_spreadsheet(signed_in: Callable[[str], Client]) -> None:
    browser, ann = signed_in("admin"), factories.ann()
    factories.cy()
    page = f"/settings/teams/{ann.team_id}/"
    assert 'href="?format=csv"' in browser.get(page).content.decode()
    lines = browser.get(f"{page}?format=csv").getvalue().decode("utf-8-sig").splitlines()
    assert lines == ["Name,Mail address,State", "Ann,ann@kestrel.example,active"]
    role = factories.admin().role
    type(role).objects.filter(pk=role.pk).update(permissions=["manage_staff"])
    assert 'href="?format=csv"' not in browser.get(f"{page}?format=csv").content.decode()


def test_the_keys_come_as_a_spreadsheet_without_what_opens(
    signed_in: Callable[[str], Client], now: datetime
) -> None:
    owner = factories.ann().pk
    token = commands.issue_key("website", owner=owner, scopes=["people:read"], at=now, by=owner)
    file = signed_in("admin").get("/settings/keys/?format=csv").getvalue().decode("utf-8-sig")
    assert f"website,{token[:8]}" in file
    assert token not in file
    assert token[12:] not in file


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox on Android"),
        ("curl/8.9", "curl/8.9"),
        ("", "unknown browser"),
    ],
)  # fmt: skip
def test_a_browser_has_the_name_people_know(agent: str, said: str) -> None:
    assert browser_name(agent) == said


def test_the_company_and_a_team_are_named_by_their_forms(signed_in: Callable[[str], Client]) -> None:
    browser = signed_in("admin")
    browser.post("/settings/company/", {"company-name": "Kestrel Ltd", "company-currency": "pln"})
    assert queries.installation().currency == "PLN"
    wrong = browser.post("/settings/company/", {"company-name": "Kestrel Ltd", "company-currency": "XXQ"})
    assert "This currency is not known" in wrong.content.decode()
    browser.post("/settings/teams/", {"name": "Partners", "side": "sales"})
    team = next(team for team in queries.teams() if team.name == "Partners")
    browser.post(f"/settings/teams/{team.id}/", {"name": "Partner sales", "side": "both", "head": ""})
    assert any(one.name == "Partner sales" and one.side == "both" for one in queries.teams())


def test_a_number_longer_than_any_user_has_leads_nowhere(signed_in: Callable[[str], Client]) -> None:
    browser = signed_in("admin")
    assert browser.get("/settings/hours/", {"user": "7" * 5_000}).status_code == 200
    assert browser.get("/settings/hours/", {"user": "7" * 18}, follow=True).status_code == 404
