"""The state of a criterion that is judged after the deployment: only what was seen since then counts."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from models.plan.plan import Criterion
from models.readiness.attainment import demand_of
from models.reasons.criterion import UnitMismatch, UnwaivedReason
from models.reasons.window import (
    BeforeDeployment,
    NothingDeployed,
    OtherEnvironment,
    WindowCompared,
    WindowEmpty,
    WindowGap,
    WindowRunning,
)
from models.windows.evaluate import Gap, WindowResult

HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class CriterionWindow:
    """The samples of one criterion over its window. `unit_mismatch` names the measured unit where it does not fit."""

    result: WindowResult
    reduce: str
    is_simulated: bool = False
    unit_mismatch: str = ""


@dataclass(frozen=True, slots=True)
class AfterDeployment:
    """From when on evidence counts; `deployed_at` is None before the first deployment.

    `counts_from` is the deployment, or later for a gate that is judged some time after it. `window` holds the samples
    of a criterion that has any; `elsewhere` says that the evidence is not of the environment that is judged.
    """

    deployed_at: pd.Timestamp | None
    counts_from: pd.Timestamp | None = None
    window: CriterionWindow | None = None
    elsewhere: OtherEnvironment | None = None


def too_early(after: AfterDeployment, observed_at: pd.Timestamp) -> BeforeDeployment | NothingDeployed | None:
    """Why a value of that moment does not count; None when it does."""
    if after.deployed_at is None or after.counts_from is None:
        return NothingDeployed()
    if observed_at > after.counts_from:
        return None
    wait = (after.counts_from - after.deployed_at).total_seconds() / HOUR
    return BeforeDeployment((after.counts_from - observed_at).total_seconds() / HOUR, wait)


def window_reason(criterion: Criterion, window: CriterionWindow, deployed_at: pd.Timestamp) -> UnwaivedReason:
    """Why the window is in its state."""
    result, demand = window.result, demand_of(criterion)
    if window.unit_mismatch:
        return UnitMismatch(window.unit_mismatch, criterion.unit)
    start = deployed_at.timestamp()
    hours, whole = result.elapsed / HOUR, result.length / HOUR
    if result.state in ("failing", "passed") and result.value is not None:
        last = None if result.last_failing is None else (result.last_failing - start) / HOUR
        meets = result.state == "passed"
        simulated = window.is_simulated
        return WindowCompared(
            result.value, demand, window.reduce, meets, hours, result.samples, last, simulated=simulated
        )
    if result.state in ("running", "not_begun"):
        return WindowRunning(result.value, demand, hours, whole)
    if not result.samples:
        return WindowEmpty(hours)
    longest: Gap = max(result.gaps, key=lambda gap: gap.end - gap.start)
    is_open = math.isclose(longest.end, result.start + result.elapsed, abs_tol=0.001)
    return WindowGap((longest.start - start) / HOUR, (longest.end - start) / HOUR, len(result.gaps), is_open)


def window_holds(window: CriterionWindow) -> bool | None:
    """True: passed, False: failing, None: anything else."""
    if window.unit_mismatch:
        return None
    return {"passed": True, "failing": False}.get(window.result.state)
