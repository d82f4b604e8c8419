"""A check as a Markdown job summary. The file is appended to: GitHub collects the parts of all steps in one."""

from __future__ import annotations

from pathlib import Path

from app.answers.types.change import ComparedAnswer, RatchetAnswer
from app.answers.types.status import CheckAnswer, CriterionAnswer
from app.reports.markdown import plain, table
from app.wording.change.ratchet import (
    OUTCOME_SIGNS,
    before_after,
    outcome_text,
    proposal_text,
    ratchet_sentence,
    ratchet_title,
)
from app.wording.numbers import number, quantity, wanted
from app.wording.status import STATE_SIGNS, STATE_WORDS
from app.workspace import UsageError

_MOST_MARKERS = 50


def append_text(path: Path, text: str) -> None:
    """Append to a file, or begin it. UsageError: it cannot be written."""
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError as problem:
        raise UsageError(f"cannot write {path}: {problem.strerror}") from None


def summary_markdown(answer: CheckAnswer, project: str) -> str:
    """The whole summary: with a baseline the comparison, else the verdict with what does not hold."""
    if "ratchet" in answer:
        parts = [f"## {plain(project)}: {plain(ratchet_title(answer['ratchet']))}", *_ratchet(answer["ratchet"])]
        parts.append(f"Verdict of {_candidate(answer)}: {answer['verdict']}.")
    else:
        parts = [f"## {plain(project)}: {answer['verdict']}", *_verdict(answer)]
    return "\n\n".join(parts) + "\n\n"


def _candidate(answer: CheckAnswer) -> str:
    return f"commit {answer['candidate'][:10]}" if answer["candidate"] else "the stored evidence"


def _ratchet(ratchet: RatchetAnswer) -> list[str]:
    parts = [f"**{plain(ratchet_sentence(ratchet))}**", *(f"> {plain(note)}" for note in ratchet["notes"])]
    measured = [one for one in ratchet["criteria"] if one["outcome"] != "not_measured"]
    unknown = [plain(one["title"]) for one in ratchet["criteria"] if one["outcome"] == "not_measured"]
    if measured:
        parts.append(table(("", "criterion", "base → change", ""), [_compared(one) for one in measured]))
    if unknown:
        parts.append(f"Measured on neither side: {', '.join(unknown)}.")
    if ratchet["opened"]:
        parts.append("Markers that the change adds in code:\n\n" + _markers(ratchet))
    return parts + _proposals(measured)


def _proposals(measured: list[ComparedAnswer]) -> list[str]:
    lines = [f"- {plain(proposal_text(one))}" for one in measured if one["proposed_threshold"] is not None]
    return ["The plan could hold what was gained:\n\n" + "\n".join(lines)] if lines else []


def _compared(one: ComparedAnswer) -> tuple[str, ...]:
    return OUTCOME_SIGNS[one["outcome"]], plain(one["title"]), plain(before_after(one)), plain(outcome_text(one))


def _markers(ratchet: RatchetAnswer) -> str:
    shown = ratchet["opened"][:_MOST_MARKERS]
    lines = [f"- {plain(m['path'])}:{m['line']}: {m['label']} {plain(m['text'])}" for m in shown]
    rest = len(ratchet["opened"]) - len(shown)
    return "\n".join([*lines, *([f"- and {rest} more"] if rest else [])])


def _verdict(answer: CheckAnswer) -> list[str]:
    open_ones = [one for gate in answer["gates"] for one in gate["criteria"] if one["state"] not in _HOLD]
    about = f"gate {answer['gate']}" if answer["gate"] else "the whole plan"
    head = f"Verdict for {plain(about)}: **{answer['verdict']}**."
    if not open_ones:
        return [f"{head} Every criterion holds or does not apply."]
    rows = [_row(one) for one in sorted(open_ones, key=_first_the_largest)]
    return [f"{head} What does not hold:", table(("", "criterion", "is", "needs", "points missing"), rows)]


_HOLD = ("passing", "waived", "not_applicable")


def _first_the_largest(one: CriterionAnswer) -> tuple[bool, float]:
    return not one["blocker"], one["points"] - one["points_possible"]


def _row(one: CriterionAnswer) -> tuple[str, ...]:
    title = plain(one["title"]) + (" **blocker**" if one["blocker"] else "")
    is_known = one["value"] is not None
    value = plain(quantity(one["value"], one["unit"], one["threshold"])) if is_known else STATE_WORDS[one["state"]]
    missing = number(one["points_possible"] - one["points"])
    return STATE_SIGNS[one["state"]], title, value, plain(wanted(one)), missing
