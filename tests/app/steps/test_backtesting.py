"""`tminus backtest`: over the project's own past and over folders of series."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest

from app.command_line.parser import main
from app.steps.assess import open_workspace
from app.steps.date.backtest import read_folder
from app.steps.date.forecast import forecast
from app.workspace import WEEK, UsageError
from tests.testing.dashboard_workspace import build, with_clock


def make_folder(folder: Path, efforts: int) -> Path:
    """Efforts that go from 100 to 0 in about a year, each at its own pace."""
    rows = ["id,direction,natural_start,natural_target,source_repo"]
    for k in range(efforts):
        days = pd.date_range("2023-01-02", periods=70, freq="7D")
        lines = [f"{day:%Y-%m-%d},{max(0.0, 100 - (1.6 + 0.3 * k) * n):.1f}" for n, day in enumerate(days)]
        (folder / f"e{k}.csv").write_text("\n".join(["date,value", *lines]) + "\n")
        rows.append(f"e{k},down,100,0,owner/project-{k}")
    (folder / "index.csv").write_text("\n".join(rows) + "\n")
    return folder


def test_a_folder_of_efforts_is_scored_beside_the_rivals(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every method gets a row on the same moments, and table, JSON and plot are written."""
    folder = make_folder(tmp_path, 4)
    assert main(["backtest", str(folder), "--output", str(tmp_path / "out"), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)

    methods = {row["method"]: row for row in answer["methods"]}
    assert {"T-minus", "straight line", "13-week line", "throughput"} <= set(methods)
    assert len({row["cases"] for row in methods.values()}) == 1
    assert json.loads((tmp_path / "out" / "backtest.json").read_text())["methods"] == answer["methods"]
    assert "| T-minus |" in (tmp_path / "out" / "backtest.md").read_text()
    assert ElementTree.parse(tmp_path / "out" / "reliability.svg").getroot().tag.endswith("svg")


@pytest.mark.parametrize(
    ("index", "shown_text"),
    [(None, "needs an index.csv"), ("id,direction\ne0,down\n", "missing: "), ("", "cannot read its series")],
)
def test_a_folder_that_is_none_is_reported_in_one_line(tmp_path: Path, index: str | None, shown_text: str) -> None:
    """A folder without an index, or with a broken one, says what it needs."""
    if index is not None:
        (tmp_path / "index.csv").write_text(index)
    (tmp_path / "e0.csv").write_text("date,value\n2024-01-01,1\n")

    with pytest.raises(UsageError, match=shown_text):
        read_folder(tmp_path)


def test_a_forecast_is_scored_when_its_day_has_come(tmp_path: Path) -> None:
    """A forecast of four weeks ago is scored on the days that have come since; one made in hindsight never is."""
    workspace = open_workspace(build(tmp_path, "moving"))
    now, then = workspace.now(), workspace.now() - 4 * WEEK
    forecast(workspace, then)
    assert workspace.warehouse.query("forecasts").empty

    forecast(with_clock(workspace, then), then)
    record = forecast(with_clock(workspace, now), now)["track_record"]["own"]

    assert record["scored"] > 0
    assert record["days_scored"] >= record["scored"]
