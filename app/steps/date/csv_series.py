"""A dated series from a CSV file, and its forecast without a warehouse."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.answers import forecast as answers_forecast
from app.answers.types.forecast import FileForecastAnswer
from app.answers.types.values import Direction
from app.steps.evidence.read_files import csv_table
from app.workspace import UsageError, parse_moment

if TYPE_CHECKING:
    import pandas as pd

_TIME_COLUMNS = ("observed_at", "date", "time", "timestamp", "ds")


def read_series(path: Path) -> pd.Series:
    """Read columns observed_at (or date, time, timestamp, ds) and value; UsageError names what is wrong and where."""
    import pandas as pd

    try:
        frame = csv_table(path)
    except (OSError, ValueError) as problem:
        raise UsageError(f"cannot read the series {path}: {str(problem).splitlines()[0]}") from None
    column = next((name for name in _TIME_COLUMNS if name in frame.columns), None)
    if column is None or "value" not in frame.columns:
        present = ", ".join(map(str, frame.columns))
        raise UsageError(f"{path}: needs the columns observed_at (or date) and value, found: {present}")
    times = pd.to_datetime(frame[column], utc=True, errors="coerce", format="ISO8601")
    values = pd.to_numeric(frame["value"], errors="coerce")
    _refuse_numbers(path, frame["value"], values)
    _refuse_bad(path, column, frame[column], times)
    return pd.Series(values.to_numpy(dtype=float), index=pd.DatetimeIndex(times)).dropna().sort_index(kind="stable")


def _refuse_numbers(path: Path, texts: pd.Series, values: pd.Series) -> None:
    """An empty cell is unknown; a word where a number belongs is a mistake of the file."""
    bad = values.isna() & texts.notna()
    if bad.any():
        row = int(bad.to_numpy().argmax())
        raise UsageError(f"{path}:{row + 2}: value is {texts.iloc[row]!r}, needs a number such as 12.5")


def _refuse_bad(path: Path, column: str, texts: pd.Series, times: pd.Series) -> None:
    bad = times.isna()
    if bad.any():
        row = int(bad.to_numpy().argmax())
        raise UsageError(f"{path}:{row + 2}: {column} is {texts.iloc[row]!r}, needs an ISO date such as 2025-09-08")


def forecast_file(
    path: Path,
    threshold: float,
    direction: Direction,
    at: str | None,
    *,
    baseline: float | None,
    horizon_days: int,
) -> FileForecastAnswer:
    """Forecast any dated series from a CSV file (columns observed_at or date, and value), without a warehouse."""
    import pandas as pd

    from models.forecast import forecast_crossing

    values = read_series(path)
    origin = pd.Timestamp(parse_moment(at)) if at else None
    crossing = forecast_crossing(
        values, threshold=threshold, direction=direction, origin=origin, horizon_days=horizon_days, baseline=baseline
    )
    return answers_forecast.file_forecast_answer(crossing, threshold, direction, str(path))
