"""The steps of the product: the only file that joins ingest and models. Steps return values; they print nothing."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import answers
from app.collecting import plan_effective
from app.workspace import WEEK, UsageError, Workspace, find_config, plan_digest
from ingest.config import ConfigError, parse_config
from models.plan import Criterion, Plan, PlanError, parse_plan

if TYPE_CHECKING:
    import pandas as pd

    from models.decision import Decision
    from models.forecast import CriterionHistory, JointForecast
    from models.readiness import CriterionScore, Readiness


@dataclass(frozen=True, slots=True)
class Assessment:
    """Readiness, the decision and the claims beside them, at one moment."""

    project: str
    at: datetime
    plan: Plan
    readiness: Readiness
    decision: Decision
    claims: pd.DataFrame
    has_simulated: bool


# --- opening -------------------------------------------------------------------------------------------------------


def open_workspace(start: Path | None = None) -> Workspace:
    """Read the tminus.toml named, or the one in this folder or above; every problem of the file is told at once."""
    path = find_config(start or Path.cwd())
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise UsageError(f"{path}: not TOML: {problem}") from None
    problems: list[str] = []
    try:
        config = parse_config(tables, path.parent)
    except ConfigError as problem:
        problems += problem.problems
    try:
        plan = parse_plan(tables)
    except PlanError as problem:
        problems += problem.problems
    if problems:
        raise UsageError("\n  ".join([f"{path} has {len(problems)} problem(s):", *problems]))
    return Workspace(path, config, tables, plan)


def plans_in_force(workspace: Workspace) -> list[tuple[datetime, Plan]]:
    """Every stored plan with the moment it took effect, and the file's own when it has not been stored yet."""
    versions = workspace.warehouse.query("plan_versions")
    plans = [
        (row.effective_from.to_pydatetime(), parse_plan(tomllib.loads(row.text))) for row in answers.rows_of(versions)
    ]
    if versions.empty or versions["sha256"].iloc[-1] != plan_digest(workspace.tables):
        plans.append((plan_effective(workspace, first=not plans), workspace.plan))
    return plans


# --- how ready -----------------------------------------------------------------------------------------------------


def assess(workspace: Workspace, at: datetime) -> Assessment:
    """Score what was known of `at` with the plan then in force, and decide."""
    from models.decision import decide
    from models.frames import CLAIMS, SNAPSHOT, check_frame
    from models.readiness import baselines_from, score_snapshot

    plan = plan_at(plans_in_force(workspace), at)
    ask = workspace.warehouse.query
    wanted, open_ended = asked_of(plan.criteria), asked_of(c for c in plan.criteria if c.baseline is None)
    snapshot = check_frame(ask("snapshot", **wanted, until=at, simulated=True), SNAPSHOT, "snapshot")
    claims = check_frame(ask("claims", until=at), CLAIMS, "claims")
    first = check_frame(ask("first_observations", **open_ended), SNAPSHOT, "first observations")
    readiness = score_snapshot(snapshot, plan, at, claims, baselines_from(first, plan))
    has_simulated = bool((snapshot["kind"] == "simulated").any())
    return Assessment(workspace.config.name, at, plan, readiness, decide(readiness, plan), claims, has_simulated)


def asked_of(criteria: Iterable[Criterion]) -> dict[str, list[str]]:
    """The metrics and scopes that criteria ask for; a warehouse holds a thousand times more."""
    measured = [criterion for criterion in criteria if criterion.metric]
    return {"metrics": sorted({c.metric for c in measured}), "scopes": sorted({c.scope for c in measured})}


def plan_at(plans: Sequence[tuple[datetime, Plan]], at: datetime) -> Plan:
    """The plan in force at a moment; the first one also before it took effect."""
    return [plan for since, plan in plans if since <= at or plan is plans[0][1]][-1]


def status(workspace: Workspace, at: datetime) -> dict[str, Any]:
    """The answer of `tminus status`."""
    return _status_of(assess(workspace, at))


def _status_of(found: Assessment) -> dict[str, Any]:
    answer = answers.status_answer(found.readiness, found.decision, found.claims, found.at)
    return {**answer, "project": found.project, "simulated": found.has_simulated}


def check(workspace: Workspace, at: datetime, gate: str | None = None) -> dict[str, Any]:
    """The verdict for CI: exit code 0 on GO, 1 when something fails, 3 when only evidence is missing."""
    answer = status(workspace, at)
    gates = [g for g in answer["gates"] if gate in (None, g["id"])]
    if not gates:
        raise UsageError(f"there is no gate {gate!r}: the plan has {', '.join(g['id'] for g in answer['gates'])}")
    states = {c["state"] for g in gates for c in g["criteria"]}
    good = all(g["status"] == "passing" for g in gates) if gate else answer["decision"]["verdict"] == "GO"
    return {
        "schema": "tminus.check/1",
        "at": answer["at"],
        "gate": gate,
        "verdict": "GO" if good else "NO-GO",
        "rules": [] if gate else answer["decision"]["rules"],
        "gates": gates,
        "exit_code": 0 if good else 1 if "failing" in states else 3,
    }


def explain(workspace: Workspace, at: datetime, criterion: str | None = None) -> dict[str, Any]:
    """Where a criterion's points come from; without one, the arithmetic of the whole and the path to the target."""
    from models.readiness import path_to_target

    found = assess(workspace, at)
    answer = _status_of(found)
    every = [c for gate in answer["gates"] for c in gate["criteria"]]
    chosen = [c for c in every if criterion in (None, c["id"])]
    if not chosen:
        raise UsageError(f"there is no criterion {criterion!r}: the plan has {', '.join(c['id'] for c in every)}")
    return {
        "schema": "tminus.explain/1",
        "at": answer["at"],
        "readiness": answer["readiness"],
        "criterion": criterion,
        "criteria": chosen,
        "path": answers.path_answer(path_to_target(found.readiness)),
        "plans": {c.id: {"why": c.why, "fix": c.fix, "max_age_days": c.max_age_days} for c in found.plan.criteria},
    }


def observations(workspace: Workspace, until: datetime) -> pd.DataFrame:
    """Every observation of the plans' metrics up to `until`."""
    from models.frames import OBSERVATIONS, check_frame

    wanted = asked_of(c for _, plan in plans_in_force(workspace) for c in plan.criteria)
    frame = workspace.warehouse.query("observations", **wanted, until=until, simulated=True)
    return check_frame(frame, OBSERVATIONS, "observations")


def history(workspace: Workspace, until: datetime, weeks: int | None = None) -> pd.DataFrame:
    """Readiness at the end of every week up to `until` (frame READINESS)."""
    from models.frames import READINESS, check_frame
    from models.readiness import readiness_series

    seen = observations(workspace, until)
    moments = _week_ends(seen, until, weeks)
    return check_frame(readiness_series(seen, plans_in_force(workspace), moments), READINESS, "readiness")


def _week_ends(seen: pd.DataFrame, until: datetime, weeks: int | None) -> list[datetime]:
    if seen.empty:
        return [until]
    available = int((until - seen["observed_at"].min().to_pydatetime()) / WEEK)
    return [until - WEEK * k for k in range(min(available, weeks or available), -1, -1)]


# --- when ----------------------------------------------------------------------------------------------------------


def forecast(workspace: Workspace, at: datetime, horizon_days: int = 730, *, keep: bool = True) -> dict[str, Any]:
    """The answer of `tminus forecast`; kept, so that it can be scored when its day comes."""
    found = assess(workspace, at)
    joint = forecast_joint(workspace, found, horizon_days)
    answer = answers.forecast_answer(joint, found.plan, track_record(workspace, found))
    answer |= {"project": found.project, "simulated": found.has_simulated}
    if keep:
        keep_forecast(workspace, answer)
    return answer


def forecast_joint(workspace: Workspace, found: Assessment, horizon_days: int = 730) -> JointForecast:
    """Forecast when every GO rule holds and readiness reaches its target, from what was observed up to then."""
    from models.forecast import forecast_readiness

    parts, missing = forecast_parts(workspace, found)
    return forecast_readiness(
        parts,
        target=found.plan.target,
        origin=found.readiness.at,
        missing=missing,
        missing_blockers=[c.id for c in found.plan.criteria if c.blocker and c.id in missing],
        held_points=found.readiness.attested_points,
        horizon_days=horizon_days,
    )


def forecast_parts(workspace: Workspace, found: Assessment) -> tuple[list[CriterionHistory], list[str]]:
    """The measured criteria with their histories, and what GO needs that nothing measures (criteria and rules)."""
    from models.decision import required_criteria, unanswerable_rules

    seen = observations(workspace, found.readiness.at)
    needed = set(required_criteria(found.plan))
    parts = []
    missing = [f"rule {rule}" for rule in unanswerable_rules(found.plan)]
    for score in found.readiness.criteria:
        if score.state in ("not_applicable", "waived") or score.is_attested:
            continue
        values = history_of(seen, score.criterion.metric, score.criterion.scope)
        if not values.empty and score.state in ("passing", "failing", "stale"):
            parts.append(_part(score, values, required=score.criterion.id in needed))
        elif score.criterion.id in needed:
            missing.append(score.criterion.id)
    return parts, missing


def _part(score: CriterionScore, values: pd.Series, *, required: bool) -> CriterionHistory:
    from models.forecast import CriterionHistory

    criterion = score.criterion
    return CriterionHistory(
        id=criterion.id,
        history=values,
        threshold=criterion.threshold,
        direction=criterion.direction,
        baseline=criterion.baseline,
        points_possible=score.points_possible,
        required=required,
        scale=criterion.scale,
        state=score.state,
        blocker=criterion.blocker,
    )


def history_of(seen: pd.DataFrame, metric: str, scope: str) -> pd.Series:
    """The measured values of one metric and scope, the last of each day, on a DatetimeIndex."""
    import pandas as pd

    rows = seen[(seen["metric"] == metric) & (seen["scope"] == scope) & (seen["kind"] != "claimed")]
    values = rows.dropna(subset=["value"]).set_index("observed_at")["value"].sort_index(kind="stable")
    return values.groupby(pd.DatetimeIndex(values.index).floor("D")).last()


def keep_forecast(workspace: Workspace, answer: Mapping[str, Any]) -> None:
    """Store a forecast that was shown, once an origin and subject: it is scored when its day comes."""
    from models.forecast import MODEL_VERSION

    name, origin = workspace.config.name, answer["origin"]
    subjects = [("go", answer["target"], answer["go"]), ("readiness", answer["target"], answer["readiness"])]
    subjects += [(part["id"], None, part) for part in answer["criteria"]]
    with workspace.warehouse.writing() as connection:
        for subject, target, shown in subjects:
            row = [name, workspace.now(), origin, subject, target, shown["outcome"], json.dumps(shown), MODEL_VERSION]
            connection.execute(
                """INSERT INTO forecast SELECT ?, ?, ?, ?, ?, ?, ?, ?
                   WHERE NOT EXISTS (SELECT 1 FROM forecast WHERE project = ? AND origin = ? AND subject = ?)""",
                [*row, name, origin, subject],
            )


def track_record(workspace: Workspace, found: Assessment) -> dict[str, Any]:
    """How this project's kept forecasts came out up to now, and how the method did on other projects' efforts."""
    import pandas as pd

    from models.backtest import score_forecasts
    from models.reference import scores

    kept = workspace.warehouse.query("forecasts")
    kept = kept[kept["origin"] < pd.Timestamp(found.at)]
    crossings = crossing_dates(workspace, found) if len(kept) else {}
    own = score_forecasts(kept, crossings, pd.Timestamp(found.at).tz_convert("UTC"))
    return {"own": own, "reference": {name: _brief(score) for name, score in scores().items()}}


def _brief(score: Mapping[str, Any]) -> dict[str, Any]:
    return {key: score[key] for key in ("brier", "calibration_error", "coverage_80", "cases", "crossings")}


def crossing_dates(workspace: Workspace, found: Assessment) -> dict[str, pd.Timestamp | None]:
    """When each measured criterion was reached for good, as far as is known now; None: not yet."""
    from models.backtest import crossing_date

    parts, _ = forecast_parts(workspace, found)
    return {part.id: crossing_date(part, found.at) for part in parts}


# --- what moved ----------------------------------------------------------------------------------------------------


def moved(workspace: Workspace, since: datetime, until: datetime) -> dict[str, Any]:
    """The answer of `tminus moved`: what changed between two moments, and which commits changed it."""
    from models.frames import COMMITS, ITEMS, check_frame
    from models.movement import movement

    ask = workspace.warehouse.query
    commits = check_frame(ask("commits"), COMMITS, "commits")
    items = check_frame(ask("items", since=since, until=until), ITEMS, "items")
    seen = observations(workspace, until)
    plans = plans_in_force(workspace)
    found = movement(seen, commits, items, plans, since, until)
    simulated = bool(((seen["kind"] == "simulated") & (seen["observed_at"] > since)).any())
    answer = answers.moved_answer(found, plan_at(plans, until))
    window = {"since": since.isoformat(), "until": until.isoformat()}
    return {**answer, **window, "project": workspace.config.name, "simulated": simulated}


# --- the weekly review and the rest --------------------------------------------------------------------------------


def review(workspace: Workspace, since: datetime, until: datetime) -> dict[str, Any]:
    """The weekly review: status, movement and forecast of now beside those of `since`."""
    return {
        "schema": "tminus.review/1",
        "project": workspace.config.name,
        "since": since.isoformat(),
        "until": until.isoformat(),
        "before": status(workspace, since),
        "status": status(workspace, until),
        "moved": moved(workspace, since, until),
        "forecast": forecast(workspace, until, keep=False),
        "forecast_before": forecast(workspace, since, keep=False),
        "path": explain(workspace, until)["path"],
    }


def backtest(workspace: Workspace | None, folder: Path | None, output: Path | None) -> dict[str, Any]:
    """Score the forecast and its rivals on the project's own past, or on a folder of efforts; write files if asked."""
    from app.backtesting import read_folder, write_files
    from models import backtest as scoring

    efforts = read_folder(folder) if folder else own_efforts(workspace)
    answer = scoring.backtest(efforts)
    if output:
        write_files(answer, output)
    return answer


def own_efforts(workspace: Workspace | None) -> list[Any]:
    """The measured criteria of the project as efforts of one group."""
    from models.backtest_cases import Effort

    if workspace is None:
        raise UsageError("name a folder of efforts, or run this where a tminus.toml is")
    parts, _ = forecast_parts(workspace, assess(workspace, workspace.now()))
    name = workspace.config.name
    return [Effort(p.id, name, p.history, p.threshold, p.direction, p.baseline) for p in parts]


def doctor(start: Path | None) -> dict[str, Any]:
    """Every finding about machine, configuration, repository, pulls and evidence."""
    from app import doctor as examine

    findings = list(examine.examine_machine())
    try:
        workspace = open_workspace(start)
    except UsageError as problem:
        findings.append(examine.finding("error", str(problem), "correct the file, or write a new one: tminus init"))
        return {"schema": "tminus.doctor/1", "findings": findings}
    findings.append(examine.finding("good", f"{workspace.path} is sound"))
    findings += examine.examine_repository(workspace.config.repository)
    findings += examine.examine_warehouse(workspace)
    if workspace.warehouse.exists():
        findings += examine.examine_evidence(status(workspace, workspace.now()))
    return {"schema": "tminus.doctor/1", "findings": findings}
