"""Addresses of the kit: probes, long work, and the views of lists."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from treaty.kit import bulk, saving, views
from treaty.kit.shell import NavItem

app_name = "kit"
SETTINGS_PAGES = (NavItem(_("Jobs"), "/settings/jobs/", "jobs", "manage_jobs"),)
urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.figures, name="metrics"),
    path("settings/jobs/", views.jobs_page, name="jobs"),
    path("jobs/<int:job_id>/", views.job_page, name="job"),
    path("jobs/<int:job_id>/progress", views.progress, name="progress"),
    path("jobs/<int:job_id>/cancellation", views.cancel, name="cancel"),
    path("jobs/<int:job_id>/retry", views.retry, name="retry"),
    path("jobs/<int:job_id>/discard", views.discard, name="discard"),
    path("bulk/<int:bulk>/", bulk.bulk_page, name="bulk"),
    path("bulk/<int:bulk>/rejected.csv", bulk.bulk_rejected, name="bulk_rejected"),
    path("bulk/<int:bulk>/undoing", bulk.bulk_undoing, name="bulk_undoing"),
    path("views/", saving.views, name="views"),
    path("views/<int:view>/", saving.view, name="view"),
    path("views/<int:view>/restoration", saving.restoration, name="view_restoration"),
    path("views/<int:view>/usual", saving.usual, name="view_usual"),
    path("views/<int:view>/pin", saving.pin, name="view_pin"),
]
