"""Which way is better, metric by metric: the copy that the plan parser holds of the catalogue in `ingest.observation`.

`models` may not import `ingest`, so the names are repeated here; a test compares the two. What a counter counts is
chosen by its author, so counters have no direction of their own and are not listed.
"""

from __future__ import annotations

from typing import Literal

Direction = Literal["higher", "lower"]

_HIGHER = """
    coverage_line_percent coverage_branch_percent tests_total tests_passed tests_passed_percent load_score
    api_declared_count api_implemented_percent api_proven_percent type_coverage_percent docs_documented_percent
    ci_success_percent http_healthy_percent tls_expiry_days checklist_done_percent readiness_claim_percent
    coverage_combined_percent scorecard_score stable_hours feedback_score
    tests_present ci_present licence_present readme_present dependencies_pinned_percent
"""
_LOWER = """
    todo_count tests_failed tests_errored tests_skipped tests_todo tests_flaky tests_duration_seconds
    bundle_raw_bytes bundle_gzip_bytes bundle_brotli_bytes directory_bytes load_lcp_seconds load_tti_seconds
    load_bytes load_speed_index_seconds request_p95_seconds request_error_percent memory_growth_mb_per_hour
    findings_critical_count findings_high_count findings_medium_count findings_low_count secrets_count
    type_errors_count docs_alerts_count lint_problems_count rollback_seconds load_first_byte_seconds
    load_whole_seconds timeline_claim_days incidents_critical_count incidents_open_count incident_oldest_hours
    issues_open_count issue_oldest_days
    bugs_count vulnerabilities_count code_smells_count duplicated_lines_percent quality_gates_failed_count
"""
BETTER: dict[str, Direction] = {
    **dict.fromkeys(_HIGHER.split(), "higher"),
    **dict.fromkeys(_LOWER.split(), "lower"),
}
# Metrics whose direction depends on what the project counts.
UNDIRECTED = ("matches_count", "file_share_percent", "list_length_count")


def is_against_direction(metric: str, comparator: str) -> bool:
    """Whether the comparison is met by getting worse: "error rate > 1%". Metrics without a direction never are."""
    better = BETTER.get(metric)
    return (better == "higher" and comparator in ("<", "<=")) or (better == "lower" and comparator in (">", ">="))
