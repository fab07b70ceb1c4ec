"""Addresses of mail."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from treaty.kit.shell import NavItem
from treaty.mail import views

app_name = "mail"
SETTINGS_PAGES = (NavItem(_("Mail"), "/settings/mail/", "mail", "manage_jobs"),)
urlpatterns = [
    path("settings/mail/", views.mail_page, name="mail"),
    path("settings/mail/<int:mail_id>/retry", views.retry, name="retry"),
    path("settings/mail/<int:mail_id>/discard", views.discard, name="discard"),
]
