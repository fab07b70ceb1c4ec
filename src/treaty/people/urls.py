"""The addresses of people's pages. /people/<id>/ itself is composed by the desk."""

from django.urls import path

from treaty.people import views

app_name = "people"

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/new", views.new, name="new"),
    path("people/owner", views.assign, name="assign"),
    path("people/tags", views.tag_many, name="tag_many"),
    path("people/<int:person>/edit", views.edit, name="edit"),
    path("people/<int:person>/owner", views.owner, name="owner"),
    path("people/<int:person>/identities", views.identities, name="identities"),
    path(
        "people/<int:person>/identities/<int:identity>/invalidation", views.invalidation, name="invalidation"
    ),
    path("people/<int:person>/identities/<int:identity>/main", views.main_identity, name="main_identity"),
    path("people/<int:person>/tags", views.tags, name="tags"),
    path("people/<int:person>/tags/removal", views.tag_removal, name="tag_removal"),
    path("people/<int:person>/refusals/<str:way>", views.refusal, name="refusal"),
    path("companies/", views.companies, name="companies"),
    path("companies/new", views.company_new, name="company_new"),
    path("companies/<int:company>/", views.company, name="company"),
    path("companies/<int:company>/edit", views.company_edit, name="company_edit"),
]
