"""Readings of people: who may be seen, whose identities are whose, what predicates read, what the palette finds."""

from treaty.people.models import Person
from treaty.people.queries.attributes import attributes
from treaty.people.queries.columns import list_columns, show_column
from treaty.people.queries.identities import identities_of, person_ids, persons_at, persons_of, subjects_of
from treaty.people.queries.persons import (
    CompanyPage,
    IdentityLine,
    Job,
    PersonPage,
    StageStep,
    channels,
    company_names,
    company_page,
    company_rows,
    is_staff,
    may_call,
    may_write,
    person_page,
    person_rows,
    reachable,
    tag_names,
    tagged,
    visible_companies,
    visible_persons,
)
from treaty.people.queries.search import Hit, found, similar

__all__ = [
    "CompanyPage",
    "Hit",
    "IdentityLine",
    "Job",
    "Person",
    "PersonPage",
    "StageStep",
    "attributes",
    "channels",
    "company_names",
    "company_page",
    "company_rows",
    "found",
    "identities_of",
    "is_staff",
    "list_columns",
    "may_call",
    "may_write",
    "person_ids",
    "person_page",
    "person_rows",
    "persons_at",
    "persons_of",
    "reachable",
    "show_column",
    "similar",
    "subjects_of",
    "tag_names",
    "tagged",
    "visible_companies",
    "visible_persons",
]
