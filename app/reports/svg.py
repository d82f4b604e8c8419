"""A small writer of static SVG: the same bytes everywhere, no browser, light and dark.

Colours are attributes in their light form, so that a picture also works alone and on paper; `DARK_STYLE` in a page
gives the classes their dark form.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

NAMESPACE = "http://www.w3.org/2000/svg"
WIDE = 480  # units; a phone shows them at three quarters, a screen at five quarters of a pixel
FONT = "system-ui, 'DejaVu Sans', sans-serif"
# name: (on a light ground, on a dark one)
COLOURS = {
    "ink": ("#1b1f24", "#e6e9ed"),
    "soft": ("#57606a", "#9aa4af"),
    "line": ("#d9dee4", "#353c44"),
    "evidence": ("#1f5a8c", "#6fa8dc"),
    "target": ("#8a5a00", "#d9a441"),
    "gain": ("#0b6e4f", "#4fb58f"),
    "loss": ("#b3400e", "#e8804f"),
}
DARK_STYLE = "\n".join(
    f".f-{name} {{ fill: {dark}; }} .s-{name} {{ stroke: {dark}; }}" for name, (_, dark) in COLOURS.items()
)
Point = tuple[float, float]


def on_dark(svg: str) -> str:
    """The same picture with the colours of a dark ground."""
    for light, dark in COLOURS.values():
        svg = svg.replace(f'"{light}"', f'"{dark}"')
    return svg


def rect(at: Point, size: Point, colour: str, words: str = "", opacity: float = 1.0) -> str:
    """A filled rectangle; `words` are its tooltip."""
    shape = f'x="{_n(at[0])}" y="{_n(at[1])}" width="{_n(size[0])}" height="{_n(size[1])}"'
    return f"<rect {shape} {_fill(colour)}{_faint(opacity)}>{_title(words)}</rect>"


def line(start: Point, end: Point, colour: str, width: float = 1.0, dash: str = "") -> str:
    """A straight line."""
    ends = f'x1="{_n(start[0])}" y1="{_n(start[1])}" x2="{_n(end[0])}" y2="{_n(end[1])}"'
    return f"<line {ends} {_stroke(colour, width, dash)}/>"


def path(points: Sequence[Point], colour: str, width: float = 2.0, dash: str = "") -> str:
    """A line through points."""
    return f'<polyline points="{_points(points)}" fill="none" {_stroke(colour, width, dash)}/>'


def mark(at: Point, colour: str, words: str, *, is_square: bool = False) -> str:
    """A dot or a square with a tooltip."""
    if is_square:
        return rect((at[0] - 3.5, at[1] - 3.5), (7, 7), colour, words)
    return f'<circle cx="{_n(at[0])}" cy="{_n(at[1])}" r="4" {_fill(colour)}>{_title(words)}</circle>'


def text(at: Point, words: str, colour: str = "ink", anchor: str = "start", *, is_bold: bool = False) -> str:
    """Words; `anchor` is start, middle or end."""
    weight = ' font-weight="600"' if is_bold else ""
    place = f'x="{_n(at[0])}" y="{_n(at[1])}" text-anchor="{anchor}"'
    return f"<text {place} {_fill(colour)}{weight}>{escape(words)}</text>"


def picture(high: float, parts: Sequence[str], words: str) -> str:
    """The whole SVG, WIDE units wide; `words` say what it shows."""
    size = f'viewBox="0 0 {WIDE} {_n(high)}" width="{WIDE}" height="{_n(high)}"'
    font = f'font-family="{FONT}" font-size="13"'
    body = "\n".join(parts)
    return f'<svg xmlns="{NAMESPACE}" {size} {font} role="img" aria-label="{escape(words)}">\n{body}\n</svg>'


def _fill(colour: str) -> str:
    return f'class="f-{colour}" fill="{COLOURS[colour][0]}"'


def _stroke(colour: str, width: float, dash: str) -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'class="s-{colour}" stroke="{COLOURS[colour][0]}" stroke-width="{_n(width)}"{dashed}'


def _faint(opacity: float) -> str:
    return "" if opacity == 1.0 else f' fill-opacity="{_n(opacity)}"'


def _title(words: str) -> str:
    return f"<title>{escape(words)}</title>" if words else ""


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in points)


def _n(value: float) -> str:
    """A number with at most two decimals, the same on every machine."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
