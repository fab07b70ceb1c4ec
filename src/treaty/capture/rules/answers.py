"""What a form may ask, and how answers and reported touches become drafts of persons and facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

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


def checked_time(at: datetime, *, now: datetime) -> datetime:
    """A reported time, if it can be true; raises BadTouch."""
    if at.tzinfo is None:
        raise BadTouch([FieldProblem("occurred_at", "no_zone")])
    if not now - SOONEST <= at <= now + LATEST:
        raise BadTouch([FieldProblem("occurred_at", "impossible_time")])
    return at
