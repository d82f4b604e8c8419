"""Sentences about how earlier forecasts came out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.wording.forecast import Answer
from app.wording.numbers import odds
from app.wording.text import count, count_of


def own_record(own: Mapping[str, Any], kept: int = 0) -> str:
    """How this project's kept forecasts compare with what happened so far."""
    made, scored = own.get("forecasts_kept", kept), own.get("scored", 0)
    if not made:
        return "No earlier forecast of this project is kept, so none can be scored yet."
    if not scored:
        return f"{count(made, 'forecast')} kept; none is due yet, so their accuracy is not known."
    gap = own["too_sure_by"]
    points = f"{abs(100 * gap):.0f} percentage points"
    lean = "well calibrated" if abs(gap) < 0.02 else f"{'over' if gap > 0 else 'under'}confident by {points}"
    return f"{count(made, 'forecast')} kept, {scored} scored on {count(own['days_scored'], 'day')}: on average {lean}."


def reference_record(reference: Mapping[str, Mapping[str, Any]]) -> str:
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


def _points(score: Mapping[str, Any]) -> str:
    return f"{100 * score['calibration_error']:.1f} percentage points"


def record_sentences(record: Answer) -> list[str]:
    """The team's own record first, the reference class second."""
    own = record.get("own", {})
    return [text for text in (own_dates(own), own_record(own), reference_words(record)) if text]


def reference_words(record: Answer) -> str:
    """How the method did on other projects."""
    return reference_record(record.get("reference", {}))


def own_dates(own: Answer) -> str:
    """Dates that were given and are due: how many were met."""
    due = [_dates_words(row) for row in own.get("dates", []) if row["due"]]
    waiting = sum(row["given"] - row["due"] for row in own.get("dates", []))
    if not due:
        return f"{count(waiting, 'date')} given; none is due yet." if waiting else ""
    due += [f"{count(waiting, 'date')} not due yet."] if waiting else []
    return " ".join(due)


def _dates_words(row: Answer) -> str:
    what = "of GO" if row["of"] == "go" else "of single criteria"
    due = count_of(row["due"], "date", "dates")
    return f"Of {due} {what} given at {odds(row['level'])} odds, {row['came']} met."
