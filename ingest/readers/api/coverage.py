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
from ingest.readers.contract import ReadError, Reading, figure, item, share
from ingest.readers.text.encodings import as_utf8
from ingest.readers.text.json import json_lines
from ingest.readers.text.xml import parse_xml

_STATUS = re.compile(r"^\(\d{3}\) ")


def prove(document: bytes, results: Sequence[tuple[str, bytes]]) -> Reading:
    """Share of declared operations whose contract tests ran and all passed (Schemathesis JUnit or NDJSON, Dredd)."""
    try:
        found = declared(document)
        outcomes = [outcome for _, data in results for outcome in _outcomes(data, found)]
    except ReadError as problem:
        return Reading(
            "api",
            "openapi",
            "",
            (figure(DECLARED, None, reason=str(problem)), figure(PROVEN, None, reason=str(problem))),
        )
    failed = {operation for operation, passed in outcomes if not passed}
    proven = {operation for operation, passed in outcomes if passed} - failed
    total = len(found.operations)
    if not outcomes:
        said = "no result belongs to a declared operation"
        return Reading("api", "openapi", found.version, (figure(DECLARED, total), figure(PROVEN, None, reason=said)))
    items = tuple(
        item(
            "finding",
            "failed" if operation in failed else "untested",
            f"{operation.method} {operation.path}",
            "",
            None,
            operation.method,
            operation.path,
        )
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
    """Share of declared operations with a route in the code whose handler is no stub; weaker than proven."""
    try:
        found = declared(document)
    except ReadError as problem:
        return Reading(
            "api",
            "openapi",
            "",
            (figure(DECLARED, None, reason=str(problem)), figure(IMPLEMENTED, None, reason=str(problem))),
        )
    routes = find_routes(files) if routes is None else routes
    if not routes:
        figures = (
            figure(DECLARED, len(found.operations)),
            figure(IMPLEMENTED, None, reason="no route was found in the code"),
        )
        return Reading("api", "routes", "", figures)
    items = []
    done = 0
    for operation in found.operations:
        matching = [route for route in routes if _serves(route, operation, found.base)]
        real = [route for route in matching if not route.stub]
        done += bool(real)
        if not real:
            at = matching[0] if matching else None
            label = "stub" if at else "missing"
            words = f"{operation.method} {operation.path}" + (f" ({at.stub})" if at else "")
            items.append(
                item(
                    "finding",
                    label,
                    words,
                    at.path_of_file if at else "",
                    at.line if at else None,
                    operation.method,
                    operation.path,
                )
            )
    figures = (figure(DECLARED, len(found.operations)), share(IMPLEMENTED, done, len(found.operations)))
    return Reading("api", "routes", "", figures, tuple(items), _assumed(routes))


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
