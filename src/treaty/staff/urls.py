"""The addresses of staff's pages, and which of them stand in the settings."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from treaty.kit.shell import NavItem
from treaty.staff import rules, views

app_name = "staff"

SETTINGS_PAGES = (
    NavItem(_("Your profile"), "/profile/", "person"),
    NavItem(_("Staff"), "/settings/staff/", "people", rules.MANAGE_STAFF),
    NavItem(_("Roles"), "/settings/roles/", "people", rules.MANAGE_STAFF),
    NavItem(_("Company and teams"), "/settings/teams/", "people", rules.MANAGE_STAFF),
    NavItem(_("Hours"), "/settings/hours/", "clock", rules.MANAGE_HOURS),
    NavItem(_("Keys"), "/settings/keys/", "key", rules.MANAGE_KEYS),
    NavItem(_("Audit"), "/settings/audit/", "list", rules.MANAGE_STAFF),
)
"""Staff's pages in the settings' own navigation."""

urlpatterns = [
    path("welcome/", views.welcome, name="welcome"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("profile/", views.profile, name="profile"),
    path("profile/absences/", views.own_absences, name="own_absences"),
    path("profile/absences/<int:absence_id>/withdrawal", views.own_withdrawal, name="own_withdrawal"),
    path("settings/", views.settings_home, name="settings"),
    path("settings/staff/", views.staff_list, name="staff"),
    path("settings/staff/<int:user_id>/", views.staff_member, name="member"),
    path("settings/staff/<int:user_id>/deactivation", views.deactivation, name="deactivation"),
    path("settings/invitations/", views.invitations, name="invitations"),
    path("settings/invitations/<int:invitation_id>/revocation", views.revocation, name="revocation"),
    path("settings/roles/", views.role_list, name="roles"),
    path("settings/roles/new", views.role_new, name="role_new"),
    path("settings/roles/<int:role_id>/", views.role_page, name="role"),
    path("settings/roles/<int:role_id>/removal", views.role_removal, name="role_removal"),
    path("settings/company/", views.company, name="company"),
    path("settings/teams/", views.team_list, name="teams"),
    path("settings/teams/<int:team_id>/", views.team_page, name="team"),
    path("settings/hours/", views.hours, name="hours"),
    path("settings/hours/<str:scope>/<int:scope_id>/", views.hours, name="hours_of"),
    path("settings/hours/<str:scope>/<int:scope_id>/removal", views.hours_removal, name="hours_removal"),
    path("settings/hours/user/<int:user_id>/absences", views.absences, name="absences"),
    path("settings/absences/<int:absence_id>/withdrawal", views.withdrawal, name="withdrawal"),
    path("settings/keys/", views.keys, name="keys"),
    path("settings/keys/<int:key_id>/revocation", views.key_revocation, name="key_revocation"),
    path("settings/audit/", views.audit, name="audit"),
]
