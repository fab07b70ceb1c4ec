"""Whose Today it is: which face of the page a role sees."""

from collections.abc import Collection

from treaty.staff.rules import DECIDE_HANDOVERS, MARKETING, SIGN_AGREEMENT

HEAD, MARKETER, SELLER, ONLOOKER = "head", "marketing", "sales", "onlooker"


def face(side: str, permissions: Collection[str]) -> str:
    """The face of Today: who signs the agreement leads; the others work on their side, or look on."""
    if SIGN_AGREEMENT in permissions:
        return HEAD
    if side == MARKETING:
        return MARKETER
    return SELLER if DECIDE_HANDOVERS in permissions else ONLOOKER
