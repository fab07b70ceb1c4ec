"""Addresses of webhooks, and how the audit names endpoints."""

from collections.abc import Collection, Mapping

from django.urls import path
from django.utils.translation import gettext_lazy as _

from treaty.kit.shell import NavItem
from treaty.staff.naming import Audited, Thing
from treaty.staff.queries import User
from treaty.staff.rules import MANAGE_KEYS
from treaty.webhooks import queries, views

app_name = "webhooks"
SETTINGS_PAGES = (NavItem(_("Webhooks"), "/settings/webhooks/", "send", MANAGE_KEYS),)


def names(_user: User, ids: Collection[int]) -> Mapping[int, Thing]:
    """Endpoints by name; who reads the audit manages the installation."""
    return {pk: Thing(name, f"/settings/webhooks/{pk}/") for pk, name in queries.endpoint_names(ids).items()}


AUDITED = (
    Audited(
        "endpoint",
        _("Endpoint"),
        names,
        verbs={
            "add_endpoint": _("Added an endpoint"),
            "change_endpoint": _("Changed an endpoint"),
            "exchange_secret": _("Exchanged the secret of an endpoint"),
            "pause_endpoint": _("Paused an endpoint"),
            "resume_endpoint": _("Resumed an endpoint"),
            "remove_endpoint": _("Removed an endpoint"),
            "send_again_since": _("Sent facts to an endpoint once more"),
        },
        fields={"url": _("address"), "kinds": _("hears of"), "since": _("since")},
    ),
)

urlpatterns = [
    path("settings/webhooks/", views.webhooks, name="webhooks"),
    path("settings/webhooks/<int:endpoint_id>/", views.endpoint, name="endpoint"),
    path("settings/webhooks/<int:endpoint_id>/secret", views.secret, name="secret"),
    path("settings/webhooks/<int:endpoint_id>/pause", views.pause, name="pause"),
    path("settings/webhooks/<int:endpoint_id>/resumption", views.resumption, name="resumption"),
    path("settings/webhooks/<int:endpoint_id>/removal", views.removal, name="removal"),
    path("settings/webhooks/<int:endpoint_id>/test", views.test, name="test"),
    path("settings/webhooks/<int:endpoint_id>/repetition", views.repetition, name="repetition"),
    path("settings/webhooks/<int:endpoint_id>/<int:delivery_id>/", views.delivery, name="delivery"),
    path("settings/webhooks/<int:endpoint_id>/<int:delivery_id>/again", views.again, name="again"),
]
