"""What to do next about a criterion fits what is known of it."""

from __future__ import annotations

from typing import Any

import pytest

from app.wording.next_steps import next_step
from ingest.advice.metric_steps import FIXES, how_to_measure
from ingest.advice.metric_steps import next_step as imported

METRIC = "coverage_line_percent"


def criterion(state: str, **more: Any) -> dict[str, Any]:
    return {"state": state, "metric": METRIC, "scope": "", "fix": how_to_measure(METRIC), "attested": False} | more


@pytest.mark.parametrize("state", ["missing", "stale", "claimed"])
def test_what_is_unknown_is_measured_first(state: str) -> None:
    """Without a fresh figure the step says how to bring one."""
    assert next_step(criterion(state)) == ("How to measure it", how_to_measure(METRIC))
    assert (
        "tminus record coverage_line_percent VALUE --scope web" in next_step(criterion(state, fix="", scope="web"))[1]
    )


def test_what_fails_by_evidence_is_not_asked_to_be_measured() -> None:
    """A figure that is there, and fails, gets the plan's own advice or none; never how to measure it."""
    assert next_step(criterion("failing")) == ("How to fix it", "")
    assert next_step(criterion("failing", fix="test the session code")) == ("How to fix it", "test the session code")


@pytest.mark.parametrize("metric", FIXES)
def test_what_the_repository_shows_is_fixed(metric: str) -> None:
    """What is read from the repository itself is always measured, so its imported step says how to fix it."""
    assert next_step(criterion("failing", metric=metric, fix=imported(metric)))[1] == FIXES[metric]


@pytest.mark.parametrize("state", ["passing", "not_applicable", "waived"])
def test_what_holds_needs_nothing(state: str) -> None:
    """What passes, does not apply or is waived has no next step."""
    assert next_step(criterion(state, fix="anything")) == ("", "")


def test_who_is_vouched_for_already_is_not_asked_for_a_voucher() -> None:
    """The advice to have somebody vouch is gone once somebody does; a plan's own advice stays."""
    vouched = criterion("claimed", metric="", fix=how_to_measure(""), attested=True)
    assert next_step(vouched) == ("", "")
    assert next_step(vouched | {"fix": "hire an auditor"})[1] == "hire an auditor"


@pytest.mark.parametrize(("state", "words"), [("missing", "every part below it has to hold"), ("passing", "")])
def test_the_sum_of_its_parts_is_not_measured_itself(state: str, words: str) -> None:
    """A box with boxes below gets no advice to give it a metric: its parts decide."""
    whole = criterion(state, metric="", fix=how_to_measure(""), reason={"kind": "children_decide"})

    assert next_step(whole)[1] == words
