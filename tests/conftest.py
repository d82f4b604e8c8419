"""Fixtures of all tests."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

# Where an environment forbids bytecode files, each of the processes that tests start would compile the program again,
# and this one would rewrite the assertions of hypothesis: before the first import.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

import pytest  # noqa: E402
from hypothesis import HealthCheck, settings  # noqa: E402

from tests.testing.repositories import new_repository  # noqa: E402

# How long an example takes says how busy the machine is, and nothing about the promise.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """An empty git repository whose branch is main."""
    return new_repository(tmp_path / "repo")


# The longest files: begun first, so that no process works alone at the end of the suite.
_BEGUN_FIRST = (
    "test_meeting_in_a_browser", "test_sign_in_browser", "test_pull_killed", "test_how_to", "test_schemas",
    "test_rehearsal", "test_source_github", "test_dashboard_pages", "test_forge_jobs", "test_lake", "test_portfolio",
    "test_meeting_pages", "test_dashboard_served", "test_checklist", "test_written_review",
    "test_pages_in_each_state", "test_figures_out", "test_bucket", "test_long_history",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of the longest files first; each file stays in one piece and in its own order."""
    places = {name: place for place, name in enumerate(_BEGUN_FIRST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(places)))


def pytest_collection_finish() -> None:
    """The tests and the libraries stay to the end: the search for garbage passes over them from here on."""
    gc.collect()
    gc.freeze()
