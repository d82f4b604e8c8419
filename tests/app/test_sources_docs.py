"""The page about sources is true: its tables are TOML that the sources accept, and it names every key."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from ingest.sources.ci import github_actions, gitlab_ci
from ingest.sources.deployments import source as deployments
from ingest.sources.report_files import committed as committed_files
from ingest.sources.running import probes, prometheus
from ingest.sources.running.prometheus_queries import parse_queries
from ingest.sources.settings import checked

PAGE = (Path(__file__).parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")
BLOCKS = [tomllib.loads(block)["sources"] for block in re.findall(r"```toml\n(.*?)```", PAGE, re.S)]
DEFAULTS = {
    "github": github_actions.DEFAULTS,
    "gitlab": gitlab_ci.DEFAULTS,
    "committed": committed_files.DEFAULTS,
    "prometheus": prometheus.DEFAULTS,
    "probes": probes.DEFAULTS,
    "deployments": deployments.DEFAULTS,
}


def shown(name: str) -> dict:
    return next(block[name] for block in BLOCKS if name in block)


@pytest.mark.parametrize("name", DEFAULTS)
def test_a_shown_table_is_accepted(name):
    """Copying the block of a source gives no configuration problem."""
    given = checked(f"sources.{name}", shown(name), DEFAULTS[name])
    if name == "prometheus":
        assert len(parse_queries(given)) == 2
    if name == "probes":
        assert len(probes.parse_checks(shown(name))) == 1


@pytest.mark.parametrize("name", DEFAULTS)
def test_every_key_is_on_the_page(name):
    """No setting is a secret; GitLab shares those of GitHub."""
    shown_text = set(shown(name)) | (set(shown("github")) if name == "gitlab" else set())
    assert set(DEFAULTS[name]) <= shown_text


@pytest.mark.parametrize("name", ["github", "gitlab"])
def test_shown_defaults_are_the_defaults(name):
    """Where the page shows a plain default it is the one in the code."""
    for key in ("api", "days", "recheck_days", "max_megabytes", "jobs"):
        if key in shown(name):
            assert shown(name)[key] == DEFAULTS[name][key]
