"""The chart of channels. Imported where one is drawn."""

from typing import Any

import altair as alt


def channels_chart(found: dict[str, Any]) -> alt.TopLevelMixin:
    """A bar for each channel, the longest on top."""
    drawn: alt.TopLevelMixin = (
        alt.Chart(alt.InlineData(values=found["channels"]))
        .mark_bar()
        .encode(
            alt.X("touches:Q", title="Touches", axis=alt.Axis(tickMinStep=1)),
            alt.Y("channel:N", sort="-x", title=None),
        )
        .properties(width=480, title="Through which channels they came")
    )
    return drawn
