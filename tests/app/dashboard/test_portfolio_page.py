"""Many projects on the dashboard: the overview, and the choice of one project that every page keeps."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.dashboard import navigation
from app.dashboard.access import people
from app.dashboard.access.people import Person
from app.dashboard.navigation import CONFIG_VARIABLE
from app.dashboard.portfolio import projects as portfolio_projects
from app.workspace import PORTFOLIO_VARIABLE
from tests.testing.app_test import AppTest
from tests.testing.dashboard_workspace import build

ENTRY = Path(__file__).parents[3] / "app" / "dashboard" / "entry" / "streamlit_app.py"


@pytest.fixture(scope="module")
def portfolio(tmp_path_factory) -> Path:
    """A project that moves, one that was never pulled, and one whose plan is missing."""
    root = tmp_path_factory.mktemp("many")
    (root / "a").mkdir()
    (root / "b").mkdir()
    moving, empty = build(root / "a", "moving", simulated=True), build(root / "b", "empty", simulated=True)
    file = root / "portfolio.toml"
    file.write_text(
        f'[portfolio]\nname = "Shop"\n\n[[project]]\nname = "moving"\nconfig = "{moving}"\nteam = "core"\n\n'
        f'[[project]]\nname = "empty"\nconfig = "{empty}"\nteam = "web"\n\n'
        '[[project]]\nname = "gone"\nconfig = "none/tminus.toml"\nteam = "web"\n'
    )
    return file


@pytest.fixture
def shown(portfolio, monkeypatch) -> AppTest:
    monkeypatch.setenv(PORTFOLIO_VARIABLE, str(portfolio))
    monkeypatch.delenv(CONFIG_VARIABLE, raising=False)
    monkeypatch.setattr("sys.argv", ["streamlit"])
    return AppTest.from_file(str(ENTRY), default_timeout=90)


def words_of(page: AppTest) -> str:
    return " ".join(part.proto.body for part in page.get("html"))


def test_the_overview_names_every_project_and_what_is_wrong(shown):
    """All three projects are rows that lead to their review, and the one that cannot be read says why."""
    page = shown.run().switch_page("../pages/portfolio.py").run()
    assert not page.exception
    assert page.header[0].value.replace("\\", "").startswith("Shop: 3 projects (")
    for name in ("moving", "empty", "gone"):
        assert f'href="/?project={name}"' in words_of(page)
    assert 'class="tm-cards" style="--tm-cards:6;' in words_of(page)  # side by side, not one below the other
    assert any("gone" in warning.value and "no tminus" in warning.value.replace("\\", "") for warning in page.warning)


def test_a_filter_keeps_the_projects_of_a_team(shown):
    """Of one team only its projects are listed."""
    shown.query_params["team"] = "core"
    page = shown.run().switch_page("../pages/portfolio.py").run()
    assert page.header[0].value.replace("\\", "").startswith("Shop: 1 project (")
    assert 'href="/?project=empty"' not in words_of(page)


def test_a_link_opens_the_project_it_names(shown):
    """The page shows the project of the link, and the links on it keep the project."""
    shown.query_params["project"] = "empty"
    page = shown.run()
    assert page.sidebar.selectbox(key="project").value == "empty"
    assert any("Nothing has been read yet" in info.value for info in page.info)


def test_the_other_projects_open_when_the_chosen_one_cannot_be_read(shown):
    """A project without a plan is one clear message; the menu and the switch stay."""
    shown.query_params["project"] = "gone"
    page = shown.run()
    assert not page.exception
    assert any("cannot be drawn" in error.value for error in page.error)
    assert page.sidebar.selectbox(key="project").value == "gone"


@pytest.fixture
def signed_in(shown, monkeypatch):
    """The pages for a reader whose groups see these projects."""

    def of(*projects: str) -> AppTest:
        reader = Person("Anna", "reader", {"subject": "anna"}, frozenset(projects))
        for module in (people, portfolio_projects, navigation):
            monkeypatch.setattr(module, "person", lambda: reader)
        return shown

    return of


def test_only_the_projects_of_ones_groups_are_shown(signed_in):
    """Overview, counts, filters, switch and links know nothing of the others; a link to one shows what is allowed."""
    page = signed_in("empty").run().switch_page("../pages/portfolio.py").run()
    assert page.header[0].value.replace("\\", "").startswith("Shop: 1 project (")
    assert page.sidebar.selectbox(key="project").options == ["empty"]
    assert "core" not in page.selectbox(key="team").options
    shown = words_of(page) + " ".join(part.value for part in (*page.markdown, *page.warning, *page.caption))
    assert "moving" not in shown and "gone" not in shown

    page.query_params["project"] = "moving"
    page = page.switch_page("../pages/weekly_review.py").run()
    assert page.sidebar.selectbox(key="project").value == "empty"
    assert "moving" not in words_of(page)


def test_who_sees_no_project_reads_whom_to_ask(signed_in):
    """No page, no menu and no name of a project."""
    page = signed_in("elsewhere").run()
    assert [error.value for error in page.error] == ["**Anna, no project is shown to your groups.**"]
    assert not page.sidebar.selectbox
    assert "NO-GO" not in words_of(page)


def test_the_overview_is_computed_again_when_plan_evidence_or_list_change(shown, portfolio):
    """A pull, an edit of a plan and an edit of the portfolio file show at the next redraw, without a new server."""
    page = shown.run().switch_page("../pages/portfolio.py").run()
    assert "target 77" not in words_of(page)

    plan = portfolio.parent / "a"
    (found,) = plan.rglob("tminus.toml")
    text, listed = found.read_text(), portfolio.read_text()
    try:
        found.write_text(text.replace("target = 90\n", "target = 77\n"))
        portfolio.write_text(listed.replace('name = "Shop"', 'name = "Shop two"'))
        page.run()
        assert "target 77" in words_of(page)
        assert page.header[0].value.startswith("Shop two")
    finally:
        found.write_text(text)
        portfolio.write_text(listed)
