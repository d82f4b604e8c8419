"""The title and the first sentence of a page come within the page, where the server knows them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from app.dashboard import cache
from app.dashboard.entry.guard import Guard
from app.dashboard.entry.opening import opening_at, prepare_opening
from app.dashboard.kept import bookkeeping, show_newest
from app.dashboard.meeting.first_picture import opening_of
from app.dashboard.navigation import PAGES
from app.workspace import CONFIG_VARIABLE, PORTFOLIO_VARIABLE
from tests.app.dashboard.test_guard import asked
from tests.testing.app_test import AppTest
from tests.testing.dashboard_workspace import HOSTILE, build
from tests.testing.page_words import lead_of

ENTRY = Path(__file__).parents[3] / "app" / "dashboard" / "entry" / "streamlit_app.py"
ADDRESSES = {name: address for name, _, _, address in PAGES}


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with simulated weeks."""
    return build(tmp_path_factory.mktemp("moving"), "moving", simulated=True)


@pytest.fixture(scope="module")
def drawn(config: Path) -> Iterator[dict[str, str]]:
    """The first sentence of each page, as a session draws it, on a server that keeps its pages up."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["streamlit"])
        patch.setenv(CONFIG_VARIABLE, str(config))
        patch.setattr(bookkeeping(), "is_kept_up", True)
        show_newest(config)
        app = AppTest.from_file(str(ENTRY), default_timeout=60).run()
        leads = {"weekly_review": lead_of(app)}
        for page in ("forecast", "gates", "factors", "movement", "claims", "data_health"):
            leads[page] = lead_of(app.switch_page(f"../pages/{page}.py").run())
        yield leads


class Words(HTMLParser):
    """The tags of some HTML, and its words."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.words = ""
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize("page", ["weekly_review", "forecast", "gates", "factors", "movement"])
def test_the_opening_is_the_sentence_that_a_session_drew(page: str, drawn: dict[str, str]) -> None:
    """The same words, with the notice of simulated weeks."""
    found = Words(opening_at(f"/{ADDRESSES[page]}", ""))
    assert drawn[page] and drawn[page] in found.words
    assert "simulated" in found.words


def test_the_name_of_a_project_brings_no_tag_along(config: Path, drawn: dict[str, str]) -> None:
    """An opening is part of the page: nothing between it and the browser removes a script."""
    assert drawn
    known = cache.facts(config)._replace(project=HOSTILE)
    found = Words(opening_of(cache.open_key(config, known.today), known))
    assert "<img src=x onerror=alert(1)>" in found.words
    assert found.tags == {"div", "h1", "h2", "p", "span"}


@pytest.mark.parametrize("page", ["claims", "data_health"])
def test_a_sentence_of_more_than_day_and_window_is_not_sent_early(page: str, drawn: dict[str, str]) -> None:
    """What is asked and stored beside the figures may change between two openings of these pages."""
    assert drawn[page]
    assert opening_at(f"/{ADDRESSES[page]}", "") == ""


@pytest.mark.parametrize("query", ["at=2025-10-01", "weeks=4", "decision=D1", "at=2025-11-17&author=Ada"])
def test_what_no_session_drew_has_no_opening(query: str, drawn: dict[str, str]) -> None:
    """Another day, another window and any other choice is for the page itself."""
    assert drawn
    assert opening_at("/", query) == ""
    assert opening_at("/nowhere", "") == ""


def test_a_server_knows_the_opening_of_the_review_before_anybody_asks(config: Path, drawn: dict[str, str]) -> None:
    """What the server prepares is byte for byte what a session draws."""
    by_session = opening_at("/", "")
    bookkeeping().note_opening(("Weekly review", "", ""), ("another",), "")
    prepare_opening(config)
    assert opening_at("/", "") == by_session != ""
    assert drawn["weekly_review"] in Words(by_session).words


def test_an_opening_of_another_state_is_not_sent(
    config: Path, drawn: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed plan, newer evidence, another day, a portfolio, a server that does not keep its pages up."""
    assert drawn and opening_at("/", "")
    books, shown = bookkeeping(), bookkeeping().shown(str(config))
    before = config.stat()
    try:
        os.utime(config, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
        assert opening_at("/", "") == ""
    finally:
        os.utime(config, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert shown is not None
    books.note_shown(str(config), (shown[0] + 1, shown[1]))
    assert opening_at("/", "") == ""
    books.note_shown(str(config), shown)
    state, markup = books.opening(("Weekly review", "", "")) or ((), "")
    books.note_opening(("Weekly review", "", ""), (*state[:3], "2025-11-16"), markup)
    assert opening_at("/", "") == ""
    books.note_opening(("Weekly review", "", ""), state, markup)
    assert opening_at("/", "") == markup
    with monkeypatch.context() as patch:
        patch.setenv(PORTFOLIO_VARIABLE, "portfolio.toml")
        assert opening_at("/", "") == ""
    with monkeypatch.context() as patch:
        patch.setattr(books, "is_kept_up", False)
        assert opening_at("/", "") == ""


def test_a_browser_keeps_no_page_with_an_opening(drawn: dict[str, str], tmp_path: Path) -> None:
    """The file of Streamlit is never newer, but the sentence in the page is: the whole page comes each time."""
    from starlette.applications import Starlette
    from starlette.responses import FileResponse
    from starlette.routing import Mount
    from starlette.staticfiles import StaticFiles

    (tmp_path / "index.html").write_text("<html><head></head><body></body></html>", encoding="utf-8")
    site = Guard(Starlette(routes=[Mount("/", StaticFiles(directory=tmp_path, html=True))]))
    known = asyncio.run(asked(site, "http://127.0.0.1:8501/", "127.0.0.1:8501", accept="text/html"))
    assert drawn["weekly_review"] in Words(known.text).words
    assert not {"etag", "last-modified"} & known.headers.keys()
    assert known.headers["cache-control"] == "no-store"
    of_file = StaticFiles(directory=tmp_path).lookup_path("index.html")[1]
    assert of_file is not None
    again = asyncio.run(
        asked(
            site,
            "http://127.0.0.1:8501/",
            "127.0.0.1:8501",
            accept="text/html",
            **{"if-none-match": FileResponse(tmp_path / "index.html", stat_result=of_file).headers["etag"]},
        )
    )
    assert (again.status_code, again.text) == (200, known.text)


def test_nobody_gets_a_sentence_before_signing_in(drawn: dict[str, str]) -> None:
    """The page of a server without a sign-in begins with its opening; with one it is the same for everybody."""
    from starlette.applications import Starlette
    from starlette.responses import HTMLResponse
    from starlette.routing import Route

    page = "<!DOCTYPE html><html><head></head><body>\n<div id=root></div></body></html>"
    site = Starlette(routes=[Route("/", lambda _: HTMLResponse(page))])
    known, signing_in, foreign = (
        asyncio.run(asked(Guard(site, public), "http://127.0.0.1:8501/", host)).text
        for public, host in (
            ("", "127.0.0.1:8501"),
            ("https://ready.example", "ready.example"),
            ("", "evil.example"),
        )
    )
    assert drawn["weekly_review"] in Words(known).words
    assert "tm-opening" not in signing_in and "root" in signing_in
    assert "tm-opening" not in foreign
