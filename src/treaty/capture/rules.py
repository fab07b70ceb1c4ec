"""What a form may ask, and how answers and reported touches become drafts of persons and facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from treaty.capture.facts import FROM_OUTSIDE, BuyerTouch, FormSubmitted
from treaty.people.rules import BadIdentity, PersonDraft, normalised, problems

PERSON_FIELDS = (
    "name",
    "given_name",
    "family_name",
    "email",
    "phone",
    "company",
    "title",
    "country",
    "city",
    "interest",
)
"""What a form can ask about the person."""

FREE_FIELDS = ("company_size", "timing", "message")
"""What a form can ask beside that; all but the message name nobody and stay with the fact."""

HONEYPOT = "homepage_url"
"""A field no human sees; whoever fills it in is a machine."""

SOONEST = timedelta(days=365 * 30)
LATEST = timedelta(minutes=10)
"""How far a reported time may lie in the past, and (clocks differ) in the future."""

KINDS: dict[str, type[BuyerTouch]] = {kind.__name__: kind for kind in FROM_OUTSIDE}


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field of an answer or a touch; `code` has a sentence in `wording.py`."""

    field: str
    code: str


class BadTouch(ValueError):
    """A touch that cannot be recorded, with every problem found."""

    def __init__(self, found: Sequence[FieldProblem]) -> None:
        super().__init__(", ".join(f"{problem.field}: {problem.code}" for problem in found))
        self.problems = tuple(found)


@dataclass(frozen=True, slots=True)
class Touch:
    """One touch of one buyer, ready to be recorded."""

    fact: BuyerTouch
    draft: PersonDraft
    at: datetime
    source_key: str | None = None
    text: str = ""


def draft_of(values: Mapping[str, str], *, channel: str = "", page: str = "") -> PersonDraft:
    """The person an answer tells of; raises BadTouch with every field that is wrong."""
    found: list[FieldProblem] = []
    told = {field: values[field].strip() for field in PERSON_FIELDS if values.get(field, "").strip()}
    draft = PersonDraft(
        emails=_identities(told.pop("email", ""), "email", found),
        phones=_identities(told.pop("phone", ""), "phone", found, told.get("country", "")),
        external=_identities(values.get("external", "").strip(), "external", found),
        channel=channel[:60],
        landing_page=page[:200],
        **told,  # type: ignore[arg-type]  # the plain fields left are all text
    )
    if not found and not (draft.emails or draft.phones or draft.external):
        found.append(FieldProblem("email", "no_identity"))
    found += [
        FieldProblem(problem.field, problem.code) for problem in problems(draft) if problem.code == "too_long"
    ]
    if found:
        raise BadTouch(found)
    return draft


def _identities(text: str, kind: str, found: list[FieldProblem], country: str = "") -> tuple[str, ...]:
    if not text:
        return ()
    try:
        return (normalised(kind, text, country),)
    except BadIdentity as error:
        found.append(FieldProblem(kind, error.code))
        return ()


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


def checked_time(at: datetime, *, now: datetime) -> datetime:
    """A reported time, if it can be true; raises BadTouch."""
    if at.tzinfo is None:
        raise BadTouch([FieldProblem("occurred_at", "no_zone")])
    if not now - SOONEST <= at <= now + LATEST:
        raise BadTouch([FieldProblem("occurred_at", "impossible_time")])
    return at


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
    return replace(touch, draft=replace(touch.draft, channel="", landing_page=""))
