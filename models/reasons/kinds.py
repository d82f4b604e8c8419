"""The code of every kind of reason, as programs read it in `reason.kind` of an answer."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar


class ReasonKind(StrEnum):
    """One member per dataclass of models/reasons."""

    # the state of a criterion
    NOT_APPLICABLE = "not_applicable"
    VALUE_UNKNOWN = "value_unknown"
    UNIT_MISMATCH = "unit_mismatch"
    STALE = "stale"
    COMPARED = "compared"
    NEVER_MEASURED = "never_measured"
    ATTESTED = "attested"
    CHILDREN_DECIDE = "children_decide"
    WAIVED = "waived"
    # the state of a criterion after the deployment
    NOTHING_DEPLOYED = "nothing_deployed"
    BEFORE_DEPLOYMENT = "before_deployment"
    WINDOW_COMPARED = "window_compared"
    WINDOW_RUNNING = "window_running"
    WINDOW_GAP = "window_gap"
    WINDOW_EMPTY = "window_empty"
    OTHER_ENVIRONMENT = "other_environment"
    # what holds a stage of the rollout
    VERDICT_FORBIDS = "verdict_forbids"
    STAGE_BEFORE = "stage_before"
    SOAKS = "soaks"
    OTHER_COMMIT = "other_commit"
    INCIDENT_OPEN = "incident_open"
    NEED_OPEN = "need_open"
    RUNNING_FAILS = "running_fails"
    RUNNING_UNKNOWN = "running_unknown"
    # the outcome of a rule
    NOTHING_APPLIES = "nothing_applies"
    READINESS_COMPARED = "readiness_compared"
    NO_BLOCKERS = "no_blockers"
    NAMES_NO_CRITERION = "names_no_criterion"
    CRITERION_DECIDES = "criterion_decides"
    GATE_DECIDES = "gate_decides"
    GATE_NOT_APPLICABLE = "gate_not_applicable"
    GATE_NOT_DUE = "gate_not_due"
    RUNNING_VERDICT = "running_verdict"
    LAST_STAGE = "last_stage"
    OPEN_INCIDENTS = "open_incidents"
    NOT_YET_DEPLOYED = "not_yet_deployed"
    ROLLED_BACK = "rolled_back"
    NOTHING_DEMANDED = "nothing_demanded"
    NOTHING_MEASURED = "nothing_measured"
    SIMULATED_VALUES = "simulated_values"
    ATTESTED_SHARE = "attested_share"
    NOT_OF_CANDIDATE = "not_of_candidate"
    ALL_OF_CANDIDATE = "all_of_candidate"
    OVERTAKEN = "overtaken"
    OFF_BRANCH = "off_branch"
    MISDATED = "misdated"
    UNREAD_COMMITS = "unread_commits"
    # a step of the path to the target
    ADD_MEASUREMENT = "add_measurement"
    CHANGE_VALUE = "change_value"
    MEASURE = "measure"
    PROOF_BY_METRIC = "proof_by_metric"
    PROOF_BY_ATTESTATION = "proof_by_attestation"
    # the outcome of a forecast
    TOO_LITTLE_HISTORY = "too_little_history"
    AT_THRESHOLD = "at_threshold"
    NO_PROGRESS = "no_progress"
    STOPPED_SHORT = "stopped_short"
    TOO_FAR = "too_far"
    APPROACHING = "approaching"
    TOO_FEW_POINTS = "too_few_points"
    UNMEASURED_BLOCKERS = "unmeasured_blockers"
    REQUIRED_UNMEASURED = "required_unmeasured"
    READINESS_ODDS = "readiness_odds"
    GO_ODDS = "go_odds"
    HOLDS_NOW = "holds_now"
    RESTS_ON_ATTESTATION = "rests_on_attestation"
    CRITERIA_STUCK = "criteria_stuck"
    # what drives a date
    HELD_FOR = "held_for"
    PACE = "pace"
    DISTANCE_LEFT = "distance_left"
    STALLED = "stalled"
    STOPPED_JUST_SHORT = "stopped_just_short"
    SINGLE_STEP = "single_step"
    COMPARABLE_MOMENTS = "comparable_moments"
    LAST_TO_ARRIVE = "last_to_arrive"
    # what a goal needs
    GOAL_REACHED = "goal_reached"
    GOAL_OUT_OF_REACH = "goal_out_of_reach"
    # why the date moved
    HELD_BOTH_TIMES = "held_both_times"
    NO_COMMON_DATE = "no_common_date"
    NO_ODDS_TO_COMPARE = "no_odds_to_compare"
    LARGEST_CAUSE = "largest_cause"
    CAUSE_NOT_SEPARABLE = "cause_not_separable"
    # why a criterion moved, or cannot be compared
    FIRST_MEASURED = "first_measured"
    NO_LONGER_MEASURED = "no_longer_measured"
    SOURCE_CHANGED = "source_changed"
    # why a change cannot be compared with its base
    NO_FIGURE_AT_BASE = "no_figure_at_base"
    NO_FIGURE_OF_CHANGE = "no_figure_of_change"
    SAME_FIGURE = "same_figure"
    NO_COMMIT = "no_commit"
    CRITERION_DROPPED = "criterion_dropped"
    CRITERION_CHANGED = "criterion_changed"
    # an edit of the plan
    WORTH = "worth"
    WORTH_CHANGED = "worth_changed"
    FIELDS_CHANGED = "fields_changed"
    TARGET_CHANGED = "target_changed"
    ENTRY = "entry"
    WAIVER_ENTRY = "waiver_entry"
    # a backtest
    NOTHING_TO_SCORE = "nothing_to_score"
    SCORED = "scored"
    NOT_INSTALLED = "not_installed"


class ReasonBase:
    """What all reasons share: the code of their kind."""

    __slots__ = ()
    kind: ClassVar[ReasonKind]
