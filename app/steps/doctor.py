"""What is wrong or missing in an installation, a configuration and its evidence; each finding with the next step."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from app.steps.assess import open_workspace, status
from app.workspace import UsageError, Workspace
from ingest.source import TMinusError
from ingest.warehouse.database import WarehouseError
from ingest.warehouse.pull_state import running_pull

OLD_CLONE_DAYS = 60  # a project in work has newer commits: the clone is behind, or another branch is meant
STALE_PULL_DAYS = 8  # a weekly meeting needs a pull a week


def finding(level: str, what: str, then: str = "") -> dict[str, str]:
    """One finding: level good, note, warning or error."""
    return {"level": level, "what": what, "next": then}


def examine_machine() -> Iterator[dict[str, str]]:
    """What the program needs around it."""
    if shutil.which("git") is None:
        yield finding("error", "git is not on the PATH", "install git: every history is read with it")
    else:
        yield finding("good", "git is there")


def examine_file(workspace: Workspace, *, every_block: bool) -> Iterator[dict[str, str]]:
    """Whether the warehouse is there and, when asked, every block of it can be read; and a pull that is running."""
    warehouse = workspace.warehouse
    if running := running_pull(warehouse.path):
        yield finding("note", f"a pull is running ({running.done} of {running.total} sources)")
    if not warehouse.exists():
        yield finding("error", f"no warehouse at {warehouse.path}", "run `tminus pull`")
        return
    try:
        from ingest.warehouse.files import verify

        rows = verify(warehouse) if every_block else {}
        warehouse.query("metrics")
    except WarehouseError as problem:
        yield finding(
            "error", str(problem), "put a backup in its place, or pull again into a new file: docs/warehouse.md"
        )
        return
    if every_block:
        yield finding("good", f"every block of the warehouse can be read: {sum(rows.values()):,} rows")


def examine_warehouse(workspace: Workspace) -> Iterator[dict[str, str]]:
    """The last run of each source, and how old it is."""
    warehouse = workspace.warehouse
    runs = warehouse.query("source_runs", limit=1000)
    for source, latest in runs.groupby("source", sort=False):
        yield from _examine_run(str(source), latest.iloc[0], workspace)
    from ingest.rereading.reread import better_readers

    what, _, then = better_readers(warehouse).partition(": ")
    if what:
        yield finding("warning", what, then)


def _examine_run(source: str, run: Any, workspace: Workspace) -> Iterator[dict[str, str]]:
    age = (workspace.now() - run["finished_at"].to_pydatetime()).days
    if run["status"] != "ok":
        yield finding("error", f"source {source} failed: {run['error']}", "mend it and run `tminus pull` again")
    elif age > STALE_PULL_DAYS:
        yield finding("warning", f"source {source} was last read {age} days ago", "run `tminus pull`, best every night")
    else:
        yield finding("good", f"source {source} was read, last on {run['finished_at']:%Y-%m-%d %H:%M}")
    for warning in json.loads(run["warnings"])[:3]:
        yield finding("note", f"source {source}: {warning}")


def examine_evidence(status: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Criteria that earn nothing because nothing fresh measures them, dearest first."""
    criteria = [c for gate in status["gates"] for c in gate["criteria"]]
    unknown = [c for c in criteria if c["state"] in ("missing", "stale", "claimed")]
    for criterion in sorted(unknown, key=lambda c: -c["points_possible"]):
        stake = f"{criterion['points_possible']:.1f} points at stake"
        yield finding("warning", f"{criterion['id']}: {criterion['because']} ({stake})", criterion["fix"])
    for rule in status["decision"]["rules"]:
        if rule["holds"] is None and "names no criterion" in rule["because"]:
            yield finding("warning", f"rule {rule['id']} ({rule['text']}) can never hold: it names no criterion",
                          "name in `needs` the criteria it is judged by")  # fmt: skip
    if not unknown:
        yield finding("good", "every criterion of the plan is measured")


def examine_repository(path: Path, now: datetime, branch: str = "") -> Iterator[dict[str, str]]:
    """Whether the history can be read whole."""
    from ingest.sources.git.unread_types import unread_sentence, unread_types
    from ingest.transport.git_repo import GitRepository

    try:
        repository = GitRepository(path)
        shallow, tip = repository.shallow_mark(), repository.tip()
    except TMinusError as problem:
        yield finding("error", str(problem), "correct project.repository in tminus.toml")
        return
    if shallow:
        yield finding("warning", f"{path} is a shallow clone: older history is missing", "git fetch --unshallow")
    else:
        yield finding("good", f"the repository {path} can be read")
    if tip and (sentence := unread_sentence(unread_types(repository, tip[1]))):
        yield finding("note", sentence, "count what matters in them with a counter of kind `matches`")
    if old := old_clone(path, now, branch):
        yield finding("warning", old, "git fetch, or check project.branch in tminus.toml")


def old_clone(path: Path, now: datetime, branch: str = "") -> str:
    """What is remarked on when the newest commit of a clone is months old; "" when it is not, or there is none."""
    from ingest.transport.git_repo import GitRepository

    try:
        repository = GitRepository(path)
        tip = repository.tip(branch)
        newest = datetime.fromisoformat(repository.ask("log", "-1", "--format=%cI", tip[1], "--")) if tip else now
    except (TMinusError, ValueError):  # another finding says that it cannot be read
        return ""
    days = (now - newest).days
    return f"the newest commit of {path} is {days} days old, of {newest:%Y-%m-%d}" if days > OLD_CLONE_DAYS else ""


def doctor(start: Path | None, *, verify: bool = False) -> dict[str, Any]:
    """Every finding about machine, configuration, repository, pulls and evidence."""
    findings = list(examine_machine())
    try:
        workspace = open_workspace(start)
    except UsageError as problem:
        findings.append(finding("error", str(problem), "correct the file, or write a new one: tminus init"))
        return {"schema": "tminus.doctor/1", "findings": findings}
    findings.append(finding("good", f"{workspace.path} is sound"))
    findings += examine_repository(workspace.config.repository, workspace.now(), workspace.config.branch)
    damage = list(examine_file(workspace, every_block=verify))
    findings += damage
    if not any(found["level"] == "error" for found in damage):
        findings += examine_warehouse(workspace)
        findings += examine_evidence(status(workspace, workspace.now()))
    return {"schema": "tminus.doctor/1", "findings": findings}
