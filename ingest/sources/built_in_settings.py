"""The tables [sources.*] checked without running a source: names, keys and types; nothing is asked of any service."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from ingest.source_table import BUILT_IN, available_sources
from ingest.sources.settings import check_table
from ingest.table_checks import hint

# Where the settings of each built-in source are listed with their defaults; a type makes a key mandatory.
_DEFAULTS: Mapping[str, str] = {
    "committed": "ingest.sources.report_files.committed:DEFAULTS",
    "artifacts": "ingest.sources.report_files.artifacts:DEFAULTS",
    "github": "ingest.sources.ci.github_actions:DEFAULTS",
    "gitlab": "ingest.sources.ci.gitlab_ci:DEFAULTS",
    "prometheus": "ingest.sources.running.prometheus:DEFAULTS",
    "probes": "ingest.sources.running.probes:DEFAULTS",
    "github_issues": "ingest.sources.trackers.github_issues:DEFAULTS",
    "jira": "ingest.sources.trackers.jira:DEFAULTS",
    "status_page": "ingest.sources.trackers.status_page:DEFAULTS",
    "codecov": "ingest.sources.services.codecov:DEFAULTS",
    "sonar": "ingest.sources.services.sonar:DEFAULTS",
    "scorecard": "ingest.sources.services.scorecard:DEFAULTS",
    "checklist": "ingest.sources.documents.checklist:DEFAULTS",
    "claims": "ingest.sources.documents.claims:DEFAULTS",
}
# What the pull itself puts into these tables, or reads from them.
COMMON: Mapping[str, Any] = {"branch": "", "enabled": True}


def settings_of(name: str) -> Mapping[str, Any] | None:
    """The settings of a built-in source with their defaults; None for a source that others wrote."""
    if name in ("git", "tree"):
        return {}
    if name not in _DEFAULTS:
        return None
    module, _, attribute = _DEFAULTS[name].partition(":")
    found: Mapping[str, Any] = getattr(import_module(module), attribute)
    return found


def source_problems(sources: Mapping[str, Any]) -> list[str]:
    """What is wrong with the tables of sources, each with its TOML path."""
    built_in = {name for name, _, _ in BUILT_IN}
    known = built_in if built_in >= sources.keys() else available_sources().keys()
    problems = [f"sources.{name}: unknown source{hint(name, known)}" for name in sources if name not in known]
    for name, table in sources.items():
        defaults = settings_of(name)
        if defaults is not None and isinstance(table, Mapping) and table.get("enabled", True):
            problems += check_table(f"sources.{name}", table, defaults)[1]
    return problems
