"""Coverage as gcovr's own JSON: the report line by line, and its summary."""

from __future__ import annotations

from typing import Any

from ingest.readers.contract import Reader, ReadError, Reading, count
from ingest.readers.coverage.lines import METRICS, FileLines, Report, Totals, agreed, figures_of, summed, totals_of
from ingest.readers.coverage.uncovered import uncovered
from ingest.readers.text.json import has_all, load_object, mapping, objects, text
from ingest.readers.text.report_paths import relative


def _detect(head: bytes, name: str) -> float:
    return 0.97 if has_all(head, "gcovr/format_version") or has_all(head, "gcovr/summary_format_version") else 0.0


def read_gcovr(data: bytes, name: str) -> Reading:
    """The report is recounted by its lines; the summary gives the counts of each file."""
    document = load_object(data)
    if "gcovr/summary_format_version" in document:
        files = [_summary(relative(text(file.get("filename"))), file) for file in objects(document.get("files"))]
        overall, warnings = agreed(_summary("", document), summed(files))
        return Reading("gcovr-json", "gcovr", "", figures_of(files, overall), uncovered(files), warnings)
    files = totals_of(_report(document))
    return Reading("gcovr-json", "gcovr", "", figures_of(files), uncovered(files))


def gcovr_lines(data: bytes) -> Report:
    """Hits line by line."""
    document = load_object(data)
    if "gcovr/summary_format_version" in document:
        raise ReadError("a gcovr summary states no single lines and cannot be merged")
    return _report(document)


def _report(document: dict[str, Any]) -> Report:
    """Excluded lines do not count; one that is compiled several times (templates) is listed several times."""
    report: Report = {}
    for entry in objects(document.get("files")):
        file = report.setdefault(relative(text(entry.get("file"))), FileLines())
        for line in objects(entry.get("lines")):
            if not (line.get("gcovr/noncode") or line.get("gcovr/excluded")):
                file.add(_line(line))
    return report


def _line(line: dict[str, Any]) -> FileLines:
    place = count(line.get("line_number"))
    branches = [branch for branch in objects(line.get("branches")) if not branch.get("gcovr/excluded")]
    ran = {(place, branch.get("branchno", at)): count(branch.get("count")) or 0 for at, branch in enumerate(branches)}
    return FileLines({place: count(line.get("count")) or 0}, dict(ran))


def _summary(path: str, entry: dict[str, Any]) -> Totals:
    keys = ("line_covered", "line_total", "branch_covered", "branch_total")
    return Totals(path, *(count(mapping(entry).get(key)) or 0 for key in keys))


READERS = (
    Reader("gcovr-json", "gcovr JSON and JSON summary", "gcovr 5.2, 6.0, 7.2, 8.8", METRICS, _detect, read_gcovr),
)
