"""Names endpoints: which address hears of which facts, under which secret."""

import secrets
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from treaty.kit import outgoing, vault
from treaty.ledger import queries as ledger
from treaty.staff.commands import audit
from treaty.webhooks.models import Endpoint
from treaty.webhooks.queries import fact_kinds
from treaty.webhooks.rules import OVERLAP, SECRET_BYTES, secret_text, unknown_kinds

PURPOSE = "treaty.webhooks.secret"
"""Under which key of the vault the secrets lie."""


class Refused(ValueError):
    """The endpoint cannot be so; `code` says why, `field` where."""

    def __init__(self, code: str, field: str) -> None:
        super().__init__(code)
        self.code, self.field = code, field


@transaction.atomic
def add_endpoint(
    name: str, *, url: str, kinds: Collection[str], at: datetime, by: int | None
) -> tuple[int, str]:
    """An address that hears of facts recorded from now on; its id, and its secret, which is shown this once."""
    _check(url, kinds)
    secret = secret_text(secrets.token_bytes(SECRET_BYTES))
    row = Endpoint.objects.create(
        name=name,
        url=url,
        kinds=sorted(kinds),
        secret=vault.locked(secret, purpose=PURPOSE),
        position=ledger.newest_line(),
        created_at=at,
    )
    changes = {"name": [None, name], "url": [None, url], "kinds": [None, row.kinds]}
    audit("add_endpoint", about=("endpoint", row.pk), changes=changes, by=by, at=at)
    return row.pk, secret


@transaction.atomic
def change_endpoint(
    endpoint: int, *, name: str, url: str, kinds: Collection[str], at: datetime, by: int | None
) -> None:
    """Another name or address, or other facts from now on."""
    _check(url, kinds)
    row = Endpoint.objects.get(pk=endpoint)
    wanted = {"name": name, "url": url, "kinds": sorted(kinds)}
    changes = {field: [getattr(row, field), value] for field, value in wanted.items()}
    changes = {field: pair for field, pair in changes.items() if pair[0] != pair[1]}
    if changes:
        Endpoint.objects.filter(pk=endpoint).update(**wanted)
        audit("change_endpoint", about=("endpoint", endpoint), changes=changes, by=by, at=at)


@transaction.atomic
def exchange_secret(endpoint: int, *, at: datetime, by: int | None) -> str:
    """A new secret, shown this once; for a day messages are signed with the former one too, if it can still be read."""
    secret = secret_text(secrets.token_bytes(SECRET_BYTES))
    row = Endpoint.objects.get(pk=endpoint)
    is_readable = vault.is_readable(row.secret, purpose=PURPOSE)
    Endpoint.objects.filter(pk=endpoint).update(
        secret=vault.locked(secret, purpose=PURPOSE),
        former_secret=row.secret if is_readable else "",
        former_until=at + OVERLAP if is_readable else None,
    )
    audit("exchange_secret", about=("endpoint", endpoint), changes={}, by=by, at=at)
    return secret


@transaction.atomic
def pause(endpoint: int, *, at: datetime, by: int | None) -> bool:
    """Send nothing more until it is resumed; its place in the ledger is kept."""
    paused = Endpoint.objects.filter(pk=endpoint, paused_at=None).update(paused_at=at, paused_why="hand")
    if paused:
        audit("pause_endpoint", about=("endpoint", endpoint), changes={}, by=by, at=at)
    return bool(paused)


@transaction.atomic
def resume(endpoint: int, *, at: datetime, by: int | None) -> bool:
    """Send what waits, and what was recorded meanwhile."""
    resumed = Endpoint.objects.filter(pk=endpoint, paused_at__isnull=False).update(
        paused_at=None, paused_why="", failing_since=None, wait_until=None
    )
    if resumed:
        audit("resume_endpoint", about=("endpoint", endpoint), changes={}, by=by, at=at)
    return bool(resumed)


@transaction.atomic
def remove_endpoint(endpoint: int, *, at: datetime, by: int | None) -> None:
    """The address hears nothing more, and its log is gone."""
    row = Endpoint.objects.get(pk=endpoint)
    row.delete()
    changes = {"name": [row.name, None], "url": [row.url, None]}
    audit("remove_endpoint", about=("endpoint", endpoint), changes=changes, by=by, at=at)


def _check(url: str, kinds: Collection[str]) -> None:
    try:
        outgoing.check(url)
    except outgoing.Forbidden as forbidden:
        raise Refused(forbidden.code, "url") from None
    if not kinds:
        raise Refused("kinds_missing", "kinds")
    if unknown_kinds(kinds, fact_kinds()):
        raise Refused("kind_unknown", "kinds")
