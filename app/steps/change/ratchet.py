"""No worse than the base: the ratchet of `tminus check --baseline`, as an answer with an exit code."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal

from app.answers.change import compared_answer, markers_of
from app.answers.types.change import ComparedAnswer, RatchetAnswer
from app.steps.change.places import criterion_lines
from app.steps.change.state import COUNTED, Change, read_change
from app.workspace import UsageError, Workspace

ExitCode = Literal[0, 1, 3]
_GOOD: Final = 0
_WORSE: Final = 1
_UNKNOWN: Final = 3


def ratchet(
    workspace: Workspace, baseline: str, at: datetime, *, commit: str | None = None, accepted: Sequence[str] = ()
) -> RatchetAnswer:
    """Compare the figures of `commit` (default: HEAD) with those of the commit where it left `baseline`.

    Exit code 1 when a figure is worse by more than its tolerance; 3 when none is worse, but a figure that one side has
    cannot be compared (unless `accepted` names its criterion), or nothing at all could be compared; else 0.
    """
    change = read_change(workspace, baseline, commit, at)
    answer = ratchet_of(workspace, change, baseline, accepted)
    _refuse_unknown(accepted, answer["criteria"])
    return answer


def ratchet_of(workspace: Workspace, change: Change, baseline: str, accepted: Sequence[str] = ()) -> RatchetAnswer:
    """The ratchet of a change that was read."""
    from models.movement.ratchet import compare

    lines = criterion_lines(workspace.path)
    found = compare(change.base.side(), change.head.side(), COUNTED)
    criteria = [compared_answer(one, lines.get(one.criterion.id), one.criterion.id in accepted) for one in found]
    return {
        "baseline": baseline,
        "base": change.base.commit,
        "head": change.head.commit,
        "base_is_named_commit": change.base.commit == change.named,
        "criteria": criteria,
        "opened": markers_of(item for item in change.opened if item.path_class == "code"),
        "closed": markers_of(item for item in change.closed if item.path_class == "code"),
        "notes": list(change.notes),
        "exit_code": _exit_code(criteria),
    }


def _exit_code(criteria: Sequence[ComparedAnswer]) -> ExitCode:
    outcomes = [one["outcome"] for one in criteria if not one["accepted"]]
    if "worse" in outcomes:
        return _WORSE
    compared = any(one["change"] is not None for one in criteria)
    return _GOOD if compared and "not_comparable" not in outcomes else _UNKNOWN


def _refuse_unknown(accepted: Sequence[str], criteria: Sequence[ComparedAnswer]) -> None:
    known = [one["id"] for one in criteria]
    for name in accepted:
        if name not in known:
            raise UsageError(f"--accept {name}: no compared criterion has this id; compared are {', '.join(known)}")
