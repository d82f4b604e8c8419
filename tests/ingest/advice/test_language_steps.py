"""Hints in the language of the repository; manifests by name; libraries are not asked for lock files."""

from __future__ import annotations

import pytest

from ingest.advice.language_steps import lock_step, only_measures, step_for
from ingest.counting.counters import parse_counters
from ingest.counting.tree_paths import unpinned
from ingest.plan_drafting.from_tree import default_plan
from ingest.plan_drafting.language_counters import counters_for
from ingest.plan_drafting.tree_facts import TreeFacts, facts_of
from tests.testing.repositories import add_commits, new_repository

AUDITS = {
    "rust": "osv-scanner --format json on Cargo.lock",
    "go": "govulncheck",
    "php": "composer audit",
    "ruby": "bundler-audit",
    "csharp": "dotnet list package --vulnerable",
    "python": "pip-audit",
    "typescript": "npm audit",
    "java": "dependency-check",
    "elixir": "osv-scanner --format json on mix.lock",
}


@pytest.mark.parametrize("language", AUDITS)
def test_a_hint_names_the_audit_of_the_language(language):
    """And no audit of another one."""
    reported = step_for("findings_critical_count", [language])
    assert AUDITS[language] in reported
    assert not [audit for other, audit in AUDITS.items() if other != language and audit in reported]


def test_a_default_plan_speaks_the_language_of_its_repository():
    """Coverage, tests and findings of a Rust project name its own tools."""
    gates = default_plan(TreeFacts(languages=["rust"], manifests=1, unpinned=["Cargo.toml"]), name="x")["gate"]
    fixes = {c["metric"]: c["fix"] for gate in gates for c in gate["criterion"]}
    assert "cargo llvm-cov" in fixes["coverage_line_percent"]
    assert "Cargo.lock" in fixes["findings_high_count"]
    assert "Cargo.toml" in fixes["dependencies_pinned_percent"]


@pytest.mark.parametrize(("language", "checker"), [("typescript", "tsc"), ("python", "mypy")])
def test_the_type_checker_is_that_of_the_language(language, checker):
    """A TypeScript project is not sent to mypy, nor a Python one to tsc."""
    reported = step_for("type_errors_count", [language])
    assert checker in reported and ("tsc" in reported) is (checker == "tsc")


@pytest.mark.parametrize(
    "ending",
    ["in CI, and name its report under [sources.artifacts] paths", "and name it under [sources.artifacts] paths"],
)
def test_a_step_that_only_measures_is_known_in_plans_of_every_version(ending):
    """Where the evidence is there and fails, how to measure it is no advice."""
    assert only_measures(f"run x {ending}")
    assert only_measures('connect the CI service: [sources.github] repository = "acme/shop"')
    assert not only_measures("resolve the findings")


def test_unpinned_manifests_are_listed_by_name():
    """By path, with the command of each kind; Gradle is asked for its locks or its version catalog."""
    loose = unpinned(["a/package.json", "build.gradle.kts", "Cargo.toml"], {"Cargo.lock"}, {"requirements.txt": False})
    assert loose == ["a/package.json", "build.gradle.kts", "requirements.txt"]
    reported = lock_step(loose)
    assert "a/package.json, build.gradle.kts, requirements.txt" in reported
    assert "version catalog" in reported and "npm install" in reported


def test_requirements_files_are_asked_for_exact_versions():
    """They have no lock file: a name without a version is what is missing."""
    assert "exact versions (==) in requirements.txt" in lock_step(["requirements.txt"])


LIBRARIES = {
    "gemspec": ({"x.gemspec": b"", "Gemfile": b"gemspec\n"}, True),
    "Rust library": ({"Cargo.toml": b"[package]\nname='x'\n", "src/lib.rs": b""}, True),
    "Rust program": ({"Cargo.toml": b"[package]\nname='x'\n", "src/main.rs": b""}, False),
    "composer library": ({"composer.json": b'{"type": "library"}'}, True),
    "composer project": ({"composer.json": b'{"type": "project"}'}, False),
    "npm library": ({"package.json": b'{"name": "x", "main": "i.js"}'}, True),
    "npm application": ({"package.json": b'{"private": true, "main": "i.js"}'}, False),
    "Python library": ({"pyproject.toml": b"[build-system]\nrequires=[]\n"}, True),
}


@pytest.mark.parametrize("what", LIBRARIES)
def test_a_library_is_not_asked_for_lock_files(tmp_path, what):
    """Its users choose the versions."""
    files, is_library = LIBRARIES[what]
    repository = new_repository(tmp_path / "r")
    add_commits(repository, [files])
    facts = facts_of(repository)
    criteria = [c["id"] for gate in default_plan(facts, name="x")["gate"] for c in gate["criterion"]]
    assert facts.is_library is is_library
    assert ("pinned-dependencies" not in criteria) is is_library


BASELINES = {
    "phpstan-baseline.neon": (
        b"parameters:\n  ignoreErrors:\n    -\n      message: '#a#'\n    -\n      message: '#b#'\n",
        2,
    ),
    "psalm-baseline.xml": (b"<files><file src='a'><A><code>x</code></A></file></files>", 1),
    ".rubocop_todo.yml": (b"# c\nStyle/Documentation:\n  Enabled: false\nMetrics/AbcSize:\n  Max: 20\n", 2),
    "config/detekt-baseline.xml": (
        b"<SmellBaseline><CurrentIssues><ID>a</ID><ID>b</ID></CurrentIssues></SmellBaseline>",
        2,
    ),
    "eslint-suppressions.json": (b'{"a.js": {"no-undef": {"count": 2}}}', 1),
}


@pytest.mark.parametrize("path", BASELINES)
def test_a_baseline_that_lies_there_becomes_a_counter(tmp_path, path):
    """It counts the faults that the project has agreed to live with."""
    content, number = BASELINES[path]
    repository = new_repository(tmp_path / "r")
    add_commits(repository, [{path: content}])
    (counter,) = parse_counters(counters_for(facts_of(repository)))
    assert counter.inside.match(path)
    assert counter.count(content) == number


@pytest.mark.parametrize(
    ("path", "content", "found"),
    [
        ("docs/api.yaml", b"openapi: 3.0.1\ninfo: {}\n", True),
        ("contract/shop.json", b'{"swagger": "2.0", "paths": {}}', True),
        ("docs/api.yml", b'# the shop\n---\nswagger: "2.0"\n', True),
        ("config.yaml", b"server:\n  openapi: 3.0\n", False),
    ],
)
def test_openapi_is_known_by_its_content(tmp_path, path, content, found):
    """Whatever the file is called."""
    repository = new_repository(tmp_path / "r")
    add_commits(repository, [{path: content}])
    assert facts_of(repository).openapi == (path if found else "")
