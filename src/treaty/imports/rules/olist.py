"""The two files of the Olist marketing funnel: leads, and the deals that closed. Mapping: docs/how-to/import.md."""

from collections.abc import Mapping
from datetime import UTC, datetime

from treaty.imports.rules.dates import moment
from treaty.imports.rules.problems import BadField, BadRow
from treaty.people.rules import PersonDraft, Stage

LEAD_COLUMNS = ("mql_id", "first_contact_date", "landing_page_id", "origin")
DEAL_COLUMNS = ("mql_id", "sdr_id", "sr_id", "won_date")
SOURCE = "olist"
BEFORE_FIRST_CONTACT = "won_before_first_contact"
"""The flag of a deal that was won before its lead's first contact: kept, and to be looked at."""


def lead_of(row: Mapping[str, str]) -> tuple[PersonDraft, datetime]:
    """The person of a lead, and when the first contact was; raises BadRow. A blank origin stays blank."""
    key = row["mql_id"].strip()
    if not key:
        raise BadRow([BadField("mql_id", "blank")])
    try:
        at = moment(row["first_contact_date"])
    except ValueError:
        raise BadRow(
            [BadField("first_contact_date", "bad_added_at", row["first_contact_date"][:80])]
        ) from None
    draft = PersonDraft(
        external=(f"{SOURCE}:{key}",),
        channel=row["origin"].strip(),
        landing_page=row["landing_page_id"].strip(),
        stage=Stage.MQL,
        added_at=at,
    )
    return draft, at


def won_at(row: Mapping[str, str]) -> datetime:
    """When a deal was won; raises BadRow."""
    try:
        return datetime.fromisoformat(row["won_date"].strip()).replace(tzinfo=UTC)
    except ValueError:
        raise BadRow([BadField("won_date", "bad_added_at", row["won_date"][:80])]) from None


def staff_address(key: str) -> str:
    """The address of somebody of whom only a key is known; nothing can be sent to it."""
    return f"{key}@{SOURCE}.invalid"
