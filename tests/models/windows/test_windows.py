"""A window counts every sample, and what it did not see is unknown. Checked against a slow twin."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.frames import SAMPLES
from models.windows.evaluate import REDUCTIONS, WindowDemand, evaluate, evaluate_last, strip
from models.windows.samples import Samples, samples_of

STEP = 60.0
HOUR = 3600.0
BELOW_ONE = WindowDemand("<", 1.0, "worst")
BELOW_FIVE = WindowDemand("<", 5.0, "increase")


def steady(hours: float, value: float = 0.5, start: float = 0.0) -> Samples:
    seconds = start + np.arange(STEP, hours * HOUR + 1, STEP)
    return Samples(seconds, np.full(len(seconds), value), STEP)


def without(samples: Samples, since: float, until: float) -> Samples:
    kept = (samples.seconds <= since) | (samples.seconds >= until)
    return Samples(samples.seconds[kept], samples.values[kept], STEP)


def with_value(samples: Samples, at: float, value: float) -> Samples:
    values = samples.values.copy()
    values[np.searchsorted(samples.seconds, at)] = value
    return Samples(samples.seconds, values, STEP)


def test_three_days_of_good_samples_pass() -> None:
    """72 hours in which every sample meets the threshold pass, and one minute less does not."""
    full = evaluate(steady(72), BELOW_ONE, 0.0, 72 * HOUR, 72 * HOUR)
    short = evaluate(steady(72), BELOW_ONE, 0.0, 72 * HOUR, 72 * HOUR - STEP)

    assert (full.state, full.samples, full.expected, full.gaps) == ("passed", 72 * 60, 72 * 60, ())
    assert (short.state, short.elapsed) == ("running", 72 * HOUR - STEP)


def test_a_day_without_samples_is_unknown() -> None:
    """A hole of 24 hours is unknown however good the samples around it are, and is named."""
    holed = without(steady(72), 30 * HOUR, 54 * HOUR)

    result = evaluate(holed, BELOW_ONE, 0.0, 72 * HOUR, 72 * HOUR)

    assert result.state == "unknown"
    assert [(gap.start, gap.end) for gap in result.gaps] == [(30 * HOUR, 54 * HOUR)]


@pytest.mark.parametrize(("missed", "state"), [(1, "passed"), (2, "unknown")])
def test_a_gap_is_longer_than_two_intervals(missed: int, state: str) -> None:
    """One missed sample is jitter; two in a row are a gap."""
    holed = without(steady(2), HOUR, HOUR + (missed + 1) * STEP)

    assert evaluate(holed, BELOW_ONE, 0.0, 2 * HOUR, 2 * HOUR).state == state


@pytest.mark.parametrize("value", [math.nan, -math.inf])
def test_no_number_is_no_sample(value: float) -> None:
    """NaN, and infinity on the good side, prove nothing: three in a row are a gap."""
    samples = steady(1)
    for minute in (20, 21, 22):
        samples = with_value(samples, minute * STEP, value)

    assert evaluate(samples, BELOW_ONE, 0.0, HOUR, HOUR).state == "unknown"


def test_infinity_on_the_failing_side_fails() -> None:
    """A response time beyond the largest bucket is infinite, and fails."""
    result = evaluate(with_value(steady(1), 30 * STEP, math.inf), BELOW_ONE, 0.0, HOUR, HOUR)

    assert (result.state, result.last_failing) == ("failing", 30 * STEP)


@pytest.mark.parametrize("reduce", ["mean", "median"])
def test_between_opposite_infinities_is_no_warning_and_no_nan(reduce: str) -> None:
    """Where both infinities fail, their middle is infinite and fails, without a word of the library below."""
    samples = Samples(np.array([STEP, 2 * STEP]), np.array([-math.inf, math.inf]), STEP)

    result = evaluate(samples, WindowDemand("==", 1.0, reduce), 0.0, 2 * STEP, 2 * STEP)

    assert (result.state, result.value) == ("failing", math.inf)


def test_one_bad_sample_fails_before_the_window_is_full_and_despite_a_gap() -> None:
    """What is known to be bad is failing at once; a gap beside it excuses nothing."""
    samples = with_value(without(steady(4), HOUR, 2 * HOUR), 3 * HOUR, 7.0)

    assert evaluate(samples, BELOW_ONE, 0.0, 72 * HOUR, 4 * HOUR).state == "failing"


def test_a_mean_forgives_one_bad_sample_and_the_worst_does_not() -> None:
    """The reduction of the query decides what one bad sample does."""
    samples = with_value(steady(1), 30 * STEP, 7.0)
    states = {
        reduce: evaluate(samples, WindowDemand("<", 1.0, reduce), 0.0, HOUR, HOUR).state
        for reduce in ("worst", "max", "mean", "p95", "median", "last", "min")
    }

    assert states == {"worst": "failing", "max": "failing"} | dict.fromkeys(
        ("mean", "p95", "median", "last", "min"), "passed"
    )


def test_a_counter_that_was_reset_counts_on() -> None:
    """The increase over a window adds what came before and after a reset, and begins at the first sample."""
    values = np.array([1000.0, 1001.0, 1003.0, 0.0, 2.0, 2.0])
    samples = Samples(np.arange(1, 7) * STEP, values, STEP)

    below = [evaluate(samples, WindowDemand("<", limit, "increase"), 0.0, 6 * STEP, 6 * STEP) for limit in (5.0, 5.1)]

    assert [(result.value, result.state) for result in below] == [(5.0, "failing"), (5.0, "passed")]
    assert below[0].last_failing == 6 * STEP


def test_one_value_of_a_counter_shows_no_increase() -> None:
    """A single sample proves nothing, and the step from the value before the window belongs to it."""
    values = np.array([3.0, 50.0, 50.0])
    samples = Samples(np.array([STEP, 2 * STEP, 3 * STEP]), values, STEP)
    alone = evaluate(Samples(samples.seconds[:1], values[:1], STEP), BELOW_FIVE, 0.0, 2 * STEP, 2 * STEP)
    jumped = evaluate_last(samples, BELOW_FIVE, 0.0, 2 * STEP, 3 * STEP)

    assert (alone.state, alone.value) == ("unknown", None)
    assert (jumped.state, jumped.value, jumped.last_failing) == ("failing", 47.0, 3 * STEP)


def test_withdrawn_samples_are_unknown_however_few() -> None:
    """Taking back the one failing sample does not make its window healthy: nobody knows what happened there."""
    samples = with_value(steady(60), 10 * HOUR, 7.0)
    taken_back = replace(samples, withdrawn=((10 * HOUR, 10 * HOUR),))

    assert evaluate_last(samples, BELOW_ONE, 0.0, 24 * HOUR, 20 * HOUR).state == "failing"
    result = evaluate_last(taken_back, BELOW_ONE, 0.0, 24 * HOUR, 20 * HOUR)
    assert (result.state, result.last_failing, len(result.gaps)) == ("unknown", None, 1)
    assert evaluate_last(taken_back, BELOW_ONE, 0.0, 24 * HOUR, 35 * HOUR).state == "passed"
    assert [run.state for run in strip(taken_back, BELOW_ONE, 0.0, 20 * HOUR)] == ["healthy", "gap", "healthy"]


def test_the_last_hours_forget_what_is_older() -> None:
    """A bad sample leaves a window of the last 24 hours after 24 hours, and a deployment leaves it at once."""
    samples = with_value(steady(60), 10 * HOUR, 7.0)
    at = [evaluate_last(samples, BELOW_ONE, 0.0, 24 * HOUR, hours * HOUR).state for hours in (20, 34, 34.5)]
    redeployed = evaluate_last(samples, BELOW_ONE, 11 * HOUR, 24 * HOUR, 20 * HOUR)

    assert at == ["failing", "passed", "passed"]
    assert (redeployed.state, redeployed.elapsed) == ("running", 9 * HOUR)


def test_a_clock_before_the_deployment_judges_nothing() -> None:
    """Where the clock runs backwards nothing has begun, and nothing is passed."""
    result = evaluate(steady(1), BELOW_ONE, HOUR, HOUR, 0.5 * HOUR)

    assert (result.state, result.value, result.elapsed) == ("not_begun", None, 0.0)


def test_the_service_clock_behind_ours_leaves_an_open_gap() -> None:
    """Samples that end five minutes ago, by the clock of their service, make the last five minutes unknown."""
    result = evaluate(steady(55 / 60), BELOW_ONE, 0.0, HOUR, HOUR)

    assert (result.state, [gap.end for gap in result.gaps]) == ("unknown", [HOUR])


moments = st.lists(st.integers(0, 400), max_size=40, unique=True).map(sorted)
numbers = st.sampled_from([0.0, 0.5, 1.0, 2.0, math.nan, math.inf, -math.inf])
demands = st.builds(
    WindowDemand,
    st.sampled_from([">", ">=", "<", "<=", "=="]),
    st.sampled_from([0.5, 1.0]),
    st.sampled_from(REDUCTIONS),
)


def meets(demand: WindowDemand, value: float) -> bool:
    return bool(eval(f"value {demand.comparator} {demand.threshold}", {"value": value}))


def slow_twin(
    pairs: Sequence[tuple[float, float]], demand: WindowDemand, start: float, length: float, now: float, step: float
) -> str:
    """The rules of docs/rollout.md, word by word, a second at a time."""
    stop = min(now, start + length)
    if stop <= start:
        return "not_begun"
    usable = [
        (at, value)
        for at, value in pairs
        if start < at <= stop
        and value == value
        and not (math.isinf(value) and (demand.reduce == "increase" or meets(demand, value)))
    ]
    values = [value for _, value in usable]
    if demand.reduce == "increase":
        before = [v for at, v in pairs if start - 2 * step <= at <= start and math.isfinite(v)][-1:]
        values = before + values if usable else []
    is_shown = len(values) > (demand.reduce == "increase")
    if is_shown:
        if demand.reduce == "increase":
            value = sum(b if b < a else b - a for a, b in pairwise(values))
        elif demand.reduce == "worst":
            ranked = sorted(values, key=lambda v: abs(v - demand.threshold))
            value = {"<": max, ">": min}.get(demand.comparator[0], lambda _: ranked[-1])(values)
        elif demand.reduce == "mean":
            value = sum(values) / len(values)
            value = math.inf if value != value else value
        elif demand.reduce == "median":
            middle = sorted(values)
            value = (middle[(len(values) - 1) // 2] + middle[len(values) // 2]) / 2
        elif demand.reduce == "p95":
            value = next(v for v in sorted(values) if sum(w <= v for w in values) >= 0.95 * len(values))
        else:
            value = {"last": lambda v: v[-1], "max": max, "min": min}[demand.reduce](values)  # type: ignore[operator]
        if not meets(demand, value):
            return "failing"
    seen = {at for at, _ in usable}
    silence = 0
    for second in range(int(start) + 1, int(stop) + 1):
        silence += 1  # up to and with this second: a sample in it ends the silence, however long that was
        if silence > 2 * step:
            return "unknown"
        silence = 0 if second in seen else silence
    if now < start + length:
        return "running"
    return "passed" if is_shown else "unknown"


@given(moments, st.data(), demands, st.integers(0, 300), st.integers(1, 400), st.integers(0, 400), st.integers(1, 30))
def test_a_window_agrees_with_its_slow_twin(
    seconds: list[int], data: st.DataObject, demand: WindowDemand, start: int, length: int, now: int, step: int
) -> None:
    """For any samples, demand and moment the state is the one that the rules give second by second."""
    values = [data.draw(numbers) for _ in seconds]
    samples = Samples(np.array(seconds, dtype=float), np.array(values, dtype=float), float(step))

    result = evaluate(samples, demand, float(start), float(length), float(now))

    pairs = list(zip(map(float, seconds), values, strict=True))
    assert result.state == slow_twin(pairs, demand, start, length, now, step)


@given(moments, st.data(), st.integers(0, 300), st.integers(0, 400), st.integers(1, 30))
@example([5, 6, 7], None, 0, 100, 3)
def test_a_strip_holds_every_sample_once_and_every_gap(
    seconds: list[int], data: st.DataObject | None, start: int, now: int, step: int
) -> None:
    """The runs of a strip have as many samples as the window, the same gaps, and are in order."""
    values = [data.draw(st.sampled_from([0.5, 2.0, math.nan])) if data else 0.5 for _ in seconds]
    samples = Samples(np.array(seconds, dtype=float), np.array(values, dtype=float), float(step))

    runs = strip(samples, BELOW_ONE, float(start), float(now))
    result = evaluate(samples, BELOW_ONE, float(start), 1e9, float(now))

    assert sum(run.samples for run in runs) == result.samples
    assert [(run.start, run.end) for run in runs if run.state == "gap"] == [(g.start, g.end) for g in result.gaps]
    assert [run.start for run in runs] == sorted(run.start for run in runs)
    assert all(a.end <= b.start for a, b in pairwise(runs))


def test_samples_of_an_edited_expression_are_not_mixed() -> None:
    """Only what the newest expression answered counts; its unit is converted, or named where it does not fit."""
    at = pd.date_range("2025-09-01", periods=3, freq="1min", tz="UTC").as_unit("us")
    frame = pd.DataFrame(
        {
            "metric": "m",
            "scope": "",
            "definition": ["old", "new", "new"],
            "sampled_at": at,
            "value": [1.0, 250.0, 500.0],
            "unit": "ms",
            "kind": "measured",
            "step": 60.0,
        }
    )

    assert list(frame) == list(SAMPLES)
    assert samples_of(frame, "m", "", "s").values.tolist() == [0.25, 0.5]
    assert samples_of(frame, "m", "", "percent").unit_mismatch == "ms"
    assert len(samples_of(frame, "m", "other", "s").seconds) == 0
    # Where the plan has been edited and nothing was read since, what the expression before answered proves nothing.
    assert len(samples_of(frame, "m", "", "ms", definition="newest").seconds) == 0
    assert samples_of(frame, "m", "", "ms", definition="old").values.tolist() == [1.0]
