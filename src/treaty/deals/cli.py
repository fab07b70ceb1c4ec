"""Reports over deals, for scripts."""

from decimal import Decimal

import click

from treaty.deals import queries
from treaty.kit import console


@click.group()
def report() -> None:
    """Figures of this installation."""


@report.command("won-by-channel")
@console.as_json
def won_by_channel(*, as_json: bool) -> None:
    """Leads and won persons of each channel; where none is known the channel is ""."""
    rows = queries.won_by_channel()
    if as_json:
        console.document([{"channel": row.channel, "leads": row.leads, "won": row.won} for row in rows])
        return
    for row in rows:
        console.say(f"{row.won:>7} of {row.leads:>9}  {row.channel or '(blank)'}")


@report.command("deals-by-outcome")
@console.as_json
def deals_by_outcome(*, as_json: bool) -> None:
    """Deals won, lost and open, and what the won ones are worth; null where no value is known, or currencies differ."""
    found = queries.deals_by_outcome()
    if as_json:
        console.document(outcomes(found))
        return
    worth = ", ".join(str(value) for value in found.won_values) or "value unknown"
    console.say(
        f"won {found.won} ({worth}; {found.won_unknown} of unknown value), lost {found.lost}, open {found.open}"
    )


def outcomes(found: queries.Outcomes) -> dict[str, object]:
    """The outcomes as JSON has them: values as numbers of major units."""
    by_currency = {value.currency: _number(value.amount) for value in found.won_values}
    only = next(iter(by_currency.values())) if len(by_currency) == 1 else None
    return {
        "won": found.won,
        "lost": found.lost,
        "open": found.open,
        "won_value": only,
        "won_value_by_currency": by_currency,
        "won_value_unknown": found.won_unknown,
    }


def _number(amount: Decimal) -> int | float:
    return int(amount) if amount == amount.to_integral_value() else float(amount)


COMMANDS = [report]
