"""The colours of the charts on a light ground, and what takes their place on a dark one."""

from __future__ import annotations

import json
from typing import Any, Final

INK: Final = "#1B2430"
MUTED: Final = "#5B6673"
GRID: Final = "#E8EBEF"
EVIDENCE: Final = "#1F5A8C"  # what was measured
CLAIM: Final = "#7A4A9E"  # what a document claims: always hollow, too
TARGET: Final = "#8A5A00"  # the goal: always dashed, too
GAIN: Final = "#0B6E4F"
LOSS: Final = "#B3400E"
SAME: Final = "#8A94A0"  # no change
SIMULATED: Final = "#F3EEE4"  # the ground under simulated weeks
DARK_GROUND: Final = "#14181D"
_ON_DARK: Final = {
    INK: "#E6E9ED",
    MUTED: "#A3ADB8",
    GRID: "#2C343D",
    EVIDENCE: "#6FA8DC",
    CLAIM: "#B98FD9",
    TARGET: "#D9A441",
    GAIN: "#4FB58F",
    LOSS: "#E8804F",
    SIMULATED: "#2A2620",
    "white": DARK_GROUND,
}


def dark_of(colour: str) -> str:
    """What takes the place of a colour of the light ground; others stay."""
    return _ON_DARK.get(colour, colour)


def on_dark(spec: dict[str, Any]) -> dict[str, Any]:
    """The Vega-Lite of a chart with the colours of a dark ground."""
    text = json.dumps(spec)
    for light, dark in _ON_DARK.items():
        text = text.replace(json.dumps(light), json.dumps(dark))
    turned: dict[str, Any] = json.loads(text)
    return turned
