"""A first plan for a repository without a checklist: what its tree can prove, and what to connect next."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ingest.advice.language_steps import lock_step, step_for
from ingest.advice.metric_steps import next_step
from ingest.observation import CATALOGUE, WHOLE_SCOPE
from ingest.plan_drafting.baselines import baseline_counters
from ingest.plan_drafting.tree_facts import TreeFacts, facts_of

_TARGET = 90
_COVERAGE = 70  # half of the public projects with a coverage service are above it; edit it to your own agreement
_TYPE_CHECKED = {"typescript": "tsc", "python": "mypy or pyright"}
_SKIPPED_JS = r"\b(?:it|test|describe)\.(?:skip|todo)\(|\bx(?:it|describe)\("

# Language -> counters worth watching: (name, title, pattern, paths).
_COUNTERS: dict[str, tuple[tuple[str, str, str, tuple[str, ...]], ...]] = {
    "typescript": (
        ("any", "Uses of any", r":\s*any\b|\bas any\b|<any>", ("*.ts", "*.tsx")),
        ("ts-ignore", "Type errors silenced", r"@ts-(?:ignore|nocheck|expect-error)", ("*.ts", "*.tsx")),
        ("eslint-disable", "Lint rules silenced", r"eslint-disable", ("*.ts", "*.tsx", "*.js", "*.jsx")),
        ("skipped-tests", "Tests skipped in code", _SKIPPED_JS, ("*.test.*", "*.spec.*")),
    ),
    "javascript": (
        ("eslint-disable", "Lint rules silenced", r"eslint-disable", ("*.js", "*.jsx", "*.mjs", "*.cjs")),
        ("skipped-tests", "Tests skipped in code", _SKIPPED_JS, ("*.test.*", "*.spec.*")),
    ),
    "python": (
        ("type-ignore", "Type errors silenced", r"#\s*type:\s*ignore", ("*.py",)),
        ("noqa", "Lint rules silenced", r"#\s*noqa\b", ("*.py",)),
        ("nosec", "Security findings silenced", r"#\s*nosec\b", ("*.py",)),
        (
            "skipped-tests",
            "Tests skipped in code",
            r"@pytest\.mark\.(?:skip|xfail)|\bpytest\.skip\(|@(?:unittest\.)?skip(?:If|Unless)?\(",
            ("*.py",),
        ),
    ),
    "rust": (
        ("unsafe", "Unsafe blocks", r"\bunsafe\s*(?:\{|fn|impl)", ("*.rs",)),
        ("allow", "Lint rules silenced", r"#!?\[allow\(", ("*.rs",)),
        ("skipped-tests", "Tests skipped in code", r"#\[ignore", ("*.rs",)),
    ),
    "go": (
        ("nolint", "Lint rules silenced", r"//\s*nolint", ("*.go",)),
        ("nosec", "Security findings silenced", r"#\s*nosec\b", ("*.go",)),
        ("skipped-tests", "Tests skipped in code", r"\b[tb]\.Skip(?:f|Now)?\(", ("*_test.go",)),
    ),
    "java": (
        ("suppress-warnings", "Warnings silenced", r"@Suppress(?:Warnings)?\b", ("*.java", "*.kt")),
        ("skipped-tests", "Tests skipped in code", r"@(?:Disabled|Ignore)\b", ("*.java", "*.kt")),
    ),
    "c": (
        (
            "silenced-warnings",
            "Warnings silenced",
            r"\bNOLINT|#\s*pragma\s+(?:GCC|clang)\s+diagnostic\s+ignored",
            ("*.c", "*.h", "*.cc", "*.cpp", "*.hpp"),
        ),
    ),
    "ruby": (
        ("rubocop-disable", "Lint rules silenced", r"#\s*rubocop:\s*(?:disable|todo)", ("*.rb",)),
        (
            "skipped-tests",
            "Tests skipped in code",
            r"^\s*(?:skip\b|xit\b|xdescribe\b|pending\b)",
            ("*_spec.rb", "*_test.rb"),
        ),
    ),
    "php": (
        ("phpstan-ignore", "Type errors silenced", r"@phpstan-ignore|@psalm-suppress", ("*.php",)),
        ("skipped-tests", "Tests skipped in code", r"->markTest(?:Skipped|Incomplete)\(", ("*Test.php",)),
    ),
    "csharp": (
        ("pragma-disable", "Warnings silenced", r"#pragma\s+warning\s+disable", ("*.cs",)),
        ("skipped-tests", "Tests skipped in code", r"\[Ignore\b|Skip\s*=\s*\"", ("*.cs",)),
    ),
}


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
            _gate("tests", "Tests", _tests()),
            _gate("delivery", "Delivery", _delivery(facts)),
            _gate("security", "Security", _security()),
            _gate("basics", "Basics for newcomers", _basics()),
        ],
        "rule": [
            _rule("go-1", "Tests pass and cover enough of the code", "failing-tests", "test-coverage"),
            _rule("go-2", "CI is green", "ci-success"),
            _rule("go-3", "No critical finding and no secret is open", "critical-findings", "hardcoded-secrets"),
        ],
    }
    for gate in mapping["gate"]:
        for criterion in gate["criterion"]:
            if criterion["fix"] == next_step(criterion["metric"]):
                criterion["fix"] = step_for(criterion["metric"], facts.languages)
    counters = counters_for(facts)
    if counters:
        mapping["counters"] = counters
    return mapping


def _gate(identity: str, title: str, criteria: list[dict[str, Any]]) -> dict[str, Any]:
    return {"id": identity, "title": title, "weight": 1, "criterion": criteria}


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
    checker = next((_TYPE_CHECKED[language] for language in facts.languages if language in _TYPE_CHECKED), "")
    if checker:
        why = f"the code can be checked by {checker}; an error it finds is a fault that no test has to hit"
        found.append(_criterion("type-errors", "type_errors_count", "<=", 0, why=why))
    return found


def _markers(facts: TreeFacts) -> dict[str, Any]:
    """Half of the markers that were there at the start; where there were none, none may come."""
    if facts.markers is None:
        return _criterion("todo-markers", "todo_count", "<=", 0, why="no code was found to count markers in")
    about = "about " if facts.sampled_share < 1 else ""
    goal = "half of them is a first goal" if facts.markers > 1 else "none is the goal"
    noun = "marker" if facts.markers == 1 else "markers"
    why = f"{about}{facts.markers} {noun} stood in the code when this plan was written; {goal}"
    if not facts.markers:
        return _criterion(
            "todo-markers", "todo_count", "<=", 0, why="the code held no marker when this plan was written"
        )
    return _criterion("todo-markers", "todo_count", "<=", facts.markers // 2, why=why, baseline=facts.markers)


def _tests() -> list[dict[str, Any]]:
    return [
        _criterion("tests-present", "tests_present", ">=", 1, why="without a test nothing else here can be proven"),
        _criterion("failing-tests", "tests_failed", "<=", 0, why="a failing test is a known fault"),
        _criterion(
            "test-coverage",
            "coverage_line_percent",
            ">=",
            _COVERAGE,
            why=f"{_COVERAGE} percent is a common agreement, no law: set your own",
            baseline=0,
        ),
    ]


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
    if facts.bundler:
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


def _security() -> list[dict[str, Any]]:
    return [
        _criterion("critical-findings", "findings_critical_count", "<=", 0, why="known holes come first", blocker=True),
        _criterion("high-findings", "findings_high_count", "<=", 0, why="the next ones to be exploited"),
        _criterion(
            "hardcoded-secrets", "secrets_count", "<=", 0, why="a secret in git is a published one", blocker=True
        ),
    ]


def _basics() -> list[dict[str, Any]]:
    return [
        _criterion("readme", "readme_present", ">=", 1, why="the first page of the project"),
        _criterion("licence", "licence_present", ">=", 1, why="without one nobody may use the code"),
    ]


def counters_for(facts: TreeFacts) -> dict[str, Any]:
    """Counters of the project's languages; the share of TypeScript where both it and JavaScript are in use."""
    found: dict[str, Any] = dict(baseline_counters(facts.baselines))
    for language in facts.languages:
        for name, title, pattern, paths in _COUNTERS.get(language, ()):
            known = found.get(name)
            if known is None:
                found[name] = {"kind": "matches", "title": title, "pattern": pattern, "paths": list(paths)}
            elif known["pattern"] == pattern:
                known["paths"] += [path for path in paths if path not in known["paths"]]
            else:
                found[f"{language}-{name}"] = {
                    "kind": "matches",
                    "title": f"{title} ({language})",
                    "pattern": pattern,
                    "paths": list(paths),
                }
    if {"typescript", "javascript"} <= set(facts.languages):
        scripts = ["*.ts", "*.tsx", "*.js", "*.jsx"]
        found["typescript"] = {"kind": "file_share", "title": "TypeScript share", "paths": scripts[:2], "of": scripts}
    return found
