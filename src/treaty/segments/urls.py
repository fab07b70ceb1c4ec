"""The addresses of segments' pages, and what the audit calls them."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from treaty.segments import queries, views
from treaty.staff.naming import Audited, by_name

app_name = "segments"

urlpatterns = [
    path("segments/", views.segments, name="segments"),
    path("segments/new/", views.new, name="new"),
    path("segments/count", views.count, name="count"),
    path("segments/<int:segment>/", views.segment, name="segment"),
    path("segments/<int:segment>/edit/", views.change, name="change"),
    path("segments/<int:segment>/removal", views.removal, name="removal"),
    path("segments/<int:segment>/versions/", views.versions, name="versions"),
    path("segments/<int:segment>/versions/<int:version>/restoration", views.restoration, name="restoration"),
]
AUDITED = (
    Audited(
        "segment",
        _("Segment"),
        by_name(lambda _user: queries.listed(), "/segments/{}/"),
        verbs={
            "segment_added": _("Added a segment"),
            "segment_changed": _("Changed a segment"),
            "segment_removed": _("Removed a segment"),
        },
        fields={"name": _("name"), "predicate": _("whom it means")},
    ),
)
