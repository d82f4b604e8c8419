"""Sentences about how earlier forecasts came out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.wording.forecast import Answer
from app.wording.numbers import odds
from app.wording.text import count, count_of


def own_record(own: Mapping[str, Any], kept: int = 0) -> str:
    """How this project's kept forecasts came out so far."""
    made, scored = own.get("forecasts_kept", kept), own.get("scored", 0)
    if not made:
        return "No forecast has been kept before this one, so none can be scored yet."
    if not scored:
        return f"{count(made, 'forecast')} kept; the day of none has come, so nothing can be said of how good they are."
    sure = own["too_sure_by"]
    lean = (
        "neither too sure nor too wary"
        if abs(sure) < 0.02
        else f"{abs(sure):.0%} {'too sure' if sure > 0 else 'too wary'}"
    )
    return f"{count(made, 'forecast')} kept, {scored} scored on {count(own['days_scored'], 'day')}: on average {lean}."


def reference_record(reference: Mapping[str, Mapping[str, Any]]) -> str:
    """How the method did on efforts of other projects that it had not learned from, beside the best rival."""
    if not reference:
        return ""
    name = next(iter(reference))
    ours = reference[name]
    rival, best = min(((n, s) for n, s in reference.items() if n != name), key=lambda pair: pair[1]["brier"])
    return (
        f"On {ours['cases']:,} moments of other projects' efforts that the model had not seen, its odds were off by "
        f"{ours['calibration_error']:.1%} on average and its 80% interval held the true date {ours['coverage_80']:.0%} "
        f"of the time; {rival}, the best other method, was off by {best['calibration_error']:.1%} and held it "
        f"{best['coverage_80']:.0%} of the time."
    )


def record_sentences(record: Answer) -> list[str]:
    """The team's own record first, the reference class second."""
    own = record.get("own", {})
    return [text for text in (own_dates(own), own_record(own), reference_words(record)) if text]


def reference_words(record: Answer) -> str:
    """How the method did elsewhere."""
    return reference_record(record.get("reference", {}))


def own_dates(own: Answer) -> str:
    """Dates that were given and whose day has come: how many came true."""
    told = [_dates_words(row) for row in own.get("dates", []) if row["due"]]
    waiting = sum(row["given"] - row["due"] for row in own.get("dates", []))
    if not told:
        return f"{count(waiting, 'date')} given; the day of none has come." if waiting else ""
    told += [f"{count(waiting, 'date')} still to come."] if waiting else []
    return " ".join(told)


def _dates_words(row: Answer) -> str:
    what = "of GO" if row["of"] == "go" else "of single criteria"
    due = count_of(row["due"], "date", "dates")
    return f"Of {due} {what} given with {odds(row['level'])}, {row['came']} came true."
