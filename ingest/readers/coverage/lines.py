"""Coverage of files, line by line or as totals, and the figures that follow: all of it, and each directory apart."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ingest.readers.contract import Figure, figure, share
from ingest.readers.test_results.agreement import Hits, worse_hits
from ingest.readers.text.report_paths import component

LINE, BRANCH = "coverage_line_percent", "coverage_branch_percent"
METRICS = (LINE, BRANCH)
NO_LINES = "no executable lines in the report"
NO_BRANCHES = "no branches in the report"


@dataclass(slots=True)
class FileLines:
    """Hits by line (or statement) and by branch; the keys only have to be the same in every shard.

    `surplus` lines of those that ran are not statements: coverage.py up to 7.2 lists docstrings, without saying which.
    """

    lines: dict[Hashable, int] = field(default_factory=dict)
    branches: dict[Hashable, int] = field(default_factory=dict)
    surplus: int = 0

    def add(self, other: FileLines) -> None:
        """Take in what another shard saw of the same file."""
        _sum_into(self.lines, other.lines)
        _sum_into(self.branches, other.branches)
        self.surplus = max(self.surplus, other.surplus)


class Totals(NamedTuple):
    """Covered and all lines and branches of one path."""

    path: str
    lines_hit: float = 0
    lines: float = 0
    branches_hit: float = 0
    branches: float = 0


Report = dict[str, FileLines]


def merged(reports: Iterable[Report]) -> Report:
    """Shards of one commit as one report: a line counts once, and is covered when any shard ran it."""
    whole: Report = {}
    for report in reports:
        for path, lines in report.items():
            whole.setdefault(path, FileLines()).add(lines)
    return whole


def totals_of(report: Mapping[str, FileLines]) -> list[Totals]:
    """Totals of each file."""
    return [_totals(path, file) for path, file in report.items()]


def _totals(path: str, file: FileLines) -> Totals:
    hit = _hit(file.lines)
    surplus = min(file.surplus, hit)
    return Totals(path, hit - surplus, len(file.lines) - surplus, _hit(file.branches), len(file.branches))


def summed(totals: Iterable[Totals], path: str = "") -> Totals:
    """One total of many."""
    columns = list(zip(*(entry[1:] for entry in totals), strict=True)) or [(0,)] * 4
    return Totals(path, *(sum(column) for column in columns))


def figures_of(files: Iterable[Totals], overall: Totals | None = None) -> tuple[Figure, ...]:
    """Line and branch coverage of everything and of each directory. `overall` is what the report itself states."""
    listed = list(files)
    figures = _pair(overall or summed(listed), "")
    folders: dict[str, list[Totals]] = {}
    for entry in listed:
        folders.setdefault(component(entry.path), []).append(entry)
    for folder in sorted(folders.keys() - {""}):
        figures += [part for part in _pair(summed(folders[folder]), folder) if part.value is not None]
    return tuple(figures)


def agreed(overall: Totals | None, listed: Totals, *, branches: bool = True) -> tuple[Totals, tuple[str, ...]]:
    """The worse of what a report states of the whole and of what it lists, for lines and branches apart; warnings.

    `branches` False: the two count branches differently, and what is stated is taken where there is any.
    """
    if overall is None:
        return listed, ()
    lines, line_warning = worse_hits(Hits(*overall[1:3]), Hits(*listed[1:3]), "lines")
    if branches or not overall.branches:
        arms, branch_warning = worse_hits(Hits(*overall[3:]), Hits(*listed[3:]), "branches")
    else:
        arms, branch_warning = Hits(*overall[3:]), ""
    return Totals(overall.path, *lines, *arms), tuple(words for words in (line_warning, branch_warning) if words)


def stated(line: float | None, branch: float | None) -> tuple[Figure, ...]:
    """Figures of a report that gives percentages only."""
    return figure(LINE, line, reason=NO_LINES), figure(BRANCH, branch, reason=NO_BRANCHES)


def provider(name: str, otherwise: str) -> str:
    """Who counted. v8, c8 and istanbul count other lines and their reports do not say who wrote them: the name may."""
    words = re.split(r"[^a-z0-9]+", name.lower())
    return next((word for word in ("v8", "istanbul", "c8", "nyc", "jest") if word in words), otherwise)


def _pair(totals: Totals, scope: str) -> list[Figure]:
    lines = share(LINE, totals.lines_hit, totals.lines, scope, NO_LINES)
    return [lines, share(BRANCH, totals.branches_hit, totals.branches, scope, NO_BRANCHES)]


def _hit(hits: Mapping[Hashable, int]) -> int:
    return sum(1 for times in hits.values() if times > 0)


def _sum_into(mine: dict[Hashable, int], theirs: Mapping[Hashable, int]) -> None:
    for key, times in theirs.items():
        mine[key] = mine.get(key, 0) + times
