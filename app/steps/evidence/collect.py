"""Steps that only touch the warehouse and the sources: init, pull, record, series, sql, export."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from string import hexdigits
from typing import TYPE_CHECKING, Any

from app.answers.collect import pull_answer, reread_answer
from app.answers.types.collect import (
    BoundLine,
    ExportedTable,
    ImportedPart,
    InitReport,
    PullAnswer,
    RecordReport,
    RereadAnswer,
)
from app.steps.assess import word_of_people
from app.steps.document import document_values, read_document
from app.steps.plans import note_plan
from app.workspace import CONFIG_NAME, UsageError, Workspace
from ingest.config import DEFAULT_WAREHOUSE, read_zone
from ingest.warehouse.complete_state import ShownWarehouse, state_before
from ingest.warehouse.database import Version, schema_version
from ingest.warehouse.pull_state import RunningPull, running_pull

if TYPE_CHECKING:
    import pandas as pd

    from ingest.record import StatedFigure


def initialise(config: Path, repository: Path, checklist: Path | None, name: str, *, force: bool) -> InitReport:
    """Write the plan to `config` (a file, or a folder): from a checklist when one is named, else from the tree."""
    from ingest.plan_drafting.from_checklist import plan_text
    from ingest.transport.git_repo import GitRepository

    path = config / CONFIG_NAME if config.is_dir() else config
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {path.parent} to write {path.name} into: make it first")
    if path.exists() and not force:
        raise UsageError(f"{path} exists: edit it, or replace it with --force")
    git = GitRepository(repository.resolve())  # raises where the folder is not a repository
    name = name or _project_name(repository.resolve())
    mapping, account = _plan_from(checklist, repository.resolve(), name)
    _name_forge(mapping, git.remote())
    mapping.setdefault("project", {}).update({"name": name, "repository": _relative(repository, path.parent)})
    mapping["project"].setdefault("timezone", machine_zone())
    if checklist is not None:
        _keep_document(checklist, path, mapping)
    write_whole(path, plan_text(mapping))
    gates = mapping.get("gate", [])
    criteria = sum(len(gate.get("criterion", [])) for gate in gates)
    bound = _bound_lines(gates) if checklist else ()
    source, word = str(checklist or "the tree"), word_of_people(path.read_text(encoding="utf-8"))
    return InitReport(path, criteria, len(gates), account, source, bound, *word)


_PUBLIC_FORGES = ("https://github.com/", "https://gitlab.com/")  # others need their `api` beside the name


def _name_forge(mapping: dict[str, Any], remote: str) -> None:
    """Put the repository's name on its forge into the step that connects CI, where the remote tells it."""
    from ingest.advice.metric_steps import ci_step, is_ci_step
    from ingest.forge import forge_of

    forge = forge_of(remote)
    if forge is None or not forge.base.startswith(_PUBLIC_FORGES) or not (step := ci_step(forge.kind, forge.name)):
        return
    for gate in mapping.get("gate", []):
        for criterion in gate.get("criterion", []):
            if is_ci_step(criterion.get("fix", "")):
                criterion["fix"] = step


def _keep_document(checklist: Path, config: Path, mapping: dict[str, Any]) -> None:
    """Name the document in the plan, and keep the version that is imported: later changes are compared with it."""
    from ingest.living_document.versions import keep_version

    data = read_document(checklist)
    mapping["document"] |= document_values(checklist, data, config.parent)
    keep_version((config.parent / DEFAULT_WAREHOUSE).parent, data)


def _bound_lines(gates: Sequence[dict[str, Any]]) -> tuple[BoundLine, ...]:
    rows = [row for gate in gates for row in gate.get("criterion", []) if row["metric"]]
    return tuple(
        BoundLine(_words_of(row), row["metric"], row["comparator"], row["threshold"], row["unit"]) for row in rows
    )


def _words_of(row: dict[str, Any]) -> str:
    """The box as it is written; for a row of a table its factor with the cells."""
    claim = str(row["claim"])
    return claim if not claim or claim.startswith("[") else f"{row['title']}: {claim}"


def machine_zone() -> str:
    """The time zone of this machine by its IANA name, where the system has one, else as an offset like +02:00."""
    named = os.environ.get("TZ", "").lstrip(":")
    link = os.path.realpath("/etc/localtime").partition("zoneinfo/")[2]
    for name in (named, link):
        if name and read_zone(name) is not None:
            return name
    return datetime.now().astimezone().strftime("%z")[:5] or "+00:00"


def write_whole(path: Path, text: str) -> None:
    """Write beside the place and move there: a full disk leaves no half file under the name."""
    from app.reports.writing import write_report

    write_report(path, text)


def _plan_from(checklist: Path | None, repository: Path, name: str) -> tuple[dict[str, Any], Sequence[ImportedPart]]:
    if checklist is None:
        from ingest.plan_drafting.from_tree import default_plan_of

        return default_plan_of(repository, name=name), ()
    from ingest.plan_drafting.from_checklist import plan_from_checklist
    from ingest.plan_drafting.language_counters import counters_for
    from ingest.plan_drafting.tree_facts import facts_of
    from ingest.readers.documents.checklist import read_checklist

    data = read_document(checklist)
    mapping, account = plan_from_checklist(read_checklist(data, checklist.name), name=name)
    if counters := counters_for(facts_of(repository)):
        mapping["counters"] = counters
    return mapping, account


def _project_name(repository: Path) -> str:
    folder = repository.parent if repository.name == ".git" else repository
    return folder.name.removesuffix(".git") or "project"


def _relative(repository: Path, folder: Path) -> str:
    resolved = repository.resolve()
    if resolved.is_relative_to(folder.resolve()):
        return resolved.relative_to(folder.resolve()).as_posix()
    return resolved.as_posix()


def pull(workspace: Workspace, only: Sequence[str] = (), progress: Callable[[str], Any] | None = None) -> PullAnswer:
    """Ask the sources for what is new, and store the plan when it changed."""
    from ingest.pull import pull as pull_sources

    watch = {"progress": progress} if progress else {}
    report = pull_sources(workspace.config, now=workspace.config.as_of, only=only, **watch)
    note_plan(workspace)
    from app.steps.evidence.scopes_read import unread_in_warehouse

    note = _better_readers(workspace)
    notes = ([note] if note else []) + unread_in_warehouse(workspace)
    return pull_answer(replace(report, notes=tuple(notes)) if notes else report)


def _better_readers(workspace: Workspace) -> str:
    """Only sources of files keep payloads to read again: without any, nothing is asked and nothing loaded."""
    if not (workspace.config.warehouse.parent / "payloads" / "index.jsonl").exists():
        return ""
    from ingest.rereading.reread import better_readers

    return better_readers(workspace.warehouse)


def with_artifacts(workspace: Workspace, folder: Path) -> Workspace:
    """The same workspace, its artifact source pointed at the folder that a CI job has just filled."""
    root, place = workspace.config.root.resolve(), folder.resolve()
    if not place.is_dir():
        raise UsageError(f"--from-ci {folder}: no such folder; name the one the job wrote its reports to")
    if not place.is_relative_to(root):
        raise UsageError(f"--from-ci {folder}: is outside {root}; write the reports below the folder of {CONFIG_NAME}")
    settings = {**workspace.config.sources.get("artifacts", {}), "paths": [place.relative_to(root).as_posix() or "."]}
    sources = {**workspace.config.sources, "artifacts": settings}
    return replace(workspace, config=replace(workspace.config, sources=sources))


def reread(workspace: Workspace, *, dry_run: bool) -> RereadAnswer:
    """Read the kept raw reports again with the current readers; what differs is stored under a new definition."""
    from ingest.rereading.reread import reread as replay
    from ingest.warehouse.payloads import PayloadStore

    payloads = PayloadStore(workspace.config.warehouse.parent / "payloads")
    return reread_answer(replay(payloads, workspace.warehouse, workspace.now(), dry_run=dry_run))


def complete_state(workspace: Workspace) -> tuple[RunningPull | None, Version | None]:
    """The pull that runs into this warehouse, and the version of the evidence before its first row, once it writes."""
    return state_before(workspace.config.warehouse)


def hold_state(workspace: Workspace) -> None:
    """Open the copy that a running pull has made of this state: it can still be asked when the pull is done."""
    if isinstance(workspace.warehouse, ShownWarehouse):
        workspace.warehouse.hold_copy()


def release_state(workspace: Workspace) -> None:
    """Let that copy go: the state is shown no more."""
    if isinstance(workspace.warehouse, ShownWarehouse):
        workspace.warehouse.release()


def pull_running(workspace: Workspace) -> RunningPull | None:
    """How far the pull is that runs into this warehouse, or None."""
    return running_pull(workspace.config.warehouse)


def record(workspace: Workspace, figure: StatedFigure) -> RecordReport:
    """Store one value by hand or from a CI job; an identical value that is recorded already is not stored twice."""
    from app.steps.evidence.scopes_read import unread
    from ingest.record import record_figure

    figure = replace(figure, commit=_full_commit(workspace, figure.commit))
    added = record_figure(workspace.warehouse, figure, workspace.now())
    return RecordReport(figure.metric, figure.value, bool(added), unread(workspace, figure.metric, [figure.scope]))


def _full_commit(workspace: Workspace, commit: str) -> str:
    """The full hash of a commit. UsageError: the clone does not have it, and it was not given as a full hash."""
    from ingest.transport.git_repo import GitRepository

    if not commit:
        return ""
    known = GitRepository(workspace.config.repository).commit_of(commit) if workspace.config.repository.exists() else ""
    if known or (len(commit) in _HASH_LENGTHS and set(commit.lower()) <= set(hexdigits)):
        return known or commit.lower()
    raise UsageError(
        f"--commit {commit}: not in the clone {workspace.config.repository}; fetch it, or give the hash of 40 digits"
    )


def series(workspace: Workspace, metric: str, scope: str | None = None) -> pd.DataFrame:
    """All points of one metric; UsageError names near misses when there are none."""
    frame = workspace.warehouse.query("series", metric=metric, scope=scope, simulated=True)
    if frame.empty:
        raise UsageError(_unknown_series(workspace, metric, scope))
    return frame


def _unknown_series(workspace: Workspace, metric: str, scope: str | None) -> str:
    from difflib import get_close_matches

    stored = stored_metrics(workspace)
    names = sorted(set(stored["metric"]))
    if metric in names:
        scopes = sorted(s or "''" for s in set(stored.loc[stored["metric"] == metric, "scope"]))
        return f"{metric} has no points in scope {scope!r}; it has them in: {', '.join(scopes[:12])}"
    close = get_close_matches(metric, names, n=3, cutoff=0.5)
    hint = f"did you mean {', '.join(close)}?" if close else f"stored are: {', '.join(names) or 'none'}"
    return f"no points of {metric!r} are stored; {hint}"


def stored_metrics(workspace: Workspace) -> pd.DataFrame:
    """What is stored: one row per metric, scope and kind."""
    return workspace.warehouse.query("metrics")


def ask(workspace: Workspace, sql: str) -> pd.DataFrame:
    """Answer a user's own SQL, read-only."""
    return workspace.warehouse.ask(sql)


_HASH_LENGTHS = (40, 64)  # SHA-1, SHA-256
EXPORTED = ("observation", "evidence", "source_run", "commit", "item", "plan_version", "forecast", "action", "event")
MEETING_TABLES = ("decision", "frozen_review")  # a warehouse that no newer tminus has written to yet has none of them
PROCESS_TABLES = ("deployment", "process_event", "sample")


def export(workspace: Workspace, folder: Path, form: str) -> list[ExportedTable]:
    """Write every table that users own to one file each."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise UsageError(f"cannot make the folder {folder}: {problem.strerror}") from None
    written = []
    options = "FORMAT parquet, COMPRESSION zstd" if form == "parquet" else "FORMAT csv, HEADER"
    with workspace.warehouse.reading() as connection:
        for table in _exported(schema_version(connection)):
            path = folder / f"{table}.{form}"
            columns = _neutral_columns(connection, table) if form == "csv" else "*"
            part = folder / f".{path.name}.part"
            try:
                rows = connection.execute(
                    f"""COPY (SELECT {columns} FROM "{table}") TO ? ({options})""",  # noqa: S608
                    [str(part)],
                ).fetchall()[0][0]
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)
            written.append(ExportedTable(path, rows))
    return written


def _exported(version: int) -> tuple[str, ...]:
    """The tables that a warehouse of this schema version has for its users."""
    return (*EXPORTED, *(MEETING_TABLES if version >= 2 else ()), *(PROCESS_TABLES if version >= 4 else ()))


def _neutral_columns(connection: Any, table: str) -> str:
    """The columns of a table, texts neutral for spreadsheets as by `app.dashboard.download.neutral`."""
    described = connection.execute(f'SELECT column_name, column_type FROM (DESCRIBE "{table}")')  # noqa: S608 - own name
    return ", ".join(_neutral(name) if kind == "VARCHAR" else f'"{name}"' for name, kind in described.fetchall())


def _neutral(name: str) -> str:
    runs = f"""regexp_matches("{name}", '^(\\s*[=+@-]|[\\t\\r\\n])') AND try_cast("{name}" AS DOUBLE) IS NULL"""
    return f"""CASE WHEN {runs} THEN chr(39) || "{name}" ELSE "{name}" END AS "{name}\""""
