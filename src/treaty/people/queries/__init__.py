"""Readings of people: who may be seen, whose identities are whose, what predicates read, what the palette finds."""

from treaty.people.queries.attributes import attributes
from treaty.people.queries.identities import identities_of, person_ids, persons_of, subjects_of
from treaty.people.queries.persons import (
    CompanyPage,
    IdentityLine,
    Job,
    PersonPage,
    StageStep,
    channels,
    company_names,
    company_page,
    may_call,
    may_write,
    person_page,
    reachable,
    tag_names,
    visible_companies,
    visible_persons,
)
from treaty.people.queries.search import Hit, found, similar

__all__ = [
    "CompanyPage",
    "Hit",
    "IdentityLine",
    "Job",
    "PersonPage",
    "StageStep",
    "attributes",
    "channels",
    "company_names",
    "company_page",
    "found",
    "identities_of",
    "may_call",
    "may_write",
    "person_ids",
    "person_page",
    "persons_of",
    "reachable",
    "similar",
    "subjects_of",
    "tag_names",
    "visible_companies",
    "visible_persons",
]
