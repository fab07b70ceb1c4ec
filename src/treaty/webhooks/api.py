"""The change feed, every fact that the key's owner may see in the order it was recorded; and the endpoints that are told."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status
from pydantic import AfterValidator

from treaty.kit.rest import ACTS, ADDS, LISTS, READS, WRITES, Asked, Cursor, Id, Part, part_of_few, wrong
from treaty.kit.routes import tells_row
from treaty.staff.access import Key, actor, caller
from treaty.staff.queries import KeyOwner
from treaty.staff.rules import ALL, MANAGE_KEYS, SEE_PEOPLE
from treaty.webhooks import commands, queries, wording
from treaty.webhooks.queries import EndpointRow

router = Router(tags=["changes and webhooks"])
READ = Key("changes:read", SEE_PEOPLE)


class AboutOut(Schema):
    """To whom or what it happened."""

    kind: str = Field(
        description="person, company, deal, version, installation, or identity where nobody has it."
    )
    id: int


class ChangeOut(Schema):
    """A fact. `by` is the member of the staff who did it, `values` what the fact of this kind holds."""

    id: int
    kind: str
    about: AboutOut
    by: int | None
    occurred_at: datetime
    recorded_at: datetime
    values: dict[str, Any]


class Changes(Schema):
    """A part of the feed; `next` goes into `after` of the next call, at once where there is more, else later."""

    items: list[ChangeOut]
    next: str
    more: bool


def known(kind: str) -> str:
    """A kind of fact that there is."""
    if kind not in queries.fact_kinds():
        raise ValueError("There is no such kind of fact.")
    return kind


FactKind = Annotated[
    str, AfterValidator(known), Field(json_schema_extra={"enum": list(queries.fact_kinds())})
]


class ChangeQuery(Asked):
    """From where on, and which facts."""

    kind: FactKind | None = Field(None, description="Facts of one kind only, such as DealWon.")


@router.get("/changes", response={200: Changes, **LISTS}, auth=READ, summary="Read what changed")
def list_changes(request: HttpRequest, asked: Query[ChangeQuery]) -> dict[str, Any]:
    """Facts in the order of the ledger; none is passed over, and the cursor never ends."""
    cursor = Cursor("changes")
    after = int(cursor.read(asked) or 0)
    kinds = None if asked.kind is None else [asked.kind]
    read = queries.changes(caller(request), after=after, limit=asked.limit, kinds=kinds)
    return {"items": read.items, "next": cursor.written(str(read.position)), "more": read.is_more}


class EndpointOut(Schema):
    """An address that hears of facts; `waiting` messages are on their way, the others ended within the last day."""

    id: int
    name: str
    url: str
    kinds: list[str]
    paused_at: datetime | None
    failing_since: datetime | None
    created_at: datetime
    waiting: int
    delivered: int
    failed: int


class Endpoints(Schema):
    """A part of the endpoints, the newest first; `next` goes into `after` of the next call, and is null at the end."""

    items: list[EndpointOut]
    next: str | None


class EndpointIn(Schema):
    """An endpoint: what it is for, its address, and the kinds of facts it wants to hear of."""

    model_config = {"extra": "forbid"}
    name: str = Field(min_length=1, max_length=120)
    url: str = Field(min_length=1, max_length=500)
    kinds: list[str] = Field(min_length=1, max_length=200)


class EndpointPatch(Schema):
    """What to change; what is left out stays."""

    model_config = {"extra": "forbid"}
    name: str | None = Field(None, min_length=1, max_length=120)
    url: str | None = Field(None, min_length=1, max_length=500)
    kinds: list[str] | None = Field(None, min_length=1, max_length=200)


class EndpointAdded(Schema):
    """The endpoint and its secret, which is shown this once."""

    endpoint: EndpointOut
    secret: str


class Secret(Schema):
    """A new secret, shown this once; for a day messages are signed with the former one too."""

    secret: str


class DeliveryOut(Schema):
    """A message to an endpoint, and how its last attempt went."""

    id: int
    message: str
    kind: str
    state: str = Field(description="waiting, delivered or failed.")
    attempts: int
    next_try_at: datetime
    created_at: datetime
    ended_at: datetime | None
    status: int | None
    milliseconds: int | None
    error: str


class Deliveries(Schema):
    """A part of the log, the newest first; `next` goes into `after` of the next call, and is null at the end."""

    items: list[DeliveryOut]
    next: str | None


class DeliveryQuery(Asked):
    """Which messages a call asks for."""

    limit: int = Field(queries.SHOWN, ge=1, le=queries.SHOWN)
    state: Literal["waiting", "delivered", "failed"] | None = None


class Administrator(Key):
    """A key for endpoints: its owner manages keys and sees all records, for an endpoint hears of everybody."""

    def authenticate(self, request: HttpRequest, token: str) -> KeyOwner | None:
        """As any key; 403 where the owner does not see all."""
        owner = super().authenticate(request, token)
        if owner is not None and owner.user.role.visibility != ALL:
            raise PermissionDenied(self.scope)
        return owner


HOOKS_READ = Administrator("webhooks:read", MANAGE_KEYS)
HOOKS_WRITE = Administrator("webhooks:write", MANAGE_KEYS)


@router.get("/webhooks", response={200: Endpoints, **LISTS}, auth=HOOKS_READ, summary="List endpoints")
def list_endpoints(request: HttpRequest, asked: Query[Asked]) -> Part[EndpointRow]:
    """All endpoints with what waits for them."""
    return part_of_few(queries.endpoints(timezone.now()), asked, lambda row: row, number=lambda row: row.id)


@router.post("/webhooks", response={201: EndpointAdded, **ADDS}, auth=HOOKS_WRITE, summary="Add an endpoint")
def add_endpoint(request: HttpRequest, endpoint: EndpointIn) -> Status[dict[str, Any]]:
    """An address that hears of facts recorded from now on, by messages signed with the secret."""
    told = endpoint.dict()
    made, secret = doing(lambda: commands.add_endpoint(**told, at=timezone.now(), by=actor(request)))
    return Status(201, {"endpoint": row_of(made), "secret": secret})


@router.get(
    "/webhooks/{endpoint}", response={200: EndpointOut, **READS}, auth=HOOKS_READ, summary="Read an endpoint"
)
@tells_row(queries.every_endpoint)
def read_endpoint(request: HttpRequest, endpoint: Id) -> EndpointRow:
    """One endpoint."""
    return row_of(endpoint)


@router.patch(
    "/webhooks/{endpoint}",
    response={200: EndpointOut, **WRITES},
    auth=HOOKS_WRITE,
    summary="Change an endpoint",
)
def change_endpoint(request: HttpRequest, endpoint: Id, patch: EndpointPatch) -> EndpointRow:
    """Another name or address, or other facts from now on."""
    row = row_of(endpoint)
    told: dict[str, Any] = {"name": row.name, "url": row.url, "kinds": row.kinds}
    told |= patch.dict(exclude_none=True)
    doing(lambda: commands.change_endpoint(endpoint, **told, at=timezone.now(), by=actor(request)))
    return row_of(endpoint)


@router.delete(
    "/webhooks/{endpoint}", response={204: None, **ACTS}, auth=HOOKS_WRITE, summary="Remove an endpoint"
)
def remove_endpoint(request: HttpRequest, endpoint: Id) -> Status[None]:
    """It hears nothing more, and its log is gone."""
    row_of(endpoint)
    commands.remove_endpoint(endpoint, at=timezone.now(), by=actor(request))
    return Status(204, None)


@router.post(
    "/webhooks/{endpoint}/secret",
    response={200: Secret, **ACTS},
    auth=HOOKS_WRITE,
    summary="Exchange the secret",
)
def exchange_secret(request: HttpRequest, endpoint: Id) -> dict[str, str]:
    """A new secret."""
    row_of(endpoint)
    return {"secret": commands.exchange_secret(endpoint, at=timezone.now(), by=actor(request))}


@router.post(
    "/webhooks/{endpoint}/pause",
    response={200: EndpointOut, **ACTS},
    auth=HOOKS_WRITE,
    summary="Pause an endpoint",
)
def pause(request: HttpRequest, endpoint: Id) -> EndpointRow:
    """Nothing is sent until it is resumed; what happens meanwhile is kept for it."""
    row_of(endpoint)
    commands.pause(endpoint, at=timezone.now(), by=actor(request))
    return row_of(endpoint)


@router.delete(
    "/webhooks/{endpoint}/pause",
    response={200: EndpointOut, **ACTS},
    auth=HOOKS_WRITE,
    summary="Resume an endpoint",
)
def resume(request: HttpRequest, endpoint: Id) -> EndpointRow:
    """What waits is sent."""
    row_of(endpoint)
    commands.resume(endpoint, at=timezone.now(), by=actor(request))
    return row_of(endpoint)


@router.get(
    "/webhooks/{endpoint}/deliveries",
    response={200: Deliveries, **LISTS, **READS},
    auth=HOOKS_READ,
    summary="Read an endpoint's log",
)
def list_deliveries(
    request: HttpRequest, endpoint: Id, asked: Query[DeliveryQuery]
) -> Part[queries.DeliveryRow]:
    """Messages to an endpoint, each with its last attempt."""
    row_of(endpoint)
    cursor = Cursor(f"deliveries:{endpoint}")
    before = int(cursor.read(asked) or 0)
    found = queries.deliveries(endpoint, state=asked.state or "", before=before or None)
    shown = found[: asked.limit]
    return Part(shown, cursor.written(str(shown[-1].id) if len(found) > asked.limit else ""))


@router.post(
    "/webhooks/{endpoint}/test",
    response={201: DeliveryOut, **ACTS},
    auth=HOOKS_WRITE,
    summary="Send a test message",
)
def send_test(request: HttpRequest, endpoint: Id) -> Status[queries.DeliveryRow]:
    """A message of the type TestSent, signed as any other, to a paused endpoint too; the log tells what came of it."""
    row_of(endpoint)
    made = commands.send_test(endpoint, at=timezone.now(), by=actor(request))
    return Status(201, delivery_of(endpoint, made))


@router.post(
    "/webhooks/{endpoint}/deliveries/{delivery}/repetition",
    response={200: DeliveryOut, **ACTS},
    auth=HOOKS_WRITE,
    summary="Send a message again",
)
def send_again(request: HttpRequest, endpoint: Id, delivery: Id) -> queries.DeliveryRow:
    """One message is sent once more."""
    row_of(endpoint)
    delivery_of(endpoint, delivery)
    commands.send_again(endpoint, delivery, at=timezone.now(), by=actor(request))
    return delivery_of(endpoint, delivery)


def row_of(endpoint: int) -> EndpointRow:
    """The endpoint; 404 where there is none."""
    row = queries.endpoint(endpoint, timezone.now())
    if row is None:
        raise Http404
    return row


def delivery_of(endpoint: int, delivery: int) -> queries.DeliveryRow:
    """The message to an endpoint; 404 where there is none."""
    found = queries.delivery(endpoint, delivery)
    if found is None:
        raise Http404
    return found[0]


def doing(act: Callable[[], Any]) -> Any:
    """What the act gives; 422 with the field where it was refused."""
    try:
        return act()
    except commands.Refused as refused:
        raise wrong(refused.field, wording.refusal(refused.code)) from refused
