"""Why leads came back, in the words of the agreement that judged them."""

from treaty.agreements.queries import version_by_id
from treaty.handovers import wording


def reason_of(version: int, code: str) -> str:
    """The agreed name of a reason, or why a lead came back that nobody returned; empty for one that did not come back."""
    reasons = version_by_id(version).document.return_reasons if code else ()
    agreed = next((one.label for one in reasons if one.code == code), "")
    return agreed or wording.said(wording.UNAGREED, code)
