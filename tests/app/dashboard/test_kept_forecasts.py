"""What is written beside the evidence changes the warehouse, but not the answers of the pages."""

from __future__ import annotations

import gc
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from app.dashboard import cache, kept
from app.dashboard.entry import keep_up
from app.dashboard.kept import KeptForecasts
from app.dashboard.meeting import cache as meeting_cache
from app.steps import assess
from app.steps.assess import open_workspace
from app.steps.evidence.collect import record
from app.steps.meeting import close_decision, decide, freeze
from app.workspace import Workspace
from ingest.record import StatedFigure
from ingest.warehouse.complete_state import complete_state_kept
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


def test_a_new_state_is_computed_elsewhere_once_and_then_shown(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a thread keeps the pages up, another process computes the new figures, and then every session gets them."""
    path = workspace.path
    before = with_a_newer_figure(workspace, monkeypatch, 43.0)
    with monkeypatch.context() as here:
        here.setattr(assess, "status", lambda *_: pytest.fail("the server has computed it"))
        assert keep_up.advance(path)
        today = cache.facts(path).today
        keys = [cache.open_key(path, today) for _ in range(5)]
        with ThreadPoolExecutor(5) as sessions:
            answers = list(sessions.map(cache.status, keys))
        points = cache.course_points(keys[0])

    assert keys[0].warehouse != before.warehouse
    assert all(answer is answers[0] for answer in answers)
    assert answers[0]["gates"] == assess.status(open_workspace(path), keys[0].moment)["gates"]
    assert len(points) == len(cache.course_moments(keys[0]))
    assert not kept.is_being_prepared(path)
    assert not keep_up.advance(path)
    assert gc.get_freeze_count() > 10_000  # no page waits for a search for garbage through what is kept


def test_a_state_that_no_other_process_can_compute_is_computed_by_the_server(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no process can be started, or the one started ends without an answer, pages get the new figures still."""
    path = workspace.path
    for value, program in ((44.0, "/nowhere/python"), (45.0, "/bin/false")):
        before = with_a_newer_figure(workspace, monkeypatch, value)
        monkeypatch.setattr(sys, "executable", program)
        assert keep_up.advance(path)
        key = cache.open_key(path, TODAY)
        assert key != before
        assert value in set(cache.series(key, "rollback_seconds", "")["value"])


def with_a_newer_figure(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, value: float) -> cache.Key:
    """Record a figure while a thread keeps the pages up; the key of the state that they go on showing."""
    monkeypatch.setattr(kept.bookkeeping(), "is_kept_up", True)
    before = cache.open_key(workspace.path, TODAY)
    measure(workspace, value)
    assert cache.open_key(workspace.path, TODAY) == before
    return before


def test_a_decision_during_a_pull_is_shown_beside_the_old_figures(workspace: Workspace) -> None:
    """Figures stay those of the last complete state, whatever day is asked for; the decision is there at once."""
    key = cache.open_key(workspace.path, cache.facts(workspace.path).today)
    warehouse = workspace.warehouse
    with announced(warehouse.path) as running, complete_state_kept(warehouse, running) as keep:
        keep()
        measure(workspace, 99.0)
        assert cache.open_key(workspace.path, cache.facts(workspace.path).today) == key
        assert "meanwhile" not in {one["text"] for one in meeting_cache.due_decisions(key, "2025-11-01")}
        decide(workspace, "meanwhile", "Ada", None)
        assert "meanwhile" in {one["text"] for one in meeting_cache.due_decisions(key, "2025-11-01")}
        assert 99.0 not in set(cache.series(key, "rollback_seconds", "")["value"])
    assert cache.open_key(workspace.path, date.fromisoformat(key.at)).warehouse != key.warehouse


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
