"""The second half of the plan file: stages, runbooks, drills, messages, escalation, parents and gate kinds."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.plan.durations import MOST_MOMENTS, parse_cadence, parse_duration, parse_schedule
from models.plan.parents import children_of
from models.plan.parsing import parse_plan
from models.plan.plan import PlanError

PLAN = """
[readiness]
deployment_date = 2025-12-01
assessment_date = 2025-09-08
next_review = 2025-09-15
review_cadence = "weekly"

[[gate]]
id = "api"
  [[gate.criterion]]
  id = "core-api"
  weight = 3
  [[gate.criterion]]
  id = "media"
  parent = "core-api"
  risk = "critical"
  evidence_link = "https://example.org/media"
  [[gate.criterion]]
  id = "login"
  parent = "core-api"

[[gate]]
id = "live"
kind = "running"
judged_after = "24h"
  [[gate.criterion]]
  id = "errors"
  metric = "request_error_percent"
  comparator = "<"
  threshold = 1
  level = 3

[[stage]]
id = "beta"
users = 50
share = 10
soak = "24h"
entry = ["core-api"]
exit = ["live"]
runbook = "rollout"

[[runbook]]
id = "rollout"
  [[runbook.step]]
  id = "apply"
  phase = "Staged rollout"
  command = "kubectl apply -f {environment}/app.yaml -n ${NAMESPACE} && echo {environment} {revision}"

[[runbook]]
id = "back"
kind = "rollback"
  [[runbook.step]]
  id = "undo"
  command = "kubectl rollout undo deployment/app"

[[drill]]
id = "rollback-drill"
limit_seconds = 60
health_url = "https://example.org/health"
ttl = "14d"
runbook = "back"

[[message]]
id = "users"
audience = "Beta users"
when = "T+0h every 30m until T+4h"

[[escalation]]
level = 3
who = "Operations"
after = "15m"

[document]
path = "checklist.md"
notes = ["kept"]
contradictions = ["line 1 is ticked, line 2 is not"]
"""


def tables() -> dict[str, Any]:
    return tomllib.loads(PLAN)


def test_the_second_half_of_a_plan_is_read_as_written() -> None:
    """Every key of a rollout plan arrives typed in its place."""
    plan = parse_plan(tables())

    assert (plan.deployment_date, plan.assessment_date) == (date(2025, 12, 1), date(2025, 9, 8))
    assert (plan.next_review, plan.review_cadence) == (date(2025, 9, 15), timedelta(weeks=1))
    assert [gate.kind for gate in plan.gates] == ["deploy", "running"]
    assert plan.gates[1].judged_after == timedelta(days=1)
    assert [c.id for c in children_of(plan)["core-api"]] == ["media", "login"]
    assert plan.parents == {"core-api"}
    assert (plan.criteria[1].risk, plan.criteria[3].level) == ("critical", 3)
    assert plan.criteria[1].evidence_link == "https://example.org/media"
    stage, drill = plan.stages[0], plan.drills[0]
    assert (stage.share, stage.soak, stage.entry, stage.exit) == (10.0, timedelta(days=1), ("core-api",), ("live",))
    assert [(book.kind, book.steps[0].kind) for book in plan.runbooks] == [("deploy",) * 2, ("rollback",) * 2]
    assert plan.runbooks[0].steps[0].placeholders == ("environment", "revision")
    assert (drill.limit_seconds, drill.ttl, drill.runbook) == (60.0, timedelta(days=14), "back")
    assert len(list(plan.messages[0].when.moments())) == 9
    assert (plan.escalations[0].level, plan.escalations[0].after) == (3, timedelta(minutes=15))
    assert (plan.document.path, plan.document.notes) == ("checklist.md", ("kept",))


MISTAKES: dict[str, tuple[Any, str]] = {
    "gate of no kind": (lambda m: m["gate"][1].update(kind="later"), "gate[1].kind: found 'later'"),
    "gate in words": (lambda m: m["gate"][1].update(judged_after="soon"), "gate[1].judged_after: needs a duration"),
    "unknown parent": (
        lambda m: m["gate"][0]["criterion"][1].update(parent="core"),
        'gate[0].criterion[1].parent: no criterion of gate api is called "core"; did you mean "core-api"?',
    ),
    "parent in another gate": (
        lambda m: m["gate"][1]["criterion"][0].update(parent="core-api"),
        "gate[1].criterion[0].parent: no criterion of gate live",
    ),
    "own parent": (
        lambda m: m["gate"][0]["criterion"][2].update(parent="login"),
        'gate[0].criterion[2].parent: "login',
    ),
    "parent with a metric": (
        lambda m: m["gate"][0]["criterion"][0].update(metric="x", comparator=">", threshold=1),
        "gate[0].criterion[0].metric: has children",
    ),
    "level 5": (lambda m: m["gate"][1]["criterion"][0].update(level=5), "gate[1].criterion[0].level: needs a whole"),
    "risk of no kind": (lambda m: m["gate"][0]["criterion"][1].update(risk="red"), "gate[0].criterion[1].risk: found"),
    "stage without such a runbook": (lambda m: m["stage"][0].update(runbook="rolout"), "stage[0].runbook: no runbook"),
    "entry rule without a name": (
        lambda m: m["stage"][0].update(entry=["x"]),
        "stage[0].entry[0]: no criterion or gate",
    ),
    "soak in words": (lambda m: m["stage"][0].update(soak="a day"), "stage[0].soak: needs a duration like 30m"),
    "step taken": (lambda m: m["runbook"][1]["step"][0].update(id="apply"), 'runbook[1].step[0].id: "apply" is taken'),
    "step key": (lambda m: m["runbook"][1]["step"][0].update(comand="x"), "runbook[1].step[0].comand: unknown key"),
    "drill without limit": (lambda m: m["drill"][0].pop("limit_seconds"), "drill[0].limit_seconds: is missing"),
    "drill without time": (
        lambda m: m["drill"][0].update(limit_seconds=0),
        "drill[0].limit_seconds: needs more than 0",
    ),
    "drill address": (
        lambda m: m["drill"][0].update(health_url="file:///etc"),
        "drill[0].health_url: needs an address",
    ),
    "message in words": (lambda m: m["message"][0].update(when="on the day"), "message[0].when: needs moments"),
    "message for ever": (lambda m: m["message"][0].update(when="T+0h every 30m"), "message[0].when: needs moments"),
    "level twice": (
        lambda m: m["escalation"].append({"level": 3, "who": "All"}),
        "escalation[1].level: 3 is taken by escalation[0]",
    ),
    "document key": (lambda m: m["document"].update(file="x"), "document.file: unknown key"),
    "cadence in words": (
        lambda m: m["readiness"].update(review_cadence="often"),
        "readiness.review_cadence: needs daily",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_each_mistake_of_a_rollout_plan_is_named_with_its_place(name: str) -> None:
    """One mistake gives one problem, which begins with its TOML path."""
    change, expected = MISTAKES[name]
    mapping = tables()
    change(mapping)

    with pytest.raises(PlanError) as caught:
        parse_plan(mapping)

    assert len(caught.value.problems) == 1, caught.value.problems
    assert caught.value.problems[0].startswith(expected)


@given(st.text(max_size=30) | st.from_regex(r"T[+-]\d{1,4}h every \d{1,4}[smh] until T[+-]\d{1,4}h", fullmatch=True))
def test_a_schedule_is_read_or_refused_and_always_ends(text: str) -> None:
    """Whatever the words are, a schedule has ascending moments, none after its end, and not too many."""
    schedule = parse_schedule(text)
    if schedule is None:
        return
    moments = list(schedule.moments())

    assert moments == sorted(set(moments))
    assert 1 <= len(moments) <= MOST_MOMENTS + 1
    assert schedule.until is None or moments[-1] <= schedule.until


def test_durations_have_a_unit() -> None:
    """A duration is a number above zero with one unit; a cadence may also be a word."""
    assert parse_duration("1.5h") == timedelta(minutes=90)
    assert [parse_duration(text) for text in ("24", "0h", "-1h", "one hour", "")] == [None] * 5
    assert (parse_cadence("biweekly"), parse_cadence("10d")) == (timedelta(weeks=2), timedelta(days=10))
