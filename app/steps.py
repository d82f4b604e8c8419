"""The steps of the product: the only file that joins ingest and models. Steps return values; they print nothing."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import answers, answers_forecast, forecasting, imagining
from app.collecting import plan_effective
from app.forecasting import Forecasted
from app.imagining import Asked
from app.workspace import WEEK, UsageError, Workspace, find_config, from_one_state, moment, plan_digest
from ingest.config import ConfigError, parse_config
from ingest.warehouse import PATIENCE_SECONDS, WarehouseError
from models.plan import Criterion, Plan, PlanError, parse_plan

if TYPE_CHECKING:
    import pandas as pd


# --- opening -------------------------------------------------------------------------------------------------------


def open_workspace(start: Path | None = None) -> Workspace:
    """Read the tminus.toml named, or the one in this folder or above; every problem of the file is told at once."""
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
    except PlanError as problem:
        problems += problem.problems
    if problems:
        raise UsageError("\n  ".join([f"{path} has {len(problems)} problem(s):", *problems]))
    return Workspace(path, config, tables, plan)


def plans_in_force(workspace: Workspace) -> list[tuple[datetime, Plan]]:
    """Every stored plan with the moment it took effect, and the file's own when it has not been stored yet."""
    versions = workspace.warehouse.query("plan_versions")
    plans = [(row.effective_from.to_pydatetime(), _stored_plan(row.text)) for row in answers.rows_of(versions)]
    if versions.empty or versions["sha256"].iloc[-1] != plan_digest(workspace.tables):
        plans.append((plan_effective(workspace, first=not plans), workspace.plan))
    return plans


@lru_cache(maxsize=32)
def _stored_plan(text: str) -> Plan:
    """A plan as it was stored; every answer asks for all of them."""
    return parse_plan(tomllib.loads(text))


# --- how ready -----------------------------------------------------------------------------------------------------


@from_one_state
def assess(workspace: Workspace, at: datetime) -> answers.Assessment:
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
    decision, has_simulated = decide(readiness, plan), bool((snapshot["kind"] == "simulated").any())
    return answers.Assessment(workspace.config.name, at, plan, readiness, decision, claims, has_simulated)


def asked_of(criteria: Iterable[Criterion]) -> dict[str, list[str]]:
    """The metrics and scopes that criteria ask for; a warehouse holds a thousand times more."""
    measured = [criterion for criterion in criteria if criterion.metric]
    return {"metrics": sorted({c.metric for c in measured}), "scopes": sorted({c.scope for c in measured})}


def plan_at(plans: Sequence[tuple[datetime, Plan]], at: datetime) -> Plan:
    """The plan in force at a moment; the first one also before it took effect."""
    return [plan for since, plan in plans if since <= at or plan is plans[0][1]][-1]


def status(workspace: Workspace, at: datetime) -> dict[str, Any]:
    """The answer of `tminus status`."""
    return answers.status_answer(assess(workspace, at))


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


def open_of(workspace: Workspace, criterion: dict[str, Any], at: datetime) -> list[dict[str, Any]] | None:
    """The markers that the criterion counts, oldest first; None for a criterion that counts no items."""
    if criterion["metric"] != "todo_count":
        return None
    return answers.open_items(workspace.warehouse.query("items", since=at, until=at), criterion["scope"])


@from_one_state
def explain(workspace: Workspace, at: datetime, criterion: str | None = None) -> dict[str, Any]:
    """Where a criterion's points come from; without one, the arithmetic of the whole and the path to the target."""
    found = assess(workspace, at)
    answer = answers.status_answer(found)
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
        "path": path_of(found),
        "open": open_of(workspace, chosen[0], found.at) if criterion else None,
        "plans": {c.id: {"why": c.why, "fix": c.fix, "max_age_days": c.max_age_days} for c in found.plan.criteria},
    }


def path_of(found: answers.Assessment) -> list[dict[str, Any]]:
    """The cheapest path from an assessment to the target."""
    from models.readiness import path_to_target

    return answers.path_answer(path_to_target(found.readiness))


def observations(workspace: Workspace, until: datetime) -> pd.DataFrame:
    """Every observation of the plans' metrics up to `until`."""
    from models.frames import OBSERVATIONS, check_frame

    wanted = asked_of(c for _, plan in plans_in_force(workspace) for c in plan.criteria)
    frame = workspace.warehouse.query("observations", **wanted, until=until, simulated=True)
    return check_frame(frame, OBSERVATIONS, "observations")


@from_one_state
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


def forecast(
    workspace: Workspace, at: datetime, horizon_days: int = 730, *, keep: bool = True, asked: Asked | None = None
) -> dict[str, Any]:
    """The answer of `tminus forecast`, and of what was asked beside it; kept, to be scored when its day comes."""
    now = forecasted(workspace, at, horizon_days)
    answer = forecast_of(workspace, now)
    answer["timelines"] = timelines(workspace, at)
    answer |= asides(workspace, now, asked) if asked else {}
    if keep and is_timely(workspace, at):
        keep_forecast(workspace, answer)
    return answer


@from_one_state
def forecasted(workspace: Workspace, at: datetime, horizon_days: int = 730) -> Forecasted:
    """Assess a moment and forecast from it; its days are the team's."""
    at = at.astimezone(workspace.zone)
    return forecasting.forecasted(assess(workspace, at), observations(workspace, at), horizon_days)


@from_one_state
def forecast_of(workspace: Workspace, now: Forecasted) -> dict[str, Any]:
    """The plain answer: the joint event, its parts, and the track record."""
    found = now.found
    record = {"own": own_record(workspace, now), "reference": forecasting.reference_record()}
    answer = answers_forecast.forecast_answer(now.joint, found.plan, record, found.at.tzinfo)
    return {**answer, "project": found.project, "simulated": found.has_simulated}


def asides(workspace: Workspace, now: Forecasted, asked: Asked) -> dict[str, Any]:
    """What-if, goal and slip, as far as they were asked; a goal is sought under what is imagined."""
    told: dict[str, Any] = {}
    joint, found = now.joint, now.found
    if asked.imagined:
        joint = imagining.imagine(asked.imagined, now)
        zone = found.at.tzinfo
        told["what_if"] = answers_forecast.what_if_answer(now.joint, joint, asked.imagined, found.plan, zone)
    if asked.goal:
        by, odds = asked.goal.by, asked.goal.odds
        titles = {c.id: c.title for c in found.plan.criteria}
        told["goal"] = answers_forecast.goal_answer(forecasting.goal_of(joint, found.at, by, odds), by, titles)
    if asked.since:
        told["slip"] = slip(workspace, now, asked.since)
    return told


def levers(now: Forecasted) -> list[str]:
    """The criteria whose pace can be imagined otherwise to some effect: those that do not hold yet."""
    from models.forecast_whatif import open_criteria

    return list(open_criteria(now.joint))


@from_one_state
def slip(workspace: Workspace, now: Forecasted, since: datetime, before: Forecasted | None = None) -> dict[str, Any]:
    """Why the date moved since the forecast shown then (kept, or, where none was, computed anew for that moment)."""
    from models.forecast_slip import slip_explained

    kept = forecasting.last_kept(workspace.warehouse.query("forecasts"), since)
    if before is None or kept:
        before = forecasted(workspace, kept.origin if kept else since, now.joint.horizon_days)
    known = {0: before.joint, -1: now.joint}
    found = slip_explained(before.question, now.question, shown=forecasting.shown_of(kept), known=known)
    return answers_forecast.slip_answer(found, before.found.at, is_kept=kept is not None)


@from_one_state
def timelines(workspace: Workspace, at: datetime) -> list[dict[str, Any]]:
    """The timelines that documents claimed, newest first, each with the odds by the evidence of its day."""
    claims = workspace.warehouse.query("claims", until=at)
    told = forecasting.newest_timelines(answers_forecast.timelines_answer(claims, workspace.zone))
    days = {day: forecasted(workspace, min(moment(workspace, day), at)) for day in {c["at"][:10] for c in told}}
    ends = {c["by"]: moment(workspace, c["by"]) for c in told}
    stood = {day: assess(workspace, end) for day, end in ends.items() if end <= at}
    return [forecasting.timeline_judged(claim, days[claim["at"][:10]], stood.get(claim["by"])) for claim in told]


def is_timely(workspace: Workspace, at: datetime) -> bool:
    """Whether a forecast from `at` is one: that of a day gone by knows how it ended, and is neither kept nor scored."""
    return workspace.now() - at < timedelta(days=1)


def keep_forecast(workspace: Workspace, answer: Mapping[str, Any], patience: float = PATIENCE_SECONDS) -> None:
    """Store a forecast that was shown, once an origin and subject: it is scored when its day comes."""
    from models.forecast import MODEL_VERSION

    name, origin = workspace.config.name, answer["origin"]
    subjects = [("go", answer["target"], answer["go"]), ("readiness", answer["target"], answer["readiness"])]
    subjects += [(part["id"], None, part) for part in answer["criteria"]]
    with workspace.warehouse.writing(patience) as connection:
        for subject, target, shown in subjects:
            row = [name, workspace.now(), origin, subject, target, shown["outcome"], json.dumps(shown), MODEL_VERSION]
            connection.execute(
                """INSERT INTO forecast SELECT ?, ?, ?, ?, ?, ?, ?, ?
                   WHERE NOT EXISTS (SELECT 1 FROM forecast WHERE project = ? AND origin = ? AND subject = ?)""",
                [*row, name, origin, subject],
            )


def keep_shown(workspace: Workspace, answer: Mapping[str, Any]) -> bool:
    """Keep what a page showed, once a day, without waiting; says whether nothing is left to do.

    A project whose clock is set (the sample) lives in the past: its pages keep nothing.
    """
    origin = datetime.fromisoformat(answer["origin"])
    if workspace.config.as_of is not None or not is_timely(workspace, origin):
        return True
    day = origin.astimezone(workspace.zone).date()
    try:
        kept = workspace.warehouse.query("forecasts")
        if not any(made.astimezone(workspace.zone).date() == day for made in kept["origin"]):
            keep_forecast(workspace, answer, patience=0.0)
    except WarehouseError:  # locked by a pull, or not ours to write: the next redraw tries again
        return False
    return True


def own_record(workspace: Workspace, now: Forecasted) -> dict[str, Any]:
    """How this project's kept forecasts came out up to now."""
    kept = workspace.warehouse.query("forecasts")
    kept = kept[kept["origin"] < now.joint.origin]
    seen = observations(workspace, now.found.at) if len(kept) else kept
    return forecasting.own_record(kept, now, seen, plans_in_force(workspace))


# --- what moved ----------------------------------------------------------------------------------------------------


@from_one_state
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


@from_one_state
def review(workspace: Workspace, since: datetime, until: datetime, now: Forecasted | None = None) -> dict[str, Any]:
    """The weekly review: status, movement and forecast of now (made here unless given) beside those of `since`."""
    now, before = now or forecasted(workspace, until), forecasted(workspace, since)
    return {
        "schema": "tminus.review/1",
        "project": workspace.config.name,
        "since": since.isoformat(),
        "until": until.isoformat(),
        "before": answers.status_answer(before.found),
        "status": answers.status_answer(now.found),
        "moved": moved(workspace, since, until),
        "forecast": forecast_of(workspace, now),
        "forecast_before": forecast_of(workspace, before),
        "slip": slip(workspace, now, since, before),
        "path": path_of(now.found),
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
    now = workspace.now()
    parts, _ = forecasting.forecast_parts(assess(workspace, now), observations(workspace, now))
    name = workspace.config.name
    return [Effort(p.id, name, p.history, p.threshold, p.direction, p.baseline) for p in parts]


def doctor(start: Path | None, *, verify: bool = False) -> dict[str, Any]:
    """Every finding about machine, configuration, repository, pulls and evidence."""
    from app import doctor as examine

    findings = list(examine.examine_machine())
    try:
        workspace = open_workspace(start)
    except UsageError as problem:
        findings.append(examine.finding("error", str(problem), "correct the file, or write a new one: tminus init"))
        return {"schema": "tminus.doctor/1", "findings": findings}
    findings.append(examine.finding("good", f"{workspace.path} is sound"))
    findings += examine.examine_repository(workspace.config.repository, workspace.now(), workspace.config.branch)
    damage = list(examine.examine_file(workspace, every_block=verify))
    findings += damage
    if not any(found["level"] == "error" for found in damage):
        findings += examine.examine_warehouse(workspace)
        findings += examine.examine_evidence(status(workspace, workspace.now()))
    return {"schema": "tminus.doctor/1", "findings": findings}
