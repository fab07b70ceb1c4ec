"""Readings of endpoints and what was sent to them; and how a fact is told to another system."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from django.db.models import Count, Q, QuerySet

from treaty.deals import queries as deals
from treaty.kit.doctor import OK, WARN, Finding
from treaty.kit.nouns import modules
from treaty.ledger import queries as ledger
from treaty.ledger.facts import KINDS, SubjectKind
from treaty.ledger.queries import Recorded
from treaty.people import queries as people
from treaty.staff.queries import User
from treaty.staff.rules import ALL
from treaty.webhooks.models import Attempt, Delivery, Endpoint
from treaty.webhooks.rules import TEST

SHOWN = 50
RECENT = timedelta(days=1)


@dataclass(frozen=True)
class EndpointRow:
    """An endpoint as the settings show it, with what waits and what came of the last day's messages."""

    id: int
    name: str
    url: str
    kinds: tuple[str, ...]
    paused_at: datetime | None
    paused_why: str
    failing_since: datetime | None
    former_until: datetime | None
    created_at: datetime
    waiting: int
    delivered: int
    failed: int


@dataclass(frozen=True)
class DeliveryRow:
    """A message as the log shows it, with how its last attempt went."""

    id: int
    message: str
    kind: str
    state: str
    attempts: int
    next_try_at: datetime
    created_at: datetime
    ended_at: datetime | None
    status: int | None
    milliseconds: int | None
    error: str


@dataclass(frozen=True)
class AttemptRow:
    """One call of an endpoint."""

    at: datetime
    status: int | None
    milliseconds: int
    answer: str
    error: str


def fact_kinds() -> list[str]:
    """Every kind of fact that this version of Treaty records, by name."""
    ours = {found.__name__ for _noun, found in modules("facts")}
    return sorted(
        name for name, kind in KINDS.items() if kind.__module__ in ours and not kind.__subclasses__()
    )


def endpoints(at: datetime) -> list[EndpointRow]:
    """All endpoints, the newest first."""
    rows, counts = list(Endpoint.objects.order_by("-pk")), _counts(at)
    return [_endpoint_row(row, counts) for row in rows]


def every_endpoint(_user: User) -> "QuerySet[Endpoint]":
    """The rows of all endpoints: whoever may see one may see all."""
    return Endpoint.objects.all()


def endpoint(endpoint_id: int, at: datetime) -> EndpointRow | None:
    """One endpoint."""
    row = Endpoint.objects.filter(pk=endpoint_id).first()
    return _endpoint_row(row, _counts(at)) if row else None


def endpoint_names(ids: Collection[int]) -> dict[int, str]:
    """The names of endpoints."""
    return dict(Endpoint.objects.filter(pk__in=ids).values_list("pk", "name"))


def deliveries(endpoint_id: int, *, state: str = "", before: int | None = None) -> list[DeliveryRow]:
    """Messages to an endpoint, the newest first, from before an id on; one more than a page shows."""
    rows = Delivery.objects.filter(endpoint=endpoint_id).order_by("-pk")
    if state:
        rows = rows.filter(state=state)
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: SHOWN + 1])
    calls = Attempt.objects.filter(delivery__in=found).defer("answer").order_by("pk")
    lasts = {call.delivery_id: call for call in calls}
    return [_delivery_row(row, lasts.get(row.pk)) for row in found]


def every_delivery(endpoint_id: int, state: str) -> Iterator[DeliveryRow]:
    """All messages to an endpoint that are kept, the newest first, read page by page."""
    found = deliveries(endpoint_id, state=state)
    while found:
        yield from found[:SHOWN]
        is_last = len(found) <= SHOWN
        found = [] if is_last else deliveries(endpoint_id, state=state, before=found[SHOWN - 1].id)


def delivery(endpoint_id: int, delivery_id: int) -> tuple[DeliveryRow, str, list[AttemptRow]] | None:
    """A message to an endpoint: its row, its payload and every attempt, the newest first."""
    row = Delivery.objects.filter(endpoint=endpoint_id, pk=delivery_id).first()
    if row is None:
        return None
    calls = list(row.calls.order_by("-pk")[:SHOWN])
    attempts = [
        AttemptRow(call.at, call.status, call.milliseconds, call.answer, call.error) for call in calls
    ]
    return _delivery_row(row, calls[0] if calls else None), row.body, attempts


@dataclass(frozen=True)
class Changed:
    """A part of the ledger as somebody may see it, the line it ends at, and whether there is more."""

    items: list[dict[str, Any]]
    position: int
    is_more: bool


def changes(user: User, *, after: int, limit: int, kinds: Collection[str] | None = None) -> Changed:
    """Facts recorded behind a line, those about what the user sees; never beyond where one could still appear."""
    settled = ledger.settled_line()
    if settled is None or settled <= after:
        return Changed([], after, is_more=False)
    wanted = fact_kinds() if kinds is None else kinds
    lines = ledger.lines_of_kinds(wanted, after=after, limit=limit)
    is_more = len(lines) == limit and lines[-1].id < settled
    items = told([line for line in lines if line.id <= settled])
    return Changed(_seen(user, items), lines[-1].id if is_more else settled, is_more)


def _seen(user: User, items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those about records that the user sees; what is about no record, only for who sees all."""
    if user.role.visibility == ALL:
        return list(items)
    visible: dict[str, Callable[[User], QuerySet[Any]]] = {
        "person": people.visible_persons,
        "company": people.visible_companies,
        "deal": deals.visible_deals,
    }
    seen = set()
    for kind, rows in visible.items():
        ids = {item["about"]["id"] for item in items if item["about"]["kind"] == kind}
        if ids:
            seen |= {(kind, pk) for pk in rows(user).filter(pk__in=ids).values_list("pk", flat=True)}
    return [item for item in items if (item["about"]["kind"], item["about"]["id"]) in seen]


def told(lines: Sequence[Recorded]) -> list[dict[str, Any]]:
    """Facts as other systems are told them: what happened, when, to whom, by whom (a member of the staff)."""
    identities = {line.about.id for line in lines if line.about.kind is SubjectKind.IDENTITY}
    persons = people.persons_of(identities)
    return [_told(line, persons) for line in lines]


def message_of(line: Mapping[str, Any]) -> str:
    """The body of a message as the specification recommends it: type, timestamp, data."""
    data = {name: value for name, value in line.items() if name not in {"kind", "occurred_at"}}
    body = {"type": line["kind"], "timestamp": line["occurred_at"], "data": data}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def test_message(endpoint: int, *, at: datetime, by: int | None) -> str:
    """The body of a message that tells of no fact: it has the shape of the others, so that a receiver reads it alike."""
    about = {"kind": "endpoint", "id": endpoint}
    times = {"occurred_at": _instant(at), "recorded_at": _instant(at)}
    return message_of({"id": None, "kind": TEST, "about": about, "by": by, **times, "values": {}})


def _told(line: Recorded, persons: Mapping[int, int]) -> dict[str, Any]:
    kind, number = line.about.kind.value, line.about.id
    if line.about.kind is SubjectKind.IDENTITY and number in persons:
        kind, number = "person", persons[number]
    return {
        "id": line.id,
        "kind": line.kind,
        "about": {"kind": kind, "id": number},
        "by": line.by,
        "occurred_at": _instant(line.occurred_at),
        "recorded_at": _instant(line.recorded_at),
        "values": msgspec.to_builtins(line.fact),
    }


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def findings() -> Iterator[Finding]:
    """What the doctor says of endpoints, where there are any: those that hear nothing though nobody paused them by hand."""
    rows = list(Endpoint.objects.order_by("pk").values_list("name", "paused_why"))
    deaf = [name for name, why in rows if why not in {"", "hand"}]
    if deaf:
        advice = "Settings > Webhooks says why; resume what should hear again: nothing is lost."
        yield Finding("webhooks", WARN, f"paused: {', '.join(deaf)}", advice)
    elif rows:
        yield Finding("webhooks", OK, f"{len(rows)} hear of facts")


def gauges() -> list[tuple[str, str, str, dict[str, int]]]:
    """What /metrics says of webhooks: how many messages wait, and how many endpoints are paused."""
    endpoints = dict(Endpoint.objects.order_by("pk").values_list("pk", "paused_at"))
    # By way of the index, which begins with the endpoint: the log holds a month.
    waiting = Delivery.objects.filter(endpoint__in=list(endpoints), state="waiting").count()
    paused = sum(at is not None for at in endpoints.values())
    return [
        ("treaty_webhook_messages", "Messages of webhooks that wait.", "", {"": waiting}),
        ("treaty_webhook_endpoints_paused", "Endpoints that are paused.", "", {"": paused}),
    ]


def _counts(at: datetime) -> Counter[tuple[int, str]]:
    """How many messages of each endpoint wait, and how many ended how in the last day."""
    alive = Delivery.objects.filter(Q(state="waiting") | Q(ended_at__gte=at - RECENT))
    grouped = alive.order_by().values_list("endpoint", "state").annotate(number=Count("pk"))
    return Counter({(endpoint, state): number for endpoint, state, number in grouped})


def _endpoint_row(row: Endpoint, counts: Counter[tuple[int, str]]) -> EndpointRow:
    return EndpointRow(
        row.pk,
        row.name,
        row.url,
        tuple(row.kinds),
        row.paused_at,
        row.paused_why,
        row.failing_since,
        row.former_until,
        row.created_at,
        counts[row.pk, "waiting"],
        counts[row.pk, "delivered"],
        counts[row.pk, "failed"],
    )


def _delivery_row(row: Delivery, last: Attempt | None) -> DeliveryRow:
    return DeliveryRow(
        row.pk,
        row.message,
        row.kind,
        row.state,
        row.attempts,
        row.next_try_at,
        row.created_at,
        row.ended_at,
        last.status if last else None,
        last.milliseconds if last else None,
        last.error if last else "",
    )
