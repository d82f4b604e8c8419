"""The git source: markers, their items and the user's counters for every first-parent commit of the main branch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from ingest.counting.versions import COMMENT_RULES, COUNTER_RULES, HISTORY_RULES, PATH_RULES
from ingest.source import Harvest, OtherRepositoryError, Request
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
        _refuse_other_repository(request, repository, last, now)
        from ingest.sources.git.read_history import read_history

        return read_history(request, repository, last, now)


def _refuse_other_repository(request: Request, repository: GitRepository, last: GitCursor, now: GitCursor) -> None:
    """OtherRepositoryError where the clone has neither the newest nor the first commit that was read.

    Two projects with one name in one warehouse would answer for each other. A shallow clone cannot say it.
    """
    if not last.tip or now.shallow or repository.has_commit(last.tip):
        return
    first = [str(sha) for (sha,) in request.stored("first_commit", request.project)]
    if first and not repository.has_commit(first[0]):
        raise OtherRepositoryError(
            f"project {request.project!r} was read from another repository: {request.repository} has neither its first "
            f"commit {first[0][:9]} nor its newest one {last.tip[:9]}; give one of the two another project.name (after "
            "a rewrite of the whole history, pull into a new warehouse)"
        )


def rules_of(counters: Mapping[str, Any]) -> str:
    """Digest the counting rules that hold for a configuration."""
    text = json.dumps([PATH_RULES, COMMENT_RULES, COUNTER_RULES, HISTORY_RULES, counters], sort_keys=True, default=str)
    return sha256(text.encode()).hexdigest()[:16]
