"""Addresses of retention, and how the audit tells of its rules."""

from collections.abc import Collection, Mapping

from django.urls import path
from django.utils.translation import gettext_lazy as _

from treaty.kit.shell import NavItem
from treaty.retention import queries, views, wording
from treaty.staff.naming import Audited, Thing
from treaty.staff.queries import User
from treaty.staff.rules import FORGET_PEOPLE

app_name = "retention"
SETTINGS_PAGES = (NavItem(_("Retention"), "/settings/retention/", "clock", FORGET_PEOPLE),)


def names(_user: User, ids: Collection[int]) -> Mapping[int, Thing]:
    """Rules that are on, by what they do."""
    on = queries.rules().items()
    return {
        row.pk: Thing(str(wording.NAMES[kind]), "/settings/retention/") for kind, row in on if row.pk in ids
    }


AUDITED = (
    Audited(
        "retention",
        _("Retention"),
        names,
        verbs={
            "retention_set": _("Turned a rule of retention on, or changed it"),
            "retention_ended": _("Turned a rule of retention off"),
            "retention_kept": _("Kept a rule of retention"),
        },
        fields={"kind": _("what it takes"), "months": _("months"), "taken": _("taken")},
    ),
)

urlpatterns = [
    path("settings/retention/", views.retention, name="retention"),
    path("settings/retention/<str:kind>/", views.rule, name="rule"),
    path("settings/retention/<str:kind>/end", views.ending, name="ending"),
]
