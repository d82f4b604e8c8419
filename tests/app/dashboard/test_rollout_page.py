"""The Rollout page of the sample: its process is in motion, and the page says only what is enforced."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.dashboard.navigation import CONFIG_VARIABLE
from tests.testing.app_test import AppTest
from tests.testing.page_words import words_of
from tests.testing.sample import sample_in

ENTRY = Path(__file__).parents[3] / "app" / "dashboard" / "entry" / "streamlit_app.py"


def test_the_sample_shows_a_rollout_in_motion(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stage 2 runs, held by a gap; T+1 h passed, promotion waits, one message is overdue; all is simulated."""
    workspace = sample_in(tmp_path)
    monkeypatch.setattr("sys.argv", ["streamlit"])
    monkeypatch.setenv(CONFIG_VARIABLE, "nowhere.toml")  # the first page is drawn on the way, and is not asked here
    page = AppTest.from_file(str(ENTRY), default_timeout=120).run()
    monkeypatch.setenv(CONFIG_VARIABLE, str(workspace.path))
    page = page.switch_page("../pages/rollout.py").run()
    assert not page.exception
    words = " ".join(words_of(page).split())
    for expected in (
        "Stage 2: Application Deployment (Internal Testing - 5 users) is running and held.",
        "no samples from T+1.2 h to T+1.9 h",
        "While it runs: NO-GO so far : Gate Running system is unknown",
        "To promote: NO-GO : Gate Success criteria for production promotion is failing: 72+ hours stable operation",
        "Escalation",
        "begun although refused: rehearsal on staging without outside users (simulated)",
        "1 message overdue:",
        "tminus messages sent deployment-summary --by NAME",
    ):
        assert expected in words
