"""Shapes of checklists: tables, levels, rules, boxes and headings are placed where the document means them."""

from __future__ import annotations

from typing import Any

import pytest

from ingest.plan_drafting.from_checklist import plan_from_checklist, plan_text
from ingest.readers.documents.checklist import read_checklist
from models.plan.parsing import parse_plan

OTHER = "## First\n\n- [ ] Handbook printed\n\n"


def _read(text: str) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    mapping, _ = plan_from_checklist(read_checklist(f"# Release\n\n{OTHER}{text}\n".encode(), "doc.md"), name="x")
    parse_plan(mapping)
    gates = [gate for gate in mapping["gate"] if "kind" not in gate]  # to deploy
    rows = [row for gate in gates for row in gate["criterion"] if row["title"] != "Handbook printed"]
    return {row["title"]: row for row in rows}, mapping


def _bound(rows: dict[str, dict[str, Any]]) -> list[tuple[str, str, float]]:
    return [(row["metric"], row["comparator"], row["threshold"]) for row in rows.values() if row["metric"]]


@pytest.mark.parametrize(
    "heading",
    [
        *(
            "Alert thresholds",
            "Alerts",
            "Rollback if",
            "Revert when",
            "Abort when",
            "Rollback triggers",
            "Warning levels",
        ),
        *("Fails when", "Rejected when", "For new code", "Each module", "Staging", "Canary", "Alarmschwellen"),
        *(
            "Payments service",
            "Frontend",
            "Backend",
            "Warnschwellen",
            "Seuils d'alerte",
            "Umbrales de alerta",
            "Soglie di allarme",
            "Alertas",
            "Alarmen",
        ),
    ],
)
@pytest.mark.parametrize(
    "lines",
    [
        "- [ ] CI success rate 85%\n- [ ] p95 latency < 300 ms",
        "| Metric | Threshold |\n|---|---|\n| CI success rate | 85% |\n| Coverage | >= 20% |",
        "- Coverage >= 20%\n- Error rate < 50%",
    ],
)
def test_figures_below_alarms_refusals_and_parts_bind_nothing(heading: str, lines: str) -> None:
    """Their words are kept, and no threshold of an alarm becomes a demand, before the deployment or after it."""
    _, mapping = _read(f"## {heading}\n\n{lines}")
    assert [row for gate in mapping["gate"] for row in gate["criterion"] if row["metric"]] == []
    assert all(
        word in plan_text(mapping) for word in lines.replace("[ ]", "").replace("|", " ").split() if word.isalnum()
    )


@pytest.mark.parametrize(
    ("factor", "required", "current"),
    [
        *(("Kriterium", "Soll", "Ist"), ("Critère", "Cible", "Actuel"), ("Criterio", "Objetivo", "Actual")),
        *(("Criterio", "Obiettivo", "Attuale"), ("Critério", "Meta", "Atual"), ("Criterium", "Doel", "Huidig")),
    ],
)
def test_a_matrix_in_another_language_is_a_matrix(factor: str, required: str, current: str) -> None:
    """The required column binds, the value of today becomes the baseline."""
    rows, _ = _read(
        f"## Second\n\n| {factor} | {required} | {current} |\n|---|---|---|\n| Test coverage | >= 80% | 55% |"
    )
    assert _bound(rows) == [("coverage_line_percent", ">=", 80)]
    assert rows["Test coverage"]["baseline"] == 55


@pytest.mark.parametrize(
    "parent",
    ["Alert when:", "Payments service", "Backend", "Build fails if:", "For new code:", "Abort when:", "Rollback if:"],
)
def test_figures_below_a_box_of_another_context_bind_nothing(parent: str) -> None:
    """The box above qualifies those below it."""
    rows, _ = _read(f"## Second\n\n- [ ] {parent}\n  - [ ] Coverage >= 20%\n  - [ ] p95 latency < 9 s")
    assert _bound(rows) == []


@pytest.mark.parametrize(
    ("good", "bad"), [("Good", "Bad"), ("Green", "Red"), ("Grün", "Rot"), ("OK", "Fail"), ("Bueno", "Malo")]
)
def test_the_column_of_bad_values_is_never_a_target(good: str, bad: str) -> None:
    """In either order of the columns."""
    for header, cells in ((f"{good} | {bad}", "< 0.5% | > 3%"), (f"{bad} | {good}", "> 3% | < 0.5%")):
        rows, _ = _read(f"## Second\n\n| Metric | {header} |\n|---|---|---|\n| Error rate | {cells} |")
        assert _bound(rows) in ([], [("request_error_percent", "<", 0.5)])


@pytest.mark.parametrize("header", ["A | B | C", "Bronze | Silver | Gold", "Level 1 | Level 2 | Level 3"])
def test_levels_are_kept_with_their_names(header: str) -> None:
    """No level is bound, all three are in the claim."""
    rows, _ = _read(f"## Second\n\n| Practice | {header} |\n|---|---|---|---|\n| Line coverage | 40% | 60% | 80% |")
    assert _bound(rows) == []
    for name, value in zip(header.split(" | "), ("40%", "60%", "80%"), strict=True):
        assert f"{name}: {value}" in rows["Line coverage"]["claim"]


@pytest.mark.parametrize(
    "header",
    [
        *("Item | Status | Owner | Due", "Step | Done | Owner | Due", "Punkt | Status | Verantwortlich | Fällig"),
        *("Tâche | Statut | Responsable | Échéance", "Tarea | Estado | Responsable | Fecha"),
        *(
            "Attività | Stato | Responsabile | Scadenza",
            "Tarefa | Estado | Responsável | Prazo",
            "Taak | Status | Eigenaar | Datum",
        ),
    ],
)
def test_rows_of_tasks_keep_owner_and_day(header: str) -> None:
    """Seven languages: a criterion a row, owner and due day as fields, the status in the claim."""
    rows, _ = _read(f"## Second\n\n| {header} |\n|---|---|---|---|\n| Firewall reviewed | open | Mika | 2026-05-01 |")
    row = rows["Firewall reviewed"]
    assert (row["metric"], row["owner"], row["due"].isoformat()) == ("", "Mika", "2026-05-01")
    assert "open" in row["claim"]


def test_tables_of_contacts_and_risks_are_notes() -> None:
    """They demand nothing, and their cells are kept."""
    table = "| Name | Phone |\n|---|---|\n| Ann | 123 |\n\n| Risk | Mitigation |\n|---|---|\n| Data loss | restore |"
    rows, mapping = _read(f"## Second\n\n{table}")
    assert rows == {}
    assert all(word in plan_text(mapping) for word in ("Ann", "123", "Data loss", "restore"))


@pytest.mark.parametrize("box", ["☐", "☑", "⬜", "□", "- ☐", "* ☑", "[ ]", "[x]", "1. ☐"])
def test_drawn_boxes_are_boxes(box: str) -> None:
    """With and without a dash."""
    rows, _ = _read(f"## Second\n\n{box} Firewall reviewed\n{box} Line coverage >= 70%")
    assert set(rows) == {"Firewall reviewed", "Test coverage"}
    assert _bound(rows) == [("coverage_line_percent", ">=", 70)]


def test_signs_inside_code_are_no_boxes() -> None:
    """Fenced lines stay as they are."""
    rows, mapping = _read("## Second\n\n```\n☐ an example\n```")
    assert rows == {}
    assert "☐ an example" in plan_text(mapping)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("## Decision\n\nGO: all green\nNO-GO: data lost", ["go", "no-go"]),
        ("## Decision\n\n**GO if:**\n\n* all green\n\n**NO-GO if:**\n\n* data lost", ["go", "no-go"]),
        ("## Decision\n\nGo:\n\n- all green\n\nNo-Go:\n\n- data lost", ["go", "no-go"]),
        ("## Go/No-Go criteria\n\nGo:\n\n- all green\n\nNo-Go:\n\n- data lost", ["go", "no-go"]),
        ("## NO-GO\n\ndata lost\npayment down", ["no-go", "no-go"]),
        ("## Do not launch if\n\n- data lost", ["no-go"]),
        ("## No release when\n\n- data lost", ["no-go"]),
        ("## Final word\n\nAny one cross blocks the launch:\n\n- data lost", ["no-go"]),
        ("## Launch only if\n\n- all green", ["go"]),
        ("## Kein Go-live wenn\n\n- data lost", ["no-go"]),
        ("## Pas de mise en production si\n\n- data lost", ["no-go"]),
        ("## No lanzar si\n\n- data lost", ["no-go"]),
    ],
)
def test_rules_are_found_with_and_without_dashes(text: str, kinds: list[str]) -> None:
    """Kind by heading, by the line before the list, or by the first word."""
    rows, mapping = _read(text)
    assert [rule["kind"] for rule in mapping["rule"]] == kinds
    assert rows == {}


@pytest.mark.parametrize("text", ["Go", "No-go", "GO / NO-GO", "Go ☐ No-go", "Conditional go", "Decision: GO / NO-GO"])
def test_boxes_for_the_answer_demand_nothing(text: str) -> None:
    """Neither criterion nor rule."""
    rows, mapping = _read(f"## Second\n\n- [ ] {text}\n")
    assert rows == {}
    assert "rule" not in mapping


@pytest.mark.parametrize(
    "rule",
    [
        *("Insurance coverage in place", "Monitoring coverage complete", "Coverage of new code met", "100% functional"),
        *("Coverage >= 95%", "Rollback untested", "Secrets stored in the vault", "Load test passed", "API reviewed"),
    ],
)
def test_a_rule_is_not_decided_by_a_criterion_about_something_else(rule: str) -> None:
    """It needs nothing that holds for another reason, or something at least as strict."""
    boxes = ("Coverage >= 50%", "No hardcoded secrets", "Rollback time < 60 s", "Load time < 5 s")
    text = "## Second\n\n" + "\n".join(f"- [ ] {box}" for box in boxes)
    _, mapping = _read(f"{text}\n\n## GO criteria\n\n- {rule}\n")
    (found,) = mapping["rule"]
    rows = {row["id"]: row for gate in mapping["gate"] for row in gate["criterion"]}
    assert all(rows[need]["threshold"] == 95 for need in found["needs"])


@pytest.mark.parametrize("title", ["Phase 1: Database", "Step 2: Rollback", "3. Monitoring", "Stage 1: Communication"])
def test_a_numbered_part_of_the_preparation_stays_there(title: str) -> None:
    """Its boxes are criteria and no rollout stage."""
    rows, mapping = _read(f"## Pre-deployment\n\n### {title}\n\n- [ ] Backup restored")
    assert set(rows) == {"Backup restored"}
    assert "stage" not in mapping


@pytest.mark.parametrize(
    "title",
    [
        *(
            "Post-launch",
            "After go-live",
            "First week in production",
            "Week 1",
            "Day 1",
            "Hypercare",
            "30 days after launch",
        ),
        *("Nach dem Go-live", "Après la mise en production", "Después del lanzamiento", "Dopo il rilascio"),
        *("Após o lançamento", "Na de livegang"),
    ],
)
def test_what_is_judged_after_the_launch_is_a_later_check(title: str) -> None:
    """No criterion of the deployment: its gate is judged on the running system, by a query that a person confirms."""
    rows, mapping = _read(f"## {title}\n\n- [ ] Error rate under 1%")
    assert rows == {}
    (gate,) = [gate for gate in mapping["gate"] if gate.get("kind") == "running"]
    assert [(row["metric"], row["scope"]) for row in gate["criterion"]] == [("request_error_percent", "running")]
    assert [query["confirmed"] for query in mapping["sources"]["prometheus"]["query"]] == [False]


@pytest.mark.parametrize(
    ("heading", "box", "blocker"),
    [
        *(("Boxes", "Blocker: terms signed", True), ("Boxes", "Terms signed (blocking)", True)),
        *(("Boxes", "[Critical] Terms signed", True), ("Boxes", "Must: terms signed", True)),
        *(("Boxes", "Nice to have: favicon", False), ("Boxes", "Terms signed (optional)", False)),
        *(("Boxes", "Terms signed (non-blocking)", False), ("Boxes", "Terms signed", False)),
        *(("Launch blockers", "Terms signed", True), ("Must have", "Terms signed", True)),
        *(("Must have", "Nice to have: favicon", False), ("Nice to have", "Terms signed", False)),
        *(("Critères bloquants", "CGU signées", True), ("Zwingend vor dem Start", "AGB geprüft", True)),
        ("Non-blocking", "Terms signed", False),
    ],
)
def test_urgency_comes_from_the_words_or_the_heading(heading: str, box: str, blocker: bool) -> None:
    """The box's own words win over the heading."""
    rows, _ = _read(f"## {heading}\n\n- [ ] {box}")
    assert [row["blocker"] for row in rows.values()] == [blocker]


def test_every_line_of_an_import_is_in_the_plan() -> None:
    """Words, addresses and forms that became nothing are notes."""
    table = "| A1 | B2 |\n|---|---|\n| x9 | y8 |"
    text = f"## Second\n\nSee https://example.org/runbook for more.\n\n{table}\n\n> quoted words\n"
    _, mapping = _read(text)
    assert all(word in plan_text(mapping) for word in ("https://example.org/runbook", "A1", "B2", "x9", "y8", "quoted"))


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("All red items complete and at most three yellow open", (["login"], ["docs", "icons"], 3)),
        ("All critical met; no more than 2 amber items", (["login"], ["docs", "icons"], 2)),
        ("All red and at most one blue", ([], None, None)),
        ("All red except one and at most one yellow", ([], None, None)),
    ],
)
def test_a_rule_about_colours_counts_the_boxes_of_those_colours(rule: str, expected: tuple[Any, Any, Any]) -> None:
    """Red boxes must hold, of the yellow ones some may not; other words leave the rule undecided."""
    boxes = "- [ ] 🔴 Login\n- [ ] 🟡 Docs\n- [ ] 🟡 Icons\n- [ ] 🟢 Fun"
    rows, mapping = _read(f"## Second\n\n{boxes}\n\n## GO criteria\n\n- {rule}\n")
    (found,) = mapping["rule"]
    assert (found["needs"], found.get("among"), found.get("at_most")) == expected
    assert {row["title"]: (row.get("risk"), row["blocker"]) for row in rows.values()}["Login"] == ("critical", True)


@pytest.mark.parametrize(
    "heads", ["Minimum | Maximum", "Maximum | Minimum", "Floor | Ceiling", "Untergrenze | Höchstwert", "Min. | Max."]
)
def test_a_row_is_held_to_the_bound_that_it_fills(heads: str) -> None:
    """A table with a lower and an upper bound: the column says how the figure is compared, and no row is lost."""
    rows = {
        "Line coverage": ("80%", "–"),
        "Error rate": ("–", "1%"),
        "Failing tests": ("0", "3"),
        "CI success": ("90%", "100%"),
    }
    if heads.startswith("Max"):
        rows = {name: (high, low) for name, (low, high) in rows.items()}
    lines = [f"| {name} | {one} | {other} |" for name, (one, other) in rows.items()]
    table = "\n".join([f"| KPI | {heads} |", "|---|---|---|", *lines])
    found, _ = _read(f"## Bar\n\n{table}\n")
    assert _bound(found) == [
        ("coverage_line_percent", ">=", 80),
        ("request_error_percent", "<=", 1),
        ("tests_failed", "<=", 3),
        ("ci_success_percent", ">=", 90),
    ]


def test_what_a_check_must_be_is_its_demand() -> None:
    """The column of what it must not be is none."""
    table = "| Check | Must be | Must not be |\n|---|---|---|\n| Branch coverage | ≥ 70% | < 60% |"
    found, _ = _read(f"## Bar\n\n{table}\n")
    assert _bound(found) == [("coverage_branch_percent", ">=", 70)]


def test_the_go_column_of_a_table_is_its_demand() -> None:
    """Beside the column of NO-GO, whose figures are never a target."""
    table = "| Condition | GO | NO-GO |\n|---|---|---|\n| Coverage | ≥ 80% | < 80% |\n| Error rate | ≤ 1% | > 1% |"
    found, _ = _read(f"## Decision table\n\n{table}\n")
    assert _bound(found) == [("coverage_line_percent", ">=", 80), ("request_error_percent", "<=", 1)]


@pytest.mark.parametrize("heading", ["Stop-ship conditions", "Abbruchkriterien", "Kein Go, wenn", "Critères d'arrêt"])
def test_headings_of_what_stops_a_launch_are_no_go_rules(heading: str) -> None:
    """Each line below is a rule that forbids GO."""
    _, mapping = _read(f"## {heading}\n\n- Failing tests\n- Data was lost\n")
    assert [rule["kind"] for rule in mapping["rule"]] == ["no-go", "no-go"]


IN_CODE = """\
# Release checklist of the depot service

## Before the release

### Server (Owner: operations)

```yaml
Network:
  [ ] Load balancer answers its health check
  [x] Certificates are valid

Load:
  [ ] Error rate < 1%
  [ ] Line coverage >= 80%
```

### Papers

```
☐ Printed copies of:
  ☐ The way back
  ☑ This list
☐ Keys of the server room
```

### Start

```bash
[ -f release.tar ] && ./start
echo "[ ] not a box of this list"
```

## T+60: what has to be seen

```text
[ ] Orders are taken
[ ] No queue grows
```
"""


def test_a_checklist_in_fenced_code_is_a_checklist() -> None:
    """Its boxes are criteria with their structure; commands stay commands, and "T+60" is after the deployment."""
    mapping, _ = plan_from_checklist(read_checklist(IN_CODE.encode(), "doc.md"), name="p")
    rows = {row["title"]: (row, gate) for gate in mapping["gate"] for row in gate["criterion"]}

    assert rows["Error rate"][0]["metric"] == "request_error_percent"
    assert rows["Test coverage"][0]["threshold"] == 80
    copies = rows["Printed copies of:"][0]
    assert {row["title"] for row, _ in rows.values() if row.get("parent") == copies["id"]} == {
        "The way back",
        "This list",
    }
    assert [rows[title][1].get("kind", "deploy") for title in ("Orders are taken", "Keys of the server room")] == [
        "running",
        "deploy",
    ]
    assert rows["Orders are taken"][1].get("judged_after", "") == ""
    assert not any("not a box" in title for title in rows)


def test_boxes_in_code_beside_a_list_of_boxes_are_an_example() -> None:
    """A document that has its own boxes shows a template in its fence."""
    text = "## Second\n\n- [ ] one\n- [ ] two\n- [ ] three\n\n```\n- [ ] your first box\n- [ ] your second box\n```\n"
    assert set(_read(text)[0]) == {"one", "two", "three"}
