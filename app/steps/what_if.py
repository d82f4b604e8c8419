"""What a user imagines, as written on the command line or in a link, and read back: paces, drops, freezes, a goal."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING

from app.answers.asked import Goal, Imagined
from app.workspace import UsageError

if TYPE_CHECKING:
    from app.steps.forecast_question import Forecasted
    from models.forecast import JointForecast
    from models.forecast.what_if import Change
    from models.readiness.score import Readiness

USUAL_ODDS = 0.8
SLOWEST, FASTEST, LONGEST_FREEZE = 0.1, 20.0, 104.0
HOW = "write CRITERION=2x (twice the pace), drop:CRITERION, or freeze:2w (weeks; d for days)"
_PACE = re.compile(r"^(?P<id>[^=\s]+)\s*=\s*(?P<factor>\d+(?:\.\d+)?|\.\d+)\s*[x×]?$", re.IGNORECASE)
_FREEZE = re.compile(r"^(?P<amount>\d+(?:\.\d+)?)\s*(?P<unit>w|weeks?|d|days?)?$", re.IGNORECASE)


def read_imagined(texts: Iterable[str]) -> Imagined:
    """Read `--what-if` as it was written; every mistake says how it is written."""
    pace: dict[str, float] = {}
    drop: list[str] = []
    freeze = 0.0
    for text in (text.strip() for text in texts):
        kind, colon, rest = text.partition(":")
        if colon and kind.lower() == "drop" and rest.strip():
            drop.append(rest.strip())
        elif colon and kind.lower() == "freeze":
            freeze += _weeks(text, rest.strip())
        else:
            name, factor = _pace(text)
            if name in pace:
                raise UsageError(f"{text!r}: the pace of {name} was given before; give it once")
            pace[name] = factor
    twice = sorted(set(pace) & set(drop))
    if twice:
        raise UsageError(f"{twice[0]} is dropped and has a pace: choose one")
    if freeze > LONGEST_FREEZE:
        raise UsageError(f"a freeze of {freeze:g} weeks is longer than {LONGEST_FREEZE:g} weeks")
    return Imagined(pace, tuple(dict.fromkeys(drop)), freeze)


def _weeks(text: str, amount: str) -> float:
    match = _FREEZE.match(amount)
    if match is None:
        raise UsageError(f"{text!r} is no freeze: write freeze:2w or freeze:10d")
    days = (match["unit"] or "w").lower().startswith("d")
    return float(match["amount"]) / (7.0 if days else 1.0)


def _pace(text: str) -> tuple[str, float]:
    match = _PACE.match(text)
    if match is None:
        raise UsageError(f"{text!r} is no change: {HOW}")
    factor = float(match["factor"])
    if not SLOWEST <= factor <= FASTEST:
        raise UsageError(f"{text!r}: a pace lies between {SLOWEST:g}x and {FASTEST:g}x")
    return match["id"], factor


def read_goal(by: str | None, odds: str | None, at: datetime, horizon_days: int) -> Goal | None:
    """Read `--by` and `--odds`; the day must lie after the forecast's own and within its horizon."""
    if by is None:
        if odds is not None:
            raise UsageError("--odds needs a day: add --by 2026-10-31")
        return None
    try:
        day = date.fromisoformat(by)
    except ValueError:
        raise UsageError(f"{by!r} is no day: write 2026-10-31") from None
    ahead = (day - at.date()).days
    if ahead <= 0:
        raise UsageError(f"--by {day} is not after the day of the forecast, {at.date()}")
    if ahead > horizon_days:
        raise UsageError(f"--by {day} lies beyond the horizon of {horizon_days} days: add --horizon {ahead}")
    return Goal(day, read_odds(odds) if odds is not None else USUAL_ODDS)


def read_odds(text: str) -> float:
    """ "80%", "80" and "0.8" are the same; nothing is ever certain."""
    bare = text.strip().removesuffix("%").strip()
    try:
        value = float(bare)
    except ValueError:
        value = math.nan
    share = value if "%" not in text and value <= 1 else value / 100
    if not 0.01 <= share <= 0.99:
        raise UsageError(f"--odds {text!r}: write a chance from 1% to 99%, such as 80%")
    return share


def imagine(imagined: Imagined, now: Forecasted) -> JointForecast:
    """The forecast under what is imagined, on the same draws."""
    from models.forecast.what_if import what_if

    return what_if(now.joint, change_of(imagined, now.joint, now.found.readiness))


def change_of(imagined: Imagined, joint: JointForecast, readiness: Readiness) -> Change:
    """The change of the model; a criterion that the plan has not, or that has no pace, is told with those that are."""
    from models.forecast.what_if import Change

    scores = {score.criterion.id: score for score in readiness.criteria if score.state != "not_applicable"}
    for name in (*imagined.pace, *imagined.drop):
        if name not in scores:
            raise UsageError(_unknown(name, list(scores)))
    for name in imagined.pace:
        if name not in joint.draws:
            known = f"those with one are {', '.join(joint.draws)}" if joint.draws else "no criterion has one yet"
            raise UsageError(f"{name} has no pace to change: too little is measured of it; {known}")
    undrawn = {
        name: (scores[name].points, scores[name].points_possible) for name in imagined.drop if name not in joint.draws
    }
    return Change(dict(imagined.pace), frozenset(imagined.drop), imagined.freeze_weeks, undrawn)


def _unknown(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, 1)
    hint = f" (did you mean {near[0]}?)" if near else ""
    return f"there is no criterion {name!r}{hint}: the plan has {', '.join(known)}"
