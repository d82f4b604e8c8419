"""What was known at an earlier moment: the same rows that a reader of that day would have had."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.frames import OBSERVATIONS, check_frame

# Facts recomputed from a commit were there to be read when the commit was made: a backfill does not make them new.
COMMIT_SOURCES = frozenset({"git", "tree", "committed", "checklist"})
# What a forecast reads of a row: two frames that agree in these give the same forecast.
_READ = ("metric", "scope", "observed_at", "recorded_at", "value", "unit", "kind", "source", "definition")


def known_at(observations: pd.DataFrame, at: datetime) -> pd.DataFrame:
    """The rows (frame OBSERVATIONS) observed by `at` and known by then; see `is_known_at`."""
    return observations[is_known_at(observations, at)]


def is_known_at(observations: pd.DataFrame, at: datetime) -> npt.NDArray[np.bool_]:
    """Which rows (frame OBSERVATIONS) were observed by `at` and known by then.

    Rows of commits count from `observed_at`, all others from `recorded_at`: an artifact found later, or a figure
    recorded by hand afterwards, was not known. Simulated rows count from `observed_at`, as their story has it.
    """
    check_frame(observations, OBSERVATIONS, "observations")
    moment = pd.Timestamp(at)
    observed = observations["observed_at"] <= moment
    is_fact = observations["source"].isin(COMMIT_SOURCES) | (observations["kind"] == "simulated")
    known: npt.NDArray[np.bool_] = (observed & (is_fact | (observations["recorded_at"] <= moment))).to_numpy()
    return known


def row_hashes(observations: pd.DataFrame) -> npt.NDArray[np.uint64]:
    """One number a row of what a forecast reads of it: those of a set of rows, added up, identify the set."""
    hashes: npt.NDArray[Any] = pd.util.hash_pandas_object(observations[list(_READ)], index=False).to_numpy()
    return hashes.astype(np.uint64)
