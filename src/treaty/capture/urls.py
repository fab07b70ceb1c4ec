"""The addresses of capture."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from treaty.capture import views
from treaty.kit.shell import NavItem

app_name = "capture"
urlpatterns = [
    path("f/<slug:key>", views.form, name="form"),
    path("settings/capture/", views.forms, name="forms"),
    path("settings/capture/new/", views.new_form, name="new_form"),
    path("settings/capture/<int:form_id>/", views.change_form, name="change_form"),
]
SETTINGS_PAGES = (NavItem(_("Capture"), "/settings/capture/", "capture", "manage_capture"),)
