"""The memory of the meeting: decisions that nobody overwrites, and reviews that never change."""

from __future__ import annotations

import multiprocessing
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.reports.writing import render
from app.steps.assess import open_workspace
from app.steps.meeting import close_decision, decide, decisions, freeze, frozen_review, frozen_reviews
from app.steps.review import review
from app.workspace import UsageError, Workspace
from ingest.warehouse.meeting import MeetingError
from tests.testing.dashboard_workspace import build, with_clock


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A project with 24 weeks of evidence; its clock is in November 2025."""
    return open_workspace(build(tmp_path))


def later(workspace: Workspace, days: int) -> Workspace:
    return with_clock(workspace, workspace.now() + timedelta(days=days))


def test_a_decision_keeps_owner_due_and_criterion(workspace):
    """What was decided is read back as it was decided, with the criterion's figure then and now."""
    due = workspace.now().date() + timedelta(days=7)
    made = decide(workspace, "Cover the payment module", "Kim", due, "test-coverage", by="Lee")
    [found] = decisions(workspace, workspace.now())["decisions"]
    assert (found["id"], found["text"], found["owner"], found["due"]) == (
        made["id"], "Cover the payment module", "Kim", due.isoformat()
    )  # fmt: skip
    assert (found["outcome"], found["decided_by"]) == ("open", "Lee")
    assert found["since"]["before"] == found["since"]["after"] is not None


def test_an_overdue_decision_comes_first(workspace):
    """A decision whose day has passed is overdue and comes before the others."""
    today = workspace.now().date()
    decide(workspace, "later", "Kim", today + timedelta(days=30))
    decide(workspace, "soon", "Kim", today + timedelta(days=1))
    after = later(workspace, 3)
    assert [(d["text"], d["is_overdue"]) for d in decisions(after, after.now())["decisions"]] == [
        ("soon", True),
        ("later", False),
    ]


def test_a_decision_is_closed_once(workspace):
    """Whoever closes a decision second is refused with the outcome and the day of the first."""
    decide(workspace, "one", "Kim", None)
    close_decision(workspace, "D1", "done", by="Kim", note="merged")
    with pytest.raises(MeetingError, match="D1 is closed already: done"):
        close_decision(workspace, "D1", "dropped")
    [found] = decisions(workspace, workspace.now())["decisions"]
    assert (found["outcome"], found["notes"]) == ("done", ["merged"])
    assert decisions(workspace, workspace.now(), only_open=True)["decisions"] == []


def test_a_carried_decision_stays_open_with_its_new_day(workspace):
    """Carrying over keeps the decision open, counts it, and moves its day."""
    today = workspace.now().date()
    decide(workspace, "one", "Kim", today + timedelta(days=1))
    close_decision(workspace, "D1", "carried", due=today + timedelta(days=8))
    [found] = decisions(workspace, workspace.now())["decisions"]
    assert (found["outcome"], found["carried"], found["due"]) == ("open", 1, (today + timedelta(days=8)).isoformat())


def test_a_decision_is_not_carried_into_the_past(workspace):
    """A new day before today is refused as it is for a new decision, and the decision keeps its own."""
    today = workspace.now().date()
    decide(workspace, "one", "Kim", today)
    with pytest.raises(UsageError, match="is before today"):
        close_decision(workspace, "D1", "carried", due=today - timedelta(days=1))
    [found] = decisions(workspace, workspace.now())["decisions"]
    assert (found["due"], found["carried"]) == (today.isoformat(), 0)


def test_changes_of_one_instant_keep_their_order(workspace):
    """Decisions that are carried over and closed at the same time are read as they were written."""
    today = workspace.now().date()
    names = [decide(workspace, f"decision {k}", "Kim", today)["id"] for k in range(12)]
    for name in names:
        close_decision(workspace, name, "carried", due=today + timedelta(days=3))
        close_decision(workspace, name, "done")
    found = decisions(workspace, workspace.now())["decisions"]
    assert {(entry["outcome"], entry["carried"]) for entry in found} == {("done", 1)}


def test_foreign_words_are_text_in_every_written_form(workspace):
    """Markup, line breaks, controls and marks of direction in a decision leave table and page whole."""
    words = "<script>a</script> | b\nc [x](javascript:a) &lt; \x07\x1b[31m \u202eend"
    decide(workspace, words, words, workspace.now().date())
    answer = review(workspace, workspace.now() - timedelta(days=7), workspace.now(), with_course=False)
    written = {form: render(answer, form) for form in ("md", "html")}
    [row] = [line for line in written["md"].splitlines() if line.startswith("| D1 ")]
    assert len(re.findall(r"(?<!\\)\|", row)) == 7
    assert "<script" not in written["html"].split("</style>")[1].lower()
    assert "&lt;script&gt;a&lt;/script&gt; | b c [x](javascript:a) &amp;lt; [31m end" in written["html"]
    assert not re.search("[\x07\x1b\u202e]", written["md"] + written["html"])


@pytest.mark.parametrize(
    ("text", "owner", "days", "criterion"),
    [(" ", "Kim", 1, ""), ("x", "", 1, ""), ("x", "Kim", -1, ""), ("x", "Kim", 1, "nothing-like-it")],
)
def test_a_decision_that_makes_no_sense_is_refused(workspace, text, owner, days, criterion):
    """Without text or owner, due before today, or for a criterion that the plan lacks: one clear line, nothing kept."""
    with pytest.raises(UsageError):
        decide(workspace, text, owner, workspace.now().date() + timedelta(days=days), criterion)
    assert decisions(workspace, workspace.now())["decisions"] == []


def _decide_in_process(path: str, name: str, amount: int) -> None:
    workspace = open_workspace(Path(path))
    for number in range(amount):
        decide(workspace, f"{name} {number}", name, None)


def test_two_people_deciding_at_once_lose_nothing(workspace):
    """Decisions of two processes get different ids, and all of them are there."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    people = [
        context.Process(target=_decide_in_process, args=(str(workspace.path), name, 8)) for name in ("Kim", "Lee")
    ]
    for person in people:
        person.start()
    for person in people:
        person.join()
    found = decisions(workspace, workspace.now())["decisions"]
    assert len(found) == len({decision["id"] for decision in found}) == 16
    assert {decision["text"] for decision in found} == {f"{n} {k}" for n in ("Kim", "Lee") for k in range(8)}


def frozen(workspace: Workspace, by: str = "Kim") -> dict:
    answer = review(workspace, workspace.now() - timedelta(days=7), workspace.now())
    files = {form: render(answer, form) for form in ("markdown", "html")}
    return freeze(workspace, answer, files, by)


def test_a_frozen_review_is_the_same_bytes_for_ever(workspace):
    """Later evidence, another day and another rendering change no byte of it."""
    import duckdb

    day = frozen(workspace)["day"]
    before = {form: frozen_review(workspace, day, form) for form in ("md", "html", "json")}
    with duckdb.connect(str(workspace.config.warehouse)) as warehouse:
        warehouse.execute("UPDATE observation SET value = value + 1")
    after = later(workspace, 30)
    assert {form: frozen_review(after, day, form) for form in ("md", "html", "json")} == before
    assert [row["frozen_by"] for row in frozen_reviews(after)["reviews"]] == ["Kim"]


def test_a_day_is_frozen_once(workspace):
    """The second freeze of a day is refused and names who froze it; the first stays."""
    frozen(workspace)
    with pytest.raises(MeetingError, match=r"frozen already, on .* by Kim"):
        frozen(workspace, "Lee")
    assert len(frozen_reviews(workspace)["reviews"]) == 1


def test_asking_for_a_review_that_is_not_frozen_names_those_that_are(workspace):
    """The answer lists the frozen days."""
    with pytest.raises(UsageError, match="no review is frozen yet"):
        frozen_review(workspace, None, "md")
    day = frozen(workspace)["day"]
    with pytest.raises(UsageError, match=day):
        frozen_review(workspace, "2001-01-01", "md")


def test_secrets_in_a_decision_are_not_kept(workspace):
    """A credential that somebody pastes into a decision is masked in the warehouse."""
    decide(workspace, "rotate ghp_" + "a1B2c3D4e5" * 3 + "f6G7H8", "Kim", None)
    assert "ghp_a1B2" not in str(decisions(workspace, workspace.now()))


def test_dates_are_days_of_the_team(workspace):
    """A due day is a plain date, whatever the zone."""
    decide(workspace, "x", "Kim", date(2099, 1, 1))
    assert decisions(workspace, workspace.now())["decisions"][0]["due"] == "2099-01-01"
