"""What somebody about to reach a person has to know."""

from dataclasses import dataclass
from datetime import datetime

from treaty.people.models import Person


@dataclass(frozen=True, slots=True)
class Reached:
    """A person as who calls or writes needs it: the identity that facts are about, and what was refused since when."""

    id: int
    name: str
    anchor: int
    refused_mail_at: datetime | None
    refused_calls_at: datetime | None


def reached(person: int) -> Reached | None:
    """One person; None where there is none."""
    row = Person.objects.filter(pk=person).first()
    if row is None:
        return None
    return Reached(row.pk, row.name, row.anchor_id, row.unsubscribed_at, row.do_not_call_at)
