"""The addresses of capture."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from treaty.capture import queries, views
from treaty.kit.shell import NavItem
from treaty.staff.naming import Audited, by_name

app_name = "capture"
urlpatterns = [
    path("f/<slug:key>", views.form, name="form"),
    path("settings/capture/", views.forms, name="forms"),
    path("settings/capture/new/", views.new_form, name="new_form"),
    path("settings/capture/<int:form_id>/", views.change_form, name="change_form"),
]
SETTINGS_PAGES = (NavItem(_("Capture"), "/settings/capture/", "capture", "manage_capture"),)
AUDITED = (
    Audited(
        "form",
        _("Form"),
        by_name(lambda _user: queries.all_forms(), "/settings/capture/{}/"),
        verbs={"add_form": _("Made a form"), "change_form": _("Changed a form")},
        fields={
            "fields": _("what it asks"),
            "consents": _("consents it asks for"),
            "channel": _("channel"),
            "thanks": _("what it says at the end"),
            "key": _("address"),
        },
    ),
)
"""How the audit tells about forms."""
