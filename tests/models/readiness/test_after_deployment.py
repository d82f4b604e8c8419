"""After the deployment only what was seen since then counts, and each kind of gates has its own verdict."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.plan.kinds import plan_of_kind
from models.plan.parsing import parse_plan
from models.plan.plan import Plan
from models.readiness.after_deployment import AfterDeployment, CriterionWindow
from models.readiness.readings import ObservedValue
from models.readiness.score import score_readings
from models.rollout.verdicts import PromotionFacts, decide_after_deployment, decide_gate
from models.windows.evaluate import WindowDemand, evaluate
from models.windows.samples import Samples

T = pd.Timestamp("2025-09-01", tz="UTC")
NOW = T + pd.Timedelta(hours=80)
STEP = 600.0


def plan(**criterion: object) -> Plan:
    given = {"id": "errors", "metric": "e", "comparator": "<", "threshold": 1.0, **criterion}
    return parse_plan({"gate": [{"id": "live", "kind": "running", "criterion": [given]}]})


def window(value: float = 0.2, hours: float = 80.0, *, simulated: bool = False) -> CriterionWindow:
    seconds = T.timestamp() + np.arange(STEP, hours * 3600 + 1, STEP)
    samples = Samples(seconds, np.full(len(seconds), value), STEP)
    result = evaluate(samples, WindowDemand("<", 1.0, "worst"), T.timestamp(), 72 * 3600, NOW.timestamp())
    return CriterionWindow(result, "worst", is_simulated=simulated)


def decided(of: Plan, after: AfterDeployment, reading: ObservedValue | None = None, commit: str = "abc") -> str:
    readings = {("e", ""): reading} if reading else {}
    readiness = score_readings(readings, of, NOW, {}, after={"errors": after})
    return decide_after_deployment(readiness, of, {}, commit).verdict


def test_a_full_window_is_go_and_a_simulated_one_never() -> None:
    """The same samples, marked as simulated, are no evidence for a verdict."""
    assert decided(plan(), AfterDeployment(T, T, window())) == "GO"
    assert decided(plan(), AfterDeployment(T, T, window(simulated=True))) == "NO-GO"


def test_a_unit_that_does_not_fit_is_unknown() -> None:
    """Samples in another unit than the plan's are neither good nor bad."""
    mismatched = CriterionWindow(window().result, "worst", unit_mismatch="ms")

    assert decided(plan(), AfterDeployment(T, T, mismatched)) == "NO-GO"


@pytest.mark.parametrize(("hours", "verdict"), [(-1, "NO-GO"), (0, "NO-GO"), (60, "GO")])
def test_a_value_from_before_the_deployment_proves_nothing(hours: float, verdict: str) -> None:
    """Only a later value counts, whatever it shows."""
    moment = T + pd.Timedelta(hours=hours)
    reading = ObservedValue(0.2, moment, moment, kind="measured", source="probes")

    assert decided(plan(), AfterDeployment(T, T), reading) == verdict


def test_the_word_of_a_person_from_before_proves_nothing_either() -> None:
    """An attestation counts from the day on which its gate is judged."""
    for day, verdict in ((date(2025, 8, 31), "NO-GO"), (date(2025, 9, 1), "CONDITIONAL GO")):
        attested = {"by": "Kim", "on": day, "expires": date(2025, 12, 1)}
        of = parse_plan(
            {"gate": [{"id": "live", "kind": "running", "criterion": [{"id": "errors", "attested": attested}]}]}
        )
        readiness = score_readings({}, of, NOW, {}, after={"errors": AfterDeployment(T, T)})
        verdicts = [rule.holds for rule in decide_after_deployment(readiness, of, {}, "abc").rules]
        assert verdicts[0] is (True if verdict != "NO-GO" else None)


def test_before_the_first_deployment_there_is_nothing_to_judge() -> None:
    """No commit, no verdict, and no gate fails."""
    of = plan()
    readiness = score_readings({}, of, NOW, {}, after={"errors": AfterDeployment(None)})

    for decision in (decide_after_deployment(readiness, of, {}, ""), decide_gate(readiness, "live", {}, "")):
        assert (decision.verdict, [rule.holds for rule in decision.rules]) == ("NO-GO", [None])


def test_a_promotion_waits_for_all_of_its_gates_and_for_what_runs() -> None:
    """A gate that is not due, a running verdict of NO-GO, or an earlier stage forbids it."""
    of = parse_plan(
        {"gate": [{"id": "p", "kind": "promotion", "criterion": [{"id": "errors", "metric": "e", "comparator": "<",
         "threshold": 1.0}]}]}
    )  # fmt: skip
    readiness = score_readings({}, of, NOW, {}, after={"errors": AfterDeployment(T, T, window())})
    bad = decide_after_deployment(readiness, of, {}, "")

    def verdict(facts: PromotionFacts, not_due: dict[str, float]) -> str:
        return decide_after_deployment(readiness, of, not_due, "abc", facts).verdict

    fine = PromotionFacts(None, "all", is_last_stage=True)
    assert verdict(fine, {}) == "GO"
    assert verdict(fine, {"p": 3.0}) == "NO-GO"
    assert verdict(PromotionFacts(bad, "all", is_last_stage=True), {}) == "NO-GO"
    assert verdict(PromotionFacts(None, "all", is_last_stage=False), {}) == "NO-GO"


LIMIT = {"comparator": "<", "threshold": 1.0}
kinds = st.lists(st.sampled_from(["deploy", "running", "promotion"]), min_size=1, max_size=5)


@given(kinds, st.data())
def test_gates_of_another_kind_change_nothing(given_kinds: list[str], data: st.DataObject) -> None:
    """The readiness of the deploy gates is that of a plan without the others, whatever those show."""
    gates = [
        {"id": f"g{k}", "kind": kind, "criterion": [{**LIMIT, "id": f"c{k}", "metric": f"m{k}"}]}
        for k, kind in enumerate(given_kinds)
    ]
    rule = {"id": "r", "kind": "go", "needs": [gate["id"] for gate in gates]}
    values = {(f"m{k}", ""): ObservedValue(data.draw(st.sampled_from([0.0, 2.0])), T, T, kind="measured")
              for k in range(len(gates))}  # fmt: skip
    whole = plan_of_kind(parse_plan({"gate": gates, "rule": [rule]}), "deploy")
    own = [gate for gate in gates if gate["kind"] == "deploy"]
    if not own:
        assert whole.gates == ()
        return
    alone = parse_plan({"gate": own, "rule": [{**rule, "needs": [gate["id"] for gate in own]}]})

    assert score_readings(values, whole, T, {}) == score_readings(values, alone, T, {})
    assert whole.rules == alone.rules
