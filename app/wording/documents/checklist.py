"""What evidence says of each part of a checklist, in the words that are written into the document."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING, NamedTuple

from app.wording.numbers import demand, number, quantity
from app.wording.rollout.process import clock
from app.wording.text import count, listing

if TYPE_CHECKING:
    from app.answers.types.forecast import CrossingAnswer
    from app.answers.types.process import MessageEntry
    from app.answers.types.status import CriterionAnswer, GateAnswer, RuleAnswer, StatusAnswer

_GATE_WORDS = {
    "passing": "PASSING",
    "conditional": "CONDITIONAL",
    "failing": "FAILING",
    "unknown": "UNKNOWN",
    "not_applicable": "NOT APPLICABLE",
}


class LineWords(NamedTuple):
    """What a line of the document shows: see `ingest.living_document.facts.CriterionFacts`."""

    ticked: bool
    holds: bool | None
    value: str
    status: str
    remark: str


def criterion_words(criterion: CriterionAnswer) -> LineWords:
    """One criterion. A box is ticked by a figure that holds, or on the word of a named person, which it names."""
    holds = holds_of(criterion)
    is_vouched = criterion["attested"] and holds is True
    value = (
        "" if criterion["value"] is None else quantity(criterion["value"], criterion["unit"], criterion["threshold"])
    )
    words = _state_words(criterion, value)
    is_parent = criterion["reason"].get("kind") == "children_decide"
    is_simulated = criterion["evidence"]["kind"] == "simulated"
    words += " (simulated)" if is_simulated else ""
    ticked = holds is True and not is_simulated and (criterion["state"] == "passing" or is_vouched)
    return LineWords(ticked, holds, value or "unknown", words, "" if is_parent or words == "not measured" else words)


def holds_of(criterion: CriterionAnswer) -> bool | None:
    """Whether it holds; None: the evidence shows neither."""
    if criterion["state"] == "passing" or (criterion["attested"] and criterion["attainment"] >= 1):
        return True
    return False if criterion["state"] == "failing" else None


def _state_words(criterion: CriterionAnswer, value: str) -> str:
    """Words that stay the same until the evidence changes: no ages, no dates of today."""
    state = criterion["state"]
    if criterion["reason"].get("kind") == "children_decide":
        return criterion["because"]
    wanted = demand(criterion["comparator"], criterion["threshold"], criterion["unit"])
    if state in ("passing", "failing"):
        return f"{value}, {'meets' if state == 'passing' else 'needs'} {wanted}"
    if state == "stale":
        return f"out of date: {value}, needs {wanted}"
    if state in ("waived", "not_applicable") or criterion["attested"]:
        return criterion["because"]
    ticked = criterion["claim"].startswith(("[x]", "[X]"))
    return "ticked by hand, shown by nothing" if state == "claimed" and ticked else "not measured"


def message_words(message: MessageEntry, simulated: Container[tuple[str, str | None]]) -> tuple[bool, str]:
    """Whether every moment of a message has a receipt of a person, and how many have, with the newest one.

    `simulated` are id and moment of receipts of a sample. Nothing that only the clock changes is written.
    """
    sent = [moment for moment in message["moments"] if moment["sent_at"]]
    if not sent or sent[-1]["sent_at"] is None:
        return False, ""
    is_simulated = any((message["id"], moment["sent_at"]) in simulated for moment in sent)
    newest = f"{clock(sent[-1]['sent_at'])} by {sent[-1]['sent_by']}{' (simulated)' if is_simulated else ''}"
    every = len(message["moments"])
    words = f"sent {newest}" if every == 1 else f"{len(sent)} of {every} sent, the last {newest}"
    return len(sent) == every and not is_simulated, words


def gate_words(gate: GateAnswer) -> tuple[str, str, bool | None]:
    """Its state as a word, its completion, and whether it holds."""
    completion = "unknown" if gate["completion"] is None else f"{number(gate['completion'], 0)}%"
    holds = {"passing": True, "conditional": True, "failing": False}.get(gate["status"])
    return _GATE_WORDS[gate["status"]], completion, holds


def rule_words(rule: RuleAnswer) -> LineWords:
    """Whether a rule is met; a NO-GO rule that fires is named so."""
    good, bad = ("met", "not met") if rule["kind"] == "go" else ("does not block", "blocks")
    words = good if rule["holds"] else "not known" if rule["holds"] is None else bad
    return LineWords(rule["holds"] is True, rule["holds"], "", words, words)


def readiness_words(status: StatusAnswer) -> str:
    """The readiness in percent."""
    value = status["readiness"]["value"]
    return "unknown" if value is None else f"{number(value, 0)}%"


_NO_DATE = {"not_at_this_rate": "not at this rate", "not_enough_evidence": "not enough evidence"}


def estimate_words(go: CrossingAnswer) -> str:
    """When GO is likely, with the odds; or that there is no date."""
    dates = [(odds, go["quantiles"].get(key)) for key, odds in (("p50", "50%"), ("p80", "80%"))]
    named = [f"{day} with {odds} odds" for odds, day in dates if day]
    if go["outcome"] == "holds":
        return "GO holds now"
    return ", ".join(named) if named else f"no date: {_NO_DATE.get(go['outcome'], 'beyond the horizon')}"


def verdict_words(status: StatusAnswer) -> str:
    """The verdict, and what blocks it."""
    verdict = status["decision"]["verdict"]
    return {"GO": "✅ GO", "NO-GO": "❌ NO-GO"}.get(verdict, f"⚠️ {verdict}")


def summary_lines(
    status: StatusAnswer, later: list[GateAnswer], estimate: str, review: str, more: list[CriterionAnswer]
) -> list[str]:
    """The last part of the document: what evidence says of the whole, and what the document does not name."""
    lines = [
        "",
        "## From the evidence",
        "",
        f"- Readiness: {readiness_words(status)}, target {number(status['readiness']['target'], 0)}%",
        f"- Verdict: {status['decision']['verdict']}",
        f"- Estimated time to ready: {estimate}",
        *([f"- Next review: {review}"] if review else []),
        *_blocker_lines(status),
        *(f"- Gate {gate['title']}: {', '.join(gate_words(gate)[:2])}" for gate in [*status["gates"], *later]),
    ]
    lines += ["", "Criteria of the plan that the text above does not show:", ""] if more else []
    return [*lines, *map(_box_line, more), ""]


def _blocker_lines(status: StatusAnswer) -> list[str]:
    every = [criterion for gate in status["gates"] for criterion in gate["criteria"]]
    blockers = [criterion for criterion in every if criterion["blocker"] and holds_of(criterion) is not True]
    lines = [f"  - **{criterion['title']}**: {criterion_words(criterion).status}" for criterion in blockers]
    return [f"- {count(len(blockers), 'open blocker')}{':' if lines else ''}", *lines]


def _box_line(criterion: CriterionAnswer) -> str:
    found = criterion_words(criterion)
    return f"- [{'x' if found.ticked else ' '}] {criterion['title']}: {found.status}"


def unaccepted_words(titles: list[str]) -> str:
    """Changes of the document that are not in the plan."""
    return f"{count(len(titles), 'change')} of the document not accepted: {listing(titles)}"
