"""The addresses of the desk."""

from django.urls import path

from treaty.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.today, name="today"),
    path("today/promises", views.own_promises, name="own_promises"),
    path("today/won", views.own_wins, name="own_wins"),
    path("today/channel", views.channel_leads, name="channel_leads"),
    path("people/<int:person_id>/", views.person, name="person"),
    path("people/<int:person_id>/dossier", views.dossier, name="dossier"),
    path("people/<int:person_id>/offer", views.offer, name="offer"),
    path("palette", views.palette, name="palette"),
    path("search", views.search, name="search"),
    path("touch/new", views.new_touch, name="new_touch"),
]
