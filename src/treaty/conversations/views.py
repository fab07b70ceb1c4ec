"""The page on which one writes a note about a person."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from treaty.conversations import commands
from treaty.conversations.forms import NoteForm
from treaty.kit.web import redirect_back, toast
from treaty.people import queries as people
from treaty.staff.access import actor, needs
from treaty.staff.queries import User
from treaty.staff.rules import LOG_CONVERSATIONS


@require_http_methods(["GET", "HEAD", "POST"])
@needs(LOG_CONVERSATIONS)
def notes(request: HttpRequest, person_id: int) -> HttpResponse:
    """Write a note about a person the user sees."""
    user = request.user
    person = people.visible_persons(user).filter(pk=person_id).first() if isinstance(user, User) else None
    if person is None:
        raise Http404
    form = NoteForm(request.POST or None)
    if form.is_valid():
        commands.write_note(person_id, text=form.cleaned_data["text"], at=timezone.now(), by=actor(request))
        toast(request, _("The note about %(person)s is kept.") % {"person": person.name})
        return redirect_back(request, f"/people/{person_id}/")
    own = f"/people/{person_id}/"
    back = request.POST.get("next") or request.headers.get("Referer") or own
    shown = {"person": person, "person_url": own, "form": form, "next": back}
    return render(request, "conversations/note.html", shown, status=422 if request.method == "POST" else 200)
