"""Marks rows that came or changed, in the transaction that changed them, so that others can read on what changed since."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from treaty.kit import sql
from treaty.kit.models import ChangedRow


def mark_changed(kind: str, rows: Iterable[int]) -> None:
    """Write down that rows of a kind came or changed; one cheap write."""
    moment = sql.written(timezone.now())
    sql.write_each("kit_changedrow", "row", list(rows), kind=kind, at=moment)


def forget_marks(*, before: datetime) -> None:
    """Drop marks that were written before a time."""
    ChangedRow.objects.filter(at__lt=before).delete()
