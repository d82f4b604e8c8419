"""Routes of JavaScript and TypeScript servers: Express, Fastify and Next.js, read off the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from ingest.readers.api.mounts_js import Call, Mounts, without_comments
from ingest.readers.api.route import MAX_HANDLER, Route, join, line_of, stub_reason

_METHODS = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "all"})
_OBJECT_URL = re.compile(r"\b(?:url|path)\s*:\s*['\"`]([^'\"`\n]*)['\"`]")
_OBJECT_METHOD = re.compile(r"\bmethod\s*:\s*(\[[^\]]*\]|['\"`]\w+['\"`])")
_QUOTED = re.compile(r"['\"`]([^'\"`\n]*)['\"`]$")
_PATH = re.compile(r"['\"`](/[^'\"`\n]*|)['\"`]$")
_NEXT_APP = re.compile(r"(?:^|/)app/(.*?)/?route\.[cm]?[jt]sx?$")
_NEXT_PAGES = re.compile(r"(?:^|/)pages/(api(?:/.*)?)\.[cm]?[jt]sx?$")
_NEXT_EXPORT = re.compile(r"\bexport\s+(?:async\s+)?(?:function\s+|const\s+)(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\b")
_NEXT_METHOD = re.compile(r"\bmethod\s*===?\s*['\"`](\w+)['\"`]|\bcase\s+['\"`](GET|POST|PUT|PATCH|DELETE)['\"`]")
_DEFINED = (
    r"(?:function\s+{0}\s*\(|\b{0}\s*[:=]\s*(?:async\s*)?(?:function\b|\(|\w+\s*=>)"
    r"|^\s*(?:static\s+|async\s+|public\s+)*{0}\s*\()"
)
_LAST_NAME = re.compile(r"(\w+)\s*\)?\s*$")
# Objects whose `get('/x', ...)` fetches instead of serving.
_CLIENTS = frozenset(
    {
        "axios",
        "http",
        "https",
        "client",
        "request",
        "supertest",
        "cy",
        "nock",
        "ky",
        "got",
        "superagent",
        "fetch",
        "cache",
        "redis",
    }
)


def javascript_routes(files: Mapping[str, str]) -> list[Route]:
    """Routes of all files, with the prefixes under which their routers are mounted."""
    bare = {path: without_comments(body) for path, body in files.items()}
    mounts = Mounts(bare)
    routes: list[Route] = []
    for path, body in files.items():
        routes += _next_routes(path, body)
        for receiver, method, route, at, handler in _registered(mounts.calls[path], body):
            stub = stub_reason(handler) or _named_stub(handler, body, files)
            for prefix, mounted in mounts.places(path, receiver):
                routes.append(Route(method, join(prefix, route), path, line_of(body, at), stub, mounted))
    return routes


def _object_routes(call: Call, first: str, text: str) -> Iterator[tuple[str, str, str, int, str]]:
    """The routes of `server.route({method, path, handler})`."""
    if first.startswith("{"):
        yield from ((call.receiver, *found) for found in _from_object(text, call.start))


def _chained_path(first: str) -> str:
    """The path of `router.route("/x")`, for the methods chained to it; empty for a route given as an object."""
    quoted = None if first.startswith("{") else _QUOTED.match(first)
    return (quoted[1] or "/") if quoted else ""


def _registered(calls: Iterable[Call], body: str) -> Iterator[tuple[str, str, str, int, str]]:
    """Router, method, path, place and handler text (with its comments: they say what is a stub) of each route."""
    chained: dict[tuple[str, int], str] = {}
    for call in calls:
        if call.receiver.lower() in _CLIENTS:
            continue
        key, word = (call.receiver, call.start), call.method.lower()
        first = next(iter(call.arguments), "")
        text = body[call.inside[0] : min(call.inside[1], call.inside[0] + MAX_HANDLER)]
        if call.method == "route":
            chained[key] = _chained_path(first)
            yield from _object_routes(call, first, text)
        elif word in _METHODS and chained.get(key):
            yield call.receiver, _method(word), chained[key], call.start, text
        elif word in _METHODS and len(call.arguments) > 1 and (quoted := _PATH.match(first)):
            yield call.receiver, _method(word), quoted[1] or "/", call.start, text.strip()[len(first) :]


def _from_object(options: str, at: int) -> Iterator[tuple[str, str, int, str]]:
    url, method = _OBJECT_URL.search(options), _OBJECT_METHOD.search(options)
    if url and method:
        for one in re.findall(r"\w+", method[1]):
            yield _method(one), url[1], at, options


def _method(word: str) -> str:
    return "*" if word.lower() == "all" else word.upper()


def _arguments(body: str, start: int) -> str:
    """Text up to the parenthesis that closes the call, strings skipped roughly; bounded."""
    depth = 1
    for at in range(start, min(len(body), start + MAX_HANDLER)):
        sign = body[at]
        depth += (sign in "([{") - (sign in ")]}")
        if depth <= 0:
            return body[start:at]
    return body[start : start + MAX_HANDLER]


def _named_stub(handler: str, body: str, files: Mapping[str, str]) -> str:
    """A handler given by name (a controller's function): its definition, here or in another file."""
    if "=>" in handler or "function" in handler:
        return ""
    name = _LAST_NAME.search(handler.strip())
    if not name:
        return ""
    definition = re.compile(_DEFINED.format(re.escape(name[1])), re.MULTILINE)
    for text in (body, *files.values()):
        found = definition.search(text)
        if found:
            opening = text.find("{", found.end() - 1)
            return stub_reason(_arguments(text, opening + 1)) if opening >= 0 else ""
    return ""


def _app_route(folder: str) -> str:
    """The URL of a folder of Next's app router; (groups) and @slots are not part of it."""
    return "/" + "/".join(part for part in folder.split("/") if part and not part.startswith(("(", "@")))


def _next_methods(body: str) -> list[str]:
    return sorted({one or other for one, other in _NEXT_METHOD.findall(body)} or {"*"})


def _next_routes(path: str, body: str) -> Iterator[Route]:
    """The file's place is its route; (groups) and @slots are not part of the URL."""
    app, pages = _NEXT_APP.search(path), _NEXT_PAGES.search(path)
    if app:
        route = _app_route(app[1])
        for export in _NEXT_EXPORT.finditer(body):
            opening = body.find("{", body.find(")", export.end()))
            handler = _arguments(body, opening + 1) if opening >= 0 else ""
            yield Route(export[1], route, path, line_of(body, export.start()), stub_reason(handler))
    elif pages and "export default" in body:
        route = "/" + pages[1].removesuffix("/index")
        for method in _next_methods(body):
            yield Route(method.upper(), route, path, line_of(body, body.find("export default")), stub_reason(body))
