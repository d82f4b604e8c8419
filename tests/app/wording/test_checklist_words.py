"""The words that evidence writes into a checklist."""

from __future__ import annotations

from typing import Any

import pytest

from app.answers.types.status import CriterionAnswer
from app.wording.documents.checklist import criterion_words


def criterion(**more: Any) -> CriterionAnswer:
    evidence = {"kind": more.pop("kind", "measured")}
    row: Any = {
        "value": 42.0,
        "unit": "seconds",
        "comparator": "<",
        "threshold": 60.0,
        "state": "passing",
        "attested": False,
        "attainment": 1.0,
        "claim": "",
        "because": "attested by A. Bee until 31 Mar 2026, not measured",
        "reason": {"kind": "compared"},
        "evidence": evidence,
        **more,
    }
    found: CriterionAnswer = row
    return found


@pytest.mark.parametrize(
    ("more", "ticked", "holds", "status"),
    [
        ({}, True, True, "42 seconds, meets < 60 seconds"),
        ({"state": "failing", "value": 75.0}, False, False, "75 seconds, needs < 60 seconds"),
        ({"kind": "simulated"}, False, True, "42 seconds, meets < 60 seconds (simulated)"),
        ({"state": "stale"}, False, None, "out of date: 42 seconds, needs < 60 seconds"),
        ({"state": "missing", "value": None, "kind": "none"}, False, None, "not measured"),
        (
            {"state": "claimed", "value": None, "kind": "none", "claim": "[x] Done"},
            False,
            None,
            "ticked by hand, shown by nothing",
        ),
        (
            {"state": "claimed", "value": None, "kind": "none", "attested": True},
            True,
            True,
            "attested by A. Bee until 31 Mar 2026, not measured",
        ),
    ],
)
def test_a_box_is_ticked_by_a_measured_figure_or_a_named_person(
    more: dict[str, Any], ticked: bool, holds: bool | None, status: str
) -> None:
    """A claim, a stale figure and a simulated one tick nothing, and the line says why."""
    words = criterion_words(criterion(**more))

    assert (words.ticked, words.holds, words.status) == (ticked, holds, status)
