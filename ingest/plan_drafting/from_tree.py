"""A first plan for a repository without a checklist: what its tree can prove, and what to connect next."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from ingest.advice.language_steps import lock_step, step_for
from ingest.advice.metric_steps import next_step
from ingest.observation import CATALOGUE, WHOLE_SCOPE
from ingest.plan_drafting.language_counters import (
    LANGUAGE_COUNTERS,
    LANGUAGE_NAMES,
    SKIPPED,
    LanguageCounter,
    counters_for,
)
from ingest.plan_drafting.tree_facts import TreeFacts, facts_of

_TARGET = 90
_COVERAGE = 70  # half of the public projects with a coverage service are above it; edit it to your own agreement
# Shares by which public projects in good order and neglected ones come apart: see docs/default-plan.md.
_LINES_PER_MARKER = 2000
_FILES_PER_TEST = 4
_FILES_PER_TEST_BESIDE_CODE = 20  # tests are written inside the files of the code itself
_TESTS_BESIDE_CODE = ("rust",)
_LINES_PER_SILENCED = 250  # where one in 60 lines is silenced, nothing is earned
_LINES_PER_SILENCED_AT_MOST = 60
_TESTS_PER_SKIPPED = 5
_WEIGHT_OF_TESTS = 2
_WEIGHT_OF_BASICS = 0.25  # nearly every public repository has them
_TYPE_CHECKED = {"typescript": "tsc", "python": "mypy or pyright"}


def default_plan_of(repository: Path, *, name: str, branch: str = "") -> dict[str, Any]:
    """Read the newest tree and write the plan that fits it."""
    return default_plan(facts_of(repository, branch), name=name)


def default_plan(facts: TreeFacts, *, name: str) -> dict[str, Any]:
    """The tables of tminus.toml. Criteria that nothing feeds yet stay in the denominator, each with its next step."""
    mapping: dict[str, Any] = {
        "project": {"name": name, "repository": "."},
        "readiness": {"target": _TARGET},
        "gate": [
            _gate("code", "Code", _code(facts)),
            *([_gate("tests", "Tests", _tests(facts), _WEIGHT_OF_TESTS)] if _can_be_tested(facts) else []),
            _gate("delivery", "Delivery", _delivery(facts)),
            _gate("security", "Security", _security(facts)),
            _gate("basics", "Basics for newcomers", _basics(), _WEIGHT_OF_BASICS),
        ],
        "rule": _rules(facts),
    }
    for gate in mapping["gate"]:
        for criterion in gate["criterion"]:
            if criterion["fix"] == next_step(criterion["metric"]):
                criterion["fix"] = step_for(criterion["metric"], facts.languages)
    counters = counters_for(facts)
    if counters:
        mapping["counters"] = counters
    if facts.reports:  # their whole history is read: these criteria have a past at once
        mapping["sources"] = {"committed": {"paths": sorted({report.path for report in facts.reports})}}
    return mapping


def _gate(identity: str, title: str, criteria: list[dict[str, Any]], weight: float = 1) -> dict[str, Any]:
    return {"id": identity, "title": title, "weight": weight, "criterion": criteria}


def _can_be_tested(facts: TreeFacts) -> bool:
    """Documents alone have nothing that a test or a scanner of code looks at; an empty tree is a beginning."""
    found = facts.source_files or facts.tests or facts.has_infrastructure or facts.manifests
    return bool(found or facts.languages or not facts.documents)


def _rules(facts: TreeFacts) -> list[dict[str, Any]]:
    """The GO rules over the criteria that this plan has."""
    found = [_rule("go-2", "CI is green", "ci-success")]
    if not _can_be_tested(facts):
        return [*found, _rule("go-3", "No secret is open", "hardcoded-secrets")]
    tests = (
        _rule("go-1", "Tests pass", "failing-tests")
        if facts.is_configuration
        else _rule("go-1", "Tests pass and cover enough of the code", "failing-tests", "test-coverage")
    )
    findings = _rule("go-3", "No critical finding and no secret is open", "critical-findings", "hardcoded-secrets")
    return [tests, *found, findings]


def _rule(identity: str, text: str, *needs: str) -> dict[str, Any]:
    return {"id": identity, "kind": "go", "text": text, "needs": list(needs)}


def _criterion(
    identity: str, metric: str, comparator: str, threshold: float, *, why: str, **more: Any
) -> dict[str, Any]:
    table: dict[str, Any] = {
        "id": identity,
        "title": CATALOGUE[metric].title,
        "metric": metric,
        "scope": WHOLE_SCOPE.get(metric, ""),
        "comparator": comparator,
        "threshold": threshold,
        "unit": CATALOGUE[metric].unit,
    }
    return table | more | {"weight": 1, "why": why, "fix": next_step(metric)}


def _code(facts: TreeFacts) -> list[dict[str, Any]]:
    found = [_markers(facts)]
    main = facts.languages[0] if facts.languages else ""
    if main in LANGUAGE_COUNTERS and facts.language_lines.get(main):
        found.append(_silenced(LANGUAGE_COUNTERS[main][0], facts.language_lines[main], LANGUAGE_NAMES[main]))
    if main in _TYPE_CHECKED:
        why = f"the code can be checked by {_TYPE_CHECKED[main]}; an error it finds is a fault that no test has to hit"
        found.append(_criterion("type-errors", "type_errors_count", "<=", 0, why=why) | {"weight": 0.5})
    return found


def _markers(facts: TreeFacts) -> dict[str, Any]:
    """A number that fits the size of the code: one marker in so many lines; four times as many earn nothing."""
    if facts.markers is None:
        return _criterion("todo-markers", "todo_count", "<=", 0, why="no code was found to count markers in")
    about = "about " if facts.sampled_share < 1 else ""
    noun = "marker" if facts.markers == 1 else "markers"
    allowed = max(1, facts.lines // _LINES_PER_MARKER)
    why = (
        f"{about}{facts.markers} {noun} in {facts.lines:,} lines of code when this plan was written; "
        f"one in {_LINES_PER_MARKER:,} lines is a first goal"
    )
    most = max(facts.markers, 4 * allowed)
    return _criterion("todo-markers", "todo_count", "<=", allowed, why=why, baseline=most)


def _silenced(counter: LanguageCounter, lines: int, language: str) -> dict[str, Any]:
    """Checks switched off in the main language, by the size of the code."""
    allowed = max(1, lines // _LINES_PER_SILENCED)
    most = max(4 * allowed, lines // _LINES_PER_SILENCED_AT_MOST)
    of = f"{lines:,} lines of {language}"
    why = f"what is silenced is not checked: at most one in {_LINES_PER_SILENCED} of the {of} is a first goal"
    return _counted("silenced-checks", counter, allowed, why, baseline=most) | {
        "weight": 0.5,
        "fix": "correct what is reported there, and delete the comment or type that silences it",
    }


def _counted(identity: str, counter: LanguageCounter, most: int, why: str, baseline: int) -> dict[str, Any]:
    made = _criterion(identity, "matches_count", "<=", most, why=why, baseline=baseline)
    return made | {"title": counter.title, "scope": counter.name}


def _tests(facts: TreeFacts) -> list[dict[str, Any]]:
    return [
        _tests_present(facts),
        *_skipped_tests(facts),
        _criterion("failing-tests", "tests_failed", "<=", 0, why="a failing test is a known fault"),
        *([] if facts.is_configuration else [_coverage(facts)]),
    ]


def _coverage(facts: TreeFacts) -> dict[str, Any]:
    why = f"{_COVERAGE} percent is a common agreement, no law: set your own"
    committed = next((one for one in facts.reports if one.metric == "coverage_line_percent"), None)
    if committed is not None:
        why = f"{committed.path} stated {committed.value:.1f} percent when this plan was written; {why}"
    return _criterion("test-coverage", "coverage_line_percent", ">=", _COVERAGE, why=why, baseline=0)


def _committed_sizes(facts: TreeFacts) -> list[dict[str, Any]]:
    """Sizes and scores of reports in the tree: no worse than when the plan was written."""
    found = []
    for one in facts.reports:
        if one.metric == "coverage_line_percent":
            continue
        is_score = one.metric == "load_score"
        identity, comparator, threshold = (
            ("load-score", ">=", math.floor(one.value)) if is_score else ("bundle-size", "<=", math.ceil(one.value))
        )
        what = f"{one.path} stated {one.value:,.0f} {CATALOGUE[one.metric].unit} when this plan was written"
        made = _criterion(identity, one.metric, comparator, threshold, why=f"{what}; set your own goal")
        found.append(made | {"scope": one.scope})
    by_identity = {table["id"]: table for table in reversed(found)}
    return [table for table in found if by_identity[table["id"]] is table]


def _tests_present(facts: TreeFacts) -> dict[str, Any]:
    """As many test files as fit the size of the code."""
    is_beside = bool(facts.languages) and facts.languages[0] in _TESTS_BESIDE_CODE
    per_test = _FILES_PER_TEST_BESIDE_CODE if is_beside else _FILES_PER_TEST
    wanted = max(1, math.ceil(facts.source_files / per_test))
    why = "without a test nothing else here can be proven"
    if facts.source_files and not facts.is_configuration:
        is_there = "there is 1" if facts.source_files == 1 else f"there are {facts.source_files:,}"
        why += f"; one test file for every {per_test} source files is a first goal, and {is_there}"
    return _criterion("tests-present", "tests_present", ">=", wanted, why=why, baseline=0) | {"weight": 2}


def _skipped_tests(facts: TreeFacts) -> list[dict[str, Any]]:
    """Skips in the main language; nothing is asked where no test exists, since none can be skipped there."""
    rows = LANGUAGE_COUNTERS.get(facts.languages[0] if facts.languages else "", ())
    counter = next((row for row in rows if row.name == SKIPPED), None)
    if counter is None or not facts.tests:
        return []
    allowed = max(1, facts.tests // _TESTS_PER_SKIPPED)
    why = f"a skipped test proves nothing: at most one in {_TESTS_PER_SKIPPED} of the {facts.tests:,} test files"
    made = _counted(SKIPPED, counter, allowed, why, baseline=max(facts.tests, 4 * allowed))
    return [made | {"weight": 0.5, "fix": "run the skipped tests again, or delete them with the reason in the commit"}]


def _delivery(facts: TreeFacts) -> list[dict[str, Any]]:
    found = [
        _criterion(
            "ci-present", "ci_present", ">=", 1, why="a build that runs by itself is the source of all other evidence"
        ),
        _criterion(
            "ci-success", "ci_success_percent", ">=", 90, why="a red main branch cannot be deployed", baseline=0
        ),
    ]
    if facts.manifests and not facts.is_library:
        why = f"{facts.pinned} of {facts.manifests} manifests had a lock file when this plan was written"
        found.append(_criterion("pinned-dependencies", "dependencies_pinned_percent", ">=", 100, why=why, baseline=0))
        found[-1]["fix"] = lock_step(facts.unpinned)
    sizes = _committed_sizes(facts)
    found += sizes
    if facts.bundler and not any(table["id"] == "bundle-size" for table in sizes):
        why = f"the project builds with {facts.bundler}; 5 MB is a first goal, set your own"
        found.append(_criterion("bundle-size", "bundle_raw_bytes", "<=", 5_000_000, why=why))
    if facts.openapi:
        why = f"the repository holds an OpenAPI document, {facts.openapi}: its operations should have handlers"
        found.append(_criterion("api-completeness", "api_implemented_percent", ">=", 95, why=why, baseline=0))
        found[-1]["fix"] = (
            "name it and the code that serves it under [sources.artifacts]: "
            f'openapi = "{facts.openapi}", routes = ["src/**"]'
        )
    return found


def _security(facts: TreeFacts) -> list[dict[str, Any]]:
    secrets = _criterion(
        "hardcoded-secrets", "secrets_count", "<=", 0, why="a secret in git is a published one", blocker=True
    )
    if not _can_be_tested(facts):
        return [secrets]
    return [
        _criterion("critical-findings", "findings_critical_count", "<=", 0, why="known holes come first", blocker=True),
        _criterion("high-findings", "findings_high_count", "<=", 0, why="the next ones to be exploited"),
        secrets,
    ]


def _basics() -> list[dict[str, Any]]:
    return [
        _criterion("readme", "readme_present", ">=", 1, why="the first page of the project"),
        _criterion("licence", "licence_present", ">=", 1, why="without one nobody may use the code"),
    ]
