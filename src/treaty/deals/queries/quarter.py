"""What one member of the staff won in a span of time."""

from dataclasses import dataclass
from datetime import datetime

from treaty.deals.models import Deal
from treaty.deals.queries.rows import DealRow, rows_of
from treaty.deals.rules import sums
from treaty.kit import sql
from treaty.kit.rules.money import Money


@dataclass(frozen=True, slots=True)
class Won:
    """How many deals, their sum by currency, and how many have no known value."""

    count: int
    values: tuple[Money, ...]
    unknown: int


WON = """
SELECT d.currency, COUNT(*), COUNT(d.value_minor), SUM(d.value_minor)
FROM deals_deal d JOIN deals_dealstage s ON s.id = d.stage_id
WHERE d.owner_id = %s AND s.type = 'won' AND d.closed_at >= %s AND d.closed_at < %s GROUP BY d.currency
"""


def won_by(owner: int, since: datetime, until: datetime) -> Won:
    """What an owner won in [since, until), in one question."""
    found = sql.ask(WON, [owner, sql.stamp(since), sql.stamp(until)])
    values = sums((total and int(total), currency) for currency, _count, _known, total in found)
    return Won(sum(row[1] for row in found), values, sum(row[1] - row[2] for row in found))


def deals_won_by(owner: int, since: datetime, until: datetime) -> list[DealRow]:
    """The deals behind that figure, the latest first."""
    rows = Deal.objects.filter(owner=owner, stage__type="won", closed_at__gte=since, closed_at__lt=until)
    return rows_of(rows.order_by("-closed_at", "-id"))
