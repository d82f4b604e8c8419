"""Declared, implemented, proven: an OpenAPI document against contract-test results and against routes in the code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from ingest.readers.api.openapi import (
    DECLARED,
    IMPLEMENTED,
    PROVEN,
    Declaration,
    Operation,
    declared,
    event_outcomes,
    segments,
)
from ingest.readers.api.openapi_yaml import METHODS
from ingest.readers.api.route import Route
from ingest.readers.api.routes import find_routes
from ingest.readers.contract import ReadError, Reading, ReadItem, figure, item, share
from ingest.readers.text.encodings import as_utf8
from ingest.readers.text.json import json_lines
from ingest.readers.text.xml import parse_xml

_STATUS = re.compile(r"^\(\d{3}\) ")


def _by_result(outcomes: Sequence[tuple[Operation, bool]]) -> tuple[set[Operation], set[Operation]]:
    """The operations with a failed test, and those whose tests all passed."""
    failed = {operation for operation, passed in outcomes if not passed}
    return failed, {operation for operation, passed in outcomes if passed} - failed


def _unreadable(metric: str, problem: ReadError) -> Reading:
    """Both figures are unknown: the document itself cannot be read."""
    unknown = tuple(figure(name, None, reason=str(problem)) for name in (DECLARED, metric))
    return Reading("api", "openapi", "", unknown)


def prove(document: bytes, results: Sequence[tuple[str, bytes]]) -> Reading:
    """Share of declared operations whose contract tests ran and all passed (Schemathesis JUnit or NDJSON, Dredd)."""
    try:
        found = declared(document)
        outcomes = [outcome for _, data in results for outcome in _outcomes(data, found)]
    except ReadError as problem:
        return _unreadable(PROVEN, problem)
    failed, proven = _by_result(outcomes)
    total = len(found.operations)
    if not outcomes:
        reason = "no result belongs to a declared operation"
        return Reading("api", "openapi", found.version, (figure(DECLARED, total), figure(PROVEN, None, reason=reason)))
    items = tuple(
        _unproven(operation, "failed" if operation in failed else "untested")
        for operation in found.operations
        if operation not in proven
    )
    return Reading("api", "openapi", found.version, (figure(DECLARED, total), share(PROVEN, len(proven), total)), items)


def _outcomes(data: bytes, found: Declaration) -> Iterable[tuple[Operation, bool]]:
    data = as_utf8(data)
    labels = _xml_labels(data) if data.lstrip()[:1] == b"<" else list(event_outcomes(json_lines(data)[0]).items())
    for label, passed in labels:
        operation = _operation(label, found)
        if operation:
            yield operation, passed


def _xml_labels(data: bytes) -> list[tuple[str, bool]]:
    """Name of each test case and whether it passed; a skipped one proves nothing."""
    labels = []
    for case in parse_xml(data).iter("testcase"):
        tags = {child.tag for child in case}
        if "skipped" not in tags:
            labels.append((case.get("name", ""), not tags & {"failure", "error"}))
    return labels


def _operation(label: str, found: Declaration) -> Operation | None:
    """Schemathesis names `GET /items`; Dredd `GET (200) /items/1`, or `API > /items > summary > 200 > type`."""
    method, _, path = label.partition(" ")
    if method.lower() in METHODS:
        return _by_path(method.upper(), _STATUS.sub("", path), found)
    parts = [part.strip() for part in label.split(" > ")]
    for operation in found.operations:
        if operation.path in parts and {*operation.words, operation.method} & set(parts):
            return operation
    return None


def _by_path(method: str, path: str, found: Declaration) -> Operation | None:
    """The operation of a path as it is declared, else of a request to it (Dredd sends /items/1 for /items/{id})."""
    wanted = {segments(path), segments(path.removeprefix(found.base))}
    listed = [operation for operation in found.operations if operation.method == method]
    exact = next((operation for operation in listed if segments(operation.path) in wanted), None)
    return exact or next((o for o in listed if any(_fits(segments(o.path), sent) for sent in wanted)), None)


def _fits(template: tuple[str, ...], sent: tuple[str, ...]) -> bool:
    return len(template) == len(sent) and all("{}" in t or t == s for t, s in zip(template, sent, strict=True))


def implemented(document: bytes, files: Mapping[str, bytes], routes: Sequence[Route] | None = None) -> Reading:
    """Share of declared operations with a route in the code whose handler is not a stub; weaker than proven."""
    try:
        found = declared(document)
    except ReadError as problem:
        return _unreadable(IMPLEMENTED, problem)
    routes = find_routes(files) if routes is None else routes
    if not routes:
        figures = (
            figure(DECLARED, len(found.operations)),
            figure(IMPLEMENTED, None, reason="no route was found in the code"),
        )
        return Reading("api", "routes", "", figures)
    items = []
    for operation in found.operations:
        matching = [route for route in routes if _serves(route, operation, found.base)]
        if all(route.stub for route in matching):
            items.append(_unproven(operation, "stub", matching[0]) if matching else _unproven(operation, "missing"))
    total = len(found.operations)
    figures = (figure(DECLARED, total), share(IMPLEMENTED, total - len(items), total))
    return Reading("api", "routes", "", figures, tuple(items), _assumed(routes))


def _unproven(operation: Operation, label: str, stub: Route | None = None) -> ReadItem:
    """The finding for a declared operation that is not proven or not implemented, at its stub when it has one."""
    name = f"{operation.method} {operation.path}"
    if stub is None:
        return item("finding", label, name, "", None, operation.method, operation.path)
    words = f"{name} ({stub.stub})"
    return item("finding", label, words, stub.path_of_file, stub.line, operation.method, operation.path)


def _serves(route: Route, operation: Operation, base: str) -> bool:
    if route.method not in ("*", operation.method):
        return False
    mine, declared_path = segments(route.path), segments(operation.path)
    if mine in (declared_path, segments(base) + declared_path):
        return True
    # A router whose mount point was not found: its path has to be the end of the declared one.
    return not route.mounted and bool(mine) and mine != ("{}",) and declared_path[-len(mine) :] == mine


def _assumed(routes: Sequence[Route]) -> tuple[str, ...]:
    loose = sum(1 for route in routes if not route.mounted)
    return (f"the mount point of {loose} routes was not found: they match by the end of the path",) if loose else ()
