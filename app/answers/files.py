"""The answers about files and series: `read` and `series`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from app.answers.status import finite, rows_of
from app.answers.types.files import ReadAnswer, ReadFile, SeriesAnswer

if TYPE_CHECKING:
    import pandas as pd


def series_answer(frame: pd.DataFrame) -> SeriesAnswer:
    """`tminus series --json`: the points of one metric; `definition` is the one of the newest point."""
    newest = frame.iloc[-1]
    return {
        "schema": "tminus.series/1",
        "metric": str(newest["metric"]),
        "unit": str(newest["unit"]),
        "definition": str(newest["definition"]),
        "points": [
            {
                "observed_at": row.observed_at.isoformat(),
                "value": finite(row.value),
                "commit": row.commit,
                "scope": row.scope,
                "kind": row.kind,
                "reason": row.reason,
                "definition": row.definition,
                "locator": row.locator,
            }
            for row in rows_of(frame)
        ],
    }


def read_answer(files: Iterable[ReadFile]) -> ReadAnswer:
    """`tminus read --json`: what each file would yield."""
    return {"schema": "tminus.read/1", "files": list(files)}
