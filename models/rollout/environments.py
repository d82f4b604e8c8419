"""Which gates are about which environment: a probe of staging shows nothing about production."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from models.plan.plan import Gate, Plan
from models.reasons.window import OtherEnvironment


def plan_of_environment(plan: Plan, environment: str, known: Sequence[str]) -> Plan:
    """The plan without running and promotion gates of other environments.

    Of a kind whose gates are all of other environments the gates stay, and `gates_of_others` says that they show
    nothing: a misspelt name must not take every condition away.
    """
    fitting = {gate.id for gate in plan.gates if _why_not(gate, environment, known) is None or not gate.environment}
    kinds = {gate.kind for gate in plan.gates if gate.id in fitting}
    gates = tuple(gate for gate in plan.gates if gate.id in fitting or gate.kind not in kinds)
    return plan if gates == plan.gates else replace(plan, gates=gates)


def gates_of_others(plan: Plan, environment: str, known: Sequence[str]) -> Mapping[str, OtherEnvironment]:
    """By id, the gates whose evidence is not known to be of this environment, with the reason."""
    found = {gate.id: _why_not(gate, environment, known) for gate in plan.gates}
    return {name: why for name, why in found.items() if why is not None}


def _why_not(gate: Gate, environment: str, known: Sequence[str]) -> OtherEnvironment | None:
    """None where the gate is of the environment: by its name, or because there is only one."""
    every = {*known, environment}
    if gate.kind == "deploy" or not known:
        return None
    fits = gate.environment == environment or every == {""} if gate.environment else len(every) == 1
    return None if fits else OtherEnvironment(gate.environment, environment, tuple(sorted(every)))
