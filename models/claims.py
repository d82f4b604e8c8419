"""Claims of readiness beside the readiness that the evidence of their week shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

# A claim is compared with the weekly readiness nearest to it, at most this far away.
NEAREST = pd.Timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ClaimedDay:
    """The claims of one day: how many different values, the lowest and the highest, and what the evidence shows.

    Values are readiness (0 to 100); `evidence` is None where no readiness is known within a week.
    """

    day: date
    values: int
    lowest: float
    highest: float
    evidence: float | None


def with_evidence(claims: pd.DataFrame, readiness: pd.DataFrame) -> pd.DataFrame:
    """`claims` with a column `readiness`: that of the weekly series nearest in time, NaN beyond a week.

    Both frames have `at` (UTC); `readiness` also has `readiness` (0 to 100). Rows come back newest first.
    """
    ordered = claims.sort_values("at", kind="stable")
    shown = readiness[["at", "readiness"]].sort_values("at")
    joined = pd.merge_asof(ordered, shown, on="at", direction="nearest", tolerance=NEAREST)
    return joined.iloc[::-1].reset_index(drop=True)


def most_contradictory_day(claims: pd.DataFrame) -> ClaimedDay | None:
    """The day with the most different claims, then with the widest range; None without claims.

    `claims` has `day`, `value` and `readiness`, as `with_evidence` returns them.
    """
    if claims.empty:
        return None
    day, values = max(claims.groupby("day")["value"], key=lambda pair: (pair[1].nunique(), float(np.ptp(pair[1]))))
    evidence = claims.loc[values.index, "readiness"].dropna()
    return ClaimedDay(
        day=pd.Timestamp(str(day)).date(),
        values=int(values.nunique()),
        lowest=float(values.min()),
        highest=float(values.max()),
        evidence=float(evidence.iloc[0]) if len(evidence) else None,
    )
