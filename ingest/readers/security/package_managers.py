"""Audits that package managers print themselves: composer, bundler-audit, dotnet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ingest.readers.contract import Reader, ReadError, Reading, number
from ingest.readers.security.findings import METRICS, Findings, severity_of_score
from ingest.readers.text.json import has, has_all, load_object, mapping, objects, sequence, text
from ingest.redaction import redact_words

_NO_ADVISORY = re.compile(rb'\s*\{\s*"advisories"\s*:\s*(?:\[\s*\]|\{\s*\})\s*[,}]')


def _reading(form: str, tool: str, version: str, findings: Findings, notes: list[str]) -> Reading:
    warnings = (*findings.warnings(), *(note for note in notes if note))
    return Reading(form, tool, version, findings.figures(), tuple(findings.items), warnings)


def _left_out(number_of: int, what: str) -> str:
    return f"{number_of} {what} are left out" if number_of else ""


# --- composer audit -------------------------------------------------------------------------------------------------


def _detect_composer(head: bytes, name: str) -> float:
    if has(head, "metadata"):
        return 0.0  # npm 6 and pnpm have advisories, too
    if has(head, "advisories", "*", "[]", "advisoryId") or has_all(head, "advisories", "abandoned"):
        return 0.96
    return 0.9 if _NO_ADVISORY.match(head) else 0.0


def read_composer(data: bytes, name: str) -> Reading:
    """Advisories of each package; composer before 2.7 states no severity, and then each counts as high.

    A repository that did not answer makes the figures unknown. Packages of a blocklist ("filter") are findings;
    abandoned packages and advisories that the project ignores are left out, and a warning counts them.
    """
    document = load_object(data)
    if "advisories" not in document or document["advisories"] is None:
        raise ReadError("no advisories in the report of composer audit")
    silent = sequence(document.get("unreachable-repositories"))
    if silent:
        raise ReadError(f"composer could not ask {len(silent)} of its repositories: its findings are incomplete")
    findings = Findings("composer-audit")
    for package, advisory in _by_package(document["advisories"]):
        identity = text(advisory.get("advisoryId")) or text(advisory.get("cve")) or text(advisory.get("title"))
        words = f"in {package}: {text(advisory.get('title'))}"
        rule = text(advisory.get("cve")) or identity
        findings.add(text(advisory.get("severity")), rule, words, "composer.lock", None, package, identity)
    for package, entry in _by_package(document.get("filter")):
        words = f"{package} is on the list {text(entry.get('listName'))}"
        findings.add("", "blocked package", words, "composer.lock", None, package, text(entry.get("id")))
    return _reading("composer-audit", "composer audit", "", findings, _composer_left_out(document))


def _composer_left_out(document: Mapping[str, Any]) -> list[str]:
    ignored = sum(1 for _ in _by_package(document.get("ignored-advisories")))
    abandoned = len(mapping(document.get("abandoned")) or sequence(document.get("abandoned")))
    return [
        _left_out(ignored, "advisories that the project ignores"),
        _left_out(abandoned, "abandoned packages (no vulnerabilities)"),
    ]


def _by_package(listed: object) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and entry of each package. PHP writes an empty object as a list, and a list with gaps as an object."""
    packages = listed.items() if isinstance(listed, dict) else enumerate(sequence(listed))
    for package, entries in packages:
        rows = list(entries.values()) if isinstance(entries, dict) else entries
        for entry in objects(rows):
            yield text(entry.get("packageName")) or str(package), entry


# --- bundler-audit --------------------------------------------------------------------------------------------------


def _detect_bundler(head: bytes, name: str) -> float:
    if has(head, "results", "[]", "gem") or (has_all(head, "results", "created_at") and b'"insecure_source"' in head):
        return 0.96
    return 0.85 if has_all(head, "version", "created_at", "results") else 0.0


def read_bundler_audit(data: bytes, name: str) -> Reading:
    """Advisories of each gem, and sources without encryption, as many as the tool prints.

    The criticality is the one of the file, else the word for its CVSS score, else high.
    """
    document = load_object(data)
    if not isinstance(document.get("results"), list):
        raise ReadError("no results in the report of bundler-audit")
    findings = Findings("bundler-audit")
    for result in objects(document["results"]):
        if text(result.get("type")) == "insecure_source":
            source = redact_words(text(result.get("source")))
            findings.add("", "insecure source", source, "Gemfile.lock", None, source)
            continue
        gem, advisory = mapping(result.get("gem")), mapping(result.get("advisory"))
        package = text(gem.get("name"))
        rule = text(advisory.get("id")) or text(advisory.get("title"))
        words = f"in {package} {text(gem.get('version'))}: {text(advisory.get('title'))}"
        findings.add(_criticality(advisory), rule, words, "Gemfile.lock", None, package, rule)
    return _reading("bundler-audit", "bundler-audit", text(document.get("version")), findings, [])


def _criticality(advisory: Mapping[str, Any]) -> str:
    """The worse of the word and of the scores; "none" is a score of zero."""
    stated = text(advisory.get("criticality")).lower()
    scores = (severity_of_score(advisory.get(key)) for key in ("cvss_v4", "cvss_v3", "cvss_v2"))
    zero = any(number(advisory.get(key)) == 0 for key in ("cvss_v4", "cvss_v3", "cvss_v2"))
    return ("low" if stated == "none" else stated) or next(filter(None, scores), "low" if zero else "")


# --- dotnet list package --------------------------------------------------------------------------------------------


def _detect_dotnet(head: bytes, name: str) -> float:
    return 0.96 if has_all(head, "version", "parameters", "projects") else 0.0


def read_dotnet(data: bytes, name: str) -> Reading:
    """Advisories of each package, once a project however many frameworks it is built for.

    The tool lists vulnerable packages alone, so a project without any is clean only where the tool met no problem.
    """
    document = load_object(data)
    asked = text(document.get("parameters"))
    if "--vulnerable" not in asked and b'"vulnerabilities"' not in data:
        raise ReadError("dotnet listed packages without --vulnerable: nothing is known of vulnerabilities")
    projects = list(objects(document.get("projects")))
    if not projects:
        raise ReadError("dotnet looked at no project")
    findings = Findings("dotnet-list-package")
    for project in projects:
        path = text(project.get("path"))
        for framework in objects(project.get("frameworks")):
            for package in (*objects(framework.get("topLevelPackages")), *objects(framework.get("transitivePackages"))):
                _dotnet_package(findings, path, package)
    problems = _dotnet_problems(document, bool(findings.items))
    whole = "--include-transitive" in asked or b'"transitivePackages"' in data
    notes = [*problems, "" if whole else "packages of packages were not looked at (--include-transitive)"]
    return _reading("dotnet-list-package", "dotnet list package", "", findings, notes)


def _dotnet_package(findings: Findings, path: str, package: Mapping[str, Any]) -> None:
    name, version = text(package.get("id")), text(package.get("resolvedVersion"))
    for found in objects(package.get("vulnerabilities")):
        address = text(found.get("advisoryurl")) or text(found.get("advisoryUrl"))
        rule = address.rstrip("/").rpartition("/")[2] or "advisory"
        findings.add(text(found.get("severity")), rule, f"in {name} {version}", path, None, path, name, version, rule)


def _dotnet_problems(document: Mapping[str, Any], found: bool) -> list[str]:
    """What the tool warned of; an error, and a warning beside an empty list, make the figures unknown."""
    stated = [text(row.get("text")) or text(row.get("message")) for row in objects(document.get("problems"))]
    messages = list(filter(_is_problem, stated))
    grave = next((message for message in messages if not found or not message.lower().startswith("warn")), "")
    if grave:
        raise ReadError(f"dotnet could not look at everything: {redact_words(grave)[:120]}")
    return [f"dotnet warned: {redact_words(message)[:120]}" for message in messages[:3]]


def _is_problem(message: str) -> bool:
    return bool(message) and not message.startswith("(A)")  # (A) is the legend of the table


READERS = (
    Reader(
        "composer-audit",
        "composer audit JSON",
        "Composer 2.5; 2.7, 2.9 (figures)",
        METRICS,
        _detect_composer,
        read_composer,
    ),
    Reader("bundler-audit", "bundler-audit JSON", "bundler-audit 0.9.3", METRICS, _detect_bundler, read_bundler_audit),
    Reader(
        "dotnet-list-package",
        "dotnet list package --vulnerable JSON",
        ".NET SDK 7 to 9 (figures)",
        METRICS,
        _detect_dotnet,
        read_dotnet,
    ),
)
