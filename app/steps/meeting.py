"""The memory of the meeting: decisions with the evidence since, and frozen reviews."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from app.answers.types.meeting import (
    DecideAnswer,
    DecisionEntry,
    DecisionsAnswer,
    FrozenAnswer,
    FrozenReview,
    FrozenReviewsAnswer,
    SinceAnswer,
)
from app.answers.types.review import ReviewAnswer
from app.steps.assess import observations, plan_at, whole_plans_in_force
from app.workspace import UsageError, Workspace, no_criterion
from ingest.warehouse import meeting as stored

if TYPE_CHECKING:
    from models.meeting.decisions import Decision, Since

FORMS = ("md", "html", "json")


def decide(
    workspace: Workspace,
    text: str,
    owner: str,
    due: date | None,
    criterion: str = "",
    by: str = "",
    signed: stored.Signed | None = None,
) -> DecideAnswer:
    """Write a decision; a criterion must be one of the plan, and a due day not before today.

    `signed`: what the identity provider stated about `by`, where somebody signed in; it goes into the audit trail.
    """
    if not text.strip() or not owner.strip():
        raise UsageError("a decision needs a text and an --owner")
    known = [c.id for c in workspace.plan.criteria]
    if criterion and criterion not in known:
        raise UsageError(no_criterion(criterion, known))
    _refuse_past(workspace, due)
    decided = stored.DecisionText(text.strip(), owner.strip(), due, criterion)
    identity = stored.open_decision(workspace.warehouse, decided, workspace.now(), by, signed)
    return {"schema": "tminus.decide/1", "id": identity}


def _refuse_past(workspace: Workspace, due: date | None) -> None:
    today = workspace.now().date()
    if due is not None and due < today:
        raise UsageError(f"--due {due} is before today, {today}")


def close_decision(
    workspace: Workspace,
    identity: str,
    outcome: stored.Change,
    *,
    by: str = "",
    note: str = "",
    due: date | None = None,
    signed: stored.Signed | None = None,
) -> DecideAnswer:
    """Close a decision, or carry it over to a day that is not before today. UsageError: it is."""
    _refuse_past(workspace, due)
    at = workspace.now()
    stored.close_decision(workspace.warehouse, identity, outcome, at, by=by, note=note, due=due, signed=signed)
    return {"schema": "tminus.decide/1", "id": identity}


def decisions(workspace: Workspace, at: datetime, *, only_open: bool = False) -> DecisionsAnswer:
    """The decisions made by `at` with the evidence then and now; overdue ones first."""
    made = _decisions(workspace, at)
    shown = [decision for decision in made if not only_open or decision.outcome == "open"]
    return {
        "schema": "tminus.decisions/1",
        "at": at.isoformat(),
        "project": workspace.config.name,
        "decisions": [_decision_answer(decision, at) for decision in shown],
    }


def _decisions(workspace: Workspace, at: datetime) -> tuple[Decision, ...]:
    from dataclasses import replace

    from models.meeting.decisions import decisions_from, evidence_since

    if not stored.knows_meetings(workspace.warehouse):
        return ()
    changes = workspace.warehouse.query("decisions", until=at)
    made = decisions_from(changes, at.astimezone(workspace.zone).date())
    if not any(decision.criterion for decision in made):
        return made
    plan = plan_at(whole_plans_in_force(workspace), at)
    since = evidence_since(made, observations(workspace, at), plan, at)
    return tuple(replace(decision, since=since.get(decision.id)) for decision in made)


def _decision_answer(decision: Decision, at: datetime) -> DecisionEntry:
    zone, since = at.tzinfo, decision.since
    return {
        "id": decision.id,
        "text": decision.text,
        "owner": decision.owner,
        "due": decision.due.isoformat() if decision.due else None,
        "criterion": decision.criterion,
        "outcome": decision.outcome,
        "decided_at": decision.decided_at.astimezone(zone).isoformat(),
        "decided_by": decision.decided_by,
        "changed_at": decision.changed_at.astimezone(zone).isoformat(),
        "carried": decision.carried,
        "is_overdue": decision.is_overdue,
        "notes": list(decision.notes),
        "since": None if since is None else _since_answer(since),
    }


def _since_answer(since: Since) -> SinceAnswer:
    return {"criterion": since.criterion, "before": since.before, "after": since.after, "unit": since.unit}


def freeze(
    workspace: Workspace,
    review: ReviewAnswer,
    files: Mapping[str, str],
    by: str = "",
    signed: stored.Signed | None = None,
) -> FrozenAnswer:
    """Store a review and its rendered files permanently; a day is frozen once."""
    until = datetime.fromisoformat(review["until"])
    day = until.astimezone(workspace.zone).date()
    moments = {
        "day": day,
        "frozen_at": workspace.now(),
        "since": datetime.fromisoformat(review["since"]),
        "until": until,
    }
    body = json.dumps(review, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    digest = stored.freeze_review(workspace.warehouse, {**files, "answer": body}, moments, by, signed)
    return {"schema": "tminus.frozen/1", "day": day.isoformat(), "sha256": digest}


def frozen_reviews(workspace: Workspace) -> FrozenReviewsAnswer:
    """The frozen reviews, newest first, without their files."""
    rows = _frozen(workspace)
    return {"schema": "tminus.frozen_reviews/1", "reviews": [_frozen_answer(row) for row in rows]}


def frozen_review(workspace: Workspace, day: str | None, form: str) -> str:
    """One frozen review as it was, byte for byte: the newest, or that of a day. `form`: one of FORMS."""
    rows = _frozen(workspace)
    if not rows:
        raise UsageError("no review is frozen yet: tminus review --freeze")
    chosen = [row for row in rows if day in (None, row["day"].isoformat())]
    if not chosen:
        days = ", ".join(row["day"].isoformat() for row in rows[:8])
        raise UsageError(f"no review of {day} is frozen; frozen are: {days}")
    files = workspace.warehouse.query("frozen_review", day=chosen[0]["day"])
    return str(files[{"md": "markdown", "html": "html", "json": "answer"}[form]].iloc[0])


def _frozen(workspace: Workspace) -> list[dict[str, Any]]:
    if not stored.knows_meetings(workspace.warehouse):
        return []
    rows = workspace.warehouse.query("frozen_reviews").to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]


def _frozen_answer(row: Mapping[str, Any]) -> FrozenReview:
    return {
        "day": row["day"].isoformat(),
        "frozen_at": row["frozen_at"].isoformat(),
        "since": row["since"].isoformat(),
        "until": row["until"].isoformat(),
        "frozen_by": row["frozen_by"],
        "sha256": row["sha256"],
    }
