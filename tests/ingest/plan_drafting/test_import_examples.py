"""The forty examples of the checklist import: each is read as its document means it, or left to a person."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from ingest.plan_drafting.from_checklist import plan_from_checklist, plan_text
from ingest.readers.documents.checklist import read_checklist
from models.plan.parsing import parse_plan

EXAMPLES = Path(__file__).parents[2] / "fixtures" / "import_examples.md"
_ROW = re.compile(r"^\| (\d+) \| (.+?) \| (.+?) \| (.+?) \|$")
# Number -> the sets of bound demands that are right: (metric, comparator, threshold).
LINE, BRANCH, P95, ERRORS = (
    "coverage_line_percent",
    "coverage_branch_percent",
    "request_p95_seconds",
    "request_error_percent",
)
BOUND: dict[int, list[set[tuple[str, str, float]]]] = {
    1: [{(LINE, ">=", 80)}],
    2: [{(P95, "<=", 0.3)}],
    8: [{(BRANCH, ">", 52)}],
    9: [{(LINE, ">=", 90)}],
    21: [{("findings_critical_count", "<=", 0), ("findings_high_count", "<=", 0)}],
    22: [{("findings_medium_count", "<=", 6)}],
    24: [{(LINE, ">=", 72)}],
    25: [{(BRANCH, ">=", 65)}],
    27: [{(LINE, ">=", 70), (BRANCH, ">=", 60)}],
    30: [{(ERRORS, "<", 0.5)}],
    38: [{(LINE, ">=", 45)}],
}


def _examples() -> list[tuple[int, str]]:
    rows = [match for line in EXAMPLES.read_text(encoding="utf-8").splitlines() if (match := _ROW.match(line))]
    found = []
    for row in rows:
        words = row[2].split(" (a document without")[0]
        parts = [part.strip().strip("`") for part in words.split("<br>")]
        found.append((int(row[1]), "\n".join(parts).replace("\\|", "|")))
    return found


def _plan(number: int, snippet: str) -> dict[str, Any]:
    other = "* Handbook printed" if number == 38 else "- [ ] Handbook printed"
    text = f"# Release checklist\n\n## Quality\n\n{other}\n{'' if snippet[0] in '-*' else chr(10)}{snippet}\n"
    mapping, _ = plan_from_checklist(read_checklist(text.encode(), "doc.md"), name="x")
    parse_plan(mapping)
    assert tomllib.loads(plan_text(mapping)) == mapping
    return mapping


EXAMPLE = dict(_examples())


def _criteria(mapping: dict[str, Any]) -> dict[str, dict[str, Any]]:
    rows = [row for gate in mapping["gate"] if "kind" not in gate for row in gate["criterion"]]
    return {row["title"]: row for row in rows if row["title"] != "Handbook printed"}


def _of(number: int) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    mapping = _plan(number, EXAMPLE[number])
    return _criteria(mapping), mapping


def test_all_forty_are_tried() -> None:
    """The table of the fixture is read in full."""
    assert sorted(EXAMPLE) == list(range(1, 41))


@pytest.mark.parametrize("number", range(1, 41))
def test_each_example_is_bound_as_written_or_left_to_a_person(number: int) -> None:
    """No figure is turned round, none is bound to a metric that measures something else."""
    found, _ = _of(number)
    bound = {(row["metric"], row["comparator"], row["threshold"]) for row in found.values() if row["metric"]}
    assert bound in BOUND.get(number, [set()])


@pytest.mark.parametrize("number", range(1, 41))
def test_no_word_of_an_example_is_lost(number: int) -> None:
    """Each word of the snippet is somewhere in the text of the plan."""
    _, mapping = _of(number)
    text = plan_text(mapping).lower()
    snippet = EXAMPLE[number].replace("[ ]", "")
    assert [word for word in re.findall(r"\w+", snippet.lower()) if word not in text] == []


def test_the_value_of_today_becomes_the_baseline() -> None:
    """55% today is where the way to 72% starts."""
    ((row,), _) = list(_of(24)[0].values()), None
    assert row["baseline"] == 55


def test_rows_of_tables_keep_evidence_owner_and_day() -> None:
    """Evidence stays in the claim, owner and day become fields."""
    firewall = _of(28)[0]["Firewall rules reviewed"]
    assert firewall["metric"] == ""
    assert "FW-12" in firewall["claim"]
    switched = _of(29)[0]["DNS switched"]
    assert (switched["owner"], switched["due"].isoformat()) == ("Mika", "2026-05-01")


def test_levels_stay_with_their_names() -> None:
    """A matrix of levels is kept whole."""
    row = _of(31)[0]["Line coverage"]
    assert "Basic: 40%" in row["claim"]
    assert "Advanced: 80%" in row["claim"]


def test_rules_without_dashes_and_other_headings_of_no_go() -> None:
    """Lines and lists below the headings of a decision are rules."""
    assert [(rule["kind"], rule["text"]) for rule in _of(32)[1]["rule"]] == [
        ("go", "all gates are green"),
        ("no-go", "a data loss was seen"),
    ]
    found, mapping = _of(33)
    assert [(rule["kind"], rule["text"]) for rule in mapping["rule"]] == [("no-go", "Error rate over 9%")]
    assert found == {}


def test_boxes_for_the_answer_of_the_meeting_are_nothing() -> None:
    """Neither a criterion nor a rule."""
    found, mapping = _of(34)
    assert found == {}
    assert "rule" not in mapping


def test_words_and_headings_of_urgency() -> None:
    """A blocker is one by its own words or by its heading."""
    assert [row["blocker"] for row in _of(35)[0].values()] == [True, False]
    assert _of(36)[0]["Tax report correct"]["blocker"] is True


def test_checks_after_the_launch_are_later_checks() -> None:
    """Nothing that is judged in production decides about going there."""
    found, mapping = _of(37)
    assert found == {}
    assert [gate["kind"] for gate in mapping["gate"] if "kind" in gate] == ["running"]


def test_bullets_are_demands_where_there_is_no_box() -> None:
    """Two bullets, two criteria."""
    assert set(_of(38)[0]) == {"Two people can deploy", "Test coverage"}
