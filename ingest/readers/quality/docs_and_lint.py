"""Documentation and style: interrogate, TypeDoc, Vale, and the JSON of ESLint and Ruff."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ingest.readers.contract import Reader, ReadError, Reading, ReadItem, count, figure, item, number, share
from ingest.readers.test_results.agreement import worse_count
from ingest.readers.text.json import (
    has,
    has_all,
    load_json,
    load_object,
    log_text,
    mapping,
    objects,
    plain_text,
    sequence,
    text,
)

DOCUMENTED, ALERTS, PROBLEMS = "docs_documented_percent", "docs_alerts_count", "lint_problems_count"
_TOTAL = re.compile(r"^\|\s*TOTAL\s*\|\s*(\d{1,9})\s*\|\s*(\d{1,9})\s*\|\s*(\d{1,9})\s*\|", re.MULTILINE)
_RESULT = re.compile(r"^-* *RESULT: (?:PASSED|FAILED) \(minimum: [\d.]{1,10}%, actual: ([\d.]{1,10})%\)", re.MULTILINE)
# What TypeDoc's own check asks to be documented: enums and their members, variables, functions, classes, interfaces,
# properties, methods, accessors, type aliases (two numbers, by version).
_KINDS = frozenset({8, 16, 32, 64, 128, 256, 1024, 2048, 262144, 2097152, 4194304})
MAX_DEPTH = 200


def _detect_interrogate(head: bytes, name: str) -> float:
    body = plain_text(head)
    if "RESULT: " not in body and "TOTAL" not in body:
        return 0.0
    return 0.9 if _RESULT.search(body) or (_TOTAL.search(body) and "Miss" in body) else 0.0


def read_interrogate(data: bytes, name: str) -> Reading:
    """The counts of the TOTAL rows; the percentage of the last line where only that was printed, once."""
    body = log_text(data)
    warning = ""
    totals, results = list(_TOTAL.finditer(body)), list(_RESULT.finditer(body))
    if totals:
        documented, every = (sum(int(total[group]) for total in totals) for group in (3, 1))
        missed = sum(int(total[2]) for total in totals)
        if documented + missed != every:
            warning = (
                f"the report states {every} symbols, {missed} missed and {documented} covered: the lower share is taken"
            )
            documented = min(documented, every - missed)
        found = share(DOCUMENTED, max(documented, 0), every, nothing="no symbol was counted")
    elif len(results) > 1:
        raise ReadError(f"{len(results)} runs of interrogate without their counts: run it with -v")
    elif results:
        found = figure(DOCUMENTED, number(results[0][1]))
    else:
        raise ReadError("interrogate's result line is missing: cut off")
    return Reading("interrogate", "interrogate", "", (found,), (), (warning,) if warning else ())


def _detect_typedoc(head: bytes, name: str) -> float:
    if has_all(head, "id", "name", "kind", "children") or has_all(head, "schemaVersion", "id", "name", "kind"):
        return 0.9
    return 0.0


def read_typedoc(data: bytes, name: str) -> Reading:
    """Share of exported symbols with a comment, on themselves or on a signature."""
    symbols = list(_symbols(load_object(data), 0))
    documented = sum(1 for symbol in symbols if _has_comment(symbol))
    found = share(DOCUMENTED, documented, len(symbols), nothing="no exported symbol")
    return Reading("typedoc", "typedoc", "", (found,))


def _symbols(node: dict[str, Any], depth: int) -> Iterator[dict[str, Any]]:
    if depth > MAX_DEPTH:
        raise ReadError(f"nested deeper than {MAX_DEPTH}: refused")
    if node.get("kind") in _KINDS or node.get("kindString") == "Enumeration":  # whose kind was 4 up to TypeDoc 0.20
        yield node
    for child in objects(node.get("children")):
        yield from _symbols(child, depth + 1)


def _has_comment(symbol: dict[str, Any]) -> bool:
    accessors = (mapping(symbol.get(key)) for key in ("getSignature", "setSignature"))
    own = (symbol, *objects(symbol.get("signatures")), *accessors)
    return any(
        sequence(comment.get("summary")) or sequence(comment.get("blockTags")) or text(comment.get("shortText"))
        for comment in (mapping(part.get("comment")) for part in own)
    )


def _detect_vale(head: bytes, name: str) -> float:
    if has(head, "*", "[]", "Check") and has(head, "*", "[]", "Severity"):
        return 0.95
    if has_all(head, "Code", "Text") and re.search(rb'"Code": *"E[0-9]{3}"', head):
        return 0.85
    return 0.6 if "vale" in name.lower() and re.fullmatch(rb"\s*\{\s*\}\s*", head) else 0.0


def read_vale(data: bytes, name: str) -> Reading:
    """Alerts of all severities; Vale's own error document is unknown."""
    document = load_object(data)
    if "Code" in document:
        raise ReadError(f"Vale stopped with {text(document.get('Code'))[:20]}: unknown")
    items: list[ReadItem] = []
    for path, alerts in document.items():
        for alert in objects(alerts):
            rule, words = text(alert.get("Check")), text(alert.get("Message"))
            label = text(alert.get("Severity")) or "alert"
            items.append(item("finding", label, f"{rule}: {words}", path, alert.get("Line"), path, rule, words))
    return Reading("vale", "vale", "", (figure(ALERTS, len(items)),), tuple(items))


def _detect_eslint(head: bytes, name: str) -> float:
    places = (("[]",), ("results", "[]"))  # the second is `-f json-with-metadata`
    return 0.95 if any(has(head, *place, "filePath") and has(head, *place, "messages") for place in places) else 0.0


def read_eslint(data: bytes, name: str) -> Reading:
    """Problems, warnings included. Clean files are listed too, so an empty list means that nothing was checked."""
    document = load_json(data)
    files = list(objects(document if isinstance(document, list) else mapping(document).get("results")))
    if not files:
        raise ReadError("ESLint checked no file")
    items = tuple(
        _eslint_problem(text(file.get("filePath")), message)
        for file in files
        for message in objects(file.get("messages"))
    )
    taken, warning = worse_count(_eslint_stated(files), len(items), "problem")
    return Reading("eslint", "eslint", "", (figure(PROBLEMS, taken),), items, (warning,) if warning else ())


def _eslint_problem(path: str, message: dict[str, Any]) -> ReadItem:
    rule = text(message.get("ruleId")) or "parse"
    label = "error" if message.get("severity") == 2 else "warning"
    words = text(message.get("message"))
    return item("finding", label, f"{rule}: {words}", path, message.get("line"), path, rule, words)


def _eslint_stated(files: list[dict[str, Any]]) -> int | None:
    """The sum of the counts that ESLint states by file; None when it states none."""
    counts = [count(file.get(key)) for file in files for key in ("errorCount", "warningCount")]
    known = [number for number in counts if number is not None]
    return sum(known) if known else None


def _detect_ruff(head: bytes, name: str) -> float:
    return 0.9 if has(head, "[]", "code") and has(head, "[]", "filename") and has(head, "[]", "location") else 0.0


def read_ruff(data: bytes, name: str) -> Reading:
    """Ruff's JSON; a clean run is an empty list."""
    document = load_json(data)
    if not isinstance(document, list):
        raise ReadError("Ruff's JSON is a list")
    items: list[ReadItem] = []
    for row in objects(document):
        path, rule, words = text(row.get("filename")), text(row.get("code")) or "syntax", text(row.get("message"))
        line = count(mapping(row.get("location")).get("row"))
        items.append(item("finding", "warning", f"{rule}: {words}", path, line, path, rule, words))
    return Reading("ruff", "ruff", "", (figure(PROBLEMS, len(items)),), tuple(items))


READERS = (
    Reader(
        "interrogate",
        "interrogate text",
        "interrogate 1.3, 1.5, 1.7",
        (DOCUMENTED,),
        _detect_interrogate,
        read_interrogate,
    ),
    Reader("typedoc", "TypeDoc JSON", "TypeDoc 0.20 to 0.28", (DOCUMENTED,), _detect_typedoc, read_typedoc),
    Reader("vale", "Vale JSON", "Vale 2.10, 3.0", (ALERTS,), _detect_vale, read_vale),
    Reader("eslint", "ESLint JSON", "ESLint 7.32, 8.57, 9.39", (PROBLEMS,), _detect_eslint, read_eslint),
    Reader("ruff", "Ruff JSON", "Ruff 0.0.292, 0.1, 0.5, 0.17", (PROBLEMS,), _detect_ruff, read_ruff),
)
