"""Small pictures as SVG in the page: a course with its threshold, dates on an axis. Each has words beside it."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from datetime import datetime
from html import escape
from typing import NamedTuple

from app.dashboard.palette import CLAIM, EVIDENCE, GAIN, GRID, LOSS, MUTED, TARGET, dark_of

AXIS_ROW = 40  # of a date axis: a name and, below it, its dots
Points = Sequence[tuple[datetime, float]]


class Look(NamedTuple):
    """Which ground a picture is drawn on."""

    dark: bool = False

    def colour(self, light: str) -> str:
        """The colour that takes the place of a light one."""
        return dark_of(light) if self.dark else light


def sparkline(values: Sequence[float], words: str, look: Look, threshold: float | None = None) -> str:
    """A course without axes; the last value is a dot, the threshold a dashed line."""
    if not values:
        return ""
    wide, high = 110, 28
    marks = [*values, *([threshold] if threshold is not None else [])]
    low, top = min(marks), max(marks)
    y = _scale(low, top, high - 4, 4)
    step = (wide - 8) / max(len(values) - 1, 1)
    line = " ".join(f"{4 + step * k:.1f},{y(value):.1f}" for k, value in enumerate(values))
    parts = []
    if threshold is not None:
        parts.append(
            f'<path d="M2 {y(threshold):.1f}H{wide - 2}" stroke="{look.colour(TARGET)}" stroke-dasharray="3 3"/>'
        )
    colour = look.colour(EVIDENCE)
    parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.8"/>')
    last = 4 + step * (len(values) - 1)
    parts.append(f'<circle cx="{last:.1f}" cy="{y(values[-1]):.1f}" r="2.6" fill="{colour}"/>')
    return image(wide, high, "".join(parts), words, "tm-spark")


def trend(points: Points, threshold: float, needs: str, words: str, look: Look) -> str:
    """A course over time, step by step, with its threshold by name and the days of its ends."""
    wide, high = 420, 130
    values = [value for _, value in points]
    low, top = min(*values, threshold), max(*values, threshold)
    pad = (top - low or abs(top) or 1.0) * 0.08
    y = _scale(low - pad, top + pad, high - 22, 16)
    first, last = points[0][0].timestamp(), points[-1][0].timestamp()
    x = _scale(first, last, 8, wide - 8)
    path, grey = [f"M{x(first):.1f} {y(values[0]):.1f}"], look.colour(MUTED)
    path += [f"H{x(at.timestamp()):.1f}V{y(value):.1f}" for at, value in points[1:]]
    parts = [
        f'<path d="M8 {high - 21}H{wide - 8}" stroke="{look.colour(GRID)}"/>',
        f'<path d="M8 {y(threshold):.1f}H{wide - 8}" stroke="{look.colour(TARGET)}" stroke-dasharray="5 4"/>',
        f'<text x="8" y="{y(threshold) - 5:.1f}" fill="{look.colour(TARGET)}">{escape(needs)}</text>',
        f'<path d="{"".join(path)}" fill="none" stroke="{look.colour(EVIDENCE)}" stroke-width="2"/>',
        f'<circle cx="{x(last):.1f}" cy="{y(values[-1]):.1f}" r="3.5" fill="{look.colour(EVIDENCE)}"/>',
        f'<text x="8" y="{high - 6}" fill="{grey}">{_day(points[0][0])}</text>',
        f'<text x="{wide - 8}" y="{high - 6}" text-anchor="end" fill="{grey}">{_day(points[-1][0])}</text>',
    ]
    return image(wide, high, "".join(parts), words, "tm-trend")


class Dot(NamedTuple):
    """A mark on a date axis: when, hollow or filled, good, bad or neither."""

    at: datetime
    tone: str = "claim"  # claim, good, bad


def date_axis(rows: Sequence[tuple[str, Sequence[Dot]]], words: str, look: Look, today: datetime) -> str:
    """A row of dots for each name, on one axis of days; a line through today."""
    stamps = [dot.at.timestamp() for _, dots in rows for dot in dots] + [today.timestamp()]
    wide, high = 520, AXIS_ROW * len(rows) + 30
    x = _scale(min(stamps), max(stamps), 40, wide - 40)
    tones = {"claim": CLAIM, "good": GAIN, "bad": LOSS}
    grey, now = look.colour(MUTED), x(today.timestamp())
    parts = [f'<path d="M{now:.1f} 6V{high - 22}" stroke="{look.colour(TARGET)}" stroke-dasharray="4 3"/>']
    for k, (name, dots) in enumerate(rows):
        y = 30 + AXIS_ROW * k
        parts.append(f'<text x="4" y="{y - 14}" fill="{grey}">{escape(_short(name))}</text>')
        parts.append(f'<path d="M4 {y}H{wide - 4}" stroke="{look.colour(GRID)}"/>')
        if len(dots) > 1:
            ends = sorted(x(dot.at.timestamp()) for dot in dots)
            parts.append(f'<path d="M{ends[0]:.1f} {y}H{ends[-1]:.1f}" stroke="{grey}"/>')
        for dot in dots:
            colour = look.colour(tones[dot.tone])
            fill = "none" if dot.tone == "claim" else colour
            parts.append(
                f'<circle cx="{x(dot.at.timestamp()):.1f}" cy="{y}" r="5" fill="{fill}" stroke="{colour}" '
                'stroke-width="2"/>'
            )
    for stamp in sorted({min(stamps), max(stamps), today.timestamp()}):
        parts.append(
            f'<text x="{x(stamp):.1f}" y="{high - 6}" text-anchor="middle" fill="{grey}">'
            f"{_day(datetime.fromtimestamp(stamp, today.tzinfo))}</text>"
        )
    return image(wide, high, "".join(parts), words, "tm-axis")


def image(wide: int, high: int, parts: str, words: str, name: str) -> str:
    """An SVG as an image of the page; its words are the alternative text."""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}" '
        f'font-family="system-ui,sans-serif" font-size="12">{parts}</svg>'
    )
    return as_image(svg, words, name)


def as_image(svg: str, words: str, name: str) -> str:
    """A whole SVG as an image of the page; its words are the alternative text."""
    coded = base64.b64encode(svg.encode()).decode()
    return f'<img class="{name}" alt="{escape(words)}" src="data:image/svg+xml;base64,{coded}">'


def _scale(low: float, top: float, at_low: float, at_top: float) -> Callable[[float], float]:
    """Readings on a line of the picture; equal ends give its middle."""
    if top == low:
        return lambda _value: (at_low + at_top) / 2
    return lambda value: at_low + (value - low) / (top - low) * (at_top - at_low)


def _day(at: datetime) -> str:
    return f"{at.day} {at:%b %Y}"


def _short(name: str) -> str:
    return name if len(name) <= 64 else f"…{name[-63:]}"
