"""Readiness: evidence moves the number, a claim never does, and absent evidence is never a pass."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.wording.reasons import criterion_text
from models.frames import CLAIMS, OBSERVATIONS, READINESS, SNAPSHOT, check_frame, empty_frame
from models.plan.plan import Attestation, Criterion, Gate, Plan, Waiver
from models.readiness.attainment import ALMOST, attainment, holds
from models.readiness.score import (
    baselines_from,
    path_to_target,
    plan_in_force,
    readiness_series,
    score_snapshot,
    snapshot_at,
)
from models.reasons.criterion import (
    Attested,
    ClaimedFigure,
    Compared,
    NeverMeasured,
    UnitMismatch,
    ValueUnknown,
    Waived,
)
from models.reasons.decision import AddMeasurement, ChangeValue, ProofByMetric
from models.reasons.requirement import Requirement

T0 = datetime(2025, 6, 1, tzinfo=UTC)
NOW = datetime(2025, 9, 8, tzinfo=UTC)


def day(n: float) -> datetime:
    return T0 + timedelta(days=n)


def criterion(identity: str = "coverage", **given: Any) -> Criterion:
    base: dict[str, Any] = {
        "title": identity,
        "gate": "g",
        "metric": f"{identity}_count",
        "scope": "",
        "comparator": ">",
        "threshold": 15.0,
        "unit": "",
    }
    return Criterion(id=identity, **{**base, **given})


def plan(*criteria: Criterion, target: float = 90.0, **given: Any) -> Plan:
    gates = {c.gate: 1.0 for c in criteria}
    return Plan(
        target=target,
        gates=tuple(Gate(g, g, w, tuple(c for c in criteria if c.gate == g)) for g, w in gates.items()),
        **given,
    )


def observation(metric: str = "coverage_count", value: float = math.nan, **given: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "metric": metric,
        "scope": "",
        "observed_at": NOW - timedelta(days=1),
        "recorded_at": NOW,
        "value": value,
        "reason": "",
        "unit": "",
        "kind": "measured",
        "commit": "",
        "source": "artifacts",
        "evidence": "",
        "definition": "",
    }
    return {**base, **given}


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    if not rows:
        return empty_frame(OBSERVATIONS)
    dtypes = {"text": "str", "time": "datetime64[us, UTC]", "number": "float64"}
    return pd.DataFrame({c: pd.Series([row[c] for row in rows], dtype=dtypes[f]) for c, f in OBSERVATIONS.items()})


def claim(**given: Any) -> pd.DataFrame:
    row: dict[str, Any] = {
        "observed_at": NOW - timedelta(days=1),
        "recorded_at": NOW,
        "metric": "coverage_count",
        "scope": "",
        "value": 95.0,
        "unit": "percent",
        "reason": "",
        "text": "Coverage: 95%",
        "path": "docs/STATUS.md",
        "line": 12.0,
        "commit": "",
        "author": "somebody",
        "merged_by": "",
        "removed_at": "",
        "removed_commit": "",
        "moved_to": "",
        **given,
    }
    dtypes = {"text": "str", "time": "datetime64[us, UTC]", "number": "float64"}
    return pd.DataFrame({c: pd.Series([row[c]], dtype=dtypes[f]) for c, f in CLAIMS.items()})


# --- attainment


@pytest.mark.parametrize(
    ("comparator", "threshold", "baseline", "value", "expected"),
    [
        (">", 15, 5, 10, 0.5),
        (">", 15, 5, 15, ALMOST),  # at the threshold is not above it
        (">=", 15, 5, 15, 1.0),
        (">", 15, 5, 2, 0.0),  # worse than at the start
        ("<", 10, 50, 30, 0.5),
        ("<=", 0, 40, 10, 0.75),
        ("==", 0, 40, 10, 0.75),
        ("==", 5, 0, 10, 0.0),  # as far past the mark as the baseline is short of it
        ("==", 5, 0, 5, 1.0),
        (">", 15, None, 14, 0.0),
        (">", 15, 15, 14, 0.0),  # a baseline at the threshold leaves no way to measure
        (">", 15, 30, 20, 1.0),
    ],
)
def test_attainment_is_the_share_of_the_way(
    comparator: Any, threshold: float, baseline: float | None, value: float, expected: float
) -> None:
    """Attainment is the share of the way from baseline to threshold, all of it only where the comparator holds."""
    asked = criterion(comparator=comparator, threshold=float(threshold))
    assert attainment(asked, float(value), baseline) == pytest.approx(expected)


def test_the_log_scale_counts_factors() -> None:
    """From 465 MB to 10 MB on a log scale, half of the way is the geometric mean; a threshold of 0 uses log(1 + x)."""
    bundle = criterion(comparator="<", threshold=10.0, scale="log")
    assert attainment(bundle, math.sqrt(465 * 10), 465.0) == pytest.approx(0.5)
    none = criterion(comparator="<=", threshold=0.0, scale="log")
    assert attainment(none, 9.0, 99.0) == pytest.approx(0.5)
    assert attainment(criterion(scale="log"), 0.0, 3.0) == 0.0
    assert attainment(criterion(scale="log"), 5.0, -5.0) == pytest.approx(0.5)


numbers = st.floats(-1e6, 1e6, allow_nan=False)
comparators = st.sampled_from([">", ">=", "<", "<=", "=="])


@given(comparators, numbers, numbers, st.one_of(st.none(), numbers), st.sampled_from(["linear", "log"]))
def test_all_points_are_earned_exactly_where_the_comparator_holds(
    comparator: Any, threshold: float, value: float, baseline: float | None, scale: Any
) -> None:
    """Attainment stays within 0..1 and is 1 if and only if the comparator holds on the raw value."""
    asked = criterion(comparator=comparator, threshold=threshold, scale=scale)
    found = attainment(asked, value, baseline)
    assert 0.0 <= found <= 1.0
    assert (found == 1.0) == holds(asked, value)


def test_the_raw_number_decides() -> None:
    """89.96 and 89.9999999 never pass 90, and are never shown as 90."""
    for value in (89.96, 89.996, 89.9999999):
        asked = criterion(comparator=">=", threshold=90.0, baseline=0.0)
        score = score_snapshot(frame(observation(value=value)), plan(asked), NOW).criteria[0]
        assert score.state == "failing"
        assert score.attainment < 1
        assert score.because == Compared(value, Requirement(">=", 90.0, ""), meets=False, simulated=False)
        assert (
            "90%" not in criterion_text(replace(score.because, demand=Requirement(">=", 90.0, "percent"))).split(",")[0]
        )


# --- states


def only(observations: pd.DataFrame, asked: Criterion, **given: Any) -> Any:
    claims = given.pop("claims", None)
    return score_snapshot(observations, plan(asked, **given), NOW, claims).criteria[0]


def test_passing_and_failing_come_from_fresh_figures() -> None:
    """A fresh figure passes or fails, with the values in the reason and the evidence beside it."""
    snapshot = frame(observation(value=16.2, commit="abc")).assign(locator="ci/lcov.info@abc", sha256="f00", tool="c8")
    score = only(snapshot, criterion(unit="percent"))
    assert (score.state, score.attainment) == ("passing", 1.0)
    assert score.because == Compared(16.2, Requirement(">", 15.0, "percent"), meets=True, simulated=False)
    assert (score.evidence.locator, score.evidence.sha256, score.evidence.commit) == ("ci/lcov.info@abc", "f00", "abc")
    assert score.age_days == 1.0
    assert only(frame(observation(value=3.4)), criterion()).state == "failing"


def test_what_nobody_measured_is_missing() -> None:
    """No figure, or an unknown one with its reason, is missing: no points, and its weight stays."""
    assert only(frame(), criterion()).because == NeverMeasured("coverage_count")
    unknown = only(frame(observation(reason="half-written file")), criterion())
    assert (unknown.state, unknown.because) == ("missing", ValueUnknown("half-written file"))
    assert (unknown.points, unknown.points_possible, unknown.value) == (0.0, 100.0, None)


def test_old_figures_are_stale_at_the_limit_and_not_before() -> None:
    """A figure is evidence for max_age_days to the second; after that it is shown and earns nothing."""
    fresh = frame(observation(value=20, observed_at=NOW - timedelta(days=30)))
    old = frame(observation(value=20, observed_at=NOW - timedelta(days=30, seconds=1)))
    assert only(fresh, criterion()).state == "passing"
    score = only(old, criterion())
    assert (score.state, score.points, score.value) == ("stale", 0.0, 20.0)


@pytest.mark.parametrize("source", ["git", "tree"])
def test_facts_about_the_tree_carry_forward(source: str) -> None:
    """A git figure holds until the next commit, so a year without commits makes it no less true."""
    row = observation(value=20, source=source, observed_at=NOW - timedelta(days=400))
    assert only(frame(row), criterion()).state == "passing"
    assert only(frame({**row, "kind": "simulated"}), criterion()).state == "stale"


@pytest.mark.parametrize(
    ("reported", "state"),
    [
        ("[ ] CI is green", "missing"),
        ("[ ] Coverage > 80%; [ ] Tests pass", "missing"),
        ("required >80%; Owner: QA", "missing"),
        ("[x] CI is green", "claimed"),
        ("[ ] All of it; [x] Half of it", "claimed"),
        ("78% of 85%", "claimed"),
        ("[ ] CI is green; Current status: 6/7 tests failing", "claimed"),
    ],
)
def test_an_empty_box_claims_nothing(reported: str, state: str) -> None:
    """A box that nobody has ticked, and a demand without a figure beside it, are no claims: nobody claimed it."""
    assert only(frame(), criterion(claim=reported)).state == state


def test_a_claim_is_shown_and_earns_nothing() -> None:
    """A claim from a document or the plan makes a missing criterion claimed, with its words, and no points."""
    score = only(frame(), criterion(), claims=claim())
    assert (score.state, score.points) == ("claimed", 0.0)
    assert (score.claim.quote, score.claim.place) == ("Coverage: 95%", "docs/STATUS.md:12")
    assert only(frame(), criterion(claim="3.4%")).because == NeverMeasured(
        "coverage_count", claim=ClaimedFigure("3.4%")
    )
    assert only(frame(observation(value=95, kind="claimed")), criterion()).state == "claimed"
    assert only(frame(), criterion(), claims=claim(observed_at=NOW + timedelta(days=1))).state == "missing"


def test_what_does_not_apply_leaves_the_denominator() -> None:
    """A criterion that does not apply weighs nothing; a plan of which nothing applies has no readiness at all."""
    away = criterion("bundle", not_applicable="no front end")
    readiness = score_snapshot(frame(observation(value=20)), plan(criterion(), away), NOW)
    assert readiness.value == 100.0
    assert readiness.gates[0].status == "passing"
    nothing = score_snapshot(frame(), plan(away), NOW)
    assert math.isnan(nothing.value)
    assert nothing.gates[0].status == "not_applicable"


def test_a_waiver_lifts_the_block_and_earns_nothing() -> None:
    """A waiver frees the value from the cap and is shown with owner, reason and expiry; the points stay unearned."""
    blocker = criterion(blocker=True, weight=1.0)
    other = criterion("docs", weight=19.0)
    rows = frame(observation("docs_count", 20.0))
    waiver = Waiver("coverage", "L. Sommer", "after the freeze", date(2025, 9, 8), covers_unknown=True)
    blocked = score_snapshot(rows, plan(blocker, other), NOW)
    waived = score_snapshot(rows, plan(blocker, other, waivers=(waiver,)), NOW)
    assert (blocked.value, blocked.uncapped, blocked.capped_because) == (89.0, 95.0, ("coverage",))
    assert (waived.value, waived.capped_because) == (95.0, ())
    assert waived.criteria[0].state == "waived"
    reason = waived.criteria[0].because
    assert reason == Waived("L. Sommer", date(2025, 9, 8), "after the freeze", NeverMeasured("coverage_count"))
    expired = score_snapshot(rows, plan(blocker, other, waivers=(waiver,)), NOW + timedelta(days=1))
    assert (expired.value, expired.criteria[0].state) == (89.0, "missing")


def test_a_passing_criterion_needs_no_waiver() -> None:
    """A waiver on what passes changes nothing."""
    waiver = Waiver("coverage", "L. Sommer", "just in case", date(2025, 12, 1))
    assert only(frame(observation(value=20)), criterion(), waivers=(waiver,)).state == "passing"


def test_attested_points_are_shown_apart() -> None:
    """A named person's word counts between its two days, is distinguished, and any measurement silences it."""
    word = Attestation("M. Weber", date(2025, 9, 1), date(2025, 9, 8))
    asked = plan(criterion(attested=word), criterion("docs"))
    readiness = score_snapshot(frame(), asked, NOW)
    assert (readiness.value, readiness.attested_points, readiness.known_weight) == (50.0, 50.0, 0.0)
    score = readiness.criteria[0]
    assert score.state == "claimed"
    assert score.because == Attested("M. Weber", date(2025, 9, 8), None, Requirement(">", 15.0, ""))
    assert score_snapshot(frame(), asked, NOW + timedelta(days=1)).value == 0.0
    assert score_snapshot(frame(), asked, NOW - timedelta(days=8)).value == 0.0
    assert score_snapshot(frame(observation(value=3.0)), asked, NOW).value == 0.0
    assert score_snapshot(frame(observation()), asked, NOW).value == 0.0


def test_an_attested_value_is_held_against_the_threshold() -> None:
    """Where the person names a figure, the figure is judged, not the signature."""
    word = Attestation("M. Weber", date(2025, 9, 1), date(2025, 12, 1), value=10.0)
    score = only(frame(), criterion(baseline=5.0, attested=word))
    assert (score.state, score.holds, score.attainment) == ("claimed", False, 0.5)


def test_units_are_converted_or_refused() -> None:
    """Bytes are held against a threshold in MB; percent are not held against milliseconds."""
    bundle = criterion("bundle", comparator="<", threshold=10.0, unit="MB")
    score = only(frame(observation("bundle_count", 465e6, unit="bytes")), bundle)
    assert (score.value, score.state) == (465.0, "failing")
    refused = only(frame(observation("bundle_count", 3.0, unit="percent")), bundle)
    assert refused.state == "missing"
    assert refused.because == UnitMismatch("percent", "MB")


def test_the_newest_of_measured_and_simulated_speaks() -> None:
    """The newer row speaks, measured before simulated at one moment, the later recorded as its correction."""
    old = observation(value=1.0, observed_at=NOW - timedelta(days=2))
    simulated = observation(value=2.0, kind="simulated", recorded_at=NOW + timedelta(days=3))
    measured = observation(value=3.0)
    corrected = observation(value=4.0, recorded_at=NOW + timedelta(days=1))
    assert only(frame(old, simulated), criterion()).value == 2.0
    assert only(frame(old, simulated), criterion()).evidence.kind == "simulated"
    assert only(frame(measured, simulated, old), criterion()).value == 3.0
    assert only(frame(corrected, measured, simulated), criterion()).value == 4.0
    assert only(frame(corrected, observation(value=9.0, scope="src")), criterion()).value == 4.0


def test_git_figures_of_an_older_counting_rule_are_not_mixed_in() -> None:
    """After a re-count under a new rule, a later row of the old rule says nothing any more."""
    rows = [
        observation(value=50, source="git", definition="v1", observed_at=day(1), recorded_at=day(3)),
        observation(value=60, source="git", definition="v1", observed_at=day(2), recorded_at=day(3)),
        observation(value=10, source="git", definition="v2", observed_at=day(1), recorded_at=day(9)),
    ]
    assert only(frame(*rows), criterion()).value == 10.0
    assert snapshot_at(frame(*rows), NOW)["value"].tolist() == [10.0]
    assert only(frame(*rows[:2]), criterion()).value == 60.0


# --- readiness


def test_gates_and_criteria_are_weighted() -> None:
    """A gate is the weighted mean of its criteria, readiness that of its gates; points add up to it."""
    asked = plan(criterion("a", weight=3.0), criterion("b"), criterion("c", gate="h", baseline=5.0))
    rows = frame(observation("a_count", 20.0), observation("c_count", 10.0))
    readiness = score_snapshot(rows, asked, NOW)
    assert [gate.completion for gate in readiness.gates] == [75.0, 50.0]
    assert [score.points for score in readiness.criteria] == [37.5, 0.0, 25.0]
    assert [score.points_possible for score in readiness.criteria] == [37.5, 12.5, 50.0]
    assert (readiness.value, readiness.known_weight) == (62.5, 0.875)
    assert [gate.status for gate in readiness.gates] == ["unknown", "failing"]


def test_nine_of_ten_equal_criteria_are_exactly_ninety() -> None:
    """Ten criteria of weight 0.1, nine of which pass, make 90 and not 89.99999999999999."""
    asked = plan(*(criterion(f"c{i}", weight=0.1) for i in range(10)))
    rows = frame(*(observation(f"c{i}_count", 20.0) for i in range(9)))
    assert score_snapshot(rows, asked, NOW).value == 90.0


def test_no_frame_is_changed() -> None:
    """What goes in comes out untouched."""
    rows = frame(observation(value=3.0), observation(value=5.0, kind="claimed"), observation("x", 1.0))
    words, asked = claim(), plan(criterion())
    before, before_words = rows.copy(deep=True), words.copy(deep=True)
    score_snapshot(rows, asked, NOW, words)
    snapshot_at(rows, NOW)
    baselines_from(rows, asked)
    readiness_series(rows, [(T0, asked)], [NOW])
    pd.testing.assert_frame_equal(rows, before)
    pd.testing.assert_frame_equal(words, before_words)


def test_snapshots_and_series_pass_their_checks() -> None:
    """The frames handed out have the columns and types of their contracts, also where nothing is in them."""
    asked = plan(criterion())
    for rows in (frame(), frame(observation(value=3.0))):
        check_frame(snapshot_at(rows, NOW), SNAPSHOT, "snapshot")
        check_frame(readiness_series(rows, [(T0, asked)], [NOW]), READINESS, "readiness")
    check_frame(readiness_series(frame(), [(T0, asked)], []), READINESS, "readiness")


def test_the_plan_in_force_is_the_newest_begun() -> None:
    """A plan edit counts from its day on; the first plan counts for everything before it."""
    first, second = plan(criterion()), plan(criterion(threshold=50.0))
    plans = [(day(30), second), (day(10), first)]
    assert plan_in_force(plans, day(1)) is first
    assert plan_in_force(plans, day(29)) is first
    assert plan_in_force(plans, day(30)) is second
    with pytest.raises(ValueError, match="no plan was given"):
        plan_in_force([], NOW)


def test_the_series_knows_what_was_claimed() -> None:
    """What is missing is claimed from the day on which a figure was recorded as claimed, as in a snapshot."""
    rows = frame(observation(value=95.0, kind="claimed", observed_at=day(3)))
    series = readiness_series(rows, [(T0, plan(criterion()))], [day(2), day(3)])
    assert series["state"].tolist() == ["missing", "", "claimed", ""]


# --- properties

METRICS = ("a_count", "b_count", "c_count")
values = st.one_of(st.just(math.nan), st.integers(0, 40).map(float))


@st.composite
def observations(draw: st.DrawFn) -> list[dict[str, Any]]:
    rows = st.fixed_dictionaries(
        {
            "metric": st.sampled_from(METRICS),
            "scope": st.sampled_from(["", "src"]),
            "observed_at": st.integers(0, 60).map(day),
            "recorded_at": st.integers(60, 63).map(day),
            "value": values,
            "reason": st.just(""),
            "unit": st.sampled_from(["", "percent", "percent", "ms"]),
            "kind": st.sampled_from(["measured", "measured", "simulated", "claimed"]),
            "commit": st.sampled_from(["", "c1"]),
            "source": st.sampled_from(["git", "artifacts"]),
            "evidence": st.sampled_from(["e1", "e2"]),
            "definition": st.sampled_from(["v1", "v2"]),
        }
    )
    return draw(st.lists(rows, max_size=25))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    count = draw(st.integers(1, 5))
    found = []
    for i in range(count):
        word = Attestation("P", day(0).date(), day(50).date(), draw(st.sampled_from([None, 10.0])))
        found.append(
            criterion(
                f"k{i}",
                gate=draw(st.sampled_from(["g", "h"])),
                metric=draw(st.sampled_from([*METRICS, ""])),
                scope=draw(st.sampled_from(["", "src"])),
                comparator=draw(comparators),
                threshold=float(draw(st.integers(0, 40))),
                unit=draw(st.sampled_from(["", "percent"])),
                baseline=draw(st.sampled_from([None, None, 0.0, 40.0])),
                weight=draw(st.sampled_from([1.0, 0.1, 3.0])),
                blocker=draw(st.booleans()),
                scale=draw(st.sampled_from(["linear", "log"])),
                max_age_days=draw(st.sampled_from([5.0, 30.0])),
                not_applicable=draw(st.sampled_from(["", "", "", "no"])),
                attested=draw(st.sampled_from([None, None, word])),
            )
        )
    waivers = [Waiver(f"k{i}", "O", "r", day(draw(st.integers(0, 60))).date()) for i in range(draw(st.integers(0, 2)))]
    return plan(*found, target=float(draw(st.sampled_from([0, 50, 90, 100]))), waivers=tuple(waivers))


moments = st.integers(0, 70).map(day)


def same(one: float, two: float) -> bool:
    return one == two or (math.isnan(one) and math.isnan(two))


@settings(deadline=None, max_examples=10)
@given(observations(), st.lists(plans(), min_size=1, max_size=2), st.lists(moments, max_size=4))
def test_the_series_equals_a_plain_loop_of_snapshots(
    rows: list[dict[str, Any]], some: list[Plan], times: list[datetime]
) -> None:
    """The fast series is what scoring the snapshot of each moment, one after the other, gives."""
    table, dated = frame(*rows), [(day(20 * i), each) for i, each in enumerate(some)]
    series = readiness_series(table, dated, times)
    expected: list[tuple[Any, ...]] = []
    for at in times:
        asked = plan_in_force(dated, at)
        baselines = baselines_from(table[table["observed_at"] <= at], asked)
        found = score_snapshot(snapshot_at(table, at), asked, at, baselines=baselines)
        for s in found.criteria:
            value = math.nan if s.value is None else s.value
            row = (s.criterion.id, value, s.state, s.attainment, s.points, s.points_possible, found.value)
            expected.append((at, *row, found.known_weight))
        state = "capped" if found.capped_because else ""
        possible = sum(gate.points_possible for gate in found.gates)
        row = ("", found.value, state, found.uncapped / 100, found.uncapped, possible, found.value)
        expected.append((at, *row, found.known_weight))
    wanted = pd.DataFrame(expected, columns=list(READINESS)).astype(dict(series.dtypes))
    pd.testing.assert_frame_equal(series, wanted, check_exact=True)


def by_hand(rows: list[dict[str, Any]], asked: Plan, at: datetime) -> float:
    """Readiness before the cap, by the plainest arithmetic."""
    top, bottom = 0.0, 0.0
    table = frame(*rows)
    baselines = baselines_from(table, asked)
    scored = {s.criterion.id: s for s in score_snapshot(table, asked, at, baselines=baselines).criteria}
    for gate in asked.gates:
        applies = [c for c in gate.criteria if not c.not_applicable]
        if applies:
            whole = sum(c.weight for c in applies)
            top += gate.weight * sum(c.weight * scored[c.id].attainment for c in applies) / whole
            bottom += gate.weight
    return 100 * top / bottom if bottom else math.nan


@settings(deadline=None, max_examples=10)
@given(observations(), plans(), moments)
def test_readiness_is_the_weighted_mean_by_hand(rows: list[dict[str, Any]], asked: Plan, at: datetime) -> None:
    """Gates, points and readiness agree with the plain weighted mean, and points sum to the uncapped readiness."""
    table = frame(*rows)
    found = score_snapshot(table, asked, at, baselines=baselines_from(table, asked))
    assert found.uncapped == pytest.approx(by_hand(rows, asked, at), nan_ok=True)
    if not math.isnan(found.uncapped):
        assert math.fsum(s.points for s in found.criteria) == pytest.approx(found.uncapped)
        assert math.fsum(s.points_possible for s in found.criteria) == pytest.approx(100.0)
        open_blockers = [s for s in found.criteria if s.is_open_blocker]
        limit = max(asked.target - 1, 0) if open_blockers else 100.0
        assert found.value == min(found.uncapped, limit)


@settings(deadline=None, max_examples=10)
@given(observations(), plans(), moments, st.sampled_from(METRICS), st.sampled_from(["", "src"]))
def test_absent_evidence_never_raises_readiness(
    rows: list[dict[str, Any]], asked: Plan, at: datetime, metric: str, scope: str
) -> None:
    """When the newest figure turns unknown, or ages past its limit, readiness does not rise."""
    table = frame(*rows)
    before = score_snapshot(table, asked, at, baselines=baselines_from(table, asked))
    mine = [r for r in rows if (r["metric"], r["scope"]) == (metric, scope) and r["kind"] != "claimed"]
    newest = max((r["observed_at"] for r in mine if r["observed_at"] <= at), default=None)
    lost = [{**r, "value": math.nan} if r in mine and r["observed_at"] == newest else r for r in rows]
    without = frame(*lost)
    after = score_snapshot(without, asked, at, baselines=baselines_from(without, asked))
    assert math.isnan(before.value) or after.value <= before.value
    assert after.known_weight <= before.known_weight


@settings(deadline=None, max_examples=10)
@given(observations(), plans(), moments, st.permutations(range(25)), values)
def test_claims_and_the_order_of_rows_change_nothing(
    rows: list[dict[str, Any]], asked: Plan, at: datetime, order: list[int], reported: float
) -> None:
    """Shuffled rows, added claims and removed claims leave every figure as it was."""
    table = frame(*rows)
    shuffled = table.iloc[[i for i in order if i < len(table)]]
    silent = table[table["kind"] != "claimed"]
    found = score_snapshot(table, asked, at, baselines=baselines_from(table, asked))
    for other, words in ((shuffled, None), (silent, None), (table, claim(value=reported, observed_at=day(0)))):
        again = score_snapshot(other, asked, at, words, baselines_from(other, asked))
        assert same(again.value, found.value)
        assert [s.points for s in again.criteria] == [s.points for s in found.criteria]
        assert [s.holds for s in again.criteria] == [s.holds for s in found.criteria]


@settings(deadline=None, max_examples=10)
@given(observations(), plans(), moments)
def test_the_path_reaches_the_target_and_no_shorter_one_does(
    rows: list[dict[str, Any]], asked: Plan, at: datetime
) -> None:
    """Measuring what the path names at its threshold reaches the target; one move less does not."""
    table = frame(*rows)
    baselines = baselines_from(table, asked)
    found = score_snapshot(table, asked, at, baselines=baselines)
    moves = path_to_target(found)
    if math.isnan(found.value):
        assert moves == ()
        return
    assert (found.value >= asked.target) == (not moves)

    def after(count: int) -> float:
        reached = {move.criterion for move in moves[:count]}
        met = tuple(
            Gate(g.id, g.title, g.weight, tuple(_met(c) if c.id in reached else c for c in g.criteria))
            for g in asked.gates
        )
        proof = frame(*rows, *(observation(f"{identity}_proof", 1.0, observed_at=at) for identity in reached))
        return score_snapshot(proof, Plan(asked.target, met, waivers=asked.waivers), at, baselines=baselines).value

    assert after(len(moves)) >= asked.target
    for count, move in enumerate(moves, start=1):
        assert after(count) == pytest.approx(move.readiness)
        assert (after(count) >= asked.target) == (count == len(moves))


def _met(old: Criterion) -> Criterion:
    """The same criterion, read from a proof that passes."""
    fields = {name: getattr(old, name) for name in Criterion.__dataclass_fields__}
    return Criterion(
        **{**fields, "metric": f"{old.id}_proof", "scope": "", "comparator": ">=", "threshold": 1.0, "unit": ""}
    )


def test_the_path_says_what_to_do() -> None:
    """Each move names the deed and the evidence that would prove it, blockers first."""
    asked = plan(
        criterion("docs", baseline=0.0),
        criterion(unit="percent", blocker=True, weight=0.1),
        criterion("audit", metric=""),
    )
    readiness = score_snapshot(
        frame(observation(value=3.4, unit="percent"), observation("docs_count", 5.0)), asked, NOW
    )
    moves = path_to_target(readiness)
    assert [move.criterion for move in moves] == ["coverage", "audit", "docs"]
    demand = Requirement(">", 15.0, "percent")
    assert moves[0].what == ChangeValue("coverage", 3.4, demand)
    assert moves[0].proof == ProofByMetric("coverage_count", "", demand, 30.0)
    assert moves[1].what == AddMeasurement("audit")


def test_two_values_of_one_moment_are_unknown() -> None:
    """Recorded together and different: neither speaks, in whichever order they come."""
    low, high, empty = observation(value=3.0), observation(value=30.0), observation(value=None)
    for rows in ((low, high), (high, low), (low, high, empty)):
        assert only(frame(*rows), criterion()).value is None
    assert only(frame(low, low, empty), criterion()).value == 3.0
