"""Shards of one test run become one report: lines add up, percentages do not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ingest.readers.contract import Reader, ReadError, Reading, figure
from ingest.readers.coverage import coverlet as coverage_coverlet
from ingest.readers.coverage import gcovr as coverage_gcovr
from ingest.readers.coverage import json_formats as coverage_json
from ingest.readers.coverage import opencover as coverage_opencover
from ingest.readers.coverage import text_formats as coverage_text
from ingest.readers.coverage import xml_formats as coverage_xml
from ingest.readers.coverage.lines import METRICS, Report, figures_of, merged, totals_of
from ingest.readers.coverage.uncovered import uncovered
from ingest.readers.text.encodings import as_utf8

# Summaries and llvm-cov exports know no single lines and cannot be merged.
BY_LINE: dict[str, Callable[[bytes], Report]] = {
    "lcov": coverage_text.lcov_lines,
    "go-cover": coverage_text.go_lines,
    "cobertura": coverage_xml.cobertura_lines,
    "jacoco": coverage_xml.jacoco_lines,
    "clover": coverage_xml.clover_lines,
    "opencover": coverage_opencover.opencover_lines,
    "coverage-py-json": coverage_json.coverage_py_lines,
    "istanbul-final": coverage_json.istanbul_lines,
    "simplecov": coverage_json.simplecov_lines,
    "gcovr-json": coverage_gcovr.gcovr_lines,
    "coverlet-json": coverage_coverlet.coverlet_lines,
}
_READERS: tuple[Reader, ...] = (
    *coverage_text.READERS,
    *coverage_xml.READERS,
    *coverage_opencover.READERS,
    *coverage_json.READERS,
    *coverage_gcovr.READERS,
    *coverage_coverlet.READERS,
)


def merge_coverage(shards: Sequence[tuple[str, bytes]]) -> Reading:
    """The coverage of all shards (name, bytes) together. One shard that cannot be merged makes the whole unknown."""
    formats: set[str] = set()
    reports: list[Report] = []
    for name, data in ((name, as_utf8(data)) for name, data in shards):
        form = _format(data, name)
        try:
            reports.append(_lines(form, data))
        except ReadError as problem:
            return _nothing(f"{name}: {problem}")
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as problem:
            return _nothing(f"{name}: damaged ({type(problem).__name__})")
        formats.add(form)
    if len(formats) > 1:
        return _nothing(f"shards of different formats count different lines: {', '.join(sorted(formats))}")
    if not reports:
        return _nothing("no shard was found")
    files = totals_of(merged(reports))
    return Reading(formats.pop(), "merged", "", figures_of(files), uncovered(files))


def _format(data: bytes, name: str) -> str:
    head = data[: 32 * 1024]
    return max(_READERS, key=lambda reader: reader.detect(head, name)).name if data.strip() else ""


def _lines(form: str, data: bytes) -> Report:
    if form not in BY_LINE:
        raise ReadError(f"{form or 'an empty file'} states no single lines and cannot be merged")
    return BY_LINE[form](data)


def _nothing(reason: str) -> Reading:
    return Reading("coverage", "merged", "", tuple(figure(metric, None, reason=reason) for metric in METRICS))
