"""What a CI job's figures are credited to: the commit and branch that people know, whatever the service calls them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.record import StatedFigure, record_figure
from ingest.source import Request
from ingest.sources.report_files.artifacts import Artifacts
from ingest.sources.report_files.current_ci_job import current_job
from ingest.warehouse.database import Warehouse, WarehouseError
from tests.testing.local_forge import junit, lcov

HEAD, MERGE = "a" * 40, "b" * 40
NOW = datetime(2026, 3, 1, tzinfo=UTC)
MARKS = ("GITHUB_ACTIONS", "GITLAB_CI", "TF_BUILD", "CIRCLECI", "BUILDKITE", "TRAVIS", "BITBUCKET_BUILD_NUMBER")


@pytest.fixture(autouse=True)
def no_ci(monkeypatch):
    """The machine that runs the tests may be a CI itself."""
    for name in (*MARKS, "JENKINS_URL", "GITHUB_EVENT_NAME"):
        monkeypatch.delenv(name, raising=False)


# What each service sets in a job of its main branch, and in one of a pull request (its documentation's names).
JOBS = {
    "github": ({"GITHUB_ACTIONS": "true", "GITHUB_SHA": HEAD, "GITHUB_REF_NAME": "main", "GITHUB_HEAD_REF": ""}, False),
    "gitlab": ({"GITLAB_CI": "true", "CI_COMMIT_SHA": HEAD, "CI_COMMIT_BRANCH": "main"}, False),
    "gitlab merged result": (
        {
            "GITLAB_CI": "true",
            "CI_COMMIT_SHA": MERGE,
            "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": HEAD,
            "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "main",
            "CI_MERGE_REQUEST_IID": "7",
        },
        True,
    ),
    "azure": ({"TF_BUILD": "True", "BUILD_SOURCEVERSION": HEAD, "BUILD_SOURCEBRANCH": "refs/heads/main"}, False),
    "azure pull request": (
        {
            "TF_BUILD": "True",
            "BUILD_SOURCEVERSION": MERGE,
            "SYSTEM_PULLREQUEST_SOURCECOMMITID": HEAD,
            "SYSTEM_PULLREQUEST_SOURCEBRANCH": "refs/heads/main",
            "SYSTEM_PULLREQUEST_PULLREQUESTID": "7",
        },
        True,
    ),
    "circle": ({"CIRCLECI": "true", "CIRCLE_SHA1": HEAD, "CIRCLE_BRANCH": "main"}, False),
    "buildkite": (
        {
            "BUILDKITE": "true",
            "BUILDKITE_COMMIT": HEAD,
            "BUILDKITE_BRANCH": "main",
            "BUILDKITE_PULL_REQUEST": "false",
        },
        False,
    ),
    "travis pull request": (
        {
            "TRAVIS": "true",
            "TRAVIS_COMMIT": MERGE,
            "TRAVIS_PULL_REQUEST_SHA": HEAD,
            "TRAVIS_PULL_REQUEST_BRANCH": "main",
            "TRAVIS_PULL_REQUEST": "7",
        },
        True,
    ),
    "bitbucket": ({"BITBUCKET_BUILD_NUMBER": "12", "BITBUCKET_COMMIT": HEAD, "BITBUCKET_BRANCH": "main"}, False),
    "jenkins": ({"JENKINS_URL": "https://ci.example/", "GIT_COMMIT": HEAD, "GIT_BRANCH": "origin/main"}, False),
}


@pytest.mark.parametrize("name", JOBS)
def test_each_service_says_commit_branch_and_pull_request(name):
    """The head commit and the plain name of the branch are found, and whether a pull request is built."""
    variables, is_request = JOBS[name]
    job = current_job(variables)
    assert job is not None
    assert (job.commit, job.branch, bool(job.request)) == (HEAD, "main", is_request)


def test_outside_of_ci_no_variable_counts():
    """Without the service's own mark a commit in the environment says nothing."""
    assert current_job({"GITHUB_SHA": HEAD, "GIT_COMMIT": HEAD, "CI_COMMIT_SHA": HEAD, "BUILDKITE": "false"}) is None


@pytest.mark.parametrize("event", [{"pull_request": {"head": {"sha": HEAD}}}, {}, []])
def test_a_pull_request_of_github_is_reported_of_its_head(tmp_path, event):
    """GITHUB_SHA of a pull request is a merge nobody has; an event that does not name the head leaves it."""
    (tmp_path / "event.json").write_text(json.dumps(event))
    variables = {
        **{"GITHUB_ACTIONS": "true", "GITHUB_SHA": MERGE, "GITHUB_REF_NAME": "7/merge", "GITHUB_HEAD_REF": "fix/x"},
        **{"GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": str(tmp_path / "event.json")},
    }
    job = current_job(variables)
    assert job is not None
    assert (job.commit, job.branch, job.request) == (HEAD if event else MERGE, "fix/x", "fix/x")


def observe(root: Path, **settings):
    table = {"paths": ["ci"], **settings}
    return Artifacts().observe(Request("shop", root, root, table, "", NOW, lambda *_: []))


def put(root: Path, place: str, data: bytes, **sidecar: str) -> None:
    path = root / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (NOW.timestamp() - 60, NOW.timestamp() - 60))
    if sidecar:
        path.with_name(path.name + ".tminus.json").write_text(json.dumps(sidecar))


def set_all(monkeypatch, variables):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def test_figures_of_a_pull_request_are_kept_apart_by_a_warning(tmp_path, monkeypatch):
    """A job for a pull request, or for another branch, says that its figures are none of the main branch."""
    put(tmp_path, "ci/lcov.info", lcov(1, 2))
    set_all(monkeypatch, JOBS["gitlab merged result"][0])
    harvest = observe(tmp_path, branch="main")
    assert harvest.observations[0].commit == HEAD
    assert any("runs for main (a pull request), not for main" in warning for warning in harvest.warnings)
    for name in JOBS["gitlab merged result"][0]:
        monkeypatch.delenv(name)
    set_all(monkeypatch, JOBS["circle"][0] | {"CIRCLE_BRANCH": "try"})
    assert any("runs for try, not for main" in warning for warning in observe(tmp_path, branch="main").warnings)
    assert observe(tmp_path, branch="try").warnings == []


def test_a_job_that_only_says_head_is_reported_of_what_is_checked_out(tmp_path, monkeypatch):
    """A detached, shallow checkout knows its commit, where the variable holds a word instead of a hash."""
    source = tmp_path / "origin"
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "init", "-q", "-b", "main", str(source)], check=True)
    for word in ("one", "two"):
        subprocess.run([*git, "-C", str(source), "commit", "-q", "--allow-empty", "-m", word], check=True)
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth", "1", source.as_uri(), str(clone)], check=True)
    subprocess.run(["git", "-C", str(clone), "checkout", "-q", "--detach"], check=True)
    head = subprocess.run(["git", "-C", str(clone), "rev-parse", "HEAD"], check=True, capture_output=True, text=True)
    put(clone, "ci/lcov.info", lcov(1, 2))
    os.utime(clone / "ci/lcov.info")  # written now, after its commit
    set_all(monkeypatch, JOBS["buildkite"][0] | {"BUILDKITE_COMMIT": "HEAD"})
    harvest = observe(clone)
    assert harvest.observations[0].commit == head.stdout.strip()
    assert "commit from the checkout of the job" in harvest.evidence[0].excerpt


def test_a_commit_that_is_built_twice_has_two_runs(tmp_path):
    """Nightly reports of one commit are two runs, not the shards of one: nothing is counted twice."""
    for day in ("2026-02-01", "2026-02-02"):
        for shard in ("a", "b"):
            put(tmp_path, f"ci/{day}/{shard}.xml", junit(3, 0), commit=HEAD, at=f"{day}T03:00:00Z")
    totals = [o.value for o in observe(tmp_path).observations if (o.metric, o.scope) == ("tests_total", "")]
    assert totals == [6, 6]


def test_a_recorded_figure_is_reported_of_the_commit_of_its_job(tmp_path, monkeypatch):
    """`tminus record` in a job needs no --commit; a figure of another day, and a claim, are credited to none."""
    warehouse = Warehouse(tmp_path / "w.duckdb", "shop")
    set_all(monkeypatch, JOBS["azure pull request"][0])
    record_figure(warehouse, StatedFigure("rollback_seconds", 2.0), NOW)
    record_figure(warehouse, StatedFigure("rollback_seconds", 3.0, at=datetime(2026, 2, 1, tzinfo=UTC)), NOW)
    record_figure(warehouse, StatedFigure("rollback_seconds", 4.0, claimed=True), NOW)
    record_figure(warehouse, StatedFigure("rollback_seconds", 5.0, commit=MERGE), NOW)
    with warehouse.reading() as connection:
        found = connection.execute('SELECT value, "commit" FROM observation ORDER BY value').fetchall()
    assert found == [(2, HEAD), (3, ""), (4, ""), (5, MERGE)]


_PULL = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from ingest.config import parse_config
from ingest.pull import pull
folder = Path(sys.argv[1])
given = {"project": {"name": "shop"}, "sources": {"artifacts": {"paths": [sys.argv[2]]}}}
report = pull(parse_config(given, folder), only=["artifacts"], now=datetime(2026, 3, 1, tzinfo=UTC))
sys.exit(report.sources[0].error or 0)
"""


def test_two_jobs_at_once_store_what_both_have(tmp_path):
    """Jobs that end in the same moment share one warehouse: one waits for the other, no figure is lost or doubled."""
    for number in (1, 2):
        put(tmp_path, f"job{number}/report{number}.xml", junit(number, 0), commit=f"{number}" * 40)
    jobs = [subprocess.Popen([sys.executable, "-c", _PULL, str(tmp_path), f"job{n}"]) for n in (1, 2)]
    assert [job.wait(timeout=60) for job in jobs] == [0, 0]
    rows = Warehouse(tmp_path / ".tminus" / "warehouse.duckdb", "shop").ask(
        "SELECT value FROM observation WHERE metric = 'tests_total' ORDER BY value"
    )
    assert list(rows["value"]) == [1, 2]


def test_a_place_that_cannot_be_written_is_one_line(tmp_path):
    """A checkout in which no folder can be made is reported with the setting that fixes it."""
    (tmp_path / ".tminus").write_text("no folder")
    with pytest.raises(WarehouseError, match=r"cannot make .*\.tminus for the warehouse.*let project\.warehouse name"):
        record_figure(Warehouse(tmp_path / ".tminus" / "w.duckdb", "shop"), StatedFigure("rollback_seconds", 2.0), NOW)
