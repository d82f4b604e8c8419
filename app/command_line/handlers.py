"""What each command does: parse what argparse could not, call one step, print its answer, name the exit code."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from datetime import datetime
from pathlib import Path
from typing import Any

from app.answers.asked import Asked
from app.answers.files import series_answer
from app.command_line.safe_output import visible
from app.steps import collect as collecting
from app.steps import review as review_steps
from app.steps.assess import open_workspace, status
from app.steps.backtest import backtest
from app.steps.check import check
from app.steps.doctor import doctor, old_clone
from app.steps.explain import explain
from app.steps.forecast import forecast
from app.steps.movement import moved
from app.steps.scopes_read import unread, unread_in_files
from app.steps.what_if import read_goal, read_imagined
from app.workspace import WEEK, UsageError, Workspace, moment

GOOD, GATE_FAILED, USAGE, NO_EVIDENCE = 0, 1, 2, 3


def _workspace(args: Namespace) -> Workspace:
    return open_workspace(Path(args.config) if args.config else None)


def _emit(answer: dict[str, Any]) -> None:
    json.dump(answer, sys.stdout, indent=2, allow_nan=False, default=str)
    sys.stdout.write("\n")


def run_init(args: Namespace) -> int:
    """Write tminus.toml and tell what became of every part of the checklist."""
    from app.command_line.terminal import other as text

    checklist = Path(args.checklist) if args.checklist else None
    config = Path(args.config) if args.config else Path.cwd()
    done = collecting.initialise(config, Path(args.repo), checklist, args.name or "", force=args.force)
    text.show_init(done)
    return GOOD


def run_pull(args: Namespace) -> int:
    """Pull, with progress on a terminal; a failing source is told and does not fail the command unless all fail."""
    from app.command_line.terminal import other as text

    workspace = _workspace(args)
    if args.from_ci:
        workspace = collecting.with_artifacts(workspace, Path(args.from_ci))
    with text.progress(quiet=args.quiet or args.json) as progress:
        report = collecting.pull(workspace, args.source, progress)
    if args.json:
        _emit(collecting.pull_answer(report))
    else:
        text.show_pull(report, quiet=args.quiet)
    return USAGE if report.sources and not any(source.ok for source in report.sources) else GOOD


def run_status(args: Namespace) -> int:
    """How ready."""
    workspace = _workspace(args)
    answer = status(workspace, moment(workspace, args.at))
    if args.json:
        _emit(answer)
        return GOOD
    from app.command_line.terminal import status as text_status

    text_status.show_status(answer, everything=args.all)
    if old := old_clone(workspace.config.repository, workspace.now(), workspace.config.branch):
        print(f"Note: {visible(old)}; `git fetch` brings what is newer.")
    return GOOD


def run_forecast(args: Namespace) -> int:
    """When; exit 3 when the evidence does not carry an answer."""
    if args.csv:
        return _forecast_csv(args)
    workspace = _workspace(args)
    at = moment(workspace, args.at)
    answer = forecast(workspace, at, args.horizon, asked=_asked(workspace, args, at))
    if args.json:
        _emit(answer)
    else:
        from app.command_line.terminal import forecast as text_forecast

        text_forecast.show_forecast(answer)
    return NO_EVIDENCE if answer.get("what_if", answer)["outcome"] == "not_enough_evidence" else GOOD


def _asked(workspace: Workspace, args: Namespace, at: datetime) -> Asked:
    """What-if, goal and slip as written; nothing is computed before all of it could be read."""
    imagined = read_imagined(args.what_if)
    goal = read_goal(args.by, args.odds, at.astimezone(workspace.zone), args.horizon)
    since = moment(workspace, args.since) if args.since else None
    if since is not None and since >= at:
        raise UsageError(f"--since {since:%Y-%m-%d} is not before the forecast's own moment, {at:%Y-%m-%d %H:%M}")
    return Asked(imagined, goal, since)


def _forecast_csv(args: Namespace) -> int:
    if args.what_if or args.by or args.odds or args.since:
        raise UsageError("--what-if, --by, --odds and --since ask about a plan; a series from --csv has none")
    if args.threshold is None or args.direction is None:
        raise UsageError("--csv needs --threshold X and --direction higher|lower")
    from app.steps.csv_series import forecast_file

    answer = forecast_file(
        Path(args.csv), args.threshold, args.direction, args.at, baseline=args.baseline, horizon_days=args.horizon
    )
    if args.json:
        _emit(answer)
    else:
        from app.command_line.terminal import forecast as text_forecast

        text_forecast.show_crossing(answer)
    return NO_EVIDENCE if answer["outcome"] == "not_enough_evidence" else GOOD


def _window(workspace: Workspace, args: Namespace) -> tuple[Any, Any]:
    until = moment(workspace, args.until)
    since = moment(workspace, args.since) if args.since else until - WEEK
    if since >= until:
        raise UsageError(f"the window is empty: --since {since:%Y-%m-%d} is not before --until {until:%Y-%m-%d}")
    return since, until


def run_moved(args: Namespace) -> int:
    """What moved."""
    workspace = _workspace(args)
    answer = moved(workspace, *_window(workspace, args))
    if args.json:
        _emit(answer)
        return GOOD
    from app.command_line.terminal import movement as text_moved

    text_moved.show_moved(answer)
    return GOOD


def run_review(args: Namespace) -> int:
    """The weekly review, printed or written to a file that is never left half-written."""
    from app.reports import writing as report

    workspace = _workspace(args)
    review = review_steps.review(workspace, *_window(workspace, args))
    if args.json or args.format == "json":
        _emit(review)
        return GOOD
    page = report.render(review, args.format)
    if args.output:
        report.write_report(Path(args.output), page)
        print(f"wrote {args.output}")
    else:
        sys.stdout.write(page)
    return GOOD


def run_check(args: Namespace) -> int:
    """The verdict as an exit code."""
    workspace = _workspace(args)
    answer = check(
        workspace, moment(workspace, args.at), args.gate, commit=args.commit, allow_conditional=args.allow_conditional
    )
    if args.json:
        _emit(answer)
    else:
        from app.command_line.terminal import status as text_status

        text_status.show_check(answer)
    return int(answer["exit_code"])


def run_series(args: Namespace) -> int:
    """One metric, or the list of those stored."""
    from app.command_line.terminal import other as text

    workspace = _workspace(args)
    if not args.metric:
        frame = collecting.stored_metrics(workspace)
        text.show_frame(frame, as_csv=args.csv, as_json=args.json)
        return GOOD
    frame = collecting.series(workspace, args.metric, args.scope)
    if args.json:
        _emit(series_answer(frame))
    elif args.csv:
        text.show_frame(frame[["observed_at", "value", "commit", "scope", "kind"]], as_csv=True)
    else:
        text.show_series(frame)
    return GOOD


def run_explain(args: Namespace) -> int:
    """A criterion opened, or the whole number with the path to the target."""
    workspace = _workspace(args)
    answer = explain(workspace, moment(workspace, args.at), args.criterion)
    if args.json:
        _emit(answer)
        return GOOD
    from app.command_line.terminal import other as text

    text.show_explanation(answer)
    return GOOD


def run_record(args: Namespace) -> int:
    """Store one figure."""
    from ingest.record import Figure

    workspace = _workspace(args)
    figure = Figure(
        metric=args.metric,
        value=_figure(args.value),
        at=moment(workspace, args.at) if args.at else None,
        scope=args.scope,
        unit=args.unit,
        commit=args.commit,
        claimed=args.claimed,
        note=args.note,
        reason=args.reason,
    )
    added = collecting.record(workspace, figure)
    if said := unread(workspace, args.metric, [args.scope]):
        print(f"warning: {said}", file=sys.stderr)
    print(f"stored {args.metric} = {args.value}" if added else "that very figure was stored before; nothing changed")
    return GOOD


def _figure(text: str) -> float | None:
    import math

    if text.lower() in ("unknown", "none", "null"):
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise UsageError(f"{text!r} is no figure: write a finite number, or unknown with --reason")
    return value


def run_read(args: Namespace) -> int:
    """What files would yield."""
    from app.steps.read_files import read_files

    answer = unread_in_files(read_files([Path(name) for name in args.files]))
    if args.json:
        _emit(answer)
    else:
        from app.command_line.terminal import other as text

        text.show_reading(answer)
    yielded = any(o["value"] is not None for file in answer["files"] for o in file["observations"])
    return GOOD if yielded else NO_EVIDENCE


def run_reread(args: Namespace) -> int:
    """What today's readers see differently in what was kept."""
    answer = collecting.reread(_workspace(args), dry_run=args.dry_run)
    if args.json:
        _emit(answer)
    else:
        from app.command_line.terminal import other as text

        text.show_reread(answer)
    return GOOD


def run_backtest(args: Namespace) -> int:
    """How good such forecasts have been."""
    folder = Path(args.folder) if args.folder else None
    workspace = None if folder else _workspace(args)
    answer = backtest(workspace, folder, Path(args.output) if args.output else None)
    if args.json:
        _emit(answer)
    else:
        from app.command_line.terminal import other as text

        text.show_backtest(answer)
    return NO_EVIDENCE if not answer["methods"] else GOOD


def run_sql(args: Namespace) -> int:
    """Answer SQL."""
    from app.command_line.terminal import other as text

    text.show_frame(collecting.ask(_workspace(args), args.query), as_csv=args.csv, as_json=args.json)
    return GOOD


def run_export(args: Namespace) -> int:
    """Write the warehouse to files."""
    for path, rows in collecting.export(_workspace(args), Path(args.folder), args.format):
        print(f"{rows:>9,} rows  {path}")
    return GOOD


def run_backup(args: Namespace) -> int:
    """Copy the warehouse."""
    from ingest.warehouse.files import back_up

    size = back_up(_workspace(args).warehouse, Path(args.file))
    print(f"wrote {args.file}: {size:,} bytes, every block read back")
    return GOOD


def run_doctor(args: Namespace) -> int:
    """What is wrong or missing."""
    answer = doctor(Path(args.config) if args.config else None, verify=args.verify)
    if args.json:
        _emit(answer)
    else:
        from app.command_line.terminal import other as text

        text.show_doctor(answer)
    return USAGE if any(f["level"] == "error" for f in answer["findings"]) else GOOD


def run_app(args: Namespace) -> int:
    """Serve the dashboard until stopped."""
    from app.dashboard.serve import serve

    workspace = _workspace(args)
    return serve(workspace.path, args.port, open_browser=args.browser)


def run_demo(args: Namespace) -> int:
    """The main job on bundled data, then the dashboard."""
    from app.command_line.terminal import forecast as text_forecast
    from app.command_line.terminal import movement as text_moved
    from app.command_line.terminal import status as text_status
    from app.demo import prepare_demo

    workspace = prepare_demo(with_simulated=not args.real)
    now = workspace.now()
    text_status.show_status(status(workspace, now))
    text_forecast.show_forecast(forecast(workspace, now))
    text_moved.show_moved(moved(workspace, now - WEEK, now))
    if args.no_app:
        print(f"\nask it anything: tminus status --config {workspace.path}")
        return GOOD
    from app.dashboard.serve import serve

    return serve(workspace.path, args.port, open_browser=args.browser)
