"""The first-run guide: the few steps from an empty installation to the first lead, each with its state."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from treaty.agreements import queries
from treaty.agreements.queries import VersionRow
from treaty.agreements.rules import State
from treaty.kit.web import page
from treaty.ledger.queries import lines_of_kinds
from treaty.staff import commands as staff_commands
from treaty.staff import queries as staff
from treaty.staff.access import needs
from treaty.staff.rules import DRAFT_AGREEMENT


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what to do, why, where, and whether it is done."""

    title: str
    why: str
    action: str
    url: str
    is_done: bool
    posts: bool = False
    """Whether its action makes something, and so is a form."""


@require_http_methods(["GET", "HEAD", "POST"])
@needs(DRAFT_AGREEMENT)
def guide(request: HttpRequest) -> HttpResponse:
    """The steps in their order; the first open one is the one to do now."""
    if request.method == "POST":
        staff_commands.finish_guide(at=timezone.now(), by=request.user.pk)
        return HttpResponseRedirect("/")
    steps = all_steps()
    current = next((step for step in steps if not step.is_done), None)
    context = {"steps": steps, "current": current, "done": sum(step.is_done for step in steps)}
    return page(request, "agreements/guide.html", context)


def all_steps() -> list[Step]:
    """Company and hours, teams and people, the agreement, its signatures, the form."""
    rows = queries.versions(timezone.now())
    return [*_ground(), _drafted(rows[0].number if rows else None), *_from_signing_on(rows)]


def _ground() -> list[Step]:
    teams = staff.teams()
    return [
        Step(
            gettext("Company and working hours"),
            gettext(
                "Clocks run only while you work: state the time zone, the shifts and the public holidays."
            ),
            gettext("Set the hours"),
            "/settings/hours/",
            staff.hours("company", 0, timezone.now()) is not None,
        ),
        _peopled({team.side for team in teams}, {team.side for team in teams if team.members}),
    ]


def _peopled(sides: set[str], manned: set[str]) -> Step:
    """Where a side has no team, one is added; else people are invited into the teams."""
    wants_team = not _both(sides)
    return Step(
        gettext("Teams and people"),
        gettext("Marketing hands over, sales takes over: each needs a team with at least one person in it."),
        gettext("Add a team") if wants_team else gettext("Invite people"),
        "/settings/teams/" if wants_team else "/settings/staff/",
        _both(manned),
    )


def _both(sides: set[str]) -> bool:
    return {"marketing", "sales"} <= sides or "both" in sides


def _drafted(number: int | None) -> Step:
    is_done = number is not None
    return Step(
        gettext("The agreement"),
        gettext("Begin with a good starter and change what your two teams see differently."),
        gettext("Open the draft") if is_done else gettext("Choose the starter"),
        reverse("agreements:version", args=[number]) if is_done else reverse("agreements:versions"),
        is_done,
        posts=not is_done,
    )


def _from_signing_on(rows: list[VersionRow]) -> list[Step]:
    return [
        Step(
            gettext("Both signatures"),
            gettext(
                "Propose the draft, then a head of each side signs it. From then on Treaty carries it out."
            ),
            gettext("Propose and sign"),
            reverse("agreements:agreement"),
            any(row.state is State.IN_FORCE for row in rows),
        ),
        Step(
            gettext("A form on your website"),
            gettext(
                "Put the form on a page: whoever sends it becomes a person, and a lead if the agreement says so."
            ),
            gettext("Copy the form"),
            "/settings/capture/",
            bool(lines_of_kinds(["FormSubmitted"], limit=1)),
        ),
    ]
