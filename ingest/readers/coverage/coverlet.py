"""Coverage as coverlet's own JSON, which it writes when no format is asked for."""

from __future__ import annotations

import re
from typing import Any

from ingest.readers.contract import Reader, ReadError, Reading, count
from ingest.readers.coverage.lines import METRICS, FileLines, Report, figures_of, totals_of
from ingest.readers.coverage.uncovered import uncovered
from ingest.readers.text.json import load_object, mapping, objects
from ingest.readers.text.report_paths import relative

_MODULE = re.compile(rb'^(?:\xef\xbb\xbf)?\s*\{\s*"[^"]{1,300}\.(?:dll|exe)"\s*:\s*\{', re.IGNORECASE)


def _detect(head: bytes, name: str) -> float:
    return 0.95 if _MODULE.match(head) and b'"Lines"' in head and b'"Branches"' in head else 0.0


def read_coverlet(data: bytes, name: str) -> Reading:
    """Lines and branches of each method, as coverlet's console counts them."""
    report = coverlet_lines(data)
    if not report:
        raise ReadError("no file in the coverlet report")
    files = totals_of(report)
    return Reading("coverlet-json", "coverlet", "", figures_of(files), uncovered(files))


def coverlet_lines(data: bytes) -> Report:
    """Hits line by line: module, then file, then class, then method."""
    report: Report = {}
    for module in load_object(data).values():
        for path, classes in mapping(module).items():
            file = report.setdefault(relative(path), FileLines())
            for methods in mapping(classes).values():
                for method, entry in mapping(methods).items():
                    file.add(_method(method, mapping(entry)))
    return report


def _method(method: str, entry: dict[str, Any]) -> FileLines:
    file = FileLines()
    for line, hits in mapping(entry.get("Lines")).items():
        file.lines[(method, line)] = count(hits) or 0
    for branch in objects(entry.get("Branches")):
        place = (count(branch.get(key)) for key in ("Line", "Offset", "Path", "Ordinal"))
        file.branches[(method, *place)] = count(branch.get("Hits")) or 0
    return file


READERS = (Reader("coverlet-json", "coverlet JSON", "coverlet 4.1", METRICS, _detect, read_coverlet),)
