"""Failing tests and findings as things that open and close: from the first report with them to the first without."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from ingest.counting.path_classes import classify, component_of
from ingest.observation import Item
from ingest.readers.contract import ReadItem
from ingest.source import Harvest, Request

UNCOVERED = "uncovered_file"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ItemLedger:
    """The open items of one source. Reports of one series (the same file, run after run) close each other's items."""

    def __init__(self, known: Iterable[Item] = ()) -> None:
        self._open = {_lasting(item.id): item for item in known}
        self._touched: dict[str, Item] = {}

    @classmethod
    def load(cls, request: Request, source: str) -> ItemLedger:
        """Take up what earlier pulls left open."""
        return cls(stored_items(request.stored, request.project, source))

    def report(self, series: str, at: datetime, commit: str, found: Iterable[ReadItem]) -> None:
        """Hear one whole report; those of a series have to come in the order of time."""
        prefix = f"{series_key(series)}:"
        seen = {f"{prefix}{item.fingerprint}": item for item in found}
        for key, listed in seen.items():
            if key not in self._open or at < self._open[key].opened_at:
                self._put(_opened(key, listed, at, commit))
        gone = [item for key, item in self._open.items() if key.startswith(prefix) and key not in seen]
        for item in gone:
            if item.opened_at < at:
                self._put(item._replace(closed_at=at, closed_commit=commit))
                del self._open[_lasting(item.id)]

    def hand_over(self, harvest: Harvest) -> None:
        """Put what was opened and closed into the harvest."""
        harvest.items += self._touched.values()
        self._touched = {}

    def _put(self, item: Item) -> None:
        self._touched[item.id] = item
        self._open[_lasting(item.id)] = item


def _lasting(key: str) -> str:
    """What stays the same while a thing is open: without the moment at which it opened."""
    return key.partition("@")[0]


def series_key(series: str) -> str:
    """What the ids of the items of a series begin with."""
    return hashlib.sha256(series.encode()).hexdigest()[:10]


def stored_items(stored: Callable[..., list[tuple[Any, ...]]], project: str, source: str) -> list[Item]:
    """What is open of a source."""
    return [_stored(row) for row in stored("report_items_open", project, source)]


def _stored(row: tuple[Any, ...]) -> Item:
    key, kind, label, text, path, line, scope, path_class, micros, commit = row
    opened_at = _EPOCH + timedelta(microseconds=micros)
    return Item(key, kind, label, text, path, line, scope, path_class, opened_at, commit)


def _opened(key: str, item: ReadItem, at: datetime, commit: str) -> Item:
    # Counts come and go and come back: each stretch of them is an item of its own, so that a past day keeps its own.
    is_count = item.kind == UNCOVERED
    return Item(
        id=f"{key}@{at.timestamp():.0f}" if is_count else key,
        kind=item.kind,
        label=item.label,
        text=item.text,
        path=item.path,
        line=item.line,
        scope=component_of(item.path) if item.path else "",
        path_class=classify(item.path) if item.path else "code",
        opened_at=at,
        opened_commit=commit,
    )
