"""Sentences about how earlier forecasts came out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from app.answers.types.backtest import MethodScores
from app.answers.types.forecast import DatesRecord, MethodRecord, NoTrackRecord, OwnRecord, TrackRecord
from app.wording.numbers import number, odds
from app.wording.text import count, count_of, when


def own_record(own: OwnRecord | None, kept: int = 0) -> str:
    """How this project's kept forecasts compare with what happened so far."""
    made, scored = (own["forecasts_kept"], own["scored"]) if own else (kept, 0)
    if not made:
        return "No earlier forecast of this project is kept, so none can be scored yet."
    if not own or not scored or own["too_sure_by"] is None:
        return f"{count(made, 'forecast')} kept; none is due yet, so their accuracy is not known."
    gap = own["too_sure_by"]
    points = f"{abs(100 * gap):.0f} percentage points too {'high' if gap > 0 else 'low'}"
    lean = "as often right as they state" if abs(gap) < 0.02 else points
    days = count(own["days_scored"], "day")
    return f"{count(made, 'forecast')} kept, {scored} scored on {days}: their odds were on average {lean}."


def reference_record(reference: Mapping[str, MethodRecord]) -> str:
    """How the method did on other projects that it was not fitted on, beside the best baseline method."""
    if not reference:
        return ""
    name = next(iter(reference))
    ours = reference[name]
    baseline, best = min(((n, s) for n, s in reference.items() if n != name), key=lambda pair: pair[1]["brier"])
    return (
        f"Tested on {ours['cases']:,} moments of other projects that the model was not fitted on: mean error of the "
        f"odds {_points(ours)}, true date inside the 80% interval {ours['coverage_80']:.0%} of the time; best "
        f"baseline ({baseline}): {_points(best)} and {best['coverage_80']:.0%}."
    )


def _points(score: MethodRecord) -> str:
    return f"{100 * score['calibration_error']:.1f} percentage points"


def record_sentences(record: TrackRecord | NoTrackRecord) -> list[str]:
    """The team's own record first, the reference class second."""
    own = _own(record)
    sentences = (deployment_record(own), own_dates(own), own_record(own), reference_words(record))
    return [text for text in sentences if text]


def deployment_record(own: OwnRecord | None) -> str:
    """The forecasts of GO beside the day on which it was deployed to users; empty before that."""
    if own is None or "deployment" not in own:
        return ""
    scored = own["deployment"]
    deployed = f"First deployed to users on {when(scored['deployed_on'])}"
    error, late = scored["median_error_days"], scored["came_by"]["p80"]
    if error is None:
        return f"{deployed}; no kept forecast of GO gave a date before it, so none can be compared with it."
    beside = "on that day" if not error else f"{count(round(abs(error)), 'day')} {'later' if error > 0 else 'earlier'}"
    text = f"{deployed}: the 50% date of {count(scored['dated'], 'forecast')} of GO was {beside} (median)"
    return f"{text}." if late is None else f"{text}; it came by the 80% date in {late:.0%} of them."


def _own(record: TrackRecord | NoTrackRecord) -> OwnRecord | None:
    return record["own"] if "own" in record else None  # noqa: SIM401 - narrows the type


def reference_words(record: TrackRecord | NoTrackRecord) -> str:
    """How the method did on other projects."""
    return reference_record(record["reference"] if "reference" in record else {})  # noqa: SIM401 - the same


def own_dates(own: OwnRecord | None) -> str:
    """Dates that were given and are due: how many were met."""
    dates = own["dates"] if own else []
    due = [_dates_words(row) for row in dates if row["due"]]
    waiting = sum(row["given"] - row["due"] for row in dates)
    if not due:
        return f"{count(waiting, 'date')} given; none is due yet." if waiting else ""
    due += [f"{count(waiting, 'date')} {'is' if waiting == 1 else 'are'} still to come."] if waiting else []
    return " ".join(due)


def _dates_words(row: DatesRecord) -> str:
    what = "of GO" if row["of"] == "go" else "of single criteria"
    due = count_of(row["due"], "date", "dates")
    return f"{due} {what} at {odds(row['level'])} odds {'is' if row['due'] == 1 else 'are'} past: {row['came']} met."


# column of an answer -> (head of the table, what it says)
SCORES: Final[Mapping[str, tuple[str, str]]] = {
    "method": ("method", ""),
    "brier": ("Brier score", "Brier score: mean squared error of the odds, 0 is best"),
    "calibration_error": ("error of odds", "error of odds: how far stated odds are from what happened, 0% is best"),
    "coverage_80": ("inside 80%", "inside 80%: how often the true day was inside the 80% interval, 80% is best"),
    "width_80": ("width", "width: latest day over earliest day of the 80% interval, narrower is better"),
    "brier_by_project": ("Brier by project", "Brier by project: each project weighs the same"),
    "cases": ("moments", "moments: past days on which a forecast was made"),
}
_SHARES = ("calibration_error", "coverage_80")


def score_cell(method: MethodScores, column: str) -> str:
    """One score; a dash where the cases cannot give it."""
    scores: Mapping[str, object] = {**method}
    value = scores[column]
    if not isinstance(value, int | float):
        return "–" if value is None else str(value)
    if column in _SHARES:
        return f"{100 * value:.1f}%"
    if column == "width_80":
        return f"{number(_ratio(value))} times"
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def _ratio(log_width: float) -> float:
    from math import exp

    return round(exp(log_width), 1)


def scores_explained(columns: Sequence[str]) -> str:
    """What the columns say, in one line."""
    words = [SCORES[column][1] for column in columns if SCORES[column][1]]
    return "; ".join(words) + "."
