"""What checklists of other houses look like: no row is lost, no threshold is invented, nothing is turned around."""

from __future__ import annotations

from typing import Any

import pytest

from ingest.plan_drafting.from_checklist import plan_from_checklist
from ingest.readers.documents.checklist import read_checklist


def _plan(text: str) -> tuple[dict[str, dict[str, Any]], dict[str, Any], str]:
    mapping, account = plan_from_checklist(read_checklist(text.encode(), "doc.md"), name="x")
    gates = [gate for gate in mapping["gate"] if "kind" not in gate]
    found = {row["id"]: row for gate in gates for row in gate["criterion"]}
    return found, mapping, "\n".join(map(str, account))


def _table(*rows: str, header: str = "Metric | Target | Actual") -> str:
    lines = [header, "|".join("---" for _ in header.split("|")), *rows]
    return "# Release\n\n## Quality\n\n" + "\n".join(f"| {line} |" for line in lines) + "\n"


def test_zero_is_a_ceiling() -> None:
    """A target of 0 asks for none of them: at least none would hold for every figure."""
    found, _, _ = _plan(_table("P0 bugs | 0 | ___", "Uptime | 99% | ___"))
    assert (found["p0-bugs"]["comparator"], found["p0-bugs"]["threshold"]) == ("<=", 0)
    assert (found["uptime"]["comparator"], found["uptime"]["threshold"]) == (">=", 99)


def test_sizes_and_times_are_ceilings() -> None:
    """A size or a time without a sign is not to be exceeded."""
    found, _, _ = _plan(_table("Image size | 500 MB | ?", "Cold start | 2 s | ?"))
    assert [row["comparator"] for row in found.values()] == ["<=", "<="]


def test_another_percentile_is_no_95th() -> None:
    """P50 is not measured by the 95th percentile, and its row is not lost in it."""
    found, _, _ = _plan(_table("Latency P50 | < 400 ms | ", "Latency P95 | < 1 s | "))
    assert [(row["metric"], row["threshold"]) for row in found.values()] == [("", 0.4), ("request_p95_seconds", 1)]


@pytest.mark.parametrize("factor", ["Startup diagnostics pass rate", "Recovery SLA pass rate"])
def test_a_pass_rate_of_something_else_is_not_the_tests(factor: str) -> None:
    """Only the pass rate of tests is the share of passing tests."""
    found, _, _ = _plan(_table(f"{factor} | 100% | 50%", "Test pass rate | 98% | 97%"))
    assert [row["metric"] for row in found.values()] == ["", "tests_passed_percent"]


def test_lengths_of_two_parts_are_whole() -> None:
    """10m 30s is 630 seconds, and the 95th percentile of a workflow is no request's."""
    found, _, _ = _plan(_table("Workflow time (p95) | <= 10m 30s | 14m 30s", "Restore | <= 1h 30m | "))
    assert [(row["metric"], row["comparator"], row["threshold"]) for row in found.values()] == [
        ("", "<=", 630),
        ("", "<=", 5400),
    ]


@pytest.mark.parametrize("span", ["15-22%", "15–22%", "5-10"])
def test_a_range_is_no_threshold(span: str) -> None:
    """A range names no single threshold: the row is left to a person, with its words."""
    found, _, _ = _plan(_table(f"Intervention rate | {span} | ", "Uptime | 99% | "))
    row = found["intervention-rate"]
    assert (row["threshold"], row["unit"]) == (1, "")
    assert span in row["claim"]


def test_a_trigger_is_no_state() -> None:
    """ "Error rate > 2%" among the triggers does not say that the error rate is 2% today."""
    found, _, _ = _plan("# Go\n\n## Exit\n\n- [ ] Error rate < 0.5%\n\n## Rollback triggers\n\n- Error rate > 2%\n")
    assert "baseline" not in found["error-rate"]


def test_a_part_of_the_system_is_not_the_whole_project() -> None:
    """The figures of a backend and of a frontend bind nothing, and both rows stay with their thresholds."""
    found, _, _ = _plan(_table("Backend coverage | 80% | ", "Frontend coverage | 70% | "))
    assert [(row["metric"], row["threshold"]) for row in found.values()] == [("", 80), ("", 70)]


def test_two_thresholds_of_one_metric_both_hold() -> None:
    """A second, different threshold is a criterion of its own: neither weakens the other."""
    found, _, _ = _plan(_table("Test coverage | 80% | ", "Line coverage | 70% | "))
    assert [(row["metric"], row["threshold"]) for row in found.values()] == [
        ("coverage_line_percent", 80),
        ("coverage_line_percent", 70),
    ]


def test_two_boxes_of_one_metric_stay_two() -> None:
    """Critical paths with 90% coverage are not folded into the project's 80%."""
    found, _, _ = _plan("# R\n\n## Tests\n\n- [ ] Unit test coverage > 80%\n- [ ] Critical paths have > 90% coverage\n")
    assert [row["threshold"] for row in found.values()] == [80, 1]
    assert [bool(row["metric"]) for row in found.values()] == [True, False]


def test_what_passes_in_words_is_a_criterion() -> None:
    """A table that says in words when a row passes is imported row by row, for a person to vouch for."""
    found, _, _ = _plan(
        _table("1 | Build succeeds | Build completes without errors", header="# | Check | Pass criteria")
    )
    assert found["build-succeeds"]["metric"] == ""


def test_totals_and_rows_without_a_demand_are_reported() -> None:
    """A sum of the other rows is no criterion, nor is a row that accepts anything; the account names both."""
    found, _, account = _plan(_table("Average time | 2 s | ", "P3 bugs | Any | ", "**Weighted total** | 80%+ | 62%"))
    assert list(found) == ["average-time"]
    assert "P3 bugs" in account
    assert "Weighted total" in account


def test_weights_of_the_document_are_kept() -> None:
    """A column of weights gives the weights of the plan."""
    found, _, _ = _plan(_table("Core | 25% | 85%", "UX | 10% | 82%", header="Category | Weight | Target"))
    assert [row["weight"] for row in found.values()] == [25, 10]


def test_blank_fields_are_no_criteria() -> None:
    """Fields of a form that somebody is to fill in demand nothing, and the account says that they were left out."""
    found, _, account = _plan(
        "# R\n\n## Result\n\n- [ ] Points earned: \\_\\_/15\n- [ ] Notes: \\_\\_\\_\n- [ ] Scan passed\n"
    )
    assert list(found) == ["scan-passed"]
    assert "2 blank fields of a form left out" in account


def test_go_live_is_not_go() -> None:
    """A go-live checklist has gates; its closing advice and its triggers are no GO rules."""
    text = "# Go-Live Checklist\n\n## Testing\n\n- [ ] Manual tests done\n\n## Pro tips\n\n- Never deploy on Friday\n"
    found, mapping, _ = _plan(text)
    assert list(found) == ["manual-tests-done"]
    assert "rule" not in mapping


@pytest.mark.parametrize("title", ["GO WITH CAUTION", "Failure", "Partial success", "If NO-GO", "If GO"])
def test_other_outcomes_demand_nothing(title: str) -> None:
    """What is done after another outcome is kept as notes: neither a criterion nor a rule."""
    found, mapping, account = _plan(f"# R\n\n## Tests\n\n- [ ] Smoke run\n\n## {title}\n\n- [ ] Set a new date\n")
    assert list(found) == ["smoke-run"]
    assert "rule" not in mapping
    assert "kept as 1 note" in account


def test_monitoring_before_the_rollout_is_a_gate() -> None:
    """Boxes under "Monitoring" count like their neighbours, and watching the rollout does not."""
    before = "# R\n\n## Monitoring\n\n- [ ] Alerts set\n\n## Tests\n\n- [ ] Smoke run\n\n"
    found, _, _ = _plan(before + "## Monitoring during rollout\n\n- [ ] Watch\n")
    assert list(found) == ["alerts-set", "smoke-run"]


def test_marks_and_scores_in_headings_are_claims() -> None:
    """A tick or "(40/40)" behind a heading is not the gate's name."""
    _, mapping, _ = _plan("# R\n\n## Docs ✅\n\n- [ ] Runbook\n\n## Infrastructure (40/40)\n\n- [x] Failover tested\n")
    assert [gate["title"] for gate in mapping["gate"]] == ["Docs", "Infrastructure"]
    assert "40/40" in mapping["gate"][1]["claim"]
