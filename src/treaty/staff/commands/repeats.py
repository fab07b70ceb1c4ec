"""Keeps what calls of the REST API were answered, so that a call sent twice is done once."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.fernet import InvalidToken
from django.db import connection, transaction

from treaty.kit import sql, vault
from treaty.staff.models import AnswerSeed, KeptAnswer

KEPT = timedelta(hours=24)
PURPOSE = "treaty.staff.answers"
"""Under which keys of the vault answers lie, with a seed behind it: they hold secrets that are shown once, and what is
known of persons."""


@dataclass(frozen=True)
class Call:
    """A call as its caller named it: whose key, which name, and a hash of what was asked."""

    key: int
    name: str
    fingerprint: str


@dataclass(frozen=True)
class Answer:
    """What was answered: a status, and JSON."""

    status: int
    body: str
    is_repeated: bool = False


class OtherCall(ValueError):
    """The name stands for another call already."""


class AnswerGone(ValueError):
    """The call was done; what it was answered can be read no more."""


def do_once(call: Call, act: Callable[[], Answer], *, at: datetime) -> Answer:
    """Act and keep the answer, in one transaction; where the call was answered before, that answer.

    Raises OtherCall, AnswerGone.

    Of two calls at the same time one waits for the other. What was refused is not kept, and leaves nothing behind.
    """
    with transaction.atomic():
        if (seed := _took_place(call, at)) is None:
            return _kept(call)
        answer = act()
        if not 200 <= answer.status < 300:
            transaction.set_rollback(True)
            return answer
        rows = KeptAnswer.objects.filter(key=call.key, name=call.name)
        rows.update(status=answer.status, body=vault.locked(answer.body, purpose=PURPOSE + seed))
        return answer


def _took_place(call: Call, at: datetime) -> str | None:
    """The seed for the answer, where the name is new, or free again; the place is this transaction's from here on.

    The seed is that of the beginning: what is answered while somebody is forgotten cannot be read afterwards.
    """
    KeptAnswer.objects.filter(key=call.key, name=call.name, at__lt=at - KEPT).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO staff_keptanswer (key_id, name, fingerprint, status, body, at)"
            " VALUES (%s, %s, %s, 0, '', %s) ON CONFLICT (key_id, name) DO NOTHING"
            " RETURNING (SELECT value FROM staff_answerseed WHERE id = 1)",
            [call.key, call.name, call.fingerprint, sql.stamp(at)],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    return _first_seed() if row[0] is None else str(row[0])


def _first_seed() -> str:
    """The seed, which the first call to be kept makes."""
    AnswerSeed.objects.bulk_create([_new_seed()], ignore_conflicts=True)
    return _seed()


def _seed() -> str:
    return str(AnswerSeed.objects.values_list("value", flat=True).get(pk=1))


def _new_seed() -> AnswerSeed:
    return AnswerSeed(pk=1, value=secrets.token_hex(16))


def _kept(call: Call) -> Answer:
    row = KeptAnswer.objects.get(key=call.key, name=call.name)
    if row.fingerprint != call.fingerprint:
        raise OtherCall(call.name)
    try:
        return Answer(row.status, vault.unlocked(row.body, purpose=PURPOSE + _seed()), is_repeated=True)
    except (InvalidToken, AnswerSeed.DoesNotExist):
        raise AnswerGone(call.name) from None


def erase_answers() -> None:
    """What calls were answered is readable no more: somebody was forgotten of whom it may speak. Nothing is done again.

    The seed of their key is thrown away: one row, however many answers are kept.
    """
    AnswerSeed.objects.bulk_create(
        [_new_seed()], update_conflicts=True, unique_fields=["id"], update_fields=["value"]
    )


def forget_answers(at: datetime) -> None:
    """Drops answers that are a day old."""
    KeptAnswer.objects.filter(at__lt=at - KEPT).delete()
