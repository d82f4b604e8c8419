"""More ways in which a bad system could pass: reports of many tools, and demands in many words. None gives GO."""

# ruff: noqa: E501 - a report or a sentence a line

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from ingest.observation import CATALOGUE
from ingest.plan_drafting.from_checklist import plan_from_checklist
from ingest.readers.documents.checklist import read_checklist
from ingest.readers.registry import read_bytes
from ingest.sources.report_files.combine import ReportFile, combine
from tests.app.steps.test_never_a_false_go import FAILED as FAILS
from tests.app.steps.test_never_a_false_go import GO, NO_EVIDENCE, USAGE, Project, criterion, project
from tests.testing.repositories import git, new_repository

__all__ = ["project"]

PASSED = '<testsuite name="a" tests="1"><testcase classname="c" name="a"/></testsuite>'
FAILED = '<testsuite name="b" tests="1"><testcase classname="c" name="b"><failure message="no"/></testcase></testsuite>'


def cobertura(attributes: str, hits: str) -> str:
    lines = "".join(f'<line number="{at}" hits="{hit}"/>' for at, hit in enumerate(hits, 1))
    body = f'<packages><package><classes><class filename="a.py"><lines>{lines}</lines></class></classes></package></packages>'
    return f'<?xml version="1.0"?><coverage {attributes}>{body}</coverage>'


def zipped(**files: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.xml", text)
    return buffer.getvalue()


def sarif(**rule: Any) -> dict[str, Any]:
    driver = {"name": "t", "rules": [{"id": "r", **rule}]}
    result = {"ruleId": "r", "ruleIndex": 0, "message": {"text": "m"}}
    return {"version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": [result]}]}


def lighthouse(score: float, audit: float) -> dict[str, Any]:
    category = {"score": score, "auditRefs": [{"id": "a", "weight": 100}]}
    return {
        "lighthouseVersion": "12.8.0",
        "requestedUrl": "https://x/",
        "categories": {"performance": category},
        "audits": {"a": {"score": audit}},
    }


def jest(status: str, **top: Any) -> dict[str, Any]:
    test = {"fullName": "a", "status": status, "failureMessages": []}
    file = {"name": "/a.test.js", "status": "passed", "message": "", "assertionResults": [test]}
    return {
        "numTotalTests": 1,
        "numPassedTests": int(status == "passed"),
        "success": True,
        "testResults": [file],
        **top,
    }


def playwright(status: str, last: str) -> dict[str, Any]:
    test = {"status": status, "results": [{"status": last}]}
    suite = {"title": "a", "specs": [{"title": "a", "tests": [test]}]}
    return {"config": {"projects": []}, "suites": [suite], "errors": [], "stats": {}}


def trx(outcome: str, run: str = "Completed") -> str:
    result = f'<Results><UnitTestResult testName="a" outcome="{outcome}"/></Results>'
    return f'<TestRun>{result}<ResultSummary outcome="{run}"/></TestRun>'


K6 = {
    "http_req_failed": {"type": "rate", "values": {"rate": 0, "passes": 50, "fails": 50}},
    "http_reqs": {"values": {"count": 100}},
}
DOTNET: dict[str, Any] = {"version": 1, "parameters": "--vulnerable", "projects": [{"path": "a.csproj"}]}
INSECURE = {
    "version": "0.9.2",
    "created_at": "2026-01-01",
    "results": [{"type": "insecure_source", "source": "http://x"}],
}
NPM = {"error": {"code": "ENOLOCK", "summary": "This command requires an existing lockfile."}}
SEMGREP = {"version": "1.50", "results": [], "errors": [], "paths": {"scanned": []}}
DART = '{"protocolVersion":"0.1.1","type":"start","time":0}\n{"type":"done","success":false,"time":9}\n'
SIZES = [{"name": "app", "passed": False, "size": 10, "sizeLimit": 20}]
OSV = {
    "results": [
        {
            "source": {"path": "a"},
            "packages": [
                {
                    "package": {"name": "a"},
                    "vulnerabilities": [{"id": "G-1"}, {"id": "G-2"}],
                    "groups": [{"ids": ["G-9"]}],
                }
            ],
        }
    ]
}
# what hides the fault -> (metric, comparator, threshold, file name, content)
REPORTS: dict[str, tuple[str, str, float, str, Any]] = {
    "Trivy scanned nothing": ("findings_critical_count", "<=", 0, "trivy.json", {"SchemaVersion": 2, "Results": []}),
    "composer did not reach its repository": (
        *("findings_high_count", "<=", 0, "audit.json"),
        {"advisories": [], "unreachable-repositories": ["https://x"], "abandoned": []},
    ),
    "dotnet met an error": (
        *("findings_high_count", "<=", 0, "nuget.json"),
        {**DOTNET, "problems": [{"text": "no assets file", "level": "error"}]},
    ),
    "dotnet was not asked": ("findings_high_count", "<=", 0, "nuget.json", {**DOTNET, "parameters": ""}),
    "a gem comes from an insecure source": ("findings_high_count", "<=", 0, "gems.json", INSECURE),
    "npm audit failed": ("findings_critical_count", "<=", 0, "npm.json", NPM),
    "osv-scanner lists beside its groups": ("findings_high_count", "<=", 0, "osv.json", OSV),
    "semgrep scanned no file": ("findings_high_count", "<=", 0, "semgrep.json", SEMGREP),
    "the level is in the rule": (
        *("findings_high_count", "<=", 0, "a.sarif"),
        sarif(defaultConfiguration={"level": "error"}),
    ),
    "a nested suite broke": (
        *("tests_failed", "<=", 0, "junit.xml"),
        f"<testsuites>{PASSED[:-12]}<testsuite name='i' tests='0'><error message='x'/></testsuite></testsuite></testsuites>",
    ),
    "the root counts an error": ("tests_failed", "<=", 0, "junit.xml", f'<testsuites tests="1" errors="1">{PASSED}</testsuites>'),
    "Dart calls its run failed": ("tests_failed", "<=", 0, "dart.jsonl", DART),
    "TAP stops before its plan ends": ("tests_passed_percent", ">=", 100, "a.tap", "TAP version 13\n1..9\nok 1\nnot ok 2\n"),
    "TAP bails out": ("tests_failed", "<=", 0, "a.tap", "TAP version 13\n1..2\nok 1\nBail out! disk\n"),
    "one entry of an archive fails": ("tests_failed", "<=", 0, "junit.zip", zipped(a=PASSED, b=FAILED)),
    "the failing half is UTF-16": ("tests_failed", "<=", 0, "junit.xml", f"<testsuites>{PASSED}{FAILED}</testsuites>".encode("utf-16")),
    "a header is greener than its lines": (
        *("coverage_line_percent", ">=", 80, "cobertura.xml"),
        cobertura('line-rate="0.95" lines-covered="95" lines-valid="100"', "1100000000"),
    ),
    "a header of lcov is greener": (
        *("coverage_line_percent", ">=", 80, "lcov.info"),
        "SF:a.js\nDA:1,1\nDA:2,0\nDA:3,0\nLF:3\nLH:3\nend_of_record\n",
    ),
    "a coverage file has no lines": ("coverage_line_percent", ">=", 80, "cobertura.xml", cobertura('line-rate="1"', "")),
    "a coverage file is cut off": ("coverage_line_percent", ">=", 80, "cobertura.xml", cobertura('line-rate="0.9"', "11111")[:-40]),
    "a page's score is greener than its audits": ("load_score", ">=", 90, "lighthouse.json", lighthouse(0.99, 0.4)),
    "size-limit failed under its limit": ("bundle_brotli_bytes", "<=", 100, "size-limit.json", SIZES),
    "k6 states a rate of zero over fifty failures": ("request_error_percent", "<=", 1, "k6.json", {"metrics": {**K6, "iterations": {"values": {"count": 1}}}}),
    "a login page was saved": ("tests_failed", "<=", 0, "junit.xml", "<!doctype html><html><title>Sign in</title></html>"),
    "the file is empty": ("tests_failed", "<=", 0, "junit.xml", ""),
    "jest calls a test timed out": ("tests_failed", "<=", 0, "jest.json", jest("timedOut")),
    "jest was interrupted": ("tests_failed", "<=", 0, "jest.json", jest("passed", wasInterrupted=True)),
    "a status word of jest is unknown": ("tests_failed", "<=", 0, "jest.json", jest("crashed")),
    "Playwright stopped in a test": ("tests_failed", "<=", 0, "playwright.json", playwright("skipped", "interrupted")),
    "RSpec aborted an example": (
        *("tests_failed", "<=", 0, "rspec.json"),
        {"version": "3.12", "examples": [{"id": "1", "full_description": "a", "status": "aborted"}], "summary_line": ""},
    ),
    "pytest calls a test timed out": (
        *("tests_failed", "<=", 0, "pytest.json"),
        {"exitcode": 0, "summary": {"collected": 1, "total": 1}, "tests": [{"nodeid": "a.py::t", "outcome": "timeout"}]},
    ),
    "GoogleTest was interrupted": (
        *("tests_failed", "<=", 0, "gtest.json"),
        {"tests": 1, "testsuites": [{"testsuite": [{"name": "a", "status": "RUN", "result": "INTERRUPTED"}]}]},
    ),
    "mochawesome has a state alone": (
        *("tests_failed", "<=", 0, "mochawesome.json"),
        {"stats": {"passes": 1, "failures": 0}, "passes": None, "failures": None, "results": [{"tests": [{"state": "failed"}]}]},
    ),
    "VSTest calls a test crashed": ("tests_failed", "<=", 0, "a.trx", trx("Crashed")),
    "VSTest did not end its run": ("tests_failed", "<=", 0, "a.trx", trx("Passed", "InProgress")),
    "NUnit calls a case unknown": ("tests_failed", "<=", 0, "nunit.xml", '<test-run><test-case name="a" result="Unknown"/></test-run>'),
    "NUnit was cancelled": (
        *("tests_failed", "<=", 0, "nunit.xml"),
        '<test-run result="Cancelled"><test-case name="a" result="Passed"/></test-run>',
    ),
    "xUnit calls a test timed out": (
        *("tests_failed", "<=", 0, "xunit.xml"),
        '<assemblies><assembly total="1"><collection><test name="a" result="Timeout"/></collection></assembly></assemblies>',
    ),
    "CTest calls a test timed out": (
        *("tests_failed", "<=", 0, "Test.xml"),
        '<Site Generator="ctest-3.25"><Testing><Test Status="timeout"><Name>a</Name></Test></Testing></Site>',
    ),
    "the Dart runner was stopped": (
        *("tests_failed", "<=", 0, "dart.jsonl"),
        DART.replace("false", "null"),
    ),
    "a JUnit case has a status alone": (
        *("tests_failed", "<=", 0, "junit.xml"),
        '<testsuite tests="1"><testcase classname="c" name="a" status="timed out"/></testsuite>',
    ),
    "a JUnit case has a result alone": (
        *("tests_failed", "<=", 0, "junit.xml"),
        '<testsuite tests="1"><testcase classname="c" name="a" result="failed"/></testsuite>',
    ),
    "a key is written twice": (
        *("findings_high_count", "<=", 0, "grype.json"),
        '{"matches":[{"vulnerability":{"id":"a","severity":"High"}}],"descriptor":{},"matches":[]}',
    ),
}  # fmt: skip


def test_a_report_that_hides_its_fault_never_holds(project: Project) -> None:
    """Whatever hides a fault in a report, its criterion does not hold: one pull of all of them, each in its folder."""
    criteria, scopes = [], []
    for number, (metric, comparator, threshold, name, content) in enumerate(REPORTS.values()):
        place = project.folder / "reports" / f"c{number}"
        place.mkdir(parents=True)
        text = content if isinstance(content, bytes | str) else json.dumps(content)
        (place / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        scope = f"entry:app@c{number}" if metric.startswith("bundle_") else f"c{number}"
        row = criterion(threshold, f'scope = "{scope}"').replace("coverage_line_percent", metric)
        row = row.replace('">="', f'"{comparator}"').replace('"coverage"', f'"c{number}"').replace("baseline = 0\n", "")
        criteria.append(row.replace('unit = "percent"', f'unit = "{CATALOGUE[metric].unit}"'))
        scopes.append(f'"reports/c{number}/*" = "c{number}"')
    project.plan(
        "".join(criteria), more=f"[sources.artifacts]\npaths = ['reports']\nscopes = {{ {', '.join(scopes)} }}\n"
    )
    assert project.run("pull") == 0
    code, answer = project.check("--allow-conditional")
    states = {row["id"]: row["state"] for row in answer["gates"][0]["criteria"]}
    assert [case for number, case in enumerate(REPORTS) if states[f"c{number}"] == "passing"] == []
    assert code != GO
    assert answer["verdict"] == "NO-GO"


# sentence -> what a bad system has: it must fail whatever the import makes of the sentence
BAD = {
    "coverage_line_percent": 10.0, "coverage_branch_percent": 10.0, "request_error_percent": 60.0, "tests_passed_percent": 20.0,
    "request_p95_seconds": 90.0, "tests_failed": 50.0, "findings_critical_count": 9.0, "findings_high_count": 9.0,
    "bundle_gzip_bytes": 9e8, "bundle_raw_bytes": 9e8, "ci_success_percent": 5.0, "load_score": 5.0, "secrets_count": 9.0,
    "load_lcp_seconds": 60.0, "todo_count": 9e4, "http_healthy_percent": 1.0,
}  # fmt: skip
SENTENCES = [
    "Coverage of at most 80%", "Fehlerquote nicht unter 1 %", "We accept up to 500 failing tests", "Coverage may fall to 4%",
    "Error rate less than or equal to 100%", "p95 ≥ 500 ms is a failure", "Bundle ≥ 500KB → block", "Coverage: was 85%, now 5%",
    "Taxa de erro acima de 1% bloqueia o deploy", "Покрытие тестами не выше 80%", "カバレッジ 80% 未満は不可", "错误率超过1%则回滚",
    "Coverage 80 % nicht erreicht = NO-GO", "Coverage drops ≤ 5% allowed", "Wskaźnik błędów powyżej 1% blokuje wydanie",
    "Tasso di errore superiore all'1%: rollback", "La couverture descend à 5 % au plus bas", "Foutpercentage hoger dan 1%: stop",
    "Si la tasa de error supera el 1 %, se revierte", "p95 not under 90 s", "Error budget: 60% may be spent", "coverage ≥ 5% is NO-GO",
    "Lighthouse performance score above 0.4", "Coverage from 80% to 5%", "Error rate: 1% → 60%", "99999 TODO markers left",
    "60 failing tests", "9 critical vulnerabilities open", "Not greater than or equal to 80% coverage",
    "No coverage above 80%", "No release without an error rate under 60%", "Bring coverage down to 5%",
    "CI success rate no better than 95 %", "tests passed: 20% or fewer", "🚫 error rate > 5%",
]  # fmt: skip
FORMS = (
    "- [ ] {}",
    "| Item | Status |\n|---|---|\n| {} | ☐ |\n| Handbook | ☐ |",
    "1. {}\n2. Handbook printed",
    "│ ☐ {} │",
)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_no_wording_makes_a_bad_system_hold(sentence: str) -> None:
    """In a list, a table, numbers or a drawn box: what the import binds, a bad system fails."""
    for form in FORMS:
        document = f"# Release\n\n## Quality\n\n- [ ] Handbook printed\n\n{form.format(sentence)}\n"
        mapping, _ = plan_from_checklist(read_checklist(document.encode()), name="x")
        for row in (row for gate in mapping["gate"] for row in gate["criterion"] if row["metric"]):
            bad = BAD[row["metric"]]
            holds = {"<": bad < row["threshold"], "<=": bad <= row["threshold"], ">": bad > row["threshold"],
                     ">=": bad >= row["threshold"]}[row["comparator"]]  # fmt: skip
            assert not holds, (form, row["metric"], row["comparator"], row["threshold"])


# --- what a plan demands of nobody, and what nobody has read ------------------------------------------------------------

EMPTY_DEMANDS = {
    "coverage of at least nothing": (criterion(0), "holds for every value"),
    "a share written as a fraction": (criterion(0.8), "written in percent, as 80"),
    "all of it written as 1": (criterion(1), "written in percent, as 100"),
    "a score written as a fraction": (
        criterion(0.9).replace("coverage_line_percent", "load_score").replace('"percent"', '"points"'),
        "points of 100, as 90",
    ),
    "an error rate of at most everything": (
        criterion(100)
        .replace("coverage_line_percent", "request_error_percent")
        .replace('">="', '"<="')
        .replace("baseline = 0\n", ""),
        "holds for every value",
    ),
    "milliseconds without their unit": (
        criterion(300)
        .replace("coverage_line_percent", "request_p95_seconds")
        .replace('">="', '"<="')
        .replace('unit = "percent"\nbaseline = 0\n', ""),
        'add unit = "ms"',
    ),
    "a word for an impossible figure": (
        criterion(more='attested = { by = "Kim", on = 2025-01-01, expires = 2099-12-31, value = 950 }'),
        "950 percent is impossible",
    ),
    "a tolerance that takes everything": (criterion(more="tolerance = 100"), "lets every value hold"),
    "a figure that never grows old": (criterion(more="max_age_days = 1e12"), "needs 0 to 36500"),
}


@pytest.mark.parametrize("case", EMPTY_DEMANDS)
def test_a_demand_that_a_bad_system_meets_is_refused(project: Project, case: str) -> None:
    """The plan is not taken; one line says what to write instead."""
    criteria, words = EMPTY_DEMANDS[case]
    project.plan(criteria)
    assert project.run("check") == USAGE
    assert words in project.errors


def test_a_rule_that_never_fires_is_refused(project: Project) -> None:
    """One of one criterion may fail: nothing is asked, so the plan is not taken."""
    project.plan(more='[[rule]]\nid = "r"\nkind = "go"\ntext = "t"\namong = ["coverage"]\nat_most = 1\n')
    assert project.run("check") == USAGE
    assert "the rule never fires" in project.errors


def test_an_older_plan_is_scored_as_it_was(project: Project) -> None:
    """A demand that is refused today does not make the history of a project unreadable."""
    import duckdb

    with duckdb.connect(str(project.folder / ".tminus" / "warehouse.duckdb")) as warehouse:
        warehouse.execute("UPDATE plan_version SET text = replace(text, 'threshold = 80', 'threshold = 0.8')")
    project.plan(criterion(70))
    assert project.check()[0] == GO


def test_commits_that_no_pull_has_read_forbid_go(project: Project) -> None:
    """Committed after the pull: nothing is known of it, whatever the commit before was; a past day is judged as it was."""
    project.commit("x = 1  # TODO all of it\n")
    code, answer = project.check()
    assert (code, answer["verdict"]) == (NO_EVIDENCE, "NO-GO")
    assert [rule["because"] for rule in answer["rules"] if rule["id"] == "unread_commits"] == [
        "1 newer commit is not read yet: `tminus pull` reads what is new"
    ]
    assert project.check("--gate", "quality")[0] == NO_EVIDENCE
    assert project.run("status", "--json") == 0
    assert json.loads(project.printed)["decision"]["verdict"] == "NO-GO"
    assert project.run("pull") == 0
    assert project.check()[0] == GO


def test_an_old_commit_that_is_measured_again_forbids_go(project: Project) -> None:
    """A pipeline of an old commit that runs once more says nothing about the newest one, which was worse."""
    old = git(project.folder, "rev-parse", "HEAD").strip()
    new = project.commit("x = 2\n")
    assert project.run("pull") == 0
    project.record(40, "--commit", new)
    assert project.check()[0] == FAILS
    project.record(95, "--commit", old)
    code, answer = project.check()
    assert (code, answer["verdict"]) == (NO_EVIDENCE, "NO-GO")
    assert [rule["id"] for rule in answer["rules"] if rule["holds"] is None] == ["overtaken"]
    assert project.check("--gate", "quality")[0] == NO_EVIDENCE
    assert project.run("check") == NO_EVIDENCE
    assert "Measured on other commits: Line coverage (1 commit behind)." in project.printed


def test_a_figure_of_another_branch_forbids_go(project: Project) -> None:
    """What was measured on a commit that the branch does not contain is no evidence for it; a merged one is."""
    other = git(project.folder, "commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", "other").strip()
    project.record(95, "--commit", other)
    code, answer = project.check()
    assert (code, [rule["id"] for rule in answer["rules"] if rule["holds"] is None]) == (NO_EVIDENCE, ["off_branch"])
    assert project.check("--gate", "quality")[0] == NO_EVIDENCE
    assert project.run("status") == GO  # the figure is shown, and marked as one that does not count
    assert "not for GO: its commit is not on the branch" in " ".join(project.printed.split())
    assert project.run("forecast", "--json") == NO_EVIDENCE
    assert json.loads(project.printed)["outcome"] == "not_enough_evidence"  # else it would say that GO holds now
    git(project.folder, "reset", "-q", "--hard")
    git(project.folder, "merge", "-q", "--no-ff", "-m", "merge", other)
    assert project.run("pull") == 0
    assert project.check()[0] == GO


def test_a_commit_that_nobody_has_is_refused(project: Project) -> None:
    """A short or misspelled commit is no evidence of any."""
    assert project.run("record", "coverage_line_percent", "90", "--commit", "nowhere") == USAGE
    assert "--commit nowhere: not in the clone" in project.errors


def test_the_verdict_says_how_far_behind_its_evidence_is(project: Project) -> None:
    """Per criterion, in `check` and `status`."""
    project.record(86, "--commit", "HEAD")
    project.commit("x = 4\n")
    project.commit("x = 5\n")
    assert project.run("pull") == 0
    for command in ("check", "status"):
        assert project.run(command) == GO
        assert "2 commits behind" in project.printed


def test_a_waiver_ends_with_the_day_of_the_team(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """At one and the same moment it is over where it is the next day already."""
    monkeypatch.chdir(tmp_path)
    made = Project(tmp_path, capsys)
    new_repository(tmp_path)
    made.commit()
    waiver = '[[waiver]]\ncriterion = "coverage"\nowner = "Lee"\nreason = "r"\nexpires = 2026-01-05\n'
    made.plan(criterion(90), "effective_from = 2025-01-01", waiver)
    assert made.run("pull") == 0
    made.record(85, "--at", "2026-01-01")
    for moment, kinds in (("2026-01-05T20:00:00+00:00", ["waiver"]), ("2026-01-06T10:00:00+14:00", [])):
        _, answer = made.check("--at", moment)
        assert [condition["kind"] for condition in answer["conditions"]] == kinds


def test_what_does_not_apply_is_named_beside_go(project: Project) -> None:
    """A blocker that an edit of the plan takes out of the verdict is printed with the reason."""
    branches = criterion(99, 'blocker = true\nnot_applicable = "after the launch"').replace('"coverage"', '"branches"')
    project.plan(criterion() + branches)
    assert project.run("check") == GO
    assert "does not apply: after the launch" in project.printed


IDLE: dict[str, tuple[str, str]] = {
    "all tests skipped": ("junit.xml", '<testsuite tests="1"><testcase name="a"><skipped/></testcase></testsuite>'),
    "mypy without a file": ("mypy.txt", "Success: no issues found in 0 source files\n"),
    "Bandit without a file": (
        "bandit.json",
        '{"errors": [], "generated_at": "2026-01-01T00:00:00Z", "metrics": {"_totals": {"loc": 0}}, "results": []}',
    ),
    "npm audit without a dependency": (
        "npm.json",
        '{"auditReportVersion": 2, "vulnerabilities": {}, "metadata": {"vulnerabilities": {"high": 0, "total": 0}, '
        '"dependencies": {"prod": 0, "total": 0}}}',
    ),
}


@pytest.mark.parametrize("case", IDLE)
def test_a_tool_that_looked_at_nothing_found_nothing_out(case: str) -> None:
    """No failure, finding or error of it is zero."""
    name, text = IDLE[case]
    read = [ReportFile(name, text.encode(), reading) for reading in read_bytes(text.encode(), name)]
    found = {f.metric: f.value for part in combine(read)[0] for f in part.reading.figures}
    bad = {name: value for name, value in found.items() if name.startswith("findings_") or name in FAULTS}
    assert bad
    assert set(bad.values()) == {None}


FAULTS = ("tests_failed", "tests_errored", "type_errors_count")


def test_a_skipped_shard_beside_one_that_ran_hides_nothing() -> None:
    """The failures of the whole run are known: those of the shard that ran."""
    ran = '<testsuite tests="2"><testcase name="b"/><testcase name="c"><failure/></testcase></testsuite>'
    files = []
    for name, text in (("a.xml", IDLE["all tests skipped"][1]), ("b.xml", ran)):
        files += [ReportFile(name, text.encode(), reading) for reading in read_bytes(text.encode(), name)]
    (part,), _ = combine(files)
    assert {f.metric: f.value for f in part.reading.figures}["tests_failed"] == 1


@pytest.mark.parametrize(
    ("tap", "failed", "share"),
    [
        ("TAP version 13\n1..2\nnot ok 1 - deploy\nok 2 - stop\n", 1, 50),
        ("TAP version 13\n", None, None),
        ("TAP version 13\n1..1\nok 1 - deploy # SKIP no network\n", 0, 100),
    ],
)
@pytest.mark.parametrize("names", [("a.xml", "b.tap"), ("b.xml", "a.tap")])
def test_a_report_in_another_format_hides_no_failure(
    tap: str, failed: float | None, share: float | None, names: tuple[str, str]
) -> None:
    """Unit tests in JUnit pass, scripts in TAP fail, break or are skipped: what is taken says so, whichever it is."""
    passed = '<testsuite tests="1"><testcase name="a"/></testsuite>'
    files = []
    for name, text in zip(names, (passed, tap), strict=True):
        files += [ReportFile(name, text.encode(), reading) for reading in read_bytes(text.encode(), name)]
    parts, warnings = combine(files)
    found = {f.metric: f.value for part in parts for f in part.reading.figures}
    assert found["tests_failed"] == failed or found["tests_failed"] is None
    assert found["tests_passed_percent"] == share or found["tests_passed_percent"] is None
    assert any("the same suite is also reported in" in warning for warning in warnings)


@pytest.mark.parametrize(("hit", "expected"), [(9, 90), (8, 90), (1, None)])
def test_coverage_in_two_formats_that_disagree_is_unknown(hit: int, expected: float | None) -> None:
    """A file of one format with 90% says nothing of the part that the other format measured at 10%."""
    lcov = "SF:web/a.js\n" + "".join(f"DA:{line},{int(line <= 9)}\n" for line in range(1, 11)) + "end_of_record\n"
    go = "mode: set\n" + "".join(f"api/b.go:{line}.1,{line}.9 1 {int(line <= hit)}\n" for line in range(1, 11))
    files = []
    for name, text in (("a.info", lcov), ("b.out", go)):
        files += [ReportFile(name, text.encode(), reading) for reading in read_bytes(text.encode(), name)]
    figures = [f for part in combine(files)[0] for f in part.reading.figures]
    assert [f.value for f in figures if (f.metric, f.scope) == ("coverage_line_percent", "")] == [expected]
