"""The addresses of conversations; those that ask for a next step belong to deals, which stand above."""

from collections.abc import Collection, Mapping

from django.urls import path
from django.utils.translation import gettext_lazy as _

from treaty.conversations import queries, views
from treaty.staff.naming import Audited, Thing
from treaty.staff.queries import User

app_name = "conversations"


def notes(user: User, ids: Collection[int]) -> Mapping[int, Thing]:
    """Notes by how they begin, as far as a reader sees them."""
    return {pk: Thing(name, f"/notes/{pk}/") for pk, name in queries.notes_called(user, ids).items()}


AUDITED = (Audited("note", _("Note"), notes),)
"""How the audit tells about notes: what was put onto them."""
urlpatterns = [
    path("notes/<int:note>/", views.note, name="note"),
    path("notes/<int:note>/bin", views.note_bin, name="note_bin"),
    path("people/bin/notes/", views.bin_page, name="bins"),
    path("people/bin/notes/bulk/<str:verb>", views.bin_bulk, name="bin_bulk"),
]
