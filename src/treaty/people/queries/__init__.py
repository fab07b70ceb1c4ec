"""Readings of people: who may be seen, whose identities are whose, what predicates read, what the palette finds."""

from treaty.people.models import Person
from treaty.people.queries.attributes import attributes
from treaty.people.queries.candidates import held_identities, merge_survivor, merges_into, open_pairs
from treaty.people.queries.columns import list_columns, show_column
from treaty.people.queries.dossier import known_of
from treaty.people.queries.duplicates import probable, waiting
from treaty.people.queries.identities import (
    holders,
    identities_of,
    moved,
    person_ids,
    persons_at,
    persons_of,
    subjects_of,
    survivor,
)
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
    "held_identities",
    "holders",
    "identities_of",
    "is_staff",
    "known_of",
    "list_columns",
    "may_call",
    "may_write",
    "merge_survivor",
    "merges_into",
    "moved",
    "open_pairs",
    "person_ids",
    "person_page",
    "person_rows",
    "persons_at",
    "persons_of",
    "probable",
    "reachable",
    "show_column",
    "similar",
    "subjects_of",
    "survivor",
    "tag_names",
    "tagged",
    "visible_companies",
    "visible_persons",
    "waiting",
]
