"""A workspace in each state that the Rollout page knows: real commands, real rows, on a clock that is set.

python -m tests.testing.rollout_states FOLDER            every state, each in a folder of its own
python -m tests.testing.rollout_states FOLDER soaking    one
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.steps.assess import open_workspace
from ingest.observation import SampleSeries
from ingest.pull import store_harvest
from ingest.source import Harvest
from ingest.sources.running.prometheus import windowed_queries
from ingest.warehouse.process import ProcessEvent, append_process_event
from tests.testing import rehearsal

START = datetime(2025, 9, 1, 6, tzinfo=UTC)
NOWHERE = "http://127.0.0.1:9"
STEP = 300
MORE = """
[[escalation]]
level = 4
who = "all hands: phone chain"

[[message]]
id = "updates"
title = "Real-time updates"
audience = "#deployment"
when = "T+0h every 30m until T+4h"

[[message]]
id = "summary"
title = "Deployment summary: success metrics and issue log"
audience = "Business stakeholders"
when = "T+4h until T+24h"

[[runbook]]
id = "back"
title = "Immediate rollback"
kind = "rollback"

  [[runbook.step]]
  id = "undo"
  title = "Return to the revision before"
  command = "kubectl rollout undo deployment/shop --to-revision={revision}"
"""


class Scene(rehearsal.Rehearsal):
    """A rehearsal whose probes and samples are written as a pull would store them; hours count from its start."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.more = MORE
        super().__init__(folder, START, NOWHERE, f"{NOWHERE}/health")

    def at(self, hours: float) -> None:
        """Move the clock; the plan has more tables than that of the rehearsal."""
        super().at(hours)
        path = self.folder / "tminus.toml"
        path.write_text(path.read_text(encoding="utf-8") + self.more, encoding="utf-8")
        self.hours = hours

    def ready(self, markers: int = 0) -> str:
        """A commit that is measured, with GO where it has no markers; the clock is at 2 h."""
        commit = self.commit(1, markers)
        self.at(2)
        self.pull("git")
        self.measure(commit)
        self.rehearse()
        return commit

    def rehearse(self, seconds: float = 41.2) -> None:
        """A rollback drill of now that took so long."""
        workspace = open_workspace(self.folder / "tminus.toml")
        event = ProcessEvent("drill", "rollback", workspace.now(), "Kim", "answered", seconds, {"was_down": True})
        append_process_event(workspace.warehouse, event, workspace.now())
        assert self.tminus("record", "rollback_seconds", str(seconds))[0] == 0

    def probe(self) -> None:
        """A health check of now that answers."""
        assert self.tminus("record", "http_healthy_percent", "100", "--scope", "health")[0] == 0

    def samples(self, first: float, last: float, value: float = 0.2) -> None:
        """An error rate every five minutes between two moments, as Prometheus would have answered."""
        workspace = open_workspace(self.folder / "tminus.toml")
        query = windowed_queries(workspace.config.sources["prometheus"])[0]
        begin, end = (START.timestamp() + hours * 3600 for hours in (first, last))
        seconds = [begin + k * STEP for k in range(1, int((end - begin) / STEP) + 1)]
        values = [value] * len(seconds)
        series = SampleSeries(query.metric, "", query.unit, query.definition(), STEP, "measured", "e", seconds, values)
        store_harvest(workspace.warehouse, "prometheus", Harvest(samples=[series]), workspace.now())

    def up_to(self, stage: str, commit: str) -> float:
        """Deploy to every stage until this one, each soaked; the hour at which it began."""
        hours, soaks = 3.0, {"infra": 1.1, "internal": 2.1, "beta": 4.1, "all": 0.0}
        for name, soak in soaks.items():
            self.at(hours)
            self.probe()
            code, answer = self.deploy(name, commit)
            assert code == 0, answer
            if name == stage:
                break
            self.samples(hours, hours + soak)
            hours += soak
        return hours

    def informed(self, first: float, last: float) -> None:
        """A receipt for each update between two moments."""
        workspace = open_workspace(self.folder / "tminus.toml")
        for half in range(int((last - first) * 2) + 1):
            moment = START + timedelta(hours=first + half / 2, minutes=1)
            event = ProcessEvent("message", "updates", moment, "Kim", "sent")
            append_process_event(workspace.warehouse, event, workspace.now())


def no_stages(scene: Scene) -> None:
    """A plan without stages, in GO."""
    scene.ready()
    path = scene.folder / "tminus.toml"
    text = path.read_text(encoding="utf-8")
    begin, end = text.index("[[stage]]"), text.index("[[drill]]")
    path.write_text(text[:begin] + text[end:], encoding="utf-8")


def no_go(scene: Scene) -> None:
    """The first stage is refused, because the verdict is NO-GO."""
    scene.ready(markers=3)


def missing_probe(scene: Scene) -> None:
    """The first stage runs, and nothing was read since."""
    commit = scene.ready()
    scene.up_to("infra", commit)
    scene.at(4.5)


def stale_probe(scene: Scene) -> None:
    """The health check was read, two hours ago."""
    commit = scene.ready()
    scene.up_to("internal", commit)
    scene.at(4.2)
    scene.probe()
    scene.samples(4.1, 6.3)
    scene.at(6.3)


def soaking(scene: Scene) -> None:
    """Internal testing runs for half of its soak."""
    commit = scene.ready()
    begun = scene.up_to("internal", commit)
    scene.at(begun + 0.9)
    scene.samples(begun, begun + 0.9)
    scene.probe()
    scene.informed(3, begun + 0.9)


def soaked(scene: Scene) -> None:
    """Internal testing has soaked, and the beta group may begin."""
    commit = scene.ready()
    begun = scene.up_to("internal", commit)
    scene.at(begun + 2.2)
    scene.samples(begun, begun + 2.2)
    scene.probe()
    scene.informed(3, begun + 2.2)


def stopped(scene: Scene) -> None:
    """A sample of the error rate fails, an hour into internal testing."""
    commit = scene.ready()
    begun = scene.up_to("internal", commit)
    scene.at(begun + 1.5)
    scene.samples(begun, begun + 1)
    scene.samples(begun + 1, begun + 1.2, value=5.0)
    scene.samples(begun + 1.2, begun + 1.5)
    scene.probe()
    scene.informed(3, begun + 1.5)


def rolled_back(scene: Scene) -> None:
    """It was rolled back after a critical incident."""
    commit = scene.ready()
    begun = scene.up_to("internal", commit)
    scene.at(begun + 0.5)
    assert scene.tminus("incident", "Logins fail for every user", "--severity", "critical", "--by", "Lee")[0] == 0
    scene.at(begun + 0.6)
    before = scene.tminus("rollout", "--json")[1]["deployments"][0]["commit"]
    assert scene.tminus("deploy", "--rollback", "--commit", before, "--by", "Kim", "--json")[0] == 0
    scene.at(begun + 0.8)
    scene.probe()


def redeployed(scene: Scene) -> None:
    """The same commit was deployed to the beta group again, which restarted its soak."""
    commit = scene.ready()
    begun = scene.up_to("beta", commit)
    scene.at(begun + 3)
    scene.samples(begun, begun + 3)
    scene.probe()
    assert scene.deploy("beta", commit, "--again")[0] == 0
    scene.at(begun + 3.5)
    scene.samples(begun + 3, begun + 3.5)
    scene.probe()


def promoted(scene: Scene) -> None:
    """All users, 72 hours without an incident, and the feedback is good: promotion is GO."""
    commit = scene.ready()
    begun = scene.up_to("all", commit)
    scene.at(begun + 1.2)
    scene.probe()
    scene.samples(begun, begun + 72.5)
    scene.at(begun + 72.5)
    scene.probe()
    assert scene.tminus("record", "feedback_score", "4.3")[0] == 0
    for name, hours in (("updates", begun + 0.02), ("summary", begun + 20)):
        moment = (START + timedelta(hours=hours)).isoformat()
        assert scene.tminus("messages", "sent", name, "--by", "Kim", "--at", moment)[0] == 0


def overdue(scene: Scene) -> None:
    """The summary of the deployment was not sent."""
    commit = scene.ready()
    begun = scene.up_to("beta", commit)
    scene.at(begun + 24)
    scene.samples(begun, begun + 24)
    scene.probe()


def stale_drill(scene: Scene) -> None:
    """The rollback was rehearsed, 33 days ago."""
    scene.ready()
    scene.at(33 * 24)


def gap(scene: Scene) -> None:
    """Nobody scraped for an hour while the beta group was in."""
    commit = scene.ready()
    begun = scene.up_to("beta", commit)
    scene.at(begun + 4.5)
    scene.samples(begun, begun + 1.5)
    scene.samples(begun + 2.5, begun + 4.5)
    scene.probe()


def taken_back(scene: Scene) -> None:
    """An incident and a deployment were recorded by mistake, and an edit of the plan shortened the soak."""
    commit = scene.ready()
    begun = scene.up_to("internal", commit)
    scene.at(begun + 0.5)
    assert scene.tminus("incident", "Wrong window", "--severity", "critical", "--by", "Lee")[0] == 0
    assert scene.deploy("internal", commit, "--again")[0] == 0
    newest = scene.rollout()["deployments"][-1]["id"]
    for event in ("incident-1", newest):
        assert scene.tminus("withdraw", event, "--by", "Kim", "--note", "another project was meant")[0] == 0
    scene.at(begun + 0.9)
    scene.samples(begun, begun + 0.9)
    scene.probe()
    path = scene.folder / "tminus.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('soak = "2h"', 'soak = "90m"').replace("threshold = 1\nlevel", "threshold = 2\nlevel"))


STATES: dict[str, Callable[[Scene], None]] = {
    state.__name__: state
    for state in (
        no_stages,
        no_go,
        missing_probe,
        stale_probe,
        soaking,
        soaked,
        stopped,
        rolled_back,
        redeployed,
        promoted,
        overdue,
        stale_drill,
        gap,
        taken_back,
    )
}


def build(folder: Path, state: str) -> Scene:
    """A workspace in this state; its plan is `folder`/tminus.toml."""
    scene = Scene(folder)
    STATES[state](scene)
    return scene


if __name__ == "__main__":
    for name in sys.argv[2:] or STATES:
        build(Path(sys.argv[1]) / name, name)
        sys.stdout.write(f"{name}\n")
