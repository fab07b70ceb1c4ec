"""Webhooks in words: why an endpoint cannot be so, why it is paused, how a call went."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from treaty.webhooks.rules import FORBIDDEN

REFUSALS = {
    "unreadable": lazy(
        "This is no address that can be called. Write it like https://example.com/hooks/treaty."
    ),
    "insecure": lazy("Messages leave encrypted only: the address begins with https://."),
    "signed_in": lazy("Leave user and password out of the address; the signature says who sends."),
    "private": lazy(
        "This address lies inside a network of its own. The operator can allow it in TREATY_OUTGOING_HOSTS."
    ),
    "kinds_missing": lazy("Choose at least one kind of fact."),
    "kind_unknown": lazy("There is no such kind of fact."),
}

STATES = {
    "waiting": lazy("waiting"),
    "delivered": lazy("delivered"),
    "failed": lazy("failed"),
}


def refusal(code: str) -> str:
    """Why an endpoint cannot be so."""
    return str(REFUSALS[code])


def pause(why: str) -> str:
    """Why an endpoint is paused."""
    return {
        "gone": _("Paused: the receiver said that it is gone (410)."),
        "failing": _("Paused: nothing was delivered for five days."),
    }.get(why, _("Paused by hand."))


def outcome(status: int | None, error: str) -> str:
    """How a call went: the status, or what stood against it."""
    if status is not None:
        return str(status)
    if error.startswith(FORBIDDEN):
        return refusal(error.removeprefix(FORBIDDEN))
    return error
