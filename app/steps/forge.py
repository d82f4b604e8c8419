"""The forge of a workspace: where its commits and files can be looked at."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from app.workspace import Workspace
from ingest.forge import Forge, Places, forge_of, is_simulated
from ingest.source import TMinusError

if TYPE_CHECKING:
    import pandas as pd


def forge(workspace: Workspace) -> Forge | None:
    """The forge from tminus.toml or from the remote of the repository; None where neither names a known one."""
    config = workspace.config
    return _forge(str(config.repository), config.forge, config.forge_kind)


def places_of(workspace: Workspace, commits: pd.DataFrame) -> Places:
    """Where the commits and the open items of a workspace can be looked at; frame: COMMITS."""
    newest_first = zip(commits["commit"].iloc[::-1], commits["author"].iloc[::-1], strict=True)
    newest = next((str(name) for name, author in newest_first if not is_simulated(author)), "")
    return Places(forge(workspace), newest)


@lru_cache(maxsize=16)
def _forge(repository: str, configured: str, kind: str) -> Forge | None:
    """One question to git for each repository of this process."""
    return forge_of("" if configured else _remote(Path(repository)), configured, kind)


def _remote(repository: Path) -> str:
    from ingest.transport.git_repo import GitRepository

    try:
        return GitRepository(repository).remote()
    except TMinusError:  # no repository there: the commands that need one say so
        return ""
