"""The addresses of imports and exports."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from treaty.imports import views
from treaty.kit.shell import NavItem

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
SETTINGS_PAGES = (
    NavItem(_("Imports"), "/imports/", "import", "run_imports"),
    NavItem(_("Exports"), "/exports/", "download", "export"),
)
