"""Addresses of the kit: probes, and long work."""

from django.urls import path

from treaty.kit import views

app_name = "kit"
urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("settings/jobs/", views.jobs_page, name="jobs"),
    path("jobs/<int:job_id>/", views.job_page, name="job"),
    path("jobs/<int:job_id>/progress", views.progress, name="progress"),
    path("jobs/<int:job_id>/cancellation", views.cancel, name="cancel"),
    path("jobs/<int:job_id>/retry", views.retry, name="retry"),
    path("jobs/<int:job_id>/discard", views.discard, name="discard"),
]
