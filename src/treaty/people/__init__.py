"""Persons, companies, and whose identities are whose."""
