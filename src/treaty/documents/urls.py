"""The addresses of documents, which lie under those of the records they are on; and how the audit names what was done."""

from collections.abc import Collection, Mapping

from django.urls import path
from django.utils.translation import gettext_lazy as _

from treaty.documents import queries, views
from treaty.staff.naming import Audited, Thing
from treaty.staff.queries import User

app_name = "documents"


def names(user: User, ids: Collection[int]) -> Mapping[int, Thing]:
    """Documents by name, of the records that a reader sees."""
    rows = queries.visible_documents(user).filter(pk__in=ids).values_list("pk", "name")
    return {pk: Thing(name, f"/documents/{pk}") for pk, name in rows}


AUDITED = (
    Audited(
        "document",
        _("Document"),
        names,
        verbs={
            "document_added": _("Added a document"),
            "document_removed": _("Removed a document"),
            "document_restored": _("Brought a document back"),
        },
        fields={"document": _("document")},
    ),
)

urlpatterns = [
    path("people/<int:person_id>/documents", views.of_person, name="of_person"),
    path("companies/<int:company>/documents", views.of_company, name="of_company"),
    path("deals/<int:deal_id>/documents", views.of_deal, name="of_deal"),
    path("notes/<int:note>/documents", views.of_note, name="of_note"),
    path("documents/<int:document>", views.document, name="document"),
    path("documents/<int:document>/restoration", views.restoration, name="restoration"),
]
