"""The rollout into the answer of `tminus rollout`; timestamps use the time zone of the question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Literal

import pandas as pd

from app.answers.reasons import reason_value, reason_values
from app.answers.status import finite, gate_answer, informed_of, rule_answer
from app.answers.types.rollout import (
    CheckpointAnswer,
    DeploymentAnswer,
    EscalationEntry,
    GapAnswer,
    GateKind,
    IncidentAnswer,
    KindVerdictAnswer,
    RunAnswer,
    SoakAnswer,
    StageAnswer,
    WindowAnswer,
)
from app.wording.names import Names, names_of
from app.wording.reasons import criterion_text, rule_reasons_text, rule_text
from app.wording.rollout.stages import stage_texts
from app.wording.text import sentence
from app.wording.windows.sentences import span_of
from models.readiness.after_deployment import HOUR, CriterionWindow, window_reason
from models.windows.evaluate import Gap, strip

if TYPE_CHECKING:
    from models.plan.plan import Criterion, Plan
    from models.plan.rollout import Stage
    from models.readiness.decision import GoDecision, RuleOutcome
    from models.readiness.scores import CriterionScore, GateScore, Readiness
    from models.rollout.events import Deployed, Incident
    from models.rollout.position import Position
    from models.rollout.soak import Soak
    from models.rollout.stages import StageStanding
    from models.windows.evaluate import WindowDemand
    from models.windows.samples import Samples

ExitCode = Literal[0, 1, 3]


def deployment_answer(event: Deployed, plan: Plan, zone: tzinfo | None) -> DeploymentAnswer:
    """One deployment event."""
    return {
        "id": event.id,
        "kind": event.kind,
        "at": in_zone(event.at, zone),
        "stage": event.stage,
        "title": names_of(plan).stage(event.stage),
        "commit": event.commit,
        "environment": event.environment,
        "by": event.by,
        "source": event.source,
        "external": event.external,
        "verdict": event.verdict,
        "override": event.override,
        "refused": list(event.refused),
        "simulated": event.is_simulated,
    }


def incident_answer(incident: Incident, zone: tzinfo | None) -> IncidentAnswer:
    """One incident."""
    return {
        "id": incident.id,
        "text": incident.text,
        "severity": incident.severity,
        "at": in_zone(incident.at, zone),
        "by": incident.by,
        "resolved_at": None if incident.resolved_at is None else in_zone(incident.resolved_at, zone),
        "simulated": incident.is_simulated,
    }


def in_zone(moment: datetime, zone: tzinfo | None) -> str:
    """A moment as ISO text in a zone."""
    return moment.astimezone(zone or UTC).isoformat()


def escalation_answer(plan: Plan) -> list[EscalationEntry]:
    """The escalation levels of the plan with the criteria of each."""
    return [
        {
            "level": one.level,
            "title": one.title,
            "who": one.who,
            "after_seconds": one.after.total_seconds() if one.after else None,
            "criteria": [criterion.title for criterion in plan.criteria if criterion.level == one.level],
        }
        for one in sorted(plan.escalations, key=lambda one: one.level)
    ]


def stage_answer(
    standing: StageStanding, where: Position, soak: Soak, names: Names, zone: tzinfo | None
) -> StageAnswer:
    """One stage with its state and what holds it."""
    stage = standing.stage
    begun = where.entered.get(stage.id)
    is_current = where.current is not None and where.current.id == stage.id
    return {
        "id": stage.id,
        "title": stage.title,
        "users": stage.users,
        "share": stage.share,
        "state": standing.state,
        "entered_at": None if begun is None else in_zone(begun.at, zone),
        "entered_by": begun.by if begun else "",
        "commit": where.commit if is_current else begun.commit if begun else "",
        "override": begun.override if begun else "",
        "holds_because": stage_texts(standing.holds, names),
        "reasons": reason_values(standing.holds),
        "soak": _soak(stage, soak, zone) if is_current and stage.soak is not None else None,
    }


def _soak(stage: Stage, soak: Soak, zone: tzinfo | None) -> SoakAnswer:
    needed = stage.soak or timedelta(0)
    return {
        "needed_seconds": needed.total_seconds(),
        "elapsed_seconds": soak.elapsed.total_seconds(),
        "since": None if soak.since is None else in_zone(soak.since, zone),
        "ends_at": None if soak.since is None else in_zone(soak.since + needed, zone),
        "restarted_by": soak.restarted_by,
        "restarts": soak.restarts,
    }


@dataclass(frozen=True, slots=True)
class ShownWindow:
    """One criterion with its samples and its checkpoints, by their name."""

    criterion: Criterion
    demand: WindowDemand
    samples: Samples
    checkpoints: Mapping[str, CriterionWindow]
    informed: str = ""  # who is to be informed while it fails


def window_answer(shown: ShownWindow, deployed_at: datetime, now: datetime) -> WindowAnswer:
    """Every sample since the deployment as runs, and the checkpoints side by side."""
    criterion, samples, zone = shown.criterion, shown.samples, now.tzinfo
    runs = strip(samples, shown.demand, deployed_at.timestamp(), now.timestamp())
    return {
        "criterion": criterion.id,
        "title": criterion.title,
        "gate": criterion.gate,
        "level": criterion.level,
        "informed": shown.informed,
        "unit": criterion.unit,
        "comparator": criterion.comparator,
        "threshold": criterion.threshold,
        "reduce": shown.demand.reduce,
        "step_seconds": samples.step,
        "checkpoints": [
            _checkpoint(name, window, criterion, deployed_at, zone) for name, window in shown.checkpoints.items()
        ],
        "strip": [
            RunAnswer(
                since=_moment(run.start, zone), until=_moment(run.end, zone), state=run.state, samples=run.samples
            )
            for run in runs
        ],
        "simulated": samples.is_simulated,
    }


def checkpoint_name(hours: float, *, is_last: bool) -> str:
    """How a checkpoint is called: "T+24 h" from the deployment on, "last 72 h" up to now."""
    return f"last {span_of(hours)}" if is_last else f"T+{span_of(hours)}"


def _checkpoint(
    name: str, window: CriterionWindow, criterion: Criterion, deployed_at: datetime, zone: tzinfo | None
) -> CheckpointAnswer:
    result = window.result
    reason = window_reason(criterion, window, pd.Timestamp(deployed_at))
    return {
        "name": name,
        "hours": result.length / HOUR,
        "state": "unknown" if window.unit_mismatch else result.state,
        "value": finite(result.value),
        "elapsed_hours": result.elapsed / HOUR,
        "samples": result.samples,
        "expected": result.expected,
        "gaps": [_gap(gap, zone) for gap in result.gaps],
        "because": sentence(criterion_text(reason)),
        "reason": reason_value(reason),
    }


def _gap(gap: Gap, zone: tzinfo | None) -> GapAnswer:
    return {"since": _moment(gap.start, zone), "until": _moment(gap.end, zone)}


def _moment(seconds: float, zone: tzinfo | None) -> str:
    return in_zone(datetime.fromtimestamp(seconds, UTC), zone)


def names_with_rules(names: Names, rules: Iterable[RuleOutcome]) -> Names:
    """The names of a plan, and the texts of the rules of a decision as "rule <id>"."""
    texts = {f"rule {rule.id}": rule_text(rule.id, rule.text, rule.limit) for rule in rules}
    return replace(names, criteria={**names.criteria, **texts})


def verdict_answer(
    kind: GateKind,
    plan: Plan,
    readiness: Readiness,
    decision: GoDecision,
    not_due: Sequence[str],
    *,
    gate: str | None = None,
) -> KindVerdictAnswer:
    """The verdict of one kind of gates with its rules and its gates, or of one `gate` of them."""
    names = names_of(plan)
    shown = [score for score in readiness.gates if gate in (None, score.gate.id)]
    blocking = decision.blocking
    because = rule_reasons_text(blocking[0].because, names) if blocking else "every rule holds"
    return {
        "kind": kind,
        "verdict": decision.verdict,
        "because": sentence(because),
        "rules": [rule_answer(rule, names) for rule in decision.rules],
        "gates": [gate_answer(score, {}, informed_of(plan)) for score in shown],
        "not_due": list(not_due),
        "exit_code": exit_code(decision, [score for score in shown if score.gate.id not in not_due]),
    }


def exit_code(decision: GoDecision, gates: Sequence[GateScore]) -> ExitCode:
    """0 GO, 1 a condition, or something fails, 3 only evidence is missing."""
    if decision.verdict == "GO":
        return 0
    if decision.verdict == "CONDITIONAL GO" or any(rule.holds is False for rule in decision.rules):
        return 1
    return 1 if any(_fails(score) for gate in gates for score in gate.criteria) else 3


def _fails(score: CriterionScore) -> bool:
    """A figure, or a person, says that it does not hold; what is not applicable fails nothing."""
    return score.holds is False and score.state != "not_applicable"
