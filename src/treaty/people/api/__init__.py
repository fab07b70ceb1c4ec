"""The REST API of persons, companies and duplicates; each file adds its addresses to one router."""

from treaty.people.api import (
    batches,
    companies,
    consents,
    duplicates,
    identities,
    persons,
    standing,
    touchpoints,
    work,
)
from treaty.people.api.door import router

__all__ = [
    "batches",
    "companies",
    "consents",
    "duplicates",
    "identities",
    "persons",
    "router",
    "standing",
    "touchpoints",
    "work",
]
