"""Keeps what calls of the REST API were answered, so that a call sent twice is done once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.fernet import InvalidToken
from django.db import connection, transaction

from treaty.kit import sql, vault
from treaty.staff.models import KeptAnswer

KEPT = timedelta(hours=24)
PURPOSE = "treaty.staff.answers"
"""Under which key of the vault answers lie: they hold secrets that are shown once, and what is known of persons."""


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
        if not _took_place(call, at):
            return _kept(call)
        answer = act()
        if not 200 <= answer.status < 300:
            transaction.set_rollback(True)
            return answer
        rows = KeptAnswer.objects.filter(key=call.key, name=call.name)
        rows.update(status=answer.status, body=vault.locked(answer.body, purpose=PURPOSE))
        return answer


def _took_place(call: Call, at: datetime) -> bool:
    """Whether the name is new, or free again; the place is this transaction's from here on."""
    KeptAnswer.objects.filter(key=call.key, name=call.name, at__lt=at - KEPT).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO staff_keptanswer (key_id, name, fingerprint, status, body, at)"
            " VALUES (%s, %s, %s, 0, '', %s) ON CONFLICT (key_id, name) DO NOTHING",
            [call.key, call.name, call.fingerprint, sql.stamp(at)],
        )
        return bool(cursor.rowcount)


def _kept(call: Call) -> Answer:
    row = KeptAnswer.objects.get(key=call.key, name=call.name)
    if row.fingerprint != call.fingerprint:
        raise OtherCall(call.name)
    try:
        return Answer(row.status, vault.unlocked(row.body, purpose=PURPOSE), is_repeated=True)
    except InvalidToken:
        raise AnswerGone(call.name) from None


def erase_answers() -> None:
    """What calls were answered is readable no more: somebody was forgotten of whom it may speak. Nothing is done again."""
    KeptAnswer.objects.exclude(body="").update(body="")


def forget_answers(at: datetime) -> None:
    """Drops answers that are a day old."""
    KeptAnswer.objects.filter(at__lt=at - KEPT).delete()
