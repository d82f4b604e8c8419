"""The call behind each command: what argparse could not read is read here, then one step is called.

Steps load pandas and the models, so each function imports its own: `tminus --help` loads none of it.
"""

from __future__ import annotations

import math
from argparse import Namespace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    import pandas as pd

    from app.answers.asked import Asked
    from app.answers.types.backtest import BacktestAnswer
    from app.answers.types.collect import (
        ChecklistAnswer,
        ExportedTable,
        InitReport,
        PullAnswer,
        RecordReport,
        RereadAnswer,
        UpdateAnswer,
    )
    from app.answers.types.doctor import DoctorAnswer
    from app.answers.types.explain import ExplainAnswer
    from app.answers.types.files import ReadAnswer, WarehouseCopyAnswer, WarehouseTidyAnswer
    from app.answers.types.forecast import FileForecastAnswer, ForecastAnswer
    from app.answers.types.movement import MovedAnswer
    from app.answers.types.status import StatusAnswer
    from app.workspace import Workspace


def init(args: Namespace) -> InitReport | UpdateAnswer:
    """Write tminus.toml, or take changes of its document into it."""
    from pathlib import Path

    from app.steps.evidence.collect import initialise

    if args.update or args.accept or args.dismiss:
        return _update(args)
    checklist = Path(args.checklist) if args.checklist else None
    config = Path(args.config) if args.config else Path.cwd()
    return initialise(config, Path(args.repo), checklist, args.name or "", force=args.force)


def _update(args: Namespace) -> UpdateAnswer:
    """The changes of the document."""
    from pathlib import Path

    from app.steps.document import update
    from app.workspace import UsageError

    workspace = workspace_of(args)
    named = workspace.plan.document.path
    if not args.checklist and not named:
        raise UsageError("the plan names no document: write --checklist FILE")
    path = Path(args.checklist) if args.checklist else workspace.path.parent / named
    return update(workspace, path, args.accept, dismiss=args.dismiss)


def checklist(args: Namespace) -> ChecklistAnswer:
    """The document, written from evidence."""
    from pathlib import Path

    from app.steps.date.checklist import checklist as write

    return write(workspace_of(args), Path(args.output) if args.output else None, only_check=args.check)


def pull(args: Namespace) -> PullAnswer:
    """Pull, with progress on a terminal."""
    from pathlib import Path

    from app.command_line.terminal.collect import progress
    from app.steps.evidence import collect

    workspace = workspace_of(args)
    if args.from_ci:
        workspace = collect.with_artifacts(workspace, Path(args.from_ci))
    with progress(quiet=args.quiet or args.json) as watch:
        return collect.pull(workspace, args.source, watch)


def status(args: Namespace) -> StatusAnswer:
    """How ready."""
    from app.steps import assess
    from app.workspace import parse_as_of

    workspace = workspace_of(args)
    return assess.status(workspace, parse_as_of(workspace, args.at))


def forecast(args: Namespace) -> ForecastAnswer | FileForecastAnswer:
    """When: of the plan, or of one series from a file."""
    from app.workspace import parse_as_of

    if args.csv:
        return _forecast_file(args)
    from app.steps.date.forecast import forecast as forecast_step

    workspace = workspace_of(args)
    at = parse_as_of(workspace, args.at)
    return forecast_step(workspace, at, args.horizon, asked=_asked(workspace, args, at))


def _asked(workspace: Workspace, args: Namespace, at: datetime) -> Asked:
    """What-if, goal and slip as written; nothing is computed before all of it could be read."""
    from app.answers.asked import Asked
    from app.steps.date.what_if import read_goal, read_scenario
    from app.workspace import UsageError, parse_as_of

    scenario = read_scenario(args.what_if)
    goal = read_goal(args.by, args.odds, at.astimezone(workspace.zone), args.horizon)
    since = parse_as_of(workspace, args.since) if args.since else None
    if since is not None and since >= at:
        raise UsageError(f"--since {since:%Y-%m-%d} is not before the time of the forecast, {at:%Y-%m-%d %H:%M}")
    return Asked(scenario, goal, since)


def _forecast_file(args: Namespace) -> FileForecastAnswer:
    from pathlib import Path

    from app.workspace import UsageError

    if args.what_if or args.by or args.odds or args.since:
        raise UsageError("--what-if, --by, --odds and --since ask about a plan; a series from --csv has none")
    if args.threshold is None or args.direction is None:
        raise UsageError("--csv needs --threshold X and --direction higher|lower")
    from app.steps.date.csv_series import forecast_file

    return forecast_file(
        Path(args.csv), args.threshold, args.direction, args.at, baseline=args.baseline, horizon_days=args.horizon
    )


def moved(args: Namespace) -> MovedAnswer:
    """What moved in a window."""
    from app.steps import movement

    workspace = workspace_of(args)
    return movement.moved(workspace, *window_of(workspace, args))


def series(args: Namespace) -> pd.DataFrame:
    """One metric, or the list of those stored."""
    from app.steps.evidence import collect

    workspace = workspace_of(args)
    return collect.series(workspace, args.metric, args.scope) if args.metric else collect.stored_metrics(workspace)


def explain(args: Namespace) -> ExplainAnswer:
    """One criterion, or all of them with the path to the target."""
    from app.steps.explain import explain as explain_step
    from app.workspace import parse_as_of

    workspace = workspace_of(args)
    return explain_step(workspace, parse_as_of(workspace, args.at), args.criterion)


def record(args: Namespace) -> RecordReport:
    """Store one value."""
    from app.steps.evidence import collect
    from app.workspace import parse_as_of
    from ingest.record import StatedFigure

    workspace = workspace_of(args)
    figure = StatedFigure(
        metric=args.metric,
        value=_value(args.value),
        at=parse_as_of(workspace, args.at) if args.at else None,
        scope=args.scope,
        unit=args.unit,
        commit=args.commit or "",
        claimed=args.claimed,
        note=args.note,
        reason=args.reason,
    )
    return collect.record(workspace, figure)


def _value(text: str) -> float | None:
    from app.workspace import UsageError

    if text.lower() in ("unknown", "none", "null"):
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise UsageError(f"{text!r} is not a number: write a finite number, or unknown with --reason")
    return value


def read(args: Namespace) -> ReadAnswer:
    """What files would yield."""
    from pathlib import Path

    from app.steps.evidence.read_files import read_files
    from app.steps.evidence.scopes_read import unread_in_files

    return unread_in_files(read_files([Path(name) for name in args.files]))


def reread(args: Namespace) -> RereadAnswer:
    """What the current readers read differently in the raw reports that were kept."""
    from app.steps.evidence import collect

    return collect.reread(workspace_of(args), dry_run=args.dry_run)


def backtest(args: Namespace) -> BacktestAnswer:
    """How good such forecasts have been."""
    from pathlib import Path

    from app.steps.date.backtest import backtest as backtest_step

    folder = Path(args.folder) if args.folder else None
    workspace = None if folder else workspace_of(args)
    answer = backtest_step(workspace, folder)
    if args.output:
        from app.reports.backtest import write_files

        write_files(answer, Path(args.output))
    return answer


def sql(args: Namespace) -> pd.DataFrame:
    """The rows that answer a query."""
    from app.steps.evidence import collect

    return collect.ask(workspace_of(args), args.query)


def export(args: Namespace) -> list[ExportedTable]:
    """Write the warehouse to files."""
    from pathlib import Path

    from app.steps.evidence import collect

    return collect.export(workspace_of(args), Path(args.folder), args.format)


def doctor(args: Namespace) -> DoctorAnswer:
    """What is wrong or missing."""
    from pathlib import Path

    from app.steps.evidence.doctor import doctor as doctor_step

    return doctor_step(Path(args.config) if args.config else None, verify=args.verify)


def backup(args: Namespace) -> tuple[str, int]:
    """Copy the warehouse; the file and its size in bytes."""
    from pathlib import Path

    from ingest.warehouse.files import back_up

    return args.file, back_up(workspace_of(args).warehouse, Path(args.file))


def warehouse(args: Namespace) -> WarehouseCopyAnswer | WarehouseTidyAnswer:
    """Copy a warehouse to another place, or tidy the lake of the project."""
    from app.steps.evidence.upkeep import copy_between, tidied
    from app.workspace import UsageError

    wanted = 2 if args.action == "copy" else 0
    if len(args.places) != wanted:
        raise UsageError(f"found {len(args.places)} places: write `tminus warehouse copy FROM TO`, or `tidy` alone")
    if not wanted:
        return tidied(workspace_of(args), args.keep_days)
    source, target = args.places
    return copy_between(source, target, args.data_path)


def app(args: Namespace) -> int:
    """Serve the dashboard until it is stopped; returns the exit code."""
    if args.portfolio:
        return _serve_portfolio(args)
    return _serve(workspace_of(args), args)


def _serve_portfolio(args: Namespace) -> int:
    """Serve all projects; the file is read here, so that a wrong one is refused before a server starts."""
    import os
    from pathlib import Path

    from app.dashboard.serve import access_of, serve
    from app.steps.portfolio.definition import open_portfolio
    from app.workspace import PORTFOLIO_VARIABLE

    portfolio = open_portfolio(Path(args.portfolio))
    os.environ[PORTFOLIO_VARIABLE] = str(portfolio.path)

    def announce(address: str) -> None:
        print(f"\nThe dashboard is at {address}/portfolio (Ctrl-C stops it).", flush=True)

    access = access_of(args.host, args.sign_in, [project.name for project in portfolio.projects])
    return serve(portfolio.projects[0].config, args.port, announce, open_browser=args.browser, access=access)


def mcp(args: Namespace) -> int:
    """Answer agents on standard input and output until the client leaves; returns the exit code."""
    from pathlib import Path

    from app.agents.server import serve

    return serve(Path(args.config) if args.config else None)


def demo(args: Namespace) -> int:
    """The main job on bundled data, then the dashboard; returns the exit code."""
    from app.command_line import output
    from app.demo import prepare_demo
    from app.steps import assess, movement
    from app.steps.date.forecast import forecast as forecast_step
    from app.workspace import WEEK

    workspace = prepare_demo(with_simulated=not args.real)
    now = workspace.now()
    output.show_answers(
        assess.status(workspace, now), forecast_step(workspace, now), movement.moved(workspace, now - WEEK, now)
    )
    if args.no_app:
        print(f"\nmore questions to the sample: tminus status --config {workspace.path}")
        return 0
    return _serve(workspace, args)


def _serve(workspace: Workspace, args: Namespace) -> int:
    from app.dashboard.serve import access_of, serve

    access = access_of(args.host, args.sign_in, [workspace.config.name])
    return serve(workspace.path, args.port, announce, open_browser=args.browser, access=access)


def announce(address: str) -> None:
    """Print where the dashboard is served."""
    print(f"T-minus is served at {address}  (Ctrl-C stops it)", flush=True)


def workspace_of(args: Namespace) -> Workspace:
    """The workspace that --config names, or the one of this folder or one above."""
    from pathlib import Path

    from app.steps.assess import open_workspace

    return open_workspace(Path(args.config) if args.config else None)


def window_of(workspace: Workspace, args: Namespace) -> tuple[datetime, datetime]:
    """The window of --since and --until; UsageError: it is empty."""
    from app.workspace import WEEK, UsageError, parse_as_of

    until = parse_as_of(workspace, args.until)
    since = parse_as_of(workspace, args.since) if args.since else until - WEEK
    if since >= until:
        raise UsageError(f"the window is empty: --since {since:%Y-%m-%d} is not before --until {until:%Y-%m-%d}")
    return since, until
