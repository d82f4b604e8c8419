"""The sample that `tminus demo` shows is public: it says what is simulated and nothing of where it was built."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from app.demo import prepare_demo
from app.steps.date.course import course
from app.steps.production.rollout import rollout

SAMPLE = Path(__file__).resolve().parents[3] / "data" / "samples" / "medianest"
TABLES = sorted(SAMPLE.glob("*.parquet"))
ABSOLUTE = re.compile(r"(?<![\w.:/)>*@\]{}~$-])/[\w.+-]+/[\w.+-]+")


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.stem)
def test_what_a_pull_says_names_no_folder_of_the_machine(table):
    """No text that the product itself wrote holds an absolute path; quoted documents may."""
    quoted = {"text", "excerpt", "subject", "plan"}
    with duckdb.connect() as connection:
        columns = connection.execute("describe select * from read_parquet(?)", [str(table)]).fetchall()
        own = [f'"{name}"' for name, kind, *_ in columns if kind == "VARCHAR" and name not in quoted]
        rows = connection.execute(f"select {', '.join(own)} from read_parquet(?)", [str(table)]).fetchall()
    assert rows
    assert not [value for row in rows for value in row if value and ABSOLUTE.search(value)]


def test_every_simulated_figure_says_so_in_its_evidence():
    """What no tool measured is marked as simulated wherever it can be met."""
    with duckdb.connect() as connection:
        shown_text = connection.execute(
            "select count(*), count(*) filter (e.locator like 'simulated%') from read_parquet(?) o"
            " join read_parquet(?) e on o.evidence = e.id where o.kind = 'simulated' and not e.locator like 'git:%'",
            [str(SAMPLE / "observation.parquet"), str(SAMPLE / "evidence.parquet")],
        ).fetchone()
    assert shown_text[0] > 100
    assert shown_text[0] == shown_text[1]


def test_every_moment_of_the_rollout_is_in_the_zone_of_the_team(tmp_path):
    """The strips of all windows are drawn over the same clock, also that of a gate which is judged once."""
    workspace = prepare_demo(with_simulated=True, folder=tmp_path)
    answer = rollout(workspace, workspace.now())
    moments = [run[end] for window in answer["windows"] for run in window["strip"] for end in ("since", "until")]

    assert len({window["criterion"] for window in answer["windows"]}) == 4
    assert {moment[-6:] for moment in moments} == {answer["at"][-6:]} == {"-05:00"}


def test_the_course_of_the_sample_is_a_story(tmp_path):
    """The odds of the promised day rise step by step: no week jumps by more than 30 points, and none is lost again."""
    workspace = prepare_demo(with_simulated=True, folder=tmp_path)
    points = course(workspace, workspace.now())["points"]
    known = [point["promised_odds"] for point in points if point["promised_odds"] is not None]

    assert len(known) >= 6
    assert all(0 <= later - earlier < 0.3 for earlier, later in pairwise(known))
    assert known[-1] > 0.3
