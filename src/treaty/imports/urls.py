"""The addresses of imports and exports."""

from collections.abc import Collection, Mapping

from django.urls import path
from django.utils.translation import gettext_lazy as _

from treaty.imports import queries, views
from treaty.kit.shell import NavItem
from treaty.staff.naming import Audited, Thing
from treaty.staff.queries import User

app_name = "imports"
urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/files/<str:upload>/", views.columns, name="columns"),
    path("imports/files/<str:upload>/preview/", views.preview, name="preview"),
    path("imports/jobs/<int:job_id>/", views.watch, name="watch"),
    path("imports/<int:run_id>/", views.run, name="run"),
    path("imports/<int:run_id>/repetition", views.repetition, name="repetition"),
    path("imports/<int:run_id>/undoing", views.undoing, name="undoing"),
    path("imports/<int:run_id>/rejected", views.rejected, name="rejected"),
    path("exports/", views.exports, name="exports"),
    path("exports/<str:export>/", views.exported, name="exported"),
]


def runs(_user: User, ids: Collection[int]) -> Mapping[int, Thing]:
    """Runs by the names of their files."""
    return {pk: Thing(name, f"/imports/{pk}/") for pk, name in queries.files_of_runs(ids).items()}


def exports(_user: User, _ids: Collection[int]) -> Mapping[int, Thing]:
    """Files that were written have no pages of their own."""
    return {}


AUDITED = (
    Audited(
        "import",
        _("Import"),
        runs,
        verbs={"import_undone": _("Took an import back")},
        fields={"removed": _("removed")},
    ),
    Audited(
        "export",
        _("Export"),
        exports,
        verbs={"exported": _("Wrote a file to take along")},
        fields={"form": _("form"), "rows": _("rows")},
    ),
)
SETTINGS_PAGES = (
    NavItem(_("Imports"), "/imports/", "import", "run_imports"),
    NavItem(_("Exports"), "/exports/", "download", "export"),
)
