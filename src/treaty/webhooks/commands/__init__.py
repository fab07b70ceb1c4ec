"""Verbs of webhooks: name endpoints, read the ledger on for them, keep what became of each message."""

from treaty.webhooks.commands.delivering import (
    Parcel,
    Result,
    forget_ended,
    record_result,
    send_again,
    send_again_since,
    send_test,
    take_due,
)
from treaty.webhooks.commands.forgetting import forget_echoes
from treaty.webhooks.commands.naming import (
    Refused,
    add_endpoint,
    change_endpoint,
    exchange_secret,
    pause,
    remove_endpoint,
    resume,
)
from treaty.webhooks.commands.queueing import queue_facts

__all__ = [
    "Parcel",
    "Refused",
    "Result",
    "add_endpoint",
    "change_endpoint",
    "exchange_secret",
    "forget_echoes",
    "forget_ended",
    "pause",
    "queue_facts",
    "record_result",
    "remove_endpoint",
    "resume",
    "send_again",
    "send_again_since",
    "send_test",
    "take_due",
]
