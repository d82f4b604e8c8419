"""Folders of efforts in, the files of a backtest out: a table, a JSON and a reliability plot."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from app.steps.assess import assess, observations
from app.steps.forecast_question import forecast_parts
from app.workspace import UsageError, Workspace
from models.series.cases import Effort

_COLUMNS = ("id", "direction", "natural_start", "natural_target", "source_repo")


def read_folder(folder: Path) -> list[Any]:
    """The efforts of a folder with an index.csv (id, direction, natural_start, natural_target, source_repo)."""

    index = folder / "index.csv"
    if not index.is_file():
        raise UsageError(f"{folder}: needs an index.csv with the columns {', '.join(_COLUMNS)}, and <id>.csv per row")
    try:
        return read_efforts(folder)
    except KeyError as problem:
        raise UsageError(f"{index}: needs the columns {', '.join(_COLUMNS)}; missing: {problem}") from None
    except (OSError, ValueError) as problem:
        raise UsageError(f"{folder}: cannot read its series: {problem}") from None


def read_efforts(folder: Path) -> list[Effort]:
    """Every series of the folder's index.csv, with the threshold at 90% of its way."""
    index = pd.read_csv(folder / "index.csv")
    return [_effort(folder, row) for row in index.to_dict("records")]


def _effort(folder: Path, row: Mapping[Any, Any]) -> Effort:
    read = pd.read_csv(folder / f"{row['id']}.csv", parse_dates=["date"])
    start, end = float(row["natural_start"]), float(row["natural_target"])
    series = pd.Series(read["value"].to_numpy(np.float64), index=pd.DatetimeIndex(read["date"]))
    threshold = start + SHARE_OF_WAY * (end - start)
    return Effort(
        row["id"], row["source_repo"], series, threshold, "higher" if row["direction"] == "up" else "lower", start
    )


SHARE_OF_WAY = 0.9


def backtest(workspace: Workspace | None, folder: Path | None, output: Path | None) -> dict[str, Any]:
    """Score the forecast and its rivals on the project's own past, or on a folder of efforts; write files if asked."""
    from app.reports.backtest import write_files
    from models.evaluation import backtest as scoring

    efforts = read_folder(folder) if folder else own_efforts(workspace)
    answer = scoring.backtest(efforts)
    if output:
        write_files(answer, output)
    return answer


def own_efforts(workspace: Workspace | None) -> list[Any]:
    """The measured criteria of the project as efforts of one group."""
    from models.series.cases import Effort

    if workspace is None:
        raise UsageError("name a folder of efforts, or run this where a tminus.toml is")
    now = workspace.now()
    parts, _ = forecast_parts(assess(workspace, now), observations(workspace, now))
    name = workspace.config.name
    return [Effort(p.id, name, p.history, p.threshold, p.direction, p.baseline) for p in parts]
