"""Reports that a repository keeps in its own tree: what they measure, for criteria that have a history at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ingest.readers.registry import read_bytes
from ingest.sources.git.changed_files import read_blobs
from ingest.transport.git_repo import GitRepository

# Named as the tools name their reports by themselves; the content decides.
_NAME = re.compile(
    r"(?:lcov(?:\.info)?|[\w.-]+\.lcov|c\.out|cover(?:age)?\.out|\.last_run\.json|"
    r"[\w.-]*(?:coverage|cobertura|jacoco|clover)[\w.-]*\.(?:xml|json|svg|info|out)|"
    r"[\w.-]*(?:size-limit|bundle-?stats|bundlewatch|lighthouse|webpack-stats)[\w.-]*\.json)$",
    re.IGNORECASE,
)
# Reports that a project's own tests read say nothing about the project.
_SAMPLES = re.compile(r"(?:^|/)(?:tests?|specs?|__tests__|fixtures?|testdata|samples?|examples?|mocks?|demo)/", re.I)
_METRICS = ("coverage_line_percent", "bundle_brotli_bytes", "bundle_gzip_bytes", "bundle_raw_bytes", "load_score")
MOST_REPORTS = 40
_LARGEST = 2_000_000


class CommittedFigure(NamedTuple):
    """What the newest version of a committed report states."""

    metric: str
    scope: str
    value: float
    path: str


def committed_figures(git: GitRepository, files: Iterable[tuple[str, str, bytes, int]]) -> list[CommittedFigure]:
    """The first known figure of each metric that a first plan can use; `files` are (path, class, oid, size)."""
    wanted = {
        oid: path for path, kind, oid, size in files if kind != "tests" and 0 < size <= _LARGEST and _is_report(path)
    }
    found: dict[str, CommittedFigure] = {}
    for oid, content in read_blobs(git, list(wanted)[:MOST_REPORTS]):
        for figure in _figures_of(content or b"", wanted[oid]):
            found.setdefault(figure.metric, figure)
    return list(found.values())


def _figures_of(content: bytes, path: str) -> Iterator[CommittedFigure]:
    for row in (figure for reading in read_bytes(content, path) for figure in reading.figures):
        if row.metric in _METRICS and row.value is not None and _is_whole(row.metric, row.scope):
            yield CommittedFigure(row.metric, row.scope, row.value, path)


def _is_report(path: str) -> bool:
    return bool(_NAME.fullmatch(path.rpartition("/")[2])) and not _SAMPLES.search(path)


def _is_whole(metric: str, scope: str) -> bool:
    """Coverage and scores of the whole; a bundle is always a part, and the first one is taken."""
    return not scope or metric.startswith("bundle_")
