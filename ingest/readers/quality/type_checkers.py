"""Type checkers: tsc, mypy (text and JSON), pyright, type-coverage."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ingest.readers.contract import Figure, Reader, ReadError, Reading, ReadItem, count, figure, item, share
from ingest.readers.test_results.agreement import worse_count
from ingest.readers.text.json import has, has_all, json_lines, load_object, log_text, mapping, objects, plain_text, text

ERRORS, TYPED = "type_errors_count", "type_coverage_percent"
_TSC = re.compile(
    r"^(?P<path>[^\s(:][^\n(:]{0,300})(?:\((?P<a>\d{1,7}),\d{1,7}\):|:(?P<b>\d{1,7}):\d{1,7} -)"
    r" error (?P<code>TS\d{1,5}): (?P<words>[^\n]*)",
    re.MULTILINE,
)
_TSC_BARE = re.compile(r"^error (TS\d{1,5}): ([^\n]*)", re.MULTILINE)
_TSC_END = re.compile(r"^Found (\d{1,7}) errors?\b", re.MULTILINE)
_MYPY = re.compile(
    r"^(?P<path>[^\n:]{1,300}):(?P<line>\d{1,7}):(?:\d{1,7}:)?(?:\d{1,7}:\d{1,7}:)? error: (?P<words>[^\n]*)",
    re.MULTILINE,
)
_MYPY_END = re.compile(
    r"^(?:Found (\d{1,7}) errors? in \d+ files?|Success: no issues found in \d+ source files?)((?: \([^\n]*\))?)$",
    re.MULTILINE,
)
_NO_FILE = re.compile(r"Success: no issues found in 0 ")
_PYRIGHT = re.compile(
    r"^ *(?P<path>\S[^\n:]{0,300}):(?P<line>\d{1,7}):\d{1,7} - error: (?P<words>[^\n]*?)"
    r"(?: \((?P<code>report\w{1,60})\))?$",
    re.MULTILINE,
)
_PYRIGHT_END = re.compile(r"^(\d{1,7}) errors?, \d{1,7} warnings?, \d{1,7} informations?\b", re.MULTILINE)
_COVERAGE_TEXT = re.compile(r"^ *\(?(\d{1,9}) / (\d{1,9})\)? (\d{1,3}(?:\.\d{1,4})?)%", re.MULTILINE)


def _error(path: str, line: object, code: str, words: str) -> ReadItem:
    return item("finding", "type-error", f"{code} {words}".strip(), path.strip(), line, path.strip(), code, words)


def _errors(tool: str, items: tuple[ReadItem, ...], stated: int | None, version: str = "") -> Reading:
    """The larger of the errors that a checker lists and those that it counts."""
    taken, warning = worse_count(stated, len(items), "error")
    return Reading(tool, tool, version, (figure(ERRORS, taken),), items, (warning,) if warning else ())


def _detect_tsc(head: bytes, name: str) -> float:
    body = plain_text(head)
    if "error" not in body and "Found " not in body:
        return 0.0
    if _TSC.search(body) or _TSC_BARE.search(body):
        return 0.95
    return 0.6 if _TSC_END.search(body) and "tsc" in name.lower() else 0.0


def read_tsc(data: bytes, name: str) -> Reading:
    """Errors that point into a source file. An error of the configuration means that nothing was checked."""
    body = log_text(data)
    wrong = _TSC_BARE.search(body)
    if wrong:
        raise ReadError(f"tsc stopped at its configuration ({wrong[1]}): how many type errors there are is unknown")
    found = list(_TSC.finditer(body))
    for error in found:
        if error["path"].endswith(".json") and "tsconfig" in error["path"]:
            raise ReadError(f"tsc stopped at {error['path'][:80]} ({error['code']}): unknown")
    if not found and not _TSC_END.search(body):
        raise ReadError(
            "no line of tsc: an empty output is a clean run or none at all, use --pretty to distinguish them"
        )
    items = tuple(_error(error["path"], error["a"] or error["b"], error["code"], error["words"]) for error in found)
    end = _TSC_END.search(body)
    return _errors("tsc", items, count(end[1]) if end else None)


def _detect_mypy(head: bytes, name: str) -> float:
    body = plain_text(head)
    if has_all(head, "file", "line", "severity", "message"):
        return 0.9
    if ": error: " not in body and "Found " not in body and "Success: " not in body:
        return 0.0
    return 0.9 if _MYPY_END.search(body) or _MYPY.search(body) else 0.0


def read_mypy(data: bytes, name: str) -> Reading:
    """Text or `--output json`; of several runs in one log the sum. A run that stopped leaves the number unknown."""
    if data.lstrip().startswith(b"{"):
        return _mypy_json(data)
    body = log_text(data)
    ends = list(_MYPY_END.finditer(body))
    if not ends:
        raise ReadError("mypy's last line (Found ..., Success ...) is missing: cut off")
    if any("prevented further checking" in (end[2] or "") for end in ends):
        raise ReadError("mypy stopped at an error that prevented further checking: unknown")
    if all(_NO_FILE.match(end[0]) for end in ends):
        raise ReadError("mypy checked no file: unknown, not clean")
    found = list(_MYPY.finditer(body))
    items = tuple(_error(error["path"], error["line"], "", error["words"]) for error in found)
    return _errors("mypy", items, sum(count(end[1]) or 0 for end in ends))


def _mypy_json(data: bytes) -> Reading:
    rows, bad = json_lines(data)
    if bad or not all("severity" in row for row in rows):
        raise ReadError(f"{bad} lines of mypy's JSON output are damaged: the number of errors is unknown")
    errors = [row for row in rows if row.get("severity") == "error"]
    if any(row.get("code") == "syntax" for row in errors):
        raise ReadError("mypy stopped at a syntax error that prevented further checking: unknown")
    items = tuple(
        _error(text(r.get("file")), r.get("line"), text(r.get("code")), text(r.get("message"))) for r in errors
    )
    return Reading("mypy", "mypy", "", (figure(ERRORS, len(errors)),), items)


def _detect_pyright(head: bytes, name: str) -> float:
    if has(head, "generalDiagnostics"):
        return 0.97
    return 0.9 if b" information" in head and _PYRIGHT_END.search(plain_text(head)) else 0.0


def read_pyright(data: bytes, name: str) -> Reading:
    """`--outputjson`, the completeness of `--verifytypes`, and its lines. No file analysed is unknown, not clean."""
    if not data.lstrip().startswith(b"{"):
        return _pyright_text(data)
    document = load_object(data)
    summary = mapping(document.get("summary"))
    completeness = mapping(document.get("typeCompleteness"))
    version = text(document.get("version"))
    if completeness:
        typed = _typed_share(mapping(completeness.get("exportedSymbolCounts")))
        return Reading("pyright", "pyright", version, (typed,))
    if not count(summary.get("filesAnalyzed")):
        raise ReadError("pyright analysed no file: unknown")
    errors = [d for d in objects(document.get("generalDiagnostics")) if d.get("severity") == "error"]
    items = tuple(_pyright_error(error) for error in errors)
    return _errors("pyright", items, count(summary.get("errorCount")), version)


def _typed_share(counts: Mapping[str, Any]) -> Figure:
    """Of the exported symbols, those with a known type."""
    known, every = count(counts.get("withKnownType")) or 0, sum(count(value) or 0 for value in counts.values())
    return share(TYPED, known, every, nothing="pyright found no exported symbol: is the package typed (py.typed)?")


def _pyright_error(error: Mapping[str, Any]) -> ReadItem:
    start = count(mapping(mapping(error.get("range")).get("start")).get("line"))
    line = None if start is None else start + 1
    return _error(text(error.get("file")), line, text(error.get("rule")), text(error.get("message")))


def _pyright_text(data: bytes) -> Reading:
    body = log_text(data)
    ends = list(_PYRIGHT_END.finditer(body))
    if not ends:
        raise ReadError("pyright's last line (... errors, ... warnings) is missing: cut off")
    if "No source files found" in body:
        raise ReadError("pyright analysed no file: unknown")
    found = _PYRIGHT.finditer(body)
    items = tuple(_error(error["path"], error["line"], error["code"] or "", error["words"]) for error in found)
    return _errors("pyright", items, sum(count(end[1]) or 0 for end in ends))


def _detect_type_coverage(head: bytes, name: str) -> float:
    if has_all(head, "correctCount", "totalCount"):
        return 0.97
    return 0.85 if b"type-coverage" in head and _COVERAGE_TEXT.search(plain_text(head)) else 0.0


def read_type_coverage(data: bytes, name: str) -> Reading:
    """type-coverage's counts (its percentage is cut to two places)."""
    if data.lstrip().startswith(b"{"):
        document = load_object(data)
        typed, total = count(document.get("correctCount")), count(document.get("totalCount"))
    else:
        runs = _COVERAGE_TEXT.findall(log_text(data))
        typed = sum(count(run[0]) or 0 for run in runs) if runs else None
        total = sum(count(run[1]) or 0 for run in runs)
    if typed is None or total is None:
        raise ReadError("no counts in type-coverage's output")
    return Reading("type-coverage", "type-coverage", "", (share(TYPED, typed, total, nothing="no symbol was counted"),))


READERS = (
    Reader("tsc", "tsc output", "TypeScript 4.9, 5.9, 6.0, 7.0", (ERRORS,), _detect_tsc, read_tsc),
    Reader("mypy", "mypy text and JSON", "mypy 0.910 to 2.4", (ERRORS,), _detect_mypy, read_mypy),
    Reader("pyright", "pyright JSON and text", "pyright 1.1.414", (ERRORS,), _detect_pyright, read_pyright),
    Reader("type-coverage", "type-coverage", "type-coverage 2.30", (TYPED,), _detect_type_coverage, read_type_coverage),
)
