"""What `tminus series` prints: the newest points of the whole, and which parts there are besides."""

from __future__ import annotations

import pandas as pd

from app.command_line.terminal.tables import MOST_POINTS, show_series


def frame(points: int) -> pd.DataFrame:
    """One point a day of the whole and of a part whose name sorts behind it."""
    days = pd.date_range("2026-01-01", periods=points, tz="UTC")
    parts = [
        pd.DataFrame({"scope": scope, "observed_at": days, "recorded_at": days, "value": range(start, start + points)})
        for scope, start in (("", 1000), ("frontend", 5000))
    ]
    return pd.concat(parts, ignore_index=True).assign(unit="markers", kind="measured", locator="", reason="")


def test_the_newest_points_are_those_of_the_whole(capsys):
    """The last 40 days of the whole are shown, and the parts are named."""
    show_series(frame(50), every_scope=True)
    out = capsys.readouterr().out
    assert "1,049 markers" in out and "1,010 markers" in out
    assert "1,009 markers" not in out and "5,0" not in out
    assert f"the newest {MOST_POINTS} of 50 points" in out and "frontend" in out


def test_a_series_without_a_whole_shows_its_newest_points(capsys):
    """Where only parts are stored, the newest days of all of them are shown."""
    only = frame(50)
    show_series(only[only["scope"] == "frontend"], every_scope=True)
    out = capsys.readouterr().out
    assert "5,049 markers" in out and "5,009 markers" not in out
