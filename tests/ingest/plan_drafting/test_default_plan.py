"""The first plan of a repository: what it asks fits the size of the code, and good order comes apart from neglect."""

from __future__ import annotations

import json
import re

import pytest

from ingest.counting.counters import parse_counters
from ingest.counting.tree_paths import pinned_share
from ingest.plan_drafting.from_tree import default_plan
from ingest.plan_drafting.language_counters import LANGUAGE_COUNTERS, SKIPPED, counters_for
from ingest.plan_drafting.tree_facts import TreeFacts, facts_of
from models.plan.parsing import parse_plan
from tests.testing.repositories import add_commits, new_repository

TESTED = TreeFacts(["typescript"], code_files=90, source_files=80, tests=40, markers=3, lines=9000)


def criteria_of(facts: TreeFacts) -> dict[str, dict[str, object]]:
    """The criteria of the default plan by id."""
    return {c["id"]: c for gate in default_plan(facts, name="x")["gate"] for c in gate["criterion"]}


@pytest.mark.parametrize(
    ("markers", "lines", "threshold", "baseline"),
    [(0, 100, 1, 4), (3, 9000, 4, 16), (33, 9000, 4, 33), (900, 240_000, 120, 900)],
)
def test_the_markers_allowed_fit_the_size_of_the_code(markers, lines, threshold, baseline):
    """One marker in two thousand lines; four times as many, or what is there now, earn nothing."""
    criterion = criteria_of(TreeFacts(["go"], markers=markers, lines=lines))["todo-markers"]
    assert (criterion["threshold"], criterion["baseline"]) == (threshold, baseline)
    assert f"{lines:,} lines" in criterion["why"]


@pytest.mark.parametrize(("language", "wanted"), [("typescript", 20), ("rust", 4)])
def test_the_tests_asked_for_fit_the_size_of_the_code(language, wanted):
    """One test file for four source files; in Rust, whose tests lie in the source files too, one for twenty."""
    assert criteria_of(TreeFacts([language], source_files=80))["tests-present"]["threshold"] == wanted


def test_skipped_tests_are_asked_for_only_where_tests_are():
    """No test file means that none can be skipped: that is no pass."""
    assert SKIPPED in criteria_of(TESTED)
    assert SKIPPED not in criteria_of(TreeFacts(["typescript"], source_files=80))


def test_a_language_beside_the_main_one_brings_no_type_checker():
    """A few scripts in Python do not make a Rust program one that mypy checks."""
    assert "type-errors" in criteria_of(TreeFacts(["python", "rust"]))
    assert "type-errors" not in criteria_of(TreeFacts(["rust", "python"]))


def _facts_in(language: str) -> TreeFacts:
    return TreeFacts([language], source_files=9, tests=3, lines=900, language_lines={language: 900})


def test_every_criterion_of_a_counter_has_that_counter():
    """The scope that a criterion reads is the name of a table under [counters]."""
    for language in LANGUAGE_COUNTERS:
        mapping = default_plan(_facts_in(language), name="x")
        parse_plan(mapping)
        scopes = {c["scope"] for gate in mapping["gate"] for c in gate["criterion"] if c["metric"] == "matches_count"}
        assert scopes and scopes <= set(mapping["counters"])


SKIPS = {
    "typescript": ("src/a.test.ts", "it.skip('a')\ntest.todo('b')\nxit('c', f)\ntest.fixme('d')\n", 4),
    "javascript": ("tests/test-auth.js", "tape.skip('a', f)\nthis.skip()\nit('b', f)\nexit(1)\n", 2),
    "python": (
        "tests/test_a.py",
        "@pytest.mark.skip\n@pytest.mark.skipif(WIN)\n@unittest.skipIf(x)\n"
        "pytestmark = pytest.mark.xfail\nself.skipTest('x')\n",
        3,
    ),
    "rust": ("src/a.rs", "#[ignore]\n#[cfg_attr(miri, ignore)]\n#[test]\n", 1),
    "go": ("a_test.go", 't.Skip()\nb.SkipNow()\nPIt("a")\nt.Run()\n', 3),
    "java": ("app/src/test/kotlin/ATest.kt", '@Disabled("x")\n@Ignore\nxtest("a") {}\n@DisabledOnOs(MAC)\n', 3),
    "c": ("test/a_test.cc", "GTEST_SKIP() << 1;\nTEST(A, DISABLED_b) {}\nTEST(A, c) {}\n", 2),
    "ruby": ("spec/a_spec.rb", "  skip 'x'\n  xit 'b' do\n  it 'c', :skip do\n  skipper 1\n", 3),
    "php": ("tests/ATest.php", "$this->markTestSkipped('x');\nself::markTestIncomplete();\n})->skip();\n", 3),
    "csharp": ("test/ATests.cs", '[Fact(Skip = "x")]\n[Test, Ignore("y")]\n[Fact]\nSkip = "z";\n', 2),
    "swift": ("Tests/ATests.swift", "throw XCTSkip()\ntry XCTSkipIf(x)\n@Test(.disabled())\nfunc testA()\n", 3),
    "elixir": ("test/a_test.exs", "@tag :skip\n@moduletag skip: true\n@tag :slow\n", 2),
    "dart": ("test/a_test.dart", "test('a', f, skip: true);\n@Skip('b')\ntest('c', f, skip: 'later');\n", 3),
    "solidity": ("test/A.t.sol", "vm.skip(true);\nfunction testA() {}\n", 1),
}


@pytest.mark.parametrize("language", SKIPS)
def test_skipped_tests_are_counted_in_the_words_of_each_language(language):
    """Skips, todos and disabled tests count; what only looks like them does not."""
    path, content, number = SKIPS[language]
    counter = next(c for c in parse_counters(counters_for(TreeFacts([language]))) if c.name == SKIPPED)
    assert counter.inside.match(path)
    assert counter.count(content.encode()) == number


def test_every_language_has_its_skips():
    """No language of the list is without a counter of skipped tests and one of silenced checks."""
    assert set(SKIPS) == set(LANGUAGE_COUNTERS)
    assert all(rows[0].name != SKIPPED and re.compile(rows[0].pattern) for rows in LANGUAGE_COUNTERS.values())


def test_a_gradle_catalog_pins_the_modules_of_a_build():
    """The catalog lies in the folder gradle, beside the build files that read it."""
    assert pinned_share(["build.gradle", "app/build.gradle.kts"], {"gradle/libs.versions.toml"}, {}) == (2, 2)
    assert pinned_share(["build.gradle"], {"other/gradle/libs.versions.toml"}, {}) == (0, 1)
    assert pinned_share(["package.json"], {"gradle/package-lock.json"}, {}) == (0, 1)


def test_the_facts_count_source_files_and_lines(tmp_path):
    """Tests, documents and other people's code are not source files."""
    repository = new_repository(tmp_path / "r")
    files = {"a.ex": b"x\n" * 30, "test/a_test.exs": b"y\n", "README.md": b"z\n", "vendor/b.ex": b"# TODO\n"}
    add_commits(repository, [files])
    facts = facts_of(repository)
    assert (facts.languages, facts.source_files, facts.lines, facts.tests) == (["elixir"], 1, 30, 1)


LCOV = b"SF:a.js\nDA:1,1\nDA:2,0\nDA:3,1\nDA:4,1\nend_of_record\n"
SIZES = b'[{"name": "app", "passed": true, "size": 1234, "sizeLimit": 2000}]'


def test_committed_reports_become_criteria_with_a_history(tmp_path):
    """A coverage file and a size file in the tree are read through the history, and name what they state today."""
    repository = new_repository(tmp_path)
    more = {"tests/fixtures/lcov.info": LCOV, "docs/coverage.json": b"{}", "a.js": b"x\n" * 4}
    add_commits(repository, [{"coverage/lcov.info": LCOV, "size-limit.json": SIZES, **more}])
    plan = default_plan(facts_of(repository), name="x")
    assert plan["sources"] == {"committed": {"paths": ["coverage/lcov.info", "size-limit.json"]}}
    found = {c["id"]: c for gate in plan["gate"] for c in gate["criterion"]}
    assert "coverage/lcov.info stated 75.0 percent" in found["test-coverage"]["why"]
    size = found["bundle-size"]
    assert (size["metric"], size["scope"], size["threshold"]) == ("bundle_brotli_bytes", "entry:app", 1234)
    assert parse_plan(plan)


def test_without_a_report_nothing_is_read_beside_the_tree():
    """No report in the tree names no source."""
    assert "sources" not in default_plan(TESTED, name="x")


@pytest.mark.parametrize(
    ("name", "content", "is_library"),
    [
        ("composer.json", b'{"name": "a/b", "repositories": [{"type": "vcs"}]}', True),  # Composer's default type
        ("composer.json", b'{"name": "a/b", "type": "project"}', False),
        ("composer.json", b'{"require": {"php": "8"}}', False),
        ("composer.json", b"{", False),
        ("package.json", b'{"name": "a", "files": ["src/**"]}', True),
        ("package.json", b'{"name": "a", "private": true, "files": ["src"]}', False),
        ("Package.swift", b'products: [.library(name: "A", targets: ["A"])]', True),
        ("Package.swift", b'products: [.executable(name: "a", targets: ["A"])]', False),
        ("pubspec.yaml", b"name: a\nversion: 1.0.0\n", True),
        ("pubspec.yaml", b"name: a\nversion: 1.0.0\npublish_to: 'none'\n", False),
    ],
)
def test_a_library_is_not_asked_for_lock_files(tmp_path, name, content, is_library):
    """What is published for other projects pins nothing for them; an application is asked for its lock file."""
    new_repository(tmp_path)
    add_commits(tmp_path, [{name: content}])
    facts = facts_of(tmp_path)
    assert (facts.manifests, facts.is_library) == (1, is_library)
    assert ("pinned-dependencies" in criteria_of(facts)) is not is_library


def test_a_library_in_c_or_of_a_podspec_is_not_asked_for_lock_files(tmp_path):
    """CMake installs what lets other builds find it; the build file of a binding beside it changes nothing."""
    new_repository(tmp_path / "c")
    cmake = b"add_library(fmt a.cc)\ninstall(EXPORT fmt-targets DESTINATION lib)\n"
    add_commits(tmp_path / "c", [{"CMakeLists.txt": cmake, "support/build.gradle": b"x\n", "a.cc": b"x\n"}])
    new_repository(tmp_path / "pod")
    add_commits(tmp_path / "pod", [{"A.podspec": b"x\n", "Gemfile": b"gem 'a'\n"}])
    assert all("pinned-dependencies" not in criteria_of(facts_of(tmp_path / name)) for name in ("c", "pod"))


@pytest.mark.parametrize(("path", "is_library"), [("examples/src/main.rs", True), ("server/src/main.rs", False)])
def test_a_workspace_of_crates_is_a_library_without_a_program(tmp_path, path, is_library):
    """Examples and benches beside the crates are not what is published; a crate with a program is an application."""
    new_repository(tmp_path)
    add_commits(
        tmp_path, [{"Cargo.toml": b"[workspace]\n", "core/Cargo.toml": b"x\n", "core/src/lib.rs": b"x\n", path: b"x\n"}]
    )
    assert ("pinned-dependencies" not in criteria_of(facts_of(tmp_path))) is is_library


CHART = {"charts/a/Chart.yaml": b"name: a\n", **{f"charts/a/templates/{n}.yaml": b"kind: Pod\n" for n in range(30)}}
TERRAFORM = {f"modules/{n}/main.tf": b"resource {}\n" for n in range(12)}


@pytest.mark.parametrize(
    ("files", "language", "test_tool"),
    [
        ({**CHART, "hack/sync.py": b"x = 1\n" * 900}, "helm", "helm unittest"),
        (TERRAFORM, "terraform", "terraform test"),
    ],
)
def test_infrastructure_is_not_asked_for_line_coverage(tmp_path, files, language, test_tool):
    """A script beside charts or modules is not the project: its tests are asked for, its coverage and types are not."""
    new_repository(tmp_path)
    add_commits(tmp_path, [files])
    facts = facts_of(tmp_path)
    asked = criteria_of(facts)
    assert (facts.languages, facts.is_configuration) == ([language], True)
    assert not {"test-coverage", "type-errors", "silenced-checks"} & asked.keys()
    assert test_tool in asked["failing-tests"]["fix"] and asked["tests-present"]["threshold"] == 1
    rules = {rule["id"]: rule["needs"] for rule in default_plan(facts, name="x")["rule"]}
    assert rules["go-1"] == ["failing-tests"]


def test_documents_alone_are_asked_for_no_test(tmp_path):
    """Nothing in them can be tested or searched for holes; a build of the documents and no secret are asked for."""
    new_repository(tmp_path)
    add_commits(tmp_path, [{"README.md": b"# a\n", "guide/a.md": b"b\n", "_includes/head.html": b"<p>\n"}])
    plan = default_plan(facts_of(tmp_path), name="x")
    parse_plan(plan)
    assert [gate["id"] for gate in plan["gate"]] == ["code", "delivery", "security", "basics"]
    assert [rule["needs"] for rule in plan["rule"]] == [["ci-success"], ["hardcoded-secrets"]]


def test_the_checks_that_may_be_silenced_fit_the_lines_of_their_language(tmp_path):
    """A hundred thousand lines of YAML beside a script allow no silenced check more."""
    new_repository(tmp_path)
    add_commits(tmp_path, [{"a.go": b"x\n" * 2500, "values.yaml": b"a: 1\n" * 50_000}])
    silenced = criteria_of(facts_of(tmp_path))["silenced-checks"]
    assert silenced["threshold"] == 10 and "2,500 lines of Go" in silenced["why"]


def test_the_lines_of_a_notebook_are_those_of_its_code_cells(tmp_path):
    """Outputs, prose and the JSON around them are not code."""
    new_repository(tmp_path)
    code = {"cell_type": "code", "source": ["a = 1\n", "b = 2"], "outputs": [{"text": ["x\n"] * 50}]}
    prose = {"cell_type": "markdown", "source": ["# title\n"] * 9}
    notebook = json.dumps({"cells": [code, prose, code]}, indent=1).encode()
    add_commits(tmp_path, [{"a.ipynb": notebook}])
    assert facts_of(tmp_path).lines == 4


def test_only_a_document_with_the_version_of_openapi_is_one(tmp_path):
    """A workflow or a setting named after OpenAPI describes no operation."""
    new_repository(tmp_path)
    settings = {".github/workflows/openapi.yml": b"openapi: 3.0.0\n", "openapitools.json": b'{"spaces": 2}\n'}
    add_commits(tmp_path, [settings])
    assert facts_of(tmp_path).openapi == ""
    add_commits(tmp_path, [{"api/swagger.json": b'{"info": {}, "swagger": "2.0"}\n'}])
    assert facts_of(tmp_path).openapi == "api/swagger.json"


@pytest.mark.parametrize("name", ["LICENSE", "MIT-LICENSE", "BSD-LICENSE.txt", "LICENSE-APACHE", "COPYING.md"])
def test_a_licence_is_known_by_its_usual_names(tmp_path, name):
    """Rails writes MIT-LICENSE."""
    new_repository(tmp_path)
    add_commits(tmp_path, [{name: b"x\n"}])
    assert facts_of(tmp_path).licence == 1
