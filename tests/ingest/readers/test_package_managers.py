"""Audits of composer, bundler-audit and dotnet: counted as the tools count, and never clean by silence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.readers.registry import read_bytes

FORMATS = Path(__file__).parents[2] / "fixtures/formats"
WORDS = ("critical", "high", "medium", "low")
# file -> (reader, figures, a word of the warnings)
REAL = {
    # Composer 2.5.5: "Found 3 security vulnerability advisories affecting 2 packages"; it drops their severities.
    "composer-2.5.audit.json": ("composer-audit", (0, 3, 0, 0), "without a stated severity"),
    "composer-2.5.audit-zero.json": ("composer-audit", (0, 0, 0, 0), ""),
    # bundler-audit 0.9.3 prints Critical 1, High 16, Medium 17, Low 1, Unknown 5.
    "bundler-audit-0.9.json": ("bundler-audit", (1, 21, 17, 1), "5 findings without a stated severity"),
    "bundler-audit-0.9-zero.json": ("bundler-audit", (0, 0, 0, 0), ""),
    # In the shape of NuGet's specification: one project for two frameworks, one without findings.
    "dotnet-list-package.json": ("dotnet-list-package", (1, 1, 1, 1), ""),
}


def read(document):
    """Reader, counts by severity, and all warnings in one text."""
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    (reading,) = read_bytes(data, "download.bin")
    found = {figure.metric: figure for figure in reading.figures}
    counts = tuple(found[f"findings_{word}_count"].value for word in WORDS)
    return reading.format, counts, " ".join(reading.warnings)


@pytest.mark.parametrize("name", REAL)
def test_an_audit_counts_as_its_tool_does(name):
    """The counts are those that the tool prints for the same run."""
    reader, counts, reported = REAL[name]
    form, found, words = read((FORMATS / name).read_bytes())
    assert (form, found) == (reader, counts)
    assert reported in words and bool(reported) == bool(words)


ADVISORY = {"advisoryId": "PKSA-1", "packageName": "acme/a", "title": "Leak", "cve": "CVE-2024-1", "severity": "low"}
DOTNET = {"version": 1, "parameters": "--vulnerable --include-transitive", "projects": [{"path": "a.csproj"}]}
LISTED = {"id": "A", "resolvedVersion": "1", "vulnerabilities": [{"severity": "Low", "advisoryurl": "https://x/G-1"}]}
FOUND = {"path": "a.csproj", "frameworks": [{"framework": "net9.0", "transitivePackages": [LISTED]}]}
UNKNOWN = {
    "composer: a repository did not answer": {
        "advisories": [],
        "unreachable-repositories": ["https://example.org"],
        "abandoned": [],
    },
    "composer: no list": {"advisories": None, "abandoned": []},
    "dotnet: packages listed without asking for vulnerabilities": {**DOTNET, "parameters": ""},
    "dotnet: no project": {**DOTNET, "projects": []},
    "dotnet: an error": {
        **DOTNET,
        "projects": [FOUND],
        "problems": [{"text": "No assets file was found", "level": "error"}],
    },
    "dotnet: a warning and nothing found": {**DOTNET, "problems": [{"message": "warn : the source did not answer"}]},
}


@pytest.mark.parametrize("case", UNKNOWN)
def test_an_audit_that_did_not_look_is_unknown(case):
    """Silence of a registry, of a project or of the question is never zero findings."""
    assert read(UNKNOWN[case])[1] == (None,) * 4


def test_composer_names_what_it_leaves_out():
    """Ignored advisories and abandoned packages are counted in a warning; a blocked package is a finding."""
    document = {
        "advisories": {"acme/a": {"1": ADVISORY}},
        "ignored-advisories": {"acme/b": [ADVISORY, ADVISORY]},
        "abandoned": {"acme/old": None},
        "filter": {"acme/evil": [{"packageName": "acme/evil", "listName": "malware", "id": "7"}]},
    }
    form, counts, words = read(document)
    assert (form, counts) == ("composer-audit", (0, 1, 0, 1))
    assert "2 advisories that the project ignores" in words and "1 abandoned packages" in words


def test_an_insecure_source_is_a_finding():
    """bundler-audit fails a build for a source without encryption, so it counts; a word without a score counts too."""
    document = {
        "version": "0.9.2",
        "created_at": "2026-01-01 00:00:00 +0000",
        "results": [
            {"type": "insecure_source", "source": "http://user:secret-pass@gems.example.org/"},
            {"type": "unpatched_gem", "gem": {"name": "a"}, "advisory": {"id": "CVE-1", "cvss_v3": 9.8}},
            {"type": "unpatched_gem", "gem": {"name": "a"}, "advisory": {"id": "CVE-2", "criticality": "none"}},
        ],
    }
    (reading,) = read_bytes(json.dumps(document).encode(), "x")
    assert read(document)[1] == (1, 1, 0, 1)
    assert "secret-pass" not in str(reading)


def test_dotnet_says_that_it_looked_at_the_first_level_only():
    """Without the packages of packages, zero findings are less than they seem."""
    assert "--include-transitive" in read({**DOTNET, "parameters": "--vulnerable"})[2]
    assert read({**DOTNET, "projects": [FOUND]})[1:] == ((0, 0, 0, 1), "")
    warned = {**DOTNET, "projects": [FOUND], "problems": [{"message": "(A) : Auto-referenced package."}]}
    assert read(warned)[2] == ""
