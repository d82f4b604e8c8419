"""Coverage as text: lcov and Go cover profiles."""

from __future__ import annotations

import re

from ingest.readers.contract import MAX_COUNT, Reader, ReadError, Reading
from ingest.readers.coverage.lines import (
    METRICS,
    FileLines,
    Report,
    Totals,
    agreed,
    figures_of,
    provider,
    summed,
    totals_of,
)
from ingest.readers.coverage.uncovered import uncovered
from ingest.readers.text.json import decode
from ingest.readers.text.report_paths import relative

MAX_STATEMENTS = 10_000  # of one Go block: more is damage
_LCOV_START = re.compile(rb"\A(?:(?:#|TN:|VER:)[^\n]*\n\s*)*SF:.")
_LCOV_SUMS = re.compile(r"^(SF|LF|LH|BRF|BRH):(.*)$", re.MULTILINE)
_LCOV_HIT = re.compile(r"^DA:\d{1,9},-?0*[1-9]", re.MULTILINE)
_LCOV_TAKEN = re.compile(r"^BRDA:[^\n]*,-?0*[1-9]\d*\s*$", re.MULTILINE)
_LCOV_AFTER = re.compile(r"end_of_record\s*(?:#[^\n]*\s*)*\Z")
_BLOCK = re.compile(r"^(.+):(\d+\.\d+,\d+\.\d+) (\d+) (\d+)$")
# The module before the folders: host, owner and repository on the well-known sites, host and name on one's own.
_MODULE = re.compile(
    r"^(?:(?:github\.com|gitlab\.com|bitbucket\.org|golang\.org)(?:/[^/]+){2}|[^/]+\.[^/]+/[^/]+)(?:/v\d{1,3})?/(?=.)"
)


def _detect_lcov(head: bytes, name: str) -> float:
    if _LCOV_START.match(head.removeprefix(b"\xef\xbb\xbf").lstrip()):
        return 0.95
    return 0.6 if re.match(rb"\A\s*TN:[^\n]*\s*\Z", head) else 0.0


def read_lcov(data: bytes, name: str) -> Reading:
    """The sums of the records, or their lines where those say less, or where a file comes twice or has no sum."""
    text = _complete(data)
    totals = _sums(text)
    if totals is None:
        totals = totals_of(lcov_lines(data))
    elif _half_counted(text, totals):
        corrected = {entry.path: entry for entry in totals_of(lcov_lines(data))}
        totals = [entry._replace(lines_hit=corrected[entry.path].lines_hit) for entry in totals]
    warnings: tuple[str, ...] = ()
    if not _agrees(text, totals):
        listed = [entry for entry in totals_of(lcov_lines(data)) if entry.lines or entry.branches]
        totals, warnings = _worse(totals, {entry.path: entry for entry in listed})
    return Reading("lcov", provider(name, "lcov"), "", figures_of(totals), uncovered(totals), warnings)


def _agrees(text: str, totals: list[Totals]) -> bool:
    """Whether the sums are as large as the lists, found without reading line by line."""
    whole = summed(totals)
    lists = (
        sum(1 for _ in _LCOV_HIT.finditer(text)),
        text.count("\nDA:"),
        sum(1 for _ in _LCOV_TAKEN.finditer(text)),
        text.count("\nBRDA:"),
    )
    return all(a == b for a, b in zip(lists, whole[1:], strict=True))


def _worse(totals: list[Totals], listed: dict[str, Totals]) -> tuple[list[Totals], tuple[str, ...]]:
    """The worse of sums and lists, file by file; one warning, of the whole."""
    found = [agreed(entry, listed.get(entry.path, Totals(entry.path)))[0] for entry in totals]
    _, warnings = agreed(summed(totals), summed(listed.values()))
    differ = sum(mine != entry for mine, entry in zip(found, totals, strict=True))
    return found, warnings if warnings or not differ else (f"the sums of {differ} files contradict their lines",)


def lcov_lines(data: bytes) -> Report:
    """Hits line by line; two records of one file (test names, concatenated shards) add up."""
    report: Report = {}
    for record in _complete(data).split("end_of_record"):
        file = FileLines()
        path = ""
        for line in record.splitlines():
            if line.startswith("SF:"):
                path = relative(line[3:].strip())
            elif line.startswith("DA:"):
                number, hits = line[3:].split(",")[:2]
                file.lines[int(number)] = _hits(hits)
            elif line.startswith("BRDA:"):
                branch, taken = line[5:].rsplit(",", 1)
                file.branches[branch] = 0 if taken.strip() == "-" else _hits(taken)
            elif line.startswith("LF:"):
                file.surplus = max(0, len(file.lines) - _hits(line[3:]))
        if path:
            report.setdefault(path, FileLines()).add(file)
    return report


def _complete(data: bytes) -> str:
    text = decode(data)
    if "SF:" not in text:
        raise ReadError("no source file in the lcov file: nothing was measured")
    if not _LCOV_AFTER.search(text, max(text.rfind("end_of_record"), 0)):
        raise ReadError("lcov is cut off: its last record has no end")
    return text


def _sums(text: str) -> list[Totals] | None:
    """Totals from LF, LH, BRF and BRH; None when they are not there once for each file."""
    totals: dict[str, dict[str, int]] = {}
    path = ""
    for key, value in _LCOV_SUMS.findall(text):
        if key == "SF":
            path = relative(value.strip())
            if path in totals:
                return None
            totals[path] = {}
        elif path:
            totals[path][key] = _hits(value)
    if not all({"LF", "LH"} <= sums.keys() for sums in totals.values()):
        return None
    return [Totals(p, s["LH"], s["LF"], s.get("BRH", 0), s.get("BRF", 0)) for p, s in totals.items()]


def _half_counted(text: str, totals: list[Totals]) -> bool:
    """Whether LH counts lines that LF leaves out: coverage.py 6 does so with docstrings."""
    found = sum(entry.lines for entry in totals)
    if text.count("\nDA:") <= found:
        return False
    return sum(1 for _ in _LCOV_HIT.finditer(text)) == sum(entry.lines_hit for entry in totals)


def _hits(value: str) -> int:
    """Hit counts may overflow to negative in old tools: such a line was run."""
    digits = value.strip()
    if len(digits) > 25:
        raise ReadError("lcov holds a number of more than 25 digits: damaged")
    return abs(int(digits))


def _detect_go(head: bytes, name: str) -> float:
    return 0.97 if re.match(rb"\A\s*mode: (set|count|atomic)\s", head) else 0.0


def read_go(data: bytes, name: str) -> Reading:
    """Statements covered, as `go tool cover` counts them."""
    files = totals_of(go_lines(data))
    return Reading("go-cover", "go cover", "", figures_of(files), uncovered(files))


def go_lines(data: bytes) -> Report:
    """Statements by block: a block that several packages ran is listed several times and counts once.

    Files are named by import path; without the module it is their path in the repository.
    """
    report: Report = {}
    for row in decode(data).splitlines():
        if row.startswith("mode:") or not row.strip():
            continue
        block = _BLOCK.match(row)
        if not block or len(block[3]) > 9 or len(block[4]) > 25 or int(block[3]) > MAX_STATEMENTS:
            raise ReadError(f"Go cover profile is damaged or cut off at: {row[:60]!r}")
        file = report.setdefault(_MODULE.sub("", relative(block[1])), FileLines())
        for statement in range(int(block[3])):
            key = (block[2], statement)
            file.lines[key] = min(file.lines.get(key, 0) + int(block[4]), int(MAX_COUNT))
    return report


READERS = (
    Reader(
        "lcov",
        "lcov",
        "lcov 1.16, llvm-cov 14 and 19, gcovr 7.2 and 8.8, c8 12.0, nyc 15.1 and 18.0, vitest 5.1, jest 30.5, "
        "coverage.py 6.5, 7.2, 7.17, coverlet 4.1",
        METRICS,
        _detect_lcov,
        read_lcov,
    ),
    Reader("go-cover", "Go cover profile", "go 1.19, go 1.27 (set, count, atomic)", METRICS, _detect_go, read_go),
)
