"""Column names and dtypes of every frame that passes between the rooms, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import pandas as pd

# dtype families: "text" (str), "time" (datetime64[us, UTC]), "number" (float64, NaN = unknown), "integer", "yes_no"
Schema = Mapping[str, str]

OBSERVATIONS: Schema = {
    "metric": "text",
    "scope": "text",
    "observed_at": "time",
    "recorded_at": "time",
    "value": "number",
    "reason": "text",
    "unit": "text",
    "kind": "text",
    "commit": "text",
    "source": "text",
    "evidence": "text",
    "definition": "text",
}
# The newest observation per metric, scope and kind as of a moment, joined with its evidence.
SNAPSHOT: Schema = {**OBSERVATIONS, "locator": "text", "sha256": "text", "tool": "text", "tool_version": "text"}
COMMITS: Schema = {
    "commit": "text",
    "position": "integer",
    "committed_at": "time",
    "author": "text",
    "subject": "text",
    "merged_by": "text",
}
ITEMS: Schema = {
    "id": "text",
    "source": "text",
    "kind": "text",
    "label": "text",
    "text": "text",
    "path": "text",
    "line": "number",
    "scope": "text",
    "path_class": "text",
    "opened_at": "time",
    "opened_commit": "text",
    "opened_by": "text",
    "closed_at": "time",
    "closed_commit": "text",
    "closed_by": "text",
    "opened_merged_by": "text",
    "closed_merged_by": "text",
}
# Every change of every decision of the meeting.
DECISIONS: Schema = {
    "id": "text",
    "changed_at": "time",
    "changed_by": "text",
    "change": "text",
    "text": "text",
    "owner": "text",
    "due": "day",
    "criterion": "text",
    "note": "text",
}
# Every deployment event; `refused` is a JSON list of sentences.
DEPLOYMENTS: Schema = {
    "id": "text",
    "kind": "text",
    "happened_at": "time",
    "recorded_at": "time",
    "stage": "text",
    "commit": "text",
    "environment": "text",
    "by": "text",
    "source": "text",
    "external": "text",
    "verdict": "text",
    "override": "text",
    "refused": "text",
    "note": "text",
    "of": "text",
    "is_simulated": "yes_no",
}
# Acts in the process; `details` is a JSON object, `event` the name of the single act.
PROCESS_EVENTS: Schema = {
    "kind": "text",
    "id": "text",
    "happened_at": "time",
    "recorded_at": "time",
    "by": "text",
    "outcome": "text",
    "seconds": "number",
    "details": "text",
    "is_simulated": "yes_no",
    "event": "text",
}
# Every sample of a window: NaN and infinity are what the service answered; `step` is seconds between two samples.
SAMPLES: Schema = {
    "metric": "text",
    "scope": "text",
    "definition": "text",
    "sampled_at": "time",
    "value": "number",
    "unit": "text",
    "kind": "text",
    "step": "number",
}
CLAIMS: Schema = {
    "observed_at": "time",
    "recorded_at": "time",
    "metric": "text",
    "scope": "text",
    "value": "number",
    "unit": "text",
    "reason": "text",
    "text": "text",
    "path": "text",
    "line": "number",
    "commit": "text",
    "author": "text",
    "merged_by": "text",
    "removed_at": "text",  # ISO time in UTC; empty while the words stand in the newest commit
    "removed_commit": "text",
    "moved_to": "text",  # the document that took the words over, where one did
}
SOURCE_RUNS: Schema = {
    "source": "text",
    "started_at": "time",
    "finished_at": "time",
    "status": "text",
    "error": "text",
    "rows_added": "integer",
    "counts": "text",
    "warnings": "text",
}
# One row a moment and criterion, and one with criterion "" for the whole: the readiness series.
READINESS: Schema = {
    "at": "time",
    "criterion": "text",
    "value": "number",
    "state": "text",
    "attainment": "number",
    "points": "number",
    "points_possible": "number",
    "readiness": "number",
    "known_weight": "number",
}


class FrameError(ValueError):
    """A frame lacks what the step needs."""


def check_frame(frame: pd.DataFrame, schema: Schema, name: str) -> pd.DataFrame:
    """Return `frame` untouched, or raise FrameError naming every missing column and wrong dtype."""
    dtypes = dict(zip(frame.columns, frame.dtypes, strict=True))
    missing = [column for column in schema if column not in dtypes]
    wrong = [
        f"{column} is {dtypes[column]}, needs {family}"
        for column, family in schema.items()
        if column in dtypes and not _is_family(dtypes[column], family)
    ]
    if missing or wrong:
        raise FrameError(f"frame {name}: missing {missing or 'nothing'}; wrong dtype: {wrong or 'none'}")
    return frame


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as dicts by column name: what `DataFrame.to_dict("records")` gives, in a tenth of its time."""
    names = [str(name) for name in frame.columns]
    columns = (frame[name].tolist() for name in frame.columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def empty_frame(schema: Schema) -> pd.DataFrame:
    """A frame without rows that passes check_frame."""
    return _empty(tuple(schema.items())).copy(deep=False)


@lru_cache(maxsize=64)
def _empty(schema: tuple[tuple[str, str], ...]) -> pd.DataFrame:
    dtypes = {"text": "str", "time": "datetime64[us, UTC]", "number": "float64", "integer": "int64", "yes_no": "bool"}
    dtypes["day"] = "object"
    return pd.DataFrame({column: pd.Series(dtype=dtypes[family]) for column, family in schema})


def _is_family(dtype: Any, family: str) -> bool:
    kinds = pd.api.types
    if family == "time":
        return isinstance(dtype, pd.DatetimeTZDtype)
    if family == "number":
        return bool(kinds.is_float_dtype(dtype))
    if family == "integer":
        return bool(kinds.is_integer_dtype(dtype))
    if family == "yes_no":
        return bool(kinds.is_bool_dtype(dtype))
    return bool(kinds.is_string_dtype(dtype) or kinds.is_object_dtype(dtype))
