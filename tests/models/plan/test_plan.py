"""The plan file: everything that is wrong is reported at once, and what is right is read as written."""

from __future__ import annotations

import copy
import math
import tomllib
from datetime import UTC, date, datetime
from typing import Any

import pytest

from models.plan.parsing import parse_plan
from models.plan.plan import Attestation, Plan, PlanError

GOOD = """
[project]
name = "medianest"

[readiness]
target = 90
effective_from = 2025-06-01

[counters.any]
kind = "matches"
pattern = ': any\\b'

[[gate]]
id = "critical"
title = "Critical functionality"
weight = 2
claim = "BLOCKED, 35%"

  [[gate.criterion]]
  id = "coverage"
  title = "Test coverage"
  metric = "coverage_line_percent"
  comparator = ">"
  threshold = 15
  unit = "percent"
  baseline = 3.4
  blocker = true
  claim = "3.4%"
  attested = { by = "M. Weber", on = 2025-09-01, expires = 2025-12-01, value = 16 }

  [[gate.criterion]]
  id = "bundle"
  metric = "bundle_gzip_bytes"
  comparator = "<"
  threshold = 10
  unit = "MB"
  scale = "log"
  max_age_days = 7

[[gate]]
id = "security"
  [[gate.criterion]]
  id = "audit"

[[rule]]
id = "go-1"
kind = "go"
text = "coverage and security"
needs = ["coverage", "security"]

[[waiver]]
criterion = "bundle"
owner = "L. Sommer"
reason = "replaced in October"
expires = 2025-12-01

[[stage]]
id = "stage-1"
title = "Infrastructure only"
users = 0
duration = "4-6 hours"
steps = ["Deploy", "Watch"]
"""


def good() -> dict[str, Any]:
    return tomllib.loads(GOOD)


def problems(change: Any) -> list[str]:
    mapping = good()
    change(mapping)
    with pytest.raises(PlanError) as caught:
        parse_plan(mapping)
    return caught.value.problems


def test_a_whole_plan_is_read_as_written() -> None:
    """Every table of a good plan arrives in its place, with the defaults of what it leaves out."""
    plan = parse_plan(good())
    assert plan.target == 90
    assert plan.effective_from == datetime(2025, 6, 1, tzinfo=UTC)
    assert [gate.id for gate in plan.gates] == ["critical", "security"]
    coverage, bundle, audit = plan.criteria
    assert (coverage.comparator, coverage.threshold, coverage.baseline, coverage.blocker) == (">", 15.0, 3.4, True)
    assert coverage.attested == Attestation("M. Weber", date(2025, 9, 1), date(2025, 12, 1), 16.0)
    assert (bundle.scale, bundle.max_age_days, bundle.baseline, bundle.direction) == ("log", 7.0, None, "lower")
    assert (audit.title, audit.metric, audit.gate, audit.comparator, audit.threshold) == (
        "audit",
        "",
        "security",
        ">=",
        1.0,
    )
    assert plan.rules[0].needs == ("coverage", "security")
    assert plan.waivers[0].expires == date(2025, 12, 1)
    assert (plan.stages[0].users, plan.stages[0].steps) == (0, ("Deploy", "Watch"))
    assert plan.notes == ()


def test_reading_leaves_the_mapping_alone() -> None:
    """The mapping that was given is the same afterwards."""
    mapping = good()
    before = copy.deepcopy(mapping)
    parse_plan(mapping)
    assert mapping == before


def test_all_problems_are_reported_at_once() -> None:
    """Several mistakes in several tables come back in one error, each with its path."""

    def spoil(m: dict[str, Any]) -> None:
        m["readiness"]["target"] = 190
        m["gate"][0]["criterion"][0]["comparator"] = "=>"
        m["gate"][0]["criterion"][1]["weigth"] = 2
        m["gate"][1]["weight"] = -1
        m["rule"][0]["needs"] = ["coverag"]
        m["waiver"][0]["owner"] = ""

    found = problems(spoil)
    assert sorted(line.split(": ")[0] for line in found) == [
        "gate[0].criterion[0].comparator",
        "gate[0].criterion[1].weigth",
        "gate[1].weight",
        "readiness.target",
        "rule[0].needs[0]",
        "waiver[0].owner",
    ]
    assert any('did you mean "weight"?' in line for line in found)
    assert any('did you mean "coverage"?' in line for line in found)


CASES: dict[str, tuple[Any, str]] = {
    "text for a number": (
        lambda m: m["gate"][0]["criterion"][0].update(threshold="15"),
        "gate[0].criterion[0].threshold: needs a number, found text",
    ),
    "true for a number": (
        lambda m: m["gate"][0].update(weight=True),
        "gate[0].weight: needs a number, found true or false",
    ),
    "infinite threshold": (
        lambda m: m["gate"][0]["criterion"][0].update(threshold=math.inf),
        "gate[0].criterion[0].threshold: needs a finite number",
    ),
    "nan threshold": (
        lambda m: m["gate"][0]["criterion"][0].update(threshold=math.nan),
        "gate[0].criterion[0].threshold: needs a finite number",
    ),
    "measured without threshold": (
        lambda m: m["gate"][0]["criterion"][0].pop("threshold"),
        "gate[0].criterion[0].threshold: is missing",
    ),
    "measured without comparator": (
        lambda m: m["gate"][0]["criterion"][0].pop("comparator"),
        "gate[0].criterion[0].comparator: is missing",
    ),
    "two criteria of one name": (
        lambda m: m["gate"][1]["criterion"][0].update(id="coverage"),
        'gate[1].criterion[0].id: "coverage" is taken by gate[0].criterion[0]',
    ),
    "criterion named as a gate": (
        lambda m: m["gate"][1]["criterion"][0].update(id="critical"),
        'gate[1].criterion[0].id: "critical" is taken by gate[0]',
    ),
    "rule without kind": (lambda m: m["rule"][0].pop("kind"), "rule[0].kind: is missing"),
    "rule with a taken name": (lambda m: m["rule"][0].update(id="blockers"), "rule[0].id: "),
    "waiver without expiry": (lambda m: m["waiver"][0].pop("expires"), "waiver[0].expires: is missing"),
    "waiver of nothing": (
        lambda m: m["waiver"][0].update(criterion="bundel"),
        'waiver[0].criterion: no criterion is called "bundel"; did you mean "bundle"?',
    ),
    "attested by nobody": (
        lambda m: m["gate"][0]["criterion"][0]["attested"].pop("by"),
        "gate[0].criterion[0].attested.by: is missing or empty",
    ),
    "attested without expiry": (
        lambda m: m["gate"][0]["criterion"][0]["attested"].pop("expires"),
        "gate[0].criterion[0].attested.expires: is missing",
    ),
    "attested backwards": (
        lambda m: m["gate"][0]["criterion"][0]["attested"].update(expires=date(2025, 1, 1)),
        "gate[0].criterion[0].attested.expires: 2025-01-01 is before",
    ),
    "no date": (
        lambda m: m["readiness"].update(effective_from="soon"),
        "readiness.effective_from: needs a date like 2025-12-01, found 'soon'",
    ),
    "all gates weigh nothing": (
        lambda m: [gate.update(weight=0) for gate in m["gate"]],
        "gate: all weights are zero",
    ),
    "all criteria weigh nothing": (
        lambda m: m["gate"][1]["criterion"][0].update(weight=0),
        "gate[1].criterion: all weights are zero",
    ),
    "gate without criteria": (lambda m: m["gate"][1].pop("criterion"), "gate[1].criterion: a gate needs"),
    "no gates": (lambda m: [m.pop(key) for key in ("gate", "rule", "waiver")], "gate: the plan has no gates"),
    "gate as a table": (lambda m: m.update(gate={"id": "x"}), "gate: needs [[gate]] tables, found a table"),
    "rules for rule": (lambda m: m.update(rules=[]), 'rules: unknown table; did you mean "rule"?'),
    "log of a negative": (
        lambda m: m["gate"][0]["criterion"][1].update(threshold=-1),
        "gate[0].criterion[1].scale: log needs",
    ),
    "half a user": (lambda m: m["stage"][0].update(users=0.5), "stage[0].users: 0.5 is not a number of users"),
    "stage of no kind": (lambda m: m["stage"][0].update(kind="big bang"), "stage[0].kind: found 'big bang'"),
    "steps as text": (lambda m: m["stage"][0].update(steps="one"), "stage[0].steps: needs a list of texts"),
}


@pytest.mark.parametrize("name", CASES)
def test_each_mistake_is_named_with_its_path(name: str) -> None:
    """A mistake is reported with the place to fix, and nothing else is blamed for it."""
    change, expected = CASES[name]
    found = problems(change)
    assert len(found) == 1, found
    assert found[0].startswith(expected)


def test_odd_plans_are_read_with_a_note() -> None:
    """A baseline beyond the threshold and a rule that names nothing are reported as notes; the plan is still good."""
    mapping = good()
    mapping["gate"][0]["criterion"][0]["baseline"] = 20
    mapping["rule"][0]["needs"] = []
    notes = parse_plan(mapping).notes
    assert [note.split(": ")[0] for note in notes] == ["gate[0].criterion[0].baseline", "rule[0].needs"]


def test_tables_of_others_are_passed_over() -> None:
    """Project, counters and sources belong to another reader, and a stray table of a far name is left to it."""
    mapping = {**good(), "sources": {"artifacts": {"paths": []}}, "zebra": 1}
    assert isinstance(parse_plan(mapping), Plan)


@pytest.mark.parametrize(
    ("metric", "comparator"), [("request_error_percent", ">"), ("coverage_line_percent", "<="), ("todo_count", ">=")]
)
def test_a_comparator_against_the_better_direction_is_refused_unless_meant(metric: str, comparator: str) -> None:
    """A worse value would pass: the problem names its TOML path, and against_direction = true accepts it."""
    plan = good()
    criterion = plan["gate"][1]["criterion"][0]
    criterion.update(metric=metric, comparator=comparator, threshold=1)
    with pytest.raises(PlanError) as refused:
        parse_plan(plan)
    (problem,) = refused.value.problems
    assert problem.startswith("gate[1].criterion[0].comparator: ")
    assert metric in problem
    assert "against_direction = true" in problem
    criterion["against_direction"] = True
    assert parse_plan(plan).criteria[2].against_direction


def test_counters_have_no_better_direction() -> None:
    """What a counter counts is its author's choice: both comparisons are accepted."""
    plan = good()
    for comparator in (">=", "<="):
        plan["gate"][1]["criterion"][0].update(metric="matches_count", scope="any", comparator=comparator, threshold=1)
        assert parse_plan(plan).criteria[2].comparator == comparator


def test_the_directions_of_the_plan_parser_are_those_of_the_catalogue() -> None:
    """The two rooms may not import each other, so the parser's copy is compared here."""
    from ingest.observation import CATALOGUE
    from models.plan.better_direction import BETTER, UNDIRECTED

    assert {n: m.direction for n, m in CATALOGUE.items() if n not in UNDIRECTED} == BETTER


def test_owner_and_due_day_of_a_criterion_are_read() -> None:
    """Who sees to it and by when; a text that is not a day is a problem with its path."""
    plan = good()
    plan["gate"][1]["criterion"][0].update(owner="Mika", due=date(2026, 5, 1))
    assert (parse_plan(plan).criteria[2].owner, parse_plan(plan).criteria[2].due) == ("Mika", date(2026, 5, 1))
    plan["gate"][1]["criterion"][0]["due"] = "soon"
    with pytest.raises(PlanError, match=r"gate\[1\]\.criterion\[0\]\.due"):
        parse_plan(plan)
