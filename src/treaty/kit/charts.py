"""Charts outside the browser: Altair's drawings as SVG, in the colours of the pages. Imported where one is drawn."""

from pathlib import Path
from typing import Any

import altair as alt
import vl_convert

COLOURS = ("#3d4152", "#b5762a", "#5b7fb8", "#9a6a92", "#7d8440", "#a8554f", "#8c93a8", "#c9a66b")
"""Ink first. None is violet or teal, which mean the two teams; told apart also without red and green."""
LOOK: dict[str, Any] = {
    "background": "white",
    "font": "sans-serif",
    "view": {"stroke": None},
    "mark": {"color": COLOURS[0]},
    "text": {"color": "black"},
    "rule": {"color": "black"},
    "range": {"category": list(COLOURS)},
    "axis": {"domainColor": "#8a8a8a", "gridColor": "#e6e6e6", "labelFontSize": 12, "titleFontSize": 12},
    "title": {"anchor": "start", "fontSize": 15},
}


def draw(chart: alt.TopLevelMixin, path: Path) -> None:
    """Write the chart to a file as SVG. Raises OSError where it cannot be written."""
    told = {**chart.to_dict(), "config": LOOK}
    path.write_text(vl_convert.vegalite_to_svg(told), encoding="utf-8")
