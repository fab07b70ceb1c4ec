"""The addresses of conversations; those that ask for a next step belong to deals, which stand above."""

from django.urls import path

from treaty.conversations import views

app_name = "conversations"
urlpatterns = [path("people/<int:person_id>/notes", views.notes, name="notes")]
