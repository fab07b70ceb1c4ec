"""What a segment meant before, and letting it mean that again."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from treaty.kit.spreadsheet import download
from treaty.kit.web import toast
from treaty.segments import commands, queries
from treaty.segments.queries import Followed
from treaty.segments.rules import NotAPredicate
from treaty.segments.wording import flaw_sentence, sentence
from treaty.staff.access import actor, needs
from treaty.staff.queries import may
from treaty.staff.rules import EDIT_PEOPLE, EXPORT, SEE_PEOPLE


@require_safe
@needs(SEE_PEOPLE)
def versions(request: HttpRequest, segment: int) -> HttpResponseBase:
    """Every version of what a segment means: who changed it, when."""
    known, kept = found(segment), queries.versions(segment)
    names = queries.words([one.tree for one in kept], request.user)
    rows = [(one, sentence(one.tree, names)) for one in kept]
    if request.GET.get("format") == "csv" and may(request.user, EXPORT):
        heads = [_("Version"), _("Whom it meant"), _("Since"), _("By")]
        return download("segment-versions", heads, ([one.number, said, one.at, one.by] for one, said in rows))
    rights = {"may_edit": may(request.user, EDIT_PEOPLE), "may_export": may(request.user, EXPORT)}
    return render(request, "segments/versions.html", {"segment": known, "rows": rows, **rights})


@require_POST
@needs(EDIT_PEOPLE)
def restoration(request: HttpRequest, segment: int, version: int) -> HttpResponse:
    """Let a segment mean again what it meant."""
    found(segment)
    if queries.meaning_of(segment, version) is None:
        raise Http404
    try:
        commands.restore_version(segment, version=version, at=timezone.now(), by=actor(request))
    except NotAPredicate as wrong:
        toast(request, " ".join(flaw_sentence(one.code, one.values) for one in wrong.problems), bad=True)
        return redirect("segments:versions", segment)
    toast(request, _("The segment means again what it meant in version %(version)s.") % {"version": version})
    return redirect("segments:segment", segment)


def found(segment: int) -> Followed:
    """The segment, or 404."""
    known = queries.segment(segment)
    if known is None:
        raise Http404
    return known
