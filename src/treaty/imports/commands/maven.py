"""Brings in the Maven CRM sample: companies, staff and deals; misspellings are mended and reported."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from treaty.deals.commands import add_deals
from treaty.deals.rules import PastDeal
from treaty.imports.commands.runs import Run, begin_run, end_run
from treaty.imports.commands.staff import add_staff
from treaty.imports.reading import Table
from treaty.imports.rules import maven
from treaty.imports.rules.problems import BadRow, Dirt, Rejected, Report
from treaty.people.commands import add_companies
from treaty.people.rules import CompanyDraft
from treaty.staff.commands import NewUser


def import_maven(tables: Mapping[str, Table], *, at: datetime, by: int | None) -> Report:
    """Bring the four files in, by their names; the same files again change nothing. Raises reading.BadFile."""
    for name, columns in maven.COLUMNS.items():
        tables[name].need(columns)
    pipeline = tables["sales_pipeline.csv"]
    run = begin_run("maven", pipeline, mapping={}, at=at, by=by)
    report = Report(header=pipeline.header)
    companies = _add_companies(tables["accounts.csv"], report, run)
    staff = _add_staff(tables["sales_teams.csv"], report, run)
    _add_deals(pipeline, report, run, companies=companies, staff=staff)
    report.dirt = _dirt(tables)
    end_run(run, report)
    return report


def _add_companies(table: Table, report: Report, run: Run) -> dict[str, int]:
    drafts: list[CompanyDraft] = []
    for number, row in table.records(report.rejected):
        try:
            drafts.append(maven.company_of(row))
        except BadRow as error:
            report.rejected.append(Rejected(number, tuple(row.values()), error.fields))
    added = add_companies(drafts, at=run.at, by=run.by)
    counts = report.of("companies")
    counts.take(each.outcome for each in added)
    counts.bad = report.set_apart(0)
    return {draft.name: each.company_id for draft, each in zip(drafts, added, strict=True)}


def _add_staff(table: Table, report: Report, run: Run) -> dict[str, int]:
    before = len(report.rejected)
    names = [row["sales_agent"].strip() for _number, row in table.records(report.rejected)]
    report.of("staff").bad = report.set_apart(before)
    users = [
        NewUser(
            f"{name.casefold().replace(' ', '.')}@{maven.SOURCE}.invalid",
            name,
            "representative",
            external_key=f"{maven.SOURCE}:{name}",
        )
        for name in names
    ]
    return add_staff(users, report, run)


def _add_deals(
    table: Table, report: Report, run: Run, *, companies: Mapping[str, int], staff: Mapping[str, int]
) -> None:
    deals, before = list[PastDeal](), len(report.rejected)
    for number, row in table.records(report.rejected):
        company = companies.get(row["account"].strip())
        owner = staff.get(f"{maven.SOURCE}:{row['sales_agent'].strip()}")
        try:
            deals.append(maven.deal_of(row, company=company, owner=owner, otherwise=run.at))
        except BadRow as error:
            report.rejected.append(Rejected(number, tuple(row.values()), error.fields))
    counts = report.of("deals")
    counts.take(each.outcome for each in add_deals(deals, at=run.at, by=run.by, batch=run.id))
    counts.bad = len(report.rejected) - before
    counts.flagged = sum(bool(deal.flags) for deal in deals)


def _dirt(tables: Mapping[str, Table]) -> list[Dirt]:
    """Every misspelling that was mended, and every blank that was kept, with the number of its rows."""
    found: Counter[tuple[str, str]] = Counter()
    for name in ("accounts.csv", "sales_pipeline.csv"):
        for _number, row in tables[name].records([]):
            found.update((field, text) for field, text in row.items() if (field, text) in maven.SPELLINGS)
            if name == "sales_pipeline.csv" and not row["account"].strip():
                found["account", ""] += 1
    return [
        Dirt(field, text, rows, maven.SPELLINGS.get((field, text), "no company"))
        for (field, text), rows in sorted(found.items())
    ]
