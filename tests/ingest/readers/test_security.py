"""Findings: levels, suppressions, baselines, identity; and no secret ever leaves a reader."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.readers.registry import read_bytes
from ingest.readers.security.findings import severity_of_score
from ingest.redaction import redact_words

FIXTURES = Path(__file__).parents[2] / "fixtures"
PLANTED = "AKIAQ7PLANTEDSECRET"
HARD = "hunter2-Tr0ub4dor"


def read(document, name="x", hint=None):
    """The reading of a document given as Python data."""
    return read_bytes(json.dumps(document).encode(), name, hint)[0]


def sarif(*results, tool="Scanner", rules=(), **run):
    """A SARIF document of one run."""
    return {
        "version": "2.1.0",
        "runs": [{"tool": {"driver": {"name": tool, "rules": list(rules)}}, "results": list(results), **run}],
    }


def count(reading, severity):
    """Findings of one severity."""
    return next(f.value for f in reading.figures if f.metric == f"findings_{severity}_count")


def test_no_reading_holds_a_secret():
    """The key of Bandit's code excerpt, gitleaks' and Trivy's Match is in no figure, item or warning of any report."""
    paths = [*sorted((FIXTURES / "ci_outputs/security").iterdir()), *sorted((FIXTURES / "formats").iterdir())]
    secrets = (PLANTED, "AKIAIOSFODNN7EXAMPLF", "32e6ad9003cc710b1ac7c09e54eb216e6f835964")
    shown = {str(path.relative_to(FIXTURES)): repr(read_bytes(path.read_bytes(), path.name)) for path in paths}
    assert len(shown) > 400
    assert [(name, secret) for name, text in shown.items() for secret in secrets if secret in text] == []


def planted_documents():
    """Reports of several tools that quote a password, which looks like an ordinary word."""
    place = {
        "physicalLocation": {"artifactLocation": {"uri": "a.py"}, "region": {"startLine": 2, "snippet": {"text": HARD}}}
    }
    yield sarif({"ruleId": "B105", "message": {"text": f"Possible hardcoded password: '{HARD}'"}, "locations": [place]})
    yield sarif({"ruleId": "generic-api-key", "message": {"text": f"{HARD} detected"}}, tool="gitleaks")
    yield {
        "results": [
            {
                "test_id": "B106",
                "issue_severity": "LOW",
                "filename": "a.py",
                "line_number": 1,
                "issue_text": f"Possible hardcoded password: '{HARD}'",
                "code": HARD,
            }
        ],
        "errors": [],
    }
    yield {
        "results": [
            {
                "check_id": "r.jwt",
                "path": "a.js",
                "start": {"line": 1},
                "extra": {"message": f"secret = {HARD}", "severity": "ERROR", "lines": HARD},
            }
        ],
        "errors": [],
        "paths": {"scanned": []},
    }
    yield [{"RuleID": "x", "Secret": HARD, "Match": f"p={HARD}", "File": "a", "Message": HARD, "Description": HARD}]
    yield {
        "plugins_used": [],
        "results": {"a.py": [{"type": "Secret Keyword", "hashed_secret": HARD, "line_number": 1}]},
    }
    yield {
        "SchemaVersion": 2,
        "Results": [
            {
                "Target": "a",
                "Class": "secret",
                "Secrets": [
                    {
                        "RuleID": "r",
                        "Severity": "HIGH",
                        "StartLine": 1,
                        "Match": HARD,
                        "Code": {"Lines": [{"Content": HARD}]},
                    }
                ],
            }
        ],
    }
    yield {"error": {"code": "E401", "summary": f"login failed at https://me:{HARD}@registry.example/"}, "metadata": {}}
    yield {"status": "error", "errorType": "x", "error": f"password={HARD}"}
    yield [{"metric": "tests_total", "value": 1, "source": f"token: {HARD}", "scope": f"https://u:{HARD}@h/"}]


@pytest.mark.parametrize("document", list(planted_documents()), ids=lambda d: str(d)[:40])
def test_a_planted_password_is_nowhere(document):
    """Not in the text, not in the path, not in a warning, not in a reason."""
    reading = read(document)
    assert reading.figures
    assert HARD not in repr(reading)


@pytest.mark.parametrize(
    "words",
    [
        f"key {PLANTED}",
        f"password = '{HARD}'",
        f'{{"api_key": "{HARD}"}}',
        f"https://user:{HARD}@host/x",
        f"Authorization: Bearer {HARD}",
        "ghp_0123456789abcdefghij",
        "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyIjoxfQ.c2ln",
        f"curl -H 'X-Api-Key: {HARD}'",
    ],
)
def test_credentials_are_redacted_from_words(words):
    """The shapes of keys and whatever is called a password go."""
    clean = redact_words(words)
    for secret in (PLANTED, HARD, "0123456789abcdefghij", "c2ln"):
        assert secret not in clean


@pytest.mark.parametrize(
    "words",
    ["expected 2 to be 3", "assert calc.add(1, 1) == 3", "src/components/token_list.tsx", "Cannot find name 'foo'."],
)
def test_ordinary_words_stay(words):
    """Redaction does not eat what a reader needs."""
    assert redact_words(words) == words


def test_a_test_failure_that_prints_a_key_is_redacted():
    """Failure messages may quote the environment."""
    body = f'<testsuite><testcase name="a"><failure message="got {PLANTED}"/></testcase></testsuite>'
    assert PLANTED not in repr(read_bytes(body.encode(), "x"))


def test_the_level_comes_from_the_result_then_the_rule_then_the_standard():
    """Without any level it is a warning, as the standard says."""
    rules = [{"id": "E", "defaultConfiguration": {"level": "error"}}, {"id": "plain"}]
    results = [
        {"ruleId": "E"},
        {"ruleId": "E", "level": "note"},
        {"ruleId": "plain"},
        {"ruleId": "E/sub"},
        {"ruleId": "E", "level": "none"},
    ]
    reading = read(sarif(*results, rules=rules))
    assert [count(reading, word) for word in ("critical", "high", "medium", "low")] == [0, 2, 1, 1]


@pytest.mark.parametrize(
    "named",
    [
        {"ruleIndex": 1},
        {"rule": {"index": 1}},
        {"ruleId": "E", "ruleIndex": 1},
        {"ruleId": "E/sub", "ruleIndex": 1},
        {"ruleId": "E", "ruleIndex": 0},
        {"ruleId": "P", "rule": {"id": "P", "index": 0, "toolComponent": {"index": 0}}},
        {"rule": {"index": 0, "toolComponent": {"name": "pack"}}},
    ],
)
def test_a_result_has_the_level_of_the_rule_that_it_names_by_place(named):
    """SARIF lets a result name its rule by id, by number, or both; an id that contradicts the number wins."""
    rules = [{"id": "plain"}, {"id": "E", "defaultConfiguration": {"level": "error"}}]
    document = sarif(named, rules=rules)
    pack = {"name": "pack", "rules": [{"id": "P", "defaultConfiguration": {"level": "error"}}]}
    document["runs"][0]["tool"]["extensions"] = [pack]
    assert count(read(document), "high") == 1


@pytest.mark.parametrize("descriptor", [{"id": "R"}, {"index": 0}])
def test_a_run_that_raises_the_level_of_a_rule_is_heeded(descriptor):
    """The configuration of the run overrides the default of the rule."""
    override = {"descriptor": descriptor, "configuration": {"level": "error"}}
    rules = [{"id": "R", "defaultConfiguration": {"level": "note"}}]
    invocation = {"executionSuccessful": True, "ruleConfigurationOverrides": [override]}
    reading = read(sarif({"ruleId": "R"}, {"ruleId": "R", "level": "note"}, rules=rules, invocations=[invocation]))
    assert (count(reading, "high"), count(reading, "low")) == (1, 1)


@pytest.mark.parametrize(
    ("extra", "counted"),
    [
        ({"suppressions": [{"kind": "inSource"}]}, 0),
        ({"suppressions": [{"kind": "external", "status": "accepted"}]}, 0),
        ({"suppressions": [{"kind": "external", "status": "underReview"}]}, 1),
        ({"suppressions": []}, 1),
        ({"suppressions": [{"kind": "inSource"}, {"kind": "external", "status": "rejected"}]}, 1),
        (
            {
                "suppressions": [
                    {"kind": "inSource", "status": "accepted"},
                    {"kind": "external", "status": "underReview"},
                ]
            },
            1,
        ),
        ({"baselineState": "absent"}, 0),
        ({"baselineState": "unchanged"}, 1),
        ({"kind": "notApplicable"}, 0),
        ({"kind": "fail"}, 1),
    ],
)
def test_suppressions_and_baselines(extra, counted):
    """Only what is really found now, and not accepted, counts."""
    assert count(read(sarif({"ruleId": "R", "level": "error", **extra})), "high") == counted


def test_a_run_that_did_not_finish_is_unknown():
    """`results: null` and a failed invocation without results are no clean scan."""
    for run in ({"results": None}, *({"invocations": [{"executionSuccessful": no}]} for no in (False, "false"))):
        assert count(read(sarif(**run)), "high") is None


def test_several_runs_add_up():
    """Two tools in one file: both count."""
    document = sarif({"ruleId": "A", "level": "error"})
    document["runs"] += sarif({"ruleId": "B", "level": "error"}, tool="Other")["runs"]
    assert count(read(document), "high") == 2


def test_fingerprints_outlive_moved_lines_and_messages():
    """The same finding ten lines further down is the same item; a second one is another."""

    def items(*lines):
        results = [
            {
                "ruleId": "R",
                "message": {"text": f"at {line}"},
                "locations": [
                    {"physicalLocation": {"artifactLocation": {"uri": "a.py"}, "region": {"startLine": line}}}
                ],
            }
            for line in lines
        ]
        return [item.fingerprint for item in read(sarif(*results)).items]

    assert items(5) == items(15)
    first, second = items(5, 9)
    assert first != second


@pytest.mark.parametrize(
    ("score", "word"),
    [(9.8, "critical"), ("8.8", "high"), (4.0, "medium"), (0.1, "low"), (0, ""), (11, ""), (None, "")],
)
def test_severity_of_a_score(score, word):
    """CVSS bands."""
    assert severity_of_score(score) == word


def test_a_workload_that_could_not_be_scanned_is_no_clean_one():
    """None found in the rest of a cluster says nothing of the workload for which Trivy states an error."""
    workload = {"Kind": "Pod", "Name": "a", "Results": [{"Target": "a", "Class": "lang-pkgs", "Type": "npm"}]}
    failed = {"Kind": "Pod", "Name": "b", "Error": "image not found"}
    assert count(read({"ClusterName": "c", "Resources": [workload]}), "critical") == 0
    assert count(read({"ClusterName": "c", "Resources": [workload, failed]}), "critical") is None


@pytest.mark.parametrize(
    "package", [{"vulns": None}, {}, {"skip_reason": "not on PyPI"}, {"skip_reason": "gone", "vulns": []}]
)
def test_a_package_without_a_list_of_vulnerabilities_was_not_audited(package):
    """Nothing found in packages that pip-audit did not look at is unknown."""
    listed = [{"name": "a", "version": "1", "vulns": None}, {"name": "b", "version": "1", **package}]
    assert count(read({"dependencies": listed, "fixes": []}), "high") is None
