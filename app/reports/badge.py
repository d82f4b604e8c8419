"""One figure as a badge: an SVG, or the endpoint JSON that badge services such as shields.io turn into one."""

from __future__ import annotations

import json
from typing import Literal, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from app.answers.types.forecast import ForecastAnswer
from app.answers.types.status import StatusAnswer
from app.wording.numbers import number_beside, odds
from app.workspace import UsageError

Shown = Literal["readiness", "verdict", "odds"]
# Dark enough for white text (contrast of at least 4.5 to 1).
_COLOURS = {"green": "#1b7f3b", "amber": "#8a6100", "red": "#b3261e", "grey": "#5f6368"}
_NAMES = {"green": "brightgreen", "amber": "yellow", "red": "red", "grey": "lightgrey"}  # as the services call them
_VERDICTS = {"GO": "green", "CONDITIONAL GO": "amber", "NO-GO": "red"}
_SIGN_WIDTH = 7.2  # of 11 px text, generously: the text is stretched to fit


class Badge(NamedTuple):
    """What a badge says, and the colour of its right half."""

    label: str
    message: str
    colour: str


def badge_of(shown: Shown, status: StatusAnswer, forecast: ForecastAnswer | None) -> Badge:
    """The badge of one figure. UsageError: odds without a promised day."""
    badge = {"readiness": _readiness, "verdict": _verdict}[shown](status) if shown != "odds" else _odds(forecast)
    is_simulated = status["simulated"]
    return badge._replace(message=f"{badge.message} (simulated)") if is_simulated else badge


def _readiness(status: StatusAnswer) -> Badge:
    readiness = status["readiness"]
    value, target = readiness["value"], readiness["target"]
    if value is None or not readiness["known_weight"]:
        return Badge("readiness", "unknown", "grey")
    colour = "green" if value >= target else "amber" if value >= target / 2 else "red"
    return Badge("readiness", f"{number_beside(value, target)} of 100", colour)


def _verdict(status: StatusAnswer) -> Badge:
    verdict = status["decision"]["verdict"]
    return Badge("deployment", verdict, _VERDICTS[verdict])


def _odds(forecast: ForecastAnswer | None) -> Badge:
    promised = forecast["promised"] if forecast else None
    if promised is None:
        raise UsageError("the plan promises no day, so there are no odds: add promised = 2026-03-31 to [readiness]")
    chance = promised["probability"]
    if chance is None:
        return Badge(f"GO by {promised['date']}", "unknown", "grey")
    return Badge(
        f"GO by {promised['date']}", odds(chance), "green" if chance >= 0.8 else "amber" if chance >= 0.5 else "red"
    )


def endpoint_json(badge: Badge) -> str:
    """The JSON that a badge service asks for."""
    body = {"schemaVersion": 1, "label": badge.label, "message": badge.message, "color": _NAMES[badge.colour]}
    return json.dumps(body, ensure_ascii=False) + "\n"


def badge_svg(badge: Badge) -> str:
    """The SVG: readable by a screen reader, and without any outside resource."""
    left, right = (round(len(text) * _SIGN_WIDTH + 12) for text in (badge.label, badge.message))
    whole, name = left + right, f"{badge.label}: {badge.message}"
    texts = "".join(
        f'<text x="{x}" y="14" textLength="{width - 12}" lengthAdjust="spacingAndGlyphs">{escape(text)}</text>'
        for x, width, text in ((left / 2, left, badge.label), (left + right / 2, right, badge.message))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="20" role="img" aria-label={quoteattr(name)}>'
        f"<title>{escape(name)}</title>"
        f'<rect width="{whole}" height="20" rx="3" fill="#3c4043"/>'
        f'<path d="M{left} 0h{right - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H{left}z" fill="{_COLOURS[badge.colour]}"/>'
        f'<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">{texts}</g>'
        "</svg>\n"
    )
