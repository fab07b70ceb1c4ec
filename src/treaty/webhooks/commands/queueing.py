"""Reads the ledger on for each endpoint and puts what it wants into its queue, in steps that lose and double nothing."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from treaty.ledger import queries as ledger
from treaty.ledger.queries import Recorded
from treaty.webhooks import queries
from treaty.webhooks.models import Delivery, Endpoint

STEP = 500
"""Lines read for one endpoint at once."""
MOST_WAITING = 2_000
"""With so many messages waiting an endpoint's queue takes no more: the ledger keeps the rest."""


def queue_facts(at: datetime) -> None:
    """Every active endpoint's queue is filled up to the last line behind which nothing can appear any more."""
    active = Endpoint.objects.filter(paused_at=None)
    if not active.exists() or (settled := ledger.settled_line()) is None:
        return
    for endpoint in active.order_by("pk"):
        while _step(endpoint.pk, settled, at):
            pass


@transaction.atomic
def _step(endpoint: int, settled: int, at: datetime) -> bool:
    """Take the next lines for an endpoint; whether there may be more. Two workers cannot take the same lines."""
    row = Endpoint.objects.filter(pk=endpoint, paused_at=None, position__lt=settled).first()
    if row is None or row.deliveries.filter(state="waiting")[:MOST_WAITING].count() >= MOST_WAITING:
        return False
    lines = [
        line
        for line in ledger.lines_of_kinds(row.kinds, after=row.position, limit=STEP)
        if line.id <= settled
    ]
    is_more = len(lines) == STEP
    position = lines[-1].id if is_more else settled
    moved = Endpoint.objects.filter(pk=endpoint, position=row.position).update(position=position)
    if moved:
        put(endpoint, lines, at)
    return bool(moved) and is_more


def put(endpoint: int, lines: Sequence[Recorded], at: datetime) -> None:
    """Messages into an endpoint's queue; one that was sent already is sent again, one that waits stays as it is."""
    rows = [
        Delivery(
            endpoint_id=endpoint,
            message=f"msg_{told['id']}",
            kind=told["kind"],
            body=queries.message_of(told),
            next_try_at=at,
            created_at=at,
        )
        for told in queries.told(lines)
    ]
    sent = Delivery.objects.filter(endpoint=endpoint, message__in=[row.message for row in rows])
    sent.exclude(state="waiting").update(state="waiting", attempts=0, next_try_at=at, ended_at=None)
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
