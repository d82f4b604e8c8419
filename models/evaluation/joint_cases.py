"""Moments of projects with several efforts at once: when will all of them hold together?

The rule: every 28 days from 8 weeks after the second effort began, take the efforts of the project that began at least
8 weeks before, have at least six observations by then and are still measured later. A moment counts with two such
efforts or more, of which at least one is short of its threshold. The event is the first day from which all of them
hold together for 28 days, or to the end of what is known. An effort that ends at its threshold is taken to hold on;
one that ends short of it ends what is known about the moment.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from models.series.cases import EVERY_DAYS, FIRST_ORIGIN_DAYS, MIN_FOLLOW_DAYS, Effort, look_from
from models.series.history import DAY, MIN_OBSERVATIONS, ProgressHistory, first_crossing


@dataclass(frozen=True, eq=False)
class JointCase:
    """One origin of a project: its parts as seen then, and when all held together (days after the origin)."""

    group: str
    efforts: tuple[str, ...]
    parts: tuple[ProgressHistory, ...]
    age: float  # days since the project's first effort began
    crossed: float  # infinite: not while watched
    watched: float

    @property
    def open_parts(self) -> int:
        """How many parts are short of their threshold."""
        return sum(part.holding_days < 0 for part in self.parts)


@dataclass(frozen=True, eq=False)
class _Course:
    """A whole effort on the common clock: days since the epoch."""

    effort: str
    whole: ProgressHistory
    shift: float

    @property
    def first(self) -> float:
        return float(self.whole.days[0]) + self.shift

    @property
    def last(self) -> float:
        return float(self.whole.days[-1]) + self.shift

    @property
    def known_until(self) -> float:
        """An effort that ends at its threshold is taken to hold on."""
        return math.inf if self.whole.now >= 1 else self.last

    def seen(self, day: float) -> ProgressHistory:
        return look_from(self.whole, day - self.shift)


def joint_cases(efforts: Iterable[Effort], *, every: int = EVERY_DAYS) -> list[JointCase]:
    """The moments of every project with several efforts at once, in the order of the projects' names."""
    groups: dict[str, list[_Course]] = defaultdict(list)
    for effort in efforts:
        whole = effort.whole()
        if whole.count:
            today = whole.origin.tz_localize(None).to_datetime64().astype("datetime64[D]")
            groups[effort.group].append(_Course(effort.id, whole, float((today - np.datetime64(0, "D")) / DAY)))
    return [case for group in sorted(groups) for case in _moments(group, groups[group], every)]


def _moments(group: str, courses: Sequence[_Course], every: int) -> Iterator[JointCase]:
    if len(courses) < 2:
        return
    began = min(course.first for course in courses)
    start = sorted(course.first for course in courses)[1] + FIRST_ORIGIN_DAYS
    for day in np.arange(start, max(course.last for course in courses), every):
        here = [course for course in courses if _under_way(course, float(day))]
        seen = [course.seen(float(day)) for course in here]
        known = [(course, part) for course, part in zip(here, seen, strict=True) if part.count >= MIN_OBSERVATIONS]
        until = min((course.known_until for course, _ in known), default=0.0)
        until = min(until, max((course.last for course, _ in known), default=0.0))
        if len(known) < 2 or all(part.holding_days >= 0 for _, part in known) or until - day < MIN_FOLLOW_DAYS:
            continue
        crossed = _together([course for course, _ in known], float(day), until)
        names, parts = tuple(course.effort for course, _ in known), tuple(part for _, part in known)
        yield JointCase(group, names, parts, float(day) - began, crossed, until - float(day))


def _under_way(course: _Course, day: float) -> bool:
    return course.first <= day - FIRST_ORIGIN_DAYS and course.last > day


def _together(courses: Sequence[_Course], day: float, until: float) -> float:
    """Days after `day` until all hold together for 28 days, or to the end of what is known; else infinite."""
    days = np.unique(np.concatenate([course.whole.days + course.shift for course in courses]))
    days = np.r_[day, days[(days > day) & (days <= until)]]
    least = np.min([course.whole.at(days - course.shift) for course in courses], axis=0)
    return first_crossing(days, least) - day
