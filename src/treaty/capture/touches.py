"""Answers and reported touches on their way into the ledger: a fact, and the person it tells of."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

import msgspec

from treaty.capture.facts import FROM_OUTSIDE, BuyerTouch, FormSubmitted
from treaty.capture.rules import FREE_FIELDS, BadTouch, FieldProblem, draft_of
from treaty.people.rules import STATED, PersonDraft

KINDS: dict[str, type[BuyerTouch]] = {kind.__name__: kind for kind in FROM_OUTSIDE}


@dataclass(frozen=True, slots=True)
class Touch:
    """One touch of one buyer, ready to be recorded."""

    fact: BuyerTouch
    draft: PersonDraft
    at: datetime
    source_key: str | None = None
    text: str = ""


def fact_of(kind: str, values: Mapping[str, Any]) -> BuyerTouch:
    """The fact of a reported touch; raises BadTouch for an unknown kind, a missing, unknown or wrong value."""
    if kind not in KINDS:
        raise BadTouch([FieldProblem("kind", "unknown_kind")])
    names = {field.name for field in fields(KINDS[kind])}
    if unknown := sorted(set(values) - names):
        raise BadTouch([FieldProblem(f"values.{name}", "unknown_value") for name in unknown])
    try:
        return msgspec.convert(dict(values), type=KINDS[kind])
    except msgspec.ValidationError:
        raise BadTouch([FieldProblem("values", "bad_value")]) from None


def submission(
    key: str, values: Mapping[str, str], *, page: str, channel: str, at: datetime, once: str
) -> Touch:
    """A form's answers as a touch; raises BadTouch."""
    draft = draft_of(values, channel=channel, page=page)
    answers = {
        name: values[name].strip()[:200]
        for name in ("interest", *FREE_FIELDS[:-1])
        if values.get(name, "").strip()
    }
    fact = FormSubmitted(
        form=key, page=page[:300], channel=channel, campaign=values.get("campaign", "")[:60], answers=answers
    )
    source = f"form:{key}:{once}" if once else None
    return Touch(fact, draft, at, source_key=source, text=values.get("message", "").strip()[:5000])


def without_origin(touch: Touch) -> Touch:
    """The touch of a person who is known already: where they came from first stays as it is."""
    return replace(touch, draft=touch.draft.but(channel="", landing_page=""))


def without_phones(touch: Touch) -> Touch:
    """The touch of a new address that names somebody else's number: the number stays theirs, and is kept as text."""
    text = "\n".join([touch.text, *touch.draft.phones]).strip()
    return replace(touch, draft=touch.draft.but(phones=()), text=text)


def completing(touch: Touch, known: Mapping[str, Any]) -> Touch:
    """The touch with only those fields of its person that are not known yet; an address is not a name."""
    told = {field for field in (*STATED, "company") if known.get(field)}
    if known.get("name") in {known.get("email"), known.get("phone")}:
        told -= {"name"}
    if "name" in told:
        told |= {"given_name", "family_name"}
    held = known.get("fields") or {}
    own = {key: value for key, value in (touch.draft.fields or {}).items() if key not in held}
    return replace(touch, draft=touch.draft.but(**dict.fromkeys(told, ""), fields=own or None))
