"""Charts of funnels and cohorts. Imported where one is drawn."""

from typing import Any

import altair as alt

NARROW = 20
"""Ages up to which there is room for the share in each cell."""
DARK = 0.4
"""The share from which white is read better than black."""


def funnel_chart(found: dict[str, Any]) -> alt.TopLevelMixin:
    """A bar for each step, with its share of those who began."""
    rows = [
        {"step": f"{one['step']}. {one['event']}", "persons": one["persons"], "share": one["of_first"] or 0}
        for one in found["steps"]
    ]
    bars = alt.Chart(alt.InlineData(values=rows)).encode(
        alt.Y("step:N", sort=None, title=None), alt.X("persons:Q", title="Persons")
    )
    share = alt.Text("share:Q", format=".1%")
    drawn: alt.TopLevelMixin = (
        bars.mark_bar() + bars.mark_text(align="left", dx=4).encode(share)
    ).properties(width=480, title="From step to step")
    return drawn


def cohort_chart(found: dict[str, Any]) -> alt.TopLevelMixin:
    """A row for each cohort, a column for each age, darker where more came back; the share in each cell where it has room."""
    rows = [
        {"cohort": one["cohort"], "age": age, "share": share}
        for one in found["cohorts"]
        for age, share in enumerate(one["retention"])
    ]
    # By the root, since after the first period few come back, and the differences between them are what is asked.
    scale = alt.Scale(scheme="greys", type="sqrt", domain=[0, 1])
    cells = alt.Chart(alt.InlineData(values=rows)).encode(
        alt.X("age:O", title=f"Age ({found['unit']})", axis=alt.Axis(labelAngle=0)),
        alt.Y("cohort:N", title="Cohort"),
    )
    drawn: Any = cells.mark_rect().encode(
        alt.Color("share:Q", title="Came back", legend=alt.Legend(format=".0%"), scale=scale)
    )
    if max(row["age"] for row in rows) < NARROW:
        on = alt.condition(alt.datum.share > DARK, alt.value("white"), alt.value("black"))
        drawn += cells.mark_text(fontSize=10).encode(alt.Text("share:Q", format=".0%"), color=on)
    told: alt.TopLevelMixin = drawn.properties(width={"step": 28}, title="Who came back")
    return told
