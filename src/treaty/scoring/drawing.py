"""The chart of a predicted score: what it promised beside what came. Imported where one is drawn."""

from typing import Any

import altair as alt

from treaty.scoring.rules.predicted.drift import SHIFTED, STEADY

EDGES = alt.Scale(domain=[0, 1])


def reliability(card: dict[str, Any]) -> alt.LayerChart:
    """Each tenth of the scores with its interval; on the diagonal every promise is kept."""
    shown = card["validation"][card["validation"]["shown_first"]]
    rows = [{**one, "low": one["interval"][0], "high": one["interval"][1]} for one in shown["reliability"]]
    told = alt.Chart(alt.InlineData(values=rows))
    across = alt.X("score:Q", title="Score", scale=EDGES)
    spans = told.mark_rule().encode(x=across, y=alt.Y("low:Q", title="Converted", scale=EDGES), y2="high:Q")
    points = told.mark_point(filled=True, size=70).encode(x=across, y=alt.Y("rate:Q", scale=EDGES))
    kept = alt.Chart(alt.InlineData(values=[{"x": 0, "y": 0}, {"x": 1, "y": 1}])).mark_line(
        strokeDash=[4, 4], opacity=0.5
    )
    title = f"What was promised and what came: AUC {shown['auc']:.3f}, expected calibration error {shown['ece']:.3f}"
    return alt.LayerChart(
        layer=[kept.encode(x="x:Q", y="y:Q"), spans, points], title=title, width=420, height=420
    )


def watched(told: dict[str, Any]) -> alt.LayerChart:
    """How far the score and each field have moved: the index of drift, with the limits of moving and shifted."""
    rows = [{"of": one["of"], "psi": one["psi"]} for one in told["drift"]]
    bars = alt.Chart(alt.InlineData(values=rows)).mark_bar()
    drawn = bars.encode(
        x=alt.X("psi:Q", title="Population stability index"), y=alt.Y("of:N", title=None, sort=None)
    )
    limits = alt.Chart(alt.InlineData(values=[{"at": STEADY}, {"at": SHIFTED}])).mark_rule(strokeDash=[4, 4])
    return alt.LayerChart(layer=[drawn, limits.encode(x="at:Q")], width=420, height=60 + 24 * len(rows))
