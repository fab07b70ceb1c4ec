"""The pages of people: lists, forms, and the verbs of a person's page. The person's page itself is the desk's."""

from treaty.people.views.companies import companies, company, company_edit, company_new
from treaty.people.views.lists import assign, people, tag_many
from treaty.people.views.persons import (
    edit,
    identities,
    invalidation,
    main_identity,
    new,
    owner,
    refusal,
    tag_removal,
    tags,
)

__all__ = [
    "assign",
    "companies",
    "company",
    "company_edit",
    "company_new",
    "edit",
    "identities",
    "invalidation",
    "main_identity",
    "new",
    "owner",
    "people",
    "refusal",
    "tag_many",
    "tag_removal",
    "tags",
]
