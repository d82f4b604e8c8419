"""A gate that is judged at T+n looks at its own window, whatever happens later."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from tests.testing.rollout_states import Scene


def test_a_gap_after_its_moment_is_not_of_a_gate_that_was_judged_before(tmp_path: Path) -> None:
    """The first day passed; a gap in the 26th hour holds the stage by the running gate, not by that of T+24 h."""
    scene = Scene(tmp_path / "late")
    commit = scene.ready()
    begun = scene.up_to("beta", commit)
    scene.at(begun + 1.2)
    scene.probe()
    scene.samples(begun, begun + 24.5)
    scene.samples(begun + 26, begun + 27)
    scene.at(begun + 27)
    scene.probe()
    answer = scene.rollout()

    windows = {window["criterion"]: window for window in answer["windows"]}
    (first_day,) = windows["errors-t24"]["checkpoints"]
    assert (first_day["name"], first_day["state"]) == ("T+24 h", "passed")
    assert [run["state"] for run in windows["errors-t24"]["strip"]] == ["healthy"]
    assert [run["state"] for run in windows["errors"]["strip"]] == ["healthy", "gap", "healthy"]
    deployed = datetime.fromisoformat(answer["deployments"][-1]["at"])
    ends = datetime.fromisoformat(windows["errors-t24"]["strip"][-1]["until"])
    assert (ends - deployed).total_seconds() == 24 * 3600
    beta = next(stage for stage in answer["stages"] if stage["id"] == "beta")
    assert [line.split(" is unknown")[0] for line in beta["holds_because"]] == ["Error rate"]
