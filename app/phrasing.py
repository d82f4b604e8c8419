"""Numbers into words. The only place that rounds, and it never rounds across a threshold."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

_BYTE_STEPS = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"))
STATE_WORDS = {
    "passing": "passing",
    "failing": "failing",
    "missing": "not measured",
    "stale": "stale",
    "claimed": "claimed only",
    "attested": "attested",
    "not_applicable": "not applicable",
    "waived": "waived",
}
UNKNOWN_STATES = ("missing", "stale", "claimed")
# A sign beside every colour: nothing is told by colour alone.
STATE_SIGNS = {
    "passing": "✓",
    "failing": "✗",
    "missing": "?",
    "stale": "⧗",
    "claimed": "“",
    "attested": "@",
    "not_applicable": "–",
    "waived": "w",
    "unknown": "?",
}
COMPARATOR_SIGNS = {">": ">", ">=": "≥", "<": "<", "<=": "≤", "==": "="}


def number(value: float | None, digits: int = 1) -> str:
    """A figure for reading: at most `digits` decimals, thousands set apart, unknown as a dash."""
    if value is None or math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞"
    text = f"{value:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text.replace("-", "−")


def number_beside(value: float | None, threshold: float | None, digits: int = 1) -> str:
    """A figure that never reads as being on the other side of its threshold: 89.96 beside 90 is 89.96, not 90."""
    if value is None or threshold is None or math.isnan(value):
        return number(value, digits)
    for more in range(digits, digits + 7):
        rounded = round(value, more)
        if (rounded < threshold) == (value < threshold) and (rounded > threshold) == (value > threshold):
            return number(value, more)
    return repr(value)


def quantity(value: float | None, unit: str, threshold: float | None = None) -> str:
    """A figure with its unit: bytes in kB / MB / GB, percent with its sign."""
    if value is None or math.isnan(value):
        return "unknown"
    if unit == "bytes":
        return _bytes(value, threshold)
    text = number_beside(value, threshold)
    if unit == "percent":
        return f"{text}%"
    if unit.startswith("points of "):
        return f"{text} {unit.removeprefix('points ')}"
    return f"{text} {_one(unit) if text in ('1', '−1') else unit}".strip()


def _one(unit: str) -> str:
    """The unit of a single thing: tests -> test; units that are no plural stay."""
    return unit[:-1] if unit.endswith("s") else unit


def _bytes(value: float, threshold: float | None = None) -> str:
    for step, name in _BYTE_STEPS:
        if abs(value) >= step:
            return f"{number_beside(value / step, None if threshold is None else threshold / step)} {name}"
    return f"{number_beside(value, threshold, 0)} B"


def demand(comparator: str, threshold: float, unit: str) -> str:
    """What a criterion asks for: "> 15%"."""
    return f"{COMPARATOR_SIGNS[comparator]} {quantity(threshold, unit)}"


def wanted(criterion: Mapping[str, Any]) -> str:
    """What a criterion asks for; "–" where it asks for a person's word alone."""
    comparator, threshold = criterion["comparator"], criterion["threshold"]
    if (comparator, threshold, criterion["unit"]) == (">=", 1, "") and not criterion["metric"]:
        return "–"
    return demand(comparator, threshold, criterion["unit"])


def points(value: float, digits: int = 1) -> str:
    """Points gained or lost, with a sign and a real minus."""
    if abs(value) < 0.5 * 10**-digits:
        return "±0" if value == 0 else f"{'+' if value > 0 else '−'}<{10**-digits:g}"
    return f"{'+' if value > 0 else '−'}{number(abs(value), digits)}"


def odds(probability: float | None) -> str:
    """A probability in whole percent, never 0% and never 100%."""
    if probability is None or math.isnan(probability):
        return "unknown"
    if probability < 0.01:
        return "<1%"
    return ">99%" if probability > 0.99 else f"{probability * 100:.0f}%"


def day(moment: datetime | date | None, otherwise: str = "–") -> str:
    """A date as people write it: 14 Nov 2026."""
    return otherwise if moment is None else f"{moment.day} {moment:%b %Y}"


def span(days: float) -> str:
    """A length of time in the unit that reads best."""
    if math.isinf(days):
        return "beyond the horizon"
    if days < 1:
        return "today"
    for size, name in ((365.25, "year"), (30.44, "month"), (7, "week")):
        if days >= 2 * size:
            return f"{days / size:.0f} {name}s"
    return count(round(days), "day")


def age(days: float | None) -> str:
    """How old a piece of evidence is."""
    if days is None or math.isnan(days):
        return "–"
    if days < 1:
        return "today"
    return f"{count(round(days), 'day')} old" if days < 60 else f"{span(days)} old"


def count(amount: int, noun: str) -> str:
    """An amount with its noun in the right number."""
    return f"{amount:,} {noun}{'' if amount == 1 else 's'}"


def counts(amounts: Mapping[str, int]) -> str:
    """What a source has read, without what it met none of: "3 commits, 1 file change"."""
    return ", ".join(f"{amount:,} {_noun(name, amount)}" for name, amount in amounts.items() if amount)


def _noun(name: str, amount: int) -> str:
    words = name.split("_")
    return " ".join(words if amount != 1 else (re.sub(r"(?:(?<=x)e)?s$", "", word) for word in words))


def often(amount: int) -> str:
    """How many times: "once", "twice", "3 times"."""
    return {1: "once", 2: "twice"}.get(amount, f"{amount:,} times")


def listing(words: list[str], limit: int = 4) -> str:
    """A list for a sentence: "a, b and 3 more"."""
    if len(words) > limit:
        words = [*words[: limit - 1], f"{len(words) - limit + 1} more"]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def count_of(amount: int, one: str, many: str) -> str:
    """An amount with a noun whose plural is its own word."""
    return f"{amount:,} {one if amount == 1 else many}"


def shorten(text: str, length: int) -> str:
    """One line of at most `length` characters."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1].rstrip()}…"


def sentence(text: str) -> str:
    """The text with a capital at its start and a full stop at its end."""
    text = text.strip()
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?" else ".")


def cell(value: object) -> str:
    """Any value of a frame, for a table; unknown is empty."""
    if value is None or value != value:  # noqa: PLR0124 - NaN and NaT differ from themselves
        return ""
    if isinstance(value, float):
        return number(value, 4)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return str(value)


def odds_within(part: Mapping[str, Any], days: int) -> float | None:
    """The odds of a crossing answer within about `days` (its nearest listed horizon), or None where none are told."""
    rows = part["probability_by"]
    if not rows:
        return None
    first = date.fromisoformat(rows[0]["date"])
    nearest = min(rows, key=lambda row: abs((date.fromisoformat(row["date"]) - first).days + 7 - days))
    return float(nearest["probability"])


def forecast_headline(answer: Mapping[str, Any]) -> str:
    """The sentence that stands on top of every forecast: dates with odds, or the refusal."""
    return part_headline(f"GO with readiness ≥ {answer['target']:g}", answer, answer["horizon_days"])


def holds_now(part: Mapping[str, Any]) -> bool:
    """Whether a crossing answer says that the threshold is met at its origin (its first odds are a week later)."""
    if part["outcome"] != "dated" or not part["probability_by"] or not part["quantiles"]["p50"]:
        return False
    week_later = date.fromisoformat(part["probability_by"][0]["date"])
    return (week_later - date.fromisoformat(part["quantiles"]["p50"])).days >= 7


def part_headline(subject: str, part: Mapping[str, Any], horizon_days: int) -> str:
    """One crossing answer as a sentence; never a bare date."""
    if part["outcome"] == "not_enough_evidence":
        return f"{subject}: no date, there is not enough evidence."
    if holds_now(part):
        return f"{subject}: holds now."
    within = f"within {span(horizon_days)}"
    last = odds(part["probability_by"][-1]["probability"]) if part["probability_by"] else "unknown"
    if part["outcome"] == "not_at_this_rate":
        return f"{subject}: not at this rate ({last} {within})."
    dates = part["quantiles"]
    told = [
        f"{name} chance by {day(date.fromisoformat(dates[key]))}"
        for key, name in (("p80", "80%"), ("p50", "50%"))
        if dates[key]
    ]
    return f"{subject}: {'; '.join(told)}." if told else f"{subject}: beyond {span(horizon_days)} ({last} {within})."


def arithmetic(criterion: Mapping[str, Any]) -> str:
    """How a criterion's points come about, in one line that can be checked by hand."""
    needs = wanted(criterion)
    points, possible = earned(criterion["points"], criterion["points_possible"], 2)
    told = f"{points} of {possible} points"
    state = criterion["state"]
    if criterion["value"] is None or state in ("missing", "stale", "claimed"):
        asked = "" if needs == "–" else f", needs {needs}"
        return f"{STATE_WORDS[state]}{asked}: {told}"
    value = quantity(criterion["value"], criterion["unit"], criterion["threshold"])
    if state == "passing":
        return f"{value}, holds {needs}: {told}"
    if criterion["baseline"] is None:
        return f"{value}, needs {needs}: {told}"
    parts = (number(criterion[key], 3) for key in ("value", "baseline", "threshold", "baseline"))
    done = "({} − {}) / ({} − {})".format(*parts)
    return f"{value}, needs {needs}: {done} = {number(criterion['attainment'], 3)} of the way: {told}"


def date_slip(now: Mapping[str, Any], before: Mapping[str, Any], then: str) -> str:
    """How the date moved since a day: the 80% date, or the 50% date where one of the forecasts has no other."""
    if holds_now(now) and holds_now(before):
        return f"GO held on {then}, and holds now."
    for key, name in (("p80", "80%"), ("p50", "50%")):
        dates = [answer["quantiles"][key] for answer in (now, before)]
        if all(dates):
            return _slip_of(name, *(date.fromisoformat(told) for told in dates))
    last_now, last_before = (_best_date(answer) for answer in (now, before))
    if not last_now and not last_before:
        return f"There was no date on {then}, and there is none now."
    if not last_now:
        return f"On {then} the {last_before}; now there is no date."
    first = f"the {last_before}" if last_before else "there was no date"
    return f"On {then} {first}; now the {last_now.replace(' was ', ' is ')}."


def _slip_of(name: str, now: date, before: date) -> str:
    moved = (now - before).days
    if not moved:
        return f"The {name} date has not moved since the last forecast."
    return f"The {name} date moved by {count(abs(moved), 'day')}, {'later' if moved > 0 else 'earlier'}."


def _best_date(answer: Mapping[str, Any]) -> str:
    for key, name in (("p80", "80%"), ("p50", "50%")):
        if answer["quantiles"][key]:
            return f"{name} date was {day(date.fromisoformat(answer['quantiles'][key]))}"
    return ""


def pace(value: float | None, unit: str) -> str:
    """A signed pace: "+0.5% a week"."""
    if value is None or math.isnan(value):
        return "unknown"
    if value == 0:
        return "no change"
    amount = abs(value)
    if unit != "bytes" and amount < 1:
        amount_told = "<0.01" if amount < 0.005 else number(amount, 2)
        return f"{'+' if value > 0 else '−'}{amount_told}{'%' if unit == 'percent' else f' {unit}'} a week"
    return f"{'+' if value > 0 else '−'}{quantity(amount, unit)} a week"


def when(text: str | None, otherwise: str = "–") -> str:
    """The day of an ISO date or time, as people write it."""
    return day(datetime.fromisoformat(text)) if text else otherwise


def place(locator: str) -> str:
    """Where a figure can be checked, short enough for a table."""
    if locator.startswith("git:"):
        return f"commit {locator[4:14]}"
    return shorten(locator, 48)


def change(delta: float | None, unit: str) -> str:
    """A change of a figure in its unit, with its sign."""
    if delta is None or math.isnan(delta):
        return "–"
    return f"{'+' if delta > 0 else '−' if delta < 0 else '±'}{quantity(abs(delta), unit)}"


def cap_words(readiness: Mapping[str, Any]) -> str:
    """Why the parts of a movement add up to more than the change: open blockers hold readiness below the target."""
    held = listing(list(readiness["capped_after"] or readiness["capped_before"]))
    parts, cap = points(readiness["change"] - readiness["cap"]), points(readiness["cap"])
    return f"The parts below sum to {parts}; the cap of open blockers ({held}) makes {cap} of difference."


def shorten_path(path: str, length: int) -> str:
    """A path of at most `length` characters: its end tells more than its beginning."""
    return path if len(path) <= length else f"…{path[1 - length :]}"


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


def share(part: float) -> str:
    """A share in whole percent; 100% only for all of it and 0% only for nothing."""
    if 0.995 <= part < 1 - 1e-9:
        return ">99%"
    return "<1%" if 1e-9 < part < 0.005 else f"{part:.0%}"


def is_first(moved: Mapping[str, Any]) -> bool:
    """Whether a window begins before the first figure: what it shows was measured, it did not move."""
    return bool(moved["criteria"]) and all(criterion["before"] is None for criterion in moved["criteria"])


def nothing_known(status: Mapping[str, Any]) -> bool:
    """Whether nothing at all had been measured: a change since then would be no change."""
    return not status["readiness"]["known_weight"]


def earned(points: float, possible: float, digits: int = 1) -> tuple[str, str]:
    """Points earned and possible, with as many decimals as it takes to see that something is missing, if it is."""
    short = points < possible - 1e-9
    told = ((number(points, more), number(possible, more)) for more in range(digits, digits + 10))
    return next(pair for pair in told if not short or pair[0] != pair[1])
