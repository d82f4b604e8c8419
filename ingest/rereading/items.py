"""Findings and failing tests whose series has another name today: closed under the old one, opened under the new one.

A series was once named by the whole place of its report, the folder of the run included. No later report bears that
name, so what it opened could never close. The kept reports say what became of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from ingest.observation import Item
from ingest.readers.contract import ReadItem
from ingest.source import Harvest
from ingest.sources.report_files.combine import Combined, Origin, series_of, series_once
from ingest.sources.report_files.item_ledger import ItemLedger, series_key, stored_items
from ingest.warehouse.database import Warehouse

# What was read together, by run: places that differ only by the folder of the run keep it in their names.
Runs = dict[str, list[tuple[Combined, Origin]]]


class _Report(NamedTuple):
    """One whole report and the names of its series: of today, and of an earlier version."""

    series: str
    once: str
    at: datetime
    commit: str
    found: tuple[ReadItem, ...]


def _reports(runs: Runs) -> list[_Report]:
    """In the order of time; a damaged report knows nothing and closes nothing."""
    found = []
    for run in runs.values():
        for (part, origin), series in zip(run, series_of([part for part, _ in run]), strict=True):
            if any(figure.value is not None for figure in part.reading.figures):
                found.append(_Report(series, series_once(part), origin.at, origin.commit, part.reading.items))
    return sorted(found, key=lambda report: report.at)


def _renamed(reports: list[_Report]) -> dict[str, str]:
    """By the key of an earlier name that no report has now: the current name."""
    names = {series_key(report.series) for report in reports}
    return {series_key(report.once): report.series for report in reports if series_key(report.once) not in names}


def close_renamed_items(warehouse: Warehouse, source: str, runs: Runs, harvest: Harvest, problems: list[str]) -> None:
    """Close what is open under a series name that no report has now, and add the same items under the current name."""
    ordered = _reports(runs)
    gone = _renamed(ordered)
    orphans = [item for item in stored_items(warehouse.rows, warehouse.project, source) if _series(item.id) in gone]
    if not orphans:
        return
    # They never lived under this name: opened and closed at once, they move nothing in any review.
    harvest.changed_items += [
        item._replace(closed_at=item.opened_at, closed_commit=item.opened_commit) for item in orphans
    ]
    lasting = {gone[_series(item.id)] for item in orphans}
    replayed = _replayed([report for report in ordered if report.series in lasting])
    harvest.changed_items += replayed
    problems.append(
        f"{len(orphans)} findings and failing tests of {source} were open under the folder of one run, where no later "
        f"report could close them: stored again as {len(replayed)} that continue from run to run"
    )


def _replayed(reports: Iterable[_Report]) -> list[Item]:
    """The items that these reports open and close, in order."""
    ledger, harvest = ItemLedger(), Harvest()
    for report in reports:
        ledger.report(report.series, report.at, report.commit, report.found)
    ledger.hand_over(harvest)
    return harvest.items


def _series(item: str) -> str:
    return item.partition(":")[0]
