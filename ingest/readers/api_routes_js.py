"""Routes of JavaScript and TypeScript servers: Express, Fastify and Next.js, read off the text."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping

from ingest.readers.api_routes import MAX_HANDLER, Route, join, line_of, stub_reason

_METHODS = "get|post|put|patch|delete|head|options|all"
_CALL = re.compile(rf"\b(\w+)\.({_METHODS})\(\s*['\"`](/[^'\"`\n]*|)['\"`]\s*,", re.IGNORECASE)
_CHAIN = re.compile(r"\b(\w+)\.route\(\s*['\"`]([^'\"`\n]*)['\"`]\s*\)")
_CHAINED = re.compile(rf"\s*\.({_METHODS})\(", re.IGNORECASE)
_OBJECT = re.compile(r"\b\w+\.route\(\s*\{")
_OBJECT_URL = re.compile(r"\b(?:url|path)\s*:\s*['\"`]([^'\"`\n]*)['\"`]")
_OBJECT_METHOD = re.compile(r"\bmethod\s*:\s*(\[[^\]]*\]|['\"`]\w+['\"`])")
_MOUNT = re.compile(
    r"\.use\(\s*['\"`]([^'\"`\n]*)['\"`]\s*,(?:[^;\n]*?,)?\s*(?:require\(\s*['\"`]([^'\"`\n]+)['\"`]\s*\)|(\w+))(?:\.\w+)?\s*\)"
)
_REGISTER = re.compile(
    r"\.register\(\s*(?:(?:import|require)\(\s*['\"`]([^'\"`\n]+)['\"`]\s*\)|(\w+))\s*,\s*\{[^}]*?prefix\s*:\s*['\"`]([^'\"`\n]*)"
)
_IMPORT = re.compile(
    r"(?:import\s+(?:\*\s+as\s+)?(\w+)[^;\n]*?from\s*|import\s*\{([^}]*)\}\s*from\s*|(?:const|let|var)\s+(\w+)\s*=\s*require\(\s*|"
    r"(?:const|let|var)\s*\{([^}]*)\}\s*=\s*require\(\s*)['\"`](\.[^'\"`\n]*)['\"`]"
)
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
    prefixes = _prefixes(files)
    routes: list[Route] = []
    for path, body in files.items():
        routes += _next_routes(path, body)
        for method, route, at, handler in _calls(body):
            stub = stub_reason(handler) or _named_stub(handler, body, files)
            for prefix in prefixes.get(path, [""]):
                mounted = path in prefixes or bool(
                    re.search(r"\bapp\.listen|\.listen\(|express\(\)|[Ff]astify\(", body)
                )
                routes.append(Route(method, join(prefix, route), path, line_of(body, at), stub, mounted))
    return routes


def _calls(body: str) -> Iterator[tuple[str, str, int, str]]:
    """Method, path, place and handler text of each registered route."""
    for call in _CALL.finditer(body):
        if call[1].lower() not in _CLIENTS:
            yield _method(call[2]), call[3] or "/", call.start(), _arguments(body, call.end())
    for chain in _CHAIN.finditer(body):
        at = chain.end()
        while step := _CHAINED.match(body, at):
            handler = _arguments(body, step.end())
            yield _method(step[1]), chain[2] or "/", chain.start(), handler
            at = step.end() + len(handler) + 1
    for entry in _OBJECT.finditer(body):
        options = _arguments(body, entry.end())
        url, method = _OBJECT_URL.search(options), _OBJECT_METHOD.search(options)
        if url and method:
            for one in re.findall(r"\w+", method[1]):
                yield _method(one), url[1], entry.start(), options


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


def _prefixes(files: Mapping[str, str]) -> dict[str, list[str]]:
    """Path prefixes of each mounted file; a router mounted inside a mounted one gets both."""
    mounts: dict[str, list[tuple[str, str]]] = {}
    for path, body in files.items():
        imports = _imports(path, body, files)
        for prefix, module, name in _MOUNT.findall(body):
            _mount(mounts, path, prefix, _resolve(path, module, files) if module else imports.get(name, ""))
        for module, name, prefix in _REGISTER.findall(body):
            _mount(mounts, path, prefix, _resolve(path, module, files) if module else imports.get(name, ""))
    return {path: _full(path, mounts, 0) for path in mounts}


def _mount(mounts: dict[str, list[tuple[str, str]]], parent: str, prefix: str, target: str) -> None:
    if target and target != parent:
        mounts.setdefault(target, []).append((parent, prefix))


def _full(path: str, mounts: Mapping[str, list[tuple[str, str]]], depth: int) -> list[str]:
    if path not in mounts or depth > 8:
        return [""]
    return [join(outer, prefix) for parent, prefix in mounts[path] for outer in _full(parent, mounts, depth + 1)]


def _imports(path: str, body: str, files: Mapping[str, str]) -> dict[str, str]:
    """Local name -> file of each relative import."""
    found: dict[str, str] = {}
    for default, named, required, destructured, module in _IMPORT.findall(body):
        target = _resolve(path, module, files)
        for name in (default, required, *re.split(r"[,\s]+", f"{named} {destructured}")):
            if name and target:
                found[name] = target
    return found


def _resolve(path: str, module: str, files: Mapping[str, str]) -> str:
    base = posixpath.normpath(posixpath.join(posixpath.dirname(path), module))
    stem = re.sub(r"\.[cm]?jsx?$", "", base)  # TypeScript imports its own files as .js
    suffixes = (".ts", ".js", ".mjs", ".cjs", ".mts", ".tsx", ".jsx", "/index.ts", "/index.js", "/index.mjs")
    return next((candidate for candidate in (base, *(stem + suffix for suffix in suffixes)) if candidate in files), "")


def _next_routes(path: str, body: str) -> Iterator[Route]:
    """The file's place is its route; (groups) and @slots are not part of the URL."""
    app, pages = _NEXT_APP.search(path), _NEXT_PAGES.search(path)
    if app:
        parts = [part for part in app[1].split("/") if part and not part.startswith(("(", "@"))]
        for export in _NEXT_EXPORT.finditer(body):
            opening = body.find("{", body.find(")", export.end()))
            handler = _arguments(body, opening + 1) if opening >= 0 else ""
            yield Route(export[1], "/" + "/".join(parts), path, line_of(body, export.start()), stub_reason(handler))
    elif pages and "export default" in body:
        route = "/" + pages[1].removesuffix("/index")
        methods = {one or other for one, other in _NEXT_METHOD.findall(body)} or {"*"}
        for method in sorted(methods):
            yield Route(method.upper(), route, path, line_of(body, body.find("export default")), stub_reason(body))
