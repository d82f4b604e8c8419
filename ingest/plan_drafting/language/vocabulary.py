"""The words of checklists -> metrics, roles of sections, and themes of gates: every synonym that the import knows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

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
    """How a criterion of the metric is called. `about` says in the plan what counts."""

    metric: str
    id: str
    title: str
    about: str = ""


_FINDINGS = "findings of the security scanners, suppressed ones left out"
_BUNDLE = "all assets of the production build, uncompressed; 1 MB is 1,000,000 bytes"
_LOAD = "largest contentful paint in a lab run; name another metric where the document means something else"
_TODO = "TODO, FIXME, HACK and XXX markers in comments of code; vendored, generated, test and documentation files apart"
_OPERATIONS = "operations of the OpenAPI document that have a handler which is no stub"
_RUNS = "successful runs of the completed runs on the default branch"
MEANINGS: tuple[Meaning, ...] = (
    Meaning("coverage_branch_percent", "branch-coverage", "Branch coverage"),
    Meaning("type_coverage_percent", "type-coverage", "Type coverage"),
    Meaning("docs_documented_percent", "documentation", "Documentation", "documented symbols of all public symbols"),
    Meaning("api_proven_percent", "api-proven", "API proven by tests"),
    Meaning("coverage_line_percent", "test-coverage", "Test coverage"),
    Meaning(
        "duplicated_lines_percent", "duplicated-lines", "Duplicated lines", "as SonarQube or SonarCloud counts them"
    ),
    Meaning("code_smells_count", "code-smells", "Code smells", "as SonarQube or SonarCloud counts them"),
    Meaning("bundle_gzip_bytes", "bundle-size", "Bundle size, gzip"),
    Meaning("bundle_brotli_bytes", "bundle-size", "Bundle size, brotli"),
    Meaning("bundle_raw_bytes", "bundle-size", "Bundle size", _BUNDLE),
    Meaning("load_tti_seconds", "time-to-interactive", "Time to interactive"),
    Meaning("load_first_byte_seconds", "first-byte", "Time to first byte", "a few probes from one machine"),
    Meaning("load_speed_index_seconds", "speed-index", "Speed index", "in a lab run"),
    Meaning("load_lcp_seconds", "load-time", "Load time", _LOAD),
    Meaning("load_score", "load-score", "Load score"),
    Meaning(
        "memory_growth_mb_per_hour",
        "memory-growth",
        "Memory growth",
        "robust slope of the memory use of the running service",
    ),
    Meaning("api_implemented_percent", "api-completeness", "API completeness", _OPERATIONS),
    Meaning("todo_count", "todo-markers", "TODO markers", _TODO),
    Meaning("tests_flaky", "flaky-tests", "Flaky tests"),
    Meaning("tests_skipped", "skipped-tests", "Skipped tests"),
    Meaning("tests_passed_percent", "tests-passed", "Tests passed"),
    Meaning("tests_failed", "failing-tests", "Failing tests"),
    Meaning("findings_critical_count", "critical-findings", "Critical security findings", _FINDINGS),
    Meaning("findings_high_count", "high-findings", "High security findings", _FINDINGS),
    Meaning("findings_medium_count", "medium-findings", "Medium security findings", _FINDINGS),
    Meaning("findings_low_count", "low-findings", "Low security findings", _FINDINGS),
    Meaning("secrets_count", "hardcoded-secrets", "Hardcoded secrets"),
    Meaning("type_errors_count", "type-errors", "Type errors"),
    Meaning("lint_problems_count", "lint-problems", "Lint problems"),
    Meaning("request_p95_seconds", "request-p95", "Request time, 95th percentile", "measured on the running service"),
    Meaning("request_error_percent", "error-rate", "Error rate", "measured on the running service"),
    Meaning("ci_success_percent", "ci-success", "CI success", _RUNS),
    Meaning("rollback_seconds", "rollback-time", "Rollback time", "time that the last rollback drill took"),
)

_ASSUMED_CI = "the document names no figure: 90 percent of the completed runs is an assumption of the import, edit it"
_REMEDIATED = "the document says remediated: none may be left"
# Whole sentences that demand a figure without naming one: (words, metric, comparator, threshold, what was assumed).
IMPLIED: tuple[tuple[re.Pattern[str], str, str, float, str], ...] = tuple(
    (re.compile(rf"\W*(?:{words})\W*", re.IGNORECASE), metric, comparator, threshold, assumed)
    for words, metric, comparator, threshold, assumed in (
        (
            r"CI(?:/CD)? pipelines? with passing tests",
            "tests_failed",
            "<=",
            0,
            "the document says passing: none may fail",
        ),
        (r"CI(?:/CD)? pipelines? with passing tests", "ci_success_percent", ">=", 90, _ASSUMED_CI),
        (r"security vulnerabilities remediated", "findings_critical_count", "<=", 0, _REMEDIATED),
        (r"security vulnerabilities remediated", "findings_high_count", "<=", 0, _REMEDIATED),
    )
)

# Subjects of rules -> metrics that decide them, where the rule names no figure of its own.
SUBJECTS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"\btechnical debt\b|\btodos?\b", re.IGNORECASE), ("todo_count",)),
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
        re.compile(r"\bvulnerabilit\w+|\bsecurity (?:issue|finding|scan)s?\b|\bcves?\b", re.IGNORECASE),
        ("findings_critical_count", "findings_high_count", "secrets_count"),
    ),
    (re.compile(r"\bsecrets?\b", re.IGNORECASE), ("secrets_count",)),
    (re.compile(r"\broll-?backs?\b|\broll back\b", re.IGNORECASE), ("rollback_seconds",)),
    (re.compile(r"\btype(?:script)? errors?\b", re.IGNORECASE), ("type_errors_count",)),
    (re.compile(r"\blint\w*", re.IGNORECASE), ("lint_problems_count",)),
    (re.compile(r"\bp95 latency\b|\bp95 response times?\b", re.IGNORECASE), ("request_p95_seconds",)),
    (re.compile(r"\berror rates?\b", re.IGNORECASE), ("request_error_percent",)),
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

_LAUNCH = r"(?:launch\w*|release|deploy\w*|ship|go[- ]?live|roll-?out|merge|start|publish)"
# "No release unless ...": what follows is what GO needs.
UNLESS = r"\b(?:unless|es sei denn|au(?:ß|ss)er wenn|sauf si|à moins que|a menos que|salvo que|a meno che|tenzij)\b"
# Own heading first: the first row that matches names the role. Children of the last group keep the parent's role.
_ROLE_WORDS: tuple[tuple[str, Role], ...] = (
    (r"^\W*(?:go with caution|conditional go|partial success|failure\b|if (?:no[- ]?)?go\b)", "aside"),
    (rf"(?:\bno[- ]?go\b|\b(?:no|not|never|don't|do not|kein\w*) {_LAUNCH}\b).*{UNLESS}", "go"),
    (r"\bgo\s*(?:/|or|vs\.?|&|and|oder|ou|o|of)\s*no[- ]?go\b", "go or no-go"),
    (
        r"\bstop[- ]ship\b|\b(?:pause|halt|hold|stop|abort|suspend|cancel|freeze|delay)\b.{0,30}"
        rf"\b(?:{_LAUNCH}|promotion)\b.{{0,20}}\b(?:when|if)\b|"
        r"\b(?:abbruch|stopp)kriterien\b|\bcritères d'arrêt\b|\bcriterios de (?:parada|bloqueo)\b"
        r"|\bcriteri di (?:stop|blocco)\b|\bkein go\b"
        r"|\bno[- ]?go\b|\b(?:blocking|stop)[- ](?:criteria|conditions)|\babort criteria|\bred flags?\b|\bkill criteria"
        rf"|\b(?:no|not|never|don't|do not) {_LAUNCH}\b(?=.*\b(?:when|if|while)\b)|\bstop (?:if|when)\b"
        r"|\bany (?:one|single|of these)\b.*\b(?:blocks?|stops?)\b|\bblocks? the \w+ (?:if|when)\b"
        r"|\bkein(?:e|en)? (?:release|rollout|go-?live|launch|freigabe)\b|\bpas de (?:mise en|lancement|déploiement)"
        r"|\bno (?:lanzar|salir|desplegar|publicar)\b|\bnon (?:rilasciare|lanciare|pubblicare)|\bnessun rilascio"
        r"|\bnão (?:lançar|publicar|implantar)|\bgeen (?:release|livegang|lancering)|\bniet live\b",
        "no-go",
    ),
    (
        r"\bgo\b[- ]?(?:criteria|rules|conditions|decision|if|when|kriterien|critères)|^\W*go\b(?![- ]?live)"
        rf"|\bgo[- ]live criteria|\b(?:critères|criterios|criteri|critérios) (?:de |di )?go\b"
        rf"|\b{_LAUNCH} (?:only )?(?:if|when)\b",
        "go",
    ),
    (r"\bgates?\b", "gate"),
    (
        r"\bpost[- ]?(?:deploy|release|launch|rollout|go-?live|production|cutover)|\bhypercare\b|\bonce live\b"
        r"|\bafter (?:the )?(?:deploy|release|launch|go-?live|roll-?out|cutover)|\bsmoke test"
        r"|\b(?:deployment|deploy|launch|release) day\b|\bfirst (?:\d+ )?(?:minutes?|hours?|days?|weeks?|months?)\b"
        r"|^\W*immediately after\b|^\W*(?:day|week|month)[- ]?(?:\d+|one|two)\b|\b\d+ (?:hours|days|weeks) after\b"
        r"|\bduring (?:the )?(?:deploy\w*|launch|release|rollout)"
        r"|\bnach (?:dem |der )?(?:go-?live|launch|release|deploy(?:ment)?|rollout|start)"
        r"|\berste[nr]? (?:\d+ )?(?:minuten|stunden?|tage?|wochen?)\b"
        r"|\baprès (?:la |le |l')?(?:mise|lancement|déploiement)"
        r"|\bpremi(?:er|ère)e?s? (?:\d+ )?(?:minutes?|heures?|jours?|semaines?)\b|\bdespués (?:del|de la)"
        r"|\bprimer[oa]s? (?:\d+ )?(?:minutos?|horas?|días?|semanas?)\b"
        r"|\bpost-?(?:despliegue|implantación|producción|lanzamiento|rilascio|lancio|déploiement)"
        r"|\bdopo (?:il|la|l)\b|\bprim[ae] (?:\d+ )?(?:ore|settiman[ae])\b|\bprimi (?:\d+ )?(?:minuti|giorni)\b"
        r"|\b(?:após|depois d[oa])\b|\bprimeir[oa]s? (?:\d+ )?(?:minutos?|horas?|dias?|semanas?)\b"
        r"|\bp[óo]s-?(?:deploy|implantação|lançamento|produção|release)"
        r"|\bna (?:de )?(?:livegang|release|lancering|launch)"
        r"|\beerste (?:\d+ )?(?:minuten|uren|uur|dagen|week|weken)\b",
        "check",
    ),
    (r"\b(?:phase|stage|wave|ring)\s*[0-9ivx]+\b|\brollout (?:plan|steps|stages)", "phase"),
    (r"\broll(?:ing)?[- ]?back|\brevert|\bback-?out\b|\bdisaster recovery", "rollback"),
    (r"\bpromotion\b|\bpromote\b", "promotion"),
    (r"\bcommunicat|\bstakeholders?\b|\bannounce|\bnotif(?:y|ication)", "communication"),
    (r"\bmonitor|\balert|\bobservab|\bescalation", "monitoring"),
    (r"\brisks?\b", "risk"),
    (r"\bcurrent\b.*\bstatus|\bdeployment status|\brecommendation|\bexecutive summary", "status"),
    (r"\bT\s*\+\s*\d", "check"),  # "T+60: Metric validation": after the deployment, whatever the unit
)
_BEFORE = re.compile(
    r"\bpre[- ]?(?:deploy|release|launch|production|flight|go-?live|roll-?out|cutover)"
    r"|\b(?:before|prior to) (?:the )?(?:deploy|release|launch|go|roll|cutover)|\bpreparation"
    r"|\bvor (?:dem|der) |\bavant (?:la mise|le )|\bantes (?:de|del|do|da)\b|\bprima del|\bvoor de ",
    re.IGNORECASE,
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


def meaning_for(metric: str) -> Meaning:
    """The entry that names a metric."""
    return next(meaning for meaning in MEANINGS if meaning.metric == metric)


def is_before(title: str) -> bool:
    """Whether the heading is about what is done before the launch."""
    return bool(_BEFORE.search(title))


def role_of(title: str, parent: Role = "") -> Role:
    """What a section is for: its own heading decides, else (for some roles) the heading above."""
    if parent in _STAYS:
        return parent
    own: Role = next((role for pattern, role in _ROLES if pattern.search(title)), "")
    if own:
        return own
    return parent if parent in _INHERITED else ""
