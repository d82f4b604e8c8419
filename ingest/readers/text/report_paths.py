"""Paths inside reports: without the CI machine's folders, and the component that each belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from ingest.counting.path_classes import component_of

# The checkout folder of the common CI services; what follows is the path in the repository.
_CHECKOUTS = re.compile(
    r"^(?:/home/runner/work/[^/]+/[^/]+|/__w/[^/]+/[^/]+|/github/workspace|/builds/[^/]+/[^/]+|[A-Za-z]:/a/[^/]+/[^/]+"
    r"|/Users/runner/work/[^/]+/[^/]+|/home/circleci/project|/workspace|/drone/src|/opt/atlassian/pipelines/agent/build)/"
)


@lru_cache(maxsize=20_000)
def relative(path: str) -> str:
    """The path with forward slashes, without `./`, `file://` and a CI checkout folder."""
    place = path.replace("\\", "/").removeprefix("file://")
    place = _CHECKOUTS.sub("", place)
    while place.startswith("./"):
        place = place[2:]
    return place[:500]


def strip_sources(path: str, sources: Iterable[str]) -> str:
    """The path relative to the longest of a report's own source folders that contains it, compared by whole parts."""
    place = path.replace("\\", "/")
    for source in sorted((s.replace("\\", "/").rstrip("/") for s in sources), key=len, reverse=True):
        if source and place.startswith(source + "/"):
            return place[len(source) + 1 :]
    return relative(place)


def component(path: str) -> str:
    """The component of a path in a report, as the counting of the tree defines it, so that their scopes meet.

    Empty for a file at the top and for a file outside the repository.
    """
    if path.startswith("/") or ":" in path[:3]:
        return ""
    place = "/".join(part for part in path.split("/") if part not in ("", ".", ".."))
    return component_of(place) if "/" in place else ""
