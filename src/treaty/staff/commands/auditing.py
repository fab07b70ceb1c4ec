"""Writes down who changed what."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from structlog.contextvars import get_contextvars

from treaty.kit import sql
from treaty.kit.rows import Writing
from treaty.staff.models import AuditRow

LINES = Writing(AuditRow)
Changes = Mapping[str, Sequence[object]]
"""Field -> [before, after]; never a password, token or hash."""


def audit(
    verb: str,
    *,
    about: tuple[str, int | None],
    changes: Changes,
    by: int | None,
    at: datetime,
    request_id: str = "",
) -> None:
    """Append one line to the audit; the id of the running request is taken where none is given."""
    with sql.at_once():
        LINES.put_row(_line(verb, about, changes=changes, by=by, at=at, request_id=request_id))


def audit_each(
    verb: str, kind: str, ids: Collection[int], *, changes: Changes, by: int | None, at: datetime
) -> None:
    """Append the same line about each of some rows of a kind, at once."""
    AuditRow.objects.bulk_create(
        _line(verb, (kind, one), changes=changes, by=by, at=at) for one in sorted(ids)
    )


def audit_all(verb: str, kind: str, told: Mapping[int, Changes], *, by: int | None, at: datetime) -> None:
    """Append a line about each of some rows of a kind, each with changes of its own, at once."""
    AuditRow.objects.bulk_create(
        _line(verb, (kind, one), changes=changes, by=by, at=at) for one, changes in sorted(told.items())
    )


def _line(
    verb: str,
    about: tuple[str, int | None],
    *,
    changes: Changes,
    by: int | None,
    at: datetime,
    request_id: str = "",
) -> AuditRow:
    kind, row_id = about
    return AuditRow(
        at=at,
        by_id=by,
        verb=verb,
        about_kind=kind,
        about_id=row_id,
        changes={field: [plain(value) for value in pair] for field, pair in changes.items()},
        request_id=request_id or str(get_contextvars().get("request_id", "")),
    )


def erase_changes(about_kind: str, about_ids: Collection[int]) -> None:
    """Empty the values that the audit holds of rows whose person was forgotten; who did what, and when, stays."""
    rows = AuditRow.objects.filter(about_kind=about_kind, about_id__in=sorted(about_ids))
    rows.exclude(changes={}).update(changes={})


def plain(value: object) -> object:
    """A value as JSON can hold it."""
    return value.isoformat() if isinstance(value, date) else value


def differences(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, list[object]]:
    """The fields of `after` whose value differs from that of `before`."""
    return {field: [before.get(field), value] for field, value in after.items() if before.get(field) != value}
