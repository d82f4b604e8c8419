"""One example or more of every reason of the models, with the sentence that the product shows for it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Any, get_args

from app.wording.change.ratchet import ratchet_text
from app.wording.forecast_reasons import driver_text, forecast_text, goal_text, slip_reason_text
from app.wording.movement_reasons import edit_text, evaluation_text, move_text
from app.wording.names import Names
from app.wording.reasons import criterion_text, path_text, rule_reason_text
from app.wording.rollout.stages import stage_text
from models.plan.plan import Attestation
from models.reasons import criterion, decision, evaluation, forecast, movement, ratchet, rollout, window
from models.reasons.criterion import ClaimedFigure, CriterionReason
from models.reasons.decision import PathReason, RuleReason
from models.reasons.evaluation import EvaluationReason
from models.reasons.forecast import DriverReason, ForecastReason, GoalReason, SlipReason
from models.reasons.movement import EditReason, FieldChange, MoveReason
from models.reasons.ratchet import RatchetReason
from models.reasons.requirement import Requirement
from models.reasons.rollout import StageReason

NAMES = Names(
    {
        "a": "Line coverage",
        "b": "Bundle size",
        "rule r": "rule “Team is ready”",
        "rule blockers": "every blocker holds",
    },
    {"g": "Quality"},
    {"s": "Beta group"},
)
COVERAGE = Requirement(">", 15.0, "percent")
ERRORS = Requirement("<", 1.0, "percent")
BUNDLE = Requirement("<", 10e6, "bytes")
DAY = date(2026, 3, 31)
FAILS = criterion.Compared(13.79, COVERAGE, meets=False, simulated=False)
A_FAILS = decision.CriterionDecides("a", FAILS)

GOLD: Sequence[tuple[Any, str]] = (
    (criterion.NotApplicable("no API"), "not applicable: no API"),
    (criterion.ValueUnknown("half-written file"), "no value: half-written file"),
    (criterion.ValueUnknown(""), "the source gave no value"),
    (
        criterion.UnitMismatch("ms", "percent"),
        "measured in ms, but the plan asks for percent: the two cannot be compared",
    ),
    (
        criterion.Stale(20.0, COVERAGE, 45, 30.0),
        "20% was measured 45 days ago; values older than 30 days do not count",
    ),
    (
        criterion.Stale(20.0, COVERAGE, 1000, 730.5),
        "20% was measured 1,000 days ago; values older than 2 years do not count",
    ),
    (FAILS, "13.8%, needs > 15%"),
    (criterion.Compared(16.2, COVERAGE, meets=True, simulated=True), "16.2%, meets > 15% (simulated)"),
    (criterion.Compared(10_040_000.0, BUNDLE, meets=False, simulated=False), "10.04 MB, needs < 10 MB"),
    (criterion.Compared(1077.0, BUNDLE, meets=True, simulated=False), "1.1 kB, meets < 10 MB"),
    (
        criterion.Compared(-0.48, Requirement("<", 10, "MB/h"), meets=True, simulated=False),
        "−0.5 MB/h, meets < 10 MB/h",
    ),
    (
        criterion.Compared(269.0, Requirement(">=", 1, "files"), meets=True, simulated=False),
        "269 files, meets ≥ 1 file",
    ),
    (criterion.Compared(14.9999, COVERAGE, meets=False, simulated=False), "14.9999%, needs > 15%"),
    (
        criterion.Compared(13.79, COVERAGE, meets=False, simulated=False, tolerance=2.0),
        "13.8%, needs > 15%; within the tolerance of 2 percentage points",
    ),
    (criterion.NeverMeasured(""), "nothing measures it"),
    (
        criterion.NeverMeasured("", rejected_by="A. Bee"),
        "nothing measures it; attested by A. Bee, but a blocker must be measured (or set attestable = true)",
    ),
    (
        criterion.NeverMeasured(
            "coverage_line_percent", "A. Bee", DAY, claim=ClaimedFigure("95%", place="STATUS.md:12")
        ),
        "no value of coverage_line_percent yet; the attestation by A. Bee expired on 31 Mar 2026; "
        "claimed: 95% (STATUS.md:12)",
    ),
    (
        criterion.NeverMeasured("bundle_raw_bytes", claim=ClaimedFigure(value=465e6, unit="bytes")),
        "no value of bundle_raw_bytes yet; claimed: 465 MB",
    ),
    (criterion.Attested("A. Bee", DAY, None, COVERAGE), "attested by A. Bee until 31 Mar 2026, not measured"),
    (
        criterion.Attested("A. Bee", DAY, 7.5, Requirement(">", 7, "points of 10")),
        "7.5 of 10, attested by A. Bee until 31 Mar 2026, not measured; needs > 7 of 10",
    ),
    (criterion.ChildrenDecide(0), "none of its parts applies"),
    (criterion.ChildrenDecide(3), "3 of 3 parts hold"),
    (
        criterion.ChildrenDecide(4, ("Login",), ("Media", "Users")),
        "1 of 4 parts holds; failing: Login; unknown: Media and Users",
    ),
    (
        criterion.Waived("L. Sommer", DAY, "after the freeze", FAILS),
        "waived by L. Sommer until 31 Mar 2026: after the freeze; without the waiver: 13.8%, needs > 15%",
    ),
    (decision.NothingApplies(), "no criterion of the plan applies"),
    (decision.ReadinessCompared(89.96, 90.0), "readiness is 89.96 of 100, target 90"),
    (
        decision.ReadinessCompared(89.0, 90.0, ("a", "b")),
        "readiness is 89 of 100, target 90, capped by open blockers: Line coverage and Bundle size",
    ),
    (decision.NoBlockers(), "the plan has no blockers"),
    (decision.NamesNoCriterion(), "it names no criterion, so it cannot be judged"),
    (A_FAILS, "Line coverage: 13.8%, needs > 15%"),
    (
        decision.GateDecides("g", "failing", (A_FAILS,)),
        "gate Quality is failing: Line coverage: 13.8%, needs > 15%",
    ),
    (decision.GateNotApplicable("g"), "no criterion of gate Quality applies"),
    (decision.NothingMeasured(), "no criterion has a fresh measured value"),
    (decision.SimulatedValues(("a", "b")), "simulated: Line coverage and Bundle size"),
    (decision.AttestedShare(25.04, 25.0), "25.04% of the points are attested"),
    (
        decision.Overtaken(("a",)),
        "an older commit was measured after a newer one: Line coverage; measure the newest commit",
    ),
    (
        decision.OffBranch(("a",)),
        "measured on a commit that is not on the branch: Line coverage; measure the newest commit",
    ),
    (
        decision.Misdated(("a",)),
        "a clock was wrong, so the newest figure is not known: Line coverage; "
        "correct the clock of this machine or of the one that measured, then measure again",
    ),
    (
        decision.NothingDemanded(),
        "its target is 0, and it has neither a blocker nor a rule: name what GO needs",
    ),
    (decision.NotOfCandidate(("a",)), "not measured on the candidate: Line coverage"),
    (decision.AllOfCandidate(), "all evidence is of the candidate"),
    (decision.UnreadCommits(2), "2 newer commits are not read yet: `tminus pull` reads what is new"),
    (decision.AddMeasurement("a"), "connect a measurement of Line coverage, or have a named person attest it"),
    (decision.ChangeValue("b", 27.9e6, BUNDLE), "bring Bundle size from 27.9 MB to < 10 MB"),
    (decision.Measure("a", COVERAGE, again=False), "measure Line coverage and show > 15%"),
    (decision.Measure("a", COVERAGE, again=True), "measure Line coverage again and show > 15%"),
    (
        decision.ProofByMetric("bundle_raw_bytes", "dist", BUNDLE, 30.0),
        "bundle_raw_bytes of dist < 10 MB, at most 30 days old",
    ),
    (decision.ProofByAttestation(), "a metric for it in the plan, or attested = { by, on, expires }"),
    (
        forecast.TooLittleHistory(3, 12.0, 3, 2),
        "3 observations over 12 days, too little to estimate a pace; "
        "needed: 3 more observations and 2 more weeks of history",
    ),
    (
        forecast.TooLittleHistory(0, 0.0, 6, 4),
        "no observation yet; needed for a forecast: 6 more observations and 4 more weeks of history",
    ),
    (forecast.AtThreshold(34.0), "it has met the threshold for 34 days; it can still fall back"),
    (
        forecast.NoProgress(0.0, 26.0, 0.07, 730),
        "it is no nearer to the threshold than 26 weeks ago; chance of reaching it within 24 months: 7%",
    ),
    (
        forecast.NoProgress(3.2, 26.0, 0.07, 730),
        "it moved 3.2 percentage points away from the threshold in the last 26 weeks; "
        "chance of reaching it within 24 months: 7%",
    ),
    (
        forecast.StoppedShort(0.3, 730),
        "progress has stopped just short of the threshold, as most efforts do that are never finished; "
        "chance of reaching it within 24 months: 30%",
    ),
    (
        forecast.TooFar(0.001, 365),
        "the distance left is too long for the current pace; chance of reaching it within 12 months: <1%",
    ),
    (forecast.Approaching(0.8, 730), "it moves toward the threshold; chance of reaching it within 24 months: 80%"),
    (
        forecast.TooFewPoints(25.04, 90.0, ("a",)),
        "the measured criteria can reach 25 of 100 points, the target is 90; not measured: Line coverage",
    ),
    (
        forecast.UnmeasuredBlockers(("b",)),
        "not measured: Bundle size; it is a blocker, so readiness stays below the target",
    ),
    (
        forecast.RequiredUnmeasured(("rule r", "a"), ("b",), 6, 4),
        "GO needs, but nothing measures: rule “Team is ready” and Line coverage; "
        "too little history: Bundle size (6 observations over 4 weeks are needed)",
    ),
    (forecast.ReadinessOdds(90.0, 0.34, 730), "chance of readiness 90 within 24 months: 34%"),
    (forecast.HoldsNow(0.93, 28), "it holds now; chance that it stays for 28 more days: 93%"),
    (
        forecast.HoldsNow(0.93, 28, 36.0, "b", 0.97),
        "it has held for 36 days; chance that it stays for 28 more days: 93%; least sure to stay: Bundle size, 97%",
    ),
    (
        forecast.HoldsNow(0.995, 28, 0.0),
        "it holds since today; chance that it stays for 28 more days: >99%",
    ),
    (
        forecast.RestsOnAttestation(100.0, 25.0, is_measured=False),
        "100 of 100 points are attested by named persons and nothing is measured: GO needs measured values, and a date "
        "needs their history",
    ),
    (
        forecast.RestsOnAttestation(40.0, 25.0, is_measured=True),
        "40 of 100 points are attested by named persons, the plan allows 25: GO needs measured values in their place",
    ),
    (forecast.GoOdds(0.999, 730), "chance of GO within 24 months: >99%"),
    (
        forecast.CriteriaStuck(("a",), 0.04, 730),
        "at the current pace Line coverage does not reach its threshold; chance of GO within 24 months: 4%",
    ),
    (forecast.HeldFor(15.0, 34.0), "It has met the threshold of 15% for 34 days."),
    (
        forecast.Pace(1.1, 13.0, 0.05, 26),
        "Pace over the last 13 weeks: +1.1 percentage points a week. "
        "Needed to finish in 26 weeks: +0.05 percentage points a week.",
    ),
    (forecast.DistanceLeft(1.2, 11.6, 0.1), "Distance left: 10% of the way from baseline to threshold."),
    (forecast.Stalled(63.0), "No gain for 9 weeks."),
    (
        forecast.StoppedJustShort(),
        "It has stopped just short of the threshold: most efforts that are never finished end like this.",
    ),
    (forecast.SingleStep(0.8), "One step made 80% of all progress, so the pace is a weak guide."),
    (
        forecast.ComparableMoments(200, 54, 0.42),
        "Of 200 comparable moments in 54 other projects, 42% reached the threshold within a year.",
    ),
    (
        forecast.LastToArrive("a", 0.62),
        "Line coverage decides the date: in 62% of the simulated futures that reach GO it is the last to arrive.",
    ),
    (forecast.GoalReached((forecast.PaceChange("a", 2.0),), 0.81), "Line coverage at 2 times its pace: chance 81%"),
    (
        forecast.GoalOutOfReach((), 0.4, 4.0),
        "out of reach within 4 times any pace; the highest chance is 40% (no change of pace)",
    ),
    (forecast.HeldBothTimes(), "GO held then and holds now"),
    (
        forecast.NoCommonDate(),
        "the two forecasts have no date at the same odds, so their odds by one day are compared",
    ),
    (forecast.NoOddsToCompare("before"), "no comparison: there were no odds of GO then"),
    (forecast.NoOddsToCompare("now"), "no comparison: there are no odds of GO now"),
    (forecast.LargestCause("waiting", 7.0, "days"), "largest cause: time passed, 7 days later"),
    (
        forecast.LargestCause("model change", -3.0, "points"),
        "largest cause: model or data revision, 3 percentage points less likely",
    ),
    (
        forecast.CauseNotSeparable("plan edits"),
        "the effect of plan edits cannot be separated from that of the next cause",
    ),
    (movement.FirstMeasured(), "first measured in this window"),
    (movement.NoLongerMeasured(), "no longer measured"),
    (movement.SourceChanged("tool", "", "pytest"), "tool changed: unknown → pytest"),
    (
        movement.SourceChanged("definition", "0123456789abcdef0123456789abcdef01234567", "v2"),
        "definition changed: 0123456789 → v2",
    ),
    (movement.Worth(7.5), "worth 7.5 of 100 points"),
    (movement.WorthChanged(7.5, 3.333), "worth 7.5 → 3.33 of 100 points"),
    (
        movement.FieldsChanged(
            (
                FieldChange("threshold", 50.0, 10.0),
                FieldChange("blocker", False, True),
                FieldChange("needs", (), ("a", "b")),
                FieldChange("attested", None, Attestation("A. Bee", DAY, DAY)),
            )
        ),
        "threshold: 50 → 10; blocker: no → yes; needs: none → a, b; "
        "attested: none → attested by A. Bee until 31 Mar 2026",
    ),
    (movement.TargetChanged(90.0, 95.0), "target 90 → 95"),
    (movement.PlanEntry("Audit is done"), "Audit is done"),
    (movement.WaiverEntry("L. Sommer", DAY, "later"), "L. Sommer until 31 Mar 2026: later"),
    (
        evaluation.NothingToScore(8, 6),
        "nothing to score: a series needs 8 weeks and 6 observations before its crossing, and a week after them",
    ),
    (evaluation.Scored(11, 2, 3, 0), "11 moments of 2 projects, 3 followed by a crossing"),
    (
        evaluation.Scored(1, 1, 0, 2),
        "1 moment of 1 project, 0 followed by a crossing; the model was fitted on 2 of these series, "
        "so its score is too good",
    ),
    (evaluation.NotInstalled("statsforecast"), "statsforecast is not installed"),
    (window.NothingDeployed(), "nothing is deployed yet"),
    (window.BeforeDeployment(3.0, 0.0), "the newest value is 3 h older than the deployment; only later ones count"),
    (window.BeforeDeployment(0.5, 24.0), "the newest value is 30 min older than T+24 h; only later ones count"),
    (
        window.WindowCompared(
            0.4, ERRORS, "worst", meets=True, hours=72.0, samples=4320, last_failing=None, simulated=True
        ),
        "0.4%, meets < 1% (the worst of 4,320 samples in 72 h; simulated)",
    ),
    (
        window.WindowCompared(
            math.inf, ERRORS, "p95", meets=False, hours=1.5, samples=1, last_failing=0.25, simulated=False
        ),
        "infinite, needs < 1% (the 95th percentile of 1 sample in 1.5 h, failing last at T+15 min)",
    ),
    (
        window.WindowRunning(0.4, ERRORS, 5.0, 72.0),
        "5 of 72 h without a failing or missing sample: 0.4% so far, meets < 1%",
    ),
    (window.WindowRunning(None, ERRORS, 0.0, 72.0), "0 of 72 h without a failing or missing sample"),
    (window.WindowGap(30.0, 54.0, 1, is_open=False), "no samples from T+30 h to T+54 h (24 h)"),
    (window.WindowGap(30.0, 32.0, 3, is_open=True), "no samples since T+30 h, for 2 h and 2 other gaps"),
    (window.WindowEmpty(0.75), "no samples in 45 min"),
    (
        window.OtherEnvironment("staging", "live", ("live", "staging")),
        "its gate is about the environment staging, and this one is live",
    ),
    (
        window.OtherEnvironment("", "live", ("live", "staging")),
        "there are several environments (live and staging): say which one is measured with "
        'environment = "NAME" on its gate',
    ),
    (decision.RolledBack(), "the rollout was rolled back, so there is nothing to promote"),
    (decision.GateNotDue("g", 23.0), "gate Quality is judged in 23 h"),
    (decision.RunningVerdict("NO-GO"), "the verdict of the running gates is NO-GO"),
    (decision.LastStage("s", is_reached=False), "Beta group has not begun"),
    (decision.LastStage("s", is_reached=True), "Beta group runs"),
    (decision.OpenIncidents(("incident-1",)), "critical incidents are open: incident-1"),
    (decision.NotYetDeployed(), "nothing is deployed yet"),
    (
        rollout.VerdictForbids("a" * 40, ("r", "blockers")),
        "the verdict for aaaaaaa is NO-GO; rules that prevent GO: rule “Team is ready” and every blocker holds",
    ),
    (rollout.StageBefore("s"), "Beta group comes first"),
    (rollout.Soaks("s", 0.5, 2.0, "deployment"), "Beta group has soaked for 30 min of 2 h"),
    (
        rollout.Soaks("s", 0.0, 2.0, "redeployment"),
        "Beta group has soaked for 0 s of 2 h; a redeployment restarted its clock",
    ),
    (rollout.OtherCommit("s", "a" * 40, "b" * 40), "Beta group runs aaaaaaa, not bbbbbbb: deploy bbbbbbb there first"),
    (rollout.IncidentOpen("incident-1", "logins fail"), "critical incident incident-1 is open: logins fail"),
    (
        rollout.NeedOpen("s", "entry", "a", None),
        "Beta group needs for its entry Line coverage, which is not shown to hold",
    ),
    (rollout.NeedOpen("s", "exit", "g", False), "Beta group needs for its exit gate “Quality”, which does not hold"),
    (rollout.RunningFails("a", FAILS, 4), "Line coverage fails (escalation level 4): 13.8%, needs > 15%"),
    (rollout.RunningUnknown("a", criterion.ValueUnknown("")), "Line coverage is unknown: the source gave no value"),
    (ratchet.NoFigureAtBase(""), "the base has no value"),
    (ratchet.NoFigureOfChange("report is empty"), "the base has a value, the change has none: report is empty"),
    (
        ratchet.SameFigure("a" * 40),
        "nothing measured the change: its newest value is of aaaaaaaaaa, which the base contains",
    ),
    (ratchet.NoCommit("record"), "the value from record names no commit"),
    (ratchet.CriterionDropped(), "the change removes the criterion from the plan"),
    (
        ratchet.CriterionChanged("metric", "coverage_line_percent", "coverage_branch_percent"),
        "the change edits the criterion: metric coverage_line_percent → coverage_branch_percent",
    ),
)


def members(union: Any) -> set[type]:
    """All dataclasses of a union of reasons."""
    return {
        member for part in (get_args(union) or (union,)) for member in (members(part) if get_args(part) else {part})
    }


def text(reason: Any) -> str:
    """A reason in the words that the product shows."""
    of = type(reason)
    if of in members(CriterionReason):
        return criterion_text(reason)
    if of in members(RuleReason):
        return rule_reason_text(reason, NAMES)
    if of in members(PathReason):
        return path_text(reason, NAMES)
    if of in members(ForecastReason):
        return forecast_text(reason, NAMES, "percent")
    if of in members(DriverReason):
        return driver_text(reason, NAMES, "percent")
    if of in members(GoalReason):
        return goal_text(reason, NAMES)
    if of in members(MoveReason):
        return move_text(reason)
    if of in members(EditReason):
        return edit_text(reason)
    if of in members(EvaluationReason):
        return evaluation_text(reason)
    if of in members(RatchetReason):
        return ratchet_text(reason)
    if of in members(StageReason):
        return stage_text(reason, NAMES)
    assert of in members(SlipReason)
    return slip_reason_text(reason)
