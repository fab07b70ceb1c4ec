"""Addresses of fields, and how the audit names them."""

from collections.abc import Collection, Mapping

from django.urls import path
from django.utils.translation import gettext_lazy as _

from treaty.fields import queries, views
from treaty.kit.shell import NavItem
from treaty.staff.naming import Audited, Thing
from treaty.staff.queries import User
from treaty.staff.rules import MANAGE_FIELDS

app_name = "fields"
SETTINGS_PAGES = (NavItem(_("Fields"), "/settings/fields/", "tag", MANAGE_FIELDS),)


def names(_user: User, ids: Collection[int]) -> Mapping[int, Thing]:
    """Fields by name."""
    return {
        row.id: Thing(row.name, f"/settings/fields/{row.id}/")
        for row in queries.all_fields()
        if row.id in ids
    }


def named_fields() -> dict[str, str]:
    """The fields of records as the audit of those records names them."""
    return {f"{row.record}.{row.key}": row.name for row in queries.all_fields()}


AUDITED = (
    Audited(
        "field",
        _("Field"),
        names,
        verbs={
            "field_added": _("Added a field"),
            "field_changed": _("Changed a field"),
            "field_moved": _("Moved a field"),
            "field_retired": _("Retired a field"),
            "field_reinstated": _("Put a field to use again"),
            "field_options_changed": _("Changed what can be chosen"),
        },
        fields={"hint": _("hint"), "record": _("of"), "options": _("choices")},
        own=named_fields,
    ),
)

urlpatterns = [
    path("fields/records/<str:kind>", views.records, name="records"),
    path("fields/tags/<int:field>", views.tags, name="tags"),
    path("settings/fields/", views.fields, name="fields"),
    path("settings/fields/<int:field>/", views.field, name="field"),
    path("settings/fields/<int:field>/move", views.move, name="move"),
    path("settings/fields/<int:field>/retirement", views.retirement, name="retirement"),
    path("settings/fields/<int:field>/reinstatement", views.reinstatement, name="reinstatement"),
    path("settings/fields/<int:field>/options", views.options, name="options"),
    path("settings/fields/<int:field>/options/<int:option>/", views.option, name="option"),
    path(
        "settings/fields/<int:field>/options/<int:option>/retirement",
        views.option_retirement,
        name="option_retirement",
    ),
    path(
        "settings/fields/<int:field>/options/<int:option>/reinstatement",
        views.option_reinstatement,
        name="option_reinstatement",
    ),
]
