"""The words of checklists -> metrics, roles of sections, and themes of gates: every synonym that the import knows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from ingest.observation import CATALOGUE

Role = Literal[
    "go",
    "no-go",
    "go or no-go",
    "gate",
    "phase",
    "rollback",
    "promotion",
    "communication",
    "monitoring",
    "check",
    "status",
    "risk",
    "aside",
    "",
]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase measures. `about` tells the reader of the plan what counts."""

    metric: str
    id: str
    title: str
    about: str = ""


def _row(pattern: str, metric: str, name: str, title: str, about: str = "") -> tuple[re.Pattern[str], Meaning]:
    return re.compile(pattern, re.IGNORECASE), Meaning(metric, name, title, about)


_BUNDLE = "all assets of the production build, uncompressed; 1 MB is 1,000,000 bytes"
_LOAD = "largest contentful paint in a lab run; name another metric where the document means something else"
_MEMORY = "robust slope of the memory use of the running service; a figure without a time is read as per hour"
_TODO = "TODO, FIXME, HACK and XXX markers in comments of code; vendored, generated, test and documentation files apart"
_FINDINGS = "findings of the security scanners, suppressed ones left out"
# Another percentile is another figure, and the 95th of something else (a workflow, a build) is not a request's.
_P95 = (
    r"^(?!.*\b(?:p(?:50|75|90|99(?:\.9)?)|median|average|mean|(?:50|75|90|99)th)\b)"
    r"(?=.*(?:\bresponse times?|\blatency|\b(?:requests?|apis?|endpoints?|http)\b.*\b(?:p95|95th)\b"
    r"|^\W*(?:p95|95th percentile)\b))"
)

# The first row that matches wins, and only when the figure's unit fits the metric's.
MEANINGS: tuple[tuple[re.Pattern[str], Meaning], ...] = (
    _row(
        r"\bbranch(?:es)? coverage|coverage of branches",
        "coverage_branch_percent",
        "branch-coverage",
        "Branch coverage",
    ),
    _row(r"\btype coverage|typed (?:code|symbols)", "type_coverage_percent", "type-coverage", "Type coverage"),
    _row(
        r"\b(?:doc(?:umentation|string|s)?) coverage|\bdocumented symbols|^documentation$",
        "docs_documented_percent",
        "documentation",
        "Documentation",
        "documented symbols of all public symbols",
    ),
    _row(
        r"\b(?:api|contract) (?:test )?coverage|contract tests?",
        "api_proven_percent",
        "api-proven",
        "API proven by tests",
    ),
    _row(
        r"\b(?:test|code|line|unit|statement)?\s?coverage\b", "coverage_line_percent", "test-coverage", "Test coverage"
    ),
    _row(r"\bgzip(?:ped)?\b.*\bbundle|\bbundle\b.*\bgzip", "bundle_gzip_bytes", "bundle-size", "Bundle size, gzip"),
    _row(r"\bbrotli\b.*\bbundle|\bbundle\b.*\bbrotli", "bundle_brotli_bytes", "bundle-size", "Bundle size, brotli"),
    _row(r"\bbundles?\b(?: size)?|\bbuild size", "bundle_raw_bytes", "bundle-size", "Bundle size", _BUNDLE),
    _row(r"\btime to interactive|\btti\b", "load_tti_seconds", "time-to-interactive", "Time to interactive"),
    _row(
        r"\b(?:page |initial )?load(?:ing)?(?: times?)?\b(?! (?:test|balanc))|\blargest contentful|\blcp\b",
        "load_lcp_seconds",
        "load-time",
        "Load time",
        _LOAD,
    ),
    _row(r"\blighthouse|\bperformance score", "load_score", "load-score", "Load score"),
    _row(
        r"\bmemory (?:growth|stability|leaks?)|\bleak(?:ing|s|age)?\b|\d\s?[kmg]b/h\w* growth",
        "memory_growth_mb_per_hour",
        "memory-growth",
        "Memory growth",
        _MEMORY,
    ),
    _row(
        r"\bapi (?:completeness|completion|implement\w*)|\b(?:endpoints?|routes?|operations?) implemented",
        "api_implemented_percent",
        "api-completeness",
        "API completeness",
        "operations of the OpenAPI document that have a handler which is no stub",
    ),
    _row(r"\bapi endpoints?\b", "api_implemented_percent", "api-completeness", "API completeness"),
    _row(r"\btodos?\b|\bfixmes?\b|\btechnical debt|\bdebt items?", "todo_count", "todo-markers", "TODO markers", _TODO),
    _row(r"\bflak(?:y|es?)\b", "tests_flaky", "flaky-tests", "Flaky tests"),
    _row(r"\bskipped tests?|\btests? skipped", "tests_skipped", "skipped-tests", "Skipped tests"),
    _row(
        r"\btests?\b.*\bpass(?:ing)? rate|^\W*pass(?:ing)? rate|\bpass(?:ing)? rate of\b.*\btests|\btests? passed",
        "tests_passed_percent",
        "tests-passed",
        "Tests passed",
    ),
    _row(
        r"\btests?\s+fail\w*|\bfail(?:ing|ed|ures?) tests?|\btest failures?",
        "tests_failed",
        "failing-tests",
        "Failing tests",
    ),
    _row(
        r"\b(?:critical|p0)[\w -]{0,12}(?:vulnerabilit|findings?|cves?)",
        "findings_critical_count",
        "critical-findings",
        "Critical security findings",
        _FINDINGS,
    ),
    _row(
        r"\bhigh[\w -]{0,12}(?:vulnerabilit|findings?|cves?)",
        "findings_high_count",
        "high-findings",
        "High security findings",
        _FINDINGS,
    ),
    _row(
        r"\bsecrets?\b|\bhard-?coded (?:credential|password)", "secrets_count", "hardcoded-secrets", "Hardcoded secrets"
    ),
    _row(
        r"\b(?:typescript|type|compile|compilation|tsc|mypy) errors?", "type_errors_count", "type-errors", "Type errors"
    ),
    _row(r"\blint(?:er|ing)?\b|\beslint\b", "lint_problems_count", "lint-problems", "Lint problems"),
    _row(
        _P95,
        "request_p95_seconds",
        "request-p95",
        "Request time, 95th percentile",
        "measured on the running service",
    ),
    _row(r"\berror rate", "request_error_percent", "error-rate", "Error rate", "measured on the running service"),
    _row(
        r"\bci\b(?:/cd)?|\bpipelines?\b|\bbuild success|\bbuilds? pass",
        "ci_success_percent",
        "ci-success",
        "CI success",
        "successful runs of the completed runs on the default branch",
    ),
    _row(
        r"\brollbacks?\b|\broll(?:ed|ing)? back",
        "rollback_seconds",
        "rollback-time",
        "Rollback time",
        "time that the last rollback drill took",
    ),
)


# Sentences that demand a figure without naming one: (words, metric, comparator, threshold, what was assumed).
IMPLIED: tuple[tuple[re.Pattern[str], str, str, float, str], ...] = (
    (
        re.compile(r"\bsecrets?\b.*\b(?:removed|eliminated|rotated)|\bno (?:hard-?coded )?secrets\b", re.IGNORECASE),
        "secrets_count",
        "<=",
        0,
        "the document says removed: none may be left",
    ),
    (
        re.compile(r"\b(?:passing tests|(?:all )?tests? (?:are )?(?:pass|green)\w*|no failing tests)", re.IGNORECASE),
        "tests_failed",
        "<=",
        0,
        "the document says passing: none may fail",
    ),
    (
        re.compile(
            r"\b(?:ci(?:/cd)?(?: pipelines?)?|pipelines?|builds?)\b[^.]{0,30}\b(?:pass|green|success|work)\w*"
            r"|\bpassing ci",
            re.IGNORECASE,
        ),
        "ci_success_percent",
        ">=",
        90,
        "the document names no figure: 90 percent of the completed runs is an assumption of the import, edit it",
    ),
    (
        re.compile(r"\bvulnerabilit\w+ (?:are )?(?:remediated|resolved|fixed|closed|addressed)", re.IGNORECASE),
        "findings_critical_count",
        "<=",
        0,
        "the document says remediated: none may be left",
    ),
    (
        re.compile(r"\bvulnerabilit\w+ (?:are )?(?:remediated|resolved|fixed|closed|addressed)", re.IGNORECASE),
        "findings_high_count",
        "<=",
        0,
        "the document says remediated: none may be left",
    ),
    (
        re.compile(r"\b(?:todos?|technical debt)\b[^.]{0,20}\b(?:resolved|removed|cleared|closed)", re.IGNORECASE),
        "todo_count",
        "<=",
        0,
        "the document says resolved: none may be left",
    ),
)

# Subjects of rules -> metrics that decide them, where the rule names no figure of its own.
SUBJECTS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"\btechnical debt|\btodos?\b", re.IGNORECASE), ("todo_count",)),
    (re.compile(r"\bcoverage\b", re.IGNORECASE), ("coverage_line_percent", "coverage_branch_percent")),
    (
        re.compile(r"\bci\b(?:/cd)?|\bpipelines?\b|\btest infrastructure|\bbuilds?\b", re.IGNORECASE),
        ("ci_success_percent", "tests_failed"),
    ),
    (re.compile(r"\btests? (?:pass|fail|green)\w*|\b(?:passing|failing) tests?", re.IGNORECASE), ("tests_failed",)),
    (re.compile(r"\bapi\b|\bendpoints?\b", re.IGNORECASE), ("api_implemented_percent", "api_proven_percent")),
    (re.compile(r"\bload\b(?! (?:test|balanc))|\bpage speed", re.IGNORECASE), ("load_lcp_seconds", "load_tti_seconds")),
    (re.compile(r"\bmemory\b", re.IGNORECASE), ("memory_growth_mb_per_hour",)),
    (re.compile(r"\bbundles?\b", re.IGNORECASE), ("bundle_raw_bytes", "bundle_gzip_bytes", "bundle_brotli_bytes")),
    (
        re.compile(r"\bvulnerabilit|\bsecurity (?:issue|finding|scan)|\bcves?\b", re.IGNORECASE),
        ("findings_critical_count", "findings_high_count", "secrets_count"),
    ),
    (re.compile(r"\bsecrets?\b", re.IGNORECASE), ("secrets_count",)),
    (re.compile(r"\broll-?backs?\b|\broll back", re.IGNORECASE), ("rollback_seconds",)),
    (re.compile(r"\btype(?:script)? errors?", re.IGNORECASE), ("type_errors_count",)),
    (re.compile(r"\blint", re.IGNORECASE), ("lint_problems_count",)),
    (re.compile(r"\blatency|\bresponse times?", re.IGNORECASE), ("request_p95_seconds",)),
    (re.compile(r"\berror rate", re.IGNORECASE), ("request_error_percent",)),
)
# A rule about performance as a whole is about all of these, unless it names some of them itself.
PERFORMANCE = re.compile(r"\bperformance\b", re.IGNORECASE)
PERFORMANCE_METRICS = (
    "bundle_raw_bytes",
    "bundle_gzip_bytes",
    "load_lcp_seconds",
    "load_tti_seconds",
    "load_score",
    "memory_growth_mb_per_hour",
    "request_p95_seconds",
)

# Own heading first: the first row that matches names the role. Children of the last group keep the parent's role.
_ROLE_WORDS: tuple[tuple[str, Role], ...] = (
    (r"^\W*(?:go with caution|conditional go|partial success|failure\b|if (?:no[- ]?)?go\b)", "aside"),
    (r"\bgo\s*(?:/|or|vs\.?)\s*no[- ]?go\b", "go or no-go"),
    (
        r"\bno[- ]?go\b|\b(?:blocking|stop) (?:criteria|conditions)|\babort criteria|\bred flags?\b",
        "no-go",
    ),
    (r"\bgo\b[- ]?(?:criteria|rules|conditions|decision|if)|^go\b(?![- ]?live)|\bgo[- ]live criteria", "go"),
    (r"\bgates?\b", "gate"),
    (r"\b(?:phase|stage|wave|ring)\s*[0-9ivx]+\b|\brollout (?:plan|steps|stages)", "phase"),
    (r"\broll-?back|\brevert|\bback-?out\b|\bdisaster recovery", "rollback"),
    (r"\bpromotion\b|\bpromote\b", "promotion"),
    (r"\bcommunicat|\bstakeholders?\b|\bannounce|\bnotif(?:y|ication)", "communication"),
    (r"\bmonitor|\balert|\bobservab|\bescalation", "monitoring"),
    (
        r"\bpost[- ]?(?:deploy|release|launch|rollout)|\bafter (?:the )?(?:deploy|release|launch)|\bsmoke test"
        r"|\b(?:deployment|deploy|launch|release) day\b|\bfirst (?:\d+ hours|day|week|month)\b|^\W*immediately after\b"
        r"|\bduring (?:the )?(?:deploy\w*|launch|release|rollout)",
        "check",
    ),
    (r"\brisks?\b", "risk"),
    (r"\bcurrent\b.*\bstatus|\bdeployment status|\brecommendation|\bexecutive summary", "status"),
)
_ROLES = tuple((re.compile(pattern, re.IGNORECASE), role) for pattern, role in _ROLE_WORDS)
_INHERITED = ("communication", "rollback", "monitoring", "check", "go", "no-go")
_STAYS = ("communication", "rollback", "monitoring", "aside")

STATUS_WORDS = re.compile(
    r"\b(BLOCKED|CONDITIONAL(?:LY)?(?: APPROVED| GO)?|APPROVED|NO-?GO|GO|FAILING|FAILED|PASSING|PASSED|PASS|FAIL|"
    r"READY|NOT READY|PENDING|IN PROGRESS|DONE|COMPLETE|INCOMPLETE|AT RISK|ON TRACK)\b"
)
# Which gate a matrix factor belongs to, by metric or by its words: (words of the factor, words of the gate's title).
THEMES: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(subject, re.IGNORECASE), re.compile(title, re.IGNORECASE))
    for subject, title in (
        (r"\bfindings_|\bsecrets_|\bsecurity|\bvulnerab|\bauth", r"secur|hardening|complian"),
        (r"\bdocs_|\bdocument|\brunbook|\breadme", r"docum|operation"),
        (r"\brollback|\binfrastructure|\bdeploy|\bmonitor", r"operation|infrastr|deploy|rollback"),
        (r"\bload_|\bbundle_|\bmemory_|\brequest_|\bperformance", r"perform|speed|scal"),
        (r"\bcoverage_|\btests_|\btest", r"test|quality|qa\b"),
        (r"\btodo_|\btype_|\blint_|\bci_|\bapi_|\bapi\b", r"code|quality|engineering|build|api"),
        (
            r"\b(?:api|coverage|tests|todo|type|lint|ci|load|bundle|memory|request)_|\bapi|\btest|\bperf",
            r"function|feature|critical|core|technical|develop",
        ),
    )
)


def meaning_of(text: str, unit_fits: object = None) -> Meaning | None:
    """What the words measure; `unit_fits(metric unit) -> bool` rejects readings whose unit is another one."""
    for pattern, meaning in MEANINGS:
        if pattern.search(text) and (not callable(unit_fits) or unit_fits(CATALOGUE[meaning.metric].unit)):
            return meaning
    return None


def meaning_for(metric: str) -> Meaning:
    """The entry that names a metric."""
    return next(meaning for _, meaning in MEANINGS if meaning.metric == metric)


def role_of(title: str, parent: Role = "") -> Role:
    """What a section is for: its own heading decides, else (for some roles) the heading above."""
    if parent in _STAYS:
        return parent
    own: Role = next((role for pattern, role in _ROLES if pattern.search(title)), "")
    if own:
        return own
    return parent if parent in _INHERITED else ""
