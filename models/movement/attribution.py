"""A criterion's change attributed to commits, each share with the grade of what is known about it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pandas as pd

from models.frames import records
from models.readiness.attainment import attainment
from models.readiness.readings import ObservedValue
from models.readiness.scores import CriterionScore
from models.reasons.movement import (
    EXACT,
    NOT_COMPARABLE,
    FirstMeasured,
    Grade,
    GradeKind,
    MoveReason,
    NoLongerMeasured,
    SourceChanged,
)
from models.units import convert


@dataclass(frozen=True, slots=True)
class CommitShare:
    """A commit and its effect; `delta` (metric units) and `points` are None where the grade allows no number."""

    commit: str
    author: str  # of a merge: the authors of the commits it brought
    merged_by: str
    date: pd.Timestamp
    subject: str
    delta: float | None
    points: float | None
    grade: Grade


@dataclass(frozen=True, slots=True)
class Span:
    """The change between two consecutive values; the spans of a criterion sum to its whole change."""

    since: str  # commit of the earlier value, "" where it is not known
    until: str
    delta: float
    points: float
    grade: Grade
    commits: tuple[CommitShare, ...]


@dataclass(frozen=True, slots=True)
class CriterionMove:
    """How one criterion moved, in its unit and in points.

    Where `grade` is NOT_COMPARABLE the points have changed all the same, but the two values have no difference, and
    `because` says why; else it is the reason of the criterion's state.
    """

    id: str
    before: float | None
    after: float | None
    points: float
    grade: Grade
    because: MoveReason
    spans: tuple[Span, ...] = ()

    @property
    def commits(self) -> tuple[CommitShare, ...]:
        return tuple(share for span in self.spans for share in span.commits)


class CommitLine:
    """The first-parent commits in their order. Order is by position: dates of commits may run backwards."""

    def __init__(self, commits: pd.DataFrame) -> None:
        ordered = commits.sort_values("position")
        self._shas = ordered["commit"].tolist()
        self._times = ordered["committed_at"].tolist()
        self._authors = ordered["author"].tolist()
        self._merged_by = ordered["merged_by"].tolist()
        self._subjects = ordered["subject"].tolist()
        self._places = {sha: place for place, sha in enumerate(self._shas)}

    def place(self, commit: str) -> int | None:
        """The index of the commit in the line; None for one that is not on it."""
        return self._places.get(commit)

    def sha(self, place: int) -> str:
        return str(self._shas[place])

    def before(self, moment: pd.Timestamp) -> int | None:
        """The commit with the newest date up to `moment`."""
        dated = [(time, place) for place, time in enumerate(self._times) if time <= moment]
        return max(dated)[1] if dated else None

    def share(self, place: int, grade: Grade, delta: float | None = None, points: float | None = None) -> CommitShare:
        return CommitShare(
            commit=self._shas[place],
            author=self._authors[place],
            merged_by=self._merged_by[place],
            date=self._times[place],
            subject=self._subjects[place],
            delta=delta,
            points=points,
            grade=grade,
        )


@dataclass(frozen=True, slots=True)
class _Point:
    """One value between the two ends, and the attainment it earned."""

    value: float
    earned: float
    commit: str
    at: pd.Timestamp
    is_after_gap: bool = False  # an unknown value lies between this one and the last


def attribute(
    was: CriterionScore,
    score: CriterionScore,
    then: ObservedValue | None,
    now: ObservedValue | None,
    rows: pd.DataFrame,
    line: CommitLine,
) -> CriterionMove:
    """The move of one criterion from `was` to `score`; `rows` is all that was ever measured of it, oldest first."""
    points = score.points - was.points
    identity, before, after = score.criterion.id, was.value, score.value
    apart = _why_not_comparable(was, score, then, now)
    if then is None or now is None or apart is not None:
        return CriterionMove(identity, before, after, points, NOT_COMPARABLE, apart or NoLongerMeasured())
    path = _path(was, score, then, now, rows, line)
    is_counted = _is_counted(then, now, line)
    spans = [_span(pair, score, is_counted, line) for pair in pairwise(path)]
    moved = tuple(span for span in spans if span.delta or span.points)
    return CriterionMove(identity, before, after, points, _grade(moved, line), score.because, moved)


def _why_not_comparable(
    was: CriterionScore, score: CriterionScore, then: ObservedValue | None, now: ObservedValue | None
) -> MoveReason | None:
    """Why the two values have no difference; None where they have one."""
    if score.is_attested or was.is_attested:
        return (score if score.is_attested else was).because
    if was.value is None or score.value is None or then is None or now is None:
        return FirstMeasured() if was.value is None else NoLongerMeasured()
    if then.definition != now.definition:
        return SourceChanged("definition", then.definition, now.definition)
    if then.tool != now.tool:
        return SourceChanged("tool", then.tool, now.tool)
    if then.kind != now.kind:
        return SourceChanged("kind", then.kind, now.kind)
    if convert(then.value, then.unit, now.unit) is None or bool(then.unit) != bool(now.unit):
        return SourceChanged("unit", then.unit, now.unit)
    return None


def _path(
    was: CriterionScore,
    score: CriterionScore,
    then: ObservedValue,
    now: ObservedValue,
    rows: pd.DataFrame,
    line: CommitLine,
) -> list[_Point]:
    """From the value at `since` to that at `until`, with every comparable one between them."""
    first = _Point(was.value or 0.0, was.attainment, then.commit, then.observed_at)
    last = _Point(score.value or 0.0, score.attainment, now.commit, now.observed_at)
    between: list[_Point] = []
    gap = False
    for row in _between(then, now, rows, line):
        value = convert(row["value"], row["unit"], score.criterion.unit)
        if value is None or math.isnan(value):
            gap = True
            continue
        earned = attainment(score.criterion, value, score.baseline)
        between.append(_Point(value, earned, row["commit"], row["observed_at"], gap))
        gap = False
    if between and (between[-1].commit, between[-1].at) == (last.commit, last.at):
        gap = between.pop().is_after_gap
    closing = _Point(last.value, last.earned, last.commit, last.at, gap)
    return [first, *between, closing]


def _between(then: ObservedValue, now: ObservedValue, rows: pd.DataFrame, line: CommitLine) -> list[dict[Any, Any]]:
    """Rows after `then` up to `now` of the same rule, tool and kind; the newest recording of each counts."""
    alike = rows[(rows["kind"] == now.kind) & (rows["definition"] == now.definition)]
    if "tool" in alike.columns:
        alike = alike[alike["tool"].fillna("") == now.tool]
    if _is_counted(then, now, line):
        first, last = line.place(then.commit), line.place(now.commit)
        assert first is not None and last is not None  # _is_counted: both are on the line
        places = alike["commit"].map(line.place).astype("float64")
        inside = alike.assign(_place=places)
        inside = inside[(places > first) & (places <= last)]
        return records(inside.drop_duplicates("_place", keep="last").sort_values("_place"))
    inside = alike[(alike["observed_at"] > then.observed_at) & (alike["observed_at"] <= now.observed_at)]
    return records(inside.drop_duplicates("observed_at", keep="last"))


def _is_counted(then: ObservedValue, now: ObservedValue, line: CommitLine) -> bool:
    """Both values were counted from the tree, at commits of the line and in its order: each step has one commit."""
    first, last = line.place(then.commit), line.place(now.commit)
    if first is None or last is None or first > last:
        return False
    return then.is_carried and now.is_carried


def _span(pair: tuple[_Point, _Point], score: CriterionScore, is_counted: bool, line: CommitLine) -> Span:
    earlier, later = pair
    delta = later.value - earlier.value
    points = (later.earned - earlier.earned) * score.points_possible
    grade, shares = _suspects(earlier, later, is_counted, line, (delta, points))
    return Span(earlier.commit, later.commit, delta, points, grade, shares)


def _suspects(
    earlier: _Point, later: _Point, is_counted: bool, line: CommitLine, moved: tuple[float, float]
) -> tuple[Grade, tuple[CommitShare, ...]]:
    """Which commits can have caused the change, and how sure that is.

    A value counted from the tree changes in the commit that carries it, since git rows are written whenever the value
    changes; a value of a build can have changed in any commit since the last build.
    """
    first, last = line.place(earlier.commit), line.place(later.commit)
    if first is None or last is None or first >= last:
        return _near(later, line)
    if last - first == 1 or (is_counted and not later.is_after_gap):
        return EXACT, (line.share(last, EXACT, *moved),)
    grade = _within(first, last, line)
    return grade, tuple(line.share(place, grade) for place in range(first + 1, last + 1))


def _near(later: _Point, line: CommitLine) -> tuple[Grade, tuple[CommitShare, ...]]:
    place = line.place(later.commit)
    place = line.before(later.at) if place is None else place
    if place is None:
        return Grade(GradeKind.NEAR, day=later.at.date()), ()
    grade = Grade(GradeKind.NEAR, last=line.sha(place))
    return grade, (line.share(place, grade),)


def _within(first: int, last: int, line: CommitLine) -> Grade:
    return Grade(GradeKind.WITHIN, line.sha(first), line.sha(last), last - first)


def _grade(spans: Sequence[Span], line: CommitLine) -> Grade:
    """The grade of the whole: exact only where every span is, else the commits that hold them all, else the nearest."""
    if not spans:
        return NOT_COMPARABLE
    if all(span.grade == EXACT for span in spans):
        return EXACT
    near = [span for span in spans if span.grade.kind is GradeKind.NEAR]
    if near:
        return max(near, key=lambda span: (abs(span.points), abs(span.delta))).grade
    first, last = line.place(spans[0].since), line.place(spans[-1].until)
    assert first is not None
    assert last is not None
    return _within(first, last, line)
