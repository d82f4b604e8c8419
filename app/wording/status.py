"""Sentences about states and readiness."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from app.answers.types.status import (
    CheckAnswer,
    ConditionAnswer,
    CriterionAnswer,
    EvidenceAnswer,
    RuleAnswer,
    StatusAnswer,
)
from app.wording.numbers import earned, number, points, quantity, wanted
from app.wording.text import age, count, listing, shorten, when

if TYPE_CHECKING:
    from app.answers.types.movement import LostEvidenceAnswer, MovedAnswer, PlanEditAnswer, ReadinessMove

STATE_WORDS = {
    "passing": "passing",
    "failing": "failing",
    "missing": "not measured",
    "stale": "stale",
    "claimed": "claimed only",
    "attested": "attested",
    "not_applicable": "not applicable",
    "waived": "waived",
}


_CONDITION_WORDS = {"waiver": "waived", "attestation": "attested", "tolerance": "within the stated tolerance"}
UNKNOWN_STATES = ("missing", "stale", "claimed")


# A sign beside every colour: no meaning is carried by colour alone.
STATE_SIGNS = {
    "passing": "✓",
    "failing": "✗",
    "missing": "?",
    "stale": "⧗",
    "claimed": "◇",
    "attested": "@",
    "not_applicable": "–",
    "waived": "◐",
    "unknown": "?",
}


def lag(evidence: EvidenceAnswer) -> str:
    """How far the evidence is from the candidate commit; empty where it is of that commit, or of none."""
    behind = evidence["commits_behind"]
    if not behind:
        return ""
    return f"{count(behind, 'commit')} behind" if behind > 0 else f"{count(-behind, 'commit')} after the candidate"


def of_other_commits(answer: CheckAnswer) -> str:
    """Which figures of the verdict were measured on another commit than the candidate; empty where none was."""
    if not answer["candidate"]:
        return ""
    criteria = [criterion for gate in answer["gates"] for criterion in gate["criteria"]]
    named = [f"{c['title']} ({words})" for c in criteria if (words := _lag_or_unknown(c["evidence"]))]
    return f"Measured on other commits: {listing(named, 6)}." if named else ""


def also_against(status: StatusAnswer, *, blockers_open: bool) -> str:
    """The rules against GO that neither readiness nor an open blocker says already; empty where there is none."""
    named = []
    for rule in status["decision"]["rules"]:
        is_named = rule["id"] in ("readiness", "blockers") or (blockers_open and rule["holds"] is False)
        if rule["holds"] is not True and not is_named:
            named.append(f"the rule “{rule['text'] or rule['id']}” ({shorten(rule['because'], 110)})")
    return f"Also against GO: {listing(named, 4)}." if named else ""


# Rules of every plan that name figures which say nothing of the candidate.
_NOT_FOR_GO = {
    "off_branch": "its commit is not on the branch",
    "overtaken": "an older commit, measured after a newer one",
    "misdated": "a clock was wrong, another figure may be newer",
}


def not_for_go(rules: Iterable[RuleAnswer]) -> dict[str, str]:
    """By criterion why its figure does not count for GO: "not for GO: its commit is not on the branch"."""
    found: dict[str, str] = {}
    for rule in rules:
        if rule["holds"] is None and rule["id"] in _NOT_FOR_GO:
            named = [name for reason in rule["reasons"] for name in cast("list[str]", reason.get("criteria", []))]
            found |= dict.fromkeys(named, f"not for GO: {_NOT_FOR_GO[rule['id']]}")
    return found


def _lag_or_unknown(evidence: EvidenceAnswer) -> str:
    of_commit = (
        evidence["kind"] == "measured" and evidence["commit"] and evidence["source"] not in ("prometheus", "probes")
    )
    if of_commit and evidence["commits_behind"] is None:
        return f"{evidence['commit'][:9]} is not on the branch"
    return lag(evidence)


# What these count holds until a commit changes it, as `CARRIED_SOURCES` of the models: it does not grow old.
_COUNTED_FROM_GIT = ("git", "tree")


def is_counted_from_git(evidence: EvidenceAnswer) -> bool:
    """Whether the figure is as fresh as the last pull, however old the commit that changed it last."""
    return evidence["kind"] == "measured" and evidence["source"] in _COUNTED_FROM_GIT


def how_old(evidence: EvidenceAnswer) -> str:
    """How old a figure is; of one that is counted from git the day of its commit, since no age matters there."""
    return when(evidence["observed_at"]) if is_counted_from_git(evidence) else age(evidence["age_days"])


def with_lag(where: str, evidence: EvidenceAnswer) -> str:
    """The place of a figure, and how far its commit is behind."""
    words = lag(evidence)
    return f"{where}, {words}" if words else where


def arithmetic(criterion: CriterionAnswer) -> str:
    """How a criterion's points come about, in one line that can be checked by hand."""
    needs = wanted(criterion)
    points, possible = earned(criterion["points"], criterion["points_possible"], 2)
    scored = f"{points} of {possible} points"
    state = criterion["state"]
    if criterion["value"] is None or state in ("missing", "stale", "claimed"):
        asked = "" if needs == "–" else f", needs {needs}"
        known = "attested" if criterion["attested"] else STATE_WORDS[state]
        return f"{known}{asked}: {scored}"
    value = quantity(criterion["value"], criterion["unit"], criterion["threshold"])
    if state == "passing":
        return f"{value}, meets {needs}: {scored}"
    if criterion["baseline"] is None:
        return f"{value}, needs {needs}: {scored}"
    return f"{value}, needs {needs}: {_progress(criterion)}: {scored}"


def _progress(criterion: CriterionAnswer) -> str:
    """The division behind the attainment, or in words why there is none to make."""
    value, baseline, threshold = (criterion[key] for key in ("value", "baseline", "threshold"))
    if is_all_or_nothing(criterion):
        return f"the baseline {number(baseline, 3)} is not short of the threshold, so it earns all or nothing"
    if value == baseline:
        return f"no progress since the baseline {number(baseline, 3)}"
    parts = (number(figure, 3) for figure in (value, baseline, threshold, baseline))
    done = "({} − {}) / ({} − {})".format(*parts)
    return f"{done} = {number(criterion['attainment'], 3)} of the way"


def is_all_or_nothing(criterion: CriterionAnswer) -> bool:
    """Whether a criterion's baseline is at its threshold or beyond it: there is no way to go a part of."""
    baseline, threshold = criterion["baseline"], criterion["threshold"]
    if criterion["comparator"] == "==":
        return baseline == threshold
    if baseline is None:
        return False
    return baseline >= threshold if criterion["comparator"] in (">", ">=") else baseline <= threshold


def cap_words(readiness: ReadinessMove) -> str:
    """Why the parts of a movement add up to more than the change: open blockers hold readiness below the target."""
    blockers = listing(list(readiness["capped_by"]))
    cap = readiness["cap"] or 0.0
    parts = points((readiness["change"] or 0.0) - cap)
    return f"The parts below sum to {parts} points; the cap of open blockers ({blockers}) adds {points(cap)}."


def lost_text(lost: LostEvidenceAnswer) -> str:
    """Lost evidence, with the title of its criterion."""
    return f"{lost['title']}: {lost['because']}"


def edit_text(edit: PlanEditAnswer) -> str:
    """An edit of the plan, with the title and the kind of what it concerns."""
    what = "its share changed by the other edits" if edit["what"] == "criterion reweighted" else edit["what"]
    return f"{edit['title']} ({what}): {edit['because']}"


def change_lines(moved: MovedAnswer) -> list[tuple[str, float]]:
    """Lost evidence and edits of the plan: what happened, and its points."""
    lost = [(lost_text(part), part["points"]) for part in moved["lost_evidence"]]
    return [*lost, *((edit_text(part), part["points"]) for part in moved["plan_edits"])]


def is_first(moved: MovedAnswer) -> bool:
    """Whether a window begins before the first value: what it shows was first measured, it did not move."""
    return bool(moved["criteria"]) and all(criterion["before"] is None for criterion in moved["criteria"])


def nothing_known(status: StatusAnswer) -> bool:
    """Whether nothing at all had been measured, so that a change since then has no meaning."""
    return not status["readiness"]["known_weight"]


def condition_words(condition: ConditionAnswer) -> str:
    """A criterion that holds by a condition: "Line coverage: waived by Lee until 31 Dec 2099 (reason)"."""
    owner = f" by {condition['owner']}" if condition["owner"] else ""
    expires = f" until {when(condition['expires'])}" if condition["expires"] else ""
    reason = f" ({condition['reason']})" if condition["reason"] else ""
    return f"{condition['title']}: {_CONDITION_WORDS[condition['kind']]}{owner}{expires}{reason}"
