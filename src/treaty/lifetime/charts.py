"""The charts of `treaty analyze value`: what was expected beside what happened. Imported where one is drawn."""

from importlib import import_module
from typing import Any

alt: Any = import_module("altair")
"""Its methods are made when it is imported: nothing is known of their types."""
Rows = list[dict[str, Any]]


def chart(found: dict[str, Any]) -> Any:
    """The chart that a model's answer carries."""
    if "periods" in found:
        return _lines(found["periods"], "period", "Renewals", "Share still there")
    if "rows" in found:
        return _bars(found["rows"], "x", "Purchases so far", f"Expected in {found['ahead']} occasions")
    if "holdout" in found:
        title = f"Mean purchases in the {found['holdout']['weeks']:g} weeks held out"
        return _lines(found["holdout"]["by_repeats"], "repeats", "Repeat purchases before", title)
    if "first_persons" in found:
        return _bars(
            found["first_persons"], "person", "Person", f"Expected in {found['worth']['weeks']:g} weeks"
        )
    return _parameters(found)


def _lines(rows: Rows, over: str, across: str, title: str) -> Any:
    names = ("expected", "happened")
    points = [
        {"at": row[over], "which": name, "mean": row[name]}
        for row in rows
        for name in names
        if row[name] is not None
    ]
    drawn = alt.Chart(alt.Data(values=points)).encode(
        x=alt.X("at:O", title=across, sort=None),
        y=alt.Y("mean:Q", title=title),
        color=alt.Color("which:N", title=None, sort=list(names)),
        strokeDash=alt.StrokeDash("which:N", title=None, sort=list(names)),
    )
    return (drawn.mark_line() + drawn.mark_point(filled=True)).properties(width=480, height=280)


def _bars(rows: Rows, over: str, across: str, title: str) -> Any:
    drawn = (
        alt.Chart(alt.Data(values=rows)).mark_bar()
        if over == "person"
        else alt.Chart(alt.Data(values=rows)).mark_point()
    )
    return drawn.encode(
        x=alt.X(f"{over}:O", title=across, sort=None), y=alt.Y("expected:Q", title=title)
    ).properties(width=480, height=280)


def _parameters(found: dict[str, Any]) -> Any:
    """Each parameter with two standard errors to each side."""
    rows = [
        {
            "name": name,
            "at": at,
            "low": at - 2 * found["errors"][name],
            "high": at + 2 * found["errors"][name],
        }
        for name, at in found["parameters"].items()
    ]
    drawn = alt.Chart(alt.Data(values=rows)).encode(y=alt.Y("name:N", title=None, sort=None))
    interval = drawn.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q", title="Parameter"), x2="high:Q")
    return (interval + drawn.mark_point(filled=True, size=80).encode(x="at:Q")).properties(
        width=480, height=150
    )
