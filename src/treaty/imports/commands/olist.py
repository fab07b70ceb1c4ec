"""Brings in the Olist marketing funnel: leads with origin and landing page, their won deals, the staff of both."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from treaty.capture.facts import FormSubmitted
from treaty.deals.commands import add_deals
from treaty.deals.rules import DealDraft, PastDeal
from treaty.imports.commands.runs import Run, begin_run, end_run
from treaty.imports.commands.staff import add_staff
from treaty.imports.reading import Table
from treaty.imports.rules import olist
from treaty.imports.rules.problems import BadField, BadRow, Rejected, Report
from treaty.ledger.commands import Entry, identify_many, record_many
from treaty.ledger.facts import about_identity
from treaty.people.commands import add_persons
from treaty.people.rules import PersonDraft
from treaty.scoring.commands import score_again
from treaty.staff.commands import NewUser


@dataclass(slots=True)
class _Leads:
    """The leads of one run by their key."""

    persons: dict[str, int] = field(default_factory=dict)
    met_at: dict[str, datetime] = field(default_factory=dict)


def import_olist(leads: Table, deals: Table, *, at: datetime, by: int | None) -> Report:
    """Bring both files in; the same files again change nothing. Raises reading.BadFile."""
    leads.need(olist.LEAD_COLUMNS)
    deals.need(olist.DEAL_COLUMNS)
    run = begin_run("olist", leads, mapping={}, at=at, by=by)
    report = Report(header=leads.header)
    found = _add_leads(leads, report, run)
    _add_deals(deals, report, found, run)
    score_again(report.persons, at=at)
    end_run(run, report)
    return report


def _add_leads(table: Table, report: Report, run: Run) -> _Leads:
    drafts, touches = list[PersonDraft](), list[tuple[str, FormSubmitted, datetime]]()
    for number, row in table.records(report.rejected):
        try:
            draft, met = olist.lead_of(row)
        except BadRow as error:
            report.rejected.append(Rejected(number, tuple(row.values()), error.fields))
            continue
        drafts.append(draft)
        touches.append(
            (draft.external[0], FormSubmitted("landing-page", draft.landing_page, draft.channel), met)
        )
    added = add_persons(drafts, at=run.at, by=run.by, source="import", batch=run.id)
    counts = report.of("persons")
    counts.take(each.outcome for each in added)
    counts.bad, counts.flagged = len(report.rejected), sum(each.is_conflict for each in added)
    report.persons = [each.person_id for each in added]
    _record_touches(touches, run)
    keys = [draft.external[0].partition(":")[2] for draft in drafts]
    return _Leads(
        dict(zip(keys, report.persons, strict=True)),
        {key: met for key, (_id, _fact, met) in zip(keys, touches, strict=True)},
    )


def _record_touches(touches: Sequence[tuple[str, FormSubmitted, datetime]], run: Run) -> None:
    identities = identify_many([("external", key) for key, _fact, _met in touches], at=run.at)
    record_many(
        [
            Entry(
                fact,
                about_identity(identities["external", key]),
                met,
                source_key=f"{key}:first_contact",
                known_at=met,
                batch=run.id,
            )
            for key, fact, met in touches
        ],
        recorded_at=run.at,
        quiet=True,
    )


def _add_deals(table: Table, report: Report, leads: _Leads, run: Run) -> None:
    before = len(report.rejected)
    rows = list(table.records(report.rejected))
    keys = dict.fromkeys(row[column].strip() for _number, row in rows for column in ("sdr_id", "sr_id"))
    staff = add_staff([_user(key) for key in keys if key], report, run)
    deals: list[PastDeal] = []
    counts = report.of("deals")
    for number, row in rows:
        try:
            deals.append(_deal(row, leads, staff))
        except BadRow as error:
            report.rejected.append(Rejected(number, tuple(row.values()), error.fields))
    counts.take(each.outcome for each in add_deals(deals, at=run.at, by=run.by, batch=run.id))
    counts.bad = report.set_apart(before)
    counts.flagged = sum(bool(deal.flags) for deal in deals)


def _user(key: str) -> NewUser:
    return NewUser(olist.staff_address(key), key[:8], "representative", external_key=f"{olist.SOURCE}:{key}")


def _deal(row: dict[str, str], leads: _Leads, staff: dict[str, int]) -> PastDeal:
    key, won = row["mql_id"].strip(), olist.won_at(row)
    if key not in leads.persons:
        raise BadRow([BadField("mql_id", "unknown_lead", key)])
    is_early = won < leads.met_at[key]
    owner = staff.get(f"{olist.SOURCE}:{row['sr_id'].strip()}")
    return PastDeal(
        key=f"{olist.SOURCE}:{key}",
        draft=DealDraft(key[:8], person=leads.persons[key], owner=owner, stage="won"),
        opened_at=won,
        closed_at=won,
        flags=(olist.BEFORE_FIRST_CONTACT,) if is_early else (),
    )
