"""The next step in the words of a repository's own language: its audit, its coverage report, its lock file."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.advice.metric_steps import is_ci_step, next_step

_MEASURES = " in CI, and name its report under [sources.artifacts] paths"
# How every step ends that brings evidence from a report, in plans of earlier versions, too.
_ENDS = (
    "name its report under [sources.artifacts] paths",
    "name it under [sources.artifacts] paths",
    "name the query under [sources.prometheus]",
)
# Language -> (audit of dependencies, test report, coverage report).
_TOOLS: dict[str, tuple[str, str, str]] = {
    "rust": (
        "osv-scanner --format json on Cargo.lock",
        "cargo nextest with a junit profile",
        "cargo llvm-cov --lcov",
    ),
    "go": (
        "govulncheck -format sarif ./...",
        "go test -json ./...",
        "go test -coverprofile=cover.out ./...",
    ),
    "php": (
        "composer audit --locked --format=json",
        "phpunit --log-junit",
        "phpunit --coverage-clover",
    ),
    "ruby": (
        "bundler-audit check --format json",
        "rspec --format json",
        "the tests with SimpleCov",
    ),
    "csharp": (
        "dotnet list package --vulnerable --include-transitive --format json",
        "dotnet test --logger trx",
        'dotnet test --collect "XPlat Code Coverage"',
    ),
    "java": (
        "OWASP dependency-check --format SARIF (or Trivy)",
        "gradle test or mvn test (both write JUnit XML)",
        "the tests with JaCoCo or Kover (XML report)",
    ),
    "python": ("pip-audit -f json", "pytest --junit-xml", "coverage json"),
    "typescript": (
        "npm audit --json (or pnpm, yarn)",
        "jest or vitest --json",
        "jest, vitest or c8 with lcov",
    ),
    "javascript": (
        "npm audit --json (or pnpm, yarn)",
        "jest or vitest --json",
        "jest, vitest or c8 with lcov",
    ),
    "elixir": (
        "osv-scanner --format json on mix.lock",
        "mix test with a JUnit formatter",
        "excoveralls with lcov",
    ),
    "dart": ("osv-scanner --format json on pubspec.lock", "dart test --reporter json", "flutter test --coverage"),
    "swift": (
        "trivy fs --format json (it reads Package.resolved)",
        "swift test --xunit-output",
        "xcrun xccov view --report --json (or llvm-cov export)",
    ),
    "solidity": ("slither --sarif", "forge test --junit", "forge coverage --report lcov"),
    "terraform": (
        "trivy config --format sarif (or checkov -o sarif)",
        "terraform test -junit-xml=tests.xml",
        "",
    ),
    "helm": ("trivy config --format sarif", "helm unittest -t JUnit -o tests.xml", ""),
    "c": ("trivy fs --format json (or osv-scanner)", "ctest --output-junit", "gcovr --json (or lcov)"),
}
_TYPE_CHECKERS = {"typescript": "tsc --noEmit > tsc.txt", "python": "mypy . > mypy.txt (or pyright --outputjson)"}
_LOCKS = {
    "package.json": "npm install writes package-lock.json",
    "pyproject.toml": "uv lock or poetry lock writes it",
    "setup.py": "uv lock writes it",
    "Pipfile": "pipenv lock writes Pipfile.lock",
    "Cargo.toml": "cargo generate-lockfile writes Cargo.lock",
    "go.mod": "go mod tidy writes go.sum",
    "Gemfile": "bundle lock writes Gemfile.lock",
    "composer.json": "composer update --lock writes composer.lock",
    "pubspec.yaml": "dart pub get writes pubspec.lock",
    "mix.exs": "mix deps.get writes mix.lock",
    "Package.swift": "swift package resolve writes Package.resolved",
    "build.gradle": "gradle dependencies --write-locks, or a version catalog (gradle/libs.versions.toml)",
    "build.gradle.kts": "gradle dependencies --write-locks, or a version catalog (gradle/libs.versions.toml)",
}
MOST_NAMED = 5


def step_for(metric: str, languages: Sequence[str]) -> str:
    """What brings evidence for the metric in the main language of the repository; the general step elsewhere."""
    if metric == "type_errors_count" and languages and languages[0] in _TYPE_CHECKERS:
        return f"run {_TYPE_CHECKERS[languages[0]]}{_MEASURES}"
    tools = next((_TOOLS[language] for language in languages if language in _TOOLS), None)
    place = _PLACES.get(metric)
    if tools is None or place is None or not tools[place]:
        return next_step(metric)
    return f"run {tools[place]}{_MEASURES}"


def only_measures(step: str) -> bool:
    """Whether a step brings evidence: no advice where the evidence is there, and fails."""
    return step.endswith(_ENDS) or is_ci_step(step)


_PLACES = {
    "findings_critical_count": 0,
    "findings_high_count": 0,
    "tests_failed": 1,
    "coverage_line_percent": 2,
}


def lock_step(unpinned: Sequence[str]) -> str:
    """Which manifests have no lock file, by name, and the command that writes the one of each kind."""
    if not unpinned:
        return next_step("dependencies_pinned_percent")
    kinds = dict.fromkeys(path.rpartition("/")[2] for path in unpinned)
    if not any(kind in _LOCKS for kind in kinds):
        return f"name exact versions (==) in {named(unpinned)}: uv pip compile or pip-compile writes them"
    commands = "; ".join(_LOCKS[kind] for kind in kinds if kind in _LOCKS)
    return f"commit the lock files of {named(unpinned)}" + (f": {commands}" if commands else "")


def named(paths: Sequence[str]) -> str:
    """The first few paths, and how many more there are."""
    more = len(paths) - MOST_NAMED
    return ", ".join(paths[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
