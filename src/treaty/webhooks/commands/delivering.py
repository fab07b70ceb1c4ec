"""Takes messages that are due, keeps what became of them, and lets them be sent again."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from cryptography.fernet import InvalidToken
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse

from treaty.kit import vault
from treaty.ledger import queries as ledger
from treaty.notices import commands as notices
from treaty.staff import queries as staff
from treaty.staff.commands import audit
from treaty.staff.rules import MANAGE_KEYS
from treaty.webhooks import queries, rules
from treaty.webhooks.commands.naming import PURPOSE
from treaty.webhooks.models import Attempt, Delivery, Endpoint

LEASE = timedelta(minutes=2)
"""How long a message belongs to the worker that took it: a killed one's messages are taken again after that."""
AT_ONCE = 40
"""Messages taken at once: with eight calls at a time and the longest of them, all are sent well within their lease."""
OF_ONE = 10
"""... and for one endpoint; one that fails is only felt for, so that it holds up no other."""
KEPT = timedelta(days=30)
ANSWER = 2_000

log = structlog.get_logger("treaty.webhooks")


@dataclass(frozen=True)
class Parcel:
    """A message this worker has taken, ready to be signed; `secrets` holds the current one first."""

    id: int
    endpoint: int
    url: str
    message: str
    body: str
    attempt: int
    secrets: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """What came of an attempt: a status, or an error; and what the receiver asked for."""

    status: int | None
    milliseconds: int
    answer: str = ""
    error: str = ""
    retry_after: str = ""


def take_due(*, at: datetime) -> list[Parcel]:
    """Takes messages that are due from the queue of each active endpoint; they belong to this worker for two minutes.

    Tests come first and from any endpoint: one that is paused or busy is tested to learn whether it hears again.
    """
    parcels = _tests(at)
    ready = Endpoint.objects.filter(Q(wait_until=None) | Q(wait_until__lte=at), paused_at=None)
    for endpoint in ready.order_by(F("failing_since").asc(nulls_first=True), "pk"):
        if len(parcels) > AT_ONCE - OF_ONE:
            break
        parcels += _taken(endpoint, at)
    return parcels


def _taken(endpoint: Endpoint, at: datetime) -> list[Parcel]:
    due = Delivery.objects.filter(endpoint=endpoint, state="waiting", next_try_at__lte=at)
    rows = list(due.order_by("next_try_at", "pk")[: 1 if endpoint.failing_since else OF_ONE])
    if not rows or not (keys := _secrets(endpoint, at)):
        return []
    return [parcel for row in rows if (parcel := _leased(row, endpoint, keys, at))]


def _tests(at: datetime) -> list[Parcel]:
    """Tests that are due; one that cannot be signed has failed."""
    known = Endpoint.objects.in_bulk()
    # By way of the index, which begins with the endpoint: the log holds a month.
    due = Delivery.objects.filter(
        endpoint__in=list(known), state="waiting", next_try_at__lte=at, kind=rules.TEST
    )
    parcels = []
    for row in due.order_by("next_try_at", "pk")[:OF_ONE]:
        endpoint = known[row.endpoint_id]
        if (parcel := _leased(row, endpoint, _secrets(endpoint, at), at)) is None:
            continue
        if parcel.secrets:
            parcels.append(parcel)
        else:
            record_result(parcel, Result(None, 0, error=f"{rules.FORBIDDEN}secret"), at=at)
    return parcels


def _leased(row: Delivery, endpoint: Endpoint, keys: tuple[str, ...], at: datetime) -> Parcel | None:
    """A message as this worker's own; none where another worker was faster."""
    mine = Delivery.objects.filter(
        pk=row.pk, state="waiting", next_try_at=row.next_try_at, attempts=row.attempts
    )
    if not mine.update(next_try_at=at + LEASE, attempts=F("attempts") + 1):
        return None
    return Parcel(row.pk, endpoint.pk, endpoint.url, row.message, row.body, row.attempts + 1, keys)


def _secrets(endpoint: Endpoint, at: datetime) -> tuple[str, ...]:
    """What messages to an endpoint are signed with; where that is readable no more the endpoint is paused, the others go on."""
    is_former = endpoint.former_until is not None and at < endpoint.former_until
    kept = (endpoint.secret, endpoint.former_secret) if is_former else (endpoint.secret,)
    try:
        return tuple(vault.unlocked(one, purpose=PURPOSE) for one in kept)
    except InvalidToken:
        log.error("the secret of an endpoint cannot be read", endpoint=endpoint.pk)
        Endpoint.objects.filter(pk=endpoint.pk, paused_at=None).update(paused_at=at, paused_why="secret")
        return ()


@transaction.atomic
def record_result(parcel: Parcel, result: Result, *, at: datetime) -> None:
    """Keep an attempt and what follows from it: delivered, tried again later, or failed; and an endpoint paused.

    Nothing where the endpoint was removed while it was called. A test has one attempt, and no endpoint suffers for it.
    """
    kinds = list(Delivery.objects.select_for_update().filter(pk=parcel.id).values_list("kind", flat=True))
    if not kinds:
        return
    Attempt.objects.create(
        delivery_id=parcel.id,
        at=at,
        status=result.status,
        milliseconds=result.milliseconds,
        answer=result.answer[:ANSWER],
        error=result.error[:500],
    )
    ours = Delivery.objects.filter(pk=parcel.id, state="waiting", attempts=parcel.attempt)
    if rules.is_success(result.status):
        ours.update(state="delivered", ended_at=at)
        Endpoint.objects.filter(pk=parcel.endpoint, failing_since__isnull=False).update(failing_since=None)
        return
    if rules.TEST in kinds:
        ours.update(state="failed", ended_at=at)
        return
    wait = rules.asked_wait(result.retry_after, at)
    later = rules.next_attempt(parcel.attempt, at, shift=parcel.id * 0.618 % 1, wait=wait)
    if later is None:
        ours.update(state="failed", ended_at=at)
    else:
        ours.update(next_try_at=later)
    _note_failure(parcel, result, at, rules.rest_of(result.status, at, wait))


def _note_failure(parcel: Parcel, result: Result, at: datetime, rest: datetime | None) -> None:
    """An endpoint that failed: since when, until when it is left in peace, and whether it is paused."""
    rows = Endpoint.objects.filter(pk=parcel.endpoint, paused_at=None)
    rows.filter(failing_since=None).update(failing_since=at)
    if rest:
        rows.update(wait_until=rest)
    if (row := rows.first()) is None:
        return
    why = rules.pause_reason(result.status, row.failing_since or at, at)
    if why and rows.update(paused_at=at, paused_why=why):
        notices.tell(
            [one.id for one in staff.holders_of(MANAGE_KEYS)],
            kind="endpoint_gone" if why == "gone" else "endpoint_failing",
            key=f"endpoint:{row.pk}:{at.isoformat()}",
            values={"endpoint": row.name, "since_at": (row.failing_since or at).isoformat()},
            url=reverse("webhooks:endpoint", args=[row.pk]),
            at=at,
        )


@transaction.atomic
def send_test(endpoint: int, *, at: datetime, by: int | None) -> int:
    """A message that tells of nothing, signed and logged as any other; its id, or that of the test that still waits."""
    # Held, so that who presses twice at the same time sends one.
    Endpoint.objects.select_for_update().get(pk=endpoint)
    waiting = Delivery.objects.filter(endpoint=endpoint, state="waiting", kind=rules.TEST)
    if (there := waiting.order_by("pk").first()) is not None:
        return there.pk
    row = Delivery.objects.create(
        endpoint_id=endpoint,
        message=f"msg_test_{secrets.token_hex(12)}",
        kind=rules.TEST,
        body=queries.test_message(endpoint, at=at, by=by),
        next_try_at=at,
        created_at=at,
    )
    return row.pk


def send_again(endpoint: int, delivery: int, *, at: datetime, by: int | None) -> bool:
    """Let a message, delivered or failed, be sent once more, with its whole schedule; False where it waits anyhow."""
    ended = Delivery.objects.filter(endpoint=endpoint, pk=delivery).exclude(state="waiting")
    return bool(ended.update(state="waiting", attempts=0, next_try_at=at, ended_at=None))


@transaction.atomic
def send_again_since(endpoint: int, *, since: datetime, at: datetime, by: int | None) -> None:
    """Read the ledger for an endpoint anew from a time on: what it wants of it is sent once more."""
    place = ledger.last_line_before(since)
    if Endpoint.objects.filter(pk=endpoint, position__gt=place).update(position=place):
        changes = {"since": [None, since]}
        audit("send_again_since", about=("endpoint", endpoint), changes=changes, by=by, at=at)


def forget_ended(at: datetime) -> None:
    """Drops the log of what ended a month ago."""
    Delivery.objects.filter(ended_at__lt=at - KEPT).delete()
