"""The very next step that brings evidence for each metric: the `fix` texts of imported and default plans."""

from __future__ import annotations

_NAME_REPORT = "name its report under [sources.artifacts] paths"
_NAME_IT = "name it under [sources.artifacts] paths"
_PROMETHEUS = "name the query under [sources.prometheus]"
_SONAR = 'connect SonarQube or SonarCloud: [sources.sonar] project = "KEY"'
_STATUS_PAGE = 'connect the status page: [sources.status_page] api = "https://status.example.com"'
_ISSUES = "name a search under [sources.github_issues] or [sources.jira] (docs/sources.md)"
_SCANNER = f"run a scanner (npm audit --json, pip-audit -f json, Trivy ...) and {_NAME_REPORT}"
_CI = "connect the CI service:"

MEASURING: dict[str, str] = {
    "coverage_line_percent": f"let CI write a coverage report (lcov, Cobertura, coverage.py JSON ...) and {_NAME_IT}",
    "coverage_branch_percent": f"switch branch coverage on, let CI write the coverage report and {_NAME_IT}",
    "tests_failed": f"let the test runner write JUnit XML and {_NAME_IT}",
    "tests_passed_percent": f"let the test runner write JUnit XML and {_NAME_IT}",
    "tests_flaky": f"let the test runner write JUnit XML with its retries and {_NAME_IT}",
    "tests_skipped": f"let the test runner write JUnit XML and {_NAME_IT}",
    "bundle_raw_bytes": f"let the build write its stats file (webpack --json, esbuild --metafile ...) and {_NAME_IT}",
    "bundle_gzip_bytes": f"let size-limit or the build write compressed sizes as JSON and {_NAME_IT}",
    "bundle_brotli_bytes": f"let size-limit or the build write compressed sizes as JSON and {_NAME_IT}",
    "load_lcp_seconds": f"run Lighthouse in CI with --output=json and {_NAME_REPORT}",
    "load_tti_seconds": f"run Lighthouse in CI with --output=json and {_NAME_REPORT}",
    "load_score": f"run Lighthouse in CI with --output=json and {_NAME_REPORT}",
    "load_first_byte_seconds": "name the address as a probe in [[sources.probes.check]], then run tminus pull",
    "load_speed_index_seconds": f"run Lighthouse in CI with --output=json and {_NAME_REPORT}",
    "memory_growth_mb_per_hour": f"{_PROMETHEUS} that gives the memory use, or record a soak test as CSV",
    "request_p95_seconds": f"run k6 with --summary-export and {_NAME_REPORT}, or {_PROMETHEUS}",
    "request_error_percent": f"run k6 with --summary-export and {_NAME_REPORT}, or {_PROMETHEUS}",
    "findings_critical_count": _SCANNER,
    "findings_high_count": _SCANNER,
    "findings_medium_count": _SCANNER,
    "findings_low_count": _SCANNER,
    "secrets_count": f"run gitleaks with --report-format json and {_NAME_REPORT}",
    "api_implemented_percent": "name the OpenAPI document and the code that serves it under [sources.artifacts]: "
    'openapi = "openapi.yaml", routes = ["src/**"]',
    "api_proven_percent": f"run contract tests (Schemathesis, Dredd) against the service and {_NAME_REPORT}",
    "type_errors_count": f"let CI keep the output of the type checker (tsc, mypy, pyright) and {_NAME_IT}",
    "type_coverage_percent": f"keep the output of type-coverage in CI and {_NAME_IT}",
    "docs_documented_percent": f"run interrogate or TypeDoc in CI and {_NAME_REPORT}",
    "lint_problems_count": f"let the linter write SARIF and {_NAME_IT}",
    "coverage_combined_percent": _SONAR,
    "bugs_count": _SONAR,
    "vulnerabilities_count": _SONAR,
    "code_smells_count": _SONAR,
    "duplicated_lines_percent": _SONAR,
    "quality_gates_failed_count": _SONAR,
    "scorecard_score": 'connect OpenSSF Scorecard: [sources.scorecard] repository = "github.com/owner/name"',
    "incidents_open_count": _STATUS_PAGE,
    "incident_oldest_hours": _STATUS_PAGE,
    "issues_open_count": _ISSUES,
    "issue_oldest_days": _ISSUES,
    "ci_success_percent": f'{_CI} [sources.github] repository = "owner/name", or [sources.gitlab]',
    "rollback_seconds": "rehearse the rollback and store its time: tminus record rollback_seconds SECONDS",
    "": "nothing measures this: give it a metric, or let a named person vouch for it (attested, with an expiry)",
}

# The repository itself is the evidence of these: it is always read, so the step changes the repository.
FIXES: dict[str, str] = {
    "todo_count": "counted from git: resolve or delete the markers; `tminus explain` with this criterion lists them",
    "tests_present": "add test files; those named by the convention of the language are counted",
    "ci_present": "add a CI configuration that runs the tests on every push",
    "licence_present": "add a LICENSE file at the top of the repository",
    "readme_present": "add a README at the top of the repository",
    "dependencies_pinned_percent": "commit the lock file that belongs to each manifest",
}


def next_step(metric: str) -> str:
    """What brings evidence for the metric, or changes what the repository shows."""
    return FIXES.get(metric) or how_to_measure(metric)


def ci_step(kind: str, name: str) -> str:
    """The step that reads CI from a forge of this kind, with the name the repository has there; "" for other kinds."""
    if kind == "github":
        return f'{_CI} [sources.github] repository = "{name}"'
    return f'{_CI} [sources.gitlab] project = "{name}"' if kind == "gitlab" else ""


def is_ci_step(step: str) -> bool:
    """Whether a step connects the CI service."""
    return step.startswith(_CI)


def how_to_measure(metric: str) -> str:
    """How to bring evidence for a metric that no tool reports yet."""
    return MEASURING.get(metric, f"store figures of it: tminus record {metric} VALUE")
