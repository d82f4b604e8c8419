"""Numbers, quantities and odds as text."""

from __future__ import annotations

import math

from app.answers.types.status import CriterionAnswer

_BYTE_STEPS = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"))


COMPARATOR_SIGNS = {">": ">", ">=": "≥", "<": "<", "<=": "≤", "==": "="}


def number(value: float | None, digits: int = 1) -> str:
    """A number with at most `digits` decimals and thousands separators; unknown is a dash."""
    if value is None or math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞"
    text = f"{value:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text.replace("-", "−")


def number_beside(value: float | None, threshold: float | None, digits: int = 1) -> str:
    """A number that is never rounded across its threshold: 89.96 beside 90 is 89.96, not 90."""
    if value is None or threshold is None or math.isnan(value):
        return number(value, digits)
    for more in range(digits, digits + 7):
        rounded = round(value, more)
        if (rounded < threshold) == (value < threshold) and (rounded > threshold) == (value > threshold):
            return number(value, more)
    return repr(value)


def quantity(value: float | None, unit: str, threshold: float | None = None) -> str:
    """A value with its unit: bytes in kB / MB / GB, percent with its sign."""
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
    """The unit of a single thing: tests -> test, matches -> match, entries -> entry; others without an s stay."""
    if unit.endswith("ies"):
        return f"{unit[:-3]}y"
    if unit.endswith(("ches", "shes", "sses", "xes")):
        return unit[:-2]
    return unit.removesuffix("s")


def _bytes(value: float, threshold: float | None = None) -> str:
    for step, name in _BYTE_STEPS:
        if abs(value) >= step:
            return f"{number_beside(value / step, None if threshold is None else threshold / step)} {name}"
    return f"{number_beside(value, threshold, 0)} B"


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


def share(part: float) -> str:
    """A share in whole percent; 100% only for all of it and 0% only for nothing."""
    if 0.995 <= part < 1 - 1e-9:
        return ">99%"
    return "<1%" if 1e-9 < part < 0.005 else f"{part:.0%}"


def distance(amount: float, unit: str) -> str:
    """The size of a difference in a sentence: that of two percentages is in percentage points."""
    if unit != "percent":
        return quantity(amount, unit)
    text = number(amount, 1 if amount >= 1 else 2)
    return f"{text} percentage point{'' if text == '1' else 's'}"


def pace(value: float | None, unit: str) -> str:
    """A signed pace in a sentence: "+0.5 percentage points a week"."""
    if value is None or math.isnan(value):
        return "unknown"
    if value == 0:
        return "no change"
    name = "percentage points" if unit == "percent" else unit
    return f"{_signed_pace(value, unit, name)} a week"


def pace_amount(value: float | None, unit: str) -> str:
    """A signed pace in a table of paces a week: "+0.5 pp" (percentage points)."""
    if value is None or math.isnan(value):
        return "unknown"
    return "no change" if value == 0 else _signed_pace(value, unit, "pp" if unit == "percent" else unit)


def _signed_pace(value: float, unit: str, name: str) -> str:
    sign, amount = "+" if value > 0 else "−", abs(value)
    if unit == "bytes":
        return f"{sign}{quantity(amount, unit)}"
    if amount < 1:
        return f"{sign}{'<0.01' if amount < 0.005 else number(amount, 2)} {name}".rstrip()
    text = number(amount)
    return f"{sign}{text} {_one(name) if text == '1' else name}".rstrip()


def change(delta: float | None, unit: str) -> str:
    """A change of a value in a table, with its sign; that of a percentage is in percentage points (pp)."""
    if delta is None or math.isnan(delta):
        return "–"
    sign = "+" if delta > 0 else "−" if delta < 0 else "±"
    return f"{sign}{number(abs(delta))} pp" if unit == "percent" else f"{sign}{quantity(abs(delta), unit)}"


def earned(points: float, possible: float, digits: int = 1) -> tuple[str, str]:
    """Points earned and possible, with as many decimals as it takes to see that something is missing, if it is."""
    short = points < possible - 1e-9
    pairs = ((number(points, more), number(possible, more)) for more in range(digits, digits + 10))
    return next(pair for pair in pairs if not short or pair[0] != pair[1])


def demand(comparator: str, threshold: float, unit: str) -> str:
    """What a criterion asks for: "> 15%"."""
    return f"{COMPARATOR_SIGNS[comparator]} {quantity(threshold, unit)}"


def wanted(criterion: CriterionAnswer) -> str:
    """What a criterion asks for; "–" where it asks for an attestation alone."""
    comparator, threshold = criterion["comparator"], criterion["threshold"]
    if (comparator, threshold, criterion["unit"]) == (">=", 1, "") and not criterion["metric"]:
        return "–"
    return demand(comparator, threshold, criterion["unit"])
