"""Routes of Python servers: FastAPI, Flask and Django, read off the syntax tree without importing anything."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ingest.readers.api.route import Route, join, stub_reason

_METHODS = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "trace"})
_ROUTERS = {"APIRouter": "prefix", "Blueprint": "url_prefix"}
_INCLUDES = {"include_router": "prefix", "register_blueprint": "url_prefix"}
_DJANGO_REGEX = re.compile(r"\(\?P<(\w+)>[^)]*\)")


@dataclass(slots=True)
class _Module:
    path: str
    body: str
    tree: ast.Module


def python_routes(files: Mapping[str, str]) -> list[Route]:
    """Routes of all files that parse."""
    modules = [module for path, body in files.items() if (module := _parse(path, body))]
    included = _included(modules)
    views = _views(modules)
    routes: list[Route] = []
    for module in modules:
        own = _own_prefixes(module.tree)
        for function in ast.walk(module.tree):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                routes += _decorated(module, function, own, included)
        if module.path.rpartition("/")[2] == "urls.py":
            routes += _django(module, views, modules)
    return routes


def _parse(path: str, body: str) -> _Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _Module(path, body, ast.parse(body))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _decorated(
    module: _Module,
    function: ast.FunctionDef | ast.AsyncFunctionDef,
    own: Mapping[str, str],
    included: Mapping[str, list[str]],
) -> Iterator[Route]:
    for decorator in function.decorator_list:
        if not (isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute)):
            continue
        router, verb = _name(decorator.func.value), decorator.func.attr
        path = (
            _text(decorator.args[0]) if decorator.args else _keyword(decorator, "path") or _keyword(decorator, "rule")
        )
        if path is None or (verb not in _METHODS and verb not in ("route", "api_route")):
            continue
        methods = [verb.upper()] if verb in _METHODS else _methods(decorator)
        stub = stub_reason(_source(module.body, function))
        outer = included.get(f"{_stem(module.path)}.{router}") or included.get(router) or [""]
        mounted = router not in own or f"{_stem(module.path)}.{router}" in included or router in included
        for prefix in outer:
            full = join(join(prefix, own.get(router, "")), path)
            yield from (Route(method, full, module.path, function.lineno, stub, mounted) for method in methods)


def _methods(call: ast.Call) -> list[str]:
    for keyword in call.keywords:
        if keyword.arg == "methods" and isinstance(keyword.value, ast.List | ast.Tuple | ast.Set):
            return [word.upper() for entry in keyword.value.elts if (word := _text(entry))]
    return ["GET"]


def _own_prefixes(tree: ast.Module) -> dict[str, str]:
    """Variable -> prefix of the routers and blueprints that a file makes."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            made = _name(node.value.func).rpartition(".")[2]
            for target in node.targets:
                if made in _ROUTERS and isinstance(target, ast.Name):
                    found[target.id] = _keyword(node.value, _ROUTERS[made]) or ""
    return found


def _included(modules: list[_Module]) -> dict[str, list[str]]:
    """Prefixes by `module.variable` (include_router(items.router)) and by variable (register_blueprint(items_bp))."""
    found: dict[str, list[str]] = {}
    for module in modules:
        aliases = _aliases(module.tree)
        for node in ast.walk(module.tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in _INCLUDES
                and node.args
            ):
                parts = _name(node.args[0]).split(".")
                key = aliases.get(parts[0], parts[0]) if len(parts) == 1 else f"{parts[-2]}.{parts[-1]}"
                found.setdefault(key, []).append(_keyword(node, _INCLUDES[node.func.attr]) or "")
    return found


def _aliases(tree: ast.Module) -> dict[str, str]:
    """Local name -> `module.name` of each `from module import name`."""
    return {
        alias.asname or alias.name: f"{(node.module or '').rpartition('.')[2]}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def _django(module: _Module, views: Mapping[str, str], modules: list[_Module]) -> Iterator[Route]:
    prefixes = _django_prefixes(module.path, modules, 0)
    for call in ast.walk(module.tree):
        if not isinstance(call, ast.Call) or len(call.args) < 2:
            continue
        kind, route = _name(call.func).rpartition(".")[2], _text(call.args[0])
        if route is None or (isinstance(call.args[1], ast.Call) and _name(call.args[1].func) == "include"):
            continue
        for path in (join(prefix, path) for prefix in prefixes for path in _django_paths(kind, route)):
            yield Route("*", path, module.path, call.lineno, views.get(_view(call.args[1]), ""))


def _django_paths(kind: str, route: str) -> tuple[str, ...]:
    """The paths that one call of urls.py declares; a registered view set has a list and a detail path."""
    if kind in ("path", "re_path", "url"):
        return (_plain(route),)
    return (route, f"{route}/<pk>") if kind == "register" else ()


def _django_prefixes(path: str, modules: list[_Module], depth: int) -> list[str]:
    """Where `include("shop.urls")` mounts a urls.py; [""] for the top one."""
    dotted = path.removesuffix(".py").replace("/", ".")
    found: list[str] = []
    for module in modules if depth < 5 else []:
        for route, target in _django_includes(module.tree):
            if dotted == target or dotted.endswith("." + target):
                outer = _django_prefixes(module.path, modules, depth + 1)
                found += [join(prefix, _plain(route)) for prefix in outer]
    return found or [""]


def _django_includes(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The route and the module of every `path("shop/", include("shop.urls"))`."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and len(call.args) >= 2 and isinstance(call.args[1], ast.Call):
            inner, route = call.args[1], _text(call.args[0])
            target = _text(inner.args[0]) if _name(inner.func) == "include" and inner.args else None
            if route is not None and target:
                yield route, target


def _plain(route: str) -> str:
    """A regular expression's named groups as parameters; anchors dropped."""
    return _DJANGO_REGEX.sub(r"<\1>", route).strip("^$")


def _views(modules: list[_Module]) -> dict[str, str]:
    """Function or class name -> why it is a stub, for those that are."""
    found: dict[str, str] = {}
    for module in modules:
        for node in module.tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                why = stub_reason(_source(module.body, node))
                if why:
                    found[node.name] = why
    return found


def _view(node: ast.expr) -> str:
    """`views.item` and `views.Item.as_view()` by their last own name."""
    if isinstance(node, ast.Call):
        node = node.func
    return _name(node).removesuffix(".as_view").rpartition(".")[2]


def _source(body: str, node: ast.stmt) -> str:
    lines = body.splitlines()
    return "\n".join(lines[node.lineno - 1 : node.end_lineno])


def _stem(path: str) -> str:
    parts = path.removesuffix(".py").removesuffix("/__init__").split("/")
    return parts[-1]


def _name(node: ast.AST) -> str:
    """Dotted name of an expression; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        inner = _name(node.value)
        return f"{inner}.{node.attr}" if inner else ""
    return ""


def _text(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _keyword(call: ast.Call, name: str) -> str | None:
    return next((_text(keyword.value) for keyword in call.keywords if keyword.arg == name), None)
