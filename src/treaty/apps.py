"""Connects the wiring once every noun is loaded."""

from django.apps import AppConfig


class Treaty(AppConfig):
    """The installation as one Django application: it owns no rows, only the wiring."""

    name = "treaty"

    def ready(self) -> None:
        """Hand the ledger its listeners."""
        from treaty import wiring  # noqa: PLC0415  models must be loaded before the nouns' commands are imported

        wiring.connect()
