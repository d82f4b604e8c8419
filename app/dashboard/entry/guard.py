"""Who may ask the dashboard: a browser that came to one of its own addresses itself.

A page of another site can make a browser send requests to loopback. It can give its own name the address 127.0.0.1 (DNS
rebinding): then the Host header carries that name. It can open a WebSocket to us from its own origin: then the Origin
header carries it, also when it is another program's page on localhost. Both are refused here, before Streamlit. With a
sign-in, the address that it names for the pages is the only one beside loopback.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from functools import partial
from typing import Any

from app.dashboard.entry.opening import opening_at
from app.dashboard.entry.page_head import with_head

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_NOT_ASKED = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"if-range", b"range")
# True of Streamlit's file, not of the page with our lines.
_OF_THE_FILE = (b"content-length", b"etag", b"last-modified", b"accept-ranges", b"cache-control")
_NAMES = ("127.0.0.1", "localhost", "[::1]")
# Vega compiles the expressions of a chart (unsafe-eval); Streamlit sets styles and one line of script in its page.
_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self' data: blob:",
        "connect-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "frame-src 'none'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS: dict[str, str] = {
    "content-security-policy": _POLICY,
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


class Guard:
    """ASGI middleware: refuses foreign hosts and origins, and adds the security headers to every answer."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]], public: str = "") -> None:
        self.app = app
        self.public = public  # scheme and host of the pages, where a sign-in is set up

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is ours."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
        elif not is_ours(scope, self.public):
            await _refuse(scope, send)
        else:
            await self.app(
                _for_the_whole_page(scope), receive, _with_headers(_with_own_head(send, self._opening(scope)))
            )

    def _opening(self, scope: Scope) -> Callable[[], str]:
        """The opening of the page that a request asks for; of none where people sign in."""
        if self.public or scope["type"] != "http":
            return str
        return partial(opening_at, scope["path"], scope.get("query_string", b"").decode("latin-1"))


def is_ours(scope: Scope, public: str = "") -> bool:
    """Whether the request names this server by one of its names, and comes from a page of this server or from none."""
    hosts, origins = _values(scope, b"host"), _values(scope, b"origin")
    if len(hosts) != 1:
        return False
    if public and hosts[0] == public.partition("://")[2]:  # a proxy in front of it speaks https
        return all(origin == public for origin in origins)
    if hosts[0] not in _own_names(scope["server"][1]):
        return False
    return all(origin == f"http://{hosts[0]}" for origin in origins)


def _values(scope: Scope, header: bytes) -> list[str]:
    return [value.decode("latin-1").lower() for name, value in scope["headers"] if name.lower() == header]


def _own_names(port: int) -> tuple[str, ...]:
    """The names of this server, as a Host header gives them."""
    return (*(_NAMES if port == 80 else ()), *(f"{name}:{port}" for name in _NAMES))


async def _refuse(scope: Scope, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    text = b"T-minus answers only to its own address on this machine; open the address that `tminus app` printed.\n"
    head = [(b"content-type", b"text/plain; charset=utf-8"), *_encoded()]
    await send({"type": "http.response.start", "status": 403, "headers": head})
    await send({"type": "http.response.body", "body": text})


def _for_the_whole_page(scope: Scope) -> Scope:
    """The same request; one for the page itself asks for all of it, not compressed, since lines are put into it.

    Streamlit's file is the same as ever, what we put into it is not: no browser may show the page of before.
    """
    headers = scope.get("headers", [])
    if scope["type"] != "http" or not any(name == b"accept" and b"text/html" in value for name, value in headers):
        return scope
    return {**scope, "headers": [pair for pair in headers if pair[0] not in _NOT_ASKED]}


def _with_own_head(send: Send, opening: Callable[[], str]) -> Send:
    """Put our lines into the head of the page, and its opening before its body."""
    begun: list[Message] = []
    body: list[bytes] = []

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start" and _is_page(message):
            begun.append(message)
        elif begun and message["type"] == "http.response.body":
            body.append(message.get("body", b""))
            if not message.get("more_body"):
                page = with_head(b"".join(body), opening())
                length = (b"content-length", str(len(page)).encode())
                kept = [pair for pair in begun[0]["headers"] if pair[0].lower() not in _OF_THE_FILE]
                await send({**begun.pop(), "headers": [*kept, length, (b"cache-control", b"no-store")]})
                await send({"type": "http.response.body", "body": page})
        else:
            await send(message)

    return sending


def _is_page(message: Message) -> bool:
    """Whether an answer is the page itself, whole and not compressed."""
    headers = {name.decode("latin-1").lower(): value for name, value in message.get("headers", [])}
    is_html = headers.get("content-type", b"").startswith(b"text/html")
    return is_html and message["status"] == 200 and "content-encoding" not in headers


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [pair for pair in message.get("headers", []) if pair[0].decode("latin-1").lower() not in HEADERS]
            message = {**message, "headers": [*kept, *_encoded()]}
        await send(message)

    return sending


def _encoded() -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in HEADERS.items()]


def install() -> None:
    """Put the guard before everything that Streamlit serves; raises when this Streamlit has no such place."""
    from starlette.middleware import Middleware
    from streamlit.web.server.starlette import starlette_app

    from app.dashboard.access.people import sign_in

    setup = sign_in()
    public = setup.origin if setup else ""
    streamlits_own = starlette_app.create_streamlit_middleware

    def with_guard() -> list[Any]:
        _take_no_messages()
        return [Middleware(Guard, public=public), *streamlits_own()]

    starlette_app.create_streamlit_middleware = with_guard


def _take_no_messages() -> None:
    """Let no page around ours send it commands. None may frame it, and each message cost a look at sixteen origins."""
    from streamlit import config

    config.set_option("client.allowedOrigins", [])
