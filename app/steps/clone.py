"""What is remarked on about the clone that figures are read from."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from ingest.source import TMinusError

OLD_CLONE_DAYS = 60  # a project in work has newer commits: the clone is behind, or another branch is meant


def old_clone(path: Path, now: datetime, branch: str = "") -> str:
    """A remark where the newest commit of a clone is months old; "" when it is not, or there is none."""
    from ingest.transport.git_repo import GitRepository

    try:
        repository = GitRepository(path)
        tip = repository.tip(branch)
        newest = datetime.fromisoformat(repository.ask("log", "-1", "--format=%cI", tip[1], "--")) if tip else now
    except (TMinusError, ValueError):  # another finding says that it cannot be read
        return ""
    days = (now - newest).days
    return f"the newest commit of {path} is {days} days old, of {newest:%Y-%m-%d}" if days > OLD_CLONE_DAYS else ""
