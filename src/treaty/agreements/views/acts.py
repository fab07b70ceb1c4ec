"""The acts of both sides on a version: propose, sign, decline, withdraw."""

from collections.abc import Callable

from allauth.account.decorators import reauthentication_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from treaty.agreements import commands, queries, refusal_wording
from treaty.agreements.forms import DeclineForm
from treaty.agreements.queries import VersionRow
from treaty.agreements.views import shown
from treaty.agreements.views.contract import one_of, open_sides
from treaty.kit.web import page, toast
from treaty.staff.access import needs
from treaty.staff.rules import DRAFT_AGREEMENT, SIGN_AGREEMENT

View = Callable[..., HttpResponse]


def just_signed_in(view: View) -> View:
    """Ask for the password again, unless that happened within the last minutes."""
    guarded: View = reauthentication_required(view)
    return guarded


@require_POST
@needs(DRAFT_AGREEMENT)
def proposal(request: HttpRequest, number: int) -> HttpResponse:
    """Propose a draft to both sides."""
    row = one_of(queries.versions(timezone.now()), number)
    return acted(
        request,
        row,
        lambda: commands.propose(row.id, at=timezone.now(), by=actor(request)),
        gettext("Version %(number)s is proposed; both sides can sign it now.") % {"number": number},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs(SIGN_AGREEMENT)
@just_signed_in
def signature(request: HttpRequest, number: int) -> HttpResponse:
    """What exactly is signed, and the signing of it; only soon after signing in again."""
    row = one_of(queries.versions(timezone.now()), number)
    side = the_side(request, row)
    if request.method != "POST":
        return page(request, "agreements/sign.html", signing_context(request, row, side))
    digest = request.POST.get("sha256", "")
    return acted(
        request,
        row,
        lambda: commands.sign(row.id, sha256=digest, side=side, at=timezone.now(), by=actor(request)),
        gettext("You signed version %(number)s.") % {"number": number},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs(SIGN_AGREEMENT)
def decline(request: HttpRequest, number: int) -> HttpResponse:
    """Decline a proposed version, with a reason."""
    row = one_of(queries.versions(timezone.now()), number)
    side = the_side(request, row)
    form = DeclineForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        context = {"row": row, "side": side, "form": form}
        return page(request, "agreements/decline.html", context, status=422 if form.is_bound else 200)
    reason = form.cleaned_data["reason"]
    return acted(
        request,
        row,
        lambda: commands.decline(row.id, side=side, reason=reason, at=timezone.now(), by=actor(request)),
        gettext("You declined version %(number)s.") % {"number": number},
    )


@require_POST
@needs(DRAFT_AGREEMENT)
def withdrawal(request: HttpRequest, number: int) -> HttpResponse:
    """Take back a version that not both sides have signed."""
    row = one_of(queries.versions(timezone.now()), number)
    return acted(
        request,
        row,
        lambda: commands.withdraw(row.id, at=timezone.now(), by=actor(request)),
        gettext("Version %(number)s is withdrawn.") % {"number": number},
    )


def actor(request: HttpRequest) -> int:
    """The id of who is signed in; every view here is for such only."""
    return int(request.user.pk or 0)


def acted(request: HttpRequest, row: VersionRow, act: Callable[[], object], done: str) -> HttpResponse:
    """Do it, say what happened, and show the version."""
    try:
        act()
    except commands.Refused as refused:
        toast(request, refusal_wording.refusal(refused.code, refused.values), bad=True)
    else:
        toast(request, done)
    return HttpResponseRedirect(reverse("agreements:version", args=[row.number]))


def the_side(request: HttpRequest, row: VersionRow) -> str:
    """The side this user acts for: the only one, or the one asked for. 404 if there is none left."""
    sides = open_sides(request, row)
    asked = request.POST.get("side") or request.GET.get("side", "")
    if asked in sides:
        return asked
    if not sides:
        raise Http404
    return sides[0]


def signing_context(request: HttpRequest, row: VersionRow, side: str) -> dict[str, object]:
    """The whole text that is signed, with its hash."""
    return {
        "row": row,
        "side": side,
        "sides": open_sides(request, row),
        "sections": shown.sections(row, shown.names_of(row.document), {}),
        "hash": shown.hash_in_groups(row.sha256),
        "other": next(iter(shown.signatures(row)), None),
    }
