"""How ready: the plan in force, scored by what was known at a time; the verdict; the history by week."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from app.answers.types.status import StatusAnswer
from app.steps.candidate import candidate_of, unread_commits, with_misdated, with_off_branch, with_overtaken
from app.steps.plans import adopt_plan, plan_effective
from app.workspace import WEEK, UsageError, Workspace, consistent_read, find_config, plan_digest
from ingest.config import ConfigError, parse_config
from models.plan.doubtful import doubtful_demands
from models.plan.parsing import parse_plan
from models.plan.plan import Criterion, Plan, PlanError

if TYPE_CHECKING:
    import pandas as pd

    from app.answers.status import Assessment
    from models.readiness.scores import Readiness


def open_workspace(start: Path | None = None, *, adopt: bool = True) -> Workspace:
    """Read the tminus.toml named, or the one in this folder or above; UsageError lists every problem of the file.

    With `adopt` an edit of the plan is stored at once; without, nothing is written, and answers still use the edit.
    """
    path = find_config(start or Path.cwd())
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))  # an editor of Windows begins a file with a mark
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise UsageError(f"{path}: not TOML: {problem}") from None
    except OSError as problem:
        raise UsageError(f"{path} cannot be read: {problem.strerror}") from None
    problems: list[str] = []
    try:
        config = parse_config(tables, path.parent)
    except ConfigError as problem:
        problems += problem.problems
    try:
        plan = parse_plan(tables)
        problems += doubtful_demands(plan)
    except PlanError as problem:
        problems += problem.problems
    if problems:
        raise UsageError("\n  ".join([f"{path} has {len(problems)} problem(s):", *problems]))
    workspace = Workspace(path, config, tables, plan)
    if adopt:
        adopt_plan(workspace)
    return workspace


def plans_in_force(workspace: Workspace) -> list[tuple[datetime, Plan]]:
    """What decides the deployment: of every plan the gates of the kind deploy, with the moment it took effect."""
    from models.plan.kinds import plan_of_kind

    return [(since, plan_of_kind(plan, "deploy")) for since, plan in whole_plans_in_force(workspace)]


def whole_plans_in_force(workspace: Workspace) -> list[tuple[datetime, Plan]]:
    """Every stored plan with the moment it took effect, and the file's own when it has not been stored yet."""
    from app.answers.status import rows_of

    versions = workspace.warehouse.query("plan_versions")
    plans = [(row.effective_from.to_pydatetime(), _stored_plan(row.text)) for row in rows_of(versions)]
    if versions.empty or versions["sha256"].iloc[-1] != plan_digest(workspace.tables):
        plans.append((plan_effective(workspace, first=not plans), workspace.plan))
    return plans


def word_of_people(text: str) -> tuple[float, float]:
    """Of a plan's text the percentage of the points to deploy that no metric measures, and how much of it may be GO.

    Only a named person can vouch for them.
    """
    from models.plan.kinds import plan_of_kind
    from models.readiness.readings import as_moment
    from models.readiness.score import score_readings

    plan = parse_plan(tomllib.loads(text))
    scores = score_readings({}, plan_of_kind(plan, "deploy"), as_moment(datetime.now(UTC)), {}).criteria
    unmeasured = (score for score in scores if not (score.is_parent or score.criterion.metric))
    return sum(score.points_possible for score in unmeasured), plan.max_attested_percent


@lru_cache(maxsize=32)
def _stored_plan(text: str) -> Plan:
    """A plan as it was stored; every answer asks for all of them."""
    return parse_plan(tomllib.loads(text))


@consistent_read
def assess(workspace: Workspace, at: datetime, commit: str | None = None) -> Assessment:
    """Score what was known at `at` with the plan then in force, and decide, about `commit` (its full hash) if given."""
    from app.answers.status import Assessment
    from models.readiness.candidate import commits_behind, says_nothing_of
    from models.readiness.decision import decide

    # Whatever commit it is about, the score is the same; a rollout asks about two of them. The text has the zone, too.
    plans, plan, snapshot, claims, readiness = workspace.warehouse.once(
        ("scored", repr(at)), lambda: _scored(workspace, at)
    )
    wanted = asked_of(plan.criteria)
    candidate = candidate_of(workspace, at, snapshot["commit"], plan.max_commits_behind, commit)
    candidate = with_off_branch(workspace, snapshot, with_overtaken(workspace, at, snapshot, candidate))
    candidate = with_misdated(workspace, at, wanted, candidate)
    return Assessment(
        project=workspace.config.name,
        at=at,
        plan=plan,
        readiness=readiness,
        decision=decide(readiness, plan, candidate),
        claims=claims,
        next_plan_from=next((since for since, _ in plans if since > max(at, workspace.now())), None),
        has_simulated=bool((snapshot["kind"] == "simulated").any()),
        commits_behind={s.criterion.id: commits_behind(s, candidate) for s in readiness.criteria},
        not_of_candidate=frozenset(s.criterion.id for s in readiness.criteria if says_nothing_of(s, candidate)),
    )


class _Scored(NamedTuple):
    """What is known at a moment, whatever commit it is asked about: plans, the one in force, its rows, its score."""

    plans: list[tuple[datetime, Plan]]
    plan: Plan
    snapshot: pd.DataFrame
    claims: pd.DataFrame
    readiness: Readiness


def _scored(workspace: Workspace, at: datetime) -> _Scored:
    from models.frames import CLAIMS, SNAPSHOT, check_frame
    from models.readiness.score import baselines_from, score_snapshot

    plans = plans_in_force(workspace)
    plan = plan_at(plans, at)
    ask = workspace.warehouse.query
    wanted, open_ended = asked_of(plan.criteria), asked_of(c for c in plan.criteria if c.baseline is None)
    snapshot = check_frame(ask("snapshot", **wanted, until=at, simulated=True), SNAPSHOT, "snapshot")
    claims = check_frame(ask("claims", until=at), CLAIMS, "claims")
    first = check_frame(ask("first_observations", **open_ended), SNAPSHOT, "first observations")
    readiness = score_snapshot(snapshot, plan, at, claims, baselines_from(first, plan))
    return _Scored(plans, plan, snapshot, claims, readiness)


def assess_newest(workspace: Workspace, at: datetime, commit: str | None = None) -> Assessment:
    """`assess` for a verdict of now: NO-GO while the branch has commits that no pull has read."""
    from models.readiness.decision import with_unread

    assessment = assess(workspace, at, commit)
    unread = 0 if commit else unread_commits(workspace, at, assessment.decision.candidate)
    return replace(assessment, decision=with_unread(assessment.decision, unread)) if unread != 0 else assessment


def assess_known(project: str, known: pd.DataFrame, plan: Plan, at: datetime) -> Assessment:
    """Score a plan on observations alone (frame OBSERVATIONS), as far as they were known: no claims, no candidate."""
    from app.answers.status import Assessment
    from models.frames import CLAIMS, empty_frame
    from models.readiness.decision import decide
    from models.readiness.score import score_known

    readiness = score_known(known, plan, at)
    return Assessment(
        project=project,
        at=at,
        plan=plan,
        readiness=readiness,
        decision=decide(readiness, plan),
        claims=empty_frame(CLAIMS),
        has_simulated=bool((known["kind"] == "simulated").any()),
        next_plan_from=None,
        commits_behind={},
        not_of_candidate=frozenset(),
    )


def asked_of(criteria: Iterable[Criterion]) -> dict[str, list[str]]:
    """The metrics and scopes that criteria ask for; a warehouse holds a thousand times more."""
    measured = [criterion for criterion in criteria if criterion.metric]
    return {"metrics": sorted({c.metric for c in measured}), "scopes": sorted({c.scope for c in measured})}


def plan_at(plans: Sequence[tuple[datetime, Plan]], at: datetime) -> Plan:
    """The plan in force at a moment; the first one also before it took effect."""
    return [plan for since, plan in plans if since <= at or plan is plans[0][1]][-1]


def plan_known_at(workspace: Workspace, at: datetime) -> Plan:
    """The plan in force at a moment; before the first pull that of the file."""
    return plan_at(whole_plans_in_force(workspace), at) if workspace.warehouse.exists() else workspace.plan


def status(workspace: Workspace, at: datetime) -> StatusAnswer:
    """The answer of `tminus status`."""
    from app.answers.status import status_answer
    from app.steps.clone import old_clone
    from app.steps.document import open_changes

    config = workspace.config
    answer = status_answer(assess_newest(workspace, at))
    answer["document"]["changes"] = open_changes(workspace)
    answer["remark"] = old_clone(config.repository, workspace.now(), config.branch)
    return answer


def scored(workspace: Workspace, at: datetime) -> StatusAnswer:
    """The answer of `tminus status` by the evidence alone: nothing about the state of clone and document."""
    from app.answers.status import status_answer

    return status_answer(assess(workspace, at))


def observations(workspace: Workspace, until: datetime) -> pd.DataFrame:
    """Every observation of the plans' metrics up to `until`."""
    from models.frames import OBSERVATIONS, check_frame

    wanted = asked_of(c for _, plan in whole_plans_in_force(workspace) for c in plan.criteria)
    frame = workspace.warehouse.query("observations", **wanted, until=until, simulated=True)
    return check_frame(frame, OBSERVATIONS, "observations")


@consistent_read
def history(workspace: Workspace, until: datetime, weeks: int | None = None) -> pd.DataFrame:
    """Readiness at the end of every week up to `until` (frame READINESS)."""
    from models.frames import READINESS, check_frame
    from models.readiness.score import readiness_series

    seen = observations(workspace, until)
    moments = _week_ends(seen, until, weeks)
    return check_frame(readiness_series(seen, plans_in_force(workspace), moments), READINESS, "readiness")


def _week_ends(seen: pd.DataFrame, until: datetime, weeks: int | None) -> list[datetime]:
    if seen.empty:
        return [until]
    available = int((until - seen["observed_at"].min().to_pydatetime()) / WEEK)
    return [until - WEEK * k for k in range(min(available, weeks or available), -1, -1)]
