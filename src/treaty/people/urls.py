"""The addresses of people's pages. /people/<id>/ itself is composed by the desk."""

from collections.abc import Collection, Mapping

from django.urls import path
from django.utils.translation import gettext_lazy as _

from treaty.kit.shell import NavItem
from treaty.people import queries, views
from treaty.staff.naming import Audited, Thing, by_name
from treaty.staff.queries import User
from treaty.staff.rules import MANAGE_CAPTURE

app_name = "people"
SETTINGS_PAGES = (NavItem(_("Consent"), "/settings/consents/", "check", MANAGE_CAPTURE),)

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/new", views.new, name="new"),
    path("people/duplicates/", views.duplicates, name="duplicates"),
    path("people/duplicates/scans", views.duplicate_scan, name="duplicate_scan"),
    path("people/duplicates/<int:candidate>/", views.duplicate, name="duplicate"),
    path("people/duplicates/<int:candidate>/merge", views.duplicate_merge, name="duplicate_merge"),
    path("people/duplicates/<int:candidate>/decision", views.duplicate_decision, name="duplicate_decision"),
    path("people/merges/<int:merge>", views.merge_undoing, name="merge_undoing"),
    path("people/merging", views.people_merging, name="people_merging"),
    path("people/<int:person>/merging", views.merging, name="merging"),
    path("people/<int:person>/split", views.split, name="split"),
    path("people/bulk/<str:verb>", views.people_bulk, name="people_bulk"),
    path("people/bin/", views.bin_page, name="bin"),
    path("people/bin/bulk/<str:verb>", views.bin_bulk, name="bin_bulk"),
    path("people/<int:person>/bin", views.person_bin, name="person_bin"),
    path("people/<int:person>/edit", views.edit, name="edit"),
    path("people/<int:person>/forgetting", views.forgetting, name="forgetting"),
    path("people/<int:person>/history", views.history, name="history"),
    path("people/<int:person>/owner", views.owner, name="owner"),
    path("people/<int:person>/identities", views.identities, name="identities"),
    path(
        "people/<int:person>/identities/<int:identity>/invalidation", views.invalidation, name="invalidation"
    ),
    path("people/<int:person>/identities/<int:identity>/main", views.main_identity, name="main_identity"),
    path("people/<int:person>/identities/<int:identity>/label", views.label, name="label"),
    path("people/<int:person>/work", views.work, name="work"),
    path("people/<int:person>/work/<int:job>", views.job, name="job"),
    path("people/<int:person>/tags", views.tags, name="tags"),
    path("people/<int:person>/tags/removal", views.tag_removal, name="tag_removal"),
    path("people/<int:person>/refusals/<str:way>", views.refusal, name="refusal"),
    path("people/<int:person>/consents", views.consents, name="consents"),
    path("settings/consents/", views.purposes, name="purposes"),
    path("settings/consents/<int:purpose>/", views.purpose, name="purpose"),
    path("settings/consents/<int:purpose>/retirement", views.purpose_retirement, name="purpose_retirement"),
    path("companies/", views.companies, name="companies"),
    path("companies/bulk/<str:verb>", views.companies_bulk, name="companies_bulk"),
    path("companies/bin/", views.company_bin_page, name="company_bins"),
    path("companies/bin/bulk/<str:verb>", views.company_bin_bulk, name="company_bin_bulk"),
    path("companies/new", views.company_new, name="company_new"),
    path("companies/<int:company>/", views.company, name="company"),
    path("companies/<int:company>/bin", views.company_bin, name="company_bin"),
    path("companies/<int:company>/edit", views.company_edit, name="company_edit"),
    path("companies/<int:company>/history", views.company_history, name="company_history"),
]


def identities(user: User, ids: Collection[int]) -> Mapping[int, Thing]:
    """Addresses, numbers and keys as they read, of persons the reader sees."""
    return {pk: Thing(value) for pk, value in queries.identity_texts(user, ids).items()}


AUDITED = (
    Audited("identity", _("Address, number or key"), identities),
    Audited(
        "person",
        _("Person"),
        by_name(queries.visible_persons, "/people/{}/"),
        verbs={
            "person_added": _("Added a person"),
            "person_changed": _("Changed a person"),
            "person_forgotten": _("Forgot a person"),
            "person_binned": _("Put a person into the bin"),
            "person_restored": _("Brought a person back from the bin"),
            "persons_merged": _("Merged another record into this one"),
            "persons_split": _("Split the record into two persons"),
            "duplicate_judged": _("Said whether two records are one person"),
            "person_tagged": _("Put tags on"),
            "person_untagged": _("Took tags off"),
            "person_OwnerAssigned": _("Assigned an owner"),
            "person_Unsubscribed": _("Noted: wants no mail"),
            "person_CallsRefused": _("Noted: wants no calls"),
            "person_ContactAllowed": _("Noted: may be written to or called again"),
            "identity_added": _("Added an address, number or key"),
            "identity_invalidated": _("Marked an address or number as wrong"),
            "identity_made_main": _("Made an address or number the main one"),
            "identity_reinstated": _("Marked an address or number as right again"),
            "identity_labelled": _("Said what an address or number is"),
            "job_added": _("Added where they work or worked"),
            "job_changed": _("Corrected where they work or worked"),
            "job_removed": _("Removed where they never worked"),
            "consent_given": _("Noted a consent"),
            "consent_withdrawn": _("Noted that a consent was withdrawn"),
        },
        fields={
            "persons": _("number of persons"),
            "tags": _("tags"),
            "cause": _("asked by"),
            "owner_id": _("owner"),
            "company_id": _("company"),
            "given_name": _("given name"),
            "family_name": _("family name"),
            "city": _("city"),
            "interest": _("interest"),
            "channel": _("channel"),
            "landing_page": _("landing page"),
            "phone": _("phone"),
            "external": _("external key"),
            "identity": _("address, number or key"),
            "purpose": _("purpose"),
            "since": _("from"),
            "until": _("until"),
            "label": _("what it is"),
        },
    ),
    Audited(
        "purpose",
        _("Purpose of consent"),
        by_name(lambda _user: queries.all_purposes(), "/settings/consents/{}/"),
        verbs={
            "purpose_added": _("Added a purpose"),
            "purpose_changed": _("Changed a purpose"),
            "purpose_retired": _("Retired a purpose"),
            "purpose_reinstated": _("Put a purpose to use again"),
        },
        fields={"version": _("version of the words")},
    ),
    Audited(
        "company",
        _("Company"),
        by_name(queries.visible_companies, "/companies/{}/"),
        verbs={
            "company_added": _("Added a company"),
            "company_changed": _("Changed a company"),
            "company_binned": _("Put a company into the bin"),
            "company_restored": _("Brought a company back from the bin"),
            "company_erased": _("Emptied a company after a month in the bin"),
        },
        fields={
            "domain": _("web domain"),
            "sector": _("sector"),
            "employees": _("employees"),
            "founded": _("founded"),
            "revenue_minor": _("yearly revenue in the smallest unit"),
            "revenue_currency": _("currency of the revenue"),
            "parent_id": _("parent company"),
        },
    ),
)
"""How the audit tells about persons and companies."""
