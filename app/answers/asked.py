"""What a user asks of a forecast: a what-if, a goal, a comparison with an earlier day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True)
class Scenario:
    """Changes to try on the forecast, by the ids of the plan."""

    pace: Mapping[str, float] = field(default_factory=dict)
    drop: tuple[str, ...] = ()
    freeze_weeks: float = 0.0

    def __bool__(self) -> bool:
        return bool(self.pace or self.drop or self.freeze_weeks)


@dataclass(frozen=True)
class Goal:
    """GO by the end of a day with odds."""

    by: date
    odds: float


@dataclass(frozen=True)
class Asked:
    """The questions to a forecast beside its date."""

    scenario: Scenario = field(default_factory=Scenario)
    goal: Goal | None = None
    since: datetime | None = None

    def __bool__(self) -> bool:
        return bool(self.scenario or self.goal or self.since)
