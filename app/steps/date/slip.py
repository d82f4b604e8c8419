"""Why the date moved since an earlier forecast."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from app.answers import forecast as answers_forecast
from app.answers.types.forecast import CrossingAnswer, SlipAnswer
from app.steps.date.question import Forecasted, forecasted
from app.workspace import Workspace, consistent_read

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from models.forecast.slip import Shown


def last_kept(kept: pd.DataFrame, since: datetime) -> Kept | None:
    """The newest forecast of GO that was shown at `since` or within a week before it."""
    import json

    import pandas as pd

    from models.evaluation.track_record import first_of_day

    moment = pd.Timestamp(since).tz_convert("UTC")
    rows = [row for row in first_of_day(kept[kept["subject"] == "go"]) if row.origin <= moment]
    if not rows or moment - rows[-1].origin > pd.Timedelta(days=KEPT_FOR_DAYS):
        return None
    return Kept(rows[-1].origin.to_pydatetime(), json.loads(rows[-1].answer))


def shown_of(kept: Kept | None) -> Shown | None:
    """What a kept forecast showed: its dates as day numbers, and its odds within the horizon."""
    from models.forecast.slip import LEVELS, Shown

    if kept is None:
        return None
    dates: Mapping[str, object] = kept.answer["quantiles"]
    days = {level: dates.get(f"p{round(100 * level)}") for level in LEVELS}
    rows = kept.answer["probability_by"]
    numbers = {level: date.fromisoformat(str(day)).toordinal() if day else None for level, day in days.items()}
    return Shown(numbers, rows[-1]["probability"] if rows else None)


class Kept(NamedTuple):
    """A forecast of GO as it was shown."""

    origin: datetime
    answer: CrossingAnswer


# A forecast that was kept is used for a time up to this many days after it.
KEPT_FOR_DAYS = 7


@consistent_read
def slip(workspace: Workspace, now: Forecasted, since: datetime, before: Forecasted | None = None) -> SlipAnswer:
    """Why the date moved since the forecast shown then (kept, or, where none was, computed again for that time)."""
    from models.forecast.slip import slip_explained

    kept = last_kept(workspace.warehouse.query("forecasts"), since)
    if before is None or kept:
        before = forecasted(workspace, kept.origin if kept else since, now.joint.horizon_days)
    known = {0: before.joint, -1: now.joint}
    explained = slip_explained(before.question, now.question, shown=shown_of(kept), known=known)
    return answers_forecast.slip_answer(explained, before.assessment.at, is_kept=kept is not None)
