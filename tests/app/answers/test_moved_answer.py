"""The answer of `tminus moved`: keys that other programs read, and nothing that JSON cannot hold."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from app.answers.movement import moved_answer
from models.frames import COMMITS, ITEMS, OBSERVATIONS, empty_frame
from models.movement.movement import movement
from models.plan.plan import Criterion, Gate, Plan

THEN, NOW = datetime(2025, 6, 1, tzinfo=UTC), datetime(2025, 6, 9, tzinfo=UTC)


def make(**more: Any) -> Plan:
    asked: dict[str, Any] = {"comparator": "<=", "threshold": 0.0, "unit": "markers", "baseline": 100.0} | more
    criterion = Criterion(id="todos", title="TODO markers", gate="g", metric="todo_count", scope="", **asked)
    return Plan(90.0, (Gate("g", "Debt", 1.0, (criterion,)),))


def counted(*values: float) -> pd.DataFrame:
    """One value of todo_count a day, from git."""
    days = pd.date_range(THEN, periods=len(values), tz="UTC").as_unit("us")
    texts = {name: "" for name, family in OBSERVATIONS.items() if family == "text"}
    rows = [
        {**texts, "metric": "todo_count", "value": value, "kind": "measured", "source": "git", "unit": "markers"}
        for value in values
    ]
    frame = pd.DataFrame(rows) if rows else empty_frame(OBSERVATIONS)
    return frame.assign(observed_at=days, recorded_at=days)


def answer(observations: pd.DataFrame, *plans: Plan) -> dict[str, Any]:
    dated = [(THEN, plans[0]), *((NOW, plan) for plan in plans[1:])]
    found = movement(observations, empty_frame(COMMITS), empty_frame(ITEMS), dated, THEN, NOW)
    return json.loads(json.dumps(moved_answer(found, plans[-1], THEN, NOW, "p", simulated=False), allow_nan=False))  # type: ignore[no-any-return]


def test_the_answer_is_json_with_the_agreed_keys() -> None:
    """The keys that other programs read are there, each reason with its sentence and its value."""
    found = answer(counted(100.0, 80.0), make())

    assert set(found) == {
        "schema",
        "since",
        "until",
        "readiness",
        "criteria",
        "items",
        "lost_evidence",
        "plan_edits",
        "residual",
        "by_author",
        "by_merger",
        "by_folder",
        "project",
        "simulated",
    }
    assert {"before", "after", "change"} <= set(found["readiness"])
    assert {"id", "before", "after", "points", "grade", "commits", "because"} <= set(found["criteria"][0])
    assert found["criteria"][0]["because"] == "80 markers, needs ≤ 0 markers"
    assert found["criteria"][0]["reason"]["kind"] == "compared"


def test_readiness_of_nothing_is_null() -> None:
    """Where no criterion applies there is no readiness and no change."""
    found = answer(empty_frame(OBSERVATIONS), make(not_applicable="no code"))

    assert found["readiness"]["change"] is None


def test_an_edit_of_the_plan_names_what_it_changed() -> None:
    """An edit has the title of what it concerns, the sentence of what changed, and the values."""
    (edit,) = answer(counted(40.0), make(threshold=50.0), make(threshold=10.0))["plan_edits"]

    assert (edit["what"], edit["id"], edit["title"]) == ("criterion changed", "todos", "TODO markers")
    assert edit["because"] == "threshold: 50 → 10"
    assert edit["reason"]["changes"] == [{"field": "threshold", "before": 50.0, "after": 10.0}]
    assert math.isfinite(edit["points"])
