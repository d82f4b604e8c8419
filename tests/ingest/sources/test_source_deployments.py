"""Deployments from git tags and from the APIs of GitHub and GitLab, each stored once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.pull import store_harvest
from ingest.source import Harvest, Request, SourceError, TMinusError
from ingest.sources.deployments.source import Deployments
from ingest.sources.deployments.tags import tag_pattern
from ingest.transport.http_client import RetryPolicy
from ingest.warehouse.database import Warehouse
from ingest.warehouse.process import Deployment, append_deployment, deployments
from models.rollout.events import deployed_from
from tests.testing.local_forge import Fault, serving, trust_this_machine
from tests.testing.repositories import add_commits, git, new_repository

NOW = datetime(2026, 1, 10, tzinfo=UTC)
DAY = datetime(2026, 1, 2, 12, tzinfo=UTC)


def harvest_of(folder: Path, **settings: object) -> Harvest:
    request = Request("shop", folder, folder, settings, "", NOW, lambda *_: [])
    return Deployments(patience=RetryPolicy(read_seconds=5), sleep=lambda _seconds: None).observe(request)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A commit of 1 January with an annotated, a lightweight, a foreign, a future and a blob tag."""
    repo = new_repository(tmp_path / "repository")
    commit = add_commits(repo, [{"a.py": b"x"}], dates=[int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())])

    def annotated(name: str, at: datetime) -> None:
        body = f"object {commit}\ntype commit\ntag {name}\ntagger Kim <k@x> {int(at.timestamp())} +0000\n\nout\n"
        made = git(repo, "hash-object", "-t", "tag", "-w", "--stdin", stdin=body.encode())
        git(repo, "update-ref", f"refs/tags/{name}", made)

    annotated("deploy/live/beta/1", DAY)
    annotated("rollback/live/1", DAY + timedelta(hours=2))
    annotated("deploy/live/beta/9", NOW + timedelta(days=1))
    git(repo, "tag", "deploy/live/all/2", commit)
    git(repo, "tag", "v1.0", commit)
    git(repo, "tag", "deploy/live/all/blob", git(repo, "rev-parse", f"{commit}:a.py"))
    return repo


def test_tags_are_deployments(repository: Path) -> None:
    """Stage, environment, commit, author and time come from the tag; what is dated in the future waits."""
    harvest = harvest_of(repository, tags="deploy/{environment}/{stage}/*", rollback_tags="rollback/{environment}/*")

    found = [(d.kind, d.stage, d.environment, d.happened_at, d.by) for d in harvest.deployments]
    assert found == [
        ("deploy", "all", "live", datetime(2026, 1, 1, tzinfo=UTC), ""),
        ("deploy", "beta", "live", DAY, "Kim"),
        ("rollback", "", "live", DAY + timedelta(hours=2), "Kim"),
    ]
    assert {d.commit for d in harvest.deployments} == {git(repository, "rev-parse", "main")}
    assert harvest.warnings == ["1 deployments are dated in the future and were not read"]


def test_tags_of_pre_releases_are_left_out_unless_asked_for(repository: Path) -> None:
    """A release candidate is not the deployment that a forecast is compared with; the pull says how many there are."""
    for name in ("v1.1.0-rc.1", "v1.1.0", "v1.2b1"):
        git(repository, "tag", name, "main")
    harvest = harvest_of(repository, tags="v*")

    assert sorted(d.external for d in harvest.deployments) == ["v1.0", "v1.1.0"]
    assert len(harvest.warnings) == 1 and harvest.warnings[0].startswith("2 tags of pre-releases are not deployments")
    assert len(harvest_of(repository, tags="v*", pre_releases=True).deployments) == 4


def test_a_rate_limit_and_a_broken_answer_lose_no_deployment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page is read after a wait and a retry; where the service stays down the source fails and stores nothing."""
    trust_this_machine(monkeypatch, tmp_path / "trust")
    path = "/repos/acme/shop/deployments"
    with serving() as forge:
        forge.page_size = 2
        forge.routes[path] = [{"id": n, "sha": f"{n}" * 40, "environment": "live"} for n in range(1, 6)]
        for number in range(1, 6):
            forge.routes[f"{path}/{number}/statuses"] = [{"state": "success", "created_at": "2026-01-02T10:00:00Z"}]
        forge.faults += [Fault(path, "status", status=429, headers={"Retry-After": "0"}), Fault(path, "drop", after=2)]
        harvest = harvest_of(tmp_path, github="acme/shop", api=forge.base)
        assert len(harvest.deployments) == 5
        forge.faults.append(Fault(path, "status", times=99, status=502))
        with pytest.raises(TMinusError, match="502"):
            harvest_of(tmp_path, github="acme/shop", api=forge.base)


def test_a_tag_is_stored_once_and_is_the_command_of_that_job(repository: Path, tmp_path: Path) -> None:
    """Two pulls store one event, and a tag beside the command of the same deployment counts once."""
    warehouse = Warehouse(tmp_path / "w.duckdb", "shop")
    commit = git(repository, "rev-parse", "main")
    append_deployment(warehouse, Deployment("deploy", DAY - timedelta(minutes=4), "beta", commit, "live"), NOW)
    for _ in range(2):
        harvest = harvest_of(repository, tags="deploy/{environment}/{stage}/*")
        store_harvest(warehouse, "deployments", harvest, NOW)

    frame = deployments(warehouse, NOW)

    assert frame is not None and len(frame) == 3
    assert [(event.stage, event.source) for event in deployed_from(frame)] == [("all", "git-tags"), ("beta", "command")]


def test_github_deployments_count_when_they_succeeded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A deployment that failed or is pending is none; the first success gives the time."""
    trust_this_machine(monkeypatch, tmp_path / "trust")
    rows = [
        {"id": 3, "sha": "c" * 40, "environment": "prod-beta", "creator": {"login": "kim"}},
        {"id": 2, "sha": "b" * 40, "environment": "staging", "creator": None},
        {"id": 1, "sha": "a" * 40, "environment": "prod-beta"},
    ]
    reported = {
        3: [("inactive", 5), ("success", 3), ("success", 2), ("pending", 1)],
        2: [("success", 1)],
        1: [("failure", 1)],
    }
    with serving() as forge:
        forge.page_size = 2
        forge.routes["/repos/acme/shop/deployments"] = rows
        for number, statuses in reported.items():
            forge.routes[f"/repos/acme/shop/deployments/{number}/statuses"] = [
                {"state": state, "created_at": f"2026-01-0{day}T10:00:00Z"} for state, day in statuses
            ]
        harvest = harvest_of(tmp_path, github="acme/shop", api=forge.base, stage_of={"prod-beta": "beta"})

    found = [(d.stage, d.environment, d.happened_at.day, d.by, d.commit[0]) for d in harvest.deployments]
    assert found == [("", "staging", 1, "", "b"), ("beta", "", 2, "kim", "c")]


def test_gitlab_deployments_count_when_they_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time is that of the end, and only a success is a deployment."""
    trust_this_machine(monkeypatch, tmp_path / "trust")
    rows = [
        {
            "id": 7,
            "sha": "a" * 40,
            "status": "success",
            "environment": {"name": "production"},
            "user": {"username": "kim"},
            "finished_at": "2026-01-03T10:00:00.123Z",
        },
        {"id": 8, "sha": "b" * 40, "status": "running", "environment": {"name": "production"}},
        {"id": 9, "sha": "c" * 40, "status": "success", "updated_at": "not a time", "created_at": None},
    ]
    with serving() as forge:
        forge.routes["/projects/acme%2Fshop/deployments"] = rows
        harvest = harvest_of(tmp_path, gitlab="acme/shop", api=forge.base)

    (found,) = harvest.deployments
    assert (found.environment, found.by, found.external, found.happened_at.day) == (
        "production",
        "kim",
        "deployment 7 (production)",
        3,
    )


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({}, "name where deployments are shown"),
        ({"tags": "v{version}"}, r"sources.deployments.tags: \{version\} is unknown"),
        ({"tags": "{stage}/{stage}"}, "is there twice"),
        ({"github": "a/b", "gitlab": "a/b"}, "both named"),
        ({"tags": "x", "stage_of": {"prod": 3}}, "stage_of.prod"),
    ],
)
def test_wrong_settings_are_named(repository: Path, settings: dict[str, object], line: str) -> None:
    """Each problem is one line with its place."""
    with pytest.raises(SourceError, match=line):
        harvest_of(repository, **settings)


def test_a_pattern_is_no_expression() -> None:
    """Only the names in braces and * have a meaning; a dot is a dot."""
    assert tag_pattern("v1.{stage}", "t").fullmatch("v1.beta")
    assert not tag_pattern("v1.{stage}", "t").fullmatch("v1xbeta")
    assert tag_pattern("d/{stage}/*", "t").fullmatch("d/a/b/c")
