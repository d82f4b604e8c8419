"""The part of a plan that gates of one kind make up: another kind never changes its verdict."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from models.plan.plan import GateKind, Plan, Rule


@lru_cache(maxsize=64)
def plan_of_kind(plan: Plan, kind: GateKind) -> Plan:
    """The plan with the gates of one kind, and the rules about them.

    A rule that names gates or criteria of several kinds is asked in each of them, about its own part; a rule that
    names nothing is one of the deployment.
    """
    if kind == "deploy" and all(gate.kind == "deploy" for gate in plan.gates):
        return plan
    part = replace(plan, gates=tuple(gate for gate in plan.gates if gate.kind == kind))
    known = {criterion.id for criterion in part.criteria} | {gate.id for gate in part.gates}
    return replace(
        part, rules=_rules(plan, known, kind), waivers=tuple(w for w in plan.waivers if w.criterion in known)
    )


def _rules(plan: Plan, known: set[str], kind: GateKind) -> tuple[Rule, ...]:
    """The rules of the plan as far as they are about what is known."""
    return tuple(filter(None, (_part(rule, known, kind) for rule in plan.rules)))


def _part(rule: Rule, known: set[str], kind: GateKind) -> Rule | None:
    if not rule.names:
        return rule if kind == "deploy" else None
    parts = (rule.needs, rule.among, rule.measured)
    needs, among, measured = (tuple(name for name in names if name in known) for names in parts)
    part = replace(rule, needs=needs, among=among, measured=measured)
    return part if part.names else None


def kinds_of(plan: Plan) -> tuple[GateKind, ...]:
    """The kinds of gates that the plan has, in the order in which they are judged."""
    order: tuple[GateKind, ...] = ("deploy", "running", "promotion")
    return tuple(kind for kind in order if any(gate.kind == kind for gate in plan.gates))
