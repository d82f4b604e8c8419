"""What a forecast is asked: the history of each criterion as the sources know it."""

from __future__ import annotations

import pandas as pd
import pytest

from models.series.history import history_of


def rows(*shown_text: tuple[str, str, float], source: str = "tree", metric: str = "readme_present") -> pd.DataFrame:
    frame = pd.DataFrame(shown_text, columns=["observed_at", "kind", "value"])
    at = pd.to_datetime(frame["observed_at"], utc=True, format="ISO8601")
    return frame.assign(observed_at=at, metric=metric, scope="", source=source)


def test_what_is_read_at_every_commit_is_known_between_its_changes() -> None:
    """A file that is there since January counts as seen every week to the last commit, however rarely it changes."""
    seen = pd.concat(
        [
            rows(("2026-01-05", "measured", 1.0)),
            rows(("2026-03-30", "measured", 7.0), source="git", metric="todo_count"),
        ]
    )
    history = history_of(seen, "readme_present", "")

    assert len(history) == 13
    assert set(history) == {1.0}
    assert history.index[-1] == pd.Timestamp("2026-03-30", tz="UTC")


def test_a_change_stays_on_its_day() -> None:
    """Weeks between carry the last value before them; the days of the changes keep theirs."""
    seen = rows(("2026-01-05", "measured", 0.0), ("2026-01-21", "measured", 1.0), ("2026-02-02", "measured", 1.0))
    history = history_of(seen, "readme_present", "")

    assert history[pd.Timestamp("2026-01-19", tz="UTC")] == 0.0
    assert history[pd.Timestamp("2026-01-21", tz="UTC")] == 1.0
    assert history[pd.Timestamp("2026-01-26", tz="UTC")] == 1.0


@pytest.mark.parametrize("source", ["artifacts", "prometheus", "record"])
def test_what_is_read_now_and_then_is_unknown_between(source: str) -> None:
    """A report says nothing of the weeks in which nobody made one."""
    seen = rows(("2026-01-05", "measured", 0.0), ("2026-06-05", "measured", 1.0), source=source)
    assert len(history_of(seen, "readme_present", "")) == 2


def test_a_claim_is_no_history() -> None:
    """What a document says is never forecast from."""
    assert history_of(rows(("2026-01-05", "claimed", 90.0)), "readme_present", "").empty
