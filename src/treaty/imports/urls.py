"""The addresses of imports."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from treaty.imports import views
from treaty.kit.shell import NavItem

app_name = "imports"
urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/<int:run_id>/rejected", views.rejected, name="rejected"),
]
SETTINGS_PAGES = (NavItem(_("Imports"), "/imports/", "import", "run_imports"),)
