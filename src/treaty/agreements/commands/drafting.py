"""Verbs of a draft: begin it, change it, read it from a file, propose it to both sides."""

from datetime import datetime

import yaml
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext

from treaty.agreements import queries
from treaty.agreements.commands.refusals import NotValid, Refused
from treaty.agreements.facts import VersionDrafted, VersionProposed
from treaty.agreements.models import Version
from treaty.agreements.rules import ClauseProblem, Document, State, parse, sha256, starter
from treaty.ledger.commands import record
from treaty.ledger.facts import about_version
from treaty.notices.commands import tell
from treaty.staff import queries as staff
from treaty.staff.commands import audit
from treaty.staff.rules import SIGN_AGREEMENT


@transaction.atomic
def draft_version(document: Document, *, at: datetime, by: int | None) -> int:
    """Begin a new version from a document; returns its id. It gets the next number."""
    highest = Version.objects.aggregate(highest=Max("number"))["highest"] or 0
    row = Version.objects.create(
        number=highest + 1, document=plain(document), drafted_by_id=by, drafted_at=at, changed_at=at
    )
    record(VersionDrafted(row.number), about=about_version(row.pk), at=at, by=by)
    return row.pk


def amend(*, at: datetime, by: int | None) -> int:
    """Begin a new version from the one in force, else from the starter; returns its id."""
    current = queries.in_force(at)
    document = current.document if current else starting_document()
    return draft_version(document.model_copy(update={"begins_at": None}), at=at, by=by)


def starting_document() -> Document:
    """The starter agreement for this installation: its first sales team, and those of it who sign nothing.

    Raises Refused without a sales team.
    """
    teams = [team for team in staff.teams() if team.side in {"sales", "both"}]
    if not teams:
        raise Refused("no_sales_team")
    heads = {person.id for person in staff.holders_of(SIGN_AGREEMENT)}
    everybody = [person.id for person in staff.colleagues(teams[0].id)]
    members = [person for person in everybody if person not in heads] or everybody
    return starter(gettext, team=teams[0].id, members=members, currency=staff.installation().currency)


@transaction.atomic
def change_draft(version_id: int, document: Document, *, at: datetime, by: int | None) -> None:
    """Replace a draft's document. Raises Refused once it was proposed."""
    before = queries.document_of(version_id)
    changed = Version.objects.filter(pk=version_id, state=State.DRAFT).update(
        document=plain(document), changed_at=at
    )
    if not changed:
        raise Refused("not_a_draft")
    if before != document:
        hashes: dict[str, list[object]] = {"sha256": [sha256(before), sha256(document)]}
        audit("change_draft", about=("version", version_id), changes=hashes, by=by, at=at)


@transaction.atomic
def propose(version_id: int, *, at: datetime, by: int | None) -> str:
    """Propose a draft to both sides; from now on it never changes. Returns its hash. Raises NotValid, Refused."""
    row = Version.objects.get(pk=version_id)
    document = queries.document_of(version_id)
    if problems := queries.problems(document, at):
        raise NotValid(problems)
    digest = sha256(document)
    # What was checked is what is proposed: a change in between is refused.
    proposed = Version.objects.filter(pk=version_id, state=State.DRAFT, changed_at=row.changed_at).update(
        state=State.PROPOSED, sha256=digest, proposed_at=at, changed_at=at
    )
    if not proposed:
        raise Refused("not_a_draft")
    number = row.number
    record(VersionProposed(number, digest), about=about_version(version_id), at=at, by=by)
    signers = [person.id for person in staff.holders_of(SIGN_AGREEMENT) if person.id != by]
    values = {"number": number, "by": staff.user_names([by]).get(by or 0, "")}
    url = f"/agreement/versions/{number}/"
    tell(
        signers, kind="version_proposed", key=f"version-proposed:{version_id}", values=values, url=url, at=at
    )
    return digest


def export_yaml(document: Document) -> str:
    """A document as YAML, in the order of its clauses; `import_yaml` reads it back."""
    return yaml.safe_dump(plain(document), allow_unicode=True, sort_keys=False, width=100)


def import_yaml(text: str) -> Document:
    """The document of a YAML text. Raises NotValid."""
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise NotValid([ClauseProblem("", "not_yaml", {"reason": str(error)})]) from error
    document, problems = parse(data)
    if document is None:
        raise NotValid(problems)
    return document


def plain(document: Document) -> dict[str, object]:
    """A document as the database and files hold it: what is not said is left out."""
    return document.model_dump(mode="json", exclude_none=True)
