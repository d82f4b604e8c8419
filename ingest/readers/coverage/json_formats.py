"""Coverage as JSON: coverage.py, Istanbul (summary and final), llvm-cov, SimpleCov and xccov."""

from __future__ import annotations

from typing import Any

from ingest.readers.contract import Reader, ReadError, Reading, count, number
from ingest.readers.coverage.lines import (
    METRICS,
    FileLines,
    Report,
    Totals,
    agreed,
    figures_of,
    merged,
    provider,
    stated,
    summed,
    totals_of,
)
from ingest.readers.coverage.uncovered import uncovered
from ingest.readers.text.json import has, load_json, load_object, mapping, objects, sequence, text
from ingest.readers.text.report_paths import relative

_ROUNDED = 0.51  # percentage points: some tools print whole ones


def _detect_coverage_py(head: bytes, name: str) -> float:
    return 0.97 if has(head, "meta", "branch_coverage") or (has(head, "meta", "format") and has(head, "files")) else 0.0


def read_coverage_py(data: bytes, name: str) -> Reading:
    """Statements, as its Cobertura report counts them; its own `percent_covered` mixes lines with branches."""
    document = load_object(data)
    totals = mapping(document.get("totals"))
    if not totals:
        raise ReadError("no totals in the coverage.py report")
    files = [_py_totals(relative(path), mapping(mapping(entry).get("summary"))) for path, entry in _files(document)]
    version = text(mapping(document.get("meta")).get("version"))
    overall, warnings = agreed(_py_totals("", totals), summed(files))
    overall, more = agreed(overall, summed(totals_of(coverage_py_lines(data))))
    return Reading(
        "coverage-py-json", "coverage.py", version, figures_of(files, overall), uncovered(files), warnings + more
    )


def coverage_py_lines(data: bytes) -> Report:
    """Hits line by line; the report says run or not run."""
    report: Report = {}
    for path, entry in _files(load_object(data)):
        file = FileLines()
        for hit in (1, 0):
            for line in sequence(entry.get("executed_lines" if hit else "missing_lines")):
                file.lines[line] = hit
            for branch in sequence(entry.get("executed_branches" if hit else "missing_branches")):
                file.branches[tuple(branch)] = hit
        statements = count(mapping(entry.get("summary")).get("num_statements"))
        file.surplus = max(0, len(file.lines) - statements) if statements is not None else 0
        report[relative(path)] = file
    return report


def _files(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(path, mapping(entry)) for path, entry in mapping(document.get("files")).items()]


def _py_totals(path: str, summary: dict[str, Any]) -> Totals:
    keys = ("covered_lines", "num_statements", "covered_branches", "num_branches")
    return Totals(path, *(count(summary.get(key)) or 0 for key in keys))


def _detect_istanbul_summary(head: bytes, name: str) -> float:
    return 0.95 if has(head, "total", "lines", "pct") or has(head, "total", "statements", "pct") else 0.0


def read_istanbul_summary(data: bytes, name: str) -> Reading:
    """Counts, not `pct`: that one is rounded, is "Unknown" or 100 where there is nothing, and may be a text."""
    document = load_object(data)
    total = mapping(document.get("total"))
    files = [_istanbul_totals(relative(path), mapping(entry)) for path, entry in document.items() if path != "total"]
    overall, warnings = agreed(_istanbul_totals("", total), summed(files))
    tool = provider(name, "istanbul-format")
    warnings += _istanbul_rate(total)
    return Reading("istanbul-summary", tool, "", figures_of(files, overall), uncovered(files), warnings)


def _istanbul_rate(total: dict[str, Any]) -> tuple[str, ...]:
    """A percentage that its own counts contradict is worth a word: the counts are what is taken."""
    lines = mapping(total.get("lines"))
    percent, covered, every = number(lines.get("pct")), count(lines.get("covered")), count(lines.get("total"))
    if percent is None or covered is None or not every or abs(percent - 100 * covered / every) < _ROUNDED:
        return ()
    return (f"the report states {percent:g}% and {covered} of {every} lines: the counts are taken",)


def _istanbul_totals(path: str, entry: dict[str, Any]) -> Totals:
    lines, branches = mapping(entry.get("lines")), mapping(entry.get("branches"))
    found = (lines.get("covered"), lines.get("total"), branches.get("covered"), branches.get("total"))
    return Totals(path, *(count(value) or 0 for value in found))


def _detect_istanbul_final(head: bytes, name: str) -> float:
    return 0.95 if has(head, "*", "statementMap") and (has(head, "*", "path") or has(head, "*", "s")) else 0.0


def read_istanbul_final(data: bytes, name: str) -> Reading:
    """Lines by the first line of each statement, as Istanbul's own summary counts them."""
    document = load_object(data)
    entries = [entry for entry in document.values() if isinstance(entry, dict)]
    if not entries:
        raise ReadError("no file in the Istanbul report")
    schema = any("_coverageSchema" in entry for entry in entries)
    tool = "istanbul" if schema else provider(name, "istanbul-format")
    files = totals_of(_istanbul_report(document))
    return Reading("istanbul-final", tool, "", figures_of(files), uncovered(files))


def istanbul_lines(data: bytes) -> Report:
    """Hits line by line."""
    return _istanbul_report(load_object(data))


def _istanbul_report(document: dict[str, Any]) -> Report:
    report: Report = {}
    for path, entry in document.items():
        if not isinstance(entry, dict) or not isinstance(entry.get("statementMap"), dict):
            raise ReadError(f"Istanbul report is damaged at {path[:80]!r}")
        report.setdefault(relative(text(entry.get("path")) or path), FileLines()).add(_istanbul_file(entry))
    return report


def _istanbul_file(entry: dict[str, Any]) -> FileLines:
    file = FileLines()
    hits = mapping(entry.get("s"))
    for key, place in mapping(entry.get("statementMap")).items():
        line = mapping(mapping(place).get("start")).get("line")
        times = count(hits.get(key)) or 0
        file.lines[str(line)] = max(times, file.lines.get(str(line), 0))
    for key, arms in mapping(entry.get("b")).items():
        for arm, times in enumerate(sequence(arms)):
            file.branches[(key, arm)] = count(times) or 0
    return file


def _detect_llvm(head: bytes, name: str) -> float:
    return (
        0.97
        if b"llvm.coverage.json.export" in head or has(head, "data", "[]", "totals")
        else (0.7 if has(head, "data", "[]", "files") else 0.0)
    )


def read_llvm(data: bytes, name: str) -> Reading:
    """The totals of each export; branches where clang was asked for them."""
    document = load_object(data)
    exports = list(objects(document.get("data")))
    if not exports:
        raise ReadError("no data in the llvm-cov export")
    overall = summed(_llvm_totals("", mapping(export.get("totals"))) for export in exports)
    files = [
        _llvm_totals(relative(text(file.get("filename"))), mapping(file.get("summary")))
        for export in exports
        for file in objects(export.get("files"))
    ]
    overall, warnings = agreed(overall, summed(files))
    version = str(document.get("version", ""))[:20]
    return Reading("llvm-cov", "llvm-cov", version, figures_of(files, overall), uncovered(files), warnings)


def _llvm_totals(path: str, summary: dict[str, Any]) -> Totals:
    lines, branches = mapping(summary.get("lines")), mapping(summary.get("branches"))
    found = (lines.get("covered"), lines.get("count"), branches.get("covered"), branches.get("count"))
    return Totals(path, *(count(value) or 0 for value in found))


def _detect_simplecov(head: bytes, name: str) -> float:
    if has(head, "meta", "simplecov_version") or has(head, "*", "coverage", "*", "lines"):
        return 0.95
    if has(head, "*", "coverage") and has(head, "*", "timestamp"):
        return 0.9
    return 0.9 if has(head, "result", "line") or has(head, "result", "covered_percent") else 0.0


def read_simplecov(data: bytes, name: str) -> Reading:
    """`.resultset.json` and `coverage.json` (commands merged line by line), or the rounded `.last_run.json`."""
    document = load_object(data)
    result = mapping(document.get("result"))
    version = text(mapping(document.get("meta")).get("simplecov_version"))
    if result:
        line = number(result.get("line", result.get("covered_percent")))
        return Reading("simplecov", "SimpleCov", version, stated(line, number(result.get("branch"))))
    # SimpleCov leaves such lines out when it reports; only coverage.json says which ("ignored"), not the resultset.
    warnings_of_version = (
        () if version else ("lines between :nocov: marks are counted: the resultset does not mark them",)
    )
    files = totals_of(_simplecov_report(document))
    return Reading("simplecov", "SimpleCov", version, figures_of(files), uncovered(files), warnings_of_version)


def simplecov_lines(data: bytes) -> Report:
    """Hits line by line."""
    return _simplecov_report(load_object(data))


def _simplecov_report(document: dict[str, Any]) -> Report:
    commands = [document] if "meta" in document else [mapping(command) for command in document.values()]
    return merged(
        {relative(path): _ruby_file(entry) for path, entry in mapping(command.get("coverage")).items()}
        for command in commands
    )


def _ruby_file(entry: Any) -> FileLines:
    rows = entry if isinstance(entry, list) else sequence(mapping(entry).get("lines"))
    file = FileLines({at: hits for at, hits in enumerate(rows, 1) if count(hits) is not None})
    for place, arms in mapping(mapping(entry).get("branches")).items():
        for arm, hits in mapping(arms).items():
            file.branches[(place, arm)] = count(hits) or 0
    return file


def _detect_xccov(head: bytes, name: str) -> float:
    if has(head, "[]", "executableLines") and has(head, "[]", "lineCoverage"):
        return 0.95
    return 0.95 if has(head, "targets", "[]", "lineCoverage") or has(head, "targets", "[]", "executableLines") else 0.0


def read_xccov(data: bytes, name: str) -> Reading:
    """`xccov view --report --json`: executable lines of all targets; with `--only-targets` the targets alone."""
    loaded = load_json(data)
    document = {"targets": loaded} if isinstance(loaded, list) else mapping(loaded)
    targets = list(objects(document.get("targets")))
    files = [
        _xccov_totals(relative(text(file.get("path"))), file)
        for target in targets
        for file in objects(target.get("files"))
    ]
    overall, warnings = agreed(_xccov_totals("", document), summed(_xccov_totals("", target) for target in targets))
    listed = summed(files)
    if listed.lines >= overall.lines:  # a report may name only some of the files
        overall, more = agreed(overall, listed)
        warnings += more
    return Reading("xccov", "xccov", "", figures_of(files, overall), uncovered(files), warnings)


def _xccov_totals(path: str, entry: dict[str, Any]) -> Totals:
    return Totals(path, count(entry.get("coveredLines")) or 0, count(entry.get("executableLines")) or 0)


READERS = (
    Reader(
        "coverage-py-json",
        "coverage.py JSON",
        "coverage.py 5.5, 6.5, 7.17",
        METRICS,
        _detect_coverage_py,
        read_coverage_py,
    ),
    Reader(
        "istanbul-summary",
        "Istanbul summary",
        "vitest 5.1 (v8, istanbul), jest 30.5, c8 12.0, nyc 14.1 and 18.0",
        METRICS,
        _detect_istanbul_summary,
        read_istanbul_summary,
    ),
    Reader(
        "istanbul-final",
        "Istanbul coverage-final",
        "vitest 5.1, nyc 14.1, c8 7.14",
        METRICS,
        _detect_istanbul_final,
        read_istanbul_final,
    ),
    Reader("llvm-cov", "llvm-cov export", "llvm-cov 14 and 19", METRICS, _detect_llvm, read_llvm),
    Reader(
        "simplecov",
        "SimpleCov",
        "SimpleCov 0.22 (resultset, last_run), 0.21 (figures)",
        METRICS,
        _detect_simplecov,
        read_simplecov,
    ),
    Reader("xccov", "xccov report", "figures of public reports", METRICS, _detect_xccov, read_xccov),
)
