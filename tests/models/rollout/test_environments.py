"""Evidence of one environment proves nothing about another."""

from __future__ import annotations

import pytest

from models.plan.parsing import PlanError, parse_plan
from models.plan.plan import Plan
from models.rollout.environments import gates_of_others, plan_of_environment

CRITERION = {"id": "c", "metric": "m", "comparator": "<", "threshold": 1}


def plan(*environments: str) -> Plan:
    gates = [
        {"id": f"g{k}", "kind": "running", "criterion": [{**CRITERION, "id": f"c{k}"}]}
        | ({"environment": name} if name else {})
        for k, name in enumerate(environments)
    ]
    return parse_plan({"gate": [{"id": "d", "criterion": [CRITERION]}, *gates]})


@pytest.mark.parametrize(
    ("environments", "judged", "known", "kept", "unknown"),
    [
        ([""], "", [""], ["g0"], []),
        ([""], "live", ["live"], ["g0"], []),
        ([""], "live", ["live", "staging"], ["g0"], ["g0"]),
        (["live", "staging"], "live", ["live", "staging"], ["g0"], []),
        (["live", ""], "live", ["live", "staging"], ["g0", "g1"], ["g1"]),
        (["staging"], "live", ["live"], ["g0"], ["g0"]),  # or misspelt: no condition may vanish
        (["staging"], "", [""], ["g0"], []),  # the only one, without a name
        (["staging"], "live", [], ["g0"], []),  # nothing is deployed anyway
    ],
)
def test_a_gate_judges_its_own_environment(
    environments: list[str], judged: str, known: list[str], kept: list[str], unknown: list[str]
) -> None:
    """A gate of another environment is left out; where none is left, or none is named, its values are unknown."""
    part = plan_of_environment(plan(*environments), judged, known)

    assert [gate.id for gate in part.gates] == ["d", *kept]
    assert list(gates_of_others(part, judged, known)) == unknown


def test_a_deploy_gate_has_no_environment() -> None:
    """It is about a commit; the key is refused with its place."""
    with pytest.raises(PlanError, match=r"gate\[0\].environment"):
        parse_plan({"gate": [{"id": "d", "environment": "live", "criterion": [CRITERION]}]})
