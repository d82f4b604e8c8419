"""The `--json` of `tminus read`, `series`, `sql` and `warehouse`: files, series, tables, copies."""

from __future__ import annotations

from typing import Literal, TypeAlias, TypedDict, final

from app.answers.types.values import Cell, Kind, Moment


class ReadValue(TypedDict):
    """One value that a file yields."""

    metric: str
    value: float | None
    unit: str
    scope: str
    reason: str  # why the value is unknown


class FileItemAnswer(TypedDict):
    """One finding, test or marker that a file lists."""

    kind: str
    label: str
    text: str
    path: str
    line: int | None


class ReadFile(TypedDict):
    """What one file yields; an archive or a file with several reports gives one entry for each."""

    file: str
    format: str  # empty: not recognised, or not read
    tool: str
    tool_version: str
    observations: list[ReadValue]
    items: list[FileItemAnswer]
    warnings: list[str]
    notes: list[str]


class ReadAnswer(TypedDict):
    """What report files would yield; nothing is stored."""

    schema: Literal["tminus.read/1"]
    files: list[ReadFile]


class PointAnswer(TypedDict):
    """One point of a series."""

    observed_at: Moment
    value: float | None
    commit: str
    scope: str
    kind: Kind
    reason: str  # why the value is unknown
    definition: str  # how it was counted
    locator: str  # where it can be checked


class SeriesAnswer(TypedDict):
    """With a METRIC: its points, oldest first."""

    schema: Literal["tminus.series/1"]
    metric: str
    unit: str
    definition: str  # of the newest point
    points: list[PointAnswer]


class StoredSeries(TypedDict):
    """Without a METRIC: one row per metric, scope and kind that is stored."""

    metric: str
    scope: str
    kind: Kind
    unit: str
    points: int
    known: int  # points with a value
    first_at: Moment
    last_at: Moment
    last_value: float | None


SeriesOrList: TypeAlias = SeriesAnswer | list[StoredSeries]
SqlAnswer: TypeAlias = list[dict[str, Cell]]


class CopiedTable(TypedDict):
    """One table of the copy; the digest is the same on both sides."""

    table: str
    rows: int
    digest: str  # sum of the hashes of its rows


@final
class WarehouseCopyAnswer(TypedDict):
    """Every table, compared row for row."""

    schema: Literal["tminus.warehouse_copy/1"]
    source: str
    target: str
    rows: int
    tables: list[CopiedTable]


@final
class WarehouseTidyAnswer(TypedDict):
    """What the lake consists of now, and before."""

    schema: Literal["tminus.warehouse_tidy/1"]
    warehouse: str
    files_before: int
    files_after: int
    files_removed: int  # from the folder or bucket
    snapshots_before: int
    snapshots_after: int
    frozen_reviews: int  # all of them are as they were
