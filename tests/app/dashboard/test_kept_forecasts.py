"""What is written beside the evidence changes the warehouse, but not the answers of the pages."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.dashboard import cache
from app.dashboard.kept import KeptForecasts
from app.steps.assess import open_workspace
from app.steps.evidence.collect import record
from app.steps.meeting import close_decision, decide, freeze
from app.workspace import Workspace
from ingest.record import StatedFigure
from ingest.warehouse.pull_state import announced
from tests.testing.dashboard_workspace import build

TODAY = date(2025, 11, 17)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Two weeks of evidence."""
    return open_workspace(build(tmp_path_factory.mktemp("w"), "thin"))


def measure(workspace: Workspace, value: float) -> None:
    """One more figure."""
    record(workspace, StatedFigure("rollback_seconds", value))


def test_what_a_meeting_writes_is_no_new_evidence(workspace: Workspace) -> None:
    """Decisions and frozen reviews, of this process or another, leave the version of the evidence as it was."""
    before, file = cache.evidence_version(workspace.path), workspace.warehouse.version()
    decide(workspace, "one", "Ada", TODAY)
    close_decision(workspace, "D1", "done")
    moments = {"until": workspace.now().isoformat(), "since": (workspace.now() - timedelta(days=7)).isoformat()}
    freeze(workspace, moments, {"markdown": "", "html": ""})  # type: ignore[typeddict-item]

    assert workspace.warehouse.version() != file
    assert cache.evidence_version(workspace.path) == before


def test_a_figure_beside_a_decision_is_new_evidence(workspace: Workspace) -> None:
    """A figure that was stored just before a decision is shown: the decision does not hide it."""
    before = cache.evidence_version(workspace.path)
    measure(workspace, 41.0)
    decide(workspace, "two", "Ada", TODAY)

    assert cache.evidence_version(workspace.path) != before


def test_pages_keep_their_state_while_a_pull_runs(workspace: Workspace) -> None:
    """What a running pull has stored is shown when it is done."""
    before = cache.evidence_version(workspace.path)
    with announced(workspace.warehouse.path):
        measure(workspace, 42.0)
        assert cache.evidence_version(workspace.path) == before
    assert cache.evidence_version(workspace.path) != before


def test_the_evidence_is_asked_once_for_each_version_of_the_file() -> None:
    """A file that has not changed is not opened to learn its version."""
    books, asked = KeptForecasts(), []

    def ask() -> tuple[int, int]:
        asked.append(1)
        return (7, 7)

    for file in ((1, 1), (1, 1), (2, 1)):
        assert books.evidence_version("a", file, ask) == (7, 7)
    assert len(asked) == 2


def test_two_servers_share_nothing() -> None:
    """What one server has kept is not kept for another: no state is global."""
    first, second = KeptForecasts(), KeptForecasts()
    first.note_kept("a", "2025-11-17")

    assert first.is_kept("a", "2025-11-17")
    assert not second.is_kept("a", "2025-11-17")
