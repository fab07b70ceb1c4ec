"""Addresses of notices."""

from django.urls import path

from treaty.notices import views

app_name = "notices"
urlpatterns = [
    path("notices/", views.notices_page, name="notices"),
    path("notices/reading", views.read_all, name="read_all"),
    path("notices/<int:notice_id>/reading", views.open_notice, name="open"),
]
