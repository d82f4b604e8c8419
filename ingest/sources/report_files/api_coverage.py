"""API completeness of one run: the OpenAPI document against contract tests among the files, and against the code."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ingest.readers.contract import Reading
from ingest.redaction import redact
from ingest.sources.report_files.combine import Combined, ReportFile

MOST_SOURCES = 20_000
LARGEST_SOURCE = 2 * 1024 * 1024
LARGEST_BUNDLE = 8 * 1024 * 1024  # of code that is kept to be read again
ROLE = "api"
CODE = "the code behind the API.json"  # name of the payload that holds it
DECLARED = "api_declared_count"
_UNREAD = Reading("api", "openapi", "", ())


def api_parts(
    root: Path, openapi: str, routes: Sequence[str], reports: Sequence[ReportFile]
) -> tuple[list[Combined], list[str]]:
    """Proven and implemented operations, where an OpenAPI document is configured."""
    if not openapi:
        return [], []
    document = root / openapi
    try:
        if not document.resolve().is_relative_to(root.resolve()):
            return [], [f"sources.artifacts.openapi: {openapi!r} leads out of {root}"]
        data = document.read_bytes()
    except OSError as problem:
        return [], [f"sources.artifacts.openapi: {openapi!r} cannot be read: {problem.strerror or problem}"]
    return parts_of(ReportFile(openapi, data, _UNREAD), _sources(root, routes) if routes else None, reports), []


def api_parts_again(kept: Sequence[tuple[str, bytes]]) -> list[Combined]:
    """The same from the payloads of one run; without the code that was kept beside them nothing is *implemented*."""
    from ingest.sources.report_files.combine import report_files

    document, sources, reports = None, None, list[ReportFile]()
    for place, data in kept:
        if place == CODE:
            sources = _unbundled(data)
            continue
        contract = [file for file in report_files(data, place, lambda _: True)[0] if _is_contract_test(file)]
        reports += [file._replace(place=place) for file in contract]
        if not contract:
            document = ReportFile(place, data, _UNREAD)
    return parts_of(document, sources, reports) if document else []


def _bundle(sources: dict[str, bytes]) -> tuple[ReportFile, ...]:
    """The code as one payload, without credentials: the same code is kept once, however often it is read."""
    texts = {place: redact(data)[0].decode("utf-8", "replace") for place, data in sources.items()}
    data = json.dumps(texts, sort_keys=True, ensure_ascii=False).encode()
    return (ReportFile(CODE, data, _UNREAD),) if len(data) <= LARGEST_BUNDLE else ()


def _unbundled(data: bytes) -> dict[str, bytes] | None:
    try:
        texts = json.loads(data)
    except ValueError:
        return None
    return {str(place): str(text).encode() for place, text in texts.items()} if isinstance(texts, dict) else None


def parts_of(document: ReportFile, sources: dict[str, bytes] | None, reports: Sequence[ReportFile]) -> list[Combined]:
    """Each figure with the files that prove it: the document, the contract tests, the code."""
    from ingest.readers.api.coverage import implemented, prove
    from ingest.readers.api.routes import find_routes

    parts: list[Combined] = []
    contract = tuple(report for report in reports if _is_contract_test(report))
    if contract:
        reading = prove(document.data, [(report.place, report.data) for report in contract])
        proven = replace(reading, tool=contract[0].reading.tool, tool_version=contract[0].reading.tool_version)
        parts.append(Combined(_without_declared(proven), contract, series=document.place, role=ROLE))
    if sources is not None:
        routes = find_routes(sources)
        reading = implemented(document.data, sources, routes)
        holding = sorted({route.path_of_file for route in routes} & sources.keys())
        files = tuple(ReportFile(place, sources[place], reading) for place in holding) or (document,)
        series = f"{document.place}#routes" if parts else document.place
        parts.append(Combined(_without_declared(reading), files, series=series, role=ROLE, kept=_bundle(sources)))
    elif not contract:
        return []
    declared = tuple(figure for figure in reading.figures if figure.metric == DECLARED)
    plain = replace(reading, tool="openapi", figures=declared, items=(), warnings=())
    parts.append(Combined(plain, (document,), role=ROLE))
    return [part for part in parts if part.reading.figures]


def _is_contract_test(report: ReportFile) -> bool:
    if report.reading.format == "schemathesis-events":
        return True
    return report.reading.format == "junit" and any(name in report.data[:4000] for name in (b"schemathesis", b"Dredd"))


def _without_declared(reading: Reading) -> Reading:
    """Every reading has the declared count; the document alone proves it."""
    return replace(reading, figures=tuple(figure for figure in reading.figures if figure.metric != DECLARED))


def _sources(root: Path, patterns: Sequence[str]) -> dict[str, bytes]:
    top = root.resolve()
    found: dict[str, bytes] = {}
    for pattern in patterns:
        for path in sorted(root.glob(pattern)):
            inside = path.is_file() and path.resolve().is_relative_to(top)
            if inside and len(found) < MOST_SOURCES and path.stat().st_size <= LARGEST_SOURCE:
                found[path.relative_to(root).as_posix()] = path.read_bytes()
    return found
