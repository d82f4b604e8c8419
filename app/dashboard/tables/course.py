"""The course of the date: rows for its chart and table, and its words."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from app.answers.types.meeting import CoursePoint
from app.wording.numbers import odds
from app.wording.slip import BASIS_WORDS, COURSE_HEADER, NO_DATE, course_lines, promise_moves

LEVELS = ("p25", "p50", "p75", "p80")


def course_rows(points: Sequence[CoursePoint]) -> pd.DataFrame:
    """One row a week: at, p25, p50, p75, p80, promised (days), band_end, basis, run, gap, chance and odds
    (of the promised day, as a number and in words).

    `run` numbers the stretches of weeks that have a 50% date, so that no line crosses a gap; `gap` is the reason in
    words where there is none. The band ends at p75 or, where that is beyond the horizon, at p50 or at p25 itself.
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
    band_end = frame["p75"].fillna(frame["p50"]).fillna(frame["p25"])
    return frame.assign(band_end=band_end, run=(frame["gap"] != "").cumsum())


def _day(text: str | None) -> pd.Timestamp | None:
    return pd.Timestamp(text, tz="UTC") if text else None


def course_table(points: Sequence[CoursePoint]) -> pd.DataFrame:
    """The same in words, newest first."""
    return pd.DataFrame(course_lines(points), columns=list(COURSE_HEADER))


def course_about(points: Sequence[CoursePoint]) -> str:
    """How to read the picture; it names only what is in it."""
    rows = course_rows(points)
    dated, banded = rows[rows["p50"].notna()], rows[rows["p25"].notna() & rows["p50"].notna()]
    is_cut = bool(banded["p75"].isna().any())
    end = "75% (to 50%, where 75% is beyond the horizon)" if is_cut else "75%"
    parts = (
        (True, "Line: the 50% date of GO."),
        (rows["p80"].notna().any(), "Dashed line: the 80% date."),
        (len(banded), f"Band: from the day with 25% odds to that with {end}."),
        ((rows["p25"].notna() & rows["p50"].isna()).any(), "Short stroke: only 25% odds have a day."),
        (rows["promised"].notna().any(), "Dashes in brown: the promised day."),
        (bool(promise_moves(points)), "Diamond: it was moved."),
        (len(dated) < len(rows), "Crosses on the lower edge: no date."),
        ((dated["basis"] == BASIS_WORDS["kept"]).any(), "Dot: shown then."),
        ((dated["basis"] == BASIS_WORDS["computed"]).any(), "Square: computed now from what was known then."),
    )
    return " ".join(words for is_there, words in parts if is_there)
