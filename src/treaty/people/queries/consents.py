"""Purposes with their texts, and to which of them persons agreed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery

from treaty.kit.composed import Composed
from treaty.kit.rows import among
from treaty.ledger.queries import texts
from treaty.people.facts import ConsentGiven, ConsentWithdrawn
from treaty.people.models import Consent, PurposeText
from treaty.people.models import Purpose as PurposeModel
from treaty.people.rules import Agreed, Purpose

KINDS = (ConsentGiven.__name__, ConsentWithdrawn.__name__)


class PurposeRow(NamedTuple):
    """A purpose as its page shows it: the words that count now, and how many persons agree to it in any words."""

    id: int
    key: str
    name: str
    version: int
    text: str
    agreed: int
    is_retired: bool


class TextRow(NamedTuple):
    """One version of a purpose's words."""

    version: int
    text: str
    created_at: datetime
    agreed: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A purpose on the page of a person: whether it agrees, to which exact words, since when, how, and from where."""

    id: int
    key: str
    name: str
    text: str
    """The words that count now."""
    is_retired: bool
    version: int
    is_given: bool | None = None
    """None where nobody told."""
    at: datetime | None = None
    how: str = ""
    place: str = ""
    note: str = ""
    shown: str = ""
    """The words the person agreed to, or had agreed to."""
    shown_version: int = 0

    @property
    def is_older(self) -> bool:
        """Whether the words changed since."""
        return bool(self.is_given) and self.shown_version != self.version


def all_purposes() -> "QuerySet[Any]":
    """Every purpose with its newest words, unordered."""
    newest = PurposeText.objects.filter(purpose=OuterRef("pk")).order_by("-version")
    return PurposeModel.objects.annotate(
        version=Subquery(newest.values("version")[:1]), text=Subquery(newest.values("text")[:1])
    )


def purposes(*, with_retired: bool = False) -> list[Purpose]:
    """What persons may be asked to agree to, by name."""
    rows = PurposeModel.objects.annotate(newest=Max("texts__version")).order_by("name", "id")
    rows = rows if with_retired else rows.filter(retired_at=None)
    return [Purpose(*row) for row in rows.values_list("id", "key", "name", "newest")]


def purpose_rows() -> list[PurposeRow]:
    """Every purpose for the settings, those in use first."""
    given = Consent.objects.filter(is_given=True).values("purpose").annotate(persons=Count("id"))
    counts = dict(given.order_by().values_list("purpose", "persons"))
    rows = all_purposes().order_by(F("retired_at").asc(nulls_first=True), "name", "id")
    return [
        PurposeRow(
            row.pk,
            row.key,
            row.name,
            row.version,
            row.text,
            counts.get(row.pk, 0),
            row.retired_at is not None,
        )
        for row in rows
    ]


def purpose_row(purpose: int) -> PurposeRow | None:
    """One purpose; None where there is none."""
    return next((row for row in purpose_rows() if row.id == purpose), None)


def purpose_texts(purpose: int) -> list[TextRow]:
    """Every version of a purpose's words, the newest first, each with how many persons agree to it."""
    given = Consent.objects.filter(purpose=purpose, is_given=True).values("version")
    counts = dict(given.annotate(persons=Count("id")).order_by().values_list("version", "persons"))
    rows = PurposeText.objects.filter(purpose=purpose).order_by("-version")
    return [TextRow(row.version, row.text, row.created_at, counts.get(row.version, 0)) for row in rows]


def text_of(purpose: int, version: int) -> str | None:
    """The exact words of a version; None where there is none."""
    found = PurposeText.objects.filter(purpose=purpose, version=version)
    return found.values_list("text", flat=True).first()


def consents_of(person: int) -> list[Asked]:
    """Each purpose in use, and each of which a person ever told, by name."""
    held = {row.purpose_id: row for row in HELD.rows(person)}
    rows = (row for row in PURPOSES.rows() if row.retired_at is None or row.pk in held)
    shown = _shown(list(held.values()))
    notes = {line.id: line.text for line in texts([one.line for one in held.values()], KINDS)} if held else {}
    return [_asked(row, held.get(row.pk), shown, notes) for row in rows]


HELD = Composed(lambda person: Consent.objects.filter(person=person))
PURPOSES = Composed(lambda: all_purposes().order_by("name", "id"), places="")


def _shown(held: Collection[Consent]) -> dict[tuple[int, int], str]:
    """The words of the versions that were told."""
    pairs = {(one.purpose_id, one.version) for one in held}
    rows = PurposeText.objects.filter(purpose__in={purpose for purpose, _ in pairs}) if pairs else ()
    return {(row.purpose_id, row.version): row.text for row in rows}


def _asked(row: Any, held: Consent | None, shown: dict[tuple[int, int], str], notes: dict[int, str]) -> Asked:
    plain = Asked(row.pk, row.key, row.name, row.text, row.retired_at is not None, row.version)
    if held is None:
        return plain
    return Asked(
        *(plain.id, plain.key, plain.name, plain.text, plain.is_retired, plain.version),
        is_given=held.is_given,
        at=held.at,
        how=held.how,
        place=held.place,
        note=notes.get(held.line, ""),
        shown=shown.get((held.purpose_id, held.version), ""),
        shown_version=held.version,
    )


def held_consents(persons: Collection[int]) -> dict[tuple[int, int], Agreed]:
    """How persons stand, by (person, purpose)."""
    rows = among(Consent, "person_id", persons) if persons else ()
    return {
        (row.person_id, row.purpose_id): Agreed(
            row.at, row.line, row.purpose_id, row.version, row.is_given, row.how, row.place
        )
        for row in rows
    }


def consents_told(persons: Collection[int]) -> dict[int, dict[str, Agreed]]:
    """How persons stand, by person and the key of the purpose: for what leaves as a file."""
    keys = {one.id: one.key for one in purposes(with_retired=True)}
    found: dict[int, dict[str, Agreed]] = {}
    for (person, purpose), one in held_consents(persons).items() if keys else ():
        found.setdefault(person, {})[keys[purpose]] = one
    return found


def agreeing(key: str) -> Q:
    """Persons who agree to a purpose."""
    return Q(pk__in=Consent.objects.filter(purpose__key=key, is_given=True).values("person"))
