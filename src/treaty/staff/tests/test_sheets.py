"""Absences and public holidays as spreadsheets."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from treaty.staff import commands
from treaty.staff.tests import factories

pytestmark = pytest.mark.django_db


def sheet(browser: Client, address: str) -> list[str]:
    """The lines of a list that is taken away."""
    lines: list[str] = browser.get(address).getvalue().decode("utf-8-sig").splitlines()
    return lines


def test_absences_and_holidays_come_as_spreadsheets(
    signed_in: Callable[[str], Client], now: datetime
) -> None:
    admin, ann = signed_in("admin"), factories.ann()
    away: dict[str, datetime] = {
        "starts_at": datetime(2026, 12, 1, tzinfo=UTC),
        "ends_at": datetime(2026, 12, 3, tzinfo=UTC),
    }
    commands.record_absence(ann.pk, **away, reason="Holiday", at=now, by=None)
    times = commands.Times("Europe/Warsaw", ((0, 480, 960),), country="PL")
    commands.set_schedule("company", 0, times=times, at=now, by=None)
    page = f"/settings/hours/user/{ann.pk}/"
    for name in ("absences", "holidays"):
        assert f'href="?format=csv&amp;list={name}" download' in admin.get(page).content.decode()
    told = sheet(admin, f"{page}?format=csv&list=absences")
    assert told == [
        "Name,From,Until,Reason",
        "Ann,2026-12-01 00:00:00+00:00,2026-12-03 00:00:00+00:00,Holiday",
    ]
    told = sheet(admin, "/settings/hours/?format=csv&list=holidays")
    # Christmas is a public holiday in Poland.
    assert told[0] == "Day,Holiday"
    assert any(line.startswith("2026-12-25,") for line in told)
    assert not admin.get("/settings/hours/?format=csv").streaming, "the company is not absent"


def test_ones_own_absences_come_as_a_spreadsheet_to_those_who_may_export(
    signed_in: Callable[[str], Client], now: datetime
) -> None:
    browser, saul = signed_in("head_of_sales"), factories.head_of_sales()
    ends = now + timedelta(days=2)
    commands.record_absence(saul.pk, starts_at=now, ends_at=ends, reason="Fair", at=now, by=None)
    link = 'href="?format=csv&amp;list=absences" download'
    assert link in browser.get("/profile/").content.decode()
    assert sheet(browser, "/profile/?format=csv&list=absences")[1].endswith(",Fair")
    type(saul.role).objects.filter(pk=saul.role_id).update(permissions=[])
    page = browser.get("/profile/?format=csv&list=absences").content.decode()
    assert "Fair" in page
    assert link not in page
