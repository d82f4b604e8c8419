"""Pull many projects side by side, each in a process of its own: one that fails, hangs or crashes stops no other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, cast

from app.answers.types.portfolio import PortfolioPullAnswer, ProjectPull
from app.steps.portfolio.definition import Portfolio, Project
from ingest.source import TMinusError

if TYPE_CHECKING:
    from app.answers.types.collect import PullAnswer

Watch = Callable[[int, int, ProjectPull], None]  # done, all, the project that has just ended


def pull_portfolio(portfolio: Portfolio, watch: Watch = lambda _done, _all, _project: None) -> PortfolioPullAnswer:
    """Mirror what has a url, draft a plan where there is none, and pull each project; at most `jobs` at once."""
    began = monotonic()
    jobs = portfolio.jobs or os.cpu_count() or 1
    ended: dict[str, ProjectPull] = {}
    with ThreadPoolExecutor(max_workers=min(jobs, len(portfolio.projects))) as pool:
        running = [pool.submit(_pull_one, project, 60.0 * portfolio.minutes) for project in portfolio.projects]
        for future in as_completed(running):
            pulled = future.result()
            ended[pulled["name"]] = pulled
            watch(len(ended), len(portfolio.projects), pulled)
    return {
        "schema": "tminus.portfolio_pull/1",
        "portfolio": portfolio.name,
        "projects": [ended[project.name] for project in portfolio.projects],
        "seconds": round(monotonic() - began, 3),
    }


def _pull_one(project: Project, seconds: float) -> ProjectPull:
    began = monotonic()
    try:
        _prepare(project, seconds)
        answer = _ask_command(project, max(seconds - (monotonic() - began), 1.0))
        rows = sum(source["rows_added"] for source in answer["sources"])
        failed = [f"{source['source']}: {source['error']}" for source in answer["sources"] if not source["ok"]]
        error = "; ".join(failed) if failed and len(failed) == len(answer["sources"]) else ""
    except (TMinusError, OSError) as problem:
        rows, failed, error = 0, [], str(problem)
    took = round(monotonic() - began, 3)
    return {
        "name": project.name,
        "ok": not error,
        "error": error,
        "rows_added": rows,
        "failed_sources": failed,
        "seconds": took,
    }


def _prepare(project: Project, seconds: float) -> None:
    """The mirror up to date, and a plan: one is drafted from the tree where there is none."""
    if project.mirror is None:
        return
    from app.steps.evidence.collect import initialise
    from ingest.transport.mirrors import update_mirror

    update_mirror(project.url, project.mirror, seconds)
    if not project.config.exists():
        project.config.parent.mkdir(parents=True, exist_ok=True)
        initialise(project.config, project.mirror, None, project.name, force=False)


def _ask_command(project: Project, seconds: float) -> PullAnswer:
    """Run `tminus pull --json` of one project. ProjectError: it ended without an answer."""
    command = [sys.executable, str(_command()), "pull", "--json", "--config", str(project.config)]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=seconds, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        raise ProjectError(f"took more than {seconds:,.0f} s: stopped; the next pull goes on") from None
    try:
        return cast("PullAnswer", json.loads(done.stdout))
    except ValueError:
        printed = done.stderr.decode("utf-8", "replace").strip().splitlines()
        last = (
            printed[-1].removeprefix("tminus pull: ") if printed else f"ended with code {done.returncode} and no answer"
        )
        raise ProjectError(last) from None


def _command() -> Path:
    """The file of the command `tminus`, beside this package."""
    return Path(__file__).resolve().parents[3] / "tminus.py"


class ProjectError(TMinusError):
    """One project could not be pulled; the others go on."""
