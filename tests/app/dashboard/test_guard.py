"""The dashboard answers only browsers that came to its own address."""

from __future__ import annotations

import asyncio

import httpx
import pytest


@pytest.mark.parametrize(
    ("host", "origin", "ours"),
    [
        ("127.0.0.1:8501", None, True),
        ("localhost:8501", "http://localhost:8501", True),
        ("127.0.0.1:8501", "http://127.0.0.1:8501", True),
        ("evil.example:8501", None, False),
        ("127.0.0.1:8501", "http://evil.example", False),
        ("127.0.0.1:8501", "http://localhost:3000", False),
        ("127.0.0.1:8501", "http://localhost:8501", False),
        ("127.0.0.1:8501", "null", False),
        (None, None, False),
    ],
)
def test_the_dashboard_answers_its_own_address_alone(host: str | None, origin: str | None, ours: bool) -> None:
    """A name that leads to loopback by DNS rebinding, and a page of another port, are foreign."""
    from app.dashboard.entry.guard import is_ours

    pairs = [(b"host", host), (b"origin", origin)]
    headers = [(name, value.encode()) for name, value in pairs if value is not None]
    assert is_ours({"type": "websocket", "headers": headers, "server": ("127.0.0.1", 8501)}) is ours


async def asked(site: object, url: str, host: str, **headers: str) -> httpx.Response:
    """The answer of an ASGI application to a request that names `host`, with more headers."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site)) as browser:  # type: ignore[arg-type]
        return await browser.get(url, headers={"Host": host, **headers})


def test_every_answer_of_the_dashboard_carries_the_policy() -> None:
    """The guard is in front of what Streamlit itself serves: headers on a good answer, 403 for a foreign host."""
    from starlette.applications import Starlette
    from starlette.responses import PlainTextResponse
    from starlette.routing import Route
    from streamlit.web.server.starlette import starlette_app

    from app.dashboard.entry import guard

    before = starlette_app.create_streamlit_middleware
    try:
        guard.install()
        first = starlette_app.create_streamlit_middleware()[0]
    finally:
        starlette_app.create_streamlit_middleware = before
    assert first.cls is guard.Guard
    site = guard.Guard(Starlette(routes=[Route("/", lambda _: PlainTextResponse("page"))]))
    good, foreign = (
        asyncio.run(asked(site, "http://127.0.0.1:8501/", host)) for host in ("127.0.0.1:8501", "evil.example:8501")
    )
    assert (good.status_code, foreign.status_code) == (200, 403)
    assert "frame-ancestors 'none'" in good.headers["content-security-policy"]
    assert "page" not in foreign.text


def test_no_page_around_the_dashboard_can_send_it_commands() -> None:
    """Streamlit's own list lets sixteen origins stop, run and change a page that they frame."""
    from streamlit import config
    from streamlit.web.server.starlette import starlette_app, starlette_routes

    from app.dashboard.entry import guard

    before, allowed = starlette_app.create_streamlit_middleware, config.get_option("client.allowedOrigins")
    route = starlette_routes.create_host_config_routes(None)[0]
    try:
        guard.install()
        starlette_app.create_streamlit_middleware()
        answer = asyncio.run(asked(route, "http://127.0.0.1:8501/_stcore/host-config", "127.0.0.1:8501"))
        assert answer.json()["allowedOrigins"] == []
    finally:
        starlette_app.create_streamlit_middleware = before
        config.set_option("client.allowedOrigins", allowed)
