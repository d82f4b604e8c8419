"""The answers that pages show, remembered until the warehouse, the plan or the day asked for changes."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from app import collecting, steps
from app.workspace import UsageError, Workspace, moment


class Key(NamedTuple):
    """What an answer depends on. Equal keys, equal answers: this is the key of every cache."""

    path: str
    plan_changed: int  # modification time of tminus.toml, ns
    warehouse: tuple[int, int]  # its version
    at: str  # ISO date

    @property
    def moment(self) -> datetime:
        """The end of the day asked for."""
        return moment(workspace_of(self), self.at)


class Facts(NamedTuple):
    """What holds for every page whatever the day."""

    project: str
    folder: str
    warehouse: str
    has_evidence: bool
    today: date
    first_day: date | None
    simulated_from: datetime | None


def open_key(path: Path, at: date) -> Key:
    """The key of the present state of a workspace."""
    workspace = steps.open_workspace(path)
    return Key(str(workspace.path), workspace.path.stat().st_mtime_ns, workspace.warehouse.version(), at.isoformat())


def workspace_of(key: Key) -> Workspace:
    """The workspace behind a key."""
    return steps.open_workspace(Path(key.path))


def facts(path: Path) -> Facts:
    """What the sidebar needs before anything is asked."""
    workspace = steps.open_workspace(path)
    first, simulated = _bounds(str(workspace.path), workspace.warehouse.version())
    return Facts(
        project=workspace.config.name,
        folder=str(workspace.path.parent),
        warehouse=str(workspace.config.warehouse),
        has_evidence=first is not None,
        today=workspace.now().date(),
        first_day=first.date() if first is not None else None,
        simulated_from=simulated,
    )


@st.cache_data(show_spinner=False, max_entries=8)
def _bounds(path: str, version: tuple[int, int]) -> tuple[datetime | None, datetime | None]:
    """The first moment that anything is known of, and the first that is simulated."""
    if version == (0, 0):
        return None, None
    stored = collecting.stored_metrics(steps.open_workspace(Path(path)))
    simulated = stored[stored["kind"] == "simulated"]
    return _earliest(stored), _earliest(simulated)


def _earliest(stored: pd.DataFrame) -> datetime | None:
    found: datetime | None = None if stored.empty else stored["first_at"].min().to_pydatetime()
    return found


@st.cache_data(show_spinner="Reading the evidence …", max_entries=64)
def status(key: Key) -> dict[str, Any]:
    """How ready."""
    return steps.status(workspace_of(key), key.moment)


@st.cache_data(show_spinner="Reading the evidence …", max_entries=64)
def explanation(key: Key) -> dict[str, Any]:
    """Every criterion with its reasons, and the path to the target."""
    return steps.explain(workspace_of(key), key.moment)


@st.cache_data(show_spinner="Reading the history …", max_entries=16)
def history(key: Key) -> pd.DataFrame:
    """Readiness by week, a row a criterion and one for the whole."""
    return steps.history(workspace_of(key), key.moment)


@st.cache_data(show_spinner="Forecasting …", max_entries=32)
def forecast(key: Key) -> dict[str, Any]:
    """When; never kept from here, so that looking at a page writes nothing."""
    return steps.forecast(workspace_of(key), key.moment, keep=False)


@st.cache_data(show_spinner="Looking for what moved …", max_entries=32)
def moved(key: Key, since: str) -> dict[str, Any]:
    """What moved since a day."""
    return steps.moved(workspace_of(key), moment(workspace_of(key), since), key.moment)


@st.cache_data(show_spinner="Preparing the review …", max_entries=32)
def review(key: Key, since: str) -> dict[str, Any]:
    """The weekly review."""
    return steps.review(workspace_of(key), moment(workspace_of(key), since), key.moment)


@st.cache_data(show_spinner="Reading the series …", max_entries=64)
def series(key: Key, metric: str, scope: str) -> pd.DataFrame:
    """One metric up to the day asked for, the last figure of each day and kind; empty when nothing is stored."""
    try:
        rows = collecting.series(workspace_of(key), metric, scope)
    except UsageError:
        return pd.DataFrame()
    rows = rows[rows["observed_at"] <= key.moment]
    return rows.groupby([rows["observed_at"].dt.floor("D"), "kind"], sort=True).tail(1)


@st.cache_data(show_spinner=False, max_entries=16)
def targets(key: Key) -> list[tuple[datetime, float]]:
    """The target of every plan that was in force, with the moment it began."""
    return [(since, plan.target) for since, plan in steps.plans_in_force(workspace_of(key))]


@st.cache_data(show_spinner=False, max_entries=16)
def runs(key: Key, limit: int = 400) -> pd.DataFrame:
    """The runs of the sources, newest first."""
    return workspace_of(key).warehouse.query("source_runs", limit=limit)


@st.cache_data(show_spinner=False, max_entries=16)
def stored(key: Key) -> pd.DataFrame:
    """What is stored, a row a metric, scope and kind."""
    return collecting.stored_metrics(workspace_of(key))


@st.cache_data(show_spinner=False, max_entries=16)
def kept_forecasts(key: Key) -> pd.DataFrame:
    """Every forecast that was shown and kept."""
    return workspace_of(key).warehouse.query("forecasts")
