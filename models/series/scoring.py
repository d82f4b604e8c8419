"""How good were the odds: Brier score over log-horizon, reliability, coverage and width, with cases still running.

A case still running when its history ends is known only up to then. Where it is unknown it gets no weight, and those
known get more by the inverse of the chance of being known that long (inverse probability of censoring weights).
"""

from __future__ import annotations

import math

import numpy as np

from models.arrays import Floats

MIN_KNOWN = 0.05  # weights are never raised more than 20-fold


def ipcw_weights(crossed: Floats, watched: Floats, weights: Floats, days: Floats) -> Floats:
    """Weight of each case (row) at each day (column)."""
    known_for = KaplanMeier(watched, np.isinf(crossed), weights)
    at_event = 1 / np.maximum(known_for(np.where(np.isinf(crossed), 0.0, crossed)), MIN_KNOWN)
    at_day = 1 / np.maximum(known_for(days), MIN_KNOWN)
    happened = crossed[:, None] <= days
    running = ~happened & (watched[:, None] >= days)
    return weights[:, None] * (happened * at_event[:, None] + running * at_day)


class KaplanMeier:
    """Kaplan-Meier: P(time > t) just before t, for weighted times of which some only are events.

    Equal to lifelines, which brings seven packages for it (docs/decisions/0009).
    """

    def __init__(self, times: Floats, events: Floats, weights: Floats) -> None:
        order = np.argsort(times, kind="stable")
        at_risk = np.cumsum(weights[order][::-1])[::-1]
        lost = np.where(np.asarray(events, bool)[order], weights[order], 0.0)
        self.times, first = np.unique(times[order], return_index=True)
        fall = np.add.reduceat(lost, first) / at_risk[first]
        self.values = np.r_[1.0, np.cumprod(np.maximum(0.0, 1 - fall))]

    def __call__(self, moments: Floats) -> Floats:
        return np.asarray(self.values[np.searchsorted(self.times, moments, side="left")], np.float64)


def brier_by_day(odds: Floats, crossed: Floats, known: Floats, days: Floats) -> Floats:
    """Mean squared error of the odds per day, over the cases whose answer is known; nan where none is."""
    error = (odds - (crossed[:, None] <= days)) ** 2
    total = known.sum(axis=0)
    return np.where(total > 0, (known * error).sum(axis=0) / np.where(total > 0, total, 1.0), np.nan)


def reliability(odds: Floats, crossed: Floats, known: Floats, days: Floats, bins: int = 10) -> list[dict[str, float]]:
    """Per bin of odds: how sure, how often right, and its share of the weight."""
    place = np.minimum((odds * bins).astype(int), bins - 1)
    happened = (crossed[:, None] <= days).astype(np.float64)
    table = []
    for k in range(bins):
        share = known * (place == k)
        total = float(share.sum())
        if total > 0:
            mean_forecast = float((share * odds).sum()) / total
            observed_frequency = float((share * happened).sum()) / total
            weight = total / float(known.sum())
            # The keys are those of the answers, which other programs read.
            table.append(
                {"from": k / bins, "forecast": mean_forecast, "observed": observed_frequency, "weight": weight}
            )
    return table


def calibration_error(table: list[dict[str, float]]) -> float:
    """Expected calibration error: the mean gap between the mean forecast and the observed frequency."""
    return sum(row["weight"] * abs(row["forecast"] - row["observed"]) for row in table)


def odds_at(odds: Floats, days: Floats, moments: Floats) -> Floats:
    """Each case's odds at its own moment, the hazard constant between two days of the grid."""
    log_survival = np.log1p(-np.clip(odds, 0.0, 1 - 1e-9))
    rows = [np.interp(moment, days, row) for moment, row in zip(moments, log_survival, strict=True)]
    return np.asarray(1 - np.exp(rows), np.float64)


def coverage(odds: Floats, crossed: Floats, watched: Floats, weights: Floats, days: Floats, level: float) -> float:
    """Share of true dates inside the central interval, read off as the odds that were given to the true date.

    A case still running on its last day (or at the horizon) has left those odds behind; where its date lies among the
    rest is unknown, and it counts by the share of the rest that lies inside: one that was all but sure earns nothing.
    """
    event = crossed <= days[-1]
    reached = odds_at(odds, days, np.where(event, crossed, np.minimum(watched, days[-1])))
    low, high = (1 - level) / 2, (1 + level) / 2
    inside = ((reached >= low) & (reached <= high)).astype(np.float64)
    rest = np.clip(high - np.maximum(reached, low), 0, None) / np.maximum(1 - reached, 1e-9)
    return float(weights @ np.where(event, inside, rest) / weights.sum())


def plain_coverage(
    odds: Floats, crossed: Floats, watched: Floats, weights: Floats, days: Floats, level: float
) -> float:
    """The same, where a case still running counts as inside when the late end of its interval is not over yet."""
    event = crossed <= days[-1]
    reached = odds_at(odds, days, np.where(event, crossed, np.minimum(watched, days[-1])))
    inside = (reached <= (1 + level) / 2) & (~event | (reached >= (1 - level) / 2))
    return float(weights @ inside / weights.sum())


def crossing_coverage(odds: Floats, crossed: Floats, weights: Floats, days: Floats, level: float) -> float | None:
    """The share of crossings that were seen that lie inside the interval; None without any."""
    event = crossed <= days[-1]
    if not event.any():
        return None
    reached = odds_at(odds[event], days, crossed[event])
    inside = (reached >= (1 - level) / 2) & (reached <= (1 + level) / 2)
    return float(weights[event] @ inside / weights[event].sum())


def quantile_days(odds: Floats, days: Floats, p: float) -> Floats:
    """Per case the day by which the odds reach `p`; infinite beyond the horizon."""
    reached = odds >= p
    first = reached.argmax(axis=1)
    log_survival = np.log1p(-np.clip(odds, 0.0, 1 - 1e-9))
    rows = np.arange(len(odds))
    before = np.maximum(first - 1, 0)
    late, early = log_survival[rows, first], log_survival[rows, before]
    gap = np.where(late < early, early - late, 1.0)
    share = np.clip((early - math.log1p(-p)) / gap, 0.0, 1.0)
    found = days[before] + share * (days[first] - days[before])
    return np.where(reached.any(axis=1), np.where(first == 0, days[0], found), np.inf)


def width(odds: Floats, weights: Floats, days: Floats, level: float) -> float:
    """Median width of the interval in log-days; ends beyond the horizon count as the horizon, before a day as a day."""
    ends = [np.clip(quantile_days(odds, days, p), 1.0, days[-1]) for p in ((1 - level) / 2, (1 + level) / 2)]
    return weighted_quantile(np.log(ends[1]) - np.log(ends[0]), weights, 0.5)


def equal_coverage_width(odds: Floats, crossed: Floats, weights: Floats, days: Floats, level: float) -> float | None:
    """Median width in log-days over the crossings seen, once every interval is stretched until `level` hold theirs.

    Both ends of every interval move out (or in) by the same number of log-days: the split-conformal correction, so that
    a method that is too sure pays in width for what it lacks in coverage, and methods compare at equal coverage.
    None without a crossing.
    """
    event = crossed <= days[-1]
    if not event.any():
        return None
    shares = ((1 - level) / 2, (1 + level) / 2)
    early, late = (np.log(np.clip(quantile_days(odds[event], days, p), 1.0, days[-1])) for p in shares)
    came = np.log(np.clip(crossed[event], 1.0, days[-1]))
    outside = np.maximum(early - came, came - late)  # below zero: how far inside
    stretch = weighted_quantile(outside, weights[event], level)
    return weighted_quantile(np.maximum(late - early + 2 * stretch, 0.0), weights[event], 0.5)


def weighted_quantile(values: Floats, weights: Floats, p: float) -> float:
    """The smallest value with at least the share `p` of the weight at or below it."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    place = int(np.searchsorted(reached, p * reached[-1] * (1 - 1e-12)))
    return float(values[order][min(place, len(values) - 1)])
