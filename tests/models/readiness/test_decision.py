"""GO only when every rule is known to hold."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.frames import OBSERVATIONS, empty_frame
from models.plan.plan import Criterion, Gate, Plan, Rule, Waiver
from models.readiness.decision import decide, required_criteria, unanswerable_rules
from models.readiness.score import score_snapshot
from models.reasons.criterion import Compared, NotApplicable
from models.reasons.decision import CriterionDecides, ReadinessCompared
from models.reasons.requirement import Requirement

NOW = datetime(2025, 9, 8, tzinfo=UTC)


def criterion(identity: str, **given: Any) -> Criterion:
    base = {"title": identity, "gate": "g", "metric": identity, "scope": "", "comparator": ">=", "threshold": 10.0}
    return Criterion(id=identity, **{**base, "unit": "", **given})


def figures(**values: float | None) -> pd.DataFrame:
    rows = [
        {
            **dict.fromkeys(OBSERVATIONS, ""),
            "metric": name,
            "kind": "measured",
            "observed_at": NOW,
            "recorded_at": NOW,
            "value": float("nan") if value is None else value,
        }
        for name, value in values.items()
    ]
    return pd.DataFrame(rows).astype(dict(empty_frame(OBSERVATIONS).dtypes)) if rows else empty_frame(OBSERVATIONS)


def make(*criteria: Criterion, target: float = 50.0, **given: Any) -> Plan:
    gates = {c.gate: None for c in criteria}
    made = tuple(Gate(g, g, 1.0, tuple(c for c in criteria if c.gate == g)) for g in gates)
    return Plan(target=target, gates=made, **given)


def holds(plan: Plan, **values: float | None) -> dict[str, bool | None]:
    readiness = score_snapshot(figures(**values), plan, NOW)
    return {outcome.id: outcome.holds for outcome in decide(readiness, plan).rules}


def test_go_needs_every_rule() -> None:
    """With readiness at the target, blockers holding and both kinds of rules satisfied the verdict is GO."""
    rules = (Rule("go-1", "go", "a and b", ("a", "b")), Rule("no-1", "no-go", "b broken", ("b",)))
    plan = make(criterion("a", blocker=True), criterion("b"), rules=rules)
    decision = decide(score_snapshot(figures(a=10.0, b=11.0), plan, NOW), plan)
    assert decision.verdict == "GO"
    assert [(r.id, r.holds) for r in decision.rules] == [
        ("readiness", True),
        ("blockers", True),
        ("go-1", True),
        ("no-1", True),
    ]
    assert decision.blocking == ()


def test_a_failing_need_breaks_both_kinds_of_rules() -> None:
    """A failing criterion breaks its go rule and fires its no-go rule, and both name the value that decides."""
    rules = (Rule("go-1", "go", "", ("a", "b")), Rule("no-1", "no-go", "", ("b",)))
    plan = make(criterion("a"), criterion("b"), rules=rules)
    decision = decide(score_snapshot(figures(a=10.0, b=9.0), plan, NOW), plan)
    assert decision.verdict == "NO-GO"
    assert [r.holds for r in decision.rules[2:]] == [False, False]
    assert decision.rules[2].because == (
        CriterionDecides("b", Compared(9.0, Requirement(">=", 10.0, ""), False, False)),
    )


def test_absent_evidence_is_not_a_pass() -> None:
    """A rule over something unmeasured is unknown, unless another need already breaks it; unknown forbids GO."""
    plan = make(criterion("a", weight=9.0), criterion("b"), rules=(Rule("go-1", "go", "", ("a", "b")),))
    assert holds(plan, a=10.0) == {"readiness": True, "blockers": True, "go-1": None}
    assert holds(plan, a=9.0)["go-1"] is False
    assert decide(score_snapshot(figures(a=10.0), plan, NOW), plan).verdict == "NO-GO"


def test_untested_does_not_fire_on_a_slow_drill() -> None:
    """A rule of `measured` criteria asks for a fresh figure, and not which one; without one nobody knows."""
    drill = criterion("seconds", comparator="<", threshold=60.0)
    plan = make(drill, rules=(Rule("no-1", "no-go", "rollback untested", measured=("seconds",)),))
    assert holds(plan, seconds=75.0)["no-1"] is True
    assert holds(plan, seconds=41.0)["no-1"] is True
    assert holds(plan)["no-1"] is None
    assert holds(plan, seconds=None)["no-1"] is None
    assert required_criteria(plan) == ("seconds",)
    assert unanswerable_rules(plan) == ()


def test_a_rule_that_names_nothing_cannot_be_answered() -> None:
    """A rule without needs never holds and never breaks; it forbids GO and is listed as unanswerable."""
    plan = make(criterion("a"), rules=(Rule("no-1", "no-go", "a bad feeling"),))
    assert holds(plan, a=10.0)["no-1"] is None
    assert unanswerable_rules(plan) == ("no-1",)


def test_a_gate_answers_for_its_criteria() -> None:
    """A rule may name a gate: it holds when all of the gate does."""
    plan = make(criterion("a"), criterion("b", gate="h"), rules=(Rule("go-1", "go", "", ("h",)),))
    assert holds(plan, a=1.0, b=10.0)["go-1"] is True
    assert holds(plan, a=10.0, b=1.0)["go-1"] is False
    assert holds(plan, a=10.0)["go-1"] is None


def test_a_waived_blocker_lets_go_through() -> None:
    """A waiver holds in rules until the end of its last day."""
    waiver = Waiver("a", "L. Sommer", "next release", date(2025, 9, 8))
    plan = make(criterion("a", blocker=True), criterion("b"), waivers=(waiver,))
    assert decide(score_snapshot(figures(a=1.0, b=10.0), plan, NOW), plan).verdict == "CONDITIONAL GO"
    late = datetime(2025, 9, 9, tzinfo=UTC)
    assert decide(score_snapshot(figures(a=1.0, b=10.0), plan, late), plan).verdict == "NO-GO"


def test_what_does_not_apply_breaks_no_rule() -> None:
    """A rule over a criterion that does not apply holds, and says so."""
    plan = make(criterion("a"), criterion("b", not_applicable="no API"), rules=(Rule("go-1", "go", "", ("b",)),))
    outcome = decide(score_snapshot(figures(a=10.0), plan, NOW), plan).rules[2]
    assert (outcome.holds, outcome.because) == (True, (CriterionDecides("b", NotApplicable("no API")),))


def test_the_raw_readiness_decides() -> None:
    """A readiness of 89.96 does not reach 90, and the reason does not round it up."""
    plan = make(criterion("a", weight=8996.0), criterion("b", weight=1004.0), target=90.0)
    outcome = decide(score_snapshot(figures(a=10.0), plan, NOW), plan).rules[0]
    (because,) = outcome.because
    assert outcome.holds is False
    assert isinstance(because, ReadinessCompared)
    assert (because.value, because.target) == (pytest.approx(89.96), 90.0)


def test_required_criteria_are_blockers_and_what_rules_name() -> None:
    """What GO needs: blockers, criteria named by rules, and all of a named gate; what does not apply is left out."""
    plan = make(
        criterion("a", blocker=True),
        criterion("b"),
        criterion("c", gate="h"),
        criterion("d", gate="h", not_applicable="no API"),
        criterion("e"),
        rules=(Rule("go-1", "go", "", ("h",)), Rule("no-1", "no-go", "", ("e",))),
    )
    assert required_criteria(plan) == ("a", "e", "c")


figure = st.sampled_from([None, 0.0, 9.99, 10.0, 11.0])


@settings(deadline=None, max_examples=40)
@given(
    figure,
    figure,
    st.booleans(),
    st.lists(st.sampled_from(["a", "b", "g"]), max_size=2),
    st.sampled_from(["go", "no-go"]),
)
def test_go_is_never_given_over_something_that_is_not_known_to_hold(
    a: float | None, b: float | None, blocker: bool, needs: list[str], kind: Any
) -> None:
    """Against a plain reading of the figures: GO exactly when readiness, blockers and all needs are met."""
    plan = make(criterion("a", blocker=blocker), criterion("b"), rules=(Rule("r", kind, "", tuple(needs)),))
    met = {"a": a is not None and a >= 10, "b": b is not None and b >= 10}
    met["g"] = met["a"] and met["b"]
    value = 50.0 * (met["a"] + met["b"])
    go = value >= 50 and (met["a"] or not blocker) and bool(needs) and all(met[need] for need in needs)
    verdict = decide(score_snapshot(figures(a=a, b=b), plan, NOW), plan).verdict
    assert verdict == ("GO" if go else "NO-GO")


@pytest.mark.parametrize("kind", ["measured", "claimed"])
def test_a_claim_decides_nothing(kind: str) -> None:
    """The same figure gives GO when measured and NO-GO when claimed."""
    plan = make(criterion("a"))
    readiness = score_snapshot(figures(a=10.0).assign(kind=kind), plan, NOW)
    assert decide(readiness, plan).verdict == ("GO" if kind == "measured" else "NO-GO")
