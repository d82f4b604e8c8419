"""What was known at an earlier moment: the same rows that a reader of that day would have had."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from models.frames import OBSERVATIONS, check_frame

# Facts recomputed from a commit were there to be read when the commit was made: a backfill does not make them new.
COMMIT_SOURCES = frozenset({"git", "tree", "committed", "checklist"})


def known_at(observations: pd.DataFrame, at: datetime) -> pd.DataFrame:
    """The rows (frame OBSERVATIONS) observed by `at` and known by then.

    Rows of commits count from `observed_at`, all others from `recorded_at`: an artifact found later, or a figure
    recorded by hand afterwards, was not known. Simulated rows count from `observed_at`, as their story has it.
    """
    check_frame(observations, OBSERVATIONS, "observations")
    moment = pd.Timestamp(at)
    observed = observations["observed_at"] <= moment
    is_fact = observations["source"].isin(COMMIT_SOURCES) | (observations["kind"] == "simulated")
    return observations[observed & (is_fact | (observations["recorded_at"] <= moment))]
