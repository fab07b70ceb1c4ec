"""The REST API of persons and companies; each file adds its addresses to one router."""

from treaty.people.api import companies, persons
from treaty.people.api.door import router

__all__ = ["companies", "persons", "router"]
