"""API completeness of one run: the OpenAPI document against contract tests among the files, and against the code."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ingest.readers.reading import Reading
from ingest.sources.file_figures import Combined, ReportFile

MOST_SOURCES = 20_000
LARGEST_SOURCE = 2 * 1024 * 1024


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
    from ingest.readers.api_results import implemented, prove

    contract = [report for report in reports if _is_contract_test(report)]
    readings: list[Reading] = []
    if contract:
        readings.append(prove(data, [(report.place, report.data) for report in contract]))
    if routes:
        readings.append(_once_declared(implemented(data, _sources(root, routes)), bool(readings)))
    return [Combined(reading, (ReportFile(openapi, data, reading),)) for reading in readings], []


def _is_contract_test(report: ReportFile) -> bool:
    if report.reading.format == "schemathesis-events":
        return True
    return report.reading.format == "junit" and any(name in report.data[:4000] for name in (b"schemathesis", b"Dredd"))


def _once_declared(reading: Reading, said: bool) -> Reading:
    """The declared count stands in both readings and is stored once."""
    from dataclasses import replace

    kept = tuple(figure for figure in reading.figures if not (said and figure.metric == "api_declared_count"))
    return replace(reading, figures=kept)


def _sources(root: Path, patterns: Sequence[str]) -> dict[str, bytes]:
    top = root.resolve()
    found: dict[str, bytes] = {}
    for pattern in patterns:
        for path in sorted(root.glob(pattern)):
            inside = path.is_file() and path.resolve().is_relative_to(top)
            if inside and len(found) < MOST_SOURCES and path.stat().st_size <= LARGEST_SOURCE:
                found[path.relative_to(root).as_posix()] = path.read_bytes()
    return found
