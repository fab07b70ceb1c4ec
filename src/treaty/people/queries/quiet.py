"""Who has not been touched for long: what retention asks before it lets somebody be forgotten."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from treaty.ledger.facts import KINDS, SubjectKind
from treaty.ledger.queries import lines_about
from treaty.people.models import Person, PersonIdentity
from treaty.people.queries.bin import binned_persons
from treaty.people.rules import Stage

BOUGHT = (Stage.CUSTOMER.value, Stage.PAST_CUSTOMER.value)


def quiet_persons(*, before: datetime, after: int, limit: int) -> list[int]:
    """Persons from behind an id on who were added before a time and left alone since: no touch, and nothing that staff did.

    Whoever bought is never among them, nor who is forgotten or in the bin.
    """
    touches = [name for name, kind in KINDS.items() if kind.is_touch]
    theirs = PersonIdentity.objects.filter(person=OuterRef(OuterRef("pk"))).values("identity")
    happened = Q(kind__in=touches) | Q(by__isnull=False)
    since = lines_about(
        Q(subject_kind=SubjectKind.IDENTITY.value, subject_id__in=theirs, occurred_at__gte=before) & happened
    )
    rows = Person.objects.filter(pk__gt=after, forgotten_at=None, created_at__lt=before).exclude(
        stage__in=BOUGHT
    )
    rows = rows.exclude(pk__in=binned_persons())
    return list(rows.exclude(Exists(since)).order_by("pk").values_list("pk", flat=True)[:limit])
