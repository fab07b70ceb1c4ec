"""Calls the endpoints: signs what is due, sends some of it at the same time, and keeps what came of it."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from django.utils import timezone

from treaty.kit import outgoing
from treaty.kit.queries import is_held
from treaty.webhooks import commands
from treaty.webhooks.commands import Parcel, Result
from treaty.webhooks.rules import FORBIDDEN, signatures

AT_A_TIME = 8
"""Calls under way at once."""
ROUNDS = 50
"""Rounds of one turn; what is left waits for the next."""


def deliver_due(_at: datetime) -> None:
    """Send what is due, round by round, until nothing is; after a restore it waits until it is released."""
    if is_held():
        return
    with ThreadPoolExecutor(AT_A_TIME, thread_name_prefix="webhook") as pool:
        for _round in range(ROUNDS):
            parcels = commands.take_due(at=timezone.now())
            if not parcels:
                return
            # The threads only call: rows are written here, on this connection.
            for parcel, result in zip(parcels, pool.map(sent, parcels), strict=True):
                commands.record_result(parcel, result, at=timezone.now())


def sent(parcel: Parcel) -> Result:
    """What came of calling an endpoint."""
    began, at, body = time.perf_counter(), timezone.now(), parcel.body.encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Treaty",
        "webhook-id": parcel.message,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signatures(parcel.secrets, parcel.message, at, body),
    }
    try:
        answer = outgoing.post(parcel.url, body, headers)
    except outgoing.Forbidden as forbidden:
        return Result(None, _since(began), error=f"{FORBIDDEN}{forbidden.code}")
    except outgoing.Unreached as unreached:
        return Result(None, _since(began), error=str(unreached))
    return Result(answer.status, _since(began), answer.text, retry_after=answer.retry_after)


def _since(began: float) -> int:
    return round((time.perf_counter() - began) * 1000)
