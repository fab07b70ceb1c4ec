"""Verbs of notices: tell staff in the page and by mail, and keep what was read."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from treaty.mail import commands as mail
from treaty.notices import wording
from treaty.notices.models import Notice
from treaty.staff import queries as staff
from treaty.staff.queries import Reader


@dataclass(frozen=True)
class Telling:
    """What is told: its kind, the key that makes telling it twice a no-op, its values, and where it leads."""

    kind: str
    key: str
    values: Mapping[str, Any]
    url: str


@transaction.atomic
def tell(
    user_ids: Collection[int], *, kind: str, key: str, values: Mapping[str, Any], url: str, at: datetime
) -> int:
    """Tells each active user once for each key, in the page and by mail; returns how many had not been told.

    `kind` is one of wording.KINDS, whose texts name the values they need; `url` is a path of this installation.
    """
    telling = Telling(kind, key, dict(values), url)
    wording.headline(kind, values)
    wording.sentence(kind, values)
    readers = staff.readers(user_ids)
    told = set(Notice.objects.filter(user__in=readers, key=key).values_list("user", flat=True))
    new = sorted(readers.keys() - told)
    rows = [
        Notice(user_id=one, key=key, kind=kind, values=dict(values), url=url, created_at=at) for one in new
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    mail.send_many([letter(one, readers[one], telling) for one in new], at=at)
    return len(new)


def letter(user_id: int, reader: Reader, telling: Telling) -> mail.Draft:
    """The notice as a mail, in the reader's own language and time zone."""
    language, zone = (
        reader.language or settings.LANGUAGE_CODE,
        ZoneInfo(reader.time_zone or settings.TIME_ZONE),
    )
    with translation.override(language), timezone.override(zone):
        headline = wording.headline(telling.kind, telling.values)
        context = {
            "headline": headline,
            "sentence": wording.sentence(telling.kind, telling.values),
            "address": urljoin(settings.PUBLIC_URL, telling.url),
            "because": _("You get this mail because you work with Treaty at this address."),
            "language": language,
            "is_rtl": translation.get_language_bidi(),
        }
        return mail.Draft(
            key=f"notice:{user_id}:{telling.key}",
            recipient=reader.email,
            subject=headline,
            body=render_to_string("notices/mail.txt", context),
            html=render_to_string("notices/mail.html", context),
        )


def read(user_id: int, notice_id: int, *, at: datetime) -> bool:
    """The user has seen one notice."""
    return bool(Notice.objects.filter(user=user_id, pk=notice_id, read_at=None).update(read_at=at))


def read_all(user_id: int, *, at: datetime) -> int:
    """The user has seen all notices; returns how many were new."""
    return Notice.objects.filter(user=user_id, read_at=None).update(read_at=at)


@transaction.atomic
def withdraw(urls: Collection[str]) -> int:
    """Take back every notice that leads to one of these pages, and its mail: it names somebody who was forgotten."""
    rows = Notice.objects.filter(url__in=sorted(urls))
    pairs = rows.order_by("pk").values_list("user_id", "key")
    mail.forget_letters([f"notice:{user}:{key}" for user, key in pairs])
    return rows.delete()[0]
