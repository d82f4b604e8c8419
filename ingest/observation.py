"""What a source hands over: observations, their evidence, commits and items; and the catalogue of metrics."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

Kind = Literal["measured", "claimed", "simulated"]
DeploymentKind = Literal["deploy", "rollback", "withdrawn"]
Direction = Literal["higher", "lower"]


class Observation(NamedTuple):
    """One figure that was true at one moment (`observed_at`, aware UTC).

    `value` is None when the figure is unknown; `reason` then says why in words. A tuple and not a dataclass:
    a first pull of a long history makes hundreds of thousands of them.
    """

    metric: str
    observed_at: datetime
    value: float | None
    unit: str
    scope: str = ""  # component, bundle, flag, counter name ...; empty: the whole project
    kind: Kind = "measured"
    commit: str = ""
    evidence: str = ""  # Evidence.id
    definition: str = ""  # version of the counting rule; figures of two definitions are never compared
    reason: str = ""


class Evidence(NamedTuple):
    """Where a figure can be checked. `id` is derived from the content, so the same bytes are the same evidence."""

    id: str
    locator: str  # "path:line", "path@commit", a URL without credentials, "git:<range>"
    sha256: str = ""
    tool: str = ""
    tool_version: str = ""
    excerpt: str = ""  # the claimed sentence, never a secret
    path: str = ""
    line: int | None = None


class SampleSeries(NamedTuple):
    """Samples of one metric and scope, as a service took them: ascending seconds since 1970 and values.

    A value may be NaN or infinite, as the service answered; `step` is the seconds from one expected sample to the next.
    """

    metric: str
    scope: str
    unit: str
    definition: str  # samples of two definitions are never compared
    step: float
    kind: Kind
    evidence: str  # Evidence.id
    seconds: list[float]
    values: list[float]


@dataclass(frozen=True, slots=True)
class Deployment:
    """One deployment event; see the table `deployment` for each field. `id` is empty until it is stored."""

    kind: DeploymentKind
    happened_at: datetime
    stage: str
    commit: str
    environment: str = ""
    by: str = ""
    source: str = "command"
    external: str = ""
    verdict: str = ""
    override: str = ""
    refused: Sequence[str] = ()
    note: str = ""
    of: str = ""
    is_simulated: bool = False
    id: str = ""


class Commit(NamedTuple):
    """One first-parent commit of the main branch; `position` counts from 0 at the root."""

    sha: str
    position: int
    committed_at: datetime
    author: str  # of a merge: the authors of the commits it brought
    subject: str
    merged_by: str = ""  # of a merge: its own author


class Item(NamedTuple):
    """One thing that can be opened and closed: a marker, a checklist box, a finding, a failing test."""

    id: str
    kind: str  # "marker" | "checkbox" | "finding" | "failing_test" | "issue" | "incident" | "uncovered_file"
    label: str  # TODO, FIXME, high, checked ...
    text: str
    path: str  # of an issue or an incident: its web address
    line: int | None
    scope: str  # component; of an issue or an incident: the scope of its search
    path_class: str  # code | tests | docs | vendored | generated | backup
    opened_at: datetime
    opened_commit: str = ""
    opened_by: str = ""
    closed_at: datetime | None = None
    closed_commit: str = ""
    closed_by: str = ""
    opened_merged_by: str = ""  # the author of the merge that brought it; opened_by is who wrote it
    closed_merged_by: str = ""


@dataclass(frozen=True, slots=True)
class Metric:
    """A catalogued metric: which way is better belongs to the metric, not to the plan that uses it."""

    name: str
    title: str
    unit: str
    direction: Direction
    about: str


_CATALOGUE_ROWS: tuple[tuple[str, str, str, Direction, str], ...] = (
    ("todo_count", "TODO markers", "markers", "lower", "TODO, FIXME, HACK and XXX markers inside comments of code"),
    ("matches_count", "Pattern matches", "matches", "lower", "matches of a counter's pattern over its paths"),
    ("file_share_percent", "File share", "percent", "higher", "share of files that match, among those counted"),
    ("list_length_count", "List length", "entries", "lower", "entries of an ignore or baseline file"),
    ("coverage_line_percent", "Line coverage", "percent", "higher", "covered lines of all executable lines"),
    ("coverage_branch_percent", "Branch coverage", "percent", "higher", "covered branches of all branches"),
    (
        "coverage_combined_percent",
        "Combined coverage",
        "percent",
        "higher",
        "covered lines and conditions of all of both",
    ),
    ("tests_total", "Tests", "tests", "higher", "tests that ran or were skipped"),
    ("tests_passed", "Tests passed", "tests", "higher", "tests that ran and passed"),
    ("tests_passed_percent", "Tests passed", "percent", "higher", "passed of those that ran (skipped ones left out)"),
    ("tests_failed", "Tests failed", "tests", "lower", "tests that failed, errors included"),
    ("tests_errored", "Tests errored", "tests", "lower", "tests that broke outside an assertion"),
    ("tests_skipped", "Tests skipped", "tests", "lower", "tests that did not run"),
    ("tests_todo", "Tests to be written", "tests", "lower", "tests that are only announced (todo)"),
    ("tests_flaky", "Flaky tests", "tests", "lower", "tests that failed and then passed in one run"),
    ("tests_duration_seconds", "Test duration", "seconds", "lower", "summed duration of the tests"),
    ("bundle_raw_bytes", "Bundle, raw", "bytes", "lower", "size of the bundle named by the scope, uncompressed"),
    ("bundle_gzip_bytes", "Bundle, gzip", "bytes", "lower", "size of the bundle named by the scope, gzip"),
    ("bundle_brotli_bytes", "Bundle, brotli", "bytes", "lower", "size of the bundle named by the scope, brotli"),
    ("directory_bytes", "Directory size", "bytes", "lower", "bytes of all files below the directory"),
    ("load_lcp_seconds", "Largest contentful paint", "seconds", "lower", "lab measurement, median of the runs"),
    ("load_tti_seconds", "Time to interactive", "seconds", "lower", "lab measurement, median of the runs"),
    ("load_score", "Load score", "points", "higher", "performance score, 0 to 100"),
    ("load_bytes", "Bytes loaded", "bytes", "lower", "bytes that a page load transfers"),
    ("load_speed_index_seconds", "Speed index", "seconds", "lower", "lab measurement, median of the runs"),
    ("request_p95_seconds", "Request p95", "seconds", "lower", "95th percentile of request durations"),
    ("request_error_percent", "Request errors", "percent", "lower", "failed requests of all requests"),
    ("memory_growth_mb_per_hour", "Memory growth", "MB/h", "lower", "robust slope of memory use over time"),
    (
        "findings_critical_count",
        "Critical findings",
        "findings",
        "lower",
        "security findings, suppressed ones left out",
    ),
    ("findings_high_count", "High findings", "findings", "lower", "security findings, suppressed ones left out"),
    ("findings_medium_count", "Medium findings", "findings", "lower", "security findings, suppressed ones left out"),
    ("findings_low_count", "Low findings", "findings", "lower", "security findings, suppressed ones left out"),
    ("secrets_count", "Secrets", "findings", "lower", "credentials found in files; the secret itself is never stored"),
    ("api_declared_count", "API operations declared", "operations", "higher", "operations of the OpenAPI document"),
    ("api_implemented_percent", "API implemented", "percent", "higher", "declared operations with a handler, no stub"),
    ("api_proven_percent", "API proven", "percent", "higher", "declared operations that contract tests pass"),
    ("type_errors_count", "Type errors", "errors", "lower", "errors of the type checker"),
    ("type_coverage_percent", "Typed", "percent", "higher", "share of typed symbols"),
    ("docs_documented_percent", "Documented", "percent", "higher", "documented symbols of all public symbols"),
    ("docs_alerts_count", "Prose alerts", "alerts", "lower", "alerts of the prose linter"),
    ("lint_problems_count", "Lint problems", "problems", "lower", "problems of the linter"),
    ("bugs_count", "Bugs", "bugs", "lower", "open issues that the analysis calls bugs"),
    ("vulnerabilities_count", "Vulnerabilities", "vulnerabilities", "lower", "open issues that the analysis calls so"),
    ("code_smells_count", "Code smells", "smells", "lower", "open issues that the analysis calls code smells"),
    ("duplicated_lines_percent", "Duplicated lines", "percent", "lower", "lines that are in a duplicated block"),
    (
        "quality_gates_failed_count",
        "Quality gates failed",
        "gates",
        "lower",
        "gates of the analysis service that failed",
    ),
    ("scorecard_score", "OpenSSF Scorecard", "of 10", "higher", "supply-chain practices; a check each under its name"),
    ("ci_success_percent", "CI success", "percent", "higher", "successful runs of completed runs"),
    ("rollback_seconds", "Rollback time", "seconds", "lower", "time that the last rollback drill took"),
    ("stable_hours", "Stable", "hours", "higher", "hours since the last deployment, rollback or critical incident"),
    (
        "incidents_critical_count",
        "Critical incidents",
        "incidents",
        "lower",
        "critical incidents that were open since the last deployment",
    ),
    (
        "incidents_open_count",
        "Open incidents",
        "incidents",
        "lower",
        "incidents of a status page that are not resolved",
    ),
    (
        "incident_oldest_hours",
        "Oldest open incident",
        "hours",
        "lower",
        "age of the incident that is open longest; 0 while none is open",
    ),
    ("issues_open_count", "Open issues", "issues", "lower", "open issues that a search of the tracker finds"),
    (
        "issue_oldest_days",
        "Oldest open issue",
        "days",
        "lower",
        "age of the issue that is open longest; 0 while none is open",
    ),
    ("feedback_score", "User feedback", "of 5", "higher", "mean score that users gave, 1 to 5"),
    ("http_healthy_percent", "Healthy answers", "percent", "higher", "probes with the expected status, of all probes"),
    ("load_first_byte_seconds", "Time to first byte", "seconds", "lower", "median of a few probes from this machine"),
    ("load_whole_seconds", "Time to whole answer", "seconds", "lower", "median of a few probes from this machine"),
    ("tls_expiry_days", "TLS certificate, days left", "days", "higher", "days until the certificate expires"),
    (
        "checklist_done_percent",
        "Checklist done",
        "percent",
        "higher",
        "ticked boxes of all boxes; a claim, never proof",
    ),
    ("readiness_claim_percent", "Claimed readiness", "percent", "higher", "what a document says; a claim, never proof"),
    ("timeline_claim_days", "Claimed timeline", "days", "lower", "days until a document says it is ready; a claim"),
    (
        "tests_present",
        "Tests in the tree",
        "files",
        "higher",
        "files that the test runners of their language collect by name; no fixtures, helpers or data",
    ),
    ("ci_present", "CI configured", "files", "higher", "CI configuration files found in the tree"),
    ("licence_present", "Licence", "files", "higher", "licence files found at the top of the tree"),
    ("readme_present", "Readme", "files", "higher", "readme files found at the top of the tree"),
    (
        "dependencies_pinned_percent",
        "Dependencies pinned",
        "percent",
        "higher",
        "manifests with a lock file beside them",
    ),
)

CATALOGUE: dict[str, Metric] = {row[0]: Metric(*row) for row in _CATALOGUE_ROWS}

# May be below zero: memory that shrinks, a certificate that has expired.
_SIGNED = frozenset({"memory_growth_mb_per_hour", "tls_expiry_days"})
_ROUNDING = 1e-6
_MOST = {"points": 100, "of 5": 5}  # by unit, the best mark there is


def impossible(metric: str, value: float | None) -> str:
    """Why a figure of a catalogued metric cannot be true, or "": a share above 100%, 6 of 5, an amount below zero."""
    known = CATALOGUE.get(metric)
    if known is None or value is None:
        return ""
    if known.unit == "percent" and value > 100 + _ROUNDING:
        return f"{value:g} percent is not a share: it must be between 0 and 100"
    if value > _MOST.get(known.unit, math.inf) + _ROUNDING:
        return f"{value:g} is more than the {_MOST[known.unit]} that {known.title.lower()} can reach"
    if value < 0 and metric not in _SIGNED:
        return f"{value:g} {known.unit} is below zero"
    return ""


# Where the readers put the figure of the whole: a plan that asks for "the bundle" means all its assets.
WHOLE_SCOPE = {"bundle_raw_bytes": "all-assets", "bundle_gzip_bytes": "all-assets", "bundle_brotli_bytes": "all-assets"}
