"""What Movement shows of very many factors that moved, and of very many commits."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.dashboard.meeting.moves import MOST_OPENED
from app.dashboard.navigation import CONFIG_VARIABLE
from benchmarks.synthetic import fill_warehouse, plan_of
from tests.testing.app_test import AppTest
from tests.testing.page_words import links_of, markup_of, tables_of

ENTRY = Path(__file__).parents[3] / "app" / "dashboard" / "entry" / "streamlit_app.py"


def test_small_bars_lead_to_their_commits_and_many_commits_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The largest bars open in place; every other one is a link, and its commits are drawn on its page."""
    fill_warehouse(tmp_path / "warehouse.duckdb", 20_000)
    config = tmp_path / "tminus.toml"
    config.write_text(plan_of(50), encoding="utf-8")
    monkeypatch.setenv(CONFIG_VARIABLE, str(config))
    monkeypatch.setattr("sys.argv", ["streamlit"])
    app = AppTest.from_file(str(ENTRY), default_timeout=60)
    app.query_params["at"] = "2022-01-25"
    app = app.run().switch_page("../pages/movement.py")
    app.query_params["at"] = "2022-01-25"
    app.run()
    assert not app.exception
    markup = " ".join(markup_of(app))
    leading = [name for name, address in links_of(app) if address.startswith("/movement?") and "factor=" in address]
    bars = markup.count('<details class="tm-row">'), markup.count('<div class="tm-plain">') - 2
    assert bars[0] == MOST_OPENED and bars[1] > 0
    assert len(set(leading)) >= bars[1]
    assert len(tables_of(app)["Moves in words"]) == MOST_OPENED
    assert "Commits" not in tables_of(app)

    app.query_params["factor"] = "c2"
    assert len(tables_of(app.run())["Commits"]) > 0
