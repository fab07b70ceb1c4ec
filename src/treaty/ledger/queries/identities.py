"""Readings of identities: their opaque keys, and the readable values beside them."""

from collections.abc import Collection, Set
from operator import itemgetter

from django.db import connection

from treaty.kit import sql
from treaty.ledger.facts import SubjectKind
from treaty.ledger.models import Identity, Pepper
from treaty.ledger.rules import opaque

Key = tuple[str, str]
"""An identity as the ledger knows it: its kind, and the opaque key of its value."""
KEYS_AT_ONCE = 50_000
"""Keys asked for in one statement."""


def identity_values(identities: Collection[int]) -> dict[int, tuple[str, str]]:
    """The kind and readable value of identities; forgotten ones are left out."""
    statement = (
        "SELECT i.id, i.kind, x.value FROM ledger_identity i JOIN ledger_identitytext x ON x.identity_id = i.id"
        f" WHERE {sql.one_of('i.id')}"
    )
    rows = sql.ask(statement, [sql.listed(list(identities))], often=len(identities) <= sql.FEW)
    return {identity: (kind, value) for identity, kind, value in rows}


def anchor_keys(identities: Collection[int]) -> list[str]:
    """The opaque keys of identities, sorted."""
    rows = Identity.objects.filter(pk__in=list(identities)).order_by("key")
    return list(rows.values_list("key", flat=True))


def identities_with_keys(kind: str, keys: Collection[str]) -> list[int]:
    """The identities of a kind that have one of these opaque keys."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM ledger_identity WHERE kind = %s AND {sql.one_of_texts('key')} ORDER BY id",
            [kind, sql.listed(sorted(keys))],
        )
        return [row[0] for row in cursor.fetchall()]


def known_identities(pairs: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The identities of (kind, normalised value) pairs that are there; nothing is made."""
    secret = bytes.fromhex(Pepper.objects.values_list("value", flat=True).get())
    keys = {(kind, opaque(secret, kind, value)): (kind, value) for kind, value in pairs}
    return {keys[key]: identity for key, identity in identities_of_keys(keys.keys()).items()}


def identities_of_keys(keys: Set[Key]) -> dict[Key, int]:
    """The identities of opaque keys that are there."""
    # Sorted, so that pages of the index are read one after the other.
    ordered, found = sorted(map(itemgetter(1), keys)), dict[Key, int]()
    for start in range(0, len(ordered), KEYS_AT_ONCE):
        asked = ordered[start : start + KEYS_AT_ONCE]
        statement = f"SELECT id, kind, key FROM ledger_identity WHERE {sql.one_of_texts('key')}"
        rows = sql.ask(statement, [sql.listed(asked)], often=len(asked) <= sql.FEW)
        found |= {(kind, key): identity for identity, kind, key in rows if (kind, key) in keys}
    return found


def anchors_about(kind: str) -> list[str]:
    """The opaque keys of the identities that facts of one kind are about."""
    statement = (
        "SELECT DISTINCT i.key FROM ledger_touchpoint t JOIN ledger_identity i ON i.id = t.subject_id"
        " WHERE t.kind = %s AND t.subject_kind = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [kind, SubjectKind.IDENTITY.value])
        return [row[0] for row in cursor.fetchall()]
