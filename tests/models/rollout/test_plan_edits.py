"""An edit of the plan while a stage runs is named: less may be asked than when it began."""

from __future__ import annotations

from typing import Any

from app.wording.rollout.edits import edit_words
from models.plan.parsing import parse_plan
from models.rollout.plan_edits import edits_between


def words(stage: dict[str, Any], **criterion: Any) -> list[str]:
    """What changed from a soak of a day and an error rate below 1 percent of level 4."""

    def plan(soak: dict[str, Any], asked: dict[str, Any]) -> Any:
        error = {"id": "e", "title": "Errors", "metric": "m", "unit": "percent", "comparator": "<", "threshold": 1}
        kept = {"id": "k", "title": "Kept", "metric": "k", "comparator": "<", "threshold": 1}
        gate = {"id": "g", "kind": "running", "criterion": [{**error, "level": 4, **asked}, kept]}
        return parse_plan({"gate": [gate], "stage": [{"id": "s", "title": "Beta", "soak": "24h", **soak}]})

    return [edit_words(edit) for edit in edits_between(plan({}, {}), plan(stage, criterion), 4)]


def test_edits_that_change_what_is_asked_are_named() -> None:
    """Soak, threshold, a criterion that is gone, and what no longer restarts the clock; a new title is not named."""
    assert words({"soak": "1h"}) == ["soak of Beta: 24 h, now 1 h"]
    assert words({}, threshold=5) == ["Errors: < 1%, now < 5%"]
    assert words({}, id="other") == ["Errors: < 1%, now not asked for"]
    assert words({}, not_applicable="not here") == ["Errors: < 1%, now not asked for"]
    assert words({}, level=3) == ["Errors: a failing sample no longer restarts the soak clock"]
    assert words({"title": "Beta group"}, title="Error rate") == []
