"""The pages' verbs for views of lists: keep one, change it, take it away, bring it back, open the list with it."""

from urllib.parse import parse_qsl, urlencode, urlsplit

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from treaty.kit import commands, queries
from treaty.kit.queries import ViewRow
from treaty.kit.shown import FORMS, PLACE
from treaty.kit.web import came_from, toast

LONGEST = 4_000
NOT_KEPT = frozenset({*PLACE, *FORMS, "view"})


class ViewForm(forms.Form):
    """A view as its form has it."""

    list = forms.SlugField(max_length=40)
    name = forms.CharField(max_length=60)
    query = forms.CharField(max_length=LONGEST, required=False)
    scope = forms.ChoiceField(choices=[(scope, scope) for scope in queries.SCOPES])
    usual = forms.BooleanField(required=False)

    def clean_query(self) -> str:
        """What of the address makes the view."""
        pairs = parse_qsl(self.cleaned_data["query"])
        return urlencode([pair for pair in pairs if pair[0] not in NOT_KEPT])

    def told(self, request: HttpRequest) -> dict[str, object]:
        """The view as its verbs take it."""
        scope = self.cleaned_data["scope"]
        team = queries.team_of(request.user)
        if scope == "team" and team is None:
            scope = "own"
        return {
            "name": self.cleaned_data["name"],
            "query": self.cleaned_data["query"],
            "scope": scope,
            "team": team,
        }


@require_POST
def views(request: HttpRequest) -> HttpResponse:
    """Keep what a list shows as a new view."""
    form, user = ViewForm(request.POST), user_id(request)
    if not form.is_valid():
        toast(request, _("A view needs a name of at most 60 letters."), bad=True)
        return HttpResponseRedirect(came_from(request, "/"))
    of = form.cleaned_data["list"]
    view = commands.save_view(of, **form.told(request), at=timezone.now(), by=user)  # type: ignore[arg-type]
    if form.cleaned_data["usual"]:
        commands.open_with(view, of=of, by=user)
    toast(request, _("The view was saved."))
    return opened(request, view, form.cleaned_data["query"])


@require_http_methods(["PUT", "DELETE"])
def view(request: HttpRequest, view: int) -> HttpResponse:
    """Change a view of one's own, or take it away."""
    known, user = offered(request, view), user_id(request)
    if not known.is_mine:
        raise PermissionDenied("somebody else's view")
    if request.method == "DELETE":
        commands.remove_view(view, at=timezone.now(), by=user)
        toast(request, _("The view was removed."), reverse("kit:view_restoration", args=[view]))
        return HttpResponseRedirect(f"{urlsplit(came_from(request, '/')).path}?view=all")
    form = ViewForm(request.POST)
    if not form.is_valid():
        toast(request, _("A view needs a name of at most 60 letters."), bad=True)
        return HttpResponseRedirect(came_from(request, "/"))
    commands.change_view(view, **form.told(request), at=timezone.now(), by=user)  # type: ignore[arg-type]
    if form.cleaned_data["usual"] != known.is_usual:
        commands.open_with(view if form.cleaned_data["usual"] else None, of=known.list, by=user)
    toast(request, _("The view was changed."))
    return opened(request, view, form.cleaned_data["query"])


@require_POST
def restoration(request: HttpRequest, view: int) -> HttpResponse:
    """Bring a removed view back."""
    if not commands.restore_view(view, at=timezone.now(), by=user_id(request)):
        raise Http404
    toast(request, _("The view is back."))
    return HttpResponseRedirect(came_from(request, "/"))


@require_http_methods(["POST", "DELETE"])
def usual(request: HttpRequest, view: int) -> HttpResponse:
    """Open the list with a view from now on, or as it comes."""
    known = offered(request, view)
    is_wanted = request.method == "POST"
    commands.open_with(view if is_wanted else None, of=known.list, by=user_id(request))
    toast(
        request,
        _("The list opens with this view from now on.") if is_wanted else _("The list opens as it comes."),
    )
    return HttpResponseRedirect(came_from(request, "/"))


@require_http_methods(["POST", "DELETE"])
def pin(request: HttpRequest, view: int) -> HttpResponse:
    """Keep a view in sight in front of the others, or put it among them again."""
    known = offered(request, view)
    if request.method == "POST":
        commands.pin_view(view, by=user_id(request))
        toast(request, _("%(view)s is pinned.") % {"view": known.name})
    else:
        commands.unpin_view(view, by=user_id(request))
        toast(request, _("%(view)s is not pinned any more.") % {"view": known.name})
    return HttpResponseRedirect(came_from(request, "/"))


def offered(request: HttpRequest, view: int) -> ViewRow:
    """The view, for whom it is offered to."""
    known = queries.view_for(view, request.user)
    if known is None:
        raise Http404
    return known


def opened(request: HttpRequest, view: int, query: str) -> HttpResponse:
    """The list with a view."""
    path = urlsplit(came_from(request, "/")).path
    return HttpResponseRedirect("?".join((path, "&".join(filter(None, (f"view={view}", query))))))


def user_id(request: HttpRequest) -> int:
    """Whose views they are."""
    if request.user.pk is None:
        raise PermissionDenied("nobody is signed in")
    return int(request.user.pk)
