"""The dashboard as it is served: on loopback, on a free port, asking nothing of the outside."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.dashboard.serve import FLAGS, HOST, ServingError, command, free_port
from tests.testing.dashboard_workspace import build
from tests.testing.served_dashboard import ARGUMENTS, CHROMIUM, served


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a dashboard that is served in a repository whose own packages are named like ours."""
    config = build(tmp_path_factory.mktemp("served"), simulated=True)
    for name in ("app", "ingest", "models"):
        (config.parent / name).mkdir()
        (config.parent / name / "__init__.py").write_text("raise ImportError('a package of the repository')\n")
    with served(config, free_port(8700)) as line:
        yield line.split()[4]


def test_address_is_printed_once_it_answers(address: str) -> None:
    """The address that is printed is on loopback and answers at once."""
    port = int(address.rsplit(":", 1)[1])
    with closing(http.client.HTTPConnection(HOST, port, timeout=5)) as connection:
        connection.request("GET", "/")
        answer = connection.getresponse()

        assert address == f"http://127.0.0.1:{port}"
        assert answer.status == 200


def test_packages_of_the_repository_are_not_taken_for_ours(address: str) -> None:
    """Many repositories have a package `app` of their own: served from there, the dashboard is still ours."""
    port = int(address.rsplit(":", 1)[1])
    with closing(http.client.HTTPConnection(HOST, port, timeout=5)) as connection:
        connection.request("GET", "/_stcore/health")

        assert connection.getresponse().read() == b"ok"


def test_taken_port_gives_way_to_the_next() -> None:
    """A port that somebody holds is passed over."""
    with closing(socket.socket()) as holder:
        holder.bind((HOST, 0))
        holder.listen()
        taken = holder.getsockname()[1]

        assert free_port(taken) > taken


def test_impossible_port_is_refused_in_words() -> None:
    """A port outside the range is a usage error."""
    with pytest.raises(ServingError, match="between 1 and 65535"):
        free_port(70000)


def test_streamlit_listens_to_nobody_else_and_reports_nothing(tmp_path: Path) -> None:
    """Address, usage report and developer's menu are set on the command line, whatever a user's own settings say."""
    line = command(tmp_path / "tminus.toml", 8501)

    assert FLAGS["server.address"] == "127.0.0.1"
    assert {"--browser.gatherUsageStats=false", "--client.toolbarMode=minimal", "--server.headless=true"} <= set(line)
    assert line[-2:] == ["--", str(tmp_path / "tminus.toml")]


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_first_link_opens_its_page_and_nothing_leaves_the_machine(address: str) -> None:
    """A deep link as the very first request opens its page and day; every request goes to loopback; no script of a
    foreign subject runs; the day stays in the URL when the reader goes on to another page."""
    from playwright.sync_api import sync_playwright

    hosts: set[str] = set()
    dialogs: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.on(
            "request",
            lambda request: hosts.add(request.url.split("/")[2].split(":")[0]) if "//" in request.url else None,
        )
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        page.goto(f"{address}/movement?at=2025-11-16&weeks=4")
        page.get_by_role("heading", name="Commits").wait_for(timeout=60_000)
        page.get_by_role("button", name="Download").wait_for(timeout=60_000)
        first = page.inner_text("[data-testid=stMain]")
        page.get_by_role("link", name="Gates").click()
        page.get_by_role("heading", name="GO and NO-GO rules").wait_for(timeout=60_000)
        second, url = page.inner_text("[data-testid=stMain]"), page.url
        browser.close()

    assert "as of 16 Nov 2025" in first
    assert "since 19 Oct 2025" in first
    assert hosts <= {"127.0.0.1", ""}
    assert not dialogs
    assert "as of 16 Nov 2025" in second
    assert "at=2025-11-16" in url
