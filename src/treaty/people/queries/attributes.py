"""What predicates, scores, routing and the listeners of facts read of persons, set at once and in one question."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from treaty.fields import queries as fields
from treaty.kit import sql
from treaty.kit.together import Question
from treaty.ledger.facts import Subject, SubjectKind
from treaty.ledger.listeners import WHOLE, forget, noted
from treaty.ledger.queries import Recorded
from treaty.people.queries.bin import NOT_BINNED

PLAIN = (
    "name",
    "name_local",
    "email",
    "phone",
    "title",
    "country",
    "language",
    "time_zone",
    "city",
    "stage",
    "channel",
    "landing_page",
    "interest",
)
OF_COMPANY = ("name", "sector", "employees", "country", "city", "domain")
STANDING = (
    "id",
    "anchor_id",
    "created_at",
    "stage_since",
    "owner_id",
    "company_id",
    "unsubscribed_at",
    "do_not_call_at",
)
_COLUMNS = (
    *(f"p.{name}" for name in STANDING),
    *(f"p.{name}" for name in PLAIN),
    *(f"c.{name}" for name in OF_COMPANY),
)
_COMPANY_AT = len(STANDING) + len(PLAIN)
_GATHERED_AT = len(_COLUMNS)

OF_ADDRESSES = ("email_count", "email_labels", "phone_count", "phone_labels")
"""How many addresses reach the person, and how they are labelled."""
NO_COMPANY = (None,) * len(OF_COMPANY)
OWN_OF_COMPANY = "company.fields"
ALWAYS = {"stage", "email", "phone"}
"""Columns that are read for other attributes, too."""

Attributes = dict[str, object]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a person: the anchor, all identities (the oldest first), how it stands, and the attributes.

    Of the attributes texts are empty where unknown; `company` is None or {name, sector, employees, country, city,
    domain, fields}; `owner` a staff id or None; `tags` a list; `consents` the keys of the purposes agreed to; `fields`,
    as that of the company, what fields of one's own hold, by their keys; `email_count` and `phone_count` are how many
    reach the person, `email_labels` and `phone_labels` a list of what those are;
    `has_email`, `has_phone`, `unsubscribed`, `do_not_call` are yes or no.
    """

    anchor: int
    stage: str
    owner: int | None
    created_at: datetime
    stage_since: datetime
    unsubscribed_at: datetime | None
    do_not_call_at: datetime | None
    identities: Sequence[int]
    attributes: Attributes


def attributes(persons: Collection[int]) -> dict[int, Attributes]:
    """What is known of each person by attribute name."""
    return {person: one.attributes for person, one in known(persons).items()}


def known(persons: Collection[int], names: Collection[str] | None = None) -> dict[int, Known]:
    """What is known of persons, by id, in one question; of those in the bin nothing is.

    Who asks for few attributes of many persons may say by their dotted `names` which: the others are not read.
    """
    return _known(sql.one_of("p.id"), persons, names)


def known_behind(batch: Sequence[Recorded]) -> dict[int, Known]:
    """What is known of the persons whose identities a batch is about, asked once for all who hear the batch.

    Who changes them calls `changed`.
    """
    return noted(batch, "known", lambda: _known(BEHIND, identities_in(batch)))


def asked_behind(about: Subject, _at: datetime) -> Question | None:
    """What `known_behind` asks about a fact; nothing where it is about no identity."""
    return _question(BEHIND, [about.id]) if about.kind is SubjectKind.IDENTITY else None


def changed(batch: Sequence[Recorded]) -> None:
    """A listener of a batch changed the persons behind it: who listens next reads them anew."""
    forget(batch, "known")


def notes_of(known: Mapping[int, Known]) -> Mapping[str, object]:
    """What to tell whoever hears facts of persons who are new, and of whom these facts are all there is."""
    return {"known": dict(known), WHOLE: True}


def newcomer(
    row: Mapping[str, object],
    identities: Iterable[int],
    *,
    tags: Iterable[str],
    addresses: Iterable[str],
) -> Known:
    """What is known of somebody whose row was just written, without a company; addresses each as "kind label"."""
    plain = map(row.get, (*STANDING, *PLAIN))
    return _one((*plain, *NO_COMPANY, sorted(identities), sorted(tags), None, None, None, sorted(addresses)))


def identities_in(batch: Sequence[Recorded]) -> set[int]:
    """The identities that a batch is about."""
    return {line.about.id for line in batch if line.about.kind is SubjectKind.IDENTITY}


BEHIND = f"p.id IN (SELECT person_id FROM people_personidentity WHERE {sql.one_of('identity_id')})"


def _known(condition: str, ids: Collection[int], names: Collection[str] | None = None) -> dict[int, Known]:
    if not ids:
        return {}
    rows = sql.ask(*_question(condition, ids, names), often=len(ids) <= sql.FEW)
    return {row[0]: _one(row) for row in rows}


def _question(condition: str, ids: Collection[int], names: Collection[str] | None = None) -> Question:
    first = None if names is None else frozenset(part for one in names for part in _parts(one))
    return _statement(condition, first), [sql.listed(ids)]


def _parts(name: str) -> tuple[str, ...]:
    """What has to be read for an attribute."""
    if name in OF_ADDRESSES:
        return ("addresses",)
    if name.startswith(f"{OWN_OF_COMPANY}.") or name == OWN_OF_COMPANY:
        return ("company", OWN_OF_COMPANY)
    return (name.partition(".")[0],)


@lru_cache(maxsize=500)
def _statement(condition: str, first: frozenset[str] | None) -> str:
    identities = sql.gathered("o.identity_id", "people_personidentity o WHERE o.person_id = p.id")
    return (
        f"SELECT {', '.join(_columns(first))}, {identities}, {', '.join(_beside(first))} FROM people_person p"
        f"{' LEFT JOIN people_company c ON c.id = p.company_id' if first is None or 'company' in first else ''}"
        f" WHERE {condition} AND p.id {NOT_BINNED}"
    )


def _columns(first: Collection[str] | None) -> Sequence[str]:
    """The columns of a person and its company; NULL in the place of one whose name nobody asks for."""
    if first is None:
        return _COLUMNS
    plain = (f"p.{name}" if name in first or name in ALWAYS else "NULL" for name in PLAIN)
    company = (f"c.{name}" if "company" in first else "NULL" for name in OF_COMPANY)
    return [*(f"p.{name}" for name in STANDING), *plain, *company]


def _beside(first: Collection[str] | None) -> list[str]:
    """What lies in other tables, likewise."""
    return [told if first is None or name in first else "NULL" for name, told in _gathered().items()]


@cache
def _gathered() -> dict[str, str]:
    """Expressions of what lies in other tables."""
    tags = "people_persontag w JOIN people_tag t ON t.id = w.tag_id WHERE w.person_id = p.id"
    addresses = (
        "people_personidentity a JOIN ledger_identity i ON i.id = a.identity_id"
        " WHERE a.person_id = p.id AND a.is_valid AND i.kind IN ('email', 'phone')"
    )
    consents = "people_consent k JOIN people_purpose u ON u.id = k.purpose_id WHERE k.person_id = p.id AND k.is_given"
    return {
        "tags": sql.gathered("t.name", tags),
        "fields": fields.gathered("person", "p.id"),
        OWN_OF_COMPANY: fields.gathered("company", "p.company_id"),
        "consents": sql.gathered("u.key", consents),
        "addresses": sql.gathered("i.kind || ' ' || a.label", addresses),
    }


def _addresses(kinds_and_labels: Sequence[str]) -> Attributes:
    parted = [one.partition(" ") for one in kinds_and_labels]
    found: Attributes = {}
    for kind in ("email", "phone"):
        labels = [label for one, _blank, label in parted if one == kind]
        found[f"{kind}_count"] = len(labels)
        found[f"{kind}_labels"] = [label for label in labels if label]
    return found


NO_ADDRESSES = _addresses(())


def _company(row: Sequence[Any], own: str | None) -> Attributes:
    told: Attributes = dict(zip(OF_COMPANY, row, strict=True))
    return told | {"fields": fields.read(own)}


def _one(row: Sequence[Any]) -> Known:
    _, anchor, created_at, since, owner, company, no_mail, no_calls = row[: len(STANDING)]
    told: Attributes = dict(zip(PLAIN, row[len(STANDING) : _COMPANY_AT], strict=True))
    told["owner"] = owner
    tags, own, own_of_company, consents, addresses = row[_GATHERED_AT + 1 :]
    told["company"] = None if company is None else _company(row[_COMPANY_AT:_GATHERED_AT], own_of_company)
    told["tags"] = [] if tags is None else sql.values_of(tags)
    told["fields"] = fields.read(own)
    told["consents"] = [] if consents is None else sql.values_of(consents)
    told |= NO_ADDRESSES if addresses is None else _addresses(sql.values_of(addresses))
    told["has_email"], told["has_phone"] = bool(told["email"]), bool(told["phone"])
    told["unsubscribed"], told["do_not_call"] = no_mail is not None, no_calls is not None
    return Known(
        anchor=anchor,
        stage=str(told["stage"]),
        owner=owner,
        created_at=sql.moment(created_at),
        stage_since=sql.moment(since),
        unsubscribed_at=no_mail and sql.moment(no_mail),
        do_not_call_at=no_calls and sql.moment(no_calls),
        identities=sql.values_of(row[_GATHERED_AT]),
        attributes=told,
    )
