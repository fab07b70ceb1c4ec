"""Everything that deals know of one person, for the person."""

from typing import Any

from treaty.deals.models import Deal
from treaty.documents.queries import DocumentRow, documents_of
from treaty.ledger.facts import about_deal
from treaty.ledger.queries import told_of

FIELDS = ("name", "value_minor", "currency", "opened_at", "close_on", "closed_at", "reason", "next_step")


def known_of(person: int) -> dict[str, Any]:
    """The person's deals, and what happened with each."""
    rows = Deal.objects.filter(person=person).order_by("pk").values("pk", "stage__name", *FIELDS)
    return {
        "deals": [
            {
                **{name: row[name] for name in FIELDS},
                "stage": row["stage__name"],
                "touchpoints": told_of([about_deal(row["pk"])]),
                "documents": [file.name for file in documents_of("deal", row["pk"])],
            }
            for row in rows
        ]
    }


def files_of(person: int) -> list[DocumentRow]:
    """The documents on the person's deals."""
    deals = Deal.objects.filter(person=person).order_by("pk").values_list("pk", flat=True)
    return [file for deal in deals for file in documents_of("deal", deal)]
