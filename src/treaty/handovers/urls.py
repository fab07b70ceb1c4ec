"""The pages of handovers."""

from django.urls import path

from treaty.handovers import views

app_name = "handovers"
urlpatterns = [
    path("handovers/", views.handovers, name="handovers"),
    path("handovers/table", views.table, name="table"),
    path("handovers/bulk/<str:verb>", views.bulk, name="bulk"),
    path("handovers/<int:handover_id>/", views.handover, name="handover"),
    path("handovers/<int:handover_id>/acceptance", views.acceptance, name="acceptance"),
    path("handovers/<int:handover_id>/return", views.return_page, name="return"),
    path("handovers/<int:handover_id>/owner", views.owner, name="owner"),
]
