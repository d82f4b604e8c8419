"""A change is compared with its base like with like, or not at all."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.movement.ratchet import Compared, Side, compare
from models.plan.parsing import parse_plan
from models.plan.plan import Plan, PlanError
from models.readiness.readings import ObservedValue
from models.reasons.movement import SourceChanged
from models.reasons.ratchet import CriterionChanged, CriterionDropped, NoCommit, NoFigureOfChange, SameFigure

DAY = pd.Timestamp("2026-01-01", tz="UTC")
BASE, HEAD = "b" * 40, "c" * 40
OWN = frozenset({HEAD})
COUNTED = frozenset({"git"})


def plan(*, tolerance: dict[str, float] | None = None, **changed: Any) -> Plan:
    """One gate that demands line coverage."""
    criterion = {"id": "cover", "metric": "coverage_line_percent", "unit": "percent", "comparator": ">="}
    criterion |= {"threshold": 80.0, **changed}  # type: ignore[dict-item]
    return parse_plan({"gate": [{"id": "g", "criterion": [criterion]}], "ratchet": {"tolerance": tolerance or {}}})


def value(number: float, commit: str, **changed: Any) -> ObservedValue:
    """A measured coverage of a commit."""
    usual = {"unit": "percent", "kind": "measured", "source": "artifacts", "definition": "1", "tool": "coverage"}
    return ObservedValue(number, DAY, DAY, commit=commit, **{**usual, **changed})


def compared(before: ObservedValue | None, after: ObservedValue | None, old: Plan, new: Plan | None = None) -> Compared:
    """The comparison of the only criterion."""
    key = ("coverage_line_percent", "")
    then = {key: before} if before else {}
    now = {key: after} if after else {}
    (found,) = compare(Side(old, then), Side(new or old, now, OWN), COUNTED)
    return found


@pytest.mark.parametrize(
    ("before", "after", "tolerance", "outcome"),
    [
        (80.1, 79.6, 0.5, "tolerated"),
        (80.1, 79.59, 0.5, "worse"),
        (80.0, 79.99, 0.0, "worse"),
        (80.0, 80.0, 0.0, "same"),
        (70.0, 75.0, 0.0, "better"),
    ],
)
def test_the_raw_values_decide_in_decimal(before: float, after: float, tolerance: float, outcome: str) -> None:
    """A loss of exactly the tolerance is tolerated and a hair more is not, whatever binary floats make of it."""
    old = plan(tolerance={"coverage_line_percent": tolerance})
    assert compared(value(before, BASE), value(after, HEAD), old).outcome == outcome


@given(st.floats(0, 100), st.floats(0, 100), st.floats(0, 5))
def test_worse_is_never_a_pass(before: float, after: float, tolerance: float) -> None:
    """Whatever the figures are: a loss beyond the tolerance is worse, and only a gain is better."""
    found = compared(value(before, BASE), value(after, HEAD), plan(tolerance={"cover": tolerance}))
    loss = Decimal(repr(before)) - Decimal(repr(after))
    if loss > Decimal(repr(tolerance)):
        assert found.outcome == "worse"
    else:
        assert (found.outcome == "better") == (loss < 0)


def test_the_tolerance_of_the_base_counts() -> None:
    """A change that raises its own tolerance is judged by the one before."""
    old, new = plan(tolerance={"cover": 0.1}), plan(tolerance={"cover": 50})
    assert compared(value(80, BASE), value(70, HEAD), old, new).outcome == "worse"


@pytest.mark.parametrize(
    ("after", "because"),
    [
        (None, NoFigureOfChange("")),
        (value(math.nan, HEAD, reason="report is empty"), NoFigureOfChange("report is empty")),
        (value(80, BASE), SameFigure(BASE)),
        (value(80, ""), NoCommit("artifacts")),
        (value(80, HEAD, tool="istanbul"), SourceChanged("tool", "coverage", "istanbul")),
        (value(80, HEAD, definition="2"), SourceChanged("definition", "1", "2")),
        (value(80, HEAD, kind="simulated"), SourceChanged("kind", "measured", "simulated")),
        (value(80, HEAD, unit="bytes"), SourceChanged("unit", "percent", "bytes")),
    ],
)
def test_what_is_not_alike_is_not_compared(after: ObservedValue | None, because: Any) -> None:
    """Another tool, rule, unit or kind, no value of the change, or the base's own value again: no difference."""
    found = compared(value(80, BASE), after, plan())
    assert (found.outcome, found.because, found.change) == ("not_comparable", because, None)


def test_a_value_counted_in_the_tree_is_of_its_commit() -> None:
    """A figure that was counted in the tree of the head is not taken for the base's, whatever commit it names."""
    found = compared(value(80, BASE, source="git"), value(80, BASE, source="git"), plan())
    assert found.outcome == "same"


def test_a_first_value_and_no_value_are_no_failures() -> None:
    """Measured for the first time: there is nothing to be worse than. Measured on neither side: nothing happened."""
    assert compared(None, value(10, HEAD), plan()).outcome == "new"
    assert compared(None, None, plan()).outcome == "not_measured"


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"metric": "coverage_branch_percent"}, "metric"),
        ({"scope": "api"}, "scope"),
        ({"comparator": "=="}, "comparator"),
    ],
)
def test_a_criterion_that_asks_for_something_else_is_not_compared(changed: dict[str, str], what: str) -> None:
    """A change cannot pass by letting its criterion ask for another figure."""
    key = (changed.get("metric", "coverage_line_percent"), changed.get("scope", ""))
    old = Side(plan(), {("coverage_line_percent", ""): value(80, BASE)})
    (found,) = compare(old, Side(plan(**changed), {key: value(99, HEAD)}, OWN), COUNTED)
    assert isinstance(found.because, CriterionChanged)
    assert (found.outcome, found.because.what) == ("not_comparable", what)


@pytest.mark.parametrize("escape", [{"not_applicable": "we say so"}, {"id": "other"}])
def test_a_dropped_criterion_is_not_a_pass(escape: dict[str, str]) -> None:
    """A change cannot pass by removing the criterion, or by declaring that it does not apply."""
    readings = {("coverage_line_percent", ""): value(80, BASE)}
    found = compare(Side(plan(), readings), Side(plan(**escape), {}, OWN), COUNTED)
    dropped = next(one for one in found if one.criterion.id == "cover")
    assert (dropped.outcome, dropped.because) == ("not_comparable", CriterionDropped())


def test_a_lower_threshold_changes_no_comparison() -> None:
    """The figures are compared, not the demands: lowering a threshold lets nothing get worse."""
    assert compared(value(80, BASE), value(70, HEAD), plan(), plan(threshold=10.0)).outcome == "worse"


def test_a_gain_beyond_the_threshold_is_proposed() -> None:
    """A stricter threshold is proposed when the improved figure meets it, and only then."""
    assert compared(value(80, BASE), value(85.5, HEAD), plan()).proposal == 85.5
    assert compared(value(50, BASE), value(60, HEAD), plan()).proposal is None
    assert compared(value(85, BASE), value(85, HEAD), plan()).proposal is None


def test_gates_of_the_running_service_are_left_out() -> None:
    """What is judged after a deployment is not what a change moves."""
    old = plan()
    later = replace(old, gates=tuple(replace(gate, kind="running") for gate in old.gates))
    assert compare(Side(later, {}), Side(later, {}), COUNTED) == ()


def test_a_tolerance_names_what_the_plan_has() -> None:
    """A tolerance for an unknown name, or one below zero, is refused with its path."""
    with pytest.raises(PlanError) as refused:
        plan(tolerance={"coverage_lin_percent": 1, "cover": -1})
    assert refused.value.problems == [
        'ratchet.tolerance.coverage_lin_percent: no criterion or metric is called "coverage_lin_percent"; '
        'did you mean "coverage_line_percent"?',
        "ratchet.tolerance.cover: needs 0 or more, found -1",
    ]
