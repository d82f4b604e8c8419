"""Which commit a verdict is about: the newest one that was read, or the one that the user names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from app.workspace import UsageError, Workspace

if TYPE_CHECKING:
    import pandas as pd

    from ingest.transport.git_repo import GitRepository
    from models.readiness.candidate import Candidate


_NOW = timedelta(minutes=5)  # a command takes its time; an earlier moment is asked about the past


def candidate_of(
    workspace: Workspace, at: datetime, evidence: Iterable[str], max_behind: int | None, commit: str | None = None
) -> Candidate:
    """The candidate with the positions of it and of the commits of the `evidence`.

    Without `commit` it is the newest commit of the main branch as of `at`; with one, evidence must be of that
    commit unless `max_behind` allows more.
    """
    from models.readiness.candidate import Candidate

    wanted = sorted({name for name in (*evidence, commit or "") if name})
    rows = workspace.warehouse.query("commit_positions", commits=wanted, until=at, now=workspace.now())
    positions = dict(zip(rows["commit"].tolist(), rows["position"].tolist(), strict=True))
    newest = rows.loc[rows["newest"].astype(bool), "commit"].tolist()
    limit = max_behind if commit is None or max_behind is not None else 0
    return Candidate(commit or "".join(newest[-1:]), positions, limit)


def with_overtaken(workspace: Workspace, at: datetime, snapshot: pd.DataFrame, candidate: Candidate) -> Candidate:
    """The candidate with the figures (frame SNAPSHOT) that an older commit has overtaken.

    A pipeline of an old commit can run again after that of the newest one. Its figure says nothing about the newest.
    """
    from models.readiness.readings import CARRIED_SOURCES

    places = snapshot["commit"].map(candidate.positions)
    last = float("inf") if candidate.position is None else candidate.position
    doubtful = snapshot[(snapshot["kind"] == "measured") & (places < last) & ~snapshot["source"].isin(CARRIED_SOURCES)]
    if doubtful.empty:
        return candidate
    wanted = {"metrics": sorted(set(doubtful["metric"])), "scopes": sorted(set(doubtful["scope"]))}
    rows = workspace.warehouse.query("newest_measured_commits", **wanted, until=at)
    newest = dict(zip(zip(rows["metric"], rows["scope"], strict=True), rows["position"], strict=True))
    keys = zip(doubtful["metric"], doubtful["scope"], places[doubtful.index], strict=True)
    found = frozenset((metric, scope) for metric, scope, place in keys if place < newest.get((metric, scope), -1))
    return replace(candidate, overtaken=found)


def with_misdated(
    workspace: Workspace, at: datetime, asked: Mapping[str, list[str]], candidate: Candidate
) -> Candidate:
    """The candidate with the figures of `asked` that a wrong clock has dated; of a past day with none."""
    if _is_past(workspace, at):
        return candidate
    rows = workspace.warehouse.query("misdated", **asked, until=at)
    return replace(candidate, misdated=frozenset(zip(rows["metric"], rows["scope"], strict=True)))


def with_off_branch(workspace: Workspace, snapshot: pd.DataFrame, candidate: Candidate) -> Candidate:
    """The candidate with the figures (frame SNAPSHOT) that were measured on commits which it does not contain."""
    unknown = (snapshot["commit"] != "") & ~snapshot["commit"].isin([*candidate.positions, candidate.commit])
    doubtful = snapshot[(snapshot["kind"] == "measured") & unknown]
    if doubtful.empty or not candidate.commit:
        return candidate
    contained = _contained(workspace, candidate.commit)
    strange = doubtful[~doubtful["commit"].isin(contained)]
    return replace(candidate, off_branch=frozenset(zip(strange["metric"], strange["scope"], strict=True)))


def _contained(workspace: Workspace, commit: str) -> frozenset[str]:
    """The commit and all that it builds on; nothing where the clone cannot say."""
    from ingest.source import SourceError
    from ingest.transport.git_repo import GitRepository

    try:
        return GitRepository(workspace.config.repository).ancestors(commit)
    except (SourceError, OSError):
        return frozenset()


def unread_commits(workspace: Workspace, at: datetime, candidate: str) -> int | None:
    """The number of commits on the branch that no pull has read yet; 0 for a past moment, and without a clone.

    None where the clone cannot say it: it cannot be read, it is cut off between the two commits, or its branch does
    not contain the candidate any more. A machine that reads a lake without a clone leaves this to those that pull.
    """
    from ingest.source import SourceError
    from ingest.transport.git_repo import GitRepository

    if _is_past(workspace, at) or _only_reads(workspace):
        return 0
    try:
        repository = GitRepository(workspace.config.repository)
        tip = repository.tip(workspace.config.branch)
        if tip is None or not candidate:
            return None if candidate else _all_unread(repository, tip)
        return _newer(workspace, repository, at, candidate, tip[1])
    except (SourceError, ValueError, OSError):
        return 0 if not candidate and _has_no_clone(workspace) else None


def _all_unread(repository: GitRepository, tip: tuple[str, str] | None) -> int:
    """The commits of a branch of which none was read."""
    return int(repository.ask("rev-list", "--count", tip[1], "--")) if tip else 0


def _is_past(workspace: Workspace, at: datetime) -> bool:
    return workspace.config.as_of is not None or workspace.now() - at > _NOW


def _newer(workspace: Workspace, repository: GitRepository, at: datetime, candidate: str, tip: str) -> int | None:
    if tip == candidate:
        return 0
    rows = workspace.warehouse.query("commit_positions", commits=[tip], until=at, now=workspace.now())
    if tip in set(rows["commit"]):
        return None if _was_moved_back(repository, candidate, tip) else 0
    return max(1, int(repository.ask("rev-list", "--count", f"{candidate}..{tip}")))


def _only_reads(workspace: Workspace) -> bool:
    """Whether others pull into this lake, and this machine has no clone."""
    return workspace.warehouse.is_lake and _has_no_clone(workspace)


def _has_no_clone(workspace: Workspace) -> bool:
    """Whether no clone is in the folder of the repository or above it; a damaged one is a clone."""
    folder = Path(workspace.config.repository).absolute()
    return not (folder / "objects").exists() and not any((f / ".git").exists() for f in (folder, *folder.parents))


def _was_moved_back(repository: GitRepository, candidate: str, tip: str) -> bool:
    """Whether the clone has the candidate, and a branch that ends before it; a clone that is only old lacks it."""
    has_candidate = repository.ask("rev-parse", "--verify", "--quiet", f"{candidate}^{{commit}}").strip()
    return bool(has_candidate) and candidate not in repository.ancestors(tip)


def resolve_commit(workspace: Workspace, revision: str) -> str:
    """The full hash of a revision of the repository; UsageError when there is none, or when two have its name."""
    from ingest.source import SourceError
    from ingest.transport.git_repo import GitRepository

    place = workspace.config.repository
    try:
        meant = GitRepository(place).meanings(revision)
    except SourceError:
        meant = {}
    if len(set(meant.values())) > 1:
        named = ", ".join(f"{ref} is {commit[:9]}" for ref, commit in meant.items())
        raise UsageError(f"--commit {revision} may mean two commits: {named}; write one of these names in full")
    if not meant:
        raise UsageError(f"--commit {revision}: {place} has no such commit")
    return next(iter(meant.values()))
