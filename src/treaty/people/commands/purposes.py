"""Verbs about what persons may agree to: purposes, and the exact words that ask for them."""

from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from treaty.people.models import Purpose, PurposeText
from treaty.staff.commands import audit

LONGEST = 5_000
"""Characters of a text."""


class PurposeKnown(ValueError):
    """Another purpose has this name."""


def add_purpose(name: str, *, text: str, at: datetime, by: int | None) -> int:
    """Define what persons may agree to, with the words that ask for it; its id. Its key is made of the name and stays.

    Raises PurposeKnown.
    """
    with transaction.atomic():
        _refuse_known(name)
        row = Purpose.objects.create(key=_free_key(name), name=name, created_at=at)
        PurposeText.objects.create(purpose=row, version=1, text=text, created_at=at, by_id=by)
        audit("purpose_added", about=("purpose", row.pk), changes={"name": [None, name]}, by=by, at=at)
    return row.pk


def change_purpose(purpose: int, *, name: str, text: str, at: datetime, by: int | None) -> int:
    """Rename a purpose or change its words, which makes a version more; the version that counts from now on.

    Whoever agreed to other words agreed to those and no others. Raises PurposeKnown.
    """
    with transaction.atomic():
        row = Purpose.objects.select_for_update().get(pk=purpose)
        newest = PurposeText.objects.filter(purpose=row).order_by("-version").first()
        if newest is None:
            raise ValueError(f"Purpose {purpose} has no words.")
        changes: dict[str, list[object]] = {}
        version = newest.version
        if name != row.name:
            _refuse_known(name, besides=purpose)
            changes["name"] = [row.name, name]
            Purpose.objects.filter(pk=purpose).update(name=name)
        if text != newest.text:
            version += 1
            changes["version"] = [newest.version, version]
            PurposeText.objects.create(purpose=row, version=version, text=text, created_at=at, by_id=by)
        if changes:
            audit("purpose_changed", about=("purpose", purpose), changes=changes, by=by, at=at)
    return version


def retire_purpose(purpose: int, *, at: datetime, by: int | None) -> bool:
    """Ask nobody for a purpose any more; what was agreed stays. Whether it was in use."""
    with transaction.atomic():
        is_changed = bool(Purpose.objects.filter(pk=purpose, retired_at=None).update(retired_at=at))
        if is_changed:
            audit("purpose_retired", about=("purpose", purpose), changes={}, by=by, at=at)
    return is_changed


def reinstate_purpose(purpose: int, *, at: datetime, by: int | None) -> bool:
    """Put a retired purpose to use again; whether it was out of use."""
    with transaction.atomic():
        rows = Purpose.objects.filter(pk=purpose, retired_at__isnull=False)
        is_changed = bool(rows.update(retired_at=None))
        if is_changed:
            audit("purpose_reinstated", about=("purpose", purpose), changes={}, by=by, at=at)
    return is_changed


def _refuse_known(name: str, besides: int = 0) -> None:
    if Purpose.objects.filter(name__iexact=name).exclude(pk=besides).exists():
        raise PurposeKnown(name)


def _free_key(name: str) -> str:
    """A key made of the name that no other purpose has."""
    stem, number = slugify(name).replace("-", "_")[:40] or "purpose", 1
    key = stem
    while Purpose.objects.filter(key=key).exists():
        number += 1
        key = f"{stem}_{number}"
    return key
