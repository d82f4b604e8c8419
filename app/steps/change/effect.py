"""What a change moves: readiness, criteria, the date, markers. Both ends are judged at one moment, on one clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from app.answers.change import change_answer, date_move
from app.answers.status import Assessment
from app.answers.types.change import ChangeAnswer, DateMove
from app.steps.assess import asked_of
from app.steps.change.ratchet import ratchet_of
from app.steps.change.state import COUNTED, Change, End, read_change
from app.workspace import Workspace, consistent_read

if TYPE_CHECKING:
    import pandas as pd

    from models.plan.plan import Plan
    from models.readiness.readings import Key, ObservedValue
    from models.readiness.score import Readiness


@consistent_read
def change_effect(
    workspace: Workspace, base: str, head: str | None, at: datetime, horizon_days: int = 730
) -> ChangeAnswer:
    """The answer of `tminus pr-comment`. UsageError: a revision is not in the clone."""
    from models.movement.plan_edits import plan_edits

    change = read_change(workspace, base, head, at)
    before = _score(change, change.base, change.base.plan)
    unedited = _score(change, change.head, change.base.plan)
    after = unedited if change.head.plan == change.base.plan else _score(change, change.head, change.head.plan)
    return change_answer(
        project=workspace.config.name,
        at=at,
        ratchet=ratchet_of(workspace, change, base),
        states=(before, unedited, after),
        edits=plan_edits(change.base.plan, change.head.plan, unedited, after),
        dates=_date(workspace, change, (before, after), horizon_days),
        markers=(change.opened, change.closed),
        simulated=bool((change.head.known["kind"] == "simulated").any()),
    )


def _score(change: Change, end: End, plan: Plan) -> Readiness:
    """The figures of one end under a plan, at the moment of the answer."""
    from models.readiness.readings import History, as_moment, plan_keys, with_zone
    from models.readiness.score import score_readings

    readings = History(end.known, plan_keys([plan])).readings(as_moment(change.at))
    return score_readings(readings, plan, with_zone(change.at), change.baselines)


def _date(workspace: Workspace, change: Change, states: tuple[Readiness, Readiness], horizon_days: int) -> DateMove:
    """The date with the history of the base, and with the figures of each end as the newest point of it."""
    from app.steps.date.question import forecast_from

    ends = (change.base, change.head)
    moved = _moved_keys(change)
    history = _history(workspace, change)
    joints, assessments = [], []
    for end, readiness in zip(ends, states, strict=True):
        seen = _with_newest(history, {key: end.readings[key] for key in moved if key in end.readings}, change.at)
        assessment = _assessment(workspace, change, end, readiness)
        assessments.append(assessment)
        joints.append(forecast_from(assessment, seen, horizon_days).joint)
    return date_move(joints[0], joints[1], (assessments[0], assessments[1]), change.at)


def _assessment(workspace: Workspace, change: Change, end: End, readiness: Readiness) -> Assessment:
    from models.frames import CLAIMS, empty_frame
    from models.readiness.decision import decide

    return Assessment(
        project=workspace.config.name,
        at=change.at,
        plan=end.plan,
        readiness=readiness,
        decision=decide(readiness, end.plan),
        claims=empty_frame(CLAIMS),
        next_plan_from=None,
        has_simulated=False,
        commits_behind={},
        not_of_candidate=frozenset(),
    )


def _moved_keys(change: Change) -> list[Key]:
    """Metrics and scopes with a figure of the change itself: counted in its tree, or measured on its commits."""
    readings = change.head.readings
    return [key for key, found in readings.items() if found.source in COUNTED or found.commit in change.head.own]


def _history(workspace: Workspace, change: Change) -> pd.DataFrame:
    """What is stored of the commits that the base contains, and of no commit."""
    from models.frames import OBSERVATIONS, check_frame, empty_frame

    if not workspace.warehouse.exists():
        return empty_frame(OBSERVATIONS)
    wanted = asked_of([*change.base.plan.criteria, *change.head.plan.criteria])
    frame = workspace.warehouse.query("observations", **wanted, until=change.at, simulated=True)
    frame = check_frame(frame, OBSERVATIONS, "observations")
    return frame[frame["commit"].isin(change.before_it | {""})]


def _with_newest(history: pd.DataFrame, newest: Mapping[Key, ObservedValue], at: datetime) -> pd.DataFrame:
    """The history with one more point of each key, at the moment of the answer, under the rule of the point before."""
    import pandas as pd

    from models.frames import OBSERVATIONS
    from models.readiness.readings import as_moment

    moment = as_moment(at)
    last = history[history["value"].notna()].sort_values("observed_at").groupby(["metric", "scope"]).tail(1)
    rules = {(row["metric"], row["scope"]): row for row in last.to_dict("records")}
    rows = [_point(key, found, rules.get(key), moment) for key, found in sorted(newest.items())]
    if not rows:
        return history
    added = pd.DataFrame(rows, columns=list(OBSERVATIONS)).astype(dict(history.dtypes))
    return pd.concat([history, added], ignore_index=True)


def _point(
    key: Key, found: ObservedValue, rule: Mapping[object, object] | None, moment: pd.Timestamp
) -> dict[str, object]:
    row = replace(found, observed_at=moment, recorded_at=moment)
    names = ("value", "observed_at", "recorded_at", "reason", "unit", "kind", "commit", "source", "definition")
    values = {name: getattr(row, name) for name in names}
    kept = {"definition": rule["definition"], "source": rule["source"]} if rule else {}
    return {"metric": key[0], "scope": key[1], "evidence": "", **values, **kept}
