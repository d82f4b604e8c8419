"""From NO-GO to promotion: a real repository, HTTP server and Prometheus, and a clock that the test moves."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.testing.local_forge import trust_this_machine
from tests.testing.prometheus_history import prometheus_with
from tests.testing.rehearsal import Rehearsal, health_service

START = datetime(2025, 9, 1, tzinfo=UTC)
STEP = 300
BAD = (13.0, 13.5)  # hours: the error rate is too high
HOLE = (62.0, 86.0)  # hours: nobody scraped
END = 190


def errors() -> list[tuple[float, float]]:
    hours = [k * STEP / 3600 for k in range(int(END * 3600 / STEP))]
    return [
        (START.timestamp() + hour * 3600, 5.0 if BAD[0] < hour < BAD[1] else 0.2)
        for hour in hours
        if not HOLE[0] < hour < HOLE[1]
    ]


@pytest.fixture
def rehearsal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    trust_this_machine(monkeypatch, tmp_path / "trust")
    (tmp_path / "prometheus").mkdir()
    with (
        prometheus_with(tmp_path / "prometheus", {"errors_percent": errors()}) as prometheus,
        health_service() as (health, _),
    ):
        yield Rehearsal(tmp_path, START, prometheus, health)


def test_the_way_from_no_go_to_promotion(rehearsal: Rehearsal) -> None:
    """Each step is allowed exactly when the plan allows it, and says why when it does not."""
    r = rehearsal
    first = r.commit(1, markers=3)
    r.at(2)
    r.pull()
    r.measure(first)
    code, answer = r.deploy("infra", first)
    assert (code, answer["recorded"]) == (1, False)
    assert "NO-GO" in answer["refused"][0]
    assert (r.check("deploy"), r.check("running"), r.check("promotion")) == (1, 3, 3)

    fixed = r.commit(8, markers=0)
    r.at(9)
    r.pull()
    r.measure(fixed)
    assert r.check("deploy") == 3  # the rollback is untested
    assert r.rollout()["drills"][0]["state"] == "untested"
    seconds = r.drill()["run"]["seconds"]
    assert 0 <= seconds < 60
    assert (r.check("deploy"), r.states()["infra"]) == (0, "open")
    readiness = r.tminus("status", "--json")[1]["readiness"]

    r.at(10)
    code, answer = r.deploy("infra", fixed)
    assert (code, answer["event"]["verdict"], r.states()["infra"]) == (0, "GO", "held")
    r.at(10.5)
    r.watch()
    assert r.states()["infra"] == "soaking"
    code, answer = r.deploy("internal", fixed)
    assert (code, answer["refused"]) == (3, ["Infrastructure has soaked for 30 min of 1 h."])

    r.at(11.1)
    code, answer = r.deploy("internal", fixed)
    assert code == 3
    assert "Health check is unknown" in " ".join(answer["refused"])  # the probe is too old
    r.watch()
    assert r.deploy("internal", fixed)[0] == 0

    r.at(13.6)
    r.watch()
    assert r.states()["internal"] == "stopped"
    code, answer = r.deploy("beta", fixed)
    assert code == 1
    assert "Error rate fails (escalation level 4): 5%, needs < 1%" in " ".join(answer["refused"])
    assert (r.check("running"), r.check("deploy")) == (1, 0)
    assert r.tminus("status", "--json")[1]["readiness"] == readiness

    assert r.tminus("deploy", "--rollback", "--commit", first, "--by", "Kim", "--json")[0] == 0
    assert set(r.states().values()) == {"open", "rolled_back", "waiting"}

    r.at(14)
    r.watch()
    third = r.commit(13.9, markers=0)
    r.pull()
    r.measure(third)
    assert r.deploy("infra", third)[0] == 0
    for hours, stage in ((15.1, "internal"), (17.2, "beta"), (21.3, "all")):
        r.at(hours)
        r.watch()
        assert r.deploy(stage, third)[0] == 0, stage
    assert r.states() == {"infra": "done", "internal": "done", "beta": "done", "all": "held"}

    r.at(21.8)
    r.watch()
    assert (r.check("running"), r.check("running", "t1"), r.check("running", "t24")) == (3, 3, 3)
    r.at(22.4)
    r.watch()
    assert (r.check("running", "t1"), r.check("running", "t24")) == (0, 3)
    assert windows(r.rollout()) == {"T+1 h": "passed", "T+24 h": "running", "last 72 h": "running"}
    r.at(45.4)
    r.watch()
    assert (r.check("running", "t24"), r.check("running"), r.check("promotion")) == (0, 3, 1)

    r.at(94)
    r.watch()
    found = r.rollout()
    assert windows(found) == {"T+1 h": "passed", "T+24 h": "passed", "last 72 h": "unknown"}
    assert "No samples from T+40.7 h to T+64.7 h (24 h)" in of_errors(found)["checkpoints"][-1]["because"]
    assert [run["state"] for run in of_errors(found)["strip"]] == ["healthy", "gap", "healthy"]
    assert (found["verdict"], r.check("running"), r.check("promotion")) == ("GO", 3, 1)
    assert "Stable operation: 8," in found["verdicts"][-1]["because"]  # hours that were seen: since the end of the gap

    assert r.deploy("all", third)[1]["already"] is True
    assert r.deploy("all", third, "--again")[0] == 0
    soaked = r.rollout()
    assert windows(soaked) == dict.fromkeys(("T+1 h", "T+24 h", "last 72 h"), "not_begun")
    assert len(soaked["deployments"]) == 8

    r.at(165.9)
    r.watch()
    assert r.tminus("record", "feedback_score", "4.3")[0] == 0
    assert (r.check("promotion"), windows(r.rollout())["last 72 h"]) == (1, "running")
    r.at(166.1)
    r.watch()
    assert (r.check("running"), r.check("promotion"), r.check("deploy")) == (0, 0, 0)
    assert set(r.states().values()) == {"done", "soaked"}
    assert windows(r.rollout()) == dict.fromkeys(("T+1 h", "T+24 h", "last 72 h"), "passed")


def of_errors(answer: Any) -> Any:
    return next(window for window in answer["windows"] if window["criterion"] == "errors")


def windows(answer: Any) -> dict[str, str]:
    return {point["name"]: point["state"] for point in of_errors(answer)["checkpoints"]}
