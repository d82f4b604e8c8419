"""Scenarios and goals as written on the command line or in a link: paces, dropped criteria, freezes, a day."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from app.answers.asked import Goal, Scenario
from app.workspace import UsageError, no_criterion

if TYPE_CHECKING:
    from app.steps.date.question import Forecasted
    from models.forecast import JointForecast
    from models.forecast.what_if import ScenarioChange
    from models.readiness.score import Readiness

USUAL_ODDS = 0.8
SLOWEST, FASTEST, LONGEST_FREEZE = 0.1, 20.0, 104.0
HOW = "write CRITERION=2x (twice the pace), drop:CRITERION, or freeze:2w (weeks; d for days)"
_PACE = re.compile(r"^(?P<id>[^=\s]+)\s*=\s*(?P<factor>\d+(?:\.\d+)?|\.\d+)\s*[x×]?$", re.IGNORECASE)
_FREEZE = re.compile(r"^(?P<amount>\d+(?:\.\d+)?)\s*(?P<unit>w|weeks?|d|days?)?$", re.IGNORECASE)


def read_scenario(texts: Iterable[str]) -> Scenario:
    """Read the values of `--what-if`. UsageError: how each is written."""
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
                raise UsageError(f"{text!r}: the pace of {name} is given twice; give it once")
            pace[name] = factor
    scenario = Scenario(pace, tuple(dict.fromkeys(drop)), freeze)
    _refuse_contradictions(scenario)
    return scenario


def _refuse_contradictions(scenario: Scenario) -> None:
    twice = sorted(set(scenario.pace) & set(scenario.drop))
    if twice:
        raise UsageError(f"{twice[0]} is dropped and has a pace: choose one")
    if scenario.freeze_weeks > LONGEST_FREEZE:
        raise UsageError(f"a freeze of {scenario.freeze_weeks:g} weeks is longer than {LONGEST_FREEZE:g} weeks")


def _weeks(text: str, amount: str) -> float:
    match = _FREEZE.match(amount)
    if match is None:
        raise UsageError(f"{text!r} is not a freeze: write freeze:2w or freeze:10d")
    days = (match["unit"] or "w").lower().startswith("d")
    return float(match["amount"]) / (7.0 if days else 1.0)


def _pace(text: str) -> tuple[str, float]:
    match = _PACE.match(text)
    if match is None:
        raise UsageError(f"{text!r} is not a change: {HOW}")
    factor = float(match["factor"])
    if not SLOWEST <= factor <= FASTEST:
        raise UsageError(f"{text!r}: the pace must be between {SLOWEST:g}x and {FASTEST:g}x")
    return match["id"], factor


def read_goal(by: str | None, odds: str | None, at: datetime, horizon_days: int) -> Goal | None:
    """Read `--by` and `--odds`; the day must be after the day of the forecast and within its horizon."""
    if by is None:
        if odds is not None:
            raise UsageError("--odds needs a day: add --by 2026-10-31")
        return None
    try:
        day = date.fromisoformat(by)
    except ValueError:
        raise UsageError(f"{by!r} is not an ISO date: write 2026-10-31") from None
    ahead = (day - at.date()).days
    if ahead <= 0:
        raise UsageError(f"--by {day} is not after the day of the forecast, {at.date()}")
    if ahead > horizon_days:
        raise UsageError(f"--by {day} is beyond the horizon of {horizon_days} days: add --horizon {ahead}")
    return Goal(day, read_odds(odds) if odds is not None else USUAL_ODDS)


def read_odds(text: str) -> float:
    """A chance from 0.01 to 0.99: "80%", "80" and "0.8" are the same."""
    bare = text.strip().removesuffix("%").strip()
    try:
        value = float(bare)
    except ValueError:
        value = math.nan
    share = value if "%" not in text and value <= 1 else value / 100
    if not 0.01 <= share <= 0.99:
        raise UsageError(f"--odds {text!r}: write a chance from 1% to 99%, such as 80%")
    return share


def forecast_under(scenario: Scenario, now: Forecasted) -> JointForecast:
    """The forecast under a scenario, on the same draws."""
    from models.forecast.what_if import what_if

    return what_if(now.joint, change_of(scenario, now.joint, now.assessment.readiness))


def change_of(scenario: Scenario, joint: JointForecast, readiness: Readiness) -> ScenarioChange:
    """The change of the model. UsageError: a criterion is not in the plan, or has no pace."""
    from models.forecast.what_if import ScenarioChange

    scores = {score.criterion.id: score for score in readiness.criteria if score.state != "not_applicable"}
    for name in (*scenario.pace, *scenario.drop):
        if name not in scores:
            raise UsageError(no_criterion(name, scores))
    for name in scenario.pace:
        if name not in joint.draws:
            known = f"those with one are {', '.join(joint.draws)}" if joint.draws else "no criterion has one yet"
            raise UsageError(f"{name} has no pace to change: there are too few measurements; {known}")
    undrawn = {
        name: (scores[name].points, scores[name].points_possible) for name in scenario.drop if name not in joint.draws
    }
    return ScenarioChange(dict(scenario.pace), frozenset(scenario.drop), scenario.freeze_weeks, undrawn)
