"""Parents: the AND of their children, whose weight is the parent's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.plan.parsing import parse_plan
from models.plan.plan import Plan
from models.readiness.decision import decide, required_criteria
from models.readiness.parents import blocking_leaves, weights_of
from models.readiness.path_to_target import path_to_target
from models.readiness.readings import ObservedValue
from models.readiness.score import score_readings
from models.readiness.scores import Readiness
from models.reasons.criterion import ChildrenDecide

NOW = datetime(2025, 9, 8, tzinfo=UTC)


def plan_of(*criteria: dict[str, Any], **more: Any) -> Plan:
    return parse_plan({"gate": [{"id": "g", "criterion": list(criteria)}], **more})


def leaf(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "metric": name, "comparator": ">=", "threshold": 1, **more}


def scored(plan: Plan, **values: float) -> Readiness:
    at = pd.Timestamp(NOW)
    readings = {(name, ""): ObservedValue(value, at, at, kind="measured") for name, value in values.items()}
    return score_readings(readings, plan, at, {})


def tree(**parent: Any) -> Plan:
    return plan_of(
        {"id": "p", "title": "API", "weight": 3, **parent},
        leaf("a", parent="p"),
        leaf("b", parent="p", weight=2),
        leaf("c"),
    )


def test_children_share_the_weight_of_their_parent() -> None:
    """A parent of weight 3 beside one of weight 1 leaves its children 75 of 100 points, by their own weights."""
    readiness = scored(tree(), a=1, b=1, c=1)

    assert {s.criterion.id: s.points for s in readiness.criteria} == pytest.approx({"p": 0, "a": 25, "b": 50, "c": 25})
    assert readiness.value == 100


@pytest.mark.parametrize(
    ("values", "state", "because"),
    [
        ({"a": 1, "b": 1}, "passing", ChildrenDecide(2)),
        ({"a": 1, "b": 0}, "failing", ChildrenDecide(2, ("b",))),
        ({"a": 1}, "missing", ChildrenDecide(2, (), ("b",))),
        ({"b": 0}, "failing", ChildrenDecide(2, ("b",), ("a",))),
    ],
)
def test_a_parent_is_the_and_of_its_children(values: dict[str, float], state: str, because: ChildrenDecide) -> None:
    """It passes when all pass, fails when one fails, and is unknown while one is unknown, whatever was ticked."""
    score = scored(tree(claim="[x] API"), **values).criterion("p")

    assert (score.state, score.because) == (state, because)


def test_a_parent_that_blocks_makes_its_children_block() -> None:
    """GO needs every child of a blocker; the path to the target lists the children, never the parent."""
    plan = tree(blocker=True)
    readiness = scored(plan, a=1, b=0, c=1)

    assert required_criteria(plan) == ("a", "b")
    assert blocking_leaves(plan) == {"a", "b"}
    assert [score.criterion.id for score in readiness.open_blockers] == ["p"]
    assert decide(readiness, plan).verdict == "NO-GO"
    assert [move.criterion for move in path_to_target(readiness)] == ["b"]


def test_an_attested_child_makes_a_condition_of_the_child_alone() -> None:
    """The parent holds conditionally, and the verdict names the child with its person once."""
    attested = {"by": "Kim", "on": NOW.date(), "expires": NOW.date()}
    plan = plan_of({"id": "p"}, {"id": "a", "parent": "p", "attested": attested}, leaf("c", weight=9))
    decision = decide(scored(plan, c=1), plan)

    assert (decision.verdict, [c.criterion for c in decision.conditions]) == ("GO", ["a"])


def test_a_waiver_of_a_parent_covers_the_parent_only() -> None:
    """The gate holds conditionally, and no child earns more points by it."""
    waiver = {"criterion": "p", "owner": "Kim", "reason": "later", "expires": NOW.date()}
    readiness = scored(plan_of({"id": "p"}, leaf("a", parent="p"), leaf("c"), waiver=[waiver]), a=0, c=1)

    assert (readiness.criterion("p").state, readiness.criterion("a").state) == ("waived", "failing")
    assert (readiness.gates[0].status, readiness.value) == ("conditional", 50)


@given(st.data())
def test_nesting_never_changes_the_weight_of_a_gate(data: st.DataObject) -> None:
    """However criteria are nested, weights are of leaves alone, none is negative, and each root keeps its own."""
    count = data.draw(st.integers(1, 12))
    criteria = []
    for i in range(count):
        parent = data.draw(st.none() | st.integers(0, i - 1)) if i else None
        weight = data.draw(st.integers(1, 9))
        criteria.append({"id": f"c{i}", "weight": weight} | ({"parent": f"c{parent}"} if parent is not None else {}))
    plan = plan_of(*criteria)
    weights = weights_of(plan.criteria)

    assert all(weights[name] == 0 for name in plan.parents)
    assert all(weights[c.id] > 0 for c in plan.criteria if c.id not in plan.parents)
    assert sum(weights.values()) == sum(int(str(c["weight"])) for c in criteria if "parent" not in c)
