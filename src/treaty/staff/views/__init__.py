"""Staff's pages: the doors strangers come in by, one's own profile, and the settings of staff."""

from treaty.staff.views.audit import audit
from treaty.staff.views.doors import invitation, too_many, welcome
from treaty.staff.views.hours import absences, hours, hours_removal, withdrawal
from treaty.staff.views.keys import key_revocation, keys
from treaty.staff.views.members import (
    deactivation,
    invitations,
    revocation,
    staff_list,
    staff_member,
)
from treaty.staff.views.profile import own_absences, own_withdrawal, profile, settings_home
from treaty.staff.views.roles import role_list, role_new, role_page, role_removal
from treaty.staff.views.teams import company, team_list, team_page

__all__ = [
    "absences",
    "audit",
    "company",
    "deactivation",
    "hours",
    "hours_removal",
    "invitation",
    "invitations",
    "key_revocation",
    "keys",
    "own_absences",
    "own_withdrawal",
    "profile",
    "revocation",
    "role_list",
    "role_new",
    "role_page",
    "role_removal",
    "settings_home",
    "staff_list",
    "staff_member",
    "team_list",
    "team_page",
    "too_many",
    "welcome",
    "withdrawal",
]
