"""Coverage as OpenCover writes it, and coverlet and AltCover after it."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from ingest.readers.contract import Reader, Reading, count, hits
from ingest.readers.coverage.lines import METRICS, FileLines, Report, Totals, agreed, figures_of, summed, totals_of
from ingest.readers.coverage.uncovered import uncovered
from ingest.readers.coverage.xml_formats import root_named
from ingest.readers.test_results.agreement import Hits, worse_hits
from ingest.readers.text.report_paths import relative
from ingest.readers.text.xml import root_of

_COUNTS = ("visitedSequencePoints", "numSequencePoints", "visitedBranchPoints", "numBranchPoints")


def _detect(head: bytes, name: str) -> float:
    return 0.95 if root_of(head)[0] == "CoverageSession" else 0.0


def read_opencover(data: bytes, name: str) -> Reading:
    """Lines that hold the start of a sequence point, run where any of them was visited; branches as the summary counts.

    The summary counts sequence points: it is compared with those that are listed, and taken where none is.
    """
    root = root_named(data, "CoverageSession")
    report = _report(root)
    files = totals_of(_by_line(report))
    summary, recount, points = _summary(root), summed(files), summed(totals_of(report))
    if summary is None or not summary.lines:
        return Reading("opencover", "OpenCover", "", figures_of(files), uncovered(files))
    if not recount.lines:
        notes = ("the report lists no sequence point: those of its summary are taken for lines",)
        return Reading("opencover", "OpenCover", "", figures_of(files, summary), (), notes)
    # coverlet up to version 4 repeats the sequence points there; AltCover counts the ways in, but no visit of them.
    if summary[1:3] == summary[3:] or summary.branches == recount.branches:
        summary = summary._replace(branches_hit=recount.branches_hit, branches=recount.branches)
    overall, warnings = agreed(summary._replace(lines_hit=0, lines=0), recount)
    _, point_warning = worse_hits(Hits(*summary[1:3]), Hits(*points[1:3]), "sequence points")
    if point_warning:
        lines, _ = worse_hits(Hits(*summary[1:3]), Hits(*recount[1:3]), "lines")
        overall, warnings = overall._replace(lines_hit=lines.hit, lines=lines.whole), (*warnings, point_warning)
    return Reading("opencover", "OpenCover", "", figures_of(files, overall), uncovered(files), warnings)


def opencover_lines(data: bytes) -> Report:
    """Hits by line."""
    return _by_line(_report(root_named(data, "CoverageSession")))


def _by_line(report: Report) -> Report:
    """The points of a line joined: it ran where any of them was visited."""
    found: Report = {}
    for path, points in report.items():
        file = found.setdefault(path, FileLines(branches=points.branches))
        for place, times in points.lines.items():
            line = place[1] if isinstance(place, tuple) else place
            file.lines[line] = max(times, file.lines.get(line, 0))
    return found


def _summary(root: Element) -> Totals | None:
    summary = root.find("Summary")
    return None if summary is None else Totals("", *(count(summary.get(key)) or 0 for key in _COUNTS))


def _report(root: Element) -> Report:
    """Points by method: those of two closures may begin at the same place."""
    methods = list(_methods(root))
    report: Report = {}
    summary = _summary(root)
    points = sum(1 for _, _, method in methods for _ in method.iter("BranchPoint"))
    runnable = sum(1 for _, _, method in methods if method.find(".//SequencePoint") is not None)
    # OpenCover counts the way into a method as a branch, coverlet does not: only the sum is comparable.
    ways_in = summary is not None and runnable > 0 and summary.branches == points + runnable
    for name, paths, method in methods:
        _method(report, name, paths, method, ways_in)
    return report


def _methods(root: Element) -> Iterator[tuple[str, dict[str | None, str], Element]]:
    """Each method with its name and the paths of its module's files."""
    for module in root.iter("Module"):
        paths = {file.get("uid"): relative(file.get("fullPath", "")) for file in module.iter("File")}
        for at, method in enumerate(module.iter("Method")):
            yield method.findtext("Name") or str(at), paths, method


def _method(report: Report, name: str, paths: dict[str | None, str], method: Element, ways_in: bool) -> None:
    own = method.find("FileRef")
    fallback = own.get("uid") if own is not None else None
    entered = None
    for point in method.iter("SequencePoint"):
        file = report.setdefault(paths.get(point.get("fileid", fallback), ""), FileLines())
        times = hits(point.get("vc"))
        file.lines[(name, point.get("sl"), point.get("sc"), point.get("offset"))] = times
        entered = (file, times + (entered[1] if entered else 0))
    for point in method.iter("BranchPoint"):
        file = report.setdefault(paths.get(point.get("fileid", fallback), ""), FileLines())
        file.branches[(name, point.get("sl"), point.get("offset"), point.get("path"))] = hits(point.get("vc"))
    if ways_in and entered:
        entered[0].branches[name] = entered[1]


READERS = (
    Reader(
        "opencover",
        "OpenCover XML",
        "coverlet 4.1; OpenCover 4.6, AltCover, coverlet of 2025 (figures)",
        METRICS,
        _detect,
        read_opencover,
    ),
)
