"""Which sources there are, how each is loaded, and which of them a pull asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module

from ingest.config import Config
from ingest.source import ENTRY_POINT_GROUP, Source, SourceError

# (name, "module:class", runs without being configured). Listed here; entry points only add to it.
BUILT_IN: tuple[tuple[str, str, bool], ...] = (
    ("git", "ingest.sources.git.source:GitHistory", True),
    ("tree", "ingest.sources.git.tree:Tree", True),
    ("checklist", "ingest.sources.documents.checklist:Checklists", True),
    ("claims", "ingest.sources.documents.claims:Claims", True),
    ("committed", "ingest.sources.report_files.committed:CommittedFiles", False),
    ("artifacts", "ingest.sources.report_files.artifacts:Artifacts", False),
    ("github", "ingest.sources.ci.github_actions:GitHubActions", False),
    ("gitlab", "ingest.sources.ci.gitlab_ci:GitLabCI", False),
    ("prometheus", "ingest.sources.running.prometheus:Prometheus", False),
    ("deployments", "ingest.sources.deployments.source:Deployments", False),
    ("probes", "ingest.sources.running.probes:Probes", False),
    ("github_issues", "ingest.sources.trackers.github_issues:GitHubIssues", False),
    ("jira", "ingest.sources.trackers.jira:JiraIssues", False),
    ("status_page", "ingest.sources.trackers.status_page:StatusPage", False),
    ("codecov", "ingest.sources.services.codecov:Codecov", False),
    ("sonar", "ingest.sources.services.sonar:Sonar", False),
    ("scorecard", "ingest.sources.services.scorecard:Scorecard", False),
)


def chosen_sources(config: Config, only: Sequence[str] = ()) -> list[str]:
    """Name the sources to run, in order; raises SourceError for an unknown name."""
    built_in = {name: (where, always) for name, where, always in BUILT_IN}
    # Entry points only add sources that somebody names: where nobody does, the installed packages are not searched.
    known = built_in if built_in.keys() >= {*only, *config.sources} else available_sources()
    names = list(only) or _enabled_sources(config, known)
    for name in [*names, *config.sources]:
        if name not in known:
            raise SourceError(f"unknown source {name!r}; known are {', '.join(known)}")
    return names


def _enabled_sources(config: Config, known: Mapping[str, tuple[str, bool]]) -> list[str]:
    wanted = [name for name, (_, always) in known.items() if always or name in config.sources]
    return [name for name in wanted if _is_enabled(config, name)]


def _is_enabled(config: Config, name: str) -> bool:
    return bool(config.sources.get(name, {}).get("enabled", True))


@cache
def available_sources() -> dict[str, tuple[str, bool]]:
    """Map each source's name to (how to load it, whether it runs unasked): built-in ones first, then entry points."""
    from importlib.metadata import entry_points

    found = {name: (where, always) for name, where, always in BUILT_IN}
    for point in entry_points(group=ENTRY_POINT_GROUP):
        found.setdefault(point.name, (point.value, False))
    return found


def load_source(name: str) -> Source:
    """Import and make the source; a broken plug-in is a SourceError that names it."""
    where = next((place for known, place, _ in BUILT_IN if known == name), "") or available_sources()[name][0]
    module, _, attribute = where.partition(":")
    try:
        source: Source = getattr(import_module(module), attribute)()
    except Exception as problem:  # a plug-in may raise anything: it must not stop the other sources
        raise SourceError(f"source {name!r} ({where}) cannot be loaded: {problem}") from problem
    return source
