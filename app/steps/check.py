"""The verdict for CI, as an answer with an exit code."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

from app.answers import status as answers
from app.answers.types.status import CheckAnswer, ConditionAnswer
from app.steps.assess import assess
from app.steps.candidate import resolve_commit
from app.workspace import UsageError, Workspace

if TYPE_CHECKING:
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
    commit: str | None = None,
    allow_conditional: bool = False,
) -> CheckAnswer:
    """The verdict for CI, of the whole or of one gate.

    Exit code 0 on GO, and on CONDITIONAL GO with `allow_conditional`; 1 when something fails or a condition is not
    allowed; 3 when only evidence is missing, too old for the candidate, or simulated.
    """
    assessment = assess(workspace, at, resolve_commit(workspace, commit) if commit else None)
    gates = [g for g in assessment.readiness.gates if gate in (None, g.gate.id)]
    if not gates:
        names = ", ".join(g.gate.id for g in assessment.readiness.gates)
        raise UsageError(f"there is no gate {gate!r}: the plan has {names}")
    verdict = assessment.decision.verdict if gate is None else _gate_verdict(gates[0], assessment)
    answer = answers.status_answer(assessment)
    return {
        "schema": "tminus.check/1",
        "at": answer["at"],
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
    """One gate alone: what guards the whole (simulated figures, evidence of other commits) guards it, too."""
    if any(score.is_simulated or score.criterion.id in assessment.not_of_candidate for score in gate.criteria):
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
