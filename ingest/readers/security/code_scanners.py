"""Scanners of code and of secrets in their own JSON: Bandit, Semgrep, detect-secrets, gitleaks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ingest.readers.contract import Figure, Reader, ReadError, Reading, count, figure, one_line
from ingest.readers.security.findings import METRICS, SECRETS, Findings
from ingest.readers.text.json import has, has_all, load_json, load_object, mapping, objects, text
from ingest.redaction import redact_words


def _detect_bandit(head: bytes, name: str) -> float:
    if has(head, "results", "[]", "test_id") or has(head, "metrics", "_totals", "SEVERITY.HIGH"):
        return 0.97
    return 0.8 if has_all(head, "errors", "generated_at", "metrics") else 0.0


def read_bandit(data: bytes, name: str) -> Reading:
    """Findings by Bandit's severity."""
    document = load_object(data)
    findings = Findings("bandit")
    for result in _rows(document.get("results"), "results"):
        rule, path = text(result.get("test_id")), text(result.get("filename"))
        words = text(result.get("issue_text"))
        nth = findings.nth(rule, path)
        findings.add(text(result.get("issue_severity")), rule, words, path, result.get("line_number"), path, nth)
    metrics = mapping(document.get("metrics"))
    errors = len(list(objects(document.get("errors"))))
    if not findings.items and not [path for path in metrics if path != "_totals"]:
        raise ReadError(f"Bandit scanned no file (errors: {errors}): unknown, not clean")
    totals = mapping(metrics.get("_totals"))
    findings.settle({word: count(totals.get(f"SEVERITY.{word.upper()}")) for word in ("high", "medium", "low")})
    findings.not_scanned(errors)  # Bandit lists a file there that it gave up
    return _reading("bandit", "bandit", "", findings, errors)


def _detect_semgrep(head: bytes, name: str) -> float:
    if has(head, "results", "[]", "check_id") or has(head, "paths", "scanned"):
        return 0.97 if has(head, "results") else 0.0
    return 0.85 if has_all(head, "results", "errors", "paths", "version") else 0.0


def read_semgrep(data: bytes, name: str) -> Reading:
    """Findings by Semgrep's severity; ignored ones (nosemgrep) left out."""
    document = load_object(data)
    findings = Findings("semgrep")
    for result in _rows(document.get("results"), "results"):
        extra = mapping(result.get("extra"))
        if extra.get("is_ignored") is True:
            continue
        rule, path = text(result.get("check_id")), text(result.get("path"))
        line = mapping(result.get("start")).get("line")
        own = text(extra.get("fingerprint"))
        identity = own if own not in ("", "requires login") else findings.nth(rule, path)
        findings.add(text(extra.get("severity")), rule, text(extra.get("message")), path, line, path, identity)
    errors = list(objects(document.get("errors")))
    findings.not_scanned(sum(map(_gives_file_up, errors)))
    _refuse_unscanned(document, errors, findings)
    return _reading("semgrep", "semgrep", text(document.get("version")), findings, len(errors))


def _ends_scan(error: Mapping[str, Any]) -> bool:
    return text(error.get("level")) == "error" and not error.get("path")


def _gives_file_up(error: Mapping[str, Any]) -> bool:
    """Of level "error"; a warning is about a part of a file, or about one rule."""
    return text(error.get("level")) == "error" and bool(error.get("path"))


def _message_of(error: Mapping[str, Any]) -> str:
    return text(error.get("message") or error.get("type"))


def _refuse_unscanned(document: dict[str, Any], errors: list[dict[str, Any]], findings: Findings) -> None:
    """An empty list proves nothing where no file was scanned, or where an error of no single file ended the scan.

    What was found before the end is there; what was not found is unknown.
    """
    nothing = mapping(document.get("paths")).get("scanned") == [] and not findings.items
    fatal = [_message_of(error) for error in errors if _ends_scan(error)]
    if nothing or fatal:
        words, where = fatal[0] if fatal else "it scanned no file", " and scanned no file" if nothing and fatal else ""
        findings.unread = f"Semgrep stopped{where}: {one_line(redact_words(words), 120)}. Unknown, not clean"
        if not findings.items:
            raise ReadError(findings.unread)


def _rows(value: object, key: str) -> list[dict[str, object]]:
    if not isinstance(value, list):
        raise ReadError(f"no {key} in the report: the scan did not finish")
    return list(objects(value))


def _reading(form: str, tool: str, version: str, findings: Findings, errors: int) -> Reading:
    notes = (f"{errors} files could not be scanned: there may be more findings",) if errors else ()
    figures = findings.figures()
    return Reading(form, tool, version, figures, tuple(findings.items), (*findings.warnings(), *notes))


def _detect_detect_secrets(head: bytes, name: str) -> float:
    return 0.97 if has(head, "plugins_used") and (has(head, "results") or has(head, "version")) else 0.0


def read_detect_secrets(data: bytes, name: str) -> Reading:
    """One secret a file, though several detectors may see it; those that an audit called false are left out."""
    document = load_object(data)
    if not isinstance(document.get("results"), dict):
        raise ReadError("no results in the detect-secrets baseline")
    findings = Findings("detect-secrets")
    seen = cleared = 0
    for path, entries in mapping(document.get("results")).items():
        for entry in objects(entries):
            seen += 1
            if entry.get("is_secret") is False:
                cleared += 1
            else:
                findings.secret(
                    text(entry.get("type")), path, entry.get("line_number"), text(entry.get("hashed_secret"))
                )
    notes = [f"{cleared} entries are audited as no secret"] if cleared else []
    found = findings.counts["secret"]
    if seen - cleared > found:
        notes.append(f"{seen - cleared} detections are {found} secrets: several detectors saw the same one")
    figures = (figure(SECRETS, found),)
    return Reading(
        "detect-secrets", "detect-secrets", text(document.get("version")), figures, tuple(findings.items), tuple(notes)
    )


def _detect_gitleaks(head: bytes, name: str) -> float:
    if has(head, "[]", "RuleID") and (has(head, "[]", "Secret") or has(head, "[]", "Match")):
        return 0.97
    if has(head, "[]", "offender") and has(head, "[]", "rule"):
        return 0.97  # version 7 and earlier
    # A clean run writes an empty list, which only the file's name gives away.
    return 0.6 if "gitleaks" in name.lower() and re.fullmatch(rb"\s*(?:\[\s*\]|null)\s*", head) else 0.0


def read_gitleaks(data: bytes, name: str) -> Reading:
    """Rule and place of each leak; `Secret`, `Match`, `offender` and the commit message are never looked at."""
    document = load_json(data)
    if document is not None and not isinstance(document, list):
        raise ReadError("a gitleaks report is a list")
    findings = Findings("gitleaks")
    for leak in objects(document):
        rule = text(leak.get("RuleID")) or text(leak.get("rule"))
        path = text(leak.get("File")) or text(leak.get("file"))
        line = leak.get("StartLine", leak.get("lineNumber"))
        # A fingerprint names the line only, and the first versions of 8 had none: a line may hold several secrets.
        commit = text(leak.get("Commit")) or text(leak.get("commit"))
        own = text(leak.get("Fingerprint")) or (commit, line)
        findings.secret(rule, path, line, rule, own, leak.get("StartColumn"))
    found, listed = findings.counts["secret"], len(list(objects(document)))
    notes = (f"{listed} leaks are {found} secrets: the same place was found more than once",) if found < listed else ()
    figures: tuple[Figure, ...] = (figure(SECRETS, found),)
    return Reading("gitleaks", "gitleaks", "", figures, tuple(findings.items), notes)


READERS = (
    Reader("bandit", "Bandit JSON", "bandit 1.6, 1.7, 1.9", METRICS, _detect_bandit, read_bandit),
    Reader("semgrep", "Semgrep JSON", "semgrep 0.122, 1.50, 1.182", METRICS, _detect_semgrep, read_semgrep),
    Reader(
        "detect-secrets",
        "detect-secrets baseline",
        "detect-secrets 0.13 to 1.5",
        (SECRETS,),
        _detect_detect_secrets,
        read_detect_secrets,
    ),
    Reader("gitleaks", "gitleaks JSON", "gitleaks 7.6, 8.0, 8.30", (SECRETS,), _detect_gitleaks, read_gitleaks),
)
