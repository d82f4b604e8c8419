"""What is wrong or missing in an installation, a configuration and its evidence; each finding with the next step."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from app.answers.blockers import criteria_of
from app.answers.types.doctor import DoctorAnswer, FindingAnswer, Level
from app.answers.types.status import CriterionAnswer, StatusAnswer
from app.steps.assess import open_workspace, status
from app.steps.clone import old_clone
from app.workspace import UsageError, Workspace
from ingest.source import TMinusError
from ingest.warehouse.database import WarehouseError
from ingest.warehouse.pull_state import running_pull

STALE_PULL_DAYS = 8  # a weekly meeting needs a pull a week


def finding(level: Level, what: str, then: str = "") -> FindingAnswer:
    """One finding with its next step."""
    return {"level": level, "what": what, "next": then}


def examine_machine() -> Iterator[FindingAnswer]:
    """What the program needs around it."""
    if shutil.which("git") is None:
        yield finding("error", "git is not on the PATH", "install git: every history is read with it")
    else:
        yield finding("good", "git is installed")


def examine_file(workspace: Workspace, *, every_block: bool) -> Iterator[FindingAnswer]:
    """Whether the warehouse exists and, when asked, every block of it can be read; and a pull that is running."""
    warehouse = workspace.warehouse
    if running := running_pull(warehouse.path):
        yield finding("note", f"a pull is running ({running.done} of {running.total} sources)")
    if not warehouse.exists():
        yield finding("error", f"no warehouse at {warehouse.label}", "run `tminus pull`")
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


def examine_warehouse(workspace: Workspace, known: set[str]) -> Iterator[FindingAnswer]:
    """The last run of each source, and how old it is; `known` are the findings so far, which no source repeats."""
    warehouse = workspace.warehouse
    runs = warehouse.query("source_runs", limit=1000)
    for source, latest in runs.groupby("source", sort=False):
        yield from _examine_run(str(source), latest.iloc[0], workspace, known)
    from ingest.rereading.reread import better_readers

    if outdated := better_readers(warehouse):
        yield finding("warning", outdated)


def _examine_run(source: str, run: Any, workspace: Workspace, known: set[str]) -> Iterator[FindingAnswer]:
    """How the last run went; a warning that is in `known` already is not repeated."""
    # Beside a fixed clock the age of a pull means nothing.
    age = 0 if workspace.config.as_of else (workspace.now() - run["finished_at"].to_pydatetime()).days
    if run["status"] != "ok":
        yield finding("error", f"source {source} failed: {run['error']}", "fix it and run `tminus pull` again")
    elif age > STALE_PULL_DAYS:
        yield finding("warning", f"source {source} was last read {age} days ago", "run `tminus pull`, best every night")
    else:
        yield finding("good", f"source {source} was read, last on {run['finished_at']:%Y-%m-%d %H:%M}")
    for warning in json.loads(run["warnings"])[:3]:
        if warning not in known:
            yield finding("note", f"source {source}: {warning}")
        known.add(warning)


def examine_evidence(status: StatusAnswer) -> Iterator[FindingAnswer]:
    """Criteria that earn nothing because nothing fresh measures them, most points first."""
    without = [c for c in criteria_of(status).values() if c["state"] in ("missing", "stale", "claimed")]
    unknown = [c for c in without if not c["points"]]
    for criterion in sorted(unknown, key=lambda c: -c["points_possible"]):
        stake = f"{criterion['points_possible']:.1f} points at stake"
        yield finding("warning", f"{criterion['id']}: {criterion['because']} ({stake})", criterion["fix"])
    yield from _attested([c for c in without if c["points"]])
    yield from _unanswerable(status)
    if not without:
        yield finding("good", "every criterion of the plan is measured")


def _later_evidence(workspace: Workspace) -> Iterator[FindingAnswer]:
    """Criteria judged after the deployment that nothing measures: the next stage waits for them."""
    from app.steps.production.rollout import later_gates

    for gate in later_gates(workspace, workspace.now()):
        for criterion in gate["criteria"]:
            if criterion["reason"]["kind"] == "never_measured":
                yield finding("note", f"{criterion['id']} ({gate['title']}): {criterion['because']}", criterion["fix"])


def _unanswerable(status: StatusAnswer) -> Iterator[FindingAnswer]:
    for rule in status["decision"]["rules"]:
        if any(reason["kind"] == "names_no_criterion" for reason in rule["reasons"]):
            what = f"rule {rule['id']} ({rule['text']}) can never hold: it names no criterion"
            yield finding("warning", what, "name the criteria it is judged by in `needs`")


def _attested(criteria: list[CriterionAnswer]) -> Iterator[FindingAnswer]:
    for criterion in criteria:
        word = f"{criterion['points']:.1f} points rest on a person's word"
        yield finding("note", f"{criterion['id']}: {criterion['because']} ({word})")


def examine_repository(path: Path, now: datetime, branch: str = "") -> Iterator[FindingAnswer]:
    """Whether the whole history can be read."""
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


def _examine_history(workspace: Workspace) -> Iterator[FindingAnswer]:
    """The repository; recorded data with a fixed clock, as the samples are, need none."""
    config = workspace.config
    if config.as_of and not (config.repository / ".git").exists():
        yield finding("note", f"recorded data up to {config.as_of:%Y-%m-%d}, without a repository: nothing new is read")
    else:
        yield from examine_repository(config.repository, workspace.now(), config.branch)


def doctor(start: Path | None, *, verify: bool = False) -> DoctorAnswer:
    """Every finding about machine, configuration, repository, pulls and evidence."""
    findings = list(examine_machine())
    try:
        workspace = open_workspace(start)
    except UsageError as problem:
        findings.append(finding("error", str(problem), "correct the file, or write a new one: tminus init"))
        return {"schema": "tminus.doctor/1", "findings": findings}
    findings.append(finding("good", f"{workspace.path} is valid"))
    findings += _examine_history(workspace)
    damage = list(examine_file(workspace, every_block=verify))
    findings += damage
    if not any(row["level"] == "error" for row in damage):
        findings += examine_warehouse(workspace, {row["what"] for row in findings})
        findings += examine_evidence(status(workspace, workspace.now()))
        findings += _later_evidence(workspace)
    return {"schema": "tminus.doctor/1", "findings": findings}
