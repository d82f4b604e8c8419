"""Figures from anywhere: one documented JSON and one CSV for tools that no reader knows."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from ingest.observation import CATALOGUE
from ingest.readers.contract import Figure, Reader, ReadError, Reading, figure, number, one_line
from ingest.readers.text.json import decode, has, load_json, mapping, objects
from ingest.redaction import redact_words

KINDS = frozenset({"measured", "claimed", "simulated"})
MAX_ROWS = 100_000
_DECIMAL_COMMA = re.compile(r"[+-]?(?:\d{1,15}|\d{1,3}(?:\.\d{3})+),\d{1,15}")
_SHA = re.compile(r"^[0-9a-f]{7,64}$")
# Factor from the unit that a row states to the unit of the catalogue.
_FACTORS = {
    ("ms", "seconds"): 0.001,
    ("milliseconds", "seconds"): 0.001,
    ("s", "seconds"): 1.0,
    ("minutes", "seconds"): 60.0,
    ("%", "percent"): 1.0,
    ("ratio", "percent"): 100.0,
    ("b", "bytes"): 1.0,
    ("kb", "bytes"): 1e3,
    ("mb", "bytes"): 1e6,
    ("gb", "bytes"): 1e9,
    ("kib", "bytes"): 1024.0,
    ("mib", "bytes"): 1024.0**2,
    ("gib", "bytes"): 1024.0**3,
}


def _detect_json(head: bytes, name: str) -> float:
    return 0.9 if has(head, "[]", "metric") and has(head, "[]", "value") else 0.0


def read_generic_json(data: bytes, name: str) -> Reading:
    """`[{metric, value, unit, at, commit, source, kind, scope}]`; only metric and value are needed."""
    document = load_json(data)
    rows = document if isinstance(document, list) else mapping(document).get("observations")
    return _reading("generic-json", objects(rows))


def _detect_csv(head: bytes, name: str) -> float:
    header = decode(head[:2000]).split("\n", 1)[0].lower().replace('"', "")
    columns = [column.strip() for column in re.split("[,;\t]", header)]
    return 0.9 if "metric" in columns and "value" in columns else 0.0


def read_generic_csv(data: bytes, name: str) -> Reading:
    """The same fields as columns, in any order."""
    body = decode(data)
    delimiter = delimiter_of(body)
    try:
        rows = [
            {str(key).strip().lower(): value for key, value in row.items() if key is not None}
            for row in csv.DictReader(io.StringIO(body), delimiter=delimiter)
        ]
    except csv.Error as problem:
        raise ReadError(f"CSV is damaged: {problem}") from problem
    for row in rows:
        row["value"] = value_of(row.get("value"), delimiter)
    return _reading("generic-csv", rows)


def delimiter_of(body: str) -> str:
    """What separates the columns of the header: a semicolon or a tab where one is there, else a comma."""
    first = body.split("\n", 1)[0]
    return next((sign for sign in ";\t," if sign in first), ",")


def value_of(cell: Any, delimiter: str) -> Any:
    """The cell; between semicolons or tabs "12,5" and "1.234,5" are numbers with a decimal comma."""
    if delimiter == "," or not isinstance(cell, str) or "," not in cell:
        return cell
    words = cell.strip()
    return words.replace(".", "").replace(",", ".") if _DECIMAL_COMMA.fullmatch(words) else cell


def _reading(form: str, rows: Iterable[dict[str, Any]]) -> Reading:
    figures: list[Figure] = []
    warnings: list[str] = []
    tool = ""
    for place, row in enumerate(rows, 1):
        if place > MAX_ROWS:
            raise ReadError(f"more than {MAX_ROWS:,} rows: not read")
        metric = str(row.get("metric", "")).strip()
        if metric in CATALOGUE:
            figures.append(_figure(metric, row))
            tool = tool or one_line(redact_words(str(row.get("source") or "")), 60)
        elif len(warnings) < 20:
            warnings.append(f"row {place}: no metric of the catalogue is named {one_line(redact_words(metric), 60)!r}")
    if not figures:
        raise ReadError("; ".join(warnings[:3]) or "no row with a metric and a value")
    return Reading(form, tool, "", tuple(figures), (), tuple(warnings))


def _figure(metric: str, row: dict[str, Any]) -> Figure:
    scope = one_line(redact_words(str(row.get("scope") or "")))
    kind = str(row.get("kind") or "measured").strip().lower()
    value, because = _value(metric, row)
    if kind not in KINDS:
        value, because, kind = None, f"kind {kind[:20]!r} is none of measured, claimed, simulated", "measured"
    stamp = str(row.get("at") or "").strip()
    moment = _moment(stamp)
    if stamp and not moment:
        value, because = None, f"the time {stamp[:40]!r} is not an ISO time with a zone"
    commit = str(row.get("commit") or "").strip().lower()
    found = figure(metric, value, scope, because)
    return replace(found, at=moment, commit=commit if _SHA.match(commit) else "", kind=kind)


def _value(metric: str, row: dict[str, Any]) -> tuple[float | None, str]:
    """The value in the catalogue's unit, or why there is none."""
    stated, unit = str(row.get("unit") or "").strip().lower(), CATALOGUE[metric].unit
    value = number(row.get("value"))
    if value is None:
        reason = one_line(redact_words(str(row.get("reason") or "")), 120)
        return None, reason or "the row has no number"
    if not stated or stated == unit.lower():
        return value, ""
    factor = _FACTORS.get((stated, unit))
    if factor is None:
        return None, f"the unit is {stated[:20]!r}, {metric} is in {unit}"
    return value * factor, ""


def _moment(stamp: str) -> str:
    """The time as written, when it is an ISO time with a zone; a time without one could be off by a day."""
    try:
        found = datetime.fromisoformat(stamp)
    except ValueError:
        return ""
    return stamp if found.tzinfo is not None else ""


READERS = (
    Reader("generic-json", "generic JSON", "any", (), _detect_json, read_generic_json),
    Reader("generic-csv", "generic CSV", "any", (), _detect_csv, read_generic_csv),
)
