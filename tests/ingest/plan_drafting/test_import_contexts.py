"""Headings, columns and strike-through that take a demand back: what is below or beside them binds nothing."""

from __future__ import annotations

from typing import Any

import pytest

from ingest.plan_drafting.from_checklist import plan_from_checklist
from ingest.readers.documents.checklist import read_checklist

# Lines that are bound below "Quality"; below each of these headings they demand nothing.
HEADINGS = """
Known issues | Known limitations | Out of scope | Non-goals | Not required for launch | Old targets (superseded)
Deprecated criteria | Anti-patterns | Lessons learned | Vendor SLA | Third-party SLAs | Degraded mode
Maintenance window | During incidents | Waived criteria | Accepted exceptions | Exemptions | Hold criteria
Circuit breaker | Auto-scaling
Page the on-call | Notify the team | Incident severity: SEV1 | Kill switch | Error budget burn | Automatic halt
Disqualifiers
Reasons to delay the launch | Things that would block us | Danger zone | Symptoms
Worst case | Blockers found | When to roll back | Stop conditions | Rejection criteria
Alarmgrenzen | Nicht-Ziele | Bekannte Probleme | Außerhalb des Umfangs | Eskalationsgrenzen | Rückfallkriterien
Hors périmètre | Problèmes connus | Conditions de retour arrière | Critères de rejet | Seuils d'alarme
Fuera de alcance | Problemas conocidos | Condiciones de reversión | Umbrales de alarma
Fora do escopo | Problemas conhecidos | Critérios de reversão | Limites de alarme
Fuori ambito | Problemi noti | Soglie di allarme | Buiten scope | Bekende problemen
"""


def _bound(section: str) -> list[str]:
    text = f"# Release\n\n## First\n\n- [ ] Handbook printed\n\n{section}\n"
    mapping, _ = plan_from_checklist(read_checklist(text.encode()), name="x")
    return [
        _demand(row) for gate in mapping["gate"] if "kind" not in gate for row in gate["criterion"] if row["metric"]
    ]


def _demand(row: dict[str, Any]) -> str:
    return f"{row['metric']} {row['comparator']} {row['threshold']:g}"


def _table(header: str, row: str) -> str:
    return f"## Quality\n\n| {header} |\n|{'---|' * (header.count('|') + 1)}\n| {row} |"


def test_a_heading_that_takes_its_lines_back_binds_none_of_them() -> None:
    """Known problems, alarms, vendors and what is out of scope demand nothing of the project."""
    titles = [title.strip() for line in HEADINGS.strip().splitlines() for title in line.split("|")]
    assert _bound("## Quality\n\n- [ ] Error rate 5%\n- [ ] Coverage >= 60%") != []
    sections = "\n\n".join(f"## {title}\n\n- [ ] Error rate 5%\n- [ ] Coverage >= 60%" for title in titles)
    assert _bound(sections) == []


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Metric | Threshold | Severity", "Error rate | 5% | SEV1"),
        ("Check | Required", "Coverage >= 80% | no"),
        ("Check | Applies", "Coverage >= 80% | N/A"),
        ("Metric | Target | Scope", "Line coverage | 80% | payments"),
        ("Metric | Target | Component", "Error rate | 5% | batch"),
        ("Service | Metric | Target", "payments | Error rate | 5%"),
        ("Metric | Target | Mandatory", "Line coverage | 80% | optional"),
        ("Metric | Minimum viable | Target", "Line coverage | 60% | 80%"),
        ("Item | Result", "Error rate 5% | ok"),
        ("Metric | Threshold | Duration", "Error rate | 5% | 5 min"),
        ("Metric | Threshold | Then", "Error rate | 5% | roll back"),
        ("Metrik | Grenzwert | Reaktion", "Fehlerrate | 5 % | Rollback"),
        ("Métrica | Umbral | Acción", "Tasa de error | 5 % | Revertir"),
        ("Metric | Target", "**Backend** | |\n| Line coverage | 80%"),
    ],
)
def test_a_column_that_narrows_the_row_leaves_it_unbound(header: str, row: str) -> None:
    """A part of the project, an optional row and a severity are no demand on the whole."""
    assert _bound(_table(header, row)) == []


@pytest.mark.parametrize(
    ("header", "row", "demand"),
    [
        ("Check | Required", "Coverage >= 80% | yes", "coverage_line_percent >= 80"),
        ("Metric | Target | Scope", "Line coverage | 80% | whole project", "coverage_line_percent >= 80"),
        ("Metric | Target | Severity", "Error rate | 5% | high", "request_error_percent <= 5"),
        ("Metric | Previous target | New target", "Line coverage | 60% | 80%", "coverage_line_percent >= 80"),
        ("Metric | Old threshold | Threshold", "Error rate | 5% | 1%", "request_error_percent <= 1"),
        ("Metric | Target | Environment", "Error rate | 5% | production", "request_error_percent <= 5"),
    ],
)
def test_a_column_that_names_the_whole_leaves_it_bound(header: str, row: str, demand: str) -> None:
    """A row about everything is a plain demand."""
    assert _bound(_table(header, row)) == [demand]


REPORTS = """
Load test results | Current state | Current metrics | Baseline | Measured values | Observed in the last test
Ergebnisse | Aktueller Stand | Résultats | Resultados | Estado actual | Risultati | Huidige status
"""


def test_a_figure_without_a_comparison_in_a_report_is_no_demand() -> None:
    """ "Error rate 5%" below "Current metrics" says how it is; "Error rate < 1%" asks for something there, too."""
    titles = [title.strip() for line in REPORTS.strip().splitlines() for title in line.split("|")]
    for title in titles:
        assert _bound(f"## {title}\n\n- [ ] Error rate 5%\n- [ ] Coverage 60%") == [], title
    assert _bound("## Current state\n\n- [ ] Error rate < 1%") == ["request_error_percent < 1"]


LEADS = """
Alert when: | Roll back if any of these is true: | Do not launch when one of these holds: | Rollback triggers
The following are NOT required: | Out of scope: | Known issues: | For the payments service: | On staging:
"""


def test_a_line_before_a_list_that_takes_it_back_binds_none_of_it() -> None:
    """A paragraph or a bold title announces what the boxes below it are."""
    for lead in (lead.strip() for line in LEADS.strip().splitlines() for lead in line.split("|")):
        for form in (lead, f"**{lead}**", f"<details>\n<summary>{lead}</summary>"):
            assert _bound(f"## Quality\n\n{form}\n\n- [ ] Error rate 5%\n- [ ] Coverage >= 60%") == [], form
    plain = "## Quality\n\nAll of these must hold:\n\n- [ ] Error rate 5%\n- [ ] Coverage >= 60%"
    assert _bound(plain) == ["request_error_percent <= 5", "coverage_line_percent >= 60"]


@pytest.mark.parametrize(
    ("line", "demands"),
    [
        ("~~Coverage >= 60%~~", []),
        ("<del>Coverage >= 60%</del>", []),
        ("~~Coverage >= 60%~~ Coverage >= 80%", ["coverage_line_percent >= 80"]),
        ("Coverage >= ~~60%~~ 80%", ["coverage_line_percent >= 80"]),
    ],
)
def test_what_is_struck_out_demands_nothing_and_is_kept(line: str, demands: list[str]) -> None:
    """The struck words stay readable in the plan, and only the others are bound."""
    assert _bound(f"## Quality\n\n- [ ] {line}") == demands


@pytest.mark.parametrize("sign", ["≠", "!=", "≈", "≱", "≰", "!>=", "∉", "⇏"])
def test_a_sign_that_nobody_reads_leaves_the_line_unbound(sign: str) -> None:
    """ "Coverage ≠ 80%" does not ask for at least 80%."""
    assert _bound(f"## Quality\n\n- [ ] Coverage {sign} 80%\n- [ ] Error rate {sign} 1%") == []


def test_a_paused_rollout_is_a_rule_of_no_go() -> None:
    """ "Pause rollout when" heads conditions against going on."""
    text = "# R\n\n## First\n\n- [ ] Error rate < 1%\n\n## Pause rollout when\n\n- Error rate 2%\n"
    mapping, _ = plan_from_checklist(read_checklist(text.encode()), name="x")
    assert [rule["kind"] for rule in mapping["rule"]] == ["no-go"]


@pytest.mark.parametrize(
    "lead", ["Do not deploy unless:", "Never release unless these hold:", "NO-GO unless:", "Kein Release, es sei denn:"]
)
def test_what_a_release_must_not_lack_is_a_rule_of_go(lead: str) -> None:
    """ "Do not deploy unless" heads what GO needs, also in a heading."""
    heading = f"# R\n\n## First\n\n- [ ] Handbook printed\n\n## {lead.rstrip(':')}\n\n- Coverage >= 80%\n"
    mapping, _ = plan_from_checklist(read_checklist(heading.encode()), name="x")
    assert [(rule["kind"], rule["needs"]) for rule in mapping["rule"]] == [("go", ["test-coverage"])]


P95, LINE, ERRORS = "request_p95_seconds", "coverage_line_percent", "request_error_percent"


@pytest.mark.parametrize(
    ("title", "line", "demands"),
    [
        ("Latency", "**P95**: < 500ms", [f"{P95} < 0.5"]),
        ("1.2 Response time (p95)", "< 300 ms", [f"{P95} < 0.3"]),
        ("Temps de réponse", "95e percentile : < 800 ms", [f"{P95} < 0.8"]),
        ("Coverage thresholds", "Branches: >= 75%", ["coverage_branch_percent >= 75"]),
        ("Cobertura de código", "Líneas: >= 80%", [f"{LINE} >= 80"]),
        ("Error rate SLO", "Target: < 0.1%", [f"{ERRORS} < 0.1"]),
        ("Lighthouse (Objectifs)", "Performance : ≥ 90", ["load_score >= 90"]),
        ("Security findings", "Critical: 0", ["findings_critical_count <= 0"]),
        ("Latency", "p99: < 500ms", []),
        ("Latency", "Redis p95: < 5 ms", []),
        ("Queue latency", "P95: < 5 s", []),
        ("Performance", "P95: < 500ms", []),
        ("Coverage", "Core modules: 90%", []),
        ("Coverage", "New code: 80%", []),
        ("Error rate", "Warning: > 1%", []),
        ("Error rate", "Login: < 2%", []),
        ("Lighthouse", "Accessibility: ≥ 90", []),
        ("Vulnerabilities", "High: fixed in 7 days", []),
        ("Search\n\n### Latency", "P95: < 120ms", []),
        ("Performance\n\n### Latency", "P95: < 120ms", [f"{P95} < 0.12"]),
    ],
)
def test_a_heading_that_names_what_is_measured_is_read_with_its_lines(
    title: str, line: str, demands: list[str]
) -> None:
    """Only a heading that says nothing else, and only below headings that narrow nothing to a part."""
    assert _bound(f"## {title}\n\n- [ ] {line}") == demands


@pytest.mark.parametrize(
    ("header", "row", "demands"),
    [
        ("Metric | Budget | Current", "Bundle size | 200 KB | 187 KB", ["bundle_raw_bytes <= 200000"]),
        ("SLO | Objective | Window", "Error rate | ≤ 0.1% | 30 days", [f"{ERRORS} <= 0.1"]),
        ("Kriterium | Sollwert | Istwert", "Testabdeckung | mind. 80 % | 64 %", [f"{LINE} >= 80"]),
        ("Codice | Metrica | Valore accettabile", "MQ05 | Branch Coverage | ≥ 60%", ["coverage_branch_percent >= 60"]),
        ("Category | Metric | Target", "Performance | p95 latency | ≤ 250 ms", [f"{P95} <= 0.25"]),
        ("Area | Metric | Target", "Payments API | Error rate | < 2%", []),
        ("Metric | Unit | Limit", "p95 latency | ms | 300", [f"{P95} <= 0.3"]),
        ("Metric | Target | Alert", "Error rate | < 1% | > 2%", [f"{ERRORS} < 1"]),
        ("Alert | Target | Channel", "Error rate | > 5% | ops", []),
        ("# | Aspect | Critère | Validation", "T1 | Couverture de tests | ≥ 80 % | rapport", [f"{LINE} >= 80"]),
        ("# | Aspect | Critère | Validation", "Q3 | Sécurité | Pas de vulnérabilité critique | audit",
         ["findings_critical_count <= 0"]),
        ("Coverage | Threshold", "Lines | 80%", [f"{LINE} >= 80"]),
    ],
)  # fmt: skip
def test_columns_of_demands_are_known_by_their_usual_titles(header: str, row: str, demands: list[str]) -> None:
    """Budgets, objectives, set values and units; an area of the system leaves the row unbound."""
    assert _bound(_table(header, row)) == demands


def test_a_front_end_has_bundles_and_pages_of_its_own() -> None:
    """Below "Frontend" its own metrics are bound; coverage there is that of a part."""
    lines = "- [ ] Lighthouse performance score above 85\n- [ ] Coverage >= 80%"
    assert _bound(f"## Frontend\n\n{lines}") == ["load_score > 85"]
    assert _bound(f"## Frontend of the payments service\n\n{lines}") == []


def test_a_rollback_that_is_to_be_documented_and_tested_is_a_gate() -> None:
    """Boxes that say how it has to be are criteria, with their owner and day; those that order are steps."""
    text = "# R\n\n## First\n\n- [ ] Handbook printed\n\n## Rollback plan\n\n"
    states = "- [ ] Rollback procedure documented (owner: Ada, due 2026-05-01)\n- [ ] Rollback time < 10 min\n"
    mapping, _ = plan_from_checklist(read_checklist(f"{text}{states}".encode()), name="x")
    assert "runbook" not in mapping
    row, bound = mapping["gate"][1]["criterion"]
    assert (row["owner"], str(row["due"])) == ("Ada", "2026-05-01")
    assert _demand(bound) == "rollback_seconds < 600"
    steps = "- [ ] Stop the traffic\n- [ ] Restore the tested backup\n"
    mapping, _ = plan_from_checklist(read_checklist(f"{text}{steps}".encode()), name="x")
    assert [step["title"] for step in mapping["runbook"][0]["step"]] == [line[2:] for line in steps.splitlines()]


def test_bullets_tell_how_it_is_unless_a_heading_demands() -> None:
    """In a document without boxes a bare figure below "Metrics" is one of today; a compared one asks for something."""
    lines = "* Code coverage: 87.3%\n* Lint errors: 0\n* Error rate < 1%"
    bound = {}
    for title in ("Metrics", "Quality gates", "Before optimization"):
        mapping, _ = plan_from_checklist(read_checklist(f"# Report\n\n## {title}\n\n{lines}\n".encode()), name="x")
        rows = [row for gate in mapping["gate"] for row in gate["criterion"]]
        assert len(rows) == 3  # none is lost
        bound[title] = [_demand(row) for row in rows if row["metric"]]
    assert bound["Metrics"] == bound["Before optimization"] == [f"{ERRORS} < 1"]
    assert bound["Quality gates"] == [f"{LINE} >= 87.3", "lint_problems_count <= 0", f"{ERRORS} < 1"]


def test_passing_tests_and_named_secrets_are_no_complaints() -> None:
    """A remark that counts passing tests, or secrets that have a place, asks for none of them to go."""
    text = "- [ ] Release prepared\n  - 67 tests passing\n  - 6 secrets listed in the vault\n  - 3 hardcoded secrets\n"
    assert _bound(f"## Quality\n\n{text}") == ["secrets_count <= 0"]


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Coverage", "### Search\n\n- [ ] Lines: 60%"),
        ("Coverage", "**Legacy**\n\n- [ ] Lines: 40%"),
        ("Coverage", "- [ ] Utils\n  - [ ] Lines: 40%"),
        ("Coverage", "- [x] Lines: 61.2%"),
        ("Vulnerabilities", "- [ ] Critical: 3\n- [ ] High: 7"),
        ("Vulnerabilities", "| Severity | Target fix time |\n|---|---|\n| Critical | 24 h |"),
        ("Latency", "| Operation | Target (p95) |\n|---|---|\n| Export | < 30 s |"),
        ("Bundle size", "- [ ] Vendor: < 500 KB\n- [ ] Increase: < 10 KB"),
        ("Rollback triggers", "- [ ] Rollback tested\n- [ ] Error rate > 5%"),
    ],
)
def test_a_part_or_a_count_below_a_heading_that_measures_is_left_to_a_person(title: str, body: str) -> None:
    """The heading says what is measured; the lines may still be about a part, or tell how it is."""
    assert _bound(f"## {title}\n\n{body}") == []


def test_a_bare_number_of_findings_is_no_limit_in_a_line_and_one_in_a_column_of_limits() -> None:
    """ "Critical vulnerabilities: 3" may say how many there are; below "Limit" it is how many there may be."""
    assert _bound("## Quality\n\n- [ ] Critical vulnerabilities: 3\n- [ ] Skipped tests: 5") == []
    assert _bound("## Quality\n\n- [ ] Reduce TODO comments from 120 to 30") == ["todo_count <= 30"]
    assert _bound(_table("Metric | Limit", "Critical vulnerabilities | 3")) == ["findings_critical_count <= 3"]


@pytest.mark.parametrize(
    "title",
    [
        *("Après Déploiement", "Premières 24 heures", "Primeros 30 minutos", "Post-despliegue", "Primeiros 15 minutos"),
        *("Pós-deploy", "Nach Deploy", "Erste 24 Stunden", "Prime 24 ore", "Eerste week", "First 15 minutes"),
    ],
)
def test_what_is_watched_after_the_launch_is_no_criterion_of_the_deployment(title: str) -> None:
    """In each language: the error rate of the first minutes can only be judged once it is live."""
    assert _bound(f"## {title}\n\n- [ ] Error rate < 5%") == []


PARTS = """
Search | 2. Search | Checkout service | Admin panel | Customer portal | Payment API | Billing & invoicing | Dashboard
Suchdienst | Kundenportal | Servicio de pagos | Módulo de facturación | Panneau d'administration | Portail client
Painel de administração | Pannello di amministrazione | Zoekdienst | CRITÈRES DE ROLLBACK | Condiciones de rollback
"""
WHOLES = "System requirements | Whole system | API | Authentication & security | Performance | Quality of the release"


def test_lines_below_the_name_of_a_part_demand_nothing_of_the_whole() -> None:
    """ "Error rate < 1%" below "Search" is about the search; below "System requirements" it is about all of it."""
    for title in (title.strip() for line in PARTS.strip().splitlines() for title in line.split("|")):
        assert _bound(f"## {title}\n\n- [ ] Error rate 5%\n- [ ] Coverage >= 60%") == [], title
        assert _bound(f"## {title}\n\n### Quality\n\n- [ ] Coverage >= 60%") == [], title
    for title in map(str.strip, WHOLES.split("|")):
        assert _bound(f"## {title}\n\n- [ ] Error rate < 1%") == ["request_error_percent < 1"], title


def test_a_ticked_bare_figure_is_a_value_of_today_but_in_a_list_of_demands() -> None:
    """ "[x] Coverage: 61%" reports; below "Acceptance criteria" it is a demand that is met."""
    boxes = "- [x] Coverage: 61%\n- [x] p95 latency 900 ms"
    for title in ("Tests", "Quality", "CI", "Release checklist"):
        assert _bound(f"## {title}\n\n{boxes}") == [], title
    assert _bound(f"## Acceptance criteria\n\n{boxes}") == ["coverage_line_percent >= 61", "request_p95_seconds <= 0.9"]
    assert _bound("## Quality\n\n- [x] Coverage >= 61%") == ["coverage_line_percent >= 61"]
