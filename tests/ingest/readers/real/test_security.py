"""Reports of scanners and linters, as those tools wrote them, give the counts that the tools print."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.readers.registry import read_bytes

FORMATS = Path(__file__).parents[3] / "fixtures/formats"
WORDS = ("critical", "high", "medium", "low")

# file -> (reader, figures)
REAL = {
    # Bandit 1.9.4: Low: 5, Medium: 2, High: 2.
    "bandit-1.9.json": ("bandit", (0, 2, 2, 5)),
    "bandit-1.9.sarif": ("sarif", (0, 2, 2, 5)),
    # The registry refused every audit (405): unknown, not clean. npm 11.19, 6.14, 7.24, pnpm 9 and 10, yarn 1.22.
    "npm-11.audit-error.json": ("npm-audit", (None, None, None, None)),
    "npm-7.audit-error.json": ("npm-audit", (None, None, None, None)),
    "npm-6.audit-error.json": ("npm-audit", (None, None, None, None)),
    "pnpm-9.audit-error.json": ("npm-audit", (None, None, None, None)),
    "pnpm-10.audit-error.json": ("npm-audit", (None, None, None, None)),
    "yarn-1.22.audit-error.jsonl": ("yarn-audit", (None, None, None, None)),
}
# file -> (reader, figures, what the tool itself printed where it counts otherwise)
AUDITS = {
    # npm 11.21 and 7.24 count packages: 7 vulnerabilities (4 high, 3 critical); 5 (3 high, 2 critical); found 0.
    "npm-11.audit.json": ("npm-audit", (3, 4, 0, 0), ""),
    "npm-7.audit.json": ("npm-audit", (3, 4, 0, 0), ""),
    "npm-11.audit-prod.json": ("npm-audit", (2, 3, 0, 0), ""),
    "npm-11.audit-zero.json": ("npm-audit", (0, 0, 0, 0), ""),
    # npm 6.14: found 12 vulnerabilities (1 low, 3 moderate, 6 high, 2 critical), a path each; in production found 7.
    "npm-6.audit.json": ("npm-audit", (1, 5, 2, 1), "12 paths to 9 advisories"),
    "npm-6.audit-prod.json": ("npm-audit", (1, 3, 2, 1), ""),
    "npm-6.audit-zero.json": ("npm-audit", (0, 0, 0, 0), ""),
    # pnpm 9.15, 10.34 and 12.21: 9 vulnerabilities found. Severity: 1 low | 2 moderate | 5 high | 1 critical.
    "pnpm-9.audit.json": ("npm-audit", (1, 5, 2, 1), ""),
    "pnpm-10.audit.json": ("npm-audit", (1, 5, 2, 1), ""),
    "pnpm-12.audit.json": ("npm-audit", (1, 5, 2, 1), ""),
    "pnpm-10.audit-zero.json": ("npm-audit", (0, 0, 0, 0), ""),
    # yarn 1.22: 11 vulnerabilities found. Severity: 1 Low | 3 Moderate | 5 High | 2 Critical; of dependencies 7.
    "yarn-1.22.audit.jsonl": ("yarn-audit", (1, 5, 2, 1), "11 paths to 9 advisories"),
    "yarn-1.22.audit-prod.jsonl": ("yarn-audit", (1, 3, 2, 1), ""),
    "yarn-1.22.audit-zero.jsonl": ("yarn-audit", (0, 0, 0, 0), ""),
    # yarn 3.8 hands the registry's answer on; its console keeps the last advisory of a package. yarn 4.18 prints
    # nine advisories and a deprecation.
    "yarn-3.8.audit.json": ("npm-audit", (1, 3, 2, 1), "9 paths to 7 advisories"),
    "yarn-4.18.audit.jsonl": ("yarn-audit", (1, 5, 2, 1), "1 deprecated packages are left out"),
    # pip-audit 2.10.1 and 1.1.2: Found 8 known vulnerabilities in 3 packages; three rows of 2.10.1 stand there twice.
    "pip-audit-2.10.json": ("pip-audit", (0, 5, 0, 0), "3 findings that pip-audit lists again"),
    "pip-audit-2.10-zero.json": ("pip-audit", (0, 0, 0, 0), ""),
    "pip-audit-1.1.json": ("pip-audit", (0, 8, 0, 0), "1 of 5 dependencies could not be audited"),
}
REAL |= {
    # Trivy 0.59.1: UNKNOWN 0, LOW 1 + 1, MEDIUM 1 + 1, HIGH 1 + 2, CRITICAL 3; its SARIF adds two secrets, CRITICAL.
    "trivy-0.59-fs.json": ("trivy", (3, 3, 2, 2)),
    "trivy-0.59.sarif": ("sarif", (5, 3, 2, 2)),
    # Total: 2 (CRITICAL: 2) for a/requirements.txt, and the same for b/requirements.txt.
    "trivy-0.59-two-lockfiles.json": ("trivy", (4, 0, 0, 0)),
    # osv-scanner 1.4.3, and 1.7.0 with max_severity in a group: CVSS 9.8 three times, 7.2, 5.3 and 3.7. Its SARIF
    # states no score: every level is warning.
    "osv-scanner-1.4.json": ("osv-scanner", (3, 1, 1, 1)),
    "osv-scanner-1.7.json": ("osv-scanner", (3, 1, 1, 1)),
    "osv-scanner-1.4.sarif": ("sarif", (0, 0, 6, 0)),
    # A folder of one text file: nothing that Trivy can scan.
    "trivy-0.59-nothing.json": ("trivy", (None, None, None, None)),
}
LINTED = {
    # Vale 2.10.0 and 3.0.0: 3 errors, 1 warning and 1 suggestion in 3 files.
    "vale-2.10.json": ("vale", 5),
    "vale-3.0.json": ("vale", 5),
    # Ruff 0.17.6 and 0.1.9: Found 11 errors. The second: two syntax errors.
    "ruff-0.17.json": ("ruff", 11),
    "ruff-0.1.json": ("ruff", 11),
    "ruff-0.17.sarif": ("sarif", 11),
    "ruff-0.17-syntax.json": ("ruff", 2),
    # ESLint 8.57.1 and 9.39.5: 6 problems (4 errors, 2 warnings).
    "eslint-8.57.json": ("eslint", 6),
    "eslint-9.39.json": ("eslint", 6),
    "eslint-9.39.sarif": ("sarif", 6),
}


@pytest.mark.parametrize("name", sorted(REAL))
def test_findings_are_those_the_scanner_counts(name):
    """By severity; a report of failure is unknown."""
    reader, counts = REAL[name]
    (reading,) = read_bytes((FORMATS / name).read_bytes(), "download.bin")
    found = {figure.metric: figure.value for figure in reading.figures}
    assert reading.format == reader
    assert tuple(found[f"findings_{word}_count"] for word in WORDS) == counts


@pytest.mark.parametrize("name", sorted(AUDITS))
def test_an_audit_counts_as_its_tool_does_or_says_the_difference(name):
    """Packages with npm 7 and later, advisories otherwise; what the tool counts more than once is reported."""
    reader, counts, reported = AUDITS[name]
    data = (FORMATS / name).read_bytes()
    (reading,) = read_bytes(data, "download.bin")
    assert (reading.format, severities(data)) == (reader, list(counts))
    assert len(reading.items) == sum(counts)
    words = " ".join(reading.warnings)
    assert reported in words and bool(reported) == bool(words)
    assert len(data) < 40_000 and b"127.0.0.1" not in data


def test_an_advisory_has_one_identity_whichever_client_asked():
    """A project that changes its package manager's version does not open and close its findings."""
    marks = [
        {item.fingerprint for item in read_bytes((FORMATS / name).read_bytes(), "x")[0].items}
        for name in ("npm-6.audit.json", "pnpm-10.audit.json", "pnpm-12.audit.json", "yarn-1.22.audit.jsonl")
    ]
    assert len(marks[0]) == 9 and all(mark == marks[0] for mark in marks)


def test_npm_names_what_a_package_inherits():
    """mkdirp and mocha have no advisory of their own: they are vulnerable through what they need."""
    (reading,) = read_bytes((FORMATS / "npm-11.audit.json").read_bytes(), "x")
    inherited = [item.text for item in reading.items if "through a dependency" in item.text]
    assert inherited == ["mkdirp: through a dependency", "mocha: through a dependency"]


@pytest.mark.parametrize("name", sorted(LINTED))
def test_problems_are_those_the_linter_counts(name):
    """Warnings included."""
    reader, problems = LINTED[name]
    (reading,) = read_bytes((FORMATS / name).read_bytes(), "download.bin")
    assert (reading.format, [f.value for f in reading.figures]) == (reader, [problems])
    assert len(reading.items) == problems


def test_a_finding_in_sarif_says_what_was_found():
    """The words are the result's, not the rule's template with its braces."""
    (reading,) = read_bytes((FORMATS / "ruff-0.17.sarif").read_bytes(), "x")
    assert any("`os` imported but unused" in item.text for item in reading.items)
    assert not any("{name}" in item.text for item in reading.items)


def test_no_scanner_fixture_hands_on_the_planted_password():
    """The program that was scanned holds a password; nothing that is stored does."""
    planted = "not-a-real-one-123"
    raw = {name: (FORMATS / name).read_text() for name in ("bandit-1.9.json", "bandit-1.9.sarif", "ruff-0.17.json")}
    assert planted in raw["bandit-1.9.json"]
    assert not any(planted in str(read_bytes(data.encode(), name)) for name, data in raw.items())


YARN_1 = (
    b'{"type":"auditAdvisory","data":{"resolution":{"id":7,"path":"a>b"},"advisory":'
    b'{"id":7,"module_name":"b","severity":"high","title":"Prototype pollution"}}}\n'
)
SUMMARY = b'{"type":"auditSummary","data":{"vulnerabilities":{"info":0,"low":0,"moderate":0,"high":2,"critical":0}}}\n'


def severities(data):
    """The four figures of a report."""
    return [figure.value for figure in read_bytes(data, "x")[0].figures]


def test_yarn_counts_an_advisory_once_however_many_paths_lead_to_it():
    """yarn prints a line a path; the difference to its own total is reported."""
    (reading,) = read_bytes(YARN_1 + YARN_1.replace(b"a>b", b"c>b") + SUMMARY, "x")
    assert [figure.value for figure in reading.figures] == [0, 1, 0, 0]
    assert "2 paths to 1 advisories" in reading.warnings[0]


def test_yarn_without_its_summary_is_unknown():
    """The summary is its last line: without it the run did not finish."""
    assert severities(YARN_1) == [None] * 4
    assert severities(SUMMARY.replace(b'"high":2', b'"high":0')) == [0] * 4


def test_yarn_2_and_later_list_deprecations_among_the_advisories():
    """They carry a severity, too, and are no vulnerabilities; how many were left out is reported."""
    row = b'{"value":"b","children":{"ID":7,"Issue":"Prototype pollution","Severity":"moderate"}}\n'
    old = b'{"value":"c","children":{"ID":"c (deprecation)","Issue":"no longer kept","Severity":"moderate"}}\n'
    (reading,) = read_bytes(row + old, "x")
    assert [figure.value for figure in reading.figures] == [0, 0, 1, 0]
    assert reading.warnings == ("1 deprecated packages are left out: no vulnerabilities",)


@pytest.mark.parametrize(("name", "code"), [("vale-2.10-error.json", "E100"), ("vale-3.0-error.json", "E201")])
def test_an_error_of_vale_is_unknown(name, code):
    """Without its configuration Vale writes a code and a text; a broken rule adds the place."""
    (reading,) = read_bytes((FORMATS / name).read_bytes(), "download.bin")
    assert (reading.format, reading.figures[0].value) == ("vale", None)
    assert code in reading.figures[0].reason


def test_trivy_counts_secrets_apart_and_says_where_each_thing_is():
    """Trivy 0.59.1 printed two secrets, and lock files and lines of the rest."""
    (reading,) = read_bytes((FORMATS / "trivy-0.59-fs.json").read_bytes(), "x")
    assert {figure.metric: figure.value for figure in reading.figures}["secrets_count"] == 2
    places = [(item.label, item.path, item.line) for item in reading.items]
    assert places.count(("critical", "requirements.txt", None)) == 2
    assert ("medium", "Dockerfile", 3) in places
    assert [place for place in places if place[0] == "secret"] == [
        ("secret", "config.py", 3),
        ("secret", "config.py", 4),
    ]


@pytest.mark.parametrize("name", ["trivy-0.59-fs.json", "trivy-0.59.sarif"])
def test_what_trivy_forgets_to_mask_is_not_stored(name):
    """It masks the first key of a line and quotes the second."""
    data = (FORMATS / name).read_text()
    assert "PLANTEDSECRETS" in data
    assert "PLANTEDSECRETS" not in str(read_bytes(data.encode(), name))


def test_trivy_reads_the_workloads_of_a_cluster():
    """`trivy k8s` lists results by workload; one image in two of them has each vulnerability once."""
    result = b'[{"Target":"shop","Vulnerabilities":[{"VulnerabilityID":"CVE-1","PkgName":"zlib","Severity":"HIGH"}]}]'
    failed = b'[{"Target":"Pod/a","Misconfigurations":[{"ID":"KSV1","Severity":"LOW","Status":"FAIL"}]}]'
    data = (
        b'{"ClusterName":"c","Vulnerabilities":[{"Kind":"Pod","Name":"a","Results":%b},{"Kind":"Pod","Results":%b}],'
        b'"Misconfigurations":[{"Kind":"Pod","Name":"a","Results":%b}]}' % (result, result, failed)
    )
    (reading,) = read_bytes(data, "x")
    assert reading.format == "trivy"
    assert severities(data) == [0, 1, 0, 1]
    assert severities(b'{"ClusterName":"c","Resources":[{"Kind":"Pod","Name":"a","Results":%b}]}' % failed) == [
        0,
        0,
        0,
        1,
    ]


def test_grype_counts_a_library_once_a_place_and_a_system_package_once():
    """Two folders may hold the same vulnerable library; a system notes one package in several files."""
    match = (
        b'{"vulnerability":{"id":"CVE-1","severity":"High"},'
        b'"artifact":{"name":"x","version":"1","type":"%b","locations":[{"path":"%b"}]}}'
    )
    for kind, expected in ((b"npm", 2), (b"deb", 1)):
        data = b'{"matches":[%b,%b],"descriptor":{}}' % (match % (kind, b"/a/p.json"), match % (kind, b"/b/p.json"))
        assert severities(data) == [0, expected, 0, 0]
