"""The answers that pages show, cached until the warehouse, the plan or the day asked for changes.

Every session gets the same objects, without a copy: whoever shows an answer does not change it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, ParamSpec, TypeVar, cast

import pandas as pd
import streamlit as st

from app.answers.asked import Asked, Goal
from app.answers.blockers import criteria_of
from app.answers.types.explain import ExplainAnswer
from app.answers.types.forecast import AsidesAnswer, JointForecastAnswer, SlipAnswer, TimelineAnswer
from app.answers.types.meeting import CoursePoint
from app.answers.types.movement import MovedAnswer
from app.answers.types.review import ReviewAnswer
from app.answers.types.rollout import DeploymentAnswer
from app.answers.types.status import StatusAnswer
from app.dashboard.kept import Answer, bookkeeping, current_workspace, evidence_version, file_version
from app.steps import assess, movement
from app.steps import forge as forges
from app.steps import review as review_steps
from app.steps.assess import open_workspace, plan_known_at, plans_in_force
from app.steps.date import forecast as forecast_steps
from app.steps.date import kept as kept_forecasts_steps
from app.steps.date import question as forecast_question
from app.steps.date import timelines as timelines_steps
from app.steps.date.course import Course, open_course
from app.steps.date.forecast import asides, forecast_of
from app.steps.date.question import Forecasted
from app.steps.date.what_if import read_scenario
from app.steps.evidence import collect as collecting
from app.steps.explain import explain
from app.steps.production import rollout as rollout_steps
from app.workspace import WEEK, UsageError, Workspace, parse_as_of
from models.plan.rollout import Stage

if TYPE_CHECKING:
    from ingest.forge import Forge

P = ParamSpec("P")
T = TypeVar("T")


class Key(NamedTuple):
    """What an answer depends on. Equal keys, equal answers: this is the key of every cache."""

    path: str
    plan_changed: int  # modification time of tminus.toml, ns
    warehouse: tuple[int, int]  # its version
    at: str  # ISO date

    @property
    def moment(self) -> datetime:
        """The end of the day asked for; of today: now, as on the command line."""
        workspace = workspace_of(self)
        return min(parse_as_of(workspace, self.at), workspace.now())

    def before(self, day: str) -> datetime:
        """The moment of an earlier day that is compared with this one: whole days before it."""
        return self.moment - (date.fromisoformat(self.at) - date.fromisoformat(day))


def _computed_once(spinner: str | bool, entries: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """One answer for all sessions, computed in this process unless another one has handed it over."""

    def cached(compute: Callable[P, T]) -> Callable[P, T]:
        @lru_cache(maxsize=entries)  # Streamlit hashes the whole question each time, which takes half a millisecond
        @st.cache_resource(show_spinner=spinner, max_entries=entries)
        @wraps(compute)
        def asked(*arguments: P.args, **named: P.kwargs) -> T:
            given = bookkeeping().taken(compute.__name__, arguments)
            return compute(*arguments, **named) if given is None else given.value

        return cast("Callable[P, T]", asked)

    return cached


class Facts(NamedTuple):
    """What is the same on every page and for every day."""

    project: str
    folder: str
    warehouse: str
    has_evidence: bool
    today: date
    first_day: date | None
    simulated_from: datetime | None
    last_seen: datetime | None = None  # the time of the newest observation
    has_claims: bool = False
    has_rollout: bool = False


def open_key(path: Path, at: date) -> Key:
    """The key of the state of a workspace that pages show."""
    workspace = current_workspace(path)
    version = evidence_version(path)
    return Key(str(workspace.path), workspace.path.stat().st_mtime_ns, version, at.isoformat())


def key_of_today(path: Path, version: tuple[int, int]) -> Key:
    """The key of a state that is not shown yet, for today."""
    changed = path.stat().st_mtime_ns
    return Key(str(path), changed, version, _opened(str(path), changed, version).now().date().isoformat())


def forge(key: Key) -> Forge | None:
    """Where the commits of a workspace can be looked at."""
    return forges.forge(workspace_of(key))


def workspace_of(key: Key) -> Workspace:
    """The workspace of a key; its file is parsed once per version."""
    return _opened(key.path, key.plan_changed, key.warehouse)


@lru_cache(maxsize=8)
def _opened(path: str, plan_changed: int, warehouse: tuple[int, int]) -> Workspace:
    """One for each state of the evidence: it reads each table once, whatever days are asked for."""
    return replace(open_workspace(Path(path)), state=warehouse)


def hold_state(path: Path, version: tuple[int, int]) -> None:
    """Keep a state that is shown at hand while a pull writes the next one, also after the pull."""
    collecting.hold_state(_opened(str(path), path.stat().st_mtime_ns, version))


def release_state(path: Path, version: tuple[int, int]) -> None:
    """Keep a state no longer at hand: a newer one is shown."""
    collecting.release_state(_opened(str(path), path.stat().st_mtime_ns, version))


def open_state(path: Path, key: Key) -> None:
    """Read what every page of a state asks before anything else."""
    _bounds(str(path), key.warehouse, workspace_of(key))


def facts(path: Path) -> Facts:
    """What the sidebar needs before anything is asked."""
    workspace = current_workspace(path)
    version = evidence_version(path)
    # The cached workspace knows its time zone; a new one would ask the repository at each click.
    known = _opened(str(workspace.path), workspace.path.stat().st_mtime_ns, version)
    bounds, today = _bounds(str(workspace.path), version, known), known.now()
    first = bounds.first
    return Facts(
        project=workspace.config.name,
        folder=str(workspace.path.parent),
        warehouse=workspace.warehouse.label,
        has_evidence=first is not None,
        today=today.date(),
        first_day=first.astimezone(today.tzinfo).date() if first is not None else None,
        simulated_from=bounds.simulated,
        last_seen=bounds.last,
        has_claims=bounds.has_claims,
        has_rollout=bool(workspace.plan.stages),
    )


class Bounds(NamedTuple):
    """The times of the first, the first simulated and the newest observation, and whether any is a claim."""

    first: datetime | None = None
    simulated: datetime | None = None
    last: datetime | None = None
    has_claims: bool = False


@st.cache_resource(show_spinner=False, max_entries=8)
def _bounds(path: str, version: tuple[int, int], _workspace: Workspace) -> Bounds:
    if version == (0, 0):
        return Bounds()
    stored = collecting.stored_metrics(_workspace)
    if stored.empty:
        return Bounds()
    simulated = stored[stored["kind"] == "simulated"]
    newest: datetime = stored["last_at"].max().to_pydatetime()
    return Bounds(_earliest(stored), _earliest(simulated), newest, bool((stored["kind"] == "claimed").any()))


def _earliest(stored: pd.DataFrame) -> datetime | None:
    first: datetime | None = None if stored.empty else stored["first_at"].min().to_pydatetime()
    return first


@_computed_once("Reading the evidence …", 64)
def status(key: Key) -> StatusAnswer:
    """How ready."""
    return assess.status(workspace_of(key), key.moment)


@_computed_once("Reading the evidence …", 64)
def status_before(key: Key, since: str) -> StatusAnswer:
    """How ready the project was at the start of a window."""
    return assess.scored(workspace_of(key), key.before(since))


@_computed_once("Reading the evidence …", 64)
def explanation(key: Key) -> ExplainAnswer:
    """Every criterion with its reasons, and the path to the target."""
    return explain(workspace_of(key), key.moment)


@_computed_once("Reading the history …", 16)
def history(key: Key) -> pd.DataFrame:
    """Readiness by week: one row per criterion, and one with an empty id for the whole."""
    return assess.history(workspace_of(key), key.moment)


@_computed_once("Forecasting …", 8)
def forecasted(key: Key) -> Forecasted:
    """The forecast with its draws, which what-if uses again."""
    return forecast_question.forecasted(workspace_of(key), key.moment)


@_computed_once("Forecasting …", 32)
def forecast(key: Key) -> JointForecastAnswer:
    """When."""
    return forecast_of(workspace_of(key), forecasted(key))


@_computed_once("Reading what was claimed …", 32)
def timelines(key: Key) -> list[TimelineAnswer]:
    """The timelines that documents claimed, beside the odds by the evidence of their day."""
    return timelines_steps.timelines(workspace_of(key), key.moment)


@st.cache_resource(show_spinner="Asking the same draws again …", max_entries=128)
def aside(key: Key, changes: tuple[str, ...], by: str, odds: float) -> AsidesAnswer:
    """What-if and goal, from changes as they are written on the command line."""
    now = forecasted(key)
    goal = Goal(date.fromisoformat(by), odds) if by else None
    return asides(workspace_of(key), now, Asked(read_scenario(changes), goal))


def levers(key: Key) -> list[str]:
    """Ids of the criteria whose pace a scenario can change."""
    return forecast_steps.levers(forecasted(key))


def droppable(key: Key) -> dict[str, str]:
    """Titles of the criteria that a scenario can drop, by id."""
    every = criteria_of(status(key)).items()
    return {name: criterion["title"] for name, criterion in every if criterion["state"] != "not_applicable"}


def is_sample(key: Key) -> bool:
    """Whether the clock of the project is set: its data end in the past."""
    return workspace_of(key).config.as_of is not None


def slip(key: Key, since: str) -> SlipAnswer:
    """Why the date moved since the forecast of a day: a part of the review, which the same meeting opens."""
    return review(key, since)["slip"]


def keep_shown(key: Key) -> None:
    """Keep the forecast that a page has shown, once a day and without waiting; cached answers stay valid."""
    workspace, books = workspace_of(key), bookkeeping()
    if books.is_kept(key.path, key.at) or parse_as_of(workspace, key.at) < workspace.now():
        return
    if collecting.pull_running(workspace) is not None:  # it would wait for the file
        return
    if kept_forecasts_steps.keep_shown(workspace, forecast(key)):
        books.note_kept(key.path, key.at)


@st.cache_resource(show_spinner=False, max_entries=4)
def _course(key: Key) -> Course:
    return open_course(workspace_of(key), key.moment)


@_computed_once(False, 32)
def course_moments(key: Key) -> list[datetime]:
    """The ends of the weeks of the course of the date."""
    return _course(key).moments()


def course_point(key: Key, moment: datetime) -> CoursePoint:
    """The dates of GO as forecast at a moment; days asked for a week apart share their points."""
    return _course_point(key.path, key.plan_changed, key.warehouse, moment, key)


@_computed_once(False, 256)
def _course_point(path: str, plan_changed: int, warehouse: tuple[int, int], moment: datetime, _key: Key) -> CoursePoint:
    return _course(_key).point(moment)


def course_points(key: Key) -> list[CoursePoint]:
    """The whole course of the date."""
    return [course_point(key, moment) for moment in course_moments(key)]


@_computed_once("Looking for what moved …", 32)
def moved(key: Key, since: str) -> MovedAnswer:
    """What moved since a day."""
    return movement.moved(workspace_of(key), key.before(since), key.moment)


@_computed_once("Preparing the review …", 32)
def review(key: Key, since: str) -> ReviewAnswer:
    """The weekly review."""
    known = moved(key, since)
    now = forecasted(key)
    return review_steps.review(workspace_of(key), key.before(since), key.moment, now, known, with_course=False)


# No spinner: it runs while the server starts, before any page is open.
@st.cache_resource(show_spinner=False, max_entries=4)
def prepare(key: Key) -> None:
    """Compute the answers that the pages ask for first."""
    answers_of(key)


def answers_of(key: Key) -> list[Answer]:
    """The answers that the pages ask for first, the course of the date among them."""
    week_ago = (date.fromisoformat(key.at) - WEEK).isoformat()
    of_window = [Answer(ask.__name__, (key, week_ago), ask(key, week_ago)) for ask in (status_before, moved, review)]
    every = (forecasted, history, forecast, status, timelines, explanation, targets, course_moments)
    weeks = [(*key[:3], moment, key) for moment in course_moments(key)]
    points = [Answer(_course_point.__name__, week, _course_point(*week)) for week in weeks]
    return of_window + [Answer(ask.__name__, (key,), ask(key)) for ask in every] + points


def hand_over(answers: list[Answer]) -> None:
    """Keep answers that another process has computed, as if they were computed here."""
    books = bookkeeping()
    for answer in answers:
        books.hand_over(answer)
    for answer in answers:
        globals()[answer.name](*answer.asked)
        books.taken(answer.name, answer.asked)  # where the cache knew it already


@st.cache_resource(show_spinner="Reading the series …", max_entries=64)
def series(key: Key, metric: str, scope: str) -> pd.DataFrame:
    """One metric up to the day asked for, the last value of each day and kind; empty when nothing is stored."""
    try:
        rows = collecting.series(workspace_of(key), metric, scope)
    except UsageError:
        return pd.DataFrame()
    rows = rows[rows["observed_at"] <= key.moment]
    return rows.groupby([rows["observed_at"].dt.floor("D"), "kind"], sort=True).tail(1)


@st.cache_resource(show_spinner=False, max_entries=16)
def deployments(key: Key) -> list[DeploymentAnswer]:
    """The deployments and rollbacks of every environment, oldest first."""
    return rollout_steps.deployments(workspace_of(key), key.moment)


@_computed_once(False, 16)
def targets(key: Key) -> list[tuple[datetime, float]]:
    """The target of every plan that was in force, with the moment it began."""
    return [(since, plan.target) for since, plan in plans_in_force(workspace_of(key))]


def runs(key: Key, limit: int = 400) -> pd.DataFrame:
    """The runs of the sources, newest first, also those that found nothing new."""
    return _runs(key, file_version(Path(key.path)), limit)


@st.cache_resource(show_spinner=False, max_entries=16)
def _runs(key: Key, file: tuple[int, int], limit: int) -> pd.DataFrame:
    return workspace_of(key).warehouse.query("source_runs", limit=limit)


def last_read(key: Key) -> datetime | None:
    """When a source was last read without an error; None where none was, and beside a clock that is set."""
    if is_sample(key):
        return None
    good = runs(key, 20).query("status == 'ok'")["finished_at"]
    return None if good.empty else cast("datetime", good.max().to_pydatetime())


@st.cache_resource(show_spinner=False, max_entries=16)
def stored(key: Key) -> pd.DataFrame:
    """What is stored: one row per metric, scope and kind."""
    return collecting.stored_metrics(workspace_of(key))


@st.cache_resource(show_spinner=False, max_entries=16)
def kept_forecasts(key: Key) -> pd.DataFrame:
    """Every forecast that was shown and kept."""
    return workspace_of(key).warehouse.query("forecasts")


def stages_of(key: Key) -> tuple[Stage, ...]:
    """The stages of the plan that is in force on the day asked for."""
    return plan_known_at(workspace_of(key), key.moment).stages
