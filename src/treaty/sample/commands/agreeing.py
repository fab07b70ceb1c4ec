"""The sample company's agreement: the first version, and its amendment half way."""

from datetime import datetime

from treaty.agreements import commands as agreements
from treaty.agreements.rules import Document, Goals, Promise, Volume, starter
from treaty.sample.commands.company import Company


def first_agreement(company: Company) -> Document:
    """The starter, with the company's own figures."""
    document = starter(str, team=company.sales, members=company.representatives, currency="EUR")
    return document.model_copy(
        update={
            "goals": Goals(revenue_minor=90_000_000, currency="EUR", new_customers=45),
            "volume": Volume(leads=52, of_grade_a=14),
            "first_touch": (Promise(grades=("A",), hours=4), Promise(grades=("B", "C", "D"), hours=8)),
        }
    )


def amended(document: Document) -> Document:
    """First touch of the best leads in half the time; in return more leads."""
    promises = (Promise(grades=("A",), hours=2), Promise(grades=("B", "C", "D"), hours=8))
    return document.model_copy(update={"first_touch": promises, "volume": Volume(leads=58, of_grade_a=16)})


def agree(company: Company, document: Document, *, at: datetime) -> None:
    """Draft, propose, and sign for both sides: in force at once."""
    users = company.users
    version = agreements.draft_version(document, at=at, by=users["layla"])
    sha256 = agreements.propose(version, at=at, by=users["layla"])
    agreements.sign(version, sha256=sha256, side="marketing", at=at, by=users["layla"])
    agreements.sign(version, sha256=sha256, side="sales", at=at, by=users["tomasz"])
