"""The sign-in in a real browser, against a real OpenID Connect provider on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.dashboard.serve import free_port
from app.steps.assess import open_workspace
from app.workspace import Workspace
from tests.testing.dashboard_workspace import build
from tests.testing.identity_provider import Provider, identity_provider, sign_in_text
from tests.testing.served_dashboard import ARGUMENTS, CHROMIUM, served

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
SLOW_MACHINE = 60_000  # milliseconds of patience; nothing here asserts how long something takes
PEOPLE = {
    "anna": {"name": "Anna", "email": "anna@x.example", "groups": ["team"]},
    "rolf": {"name": "Rolf", "email": "rolf@x.example", "groups": ["admins"]},
    "nemo": {"name": "Nemo", "groups": ["elsewhere"]},
}


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    """An identity provider that knows three people."""
    with identity_provider(PEOPLE) as running:
        yield running


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A small project with evidence and no decision."""
    return open_workspace(build(tmp_path_factory.mktemp("project"), "flat"))


@pytest.fixture(scope="module")
def address(workspace: Workspace, provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The pages, served with a sign-in."""
    port = free_port(8790)
    path: Path = tmp_path_factory.mktemp("secrets") / "sign-in.toml"
    path.write_text(sign_in_text(provider.base, f"http://localhost:{port}"), encoding="utf-8")
    path.chmod(0o600)
    with served(workspace.path, port, path) as line:
        yield line.split()[4]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One Chromium for the file, which loads and compiles the program of the pages once."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running.new_context(viewport={"width": 1400, "height": 1000}, reduced_motion="reduce")
        running.close()


def visited(browser: Any, address: str, path: str = "") -> Any:
    """A page of a visitor, in a browser that remembers nobody before."""
    browser.clear_cookies()
    page = browser.new_page()
    page.set_default_timeout(SLOW_MACHINE)
    page.goto(f"{address}/{path}")
    page.get_by_role("button", name="Sign in").wait_for()
    return page


def signed_in(page: Any, who: str) -> Any:
    """The page, after this person has signed in."""
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name=who).click()
    page.get_by_role("button", name="Sign out").wait_for()
    return page


def test_nothing_is_shown_before_the_sign_in(address: str, browser: Any) -> None:
    """A visitor sees the button and no figure, on any page; a person without a group sees no figure either."""
    page = visited(browser, address, "gates")
    shown = page.content()
    assert "medianest" not in shown.lower() and "NO-GO" not in shown

    stranger = signed_in(page, "nemo")
    stranger.get_by_text("Nemo, you have no role here.").wait_for()
    assert "NO-GO" not in stranger.content()
    stranger.close()


def test_a_reader_reads_and_others_write_under_their_own_name(address: str, browser: Any, workspace: Workspace) -> None:
    """A reader finds no form; what others decide carries the name of the sign-in, which nobody can type."""
    reader = signed_in(visited(browser, address), "anna")
    reader.get_by_text("Your role is reader: a reviewer writes decisions.").wait_for()
    assert reader.get_by_role("button", name="Write the decision").count() == 0
    reader.close()

    page = signed_in(visited(browser, address), "rolf")  # a maintainer may write, too, and sees who wrote
    page.get_by_role("link", name="Data health").click()
    page.get_by_text("Nobody who signed in has written anything yet.").wait_for()
    page.get_by_role("link", name="Weekly review").click()
    page.get_by_text("Write a decision").click()
    page.get_by_label("What", exact=True).fill("Cover the payment module")
    assert page.get_by_label("Written by (optional)").count() == 0
    page.get_by_role("combobox", name="Owner").fill("Rolf")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Write the decision").click()
    page.get_by_text("D1", exact=True).first.wait_for()
    page.get_by_role("link", name="Data health").click()
    page.get_by_role("heading", name="Who wrote what").wait_for()
    page.get_by_text("Nobody who signed in").wait_for(state="hidden")
    page.close()

    with workspace.warehouse.reading() as connection:
        acts = connection.execute("SELECT id, \"by\", details FROM process_event WHERE kind = 'signed_act'").fetchall()
        decided = connection.execute("SELECT id, changed_by, text FROM decision").fetchall()
    assert decided == [("D1", "Rolf <rolf@x.example>", "Cover the payment module")]
    assert [act[:2] for act in acts] == [("decide D1", "Rolf <rolf@x.example>")]
    assert json.loads(acts[0][2])["subject"] == "rolf"
