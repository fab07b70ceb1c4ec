"""The addresses of the agreement's pages."""

from django.urls import path

from treaty.agreements import views

app_name = "agreements"

urlpatterns = [
    path("agreement/", views.agreement, name="agreement"),
    path("agreement/import", views.upload, name="import"),
    path("agreement/versions/", views.new_version, name="versions"),
    path("agreement/versions/<int:number>/", views.version, name="version"),
    path("agreement/versions/<int:number>/edit", views.edit, name="edit"),
    path("agreement/versions/<int:number>/file", views.export, name="export"),
    path("agreement/versions/<int:number>/proposal", views.proposal, name="proposal"),
    path("agreement/versions/<int:number>/signature", views.signature, name="signature"),
    path("agreement/versions/<int:number>/decline", views.decline, name="decline"),
    path("agreement/versions/<int:number>/withdrawal", views.withdrawal, name="withdrawal"),
    path("guide/", views.guide, name="guide"),
]
