"""A backtest of the forecast: on a folder of efforts, or on the project's own past."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from app.answers.backtest import backtest_answer
from app.answers.types.backtest import BacktestAnswer
from app.steps.assess import assess, observations
from app.steps.date.question import forecast_parts
from app.workspace import UsageError, Workspace
from models.series.cases import Effort

SHARE_OF_WAY = 0.9  # the threshold of an effort, on the way from its start to its end
_COLUMNS = ("id", "direction", "natural_start", "natural_target", "source_repo")


def read_folder(folder: Path) -> list[Effort]:
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
    """Every series of the folder's index.csv, with the threshold at 90% of the way from start to end."""
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


def backtest(workspace: Workspace | None, folder: Path | None) -> BacktestAnswer:
    """Score the forecast and its baselines on the project's past, or on a folder of efforts."""
    from models.evaluation import backtest as scoring

    efforts = read_folder(folder) if folder else own_efforts(workspace)
    return backtest_answer(scoring.backtest(efforts))


def own_efforts(workspace: Workspace | None) -> list[Effort]:
    """The measured criteria of the project as efforts of one group."""
    if workspace is None:
        raise UsageError("name a folder of efforts, or run this where a tminus.toml is")
    now = workspace.now()
    parts, _ = forecast_parts(assess(workspace, now), observations(workspace, now))
    name = workspace.config.name
    return [Effort(p.id, name, p.history, p.threshold, p.direction, p.baseline) for p in parts]
