"""The addresses of the agreement's pages."""

from collections.abc import Collection

from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from treaty.agreements import queries, views
from treaty.staff.naming import Audited, Thing
from treaty.staff.queries import User

app_name = "agreements"

urlpatterns = [
    path("agreement/", views.agreement, name="agreement"),
    path("agreement/import", views.upload, name="import"),
    path("agreement/versions/", views.new_version, name="versions"),
    path("agreement/versions/<int:number>/", views.version, name="version"),
    path("agreement/versions/<int:number>/edit", views.edit, name="edit"),
    path("agreement/versions/<int:number>/file", views.export, name="export"),
    path("agreement/versions/<int:number>/proposal", views.proposal, name="proposal"),
    path("agreement/versions/<int:number>/signature", views.signature, name="signature"),
    path("agreement/versions/<int:number>/decline", views.decline, name="decline"),
    path("agreement/versions/<int:number>/withdrawal", views.withdrawal, name="withdrawal"),
    path("guide/", views.guide, name="guide"),
]


def named_versions(_user: User, _ids: Collection[int]) -> dict[int, Thing]:
    """All versions by their numbers; there are few, and everybody may read them."""
    return {
        row.id: Thing(
            gettext("Version %(number)s") % {"number": row.number}, f"/agreement/versions/{row.number}/"
        )
        for row in queries.versions(timezone.now())
    }


AUDITED = (
    Audited(
        "version",
        _("Agreement"),
        named_versions,
        verbs={"change_draft": _("Changed the draft")},
        fields={"sha256": _("contents, as SHA-256")},
    ),
)
"""How the audit tells about the agreement; who signed what stands on the agreement itself."""
