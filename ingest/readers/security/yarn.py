"""`yarn audit --json`: a line a finding, in the words of yarn 1 and in those of yarn 2 and later."""

from __future__ import annotations

from typing import Any

from ingest.readers.contract import Reader, ReadError, Reading, count, figure
from ingest.readers.security.findings import METRICS, SEVERITIES, Findings
from ingest.readers.text.json import has, json_lines, mapping, text
from ingest.redaction import redact_words

_WORDS = ("critical", "high", "moderate", "low")


def _detect(head: bytes, name: str) -> float:
    if has(head, "type") and has(head, "data"):
        known = b'"auditAdvisory"' in head or b'"auditSummary"' in head
        return 0.95 if known or b"/security/audits" in head else 0.0
    return 0.9 if has(head, "value") and has(head, "children", "Severity") else 0.0


def _of_type(rows: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [row for row in rows if row.get("type") == kind]


def _why_no_summary(rows: list[dict[str, Any]]) -> str:
    message = next((text(row.get("data")) for row in _of_type(rows, "error")), "")
    return f"yarn audit failed: {redact_words(message)[:120]}" if message else "no summary of yarn audit: cut off"


def read_yarn_audit(data: bytes, name: str) -> Reading:
    """Advisories, each once however many paths lead to it. yarn 1 without its summary line did not finish: unknown."""
    rows, bad = json_lines(data)
    if bad:
        raise ReadError(f"{bad} lines of yarn's audit are damaged: how many findings there are is unknown")
    if any("children" in row for row in rows):
        return _berry(rows)
    summary = next((mapping(row.get("data")) for row in _of_type(rows, "auditSummary")), None)
    if summary is None:
        raise ReadError(_why_no_summary(rows))
    findings = Findings("npm-audit")
    for row in _of_type(rows, "auditAdvisory"):
        _add(findings, mapping(mapping(row.get("data")).get("advisory")), ("module_name", "title", "id", "severity"))
    totals = mapping(summary.get("vulnerabilities"))
    stated_total = sum(count(totals.get(word)) or 0 for word in _WORDS)
    if not findings.items and stated_total:
        figures = tuple(figure(m, count(totals.get(word))) for m, word in zip(METRICS, _WORDS, strict=True))
        return Reading("yarn-audit", "yarn audit", "1", figures, (), ("the report has only totals",))
    known = len(findings.items)
    paths = (f"yarn counts {stated_total} paths to {known} advisories",) if stated_total != known else ()
    return Reading("yarn-audit", "yarn audit", "1", findings.figures(), tuple(findings.items), paths)


def _berry(rows: list[dict[str, Any]]) -> Reading:
    """Deprecated packages are listed with a severity among the advisories, and are not vulnerabilities."""
    findings = Findings("npm-audit")
    deprecated = 0
    for row in rows:
        about = mapping(row.get("children"))
        if text(about.get("ID")).endswith("(deprecation)"):
            deprecated += 1
        elif about:
            _add(findings, {"value": row.get("value"), **about}, ("value", "Issue", "ID", "Severity"))
    left_out = (f"{deprecated} deprecated packages are left out: no vulnerabilities",) if deprecated else ()
    warnings = (*findings.warnings(), *left_out)
    return Reading("yarn-audit", "yarn npm audit", "", findings.figures(), tuple(findings.items), warnings)


def _add(findings: Findings, entry: dict[str, Any], keys: tuple[str, str, str, str]) -> None:
    package, title, identity, severity = (entry.get(key) for key in keys)
    label = text(package)
    words = text(severity)
    findings.add(words, label, text(title), "yarn.lock", None, label, identity or text(title))


READERS = (Reader("yarn-audit", "yarn audit JSON lines", "yarn 1, yarn 4", METRICS, _detect, read_yarn_audit),)
assert len(SEVERITIES) == len(_WORDS)
