"""Wrong deployments are refused in one line, and a refused one leaves nothing behind."""

from __future__ import annotations

import shutil
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.steps.assess import open_workspace
from app.steps.production import deploy as deploy_step
from app.steps.production.deploy import DeployRequest, deploy
from ingest.warehouse.process import ProcessError
from tests.testing.rehearsal import Rehearsal
from tests.testing.repositories import add_commits

START = datetime(2025, 9, 1, tzinfo=UTC)
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A project with GO at its only commit; nothing is deployed, and nothing that runs is asked."""
    folder = tmp_path_factory.mktemp("template")
    made = Rehearsal(folder, START, NOWHERE, f"{NOWHERE}/health")
    commit = made.commit(1, markers=0)
    made.at(2)
    made.pull("git")
    made.measure(commit)
    assert made.tminus("record", "rollback_seconds", "41")[0] == 0
    return folder, commit


@pytest.fixture
def ready(template: tuple[Path, str], tmp_path: Path) -> tuple[Rehearsal, str]:
    """A copy of it for one test."""
    folder, commit = template
    copy = shutil.copytree(folder, tmp_path / "project")
    made = Rehearsal(copy, START, NOWHERE, f"{NOWHERE}/health")
    made.at(2)
    return made, commit


def events(made: Rehearsal) -> int:
    return len(made.rollout()["deployments"])


WRONG = [
    (["--stage", "gamma", "--commit", "HEAD"], "there is no stage 'gamma': the plan has infra, internal, beta, all"),
    (["--stage", "infra", "--commit", "nowhere"], "--commit nowhere"),
    (["--stage", "infra", "--commit", "HEAD", "--at", "2025-09-01T02:01"], "is in the future"),
    (["--stage", "infra", "--commit", "HEAD", "--override", "because"], "add --by NAME"),
    (["--stage", "infra"], "name what goes where"),
    (["--rollback"], "there is nothing to roll back"),
    (["--rollback", "--override", "x", "--by", "Kim"], "a rollback is never refused"),
]


def test_a_wrong_deployment_is_one_line(ready: tuple[Rehearsal, str]) -> None:
    """What cannot be recorded exits with 2, names what to do, and stores nothing."""
    made, _ = ready
    for arguments, line in WRONG:
        code, text = made.tminus("deploy", *arguments)
        assert code == 2 and line in text and text.count("\n") == 1, text
    assert events(made) == 0


def test_a_skipped_stage_and_another_commit_are_refused(ready: tuple[Rehearsal, str]) -> None:
    """The stage before comes first, and with the commit that is to go on."""
    made, commit = ready
    code, answer = made.deploy("beta", commit)
    assert (code, answer["refused"]) == (1, ["Infrastructure comes first."])

    assert made.deploy("infra", commit)[0] == 0
    other = made.commit(2.5, markers=0)
    made.at(4)
    made.pull("git")
    made.measure(other)
    code, answer = made.deploy("internal", other)
    assert code == 1
    assert any(f"runs {commit[:7]}, not {other[:7]}: deploy {other[:7]} there first" in t for t in answer["refused"])


def test_a_commit_that_was_never_assessed_is_refused(ready: tuple[Rehearsal, str]) -> None:
    """A commit that no pull has read, and one of a branch, have no evidence of their own."""
    made, commit = ready
    unread = made.commit(1.5, markers=0)
    branch = add_commits(made.repository, [{"x": b"x"}], branch="side", parents=[commit])

    for revision in (unread, branch):
        code, answer = made.deploy("infra", revision)
        assert (code, answer["recorded"]) == (3, False)
        assert "evidence is at most 0 commits behind the candidate" in answer["refused"][0]


def test_a_deployment_recorded_twice_is_one(ready: tuple[Rehearsal, str]) -> None:
    """The same command again writes nothing; --again is a redeployment, which restarts the soak."""
    made, commit = ready
    first = made.deploy("infra", commit)[1]
    made.at(2.5)
    second = made.deploy("infra", commit)[1]

    assert (first["recorded"], second["recorded"], second["already"]) == (True, False, True)
    assert second["event"]["id"] == first["event"]["id"]
    assert made.deploy("infra", commit, "--again")[1]["recorded"] is True
    (stage,) = [stage for stage in made.rollout()["stages"] if stage["id"] == "infra"]
    assert (stage["soak"]["elapsed_seconds"], stage["soak"]["restarted_by"], stage["soak"]["restarts"]) == (
        0,
        "redeployment",
        1,
    )


def test_a_clock_that_goes_backwards_is_named(ready: tuple[Rehearsal, str]) -> None:
    """With a clock before the newest deployment nothing is recorded, and nothing seems to be deployed."""
    made, commit = ready
    made.at(5)
    assert made.deploy("infra", commit)[0] == 0
    made.at(3)

    code, text = made.tminus("deploy", "--stage", "infra", "--commit", commit, "--again")

    assert code == 2 and "deploy-1 happened at 2025-09-01 05:00:00" in text and "check the clock" in text
    assert made.rollout()["current"] is None


def test_two_people_who_deploy_at_once_get_one_deployment(
    ready: tuple[Rehearsal, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are judged by the same state; the second one to write is refused and sees what happened."""
    made, commit = ready
    barrier, outcomes = threading.Barrier(2), []
    judged = deploy_step.refusals

    def wait(*arguments: object) -> object:
        barrier.wait(timeout=60)
        return judged(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(deploy_step, "refusals", wait)

    def person(name: str) -> None:
        workspace = open_workspace(made.folder / "tminus.toml")
        try:
            outcomes.append(deploy(workspace, DeployRequest("infra", commit, by=name))["recorded"])
        except ProcessError as problem:
            outcomes.append(str(problem))

    people = [threading.Thread(target=person, args=(name,)) for name in ("Kim", "Lee")]
    for one in people:
        one.start()
    for one in people:
        one.join()

    assert sorted(map(str, outcomes))[0] == "True"
    assert "another deployment was recorded meanwhile (deploy-1)" in sorted(map(str, outcomes))[1]
    monkeypatch.undo()
    assert events(made) == 1


def test_an_override_is_recorded_with_its_reason(ready: tuple[Rehearsal, str]) -> None:
    """Who overrides is named, and the stage shows the reason for good; without need no override is stored."""
    made, commit = ready
    assert made.deploy("infra", commit, "--override", "not needed")[1]["event"]["override"] == ""
    made.at(2.2)
    code, answer = made.deploy("internal", commit, "--override", "launch day")

    assert (code, answer["recorded"]) == (0, True)
    assert answer["refused"]
    (stage,) = [stage for stage in made.rollout()["stages"] if stage["id"] == "internal"]
    assert (stage["override"], stage["entered_by"]) == ("launch day", "Kim")


def test_a_rollback_ends_the_rollout(ready: tuple[Rehearsal, str]) -> None:
    """It goes back to the commit before, and the next deployment begins at the first stage."""
    made, commit = ready
    assert made.deploy("infra", commit)[0] == 0
    other = made.commit(2.5, markers=0)
    made.at(3)
    made.pull("git")
    made.measure(other)
    assert made.deploy("infra", other)[0] == 0
    made.at(4)

    code, answer = made.tminus("deploy", "--rollback", "--by", "Kim", "--json")

    assert (code, answer["event"]["commit"], answer["event"]["kind"]) == (0, commit, "rollback")
    found = made.rollout()
    assert (found["current"], found["next"], found["stages"][0]["entered_at"]) == (None, "infra", None)
    assert made.tminus("deploy", "--rollback", "--json")[1]["already"] is True


def test_a_critical_incident_stops_the_clock_and_holds_the_next_stage(ready: tuple[Rehearsal, str]) -> None:
    """While it is open nothing goes on; when it is resolved the soak begins at zero."""
    made, commit = ready
    made.deploy("infra", commit)
    made.at(2.9)
    code, answer = made.tminus("incident", "logins fail", "--severity", "critical", "--by", "Kim", "--json")
    assert (code, answer["id"]) == (0, "incident-1")
    made.at(3.5)
    assert "Critical incident incident-1 is open: logins fail" in made.held("internal")
    assert made.tminus("incident", "--resolve", "incident-1")[0] == 0
    assert "has soaked for 0 s of 1 h; a critical incident" in made.held("internal")
    code, text = made.tminus("incident", "--resolve", "incident-1")
    assert code == 2 and "resolved already" in text
    assert made.tminus("incident", "--resolve", "incident-7")[0] == 2


def test_environments_are_apart(ready: tuple[Rehearsal, str]) -> None:
    """A deployment in one environment begins no stage of another."""
    made, commit = ready
    made.deploy("infra", commit, "--environment", "staging")
    assert made.deploy("infra", commit)[1]["already"] is True  # the only environment is meant
    made.at(2.5)
    made.deploy("infra", commit, "--environment", "live")

    live, staging = made.rollout(), made.tminus("rollout", "--environment", "staging", "--json")[1]

    assert (live["environment"], live["environments"]) == ("live", ["live", "staging"])
    assert [answer["stages"][0]["soak"]["elapsed_seconds"] for answer in (live, staging)] == [0, 1800]
    code, text = made.tminus("deploy", "--stage", "infra", "--commit", commit)
    assert code == 2 and "name the environment with --environment; there are live, staging" in text
    code, text = made.tminus("rollout", "--environment", "moon")
    assert code == 2 and "there are live, staging" in text


def test_an_open_critical_incident_holds_the_first_stage_and_a_rollback_is_not_promoted(
    ready: tuple[Rehearsal, str],
) -> None:
    """Nothing begins while a critical incident is open; what was rolled back has nothing new to promote."""
    made, commit = ready
    assert made.tminus("incident", "Logins fail", "--severity", "critical", "--by", "Lee")[0] == 0
    made.at(2.1)
    code, answer = made.deploy("infra", commit)
    assert (code, answer["refused"]) == (1, ["Critical incident incident-1 is open: Logins fail."])
    assert made.tminus("incident", "--resolve", "incident-1", "--by", "Lee")[0] == 0
    made.at(2.2)
    assert made.deploy("infra", commit)[0] == 0
    made.at(2.3)
    assert made.tminus("deploy", "--rollback", "--commit", commit, "--by", "Kim", "--json")[0] == 0
    promotion = made.rollout()["verdicts"][-1]
    assert promotion["verdict"] == "NO-GO"
    assert [rule["holds"] for rule in promotion["rules"] if rule["id"] == "deployed"] == [False]


def test_a_deployment_before_its_commit_was_known_is_refused(ready: tuple[Rehearsal, str]) -> None:
    """A time at which nothing was measured yet gives no GO: the evidence of today proves nothing about then."""
    made, commit = ready
    code, answer = made.deploy("infra", commit, "--at", "2025-09-01T00:30")
    assert (code, answer["recorded"]) != (0, True)
    assert events(made) == 0
