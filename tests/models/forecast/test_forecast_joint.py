"""Readiness and GO as one event."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.wording.forecast_reasons import forecast_text
from app.wording.names import Names
from models.forecast import CriterionHistory, forecast_readiness
from models.forecast.attainment import Draw, readiness_times
from models.forecast.copula import correlation, uniform_draws
from models.forecast.measured import measured_part
from models.forecast.what_if import ScenarioChange, goal_seek, what_if
from models.reasons.forecast import (
    CriteriaStuck,
    HoldsNow,
    RequiredUnmeasured,
    RestsOnAttestation,
    TooFewPoints,
    UnmeasuredBlockers,
)
from models.series.history import progress_of
from tests.testing.forecast_series import START, THRESHOLD, kinds, weekly

ORIGIN = START + pd.Timedelta(weeks=39)
DAYS = np.array([0, 14, 60, 200, 365, 730])


def part(name: str, kind: str, **more: object) -> CriterionHistory:
    return CriterionHistory(name, kinds()[kind], THRESHOLD, "lower", None, 25.0, **more)  # type: ignore[arg-type]


def four(**more: object) -> list[CriterionHistory]:
    return [part("a", "steady", **more), part("b", "steady"), part("c", "already there"), part("d", "just arrived")]


@settings(max_examples=6, deadline=None)
@given(
    st.lists(st.sampled_from(["steady", "flat", "single jump", "already there", "saw-tooth"]), min_size=1, max_size=4)
)
def test_joint_never_exceeds_a_part(chosen: list[str]) -> None:
    """P(GO by d) is at most P(readiness by d) and at most each required criterion's own odds, for every d."""
    parts = [part(f"{k}", kind) for k, kind in enumerate(chosen)]
    joint = forecast_readiness(parts, target=20.0 * len(parts), origin=ORIGIN)
    every = [joint.readiness, *joint.criteria.values()]

    assert all(np.all(joint.go.probability_by(DAYS) <= one.probability_by(DAYS) + 1e-12) for one in every)


def test_missing_evidence_names_what_to_measure() -> None:
    """GO refuses and names what is missing, while the known parts keep their own dates."""
    thin = CriterionHistory("thin", weekly([9.0, 8.0]), THRESHOLD, "lower", None, 10.0)
    joint = forecast_readiness([*four(), thin], target=90, origin=ORIGIN, missing=["memory"])

    assert joint.outcome == "not_enough_evidence"
    assert joint.because == RequiredUnmeasured(("memory",), ("thin",), 6, 4)
    assert math.isinf(joint.go.quantile(0.1))
    assert joint.criteria["a"].outcome == "dated"
    assert joint.readiness.outcome == "dated"


@pytest.mark.parametrize(("attested", "barred"), [(0.0, False), (25.0, False), (26.0, True)])
def test_more_attested_points_than_the_plan_allows_bar_go(attested: float, barred: bool) -> None:
    """No date is given for a GO that the verdict would refuse for resting on people's word."""
    joint = forecast_readiness(four(), target=50, origin=ORIGIN, held_points=attested, attested_limit=25.0)

    assert (joint.because == RestsOnAttestation(attested, 25.0, is_measured=True)) is barred
    assert (joint.outcome == "not_enough_evidence") is barred
    assert joint.readiness.outcome == "dated"


def test_a_plan_that_is_attested_alone_names_that_as_its_reason() -> None:
    """Points enough and nothing measured: neither GO nor readiness has a date, and the reason is not lack of points."""
    joint = forecast_readiness([], target=90, origin=ORIGIN, held_points=100.0)

    assert joint.go.because == joint.readiness.because == RestsOnAttestation(100.0, 100.0, is_measured=False)
    assert measured_part(joint).criteria == ()


def test_an_open_blocker_holds_the_date_of_readiness() -> None:
    """Readiness is never likelier by a day than each of its blockers; an unknown blocker gives it no date at all."""
    free = forecast_readiness(four(), target=50, origin=ORIGIN)
    held = forecast_readiness(four(blocker=True), target=50, origin=ORIGIN)
    blind = forecast_readiness(four(), target=50, origin=ORIGIN, missing=["memory"], missing_blockers=["memory"])

    assert np.all(held.readiness.probability_by(DAYS) <= held.criteria["a"].probability_by(DAYS) + 1e-12)
    assert np.all(held.readiness.probability_by(DAYS) <= free.readiness.probability_by(DAYS) + 1e-12)
    assert blind.readiness.outcome == "not_enough_evidence"
    assert blind.readiness.because == UnmeasuredBlockers(("memory",))


def test_readiness_out_of_reach_is_not_dated() -> None:
    """Where the known criteria cannot add up to the target, readiness says so instead of giving a date."""
    joint = forecast_readiness([part("a", "steady")], target=90, origin=ORIGIN, missing=["b"])

    assert joint.readiness.outcome == "not_enough_evidence"
    assert joint.readiness.because == TooFewPoints(25.0, 90.0, ("b",))


def test_a_stuck_criterion_stops_go() -> None:
    """One required criterion that does not move makes GO not at this rate, and is named."""
    joint = forecast_readiness([*four()[:3], part("stuck", "flat")], target=70, origin=ORIGIN)

    assert joint.outcome == "not_at_this_rate"
    assert isinstance(joint.because, CriteriaStuck)
    assert joint.because.criteria == ("stuck",)


def test_waived_and_optional_criteria_do_not_bind() -> None:
    """A flat criterion that is waived or not required leaves GO to the others."""
    for more in ({"state": "waived"}, {"required": False}):
        joint = forecast_readiness([*four()[:3], part("stuck", "flat", **more)], target=60, origin=ORIGIN)
        assert joint.outcome == "dated"


def test_all_there_is_dated_today() -> None:
    """When everything holds, GO is today, with the odds of all staying."""
    joint = forecast_readiness([part("a", "already there"), part("b", "already there")], target=50, origin=ORIGIN)

    assert joint.go.quantile(0.5) == 0.0
    assert joint.go.probability_by(0) < joint.criteria["a"].probability_by(0)


def test_readiness_times_equal_a_plain_loop() -> None:
    """The vectorised day on which points reach the target is what a loop over days finds."""
    random = np.random.default_rng(0)
    draws = [
        Draw(np.array([0.5, 1.0]), np.sort(random.uniform(0, 100, (2, 50)), axis=0), 0.2, points, True)
        for points in (30.0, 50.0)
    ]
    found = readiness_times(draws, fixed=10.0, target=75.0)

    for k in range(50):
        moments = sorted({0.0, *(float(t) for draw in draws for t in draw.times[:, k])})
        points = [10 + sum(d.points * max([0.2, *d.levels[d.times[:, k] <= m]]) for d in draws) for m in moments]
        day = next((m for m, p in zip(moments, points, strict=True) if p >= 75 - 1e-9), math.inf)
        assert found[k] == day


def test_dependence_is_shrunk_and_valid() -> None:
    """Histories that move together correlate, below 1; the draws carry that correlation and stay uniform."""
    seen = [
        progress_of(kinds()[k], threshold=10, direction="lower", origin=ORIGIN, baseline=None)
        for k in ("saw-tooth",) * 2
    ]
    matrix = correlation(seen)
    draws = uniform_draws(matrix, 20000, 0)

    assert 0.4 < matrix[0, 1] < 1.0
    assert np.corrcoef(draws.T)[0, 1] == pytest.approx(6 / np.pi * np.arcsin(matrix[0, 1] / 2), abs=0.02)
    assert draws.mean() == pytest.approx(0.5, abs=0.01)


def test_what_if_uses_the_same_draws() -> None:
    """No change gives the same forecast to the bit; a faster pace helps and a freeze delays."""
    joint = forecast_readiness(four(), target=90, origin=ORIGIN)

    assert np.array_equal(what_if(joint, ScenarioChange()).go.odds, joint.go.odds)
    assert what_if(joint, ScenarioChange(pace={"a": 2.0, "b": 2.0})).go.quantile(0.3) < joint.go.quantile(0.3)
    frozen = what_if(joint, ScenarioChange(freeze_weeks=2))
    assert frozen.go.quantile(0.3) > joint.go.quantile(0.3)
    assert np.all(frozen.go.odds <= joint.go.odds + 1e-9)
    with pytest.raises(ValueError, match="no such criterion: x"):
        what_if(joint, ScenarioChange(pace={"x": 2.0}))


def test_dropping_what_is_stuck_frees_go() -> None:
    """Without the stuck criterion the others are dated, against a denominator without its points."""
    joint = forecast_readiness([*four()[:3], part("stuck", "flat")], target=90, origin=ORIGIN)

    assert joint.outcome == "not_at_this_rate"
    assert what_if(joint, ScenarioChange(drop=frozenset({"stuck"}))).outcome == "dated"


def test_goal_seek_reaches_what_it_promises() -> None:
    """The plan that is found makes GO as likely as asked, and taking any step back would not."""
    joint = forecast_readiness(four(), target=90, origin=ORIGIN)
    by = joint.origin + pd.Timedelta(days=150)
    before = joint.go.probability_by(150)
    plan = goal_seek(joint, by, before + 0.1)

    assert plan.pace
    assert plan.probability > before
    assert plan.probability == what_if(joint, ScenarioChange(pace=plan.pace)).go.probability_by(150)
    assert goal_seek(joint, by, before - 0.01).pace == {}


def test_many_needs_are_named_in_part() -> None:
    """A refusal names five needs and counts the others, and does not call unmeasured what only lacks history."""
    thin = [CriterionHistory(f"t{k}", weekly([9.0, 8.0]), THRESHOLD, "lower", None, 5.0) for k in range(9)]
    joint = forecast_readiness([*four(), *thin], target=90, origin=ORIGIN, missing=["memory"])

    assert isinstance(joint.because, RequiredUnmeasured)
    assert forecast_text(joint.because, Names()) == (
        "GO needs, but nothing measures: memory; too little history: t0, t1, t2, t3, t4 and 4 more "
        "(6 observations over 4 weeks are needed)"
    )


@settings(max_examples=6, deadline=None)
@given(
    st.lists(st.sampled_from(["steady", "flat", "single jump", "already there", "saw-tooth"]), min_size=1, max_size=4)
)
def test_the_measured_part_never_exceeds_a_required_criterion(chosen: list[str]) -> None:
    """With reports missing, the measured criteria keep a joint forecast that no required one of them contradicts."""
    parts = [part(f"{k}", kind, blocker=k == 0) for k, kind in enumerate(chosen)]
    joint = forecast_readiness(parts, target=90, origin=ORIGIN, missing=["report"], missing_blockers=["report"])
    measured = measured_part(joint)

    assert joint.go.outcome == "not_enough_evidence"
    assert measured.weight == pytest.approx(25.0 * len(parts))
    assert measured.criteria == tuple(f"{k}" for k in range(len(parts)))
    assert all(
        np.all(measured.forecast.probability_by(DAYS) <= one.probability_by(DAYS) + 1e-12)
        for one in joint.criteria.values()
    )


def test_the_measured_part_has_a_date_where_go_has_none() -> None:
    """A steady course gives the measured part a date, though two blockers are unknown."""
    joint = forecast_readiness([part("a", "steady"), part("b", "steady")], target=90, origin=ORIGIN, missing=["x"])

    assert measured_part(joint).forecast.outcome == "dated"
    assert math.isfinite(measured_part(joint).forecast.quantile(0.5))


def test_nothing_measured_gives_the_measured_part_no_date() -> None:
    """Without one criterion that has a history there is not enough evidence, and no weight."""
    measured = measured_part(forecast_readiness([], target=90, origin=ORIGIN, missing=["x"]))

    assert measured.weight == 0
    assert measured.forecast.outcome == "not_enough_evidence"


def test_go_that_holds_is_answered_with_the_odds_that_it_stays() -> None:
    """Where all parts hold and the points are there, GO "holds" at once, also when no history is long enough."""
    thin = CriterionHistory("thin", weekly([9.0, 8.0]), THRESHOLD, "lower", None, 50.0)
    origin = START + pd.Timedelta(weeks=1)
    alone = forecast_readiness([thin], target=50, origin=origin)
    both = forecast_readiness(
        [part("a", "already there"), replace(thin, history=kinds()["already there"])], target=75, origin=ORIGIN
    )

    for joint in (alone, both):
        assert joint.outcome == joint.go.outcome == joint.readiness.outcome == "holds"
        assert joint.go.quantile(0.5) == 0.0
        assert joint.holding is not None
        assert joint.holding.stays == joint.go.odds[0]
        assert 0.5 < joint.holding.stays <= joint.holding.weakest_stays < 1
        assert joint.go.drivers == ()
        assert joint.because == HoldsNow(
            joint.holding.stays, 28, joint.holding.days, joint.holding.weakest, joint.holding.weakest_stays
        )
    assert alone.holding is not None
    assert (alone.holding.weakest, alone.holding.days) == ("thin", 7.0)


def test_go_has_held_since_the_last_of_points_and_parts_came() -> None:
    """A part that GO does not need delays the hold of GO as long as its points were wanted, and no longer."""
    early = CriterionHistory("early", weekly([90.0] * 10 + [8.0] * 30), THRESHOLD, "lower", None, 60.0)
    late = CriterionHistory("late", weekly([90.0] * 35 + [8.0] * 5), THRESHOLD, "lower", None, 40.0, required=False)
    days = {
        target: holding.days
        for target in (60, 90)
        if (holding := forecast_readiness([early, late], target=target, origin=ORIGIN).holding)
    }

    assert days == {60: 29 * 7.0, 90: 4 * 7.0}


def test_go_can_hold_where_no_part_is_required() -> None:
    """A plan without rules and blockers is GO when the points are there: it holds, with its least sure part."""
    free = [replace(part("a", "already there"), required=False), replace(part("b", "just arrived"), required=False)]
    joint = forecast_readiness(free, target=50, origin=ORIGIN)

    assert joint.outcome == "holds"
    assert joint.holding is not None
    assert (joint.holding.weakest, joint.holding.days) == ("b", 0.0)


@pytest.mark.parametrize("gap", [1, 2, 7])
def test_one_more_equal_observation_does_not_move_the_odds_of_go(gap: int) -> None:
    """All criteria measured once more, unchanged: the odds of GO by a fixed day change by less than 5 points."""
    parts, day = four(), ORIGIN + pd.Timedelta(days=gap)
    again = [
        replace(one, history=pd.concat([one.history, pd.Series([one.history.iloc[-1]], index=[day])])) for one in parts
    ]
    before = forecast_readiness(parts, target=90, origin=ORIGIN).go
    after = forecast_readiness(again, target=90, origin=day).go
    fixed = np.array([91, 182, 365])

    assert np.abs(after.probability_by(fixed - gap) - before.probability_by(fixed)).max() < 0.05


def test_go_does_not_hold_where_something_is_open_or_unknown() -> None:
    """An open part, a stale figure, missing evidence or missing points: then GO is a question of dates again."""
    held = part("a", "already there")
    asked = [
        ([held, part("b", "steady")], 25.0, []),
        ([replace(held, state="stale")], 25.0, []),
        ([held], 25.0, ["memory"]),
        ([held], 26.0, []),
    ]
    for parts, target, missing in asked:
        joint = forecast_readiness(parts, target=target, origin=ORIGIN, missing=missing)
        assert joint.outcome != "holds"
        assert joint.holding is None
