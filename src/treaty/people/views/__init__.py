"""The pages of people: lists, forms, and the verbs of a person's page. The person's page itself is the desk's."""

from treaty.people.views.bin import bin_bulk, bin_page, person_bin
from treaty.people.views.companies import companies, companies_bulk, company, company_edit, company_new
from treaty.people.views.company_bin import company_bin, company_bin_bulk, company_bin_page
from treaty.people.views.consents import consents, purpose, purpose_retirement, purposes
from treaty.people.views.duplicates import (
    duplicate,
    duplicate_decision,
    duplicate_merge,
    duplicate_scan,
    duplicates,
    merge_undoing,
    merging,
    people_merging,
    split,
)
from treaty.people.views.history import company_history, history
from treaty.people.views.lists import people, people_bulk
from treaty.people.views.persons import (
    edit,
    forgetting,
    identities,
    invalidation,
    main_identity,
    new,
    owner,
    refusal,
    tag_removal,
    tags,
)
from treaty.people.views.work import job, label, work

__all__ = [
    "bin_bulk",
    "bin_page",
    "companies",
    "companies_bulk",
    "company",
    "company_bin",
    "company_bin_bulk",
    "company_bin_page",
    "company_edit",
    "company_history",
    "company_new",
    "consents",
    "duplicate",
    "duplicate_decision",
    "duplicate_merge",
    "duplicate_scan",
    "duplicates",
    "edit",
    "forgetting",
    "history",
    "identities",
    "invalidation",
    "job",
    "label",
    "main_identity",
    "merge_undoing",
    "merging",
    "new",
    "owner",
    "people",
    "people_bulk",
    "people_merging",
    "person_bin",
    "purpose",
    "purpose_retirement",
    "purposes",
    "refusal",
    "split",
    "tag_removal",
    "tags",
    "work",
]
