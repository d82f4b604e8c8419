"""The verdict for CI, as an answer with an exit code."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

from app.answers import status as answers
from app.answers.types.status import CheckAnswer, ConditionAnswer
from app.steps.assess import assess_newest, plan_at, whole_plans_in_force
from app.steps.candidate import resolve_commit
from app.workspace import UsageError, Workspace

if TYPE_CHECKING:
    from models.plan.plan import GateKind
    from models.readiness.decision import Verdict
    from models.readiness.scores import CriterionScore, GateScore

ExitCode = Literal[0, 1, 3]
GOOD: Final = 0
FAILED: Final = 1
NO_EVIDENCE: Final = 3


def check(
    workspace: Workspace,
    at: datetime,
    gate: str | None = None,
    *,
    kind: GateKind | None = None,
    commit: str | None = None,
    allow_conditional: bool = False,
) -> CheckAnswer:
    """The verdict for CI: to deploy, of another kind of gates, or of one gate of any kind.

    Exit code 0 on GO, and on CONDITIONAL GO with `allow_conditional`; 1 when something fails or a condition is not
    allowed; 3 when only evidence is missing, too old for the candidate, or simulated. UsageError: the plan has no such
    gate or kind, or the day is still to come. Later today means now.
    """
    now = workspace.now()
    if at.astimezone(now.tzinfo).date() > now.date():
        raise UsageError(f"--at {at:%Y-%m-%d} is in the future, without evidence yet: `tminus forecast` has its odds")
    at = min(at, now)
    asked = (kind or "deploy") if gate is None else _kind_of(workspace, at, gate, kind)
    if asked != "deploy" and commit:
        raise UsageError(f"--commit asks about a deployment; gates of the kind {asked} judge what is deployed")
    if asked != "deploy":
        return _later(workspace, at, asked, gate, allow_conditional=allow_conditional)
    return _deploy(workspace, at, gate, commit, allow_conditional=allow_conditional)


def _kind_of(workspace: Workspace, at: datetime, gate: str, kind: GateKind | None) -> GateKind:
    """The kind of a gate. UsageError: the plan has no such gate, or another kind was named."""
    of_gate = {g.id: g.kind for g in plan_at(whole_plans_in_force(workspace), at).gates}
    if gate not in of_gate:
        raise UsageError(f"there is no gate {gate!r}: the plan has {', '.join(of_gate)}")
    if kind not in (None, of_gate[gate]):
        raise UsageError(f"gate {gate} is of the kind {of_gate[gate]}, not {kind}: leave one of --gate and --kind out")
    return of_gate[gate]


def _later(
    workspace: Workspace, at: datetime, kind: GateKind, gate: str | None, *, allow_conditional: bool
) -> CheckAnswer:
    """The verdict of gates that are judged after the deployment."""
    from app.steps.production.rollout import check_kind

    answer = check_kind(workspace, at, kind, gate)
    if allow_conditional and answer["verdict"] == "CONDITIONAL GO":
        answer["exit_code"] = GOOD
    return answer


def _deploy(
    workspace: Workspace, at: datetime, gate: str | None, commit: str | None, *, allow_conditional: bool
) -> CheckAnswer:
    assessment = assess_newest(workspace, at, resolve_commit(workspace, commit) if commit else None)
    gates = [g for g in assessment.readiness.gates if gate in (None, g.gate.id)]
    verdict = assessment.decision.verdict if gate is None else _gate_verdict(gates[0], assessment)
    answer = answers.status_answer(assessment)
    return {
        "schema": "tminus.check/1",
        "at": answer["at"],
        "kind": "deploy",
        "gate": gate,
        "verdict": verdict,
        "next_plan_from": answer["next_plan_from"],
        "candidate": answer["decision"]["candidate"],
        "conditions": _conditions(answer["decision"]["conditions"], gates),
        "rules": [] if gate else answer["decision"]["rules"],
        "gates": [g for g in answer["gates"] if gate in (None, g["id"])],
        "exit_code": _exit_code(verdict, gates, allow_conditional=allow_conditional),
    }


def _gate_verdict(gate: GateScore, assessment: answers.Assessment) -> Verdict:
    """One gate alone: what guards the whole guards it, too.

    Simulated figures, other commits, unread ones, and more than the plan's share of its points on people's word.
    """
    from models.readiness.decision import guards_of_gate

    if any(rule.id == "unread_commits" for rule in assessment.decision.rules):
        return "NO-GO"
    if any(score.is_simulated or score.criterion.id in assessment.not_of_candidate for score in gate.criteria):
        return "NO-GO"
    if any(rule.holds is not True for rule in guards_of_gate(gate, assessment.plan)):
        return "NO-GO"
    verdicts: dict[str, Verdict] = {"passing": "GO", "conditional": "CONDITIONAL GO"}
    return verdicts.get(gate.status, "NO-GO")


def _conditions(conditions: Sequence[ConditionAnswer], gates: Sequence[GateScore]) -> list[ConditionAnswer]:
    shown = {score.criterion.id for gate in gates for score in gate.criteria}
    return [condition for condition in conditions if condition["criterion"] in shown]


def _exit_code(verdict: Verdict, gates: Sequence[GateScore], *, allow_conditional: bool) -> ExitCode:
    if verdict == "GO":
        return GOOD
    if verdict == "CONDITIONAL GO":
        return GOOD if allow_conditional else FAILED
    return FAILED if any(_fails(score) for gate in gates for score in gate.criteria) else NO_EVIDENCE


def _fails(score: CriterionScore) -> bool:
    """A figure, or a person, says that it does not hold; what is not applicable fails nothing."""
    return score.holds is False and score.state != "not_applicable"
