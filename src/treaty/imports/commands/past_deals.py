"""Makes deals out of rows: whose they are, what the rows leave to what is known, and which are handed back."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time
from itertools import islice

from django.db import transaction

from treaty.deals.queries import KnownDeal, known_by_key
from treaty.deals.rules import FIRST_STAGE, LOST, WON, PastDeal
from treaty.imports.queries import holders
from treaty.imports.rules.deals import ToldDeal
from treaty.imports.rules.problems import BadField, Good, Report
from treaty.people.commands import companies_called

AT_ONCE = 1_000
"""Rows whose persons, companies and deals are looked up together."""


def past_deals(rows: Iterable[Good], report: Report, *, mode: str, at: datetime) -> Iterator[PastDeal]:
    """The deals of rows; those that mean nobody known, or a deal of an earlier row, go into the report.

    `mode` create passes over deals that are known, update those that are not. Companies that are missing are made.
    """
    rest, seen = iter(rows), set[str]()
    while chunk := list(islice(rest, AT_ONCE)):
        known = known_by_key({row.draft.key for row in chunk})
        held = holders([(kind, value) for row in chunk for _field, kind, value in row.draft.who])
        good = [row for row in chunk if _passes(row, report, seen, held, known)]
        taken = [
            row.draft for row in good if mode == "upsert" or (row.draft.key in known) is (mode == "update")
        ]
        report.of("deals").skipped += len(good) - len(taken)
        with transaction.atomic():
            companies = companies_called({(one.company, "") for one in taken if one.company}, at=at)
        for told in taken:
            yield _past(told, known.get(told.key), held, companies, at)


def _passes(
    row: Good,
    report: Report,
    seen: set[str],
    held: Mapping[tuple[str, str], int],
    known: Mapping[str, KnownDeal],
) -> bool:
    told: ToldDeal = row.draft
    if told.key in known and known[told.key].is_binned:
        report.reject(row, [BadField("external_key", "deal_binned", told.key.partition(":")[2])])
        return False
    if told.key in seen:
        report.reject(row, [BadField("external_key", "twice", told.key.partition(":")[2])])
        return False
    seen.add(told.key)
    if told.who and not any((kind, value) in held for _field, kind, value in told.who):
        field, kind, value = told.who[0]
        shown = value.partition(":")[2] if kind == "external" else value
        report.reject(row, [BadField(field, "unknown_person", shown)])
        return False
    return True


def _past(
    told: ToldDeal,
    known: KnownDeal | None,
    held: Mapping[tuple[str, str], int],
    companies: Mapping[tuple[str, str], int],
    at: datetime,
) -> PastDeal:
    """The deal as it is to stand: what the row leaves blank is as it is known, else it is new, and began now."""
    stage = told.stage or (known.stage if known else FIRST_STAGE)
    closed_at = _closed_at(told, known, stage, at) if stage in {WON, LOST} else None
    opened_at = told.opened_at or (known.opened_at if known else None) or closed_at or at
    draft = replace(
        told.draft,
        stage=stage,
        person=next((held[kind, value] for _field, kind, value in told.who if (kind, value) in held), None),
        company=companies[told.company, ""] if told.company else None,
    )
    return PastDeal(told.key, draft, opened_at, closed_at, told.reason)


def _closed_at(told: ToldDeal, known: KnownDeal | None, stage: str, at: datetime) -> datetime | None:
    """When a deal came to its end: as the row says, on the day on which it was to close, or as it is known.

    Where that day is still to come, it is known to have ended already: now.
    """
    if told.closed_at is not None:
        return told.closed_at
    day = told.draft.close_on
    planned = datetime.combine(day, time(), UTC) if day is not None else None
    if planned is not None and planned <= at:
        return planned
    return known.closed_at if known and known.stage == stage else planned and at
