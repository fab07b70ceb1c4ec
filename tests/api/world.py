"""A small company behind the API, of every noun something, and keys to call it with."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from treaty.deals import commands as deals
from treaty.deals.rules import DealDraft
from treaty.handovers import commands as handovers
from treaty.handovers.models import Handover
from treaty.handovers.tests.factories import NOW, World, asks, buyer, world
from treaty.kit.rules.money import Money
from treaty.people.commands import add_companies
from treaty.people.models import Company
from treaty.people.rules import CompanyDraft
from treaty.staff import commands as staff
from treaty.staff.models import User
from treaty.staff.rules import SCOPES
from treaty.staff.tests import factories


@dataclass
class House:
    """The cast under an agreement, with an offered and an accepted lead, a deal and a company."""

    cast: World
    admin: User
    person: int
    company: int
    offered: int
    accepted: int
    deal: int


def house() -> House:
    """A company at work."""
    cast = world()
    deals.prepare(at=NOW)
    add_companies([CompanyDraft(name="Huta Wschód", sector="steel")], at=NOW, by=None)
    company = Company.objects.get(name="Huta Wschód").pk
    pia, quinn = buyer("Pia"), buyer("Quinn")
    for person in (pia, quinn):
        asks(person)
    offered, accepted = (Handover.objects.get(person=person) for person in (pia, quinn))
    owner = accepted.owner_id or cast.ann.pk
    handovers.accept(accepted.pk, at=NOW, by=owner)
    draft = DealDraft(
        name="Flow meters", person=quinn.pk, owner=owner, stage="new", value=Money(50_000, "EUR")
    )
    deal = deals.open_deal(draft, at=NOW, by=owner)
    return House(cast, factories.admin(), pia.pk, company, offered.pk, accepted.pk, deal)


def token(owner: User, scopes: Collection[str] = SCOPES) -> str:
    """A key of somebody."""
    return staff.issue_key("test", owner=owner.pk, scopes=scopes, at=NOW - timedelta(days=1), by=None)


class Caller:
    """Calls the API with a key; without one as a stranger."""

    def __init__(self, key: str = "") -> None:
        self.client = Client(headers={"Authorization": f"Bearer {key}"} if key else {})

    def __call__(self, method: str, path: str, body: object = None, **more: Any) -> Any:
        """The answer to a call; a body is sent as JSON."""
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        more = {"content_type": "application/json"} | more
        return self.client.generic(method, f"/api{path}", raw, **more)

    def upload(self, path: str, name: str, content: bytes, **more: Any) -> Any:
        """The answer to a call that sends a file."""
        return self.client.post(f"/api{path}", {"file": SimpleUploadedFile(name, content)}, **more)


def caller(owner: User, *scopes: str) -> Caller:
    """Calls as somebody, with all scopes or with these."""
    return Caller(token(owner, scopes or SCOPES))
