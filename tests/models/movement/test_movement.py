"""Movement: parts that add up, and never an ungraded culprit."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.frames import COMMITS, ITEMS, OBSERVATIONS, Schema, empty_frame
from models.movement.movement import Movement, movement
from models.movement.sums import by_author, by_folder, by_merger
from models.plan.plan import Attestation, Criterion, Gate, Plan, Rule, Waiver
from models.readiness.score import baselines_from, plan_in_force, score_snapshot, snapshot_at
from models.reasons.criterion import ValueUnknown
from models.reasons.movement import EXACT, NOT_COMPARABLE, FieldChange, FieldsChanged, FirstMeasured, Grade, GradeKind

T0 = datetime(2025, 6, 1, tzinfo=UTC)


def day(n: float) -> datetime:
    return T0 + timedelta(days=n)


EMPTY = {id(schema): empty_frame(schema) for schema in (OBSERVATIONS, COMMITS, ITEMS)}


def table(schema: Schema, rows: list[dict[str, Any]]) -> pd.DataFrame:
    empty = EMPTY[id(schema)]
    columns = {c: pd.Series([row[c] for row in rows], dtype=empty.dtypes[c]) for c in schema}
    return pd.DataFrame(columns) if rows else empty


def observation(value: float | None, at: float, **given: Any) -> dict[str, Any]:
    base = {**dict.fromkeys(OBSERVATIONS, ""), "metric": "todo_count", "kind": "measured", "source": "git"}
    found = math.nan if value is None else value
    return {**base, "observed_at": day(at), "recorded_at": day(100), "value": found, **given}


def commit(position: int, at: float | None = None) -> dict[str, Any]:
    moment = day(position if at is None else at)
    name = f"c{position}"
    return {
        "commit": name,
        "position": position,
        "committed_at": moment,
        "author": "Ada",
        "subject": f"step {position}",
        "merged_by": "",
    }


def commits(count: int) -> pd.DataFrame:
    return table(COMMITS, [commit(i) for i in range(count)])


def counted(*values: float | None, **given: Any) -> list[dict[str, Any]]:
    """One git figure per commit and day."""
    return [observation(value, i, commit=f"c{i}", **given) for i, value in enumerate(values)]


def todos(**given: Any) -> Criterion:
    base = {"metric": "todo_count", "scope": "", "comparator": "<=", "threshold": 0.0, "unit": "", "baseline": 100.0}
    return Criterion(**{"id": "todos", "title": "todos", "gate": "g", **base, **given})


def make(*criteria: Criterion, **given: Any) -> Plan:
    gates = {c.gate: None for c in criteria}
    made = tuple(Gate(g, g, 1.0, tuple(c for c in criteria if c.gate == g)) for g in gates)
    return Plan(**{"target": 90.0, "gates": made, **given})


def moved(rows: list[dict[str, Any]], *plans: Plan, since: float = 0, until: float = 9, **given: Any) -> Movement:
    dated = [(day(5 * i), plan) for i, plan in enumerate(plans)]
    line = given.get("commits", commits(12))
    items = given.get("items", empty_frame(ITEMS))
    return movement(table(OBSERVATIONS, rows), line, items, dated, day(since), day(until))


def within(first: str, last: str, count: int) -> Grade:
    return Grade(GradeKind.WITHIN, first, last, count)


def test_git_values_are_attributed_exactly() -> None:
    """Each commit gets its own difference and the points of it, also when it undid what another did."""
    found = moved(counted(100.0, 80.0, 80.0, 90.0, 40.0), make(todos()))
    (move,) = found.criteria
    assert (move.grade, move.before, move.after) == (EXACT, 100.0, 40.0)
    assert [(s.commit, s.delta) for s in move.commits] == [("c1", -20.0), ("c3", 10.0), ("c4", -50.0)]
    assert [s.points for s in move.commits] == pytest.approx([20.0, -10.0, 50.0])
    assert move.points == pytest.approx(60.0)
    assert move.commits[0].author == "Ada"


def test_only_commits_of_the_window_are_named() -> None:
    """What happened before since or after until is not in the answer."""
    (move,) = moved(counted(100.0, 80.0, 70.0, 60.0, 40.0), make(todos()), since=1, until=3).criteria
    assert [(s.commit, s.delta) for s in move.commits] == [("c2", -10.0), ("c3", -10.0)]


def test_commit_dates_that_run_backwards_change_no_share() -> None:
    """The order of commits is their position: a commit dated before its parent still has its own difference."""
    rows = [
        observation(100.0, 0, commit="c0"),
        observation(90.0, 5, commit="c1"),
        observation(50.0, 2, commit="c2"),
        observation(45.0, 6, commit="c3"),
    ]
    line = table(COMMITS, [commit(0), commit(1, 5), commit(2, 2), commit(3, 6)])
    (move,) = moved(rows, make(todos()), commits=line).criteria
    assert [(s.commit, s.delta) for s in move.commits] == [("c1", -10.0), ("c2", -40.0), ("c3", -5.0)]
    assert move.grade == EXACT


def test_a_figure_of_builds_lies_within_the_commits_between_them() -> None:
    """Between two builds any commit can have done it: all are named, none gets a figure."""
    rows = [
        observation(100.0, 1, commit="c1", source="artifacts"),
        observation(60.0, 4, commit="c4", source="artifacts"),
    ]
    (move,) = moved(rows, make(todos(max_age_days=99.0)), since=2).criteria
    assert move.grade == within("c1", "c4", 3)
    assert [(s.commit, s.delta, s.points) for s in move.commits] == [
        ("c2", None, None),
        ("c3", None, None),
        ("c4", None, None),
    ]
    assert [(span.delta, span.points) for span in move.spans] == [(-40.0, pytest.approx(40.0))]


def test_a_build_of_every_commit_is_exact() -> None:
    """Where each commit was built, each has its own difference."""
    (move,) = moved(counted(100.0, 90.0, 60.0, source="artifacts"), make(todos())).criteria
    assert move.grade == EXACT
    assert [s.delta for s in move.commits] == [-10.0, -30.0]


def test_a_figure_without_a_commit_is_near_one() -> None:
    """Where only the time is known, the last commit before it is named as near, without a figure."""
    rows = [observation(100.0, 1, source="probe"), observation(60.0, 4.5, source="probe")]
    (move,) = moved(rows, make(todos()), since=2).criteria
    near = Grade(GradeKind.NEAR, last="c4")
    assert move.grade == near
    assert [(s.commit, s.delta, s.grade) for s in move.commits] == [("c4", None, near)]
    (alone,) = moved(rows, make(todos()), since=2, commits=empty_frame(COMMITS)).criteria
    assert (alone.grade, alone.commits) == (Grade(GradeKind.NEAR, day=date(2025, 6, 5)), ())


@pytest.mark.parametrize(
    "other",
    [{"definition": "v2"}, {"kind": "simulated"}, {"unit": "files"}],
)
def test_figures_of_two_rules_have_no_difference(other: dict[str, str]) -> None:
    """A change of counting rule, kind or unit between the two moments is not comparable; the points still count."""
    first = observation(100.0, 1, source="artifacts")
    later = observation(60.0, 4, source="artifacts", **other)
    found = moved([first, later], make(todos()), since=2)
    (move,) = found.criteria
    assert (move.grade, move.commits, move.spans) == (NOT_COMPARABLE, (), ())
    assert move.points == pytest.approx(40.0)
    assert found.residual == 0.0


def test_a_first_figure_is_not_a_difference() -> None:
    """What was not known before has moved points, and no commits are blamed or praised for it."""
    (move,) = moved([observation(50.0, 4)], make(todos())).criteria
    assert (move.before, move.after, move.grade, move.because) == (
        None,
        50.0,
        NOT_COMPARABLE,
        FirstMeasured(),
    )
    assert move.commits == ()


def test_an_unknown_figure_in_between_widens_the_suspicion() -> None:
    """Across a commit whose figure is unknown the difference lies within the commits, not in the last one."""
    (move,) = moved(counted(100.0, None, 60.0, 50.0), make(todos())).criteria
    assert [span.grade for span in move.spans] == [within("c0", "c2", 2), EXACT]
    assert move.grade == within("c0", "c3", 3)


def test_lost_evidence_is_reported_apart() -> None:
    """A figure that went stale or unknown is no loss of quality: it is listed under lost evidence with its points."""
    stale = moved([observation(20.0, 0, source="probe")], make(todos(max_age_days=5.0)), since=1)
    assert stale.criteria == ()
    (lost,) = stale.lost_evidence
    assert (lost.id, lost.state, lost.before, lost.points) == ("todos", "stale", 20.0, pytest.approx(-80.0))
    unknown = moved([observation(20.0, 0), observation(None, 4, reason="half-written file")], make(todos()), since=1)
    assert unknown.lost_evidence[0].because == ValueUnknown("half-written file")
    word = Attestation("M. Weber", date(2025, 6, 1), date(2025, 6, 5))
    lapsed = moved([], make(todos(attested=word)))
    assert lapsed.lost_evidence[0].points == -100.0


def test_the_cap_is_a_part_of_its_own() -> None:
    """When the last blocker lets go, the points it held back appear as the cap and not as anybody's work."""
    block = todos(id="block", metric="blocker_count", blocker=True, weight=0.0)
    rows = [
        *counted(5.0, 4.0),
        observation(7.0, 0, metric="blocker_count", commit="c0"),
        observation(0.0, 3, metric="blocker_count", commit="c3"),
    ]
    found = moved(rows, make(todos(), block))
    assert (found.before.value, found.after.value) == (89.0, pytest.approx(96.0))
    assert found.cap == pytest.approx(6.0)
    assert found.gains == pytest.approx(1.0)
    assert found.before.capped_because == ("block",)


def test_plan_edits_are_scored_at_unchanged_evidence() -> None:
    """A moved threshold and a new criterion cost points as plan edits, not as anybody's loss."""
    old = make(todos(comparator="<", threshold=50.0))
    new = make(
        todos(comparator="<", threshold=10.0),
        todos(id="audit", metric=""),
        target=95.0,
        rules=(Rule("go-1", "go", "audit is done", ("audit",)),),
        waivers=(Waiver("audit", "L. Sommer", "later", date(2025, 9, 1)),),
    )
    found = moved(counted(40.0), old, new)
    assert found.criteria == ()
    assert [(f"{edit.thing} {edit.action}", edit.id) for edit in found.plan_edits] == [
        ("criterion changed", "todos"),
        ("criterion added", "audit"),
        ("target changed", "target"),
        ("rule added", "go-1"),
        ("waiver added", "audit"),
    ]
    assert found.plan_edits[0].because == FieldsChanged((FieldChange("threshold", 50.0, 10.0),))
    assert found.edit_points == pytest.approx(found.change)
    assert moved(counted(40.0), old, old).plan_edits == ()


def test_items_of_the_window_are_listed() -> None:
    """What was opened or closed after since and up to until is listed with author, place and text."""
    base = {
        "id": "i1",
        "source": "git",
        "kind": "marker",
        "label": "TODO",
        "text": "TODO: retry",
        "path": "src/a.py",
        "line": 12.0,
        "scope": "src",
        "path_class": "code",
        "opened_at": day(2),
        "opened_commit": "c2",
        "opened_by": "Ada",
        "closed_at": pd.NaT,
        "closed_commit": "",
        "closed_by": "",
        "opened_merged_by": "Cyd",
        "closed_merged_by": "",
    }
    closed = {**base, "id": "i2", "opened_at": day(0), "closed_at": day(9), "closed_commit": "c9", "closed_by": "Ben"}
    vendored = {**base, "id": "i0", "path_class": "vendored", "opened_at": day(1), "line": math.nan}
    items = table(ITEMS, [vendored, base, closed])
    found = moved([], make(todos()), items=items)
    assert [(i.id, i.author, i.path, i.line) for i in found.opened] == [
        ("i1", "Ada", "src/a.py", 12),
        ("i0", "Ada", "src/a.py", None),
    ]
    assert [(i.id, i.author, i.commit) for i in found.closed] == [("i2", "Ben", "c9")]
    assert found.closed[0].text == "TODO: retry"


def test_since_after_until_is_refused() -> None:
    """A window that runs backwards is an error in words."""
    with pytest.raises(ValueError, match="is after until"):
        moved([], make(todos()), since=9, until=1)


# --- properties

METRICS = ["a_count", "b_count"]


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, Any]]:
    rows = st.builds(
        lambda metric, position, value, source, definition, kind: observation(
            value,
            position,
            metric=metric,
            commit=f"c{position}" if source != "probe" else "",
            source=source,
            definition=definition,
            kind=kind,
        ),
        st.sampled_from(METRICS),
        st.integers(0, 11),
        st.one_of(st.none(), st.integers(0, 100).map(float)),
        st.sampled_from(["git", "artifacts", "probe"]),
        st.sampled_from(["v1", "v1", "v2"]),
        st.sampled_from(["measured", "measured", "simulated"]),
    )
    return draw(st.lists(rows, max_size=20))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    word = Attestation("P", day(0).date(), day(5).date())
    made = [
        todos(
            id=f"k{i}",
            gate=draw(st.sampled_from(["g", "h"])),
            metric=draw(st.sampled_from(METRICS)),
            comparator=draw(st.sampled_from(["<=", ">", "=="])),
            threshold=draw(st.sampled_from([0.0, 20.0, 50.0])),
            baseline=draw(st.sampled_from([None, 100.0, 0.0])),
            weight=draw(st.sampled_from([1.0, 0.3])),
            blocker=draw(st.booleans()),
            max_age_days=draw(st.sampled_from([3.0, 99.0])),
            attested=draw(st.sampled_from([None, word])),
        )
        for i in range(draw(st.integers(1, 4)))
    ]
    return make(*made, target=draw(st.sampled_from([50.0, 90.0])))


@settings(deadline=None, max_examples=20)
@given(histories(), st.lists(plans(), min_size=1, max_size=2), st.integers(0, 6), st.integers(6, 12))
def test_the_parts_sum_to_the_change(rows: list[dict[str, Any]], some: list[Plan], since: int, until: int) -> None:
    """Gains, losses, lost evidence, plan edits and cap sum to the change; spans and commits to their criterion."""
    found = moved(rows, *some, since=since, until=until)
    assert abs(found.residual) < 1e-9
    for move in found.criteria:
        assert move.grade
        if move.grade == NOT_COMPARABLE:
            assert not move.commits
            continue
        assert move.before is not None
        assert move.after is not None
        assert math.fsum(span.delta for span in move.spans) == pytest.approx(move.after - move.before)
        assert math.fsum(span.points for span in move.spans) == pytest.approx(move.points)
        if move.grade == EXACT:
            assert math.fsum(share.points or 0.0 for share in move.commits) == pytest.approx(move.points)
        assert all(share.delta is None for share in move.commits if share.grade != EXACT)


@settings(deadline=None, max_examples=10)
@given(histories(), st.lists(plans(), min_size=1, max_size=2), st.integers(0, 6), st.integers(6, 12))
def test_before_and_after_are_the_scores_of_the_two_moments(
    rows: list[dict[str, Any]], some: list[Plan], since: int, until: int
) -> None:
    """The ends of a movement are what scoring the two snapshots gives, and no frame is changed on the way."""
    observations, line, items = table(OBSERVATIONS, rows), commits(12), empty_frame(ITEMS)
    untouched = observations.copy(deep=True), line.copy(deep=True)
    dated = [(day(5 * i), plan) for i, plan in enumerate(some)]
    found = movement(observations, line, items, dated, day(since), day(until))
    pd.testing.assert_frame_equal(observations, untouched[0])
    pd.testing.assert_frame_equal(line, untouched[1])
    for at, readiness in ((day(since), found.before), (day(until), found.after)):
        plan = plan_in_force(dated, at)
        again = score_snapshot(snapshot_at(observations, at), plan, at, baselines=baselines_from(observations, plan))
        assert again.value == readiness.value
        assert [s.points for s in again.criteria] == [s.points for s in readiness.criteria]


@settings(deadline=None, max_examples=10)
@given(st.lists(st.integers(0, 100).map(float), min_size=2, max_size=12), st.integers(0, 11), st.integers(0, 11))
def test_exact_shares_are_the_plain_differences(values: list[float], one: int, two: int) -> None:
    """For a figure at every commit the shares are the differences from commit to commit, and nothing else."""
    since, until = sorted((min(one, len(values) - 1), min(two, len(values) - 1)))
    found = moved(counted(*values), make(todos(baseline=101.0)), since=since, until=until)
    plain = {f"c{i}": values[i] - values[i - 1] for i in range(since + 1, until + 1) if values[i] != values[i - 1]}
    shares = {s.commit: s.delta for move in found.criteria for s in move.commits}
    if values[since] == values[until]:
        assert shares == {}
    else:
        assert shares == plain


def test_sums_name_the_author_and_keep_the_merger_apart() -> None:
    """Each change is summed once for its author; who merged it has a sum of the same changes, and no further points."""
    line = table(
        COMMITS,
        [{**commit(i), "author": "Ada" if i % 2 else "Ben", "merged_by": "Cyd" if i == 3 else ""} for i in range(5)],
    )
    found = moved(counted(100.0, 80.0, 70.0, 30.0, 35.0), make(todos()), commits=line)
    assert [(one.name, one.commits) for one in by_author(found)] == [("Ada", 2), ("Ben", 2)]
    assert sum(one.points for one in by_author(found)) == pytest.approx(found.change)
    assert [(one.name, one.commits, one.points) for one in by_merger(found)] == [("Cyd", 1, pytest.approx(40.0))]
    own = moved(counted(100.0, 80.0), make(todos()), until=1, commits=line.assign(merged_by=line["author"]))
    assert by_author(own) and by_merger(own) == ()  # who merges their own work has merged nothing for others


def test_sums_by_folder_count_the_items_of_code() -> None:
    """Folders are named two levels deep; what others wrote takes no part."""
    base = dict.fromkeys(ITEMS, "") | {"kind": "marker", "path_class": "code", "line": 1.0, "opened_at": day(2)}
    rows = [
        {**base, "id": "a", "path": "src/pay/forms/a.py", "closed_at": pd.NaT},
        {**base, "id": "b", "path": "src/pay/b.py", "opened_at": day(0), "closed_at": day(5)},
        {**base, "id": "c", "path": "main.py", "closed_at": pd.NaT},
        {**base, "id": "d", "path": "vendor/x/d.py", "path_class": "vendored", "closed_at": pd.NaT},
    ]
    sums = by_folder(moved([], make(todos()), items=table(ITEMS, rows)))
    assert [(one.name, one.opened, one.closed) for one in sums] == [("src/pay", 1, 1), (".", 1, 0)]
