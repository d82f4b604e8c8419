"""What an API declares: the operations of an OpenAPI or Swagger document, JSON or YAML; and Schemathesis event logs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from ingest.readers.api.openapi_yaml import METHODS, read_document
from ingest.readers.contract import Figure, Reader, ReadError, Reading, count, figure, share
from ingest.readers.text.encodings import as_utf8
from ingest.readers.text.json import decode, has, json_lines, load_object, mapping, objects, text

DECLARED, IMPLEMENTED, PROVEN = "api_declared_count", "api_implemented_percent", "api_proven_percent"
MAX_OPERATIONS = 20_000
_PARAMETER = re.compile(r"\{[^}/]*\}|:[A-Za-z_]\w*(?:\([^)/]*\))?\??|<[^>/]*>|\[\.{0,3}[^\]/]*\]|\*\w*")
_YAML_VERSION = re.compile(rb"(?m)^[\"']?(?:openapi|swagger)[\"']?\s*:\s*[\"']?\d")


class Operation(NamedTuple):
    """One method of one path; `words` are its summary and operationId, which some tools use as its name."""

    method: str  # GET, POST ...
    path: str
    words: tuple[str, ...] = ()


class Declaration(NamedTuple):
    """The operations of a document, and the path that its servers put before them."""

    operations: tuple[Operation, ...]
    base: str
    version: str


def segments(path: str) -> tuple[str, ...]:
    """Parts of a path with every parameter as `{}`, so that /a/{id}, /a/:id and /a/<int:id> are the same."""
    return tuple(_PARAMETER.sub("{}", part) for part in path.partition("?")[0].split("/") if part)


def declared(data: bytes) -> Declaration:
    """The operations of a document; ReadError when it declares none."""
    data = as_utf8(data)
    found = _from_json(load_object(data)) if data.lstrip().startswith(b"{") else _from_yaml(decode(data))
    if not found.operations:
        raise ReadError("the OpenAPI document declares no operation")
    return found


def _from_json(document: dict[str, Any]) -> Declaration:
    operations: list[Operation] = []
    for path, entry in mapping(document.get("paths")).items():
        for method, operation in mapping(entry).items():
            if method.lower() in METHODS and path.startswith("/") and len(operations) < MAX_OPERATIONS:
                about = mapping(operation)
                words = tuple(filter(None, (text(about.get("summary")), text(about.get("operationId")))))
                operations.append(Operation(method.upper(), path, words))
    server = next((text(entry.get("url")) for entry in objects(document.get("servers"))), "")
    base = text(document.get("basePath")) or _path_of(server)
    version = document.get("openapi") or document.get("swagger")
    return Declaration(tuple(operations), base.rstrip("/"), str(version or "")[:20])


def _path_of(address: str) -> str:
    try:
        return urlsplit(address).path
    except ValueError:
        return ""


def _from_yaml(body: str) -> Declaration:
    found = read_document(body)
    operations = (Operation(method.upper(), path, tuple(words)) for (path, method), words in found.operations.items())
    base = found.base_path or _path_of(found.server)
    return Declaration(tuple(islice(operations, MAX_OPERATIONS)), base.rstrip("/"), found.version[:20])


def _detect(head: bytes, name: str) -> float:
    if has(head, "openapi") or has(head, "swagger"):
        return 0.95
    named = b"openapi" in head or b"swagger" in head
    return 0.9 if named and not head.lstrip().startswith(b"{") and _YAML_VERSION.search(head) else 0.0


def read_openapi(data: bytes, name: str) -> Reading:
    """How many operations are declared. A declared operation is not yet an implemented one."""
    found = declared(data)
    return Reading("openapi", "openapi", found.version, (figure(DECLARED, len(found.operations)),))


def _detect_events(head: bytes, name: str) -> float:
    first = has(head, "Initialize") or has(head, "LoadingStarted")
    return 0.95 if first or b'{"ScenarioFinished":' in head else 0.0


def read_schemathesis_events(data: bytes, name: str) -> Reading:
    """`--report ndjson`: an operation is proven when every scenario that ran for it passed."""
    rows, _ = json_lines(data)
    outcomes = event_outcomes(rows)
    statistic = next(
        (mapping(mapping(row.get("LoadingFinished")).get("statistic")) for row in rows if "LoadingFinished" in row), {}
    )
    total = count(mapping(statistic.get("operations")).get("total"))
    version = text(
        mapping(next((row["Initialize"] for row in rows if "Initialize" in row), {})).get("schemathesis_version")
    )
    if not any("EngineFinished" in row for row in rows):
        raise ReadError("the Schemathesis run has no end: cut off")
    passed = sum(1 for ran in outcomes.values() if ran)
    proven: Figure = figure(PROVEN, None, reason="the log does not say how many operations are declared")
    if total is not None:
        proven = share(PROVEN, passed, total, nothing="the document declares no operation")
    return Reading("schemathesis-events", "schemathesis", version, (figure(DECLARED, total), proven))


def event_outcomes(rows: list[dict[str, Any]]) -> dict[str, bool]:
    """Operation label -> whether everything that ran for it passed; what never ran is absent."""
    outcomes: dict[str, bool] = {}
    for label, status in _scenarios(rows):
        if status in ("success", "failure", "error"):
            outcomes[label] = outcomes.get(label, True) and status == "success"
    return outcomes


def _scenarios(rows: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for row in rows:
        finished = mapping(row.get("ScenarioFinished"))
        label = text(mapping(finished.get("recorder")).get("label"))
        # Stateful scenarios span several operations and carry another label.
        if label.partition(" ")[0].lower() in METHODS:
            yield label, text(finished.get("status"))


READERS = (
    Reader(
        "openapi",
        "OpenAPI and Swagger documents",
        "OpenAPI 2, 3.0, 3.1 (JSON, YAML)",
        (DECLARED,),
        _detect,
        read_openapi,
    ),
    Reader(
        "schemathesis-events",
        "Schemathesis NDJSON",
        "schemathesis 4",
        (DECLARED, PROVEN),
        _detect_events,
        read_schemathesis_events,
    ),
)
