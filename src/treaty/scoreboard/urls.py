"""Addresses of the scoreboard."""

from django.urls import path

from treaty.scoreboard import views

app_name = "scoreboard"

urlpatterns = [
    path("scoreboard/", views.scoreboard, name="scoreboard"),
    path("scoreboard/rows", views.rows, name="rows"),
    path("scoreboard/channels", views.channels, name="channels"),
    path("scoreboard/channels/rows", views.channel_rows, name="channel_rows"),
]
