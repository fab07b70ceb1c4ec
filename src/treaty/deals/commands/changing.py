"""What is said of a deal besides its stage: its own values, and what happens next."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TypedDict, Unpack

from django.db import models, transaction

from treaty.conversations.rules import refuses
from treaty.deals.commands.asking import ask_again
from treaty.deals.facts import DealChanged, NextStepDone, NextStepSet
from treaty.deals.models import Deal
from treaty.deals.rules import Refused, Step
from treaty.fields.commands import join_tags, set_values
from treaty.kit.rules.money import Money
from treaty.ledger.commands import record
from treaty.ledger.facts import about_deal
from treaty.people.queries.standing import reached
from treaty.people.rules import fold
from treaty.search.commands import follow
from treaty.search.rules import Kind
from treaty.staff.commands import audit


class DealChanges(TypedDict, total=False):
    """What can be changed by hand; what is left out stays. A value of None is unknown."""

    name: str
    value: Money | None
    close_on: date | None
    owner: int | None
    product: str
    fields: Mapping[str, object]
    """The company's own fields, by their keys."""


COLUMNS = ("name", "value_minor", "currency", "close_on", "owner_id", "product")


def change_deal(deal: int, *, at: datetime, by: int | None, **changes: Unpack[DealChanges]) -> bool:
    """Change what is said of a deal; whether anything differed. Raises Refused, fields.commands.WrongValue."""
    with transaction.atomic():
        join_tags("deal", changes.get("fields"))
        row = Deal.objects.select_for_update(no_key=True).get(pk=deal)
        wanted = _columns(changes)
        differing = {
            name: [getattr(row, name), value] for name, value in wanted.items() if getattr(row, name) != value
        }
        columns = {name: after for name, (_, after) in differing.items()}
        if own := changes.get("fields"):
            differing |= set_values("deal", {deal: own}, at=at, by=by).get(deal, {})
        if not differing:
            return False
        if "name" in columns:
            columns["folded"] = fold(str(columns["name"]))
        Deal.objects.filter(pk=deal).update(**columns, changed_at=at)
        follow(Kind.DEAL, [deal])
        ask_again([deal])
        if "value_minor" in differing or "currency" in differing:
            value = changes["value"]
            fact = DealChanged(value.minor, value.currency) if value is not None else DealChanged()
            record(fact, about=about_deal(deal), at=at, by=by)
        told = {name: [_plain(before), _plain(after)] for name, (before, after) in differing.items()}
        audit("deal_changed", about=("deal", deal), changes=told, by=by, at=at)
    return True


def _columns(changes: DealChanges) -> dict[str, object]:
    columns: dict[str, object] = {name: changes[name] for name in ("close_on", "product") if name in changes}
    if "name" in changes:
        columns["name"] = changes["name"].strip()
        if not columns["name"]:
            raise Refused("nameless", "name")
    if "owner" in changes:
        columns["owner_id"] = changes["owner"]
    if "value" in changes:
        value = changes["value"]
        columns["value_minor"] = value.minor if value is not None else None
        columns["currency"] = value.currency if value is not None else ""
    return columns


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def set_next_step(
    deal: int, *, kind: str, text: str = "", due: datetime | None = None, at: datetime, by: int | None
) -> None:
    """Say what happens next with an open deal, and when. Refused (`refuses_calls`, `refuses_mail`) what the person refused."""
    step = Step(kind)
    with transaction.atomic():
        _permit(deal, step, at)
        changes = {"next_step": text.strip()[:200], "next_step_kind": step, "next_step_at": due}
        if not _open(deal).update(**changes, changed_at=at):
            raise Refused("closed", "kind")
        fact = NextStepSet(step, due.isoformat() if due else "")
        record(fact, about=about_deal(deal), at=at, by=by, text=text.strip())


def _permit(deal: int, step: Step, at: datetime) -> None:
    """Nobody plans to call or write to a person who asked us to stop."""
    if step not in {Step.CALL, Step.MESSAGE}:
        return
    person = Deal.objects.filter(pk=deal).values_list("person_id", flat=True).first()
    whom = reached(person) if person else None
    if whom is None:
        return
    refused_at = whom.refused_calls_at if step is Step.CALL else whom.refused_mail_at
    if refuses(refused_at, at, is_answer=False):
        raise Refused("refuses_calls" if step is Step.CALL else "refuses_mail", "kind")


def finish_next_step(deal: int, *, at: datetime, by: int | None) -> bool:
    """The next step is done; False where there was none, or somebody else was faster."""
    with transaction.atomic():
        step = Deal.objects.filter(pk=deal).values_list("next_step_kind", flat=True).first()
        emptied = {"next_step": "", "next_step_kind": "", "next_step_at": None}
        if not step or not _open(deal).filter(next_step_kind=step).update(**emptied, changed_at=at):
            return False
        record(NextStepDone(step), about=about_deal(deal), at=at, by=by)
    return True


def _open(deal: int) -> "models.QuerySet[Deal]":
    return Deal.objects.filter(pk=deal, closed_at__isnull=True)
