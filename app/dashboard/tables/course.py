"""The course of the date: rows for its chart and table, and its words."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from app.answers.types.meeting import CoursePoint
from app.wording.numbers import odds
from app.wording.text import count, listing, when

BASIS_WORDS = {"kept": "shown then", "computed": "computed from what was known then"}
NO_DATE = {
    "not_enough_evidence": "no date: not enough evidence",
    "not_at_this_rate": "no date: not at this rate",
    "holds": "GO held",
    "dated": "no 50% date within the horizon",
}
LEVELS = ("p25", "p50", "p75", "p80")


def course_rows(points: Sequence[CoursePoint]) -> pd.DataFrame:
    """One row a week: at, p25, p50, p75, p80, promised (days), band_end, basis, run, gap, chance and odds
    (of the promised day, as a number and in words).

    `run` numbers the stretches of weeks that have a 50% date, so that no line crosses a gap; `gap` is the reason in
    words where there is none. The band ends at p75 or, where that is beyond the horizon, at p50.
    """
    rows = [
        {
            "at": pd.Timestamp(point["day"], tz="UTC"),
            **{level: _day(point[level]) for level in (*LEVELS, "promised")},  # type: ignore[literal-required]
            "basis": BASIS_WORDS[point["basis"]],
            "gap": "" if point["p50"] else NO_DATE[point["outcome"]],
            "chance": point["promised_odds"],
            "odds": "–" if point["promised_odds"] is None else odds(point["promised_odds"]),
        }
        for point in points
    ]
    columns = ["at", *LEVELS, "promised", "basis", "gap", "chance", "odds"]
    frame = pd.DataFrame(rows, columns=columns)
    frame["chance"] = frame["chance"].astype(float)
    for level in (*LEVELS, "promised"):
        frame[level] = pd.to_datetime(frame[level], utc=True)
    band_end = frame["p75"].fillna(frame["p50"])
    return frame.assign(band_end=band_end, run=(frame["gap"] != "").cumsum())


def _day(text: str | None) -> pd.Timestamp | None:
    return pd.Timestamp(text, tz="UTC") if text else None


def course_table(points: Sequence[CoursePoint]) -> pd.DataFrame:
    """The same in words, newest first."""
    return pd.DataFrame(
        [
            {
                "Made on": when(point["day"]),
                "GO, 50% by": when(point["p50"], NO_DATE[point["outcome"]]),
                "GO, 80% by": when(point["p80"]),
                "Promised, odds": _promised(point),
                "Basis": BASIS_WORDS[point["basis"]],
            }
            for point in reversed(points)
        ]
    )


def _promised(point: CoursePoint) -> str:
    if not point["promised"]:
        return "–"
    chance = "unknown" if point["promised_odds"] is None else odds(point["promised_odds"])
    return f"{when(point['promised'])}, {chance}"


def course_about(points: Sequence[CoursePoint]) -> str:
    """How to read the picture; it names only what is in it."""
    rows = course_rows(points)
    dated, banded = rows[rows["p50"].notna()], rows[rows["p25"].notna() & rows["band_end"].notna()]
    is_cut = bool(banded["p75"].isna().any())
    end = "75% (to 50%, where 75% is beyond the horizon)" if is_cut else "75%"
    parts = (
        (True, "Line: the 50% date of GO."),
        (rows["p80"].notna().any(), "Dashed line: the 80% date."),
        (len(banded), f"Band: from the day with 25% odds to that with {end}."),
        (rows["promised"].notna().any(), "Dashes in brown: the promised day."),
        (len(dated) < len(rows), "Crosses on the lower edge: no date."),
        ((dated["basis"] == BASIS_WORDS["kept"]).any(), "Dot: shown then."),
        ((dated["basis"] == BASIS_WORDS["computed"]).any(), "Square: computed now from what was known then."),
    )
    return " ".join(words for is_there, words in parts if is_there)


def promised_odds_alt(points: Sequence[CoursePoint]) -> str:
    """The odds of the promised day in words, week by week."""
    known = [f"{odds(p['promised_odds'])} on {when(p['day'])}" for p in points if p["promised_odds"] is not None]
    return f"Odds of GO by the promised day, by the day of the forecast: {listing(known, 14)}."


def course_alt(points: Sequence[CoursePoint]) -> str:
    """The picture in words: each date with the day it was made, the weeks without one, the promised day."""
    dated = [f"on {when(point['day'])} {when(point['p50'])}" for point in points if point["p50"]]
    without = count(sum(not point["p50"] for point in points), "week")
    promised = points[-1]["promised"]
    tail = f" Promised: {when(promised)}." if promised else ""
    dates = listing(dated, 14) if dated else "no date"
    return f"Course of the 50% date of GO over {count(len(points), 'week')}: {dates}; {without} without.{tail}"
