"""The samples of one metric and scope, as arrays."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from models.arrays import Floats
from models.frames import SAMPLES, check_frame
from models.units import convert

NO_NUMBERS: Floats = np.empty(0)


@dataclass(frozen=True, slots=True)
class Samples:
    """`seconds` since 1970, ascending and distinct; `values` may hold NaN and infinity, as the service answered.

    `step` is the seconds from one expected sample to the next. `unit_mismatch` is the measured unit where it cannot
    be converted into the unit that was asked for; there are no values then. `withdrawn` are stretches (first and last
    second) whose samples a person took back: they do not count, and leave a hole however short it is.
    """

    seconds: Floats = field(default_factory=lambda: NO_NUMBERS)
    values: Floats = field(default_factory=lambda: NO_NUMBERS)
    step: float = 60.0
    is_simulated: bool = False
    unit_mismatch: str = ""
    withdrawn: tuple[tuple[float, float], ...] = ()


def samples_of(
    frame: pd.DataFrame, metric: str, scope: str, unit: str, step: float = 60.0, definition: str = ""
) -> Samples:
    """The samples (frame SAMPLES) of one definition, in the wanted unit; of the newest one where none is named.

    An expression that was edited is another definition: what it answered before is not compared with what it answers
    now, so the time before the edit has no samples. `step` is that of the expression, where there is no sample yet.
    Simulated samples belong to every definition: they come from no expression.
    """
    check_frame(frame, SAMPLES, "samples")
    is_mine = (frame["metric"] == metric) & (frame["scope"] == scope)
    if definition:
        is_mine &= (frame["definition"] == definition) | (frame["kind"] == "simulated")
    rows = frame[is_mine].sort_values("sampled_at", kind="stable")
    if rows.empty:
        return Samples(step=step)
    newest = rows.iloc[-1]
    rows = rows[rows["definition"] == newest["definition"]].drop_duplicates("sampled_at", keep="last")
    factor = convert(1.0, str(newest["unit"]), unit)
    if factor is None:
        return Samples(step=float(newest["step"]), unit_mismatch=str(newest["unit"]))
    seconds = pd.DatetimeIndex(rows["sampled_at"]).as_unit("us").asi8 / 1e6
    values = rows["value"].to_numpy(dtype=float) * factor
    return Samples(seconds, values, float(newest["step"]), bool((rows["kind"] == "simulated").any()))
