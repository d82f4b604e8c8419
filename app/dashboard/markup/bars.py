"""Bars in HTML: progress to a threshold, odds, the parts of a change, a path in steps, weeks as a strip."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from app.dashboard.markup.tags import hidden, text


def bullet(share: float | None, words: str) -> str:
    """How far a value is from its baseline (0) to its threshold (1, the mark at the end); hatched where unknown."""
    if share is None:
        return f'<span class="tm-bullet tm-unknown" role="img" aria-label="{escape(words)}"></span>'
    width = 100 * min(max(share, 0.0), 1.0)
    full = " tm-full" if share >= 1 else ""
    return (
        f'<span class="tm-bullet{full}" role="img" aria-label="{escape(words)}" title="{escape(words)}">'
        f'<span style="width:{width:.1f}%"></span></span>'
    )


def odds_bar(probability: float | None, words: str) -> str:
    """A chance as a bar from 0 to 100%, with its words behind it."""
    if probability is None:
        return text(words)
    return (
        f'<span class="tm-odds"><span class="tm-track" aria-hidden="true"><span style="width:{100 * probability:.1f}%">'
        f"</span></span><b>{text(words)}</b></span>"
    )


def span_bar(low: float, high: float, scale: tuple[float, float], tone: str) -> str:
    """A part of a change between two readings on a common scale, with the line of zero."""
    return f'<span class="tm-span" aria-hidden="true">{_between(low, high, scale, tone)}</span>'


def _between(low: float, high: float, scale: tuple[float, float], tone: str) -> str:
    first, last = scale
    width = last - first or 1.0
    left, right = ((value - first) / width * 100 for value in sorted((low, high)))
    return f'<span class="tm-{tone}" style="left:{left:.2f}%;width:{max(right - left, 0.4):.2f}%"></span>'


def cause_bars(parts: Sequence[tuple[str, float, str, str]], words: str) -> str:
    """Parts of a sum, one bar each from a common line of zero: (name, size, size in words, gain or loss)."""
    sizes = [size for _, size, _, _ in parts]
    low, high = min(*sizes, 0.0), max(*sizes, 0.0)
    room = 0.03 * (high - low or 1.0)
    scale = (low - room, high + room)
    zero = 100 * (0 - scale[0]) / (scale[1] - scale[0])
    rows = "".join(
        f'<div class="tm-plain"><span class="tm-name">{text(name)}</span>'
        f'<span class="tm-points tm-wide">{text(label)}</span>'
        f'<span class="tm-span" aria-hidden="true"><i style="left:{zero:.2f}%"></i>'
        f"{_between(0.0, size, scale, tone)}</span></div>"
        for name, size, label, tone in parts
    )
    return f'<div class="tm-causes" role="group" aria-label="{escape(words)}">{rows}</div>'


def gate_bar(done: float, claimed: float | None, words: str) -> str:
    """How far the evidence of a gate goes, in percent; a hollow diamond where the document claims to be."""
    diamond = "" if claimed is None else f'<i style="left:{min(max(claimed, 0.0), 100.0):.1f}%"></i>'
    return (
        f'<span class="tm-gate" role="img" aria-label="{escape(words)}" title="{escape(words)}">'
        f'<span style="width:{done:.1f}%"></span>{diamond}</span>'
    )


def staircase(start: float, steps: Sequence[tuple[str, float]], target: float) -> str:
    """A path to the target: (HTML of what, readiness then); each step begins where the one before ends."""
    if not steps:
        return ""
    levels = [start, *(then for _, then in steps)]
    low = max(min(start, target) - 2, 0.0)
    high = max(target, *levels) + 1
    wide = 100 / (high - low)
    rows = "".join(
        f'<li><span class="tm-what">{what}</span><span class="tm-stair" aria-hidden="true"><span class="tm-rise" '
        f'style="left:{wide * (before - low):.2f}%;width:{max(wide * (then - before), 0.6):.2f}%"></span>'
        f'<span class="tm-mark" style="left:{wide * (target - low):.2f}%"></span></span></li>'
        for (what, then), before in zip(steps, levels, strict=False)
    )
    return f'<ol class="tm-stairs">{rows}</ol>'


def week_strip(weeks: Sequence[bool], words: str) -> str:
    """One cell a week, oldest first; a week without a fresh value is hollow."""
    cells = "".join(f'<i class="{"tm-gap" if is_gap else "tm-has"}"></i>' for is_gap in weeks)
    return f'<span class="tm-weeks" role="img" aria-label="{escape(words)}">{cells}</span>{hidden("")}'
