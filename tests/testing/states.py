"""The seven states of a project that every page of the dashboard is drawn in, each built once in a process."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from app.steps.assess import open_workspace
from app.steps.meeting import close_decision, decide
from app.workspace import CONFIG_VARIABLE
from tests.testing.app_test import AppTest
from tests.testing.dashboard_workspace import NOW, build, with_clock

ENTRY = Path(__file__).parents[2] / "app" / "dashboard" / "entry" / "streamlit_app.py"
STATES = ("empty", "thin", "flat", "falling", "conditional", "simulated", "rich")
_PLACES = tempfile.TemporaryDirectory(prefix="tminus-states-", ignore_cleanup_errors=True)


@cache
def state(name: str) -> Path:
    """The tminus.toml of a state; read it, and leave it as it is."""
    folder = Path(_PLACES.name) / name
    shapes = {"conditional": "holding", "simulated": "moving", "rich": "moving"}
    path = build(folder, shapes.get(name, name), simulated=name == "simulated")
    if name == "conditional":
        _waive(path)
    if name == "rich":
        _enrich(path)
    return path


def _waive(path: Path) -> None:
    """A blocker that a GO rule needs fails, and a named person has waived it."""
    text = path.read_text().replace("threshold = 15\n", "threshold = 50\n")
    text = text.replace('criterion = "todo-markers"', 'criterion = "test-coverage"')
    path.write_text(text.replace("expires = 2025-06-09", "expires = 2026-02-01"))


def _enrich(path: Path) -> None:
    """A promised day, a forge, and decisions: one open, one overdue, one done."""
    text = path.read_text().replace("[readiness]", "[readiness]\npromised = 2026-03-31", 1)
    path.write_text(text.replace("[project]", '[project]\nforge = "https://github.com/a/b"', 1))
    earlier = with_clock(open_workspace(path), NOW - timedelta(days=10))
    decide(earlier, "Shrink the bundle", "Grace", date(2025, 11, 15), "bundle-size", "Kim")
    workspace = with_clock(earlier, NOW)
    decide(workspace, "Cover the payment routes", "Ada", date(2025, 11, 24), "test-coverage", "Kim")
    done = decide(workspace, "Rotate the keys", "Linus", date(2025, 11, 20), "secrets", "Kim")
    close_decision(workspace, done["id"], "done")


@contextmanager
def served(config: Path) -> Iterator[None]:
    """The dashboard of this process shows that configuration."""
    before = os.environ.get(CONFIG_VARIABLE)
    os.environ[CONFIG_VARIABLE] = str(config)
    try:
        yield
    finally:
        os.environ.pop(CONFIG_VARIABLE)
        if before is not None:
            os.environ[CONFIG_VARIABLE] = before


def opened(config: Path, page: str, *drawers: str, **parameters: str) -> AppTest:
    """A page with parameters as its URL holds them, and with some of its drawers open."""
    app = AppTest.from_file(str(ENTRY), default_timeout=60)
    with served(Path("nowhere.toml")):  # the first page is drawn on the way: without a workspace that costs nothing
        app.run()
    with served(config):
        app.switch_page(f"../pages/{page}.py")
        app.query_params.update(parameters)
        for drawer in drawers:
            app.session_state[drawer] = True
        app.run()
    assert not app.exception, [problem.message for problem in app.exception]
    return app
