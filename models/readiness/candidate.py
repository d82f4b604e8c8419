"""The commit that a verdict is about, and how far behind it each figure was measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from models.readiness.readings import CARRIED_SOURCES
from models.readiness.scores import CriterionScore

# Figures of a running system belong to no commit of the repository.
RUNNING_SOURCES = frozenset({"prometheus", "probes"})
# So do those that a person records of what runs: the time of a drill, the score of users.
RUNNING_METRICS = frozenset({"rollback_seconds", "feedback_score"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """`commit` is the full hash, empty where no commit is known; `positions` counts first-parent commits from the root.

    `max_behind` is how many commits older than the candidate evidence may be; None: any number. `overtaken` are the
    metrics and scopes whose newest figure is of an older commit than one that was measured before it; those of
    `off_branch` have a newest figure of a commit that the candidate does not contain; of those of `misdated` nobody can
    say which figure is the newest, because a clock was wrong.
    """

    commit: str = ""
    positions: Mapping[str, int] = field(default_factory=dict)
    max_behind: int | None = None
    overtaken: frozenset[tuple[str, str]] = frozenset()
    off_branch: frozenset[tuple[str, str]] = frozenset()
    misdated: frozenset[tuple[str, str]] = frozenset()

    @property
    def position(self) -> int | None:
        return self.positions.get(self.commit)


def commits_behind(score: CriterionScore, candidate: Candidate) -> int | None:
    """How many first-parent commits the evidence is older than the candidate; negative: it is newer.

    None: no figure, a figure of a running system, or a commit that is not on the main branch. A figure that is read
    from every commit holds until the next one changes it, so it is 0 behind each later candidate on the main branch.
    """
    evidence = score.evidence
    if evidence is None or not candidate.commit:
        return None
    if evidence.commit == candidate.commit:
        return 0
    if candidate.position is None:
        return None
    position = candidate.positions.get(evidence.commit)
    if position is None:
        return None
    behind = candidate.position - position
    is_carried = evidence.source in CARRIED_SOURCES and evidence.kind == "measured"
    return min(behind, 0) if is_carried else behind


def is_overtaken(score: CriterionScore, candidate: Candidate) -> bool:
    """Whether an old commit was measured again after a newer one: what it shows does not hold for the newer one."""
    return _is_measured_in(score, candidate.overtaken)


def is_off_branch(score: CriterionScore, candidate: Candidate) -> bool:
    """Whether the figure was measured on a commit of another branch: it says nothing of the candidate."""
    return _is_measured_in(score, candidate.off_branch)


def is_misdated(score: CriterionScore, candidate: Candidate) -> bool:
    """Whether a clock was wrong, so that another figure may be the newest one."""
    return _is_measured_in(score, candidate.misdated)


def _is_measured_in(score: CriterionScore, keys: frozenset[tuple[str, str]]) -> bool:
    key = (score.criterion.metric, score.criterion.scope)
    return score.evidence is not None and score.evidence.kind == "measured" and key in keys


def is_of_candidate(score: CriterionScore, candidate: Candidate) -> bool:
    """Whether the evidence is recent enough for the candidate; without a limit always."""
    if candidate.max_behind is None or score.evidence is None:
        return True
    if score.evidence.source in RUNNING_SOURCES or score.criterion.metric in RUNNING_METRICS:
        return True
    behind = commits_behind(score, candidate)
    return behind is not None and 0 <= behind <= candidate.max_behind


def says_nothing_of(score: CriterionScore, candidate: Candidate) -> bool:
    """Whether the figure cannot vouch for the candidate, for whichever of these reasons."""
    doubts = (is_overtaken, is_off_branch, is_misdated)
    return any(is_doubtful(score, candidate) for is_doubtful in doubts) or not is_of_candidate(score, candidate)
