"""What every chart shares: a restrained palette that colour-blind readers can tell apart, local fonts, quiet axes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, NamedTuple

import altair as alt

from app.dashboard.palette import GRID, INK, MUTED

FONT: Final = '"Source Sans", "Source Sans Pro", system-ui, sans-serif'
DAY_AXIS: Final = (
    "timeFormat(datum.value, '%-d %b') + (timeFormat(datum.value, '%m') == '01' ? timeFormat(datum.value, ' %Y') : '')"
)


class Drawing(NamedTuple):
    """A chart that is not built yet: building one takes a fifth of a second, so pages cache them."""

    build: Callable[..., Any]
    given: tuple[Any, ...]


def drawn(build: Callable[..., Any]) -> Callable[..., Drawing]:
    """Turn the builder of a chart into a function that returns a Drawing."""

    @wraps(build)
    def order(*given: Any) -> Drawing:
        return Drawing(build, given)

    return order


def with_data_inside(spec: dict[str, Any]) -> dict[str, Any]:
    """The same chart, its named data sets written where they are used."""
    sets: dict[str, Any] = spec.get("datasets", {})
    inside: dict[str, Any] = _filled({name: part for name, part in spec.items() if name != "datasets"}, sets)
    own = inside.pop("data", None)
    if own is None or "layer" not in inside:
        return {**inside, "data": own} if own is not None else inside
    return {**inside, "layer": [{"data": own, **layer} for layer in inside["layer"]]}


def _filled(part: Any, sets: dict[str, Any]) -> Any:
    if isinstance(part, list):
        return [_filled(entry, sets) for entry in part]
    if not isinstance(part, dict):
        return part
    return {
        name: {"values": sets[entry["name"]]} if name == "data" and entry.get("name") in sets else _filled(entry, sets)
        for name, entry in part.items()
    }


def dress(chart: Any, height: int) -> Any:
    """The same chart with the shared fonts, colours and axes."""
    return (
        chart.properties(height=height)
        .configure(font=FONT, background="transparent", padding={"left": 4, "right": 12, "top": 8, "bottom": 4})
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=MUTED,
            titleColor=MUTED,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            gridColor=GRID,
            domainColor=GRID,
            tickColor=GRID,
        )
        .configure_axisX(grid=False, labelFlush=False)
        .configure_legend(labelColor=INK, titleColor=MUTED, labelFontSize=12, orient="top", title=None)
        .configure_text(font=FONT, fontSize=12, color=MUTED)
    )


def time_axis(title: str | None = None, field: str = "at", **more: Any) -> alt.X:
    """The time axis: month names, and a year where one begins."""
    return alt.X(f"{field}:T", title=title, axis=alt.Axis(tickCount=8, labelExpr=DAY_AXIS, labelOverlap=True), **more)
