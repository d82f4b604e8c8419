"""An event that was recorded by mistake is taken back: it stays visible, and no clock counts it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.testing.rollout_states import START, Scene

WHO = ("--by", "Kim", "--note", "another project was meant")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Infrastructure runs since 3 h, with samples and a probe; the clock is at 4.5 h."""
    scene = Scene(tmp_path_factory.mktemp("template"))
    commit = scene.ready()
    scene.up_to("infra", commit)
    scene.at(4.5)
    scene.samples(3, 4.5)
    scene.probe()
    return scene.folder, commit


@pytest.fixture
def scene(template: tuple[Path, str], tmp_path: Path) -> Scene:
    """A copy of it for one test."""
    made = Scene(shutil.copytree(template[0], tmp_path / "project"))
    made.at(4.5)
    return made


def infra(scene: Scene) -> tuple[str, float]:
    """State and minutes of soak of the stage."""
    stage = scene.rollout()["stages"][0]
    return stage["state"], round(stage["soak"]["elapsed_seconds"] / 60)


def test_a_deployment_and_an_incident_are_taken_back(scene: Scene, template: tuple[Path, str]) -> None:
    """Each restarts or stops the soak clock, and after its withdrawal the clock is the one from before."""
    assert infra(scene) == ("soaked", 90)
    assert scene.deploy("infra", template[1], "--again")[1]["event"]["id"] == "deploy-2"
    assert scene.tminus("incident", "wrong window", "--severity", "critical")[0] == 0
    assert infra(scene) == ("held", 0)

    for event in ("deploy-2", "incident-1"):
        assert scene.tminus("withdraw", event, *WHO)[0] == 0

    assert infra(scene) == ("soaked", 90)
    found = scene.rollout()
    assert {event["id"] for event in found["withdrawn"]} == {"deploy-2", "incident-1"}
    assert {event["withdrawn"]["by"] for event in found["withdrawn"]} == {"Kim"}
    assert (len(found["deployments"]), found["incidents"]) == (1, [])
    assert "withdrawn 1 Sep 2025 10:30 by Kim: another project was meant" in scene.tminus("rollout")[1]


def test_the_end_of_an_incident_is_taken_back_alone(scene: Scene) -> None:
    """The incident is open again, and can be resolved again."""
    scene.tminus("incident", "logins fail", "--severity", "critical")
    scene.tminus("incident", "--resolve", "incident-1")
    assert scene.rollout()["incidents"][0]["resolved_at"]

    assert scene.tminus("withdraw", "incident-1-resolved", *WHO)[0] == 0

    assert scene.rollout()["incidents"][0]["resolved_at"] is None
    assert scene.tminus("incident", "--resolve", "incident-1")[0] == 0


def test_a_receipt_is_taken_back(scene: Scene) -> None:
    """The message is overdue again."""

    def state() -> str:
        return next(m["state"] for m in scene.rollout()["messages"] if m["id"] == "updates")

    before = state()
    scene.tminus("messages", "sent", "updates", "--by", "Kim")
    assert state() != before
    assert scene.tminus("withdraw", "receipt-1", *WHO)[0] == 0
    assert state() == before


def test_a_drill_is_taken_back_with_its_figure(scene: Scene) -> None:
    """Without its newest run the rollback is untested, its time is unknown, and there is no GO."""
    assert scene.check("deploy") == 0
    scene.at(4.6)

    assert scene.tminus("withdraw", "drill-run-1", *WHO)[0] == 0

    assert scene.rollout()["drills"][0]["state"] == "untested"
    assert scene.check("deploy") == 3
    assert "drill-run-1 was withdrawn by Kim" in scene.tminus("explain", "rollback")[1].replace("\n", " ")


def test_samples_are_taken_back_and_become_a_gap(scene: Scene) -> None:
    """A failing sample that is withdrawn is unknown, not healthy: the window waits until it has passed."""
    scene.samples(3.5, 3.6, value=9.0)
    assert infra(scene)[0] == "stopped"
    moments = [(START.replace(hour=9, minute=minute)).isoformat() for minute in (31, 40)]

    code, answer = scene.tminus(
        "withdraw", "--samples", "errors", "--since", moments[0], "--until", moments[1], *WHO, "--json"
    )

    assert (code, answer["withdrawn"]["id"], answer["withdrawn"]["kind"]) == (0, "samples-1", "samples")
    assert infra(scene)[0] == "held"
    strip = next(window["strip"] for window in scene.rollout()["windows"] if window["criterion"] == "errors")
    assert [run["state"] for run in strip] == ["healthy", "gap", "healthy"]


def test_what_cannot_be_withdrawn_is_one_line(scene: Scene) -> None:
    """An unknown event, a second time, nobody named, and samples without a time are refused; nothing is written."""
    scene.tminus("incident", "logins fail", "--severity", "minor")
    scene.tminus("withdraw", "incident-1", *WHO)
    wrong = [
        (("deploy-9", *WHO), "there is no event 'deploy-9': the newest are deploy-1"),
        (("incident-1", *WHO), "incident-1 is withdrawn already, by Kim: another project was meant"),
        (("deploy-1",), "names who and why: tminus withdraw deploy-1 --by NAME --note TEXT"),
        (("--samples", "errors", *WHO), "--since DATE --until DATE"),
        (("--samples", "coverage", "--since", "2025-09-01", "--until", "2025-09-02", *WHO), "has no samples"),
        (("--samples", "errors", "--since", "2025-08-01", "--until", "2025-08-02", *WHO), "has no sample from"),
        (("--by", "Kim"), "tminus withdraw ID --by NAME --note TEXT"),
    ]
    for arguments, line in wrong:
        code, text = scene.tminus("withdraw", *arguments)
        assert code == 2 and line in text and text.count("\n") == 1, text
    assert scene.tminus("withdraw")[0] == 0
    events = scene.tminus("withdraw", "--json")[1]["events"]
    assert {event["id"]: bool(event["withdrawn"]) for event in events} == {
        "incident-1": True,
        "deploy-1": False,
        "drill-run-1": False,
    }
