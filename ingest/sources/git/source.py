"""The git source: markers, their items and the user's counters for every first-parent commit of the main branch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from ingest.counting.versions import COMMENT_RULES, COUNTER_RULES, HISTORY_RULES, PATH_RULES
from ingest.source import Harvest, Request
from ingest.sources.git.cursor import GitCursor
from ingest.transport.git_repo import GitRepository


class GitHistory:
    """Reads the main branch from its root, then only what is new; a rewritten history is read again."""

    name = "git"

    def observe(self, request: Request) -> Harvest:
        """Return what is new since the marker; nothing new costs a few calls of git and no heavy import."""
        repository = GitRepository(request.repository)
        found = repository.tip(str(request.settings.get("branch") or ""))
        if found is None:
            return Harvest(marker="", warnings=[f"{request.repository} has no commit yet: nothing to read"])
        ref, tip = found
        last = GitCursor.parse(request.marker)
        now = GitCursor(tip, ref, repository.shallow_mark(), rules_of(request.settings.get("counters") or {}))
        if last.unreadable and repository.has_any_of(last.unreadable):
            from ingest.sources.git.read_history import read_again

            return read_again(request, repository, last, now)
        if (last.tip, last.shallow, last.rules) == (now.tip, now.shallow, now.rules):
            return Harvest(marker=request.marker, counts={"commits": 0, "blobs": 0})
        from ingest.sources.git.read_history import read_history

        return read_history(request, repository, last, now)


def rules_of(counters: Mapping[str, Any]) -> str:
    """Digest the counting rules that hold for a configuration."""
    text = json.dumps([PATH_RULES, COMMENT_RULES, COUNTER_RULES, HISTORY_RULES, counters], sort_keys=True, default=str)
    return sha256(text.encode()).hexdigest()[:16]
