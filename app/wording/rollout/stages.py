"""Sentences about stages: what holds one, and where the rollout is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, assert_never

from app.wording.names import Names
from app.wording.reasons import criterion_text
from app.wording.text import listing, sentence
from app.wording.windows.sentences import span_of
from models.reasons.rollout import (
    IncidentOpen,
    NeedOpen,
    OtherCommit,
    RunningFails,
    RunningUnknown,
    Soaks,
    StageBefore,
    StageReason,
    VerdictForbids,
)

if TYPE_CHECKING:
    from app.answers.types.rollout import DeploymentAnswer, SoakAnswer, StageAnswer

_RESTARTS = {
    "redeployment": "; a redeployment restarted its clock",
    "rollback": "; a rollback restarted its clock",
    "incident": "; a critical incident stops its clock",
    "failing_sample": "; a failing sample restarted its clock",
}


def stage_text(reason: StageReason, names: Names) -> str:
    """What holds a stage, as a clause."""
    match reason:
        case VerdictForbids(commit, rules):
            shown = listing([names.criterion(f"rule {rule}") for rule in rules], 4)
            return f"the verdict for {short(commit)} is NO-GO; rules that prevent GO: {shown}"
        case StageBefore(stage):
            return f"{names.stage(stage)} comes first"
        case NeedOpen():
            return _need(reason, names)
        case RunningFails() | RunningUnknown():
            return _running(reason, names)
        case Soaks(stage, elapsed, needed, restarted_by):
            why = _RESTARTS.get(restarted_by, "")
            return f"{names.stage(stage)} has soaked for {span_of(elapsed)} of {span_of(needed)}{why}"
        case OtherCommit(stage, runs, asked):
            return f"{names.stage(stage)} runs {short(runs)}, not {short(asked)}: deploy {short(asked)} there first"
        case IncidentOpen(identity, text):
            return f"critical incident {identity} is open: {text}"
        case _:
            assert_never(reason)


def _need(reason: NeedOpen, names: Names) -> str:
    state = "does not hold" if reason.holds is False else "is not shown to hold"
    is_gate = reason.need in names.gates
    need = f"gate “{names.gate(reason.need)}”" if is_gate else names.any(reason.need)
    return f"{names.stage(reason.stage)} needs for its {reason.when} {need}, which {state}"


def _running(reason: RunningFails | RunningUnknown, names: Names) -> str:
    about, because = names.criterion(reason.criterion), criterion_text(reason.reason)
    if isinstance(reason, RunningUnknown):
        return f"{about} is unknown: {because}"
    return f"{about} fails{_escalation(reason.level, names)}: {because}"


def _escalation(level: int | None, names: Names) -> str:
    """ " (escalation level 4, to be informed: all hands)"; empty without a level."""
    if level is None:
        return ""
    who = names.informed.get(level, "")
    return f" (escalation level {level}{f', to be informed: {who}' if who else ''})"


def stage_texts(reasons: Iterable[StageReason], names: Names) -> list[str]:
    """Each reason as a sentence."""
    return [sentence(stage_text(reason, names)) for reason in reasons]


def deployment_name(event: DeploymentAnswer) -> str:
    """A deployment as a chart names it."""
    if event["kind"] == "rollback":
        return "rollback"
    return event["title"] or (f"deployment to {event['environment']}" if event["environment"] else "deployment")


def deployment_label(name: str) -> str:
    """The name of a stage as far as a chart has room: "Stage 2" of "Stage 2: Application Deployment"."""
    head = name.partition(":")[0].strip()
    return head if len(head) > 2 else name


def soak_text(soak: SoakAnswer | None) -> str:
    """The soak clock: "5 of 24 h", or why it does not run."""
    if soak is None:
        return ""
    needed, elapsed = soak["needed_seconds"] / 3600, soak["elapsed_seconds"] / 3600
    return f"{span_of(min(elapsed, needed))} of {span_of(needed)}"


def short(commit: str) -> str:
    """A commit as people write it."""
    return commit[:7] or "an unknown commit"


def rollout_sentence(
    stages: Sequence[StageAnswer], current: str | None, following: str | None, when: str, promotion: str = ""
) -> str:
    """Where the rollout is, what holds it, and what comes next.

    `when` is the day and time of the current stage, `promotion` the verdict of the promotion gates.
    """
    if not stages:
        return "The plan lists no stages: add [[stage]] tables to tminus.toml."
    by_id = {stage["id"]: stage for stage in stages}
    here, after = by_id.get(current or ""), by_id.get(following or "")
    where = _here(here, when) if here else _nowhere(stages)
    return f"{where} {_following(after, here, promotion)}"


def promotion_sentence(promotion: str) -> str:
    """What comes after the last stage."""
    if not promotion:
        return "It is the last stage; the plan has no promotion gate."
    held = "every promotion gate holds, so it may be promoted" if promotion != "NO-GO" else "promotion comes next"
    condition = ", with conditions" if promotion == "CONDITIONAL GO" else ""
    return f"It is the last stage; {held}{condition}."


def _following(after: StageAnswer | None, here: StageAnswer | None, promotion: str) -> str:
    if after is None:
        return promotion_sentence(promotion)
    if after["state"] == "open":
        return f"Next: {after['title']}, which may begin."
    known = here["holds_because"] if here else []
    own = next((line for line in after["holds_because"] if line not in known), "")
    return f"Next: {after['title']}, which may not begin yet. {own}".rstrip()


def _here(stage: StageAnswer, when: str) -> str:
    states = {
        "soaking": "is soaking",
        "soaked": "has soaked",
        "held": "is held",
        "stopped": "is stopped",
    }
    reasons = f": {stage['holds_because'][0]}" if stage["holds_because"] else "."
    return f"{stage['title']} runs {short(stage['commit'])} since {when} and {states[stage['state']]}{reasons}"


def _nowhere(stages: Sequence[StageAnswer]) -> str:
    if any(stage["state"] == "rolled_back" for stage in stages):
        return "The rollout was rolled back."
    return "Nothing is deployed yet."
