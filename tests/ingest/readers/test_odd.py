"""Files that are odd and real: other encodings, characters that XML has no name for, namesakes of a format."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.readers.api.coverage import prove
from ingest.readers.coverage.merge import merge_coverage
from ingest.readers.registry import read_bytes

FIXTURES = Path(__file__).parents[2] / "fixtures"
# One file of each way to write: XML with and without a declaration, JSON, JSON lines, plain text, YAML.
SAMPLES = (
    "formats/coverlet-4.1.cobertura.xml",
    "formats/jacoco-0.8.6.xml",
    "formats/nunit-3.6.xml",
    "formats/coverlet-4.1.json",
    "formats/mypy-2.4.jsonl",
    "formats/pyright-1.1.414.json",
    "formats/go-1.27.test.jsonl",
    "formats/go-1.27.coverpkg.out",
    "formats/lcov-1.16.info",
    "formats/bats-1.13.tap",
    "formats/tsc-5.9.txt",
    "formats/openapi.yaml",
)
CASES = b"""<testsuite name="s" tests="2">
<testcase name="x"><failure message="%s"/></testcase><testcase name="y"/></testsuite>"""


def figures(reading):
    """What a reading says, in a form to compare."""
    return reading.format, [(one.metric, one.scope, one.value) for one in reading.figures], len(reading.items)


def only(data: bytes, name: str = "report"):
    (reading,) = read_bytes(data, name)
    return reading


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16-le", "utf-16-be"])
def test_every_encoding_of_windows_gives_the_same_figures(name, encoding):
    """PowerShell redirects in UTF-16 and leaves the XML declaration as it was; its Out-File adds a mark to UTF-8."""
    plain = (FIXTURES / name).read_text(encoding="utf-8-sig")
    marked = plain if encoding == "utf-8-sig" else "\ufeff" + plain

    assert figures(only(marked.encode(encoding), name)) == figures(only(plain.encode(), name))


def test_shards_in_different_encodings_are_merged():
    """One shard of a Windows runner, one of Linux: still one report."""
    plain = (FIXTURES / "formats/go-1.27.coverpkg.out").read_bytes()
    windows = "\ufeff".encode("utf-16-le") + plain.decode().encode("utf-16-le")

    both, alone = merge_coverage([("a", plain), ("b", windows)]), merge_coverage([("a", plain)])
    assert [one.value for one in both.figures] == [one.value for one in alone.figures]


def test_the_mark_of_a_built_file_counts():
    """Three bytes of a mark are sent to the browser like all others."""
    raw = next(one for one in only(b"\xef\xbb\xbfa()", "app.js").figures if one.metric == "bundle_raw_bytes")
    assert raw.value == 6


@pytest.mark.parametrize("words", [b"\x1b[31mred\x1b[0m", b"&#27;[31mred", b"caf\xe9", b"a\x00b", b"&#x0;"])
def test_a_failure_that_printed_no_characters_is_still_a_failure(words):
    """Colours, a NUL or Latin-1 in a message make the report no XML, exactly when a test fails."""
    reading = only(CASES.replace(b"%s", words))
    found = {one.metric: one.value for one in reading.figures}

    assert (found["tests_total"], found["tests_passed"], found["tests_failed"]) == (2, 1, 1)
    assert [item.label for item in reading.items] == ["failed"]


def test_a_bad_character_in_a_result_is_damage():
    """A word that decides is not guessed: one flipped bit in "Failed" must not read as a skipped test."""
    damaged = b'<test-run><test-case name="a" result="Fai\x01ed"/><test-case name="b" result="Passed"/></test-run>'
    counts = b'<coverage line-rate="0.5" lines-valid="2" lines-covered="\x011"/>'

    for data in (damaged, counts):
        assert {one.value for one in only(data).figures} == {None}
        assert "damaged" in only(data).figures[0].reason


def test_an_entity_is_refused_behind_a_bad_character():
    """Mending a character opens no way around the refusal."""
    reading = only(
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><testsuite><testcase name="\x01&x;"/></testsuite>'
    )
    assert "entity" in reading.figures[0].reason


@pytest.mark.parametrize(
    "data",
    [
        b"<TestRun><FailedTests/><SuccessfulTests><Test id='1'><Name>a</Name></Test></SuccessfulTests></TestRun>",
        b'<testsuites xmlns="http://check.sourceforge.net/ns"><suite><test result="failure"/></suite></testsuites>',
        b'<report id="7b18" type="scan"><owner><name>admin</name></owner><results max="10"/></report>',
        b'<report><file name="a.java"><violation line="3"/></file></report>',
    ],
    ids=["CppUnit", "Check", "a network scanner", "a style checker"],
)
def test_namesakes_of_a_format_are_not_claimed(data):
    """A root that several programs use is no format: better no reader than one that says that no test ran."""
    assert only(data, "report.xml").format == ""


@pytest.mark.parametrize(
    "document",
    [{"errors": [], "leaks": []}, {"errorCount": 3, "files": []}, {"files": [{"message": "x"}]}, {"errors": [1]}],
)
def test_a_foreign_report_is_no_error_document(document):
    """Many reports have errors or messages of their own; the words for them point to the generic formats."""
    assert only(json.dumps(document).encode()).warnings[0].startswith("no known format")


def test_an_answer_of_graphql_is_an_error_document():
    """It lists its errors, each with a message."""
    reading = only(b'{"data": null, "errors": [{"message": "Bad credentials"}]}')
    assert reading.warnings == ("an error document, not a report",)


def test_a_long_audit_of_npm_6_is_recognised():
    """Its actions come first and can fill hundreds of lines; its totals come last, behind all advisories."""
    actions = [{"action": "install", "resolves": [{"id": n, "path": "a>b>c" * 9} for n in range(99)]} for _ in range(9)]
    advisories = {
        str(n): {"id": n, "module_name": "left", "severity": "high", "title": "t", **{f"k{m}": 1 for m in range(20)}}
        for n in range(50)
    }
    document = {"actions": actions, "advisories": advisories, "metadata": {"vulnerabilities": {"high": 50}}}
    reading = only(json.dumps(document).encode())

    assert reading.format == "npm-audit"
    assert [one.value for one in reading.figures] == [0, 50, 0, 0]


def test_pip_audit_of_nothing_is_unknown():
    """An environment without a package is no clean one."""
    reading = only(b'{"dependencies": [], "fixes": []}')
    assert (reading.format, {one.value for one in reading.figures}) == ("pip-audit", {None})


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("results", ["schemathesis-4.32.ndjson", "schemathesis-4.32-junit.xml"])
def test_an_api_is_proven_in_every_encoding(results, encoding):
    """The document and the results of the contract tests are read by their own way, which knows the marks too."""
    document, outcome = ((FIXTURES / "formats" / name).read_text() for name in ("fastapi-0.165.openapi.json", results))
    plain, marked = (prove(document.encode(form), [(results, outcome.encode(form))]) for form in ("utf-8", encoding))

    assert marked.figures == plain.figures
    assert plain.figures[-1].value is not None


LOG = b"> shop@1.0.0 test\n> the tests\n\n[server] listens\n"


@pytest.mark.parametrize(
    "name",
    ["jest-29.json", "vitest-3.json", "npm-11.audit.json", "playwright-1.65.json", "surefire-2.22-junit.xml"],
)
@pytest.mark.parametrize("tail", [b"", b"\nDone in 1.2s.\n"])
def test_a_report_between_lines_of_a_log_is_found(name, tail):
    """`npm run` prints what it runs and yarn how long it took: the report says so and is read."""
    data = (FIXTURES / "formats" / name).read_bytes()
    wrapped = only(LOG + data.rstrip() + tail, "out.log")

    assert figures(wrapped) == figures(only(data, name))
    assert wrapped.warnings[-1] == "printed between lines of a log: those were skipped"


def test_two_reports_in_one_log_are_not_read_as_the_first():
    """Half of the tests would be lost: unknown, with the reason."""
    data = (FIXTURES / "formats/jest-29.json").read_bytes()
    for found in (only(data + b"\n" + data), only(LOG + data + b"\n" + LOG + data)):
        assert found.format != "jest" or {one.value for one in found.figures} == {None}


def test_a_log_without_a_report_stays_unknown():
    """A JSON line of a server is no report, and neither is a list of anything."""
    for data in (LOG + b'{"level": "info", "msg": "up"}\n', LOG + b'[{"metric": "todo_count", "value": 1}]\n'):
        assert only(data, "out.log").format == ""


@pytest.mark.parametrize(
    ("lines", "reader", "value"),
    [
        ("Success: no issues found in 3 source files\na.py:1: error: No\n"
         "Found 1 error in 1 file (checked 2 source files)", "mypy", 1),
        ("a.py:1: error: No\nFound 1 error in 1 file (checked 1 source file)\nb.py:2: error: No\n"
         "Found 1 error in 1 file (checked 1 source file)", "mypy", 2),
        ("0 errors, 0 warnings, 0 informations \n/a/b.py\n  /a/b.py:1:1 - error: No\n"
         "1 error, 0 warnings, 0 informations ", "pyright", 1),
        ("10 / 10 100.00%\ntype-coverage success.\n0 / 10 0.00%\ntype-coverage success.", "type-coverage", 50),
    ],
)  # fmt: skip
def test_several_runs_in_one_log_are_added_up(lines, reader, value):
    """A clean package that is checked first must not hide the errors of the next."""
    found = only(lines.encode(), "types.txt")
    assert (found.format, found.figures[0].value) == (reader, value)


def test_several_runs_of_interrogate_add_their_counts():
    """Two tables are one share; two percentages without counts are unknown."""
    row = "| TOTAL | {} | {} | {} | {}% |\n-------- RESULT: PASSED (minimum: 1.0%, actual: {}%) --------\n"
    tables = "interrogate\n" + row.format(4, 0, 4, 100, "100.0") + row.format(12, 12, 0, 0, "0.0")
    assert only(tables.encode(), "docs.txt").figures[0].value == 25
    bare = "RESULT: PASSED (minimum: 1.0%, actual: 100.0%)\nRESULT: FAILED (minimum: 1.0%, actual: 0.0%)\n"
    assert only(bare.encode(), "docs.txt").figures[0].value is None


def test_suites_without_their_cases_are_unknown_for_another_reason_than_an_empty_run():
    """Some tools and filters keep the counts alone; nobody could say which test fails."""
    listed, empty = '<testsuite name="s" tests="6" failures="1"/>', '<testsuites><testsuite tests="0"/></testsuites>'

    assert "state 6 tests and list none" in only(listed.encode()).figures[0].reason
    assert "an empty run is unknown" in only(empty.encode()).figures[0].reason


def trivy(*classes: str):
    """A report with a target of each class, one of them with a secret where there are secrets."""
    secret = [{"RuleID": "github-pat", "Severity": "CRITICAL", "StartLine": 3}]
    results = [{"Target": f"t{n}", "Class": kind} for n, kind in enumerate(classes)]
    for one in results:
        if one["Class"] == "secret":
            one["Secrets"] = secret
    return only(json.dumps({"SchemaVersion": 2, "ArtifactName": "app", "Results": results}).encode())


def test_licences_say_nothing_of_vulnerabilities():
    """`trivy --scanners license` looks for none: zero findings would be no evidence."""
    assert {one.value for one in trivy("license", "license-file").figures} == {None}
    assert {one.value for one in trivy("license", "lang-pkgs").figures} == {0}


def test_secrets_alone_say_nothing_of_vulnerabilities():
    """A scan that found a secret and no package has counted secrets and nothing else."""
    found = {one.metric: one.value for one in trivy("secret", "license").figures}

    assert found.pop("secrets_count") == 1
    assert set(found.values()) == {None}
