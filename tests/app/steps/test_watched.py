"""Hours of stable operation are counted only where something watches what runs."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime

from app.steps.production.state import _Evidence, _is_watched
from models.plan.parsing import parse_plan
from tests.testing.rollout_workspace import PLAN


def test_without_a_running_gate_nobody_knows_how_long_it_has_been_stable():
    """A plan that measures nothing after the deployment gets no stable hours by waiting."""
    plan = parse_plan(tomllib.loads(PLAN))
    assert all(gate.kind == "deploy" for gate in plan.gates)
    assert not _is_watched(plan, {}, _Evidence({}, {}, {}), datetime(2025, 9, 1, tzinfo=UTC))
