"""The chart of credit: channels from the largest down, a bar for each model; conversions, and their value beside them."""

from collections.abc import Mapping
from typing import Any

import altair as alt

WIDE, HALF = 560, 360
"""Pixels of one panel by itself, and of one of two."""


def drawn(answer: Mapping[str, Any]) -> alt.TopLevelMixin:
    """Bars of the answer's credit, with the ends of intervals where it has them."""
    about = "Who brought the conversions"
    if not answer["value"]:
        alone: alt.TopLevelMixin = _panel(answer, "conversions", WIDE).properties(title=about)
        return alone
    value = _panel(answer, "value", HALF, labelled=False)
    both: alt.TopLevelMixin = (_panel(answer, "conversions", HALF) | value).properties(
        title=f"{about} and their value"
    )
    return both


def _panel(answer: Mapping[str, Any], kind: str, width: int, *, labelled: bool = True) -> Any:
    rows = answer["credit"]
    models = [one["model"] for one in answer["models"]]
    order = [row["channel"] for row in rows if row["model"] == models[0]]
    marks = alt.Chart(alt.InlineData(values=list(rows))).encode(
        y=alt.Y("channel:N", sort=order, title=None, axis=alt.Axis(labels=labelled)),
        yOffset=alt.YOffset("model:N", sort=models),
    )
    colour = alt.Color("model:N", sort=models, title="Model")
    layers: Any = marks.mark_bar().encode(x=alt.X(f"{kind}:Q", title=kind.capitalize()), color=colour)
    if rows and f"{kind}_low" in rows[0]:
        ends = marks.encode(x=alt.X(f"{kind}_low:Q"), x2=f"{kind}_high:Q")
        # A line of ink on a line of paper: seen on the darkest bar, and beside it.
        layers = alt.layer(
            layers, ends.mark_rule(color="white", strokeWidth=3), ends.mark_rule(color="black")
        )
    return layers.properties(width=width, height={"step": 8 if len(models) > 1 else 18})
