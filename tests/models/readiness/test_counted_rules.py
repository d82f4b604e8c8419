"""Rules of the kind "all red ones, and at most three yellow ones open"."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pytest

from models.plan.parsing import parse_plan
from models.plan.plan import Plan, PlanError
from models.readiness.decision import decide, unanswerable_rules
from models.readiness.readings import ObservedValue
from models.readiness.score import score_readings

AT = pd.Timestamp(datetime(2025, 9, 8, tzinfo=UTC))


def plan_with(**rule: Any) -> Plan:
    names = ("red", "y1", "y2", "y3")
    rows = [{"id": name, "metric": name, "comparator": ">=", "threshold": 1} for name in names]
    row = {"id": "go-1", "kind": "go", "text": "all red, at most one yellow open", **rule}
    return parse_plan({"gate": [{"id": "g", "criterion": rows}], "rule": [row]})


def outcome(plan: Plan, **values: float) -> bool | None:
    readings = {(name, ""): ObservedValue(value, AT, AT, kind="measured") for name, value in values.items()}
    decision = decide(score_readings(readings, plan, AT, {}), plan)
    return next(rule.holds for rule in decision.rules if rule.id == "go-1")


@pytest.mark.parametrize(
    ("values", "holds"),
    [
        ({"red": 1, "y1": 1, "y2": 1, "y3": 1}, True),
        ({"red": 1, "y1": 0, "y2": 1, "y3": 1}, True),
        ({"red": 1, "y1": 0, "y2": 0, "y3": 1}, False),
        ({"red": 1, "y1": 1, "y2": 1}, True),  # the unknown one may fail
        ({"red": 1, "y1": 0, "y2": 1}, None),
        ({"red": 0, "y1": 1, "y2": 1, "y3": 1}, False),
        ({"y1": 1, "y2": 1, "y3": 1}, None),
    ],
)
def test_a_counted_rule_tolerates_what_it_says_and_no_more(values: dict[str, float], holds: bool | None) -> None:
    """What is unknown decides on neither side while it could tip the count."""
    assert outcome(plan_with(needs=["red"], among=["y1", "y2", "y3"], at_most=1), **values) is holds


def test_a_count_without_its_criteria_is_refused() -> None:
    """`among` and `at_most` belong together, and name what exists."""
    for rule, words in (
        ({"among": ["y1"]}, "rule[0].at_most: is missing"),
        ({"at_most": 1}, "rule[0].among: is missing"),
        ({"among": ["y9"], "at_most": 1}, 'rule[0].among[0]: no criterion or gate is called "y9"'),
        ({"among": ["y1"], "at_most": 0.5}, "rule[0].at_most: needs a whole number"),
    ):
        with pytest.raises(PlanError) as caught:
            plan_with(**rule)
        assert caught.value.problems[0].startswith(words)
    assert unanswerable_rules(plan_with(among=["y1"], at_most=1)) == ()
