"""Charts of funnels and cohorts. Imported where one is drawn."""

from typing import Any

import altair as alt


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
    ).properties(width=480)
    return drawn


def cohort_chart(found: dict[str, Any]) -> alt.TopLevelMixin:
    """A row for each cohort, a column for each age, darker where more came back."""
    rows = [
        {"cohort": one["cohort"], "age": age, "share": share}
        for one in found["cohorts"]
        for age, share in enumerate(one["retention"])
        if share is not None
    ]
    drawn: alt.TopLevelMixin = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_rect()
        .encode(
            alt.X("age:O", title=f"Age ({found['unit']})"),
            alt.Y("cohort:N", title="Cohort"),
            alt.Color(
                "share:Q", title="Came back", legend=alt.Legend(format=".0%"), scale=alt.Scale(scheme="greys")
            ),
        )
    )
    return drawn
