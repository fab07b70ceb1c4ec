"""The chart of credit: channels from the largest down, a bar for each model."""

from collections.abc import Mapping
from typing import Any

import altair as alt


def drawn(answer: Mapping[str, Any]) -> alt.TopLevelMixin:
    """Bars of the answer's credit, with the ends of intervals where it has them."""
    rows = answer["credit"]
    models = [one["model"] for one in answer["models"]]
    order = [row["channel"] for row in rows if row["model"] == models[0]]
    marks = alt.Chart(alt.InlineData(values=list(rows))).encode(
        y=alt.Y("channel:N", sort=order, title=None), yOffset=alt.YOffset("model:N", sort=models)
    )
    bars = marks.mark_bar().encode(
        x=alt.X("conversions:Q", title="Conversions"), color=alt.Color("model:N", sort=models, title="Model")
    )
    layers: Any = bars
    if rows and "conversions_low" in rows[0]:
        ends = marks.mark_rule().encode(x=alt.X("conversions_low:Q"), x2="conversions_high:Q")
        layers = alt.layer(bars, ends)
    size = {"step": 8 if len(models) > 1 else 18}
    chart: alt.TopLevelMixin = layers.properties(width=560, height=size, title="Who brought the conversions")
    return chart
