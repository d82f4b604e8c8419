"""Committed report files, read from real repositories through their whole history."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.pull import store_harvest
from ingest.source import Request, SourceError
from ingest.sources.report_files.committed import CommittedFiles
from ingest.warehouse.database import Warehouse
from tests.testing.local_forge import junit, lcov

START = datetime(2025, 1, 1, tzinfo=UTC)
NOW = datetime(2025, 12, 1, tzinfo=UTC)


class Repository:
    """A real repository whose commits are a day apart."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.commits: list[str] = []
        folder.mkdir()
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str, day: int = 0) -> str:
        date = (START + timedelta(days=day)).isoformat()
        names = {f"GIT_{who}_{what}": "ann" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        environment = {**os.environ, **names, "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
        done = subprocess.run(["git", *arguments], cwd=self.folder, env=environment, capture_output=True, check=True)
        return done.stdout.decode().strip()

    def commit(self, files: dict[str, bytes | None]) -> str:
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink() if content is None else path.write_bytes(content)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "change", day=len(self.commits))
        self.commits.append(self.git("rev-parse", "HEAD"))
        return self.commits[-1]


@pytest.fixture
def repository(tmp_path):
    made = Repository(tmp_path / "shop")
    for covered in (1, 3, 3, 7):
        made.commit({"coverage/lcov.info": lcov(covered, 10), "src/a.py": f"x = {covered}\n".encode()})
    return made


def observe(repository: Repository, paths: list[str], marker: str = "", payloads: Path | None = None):
    folder = repository.folder
    settings = {"paths": paths, "branch": ""}
    request = Request("shop", folder, folder, settings, marker, NOW, lambda *_: [], payloads=payloads)
    return CommittedFiles().observe(request)


def series(harvest, metric: str = "coverage_line_percent", scope: str = "") -> list[tuple]:
    return [
        (o.observed_at.day, o.value, o.commit) for o in harvest.observations if (o.metric, o.scope) == (metric, scope)
    ]


def test_every_version_is_a_figure_at_its_commit(repository):
    """The file counts when it changes, at that commit and its date; a commit that leaves it alone adds nothing."""
    harvest = observe(repository, ["coverage/lcov.info"])
    first, second, _, fourth = repository.commits
    assert series(harvest) == [(1, 10, first), (2, 30, second), (4, 70, fourth)]
    proof = next(e for e in harvest.evidence if e.locator.startswith(fourth))
    assert proof.path == "coverage/lcov.info"


def test_history_equals_its_brute_force_twin(repository):
    """Reading the file at every single commit with git itself gives the same values, carried forward."""
    from ingest.readers.registry import read_bytes

    known = {commit: value for _, value, commit in series(observe(repository, ["coverage/lcov.info"]))}
    value = None
    for commit in repository.commits:
        value = known.get(commit, value)
        data = repository.git("show", f"{commit}:coverage/lcov.info").encode()
        twin = next(f.value for f in read_bytes(data, "lcov.info")[0].figures if f.metric == "coverage_line_percent")
        assert value == twin


def test_two_pulls_equal_one(repository, tmp_path):
    """A pull in the middle of history and one at its end store what a single pull stores."""
    whole = Warehouse(tmp_path / "whole.duckdb", "shop")
    parts = Warehouse(tmp_path / "parts.duckdb", "shop")
    half = observe(repository, ["coverage/lcov.info"])
    store_harvest(parts, "committed", half, NOW)
    repository.commit({"coverage/lcov.info": lcov(9, 10)})
    repository.commit({"coverage/lcov.info": None})
    rest = observe(repository, ["coverage/lcov.info"], half.marker)
    assert not rest.rewritten
    store_harvest(parts, "committed", rest, NOW)
    store_harvest(whole, "committed", observe(repository, ["coverage/lcov.info"]), NOW)
    sql = 'SELECT metric, scope, observed_at::VARCHAR, value, reason, "commit", evidence FROM observation ORDER BY ALL'
    rows = []
    for warehouse in (whole, parts):
        with warehouse.reading() as connection:
            rows.append(connection.execute(sql).fetchall())
    assert rows[0] == rows[1]
    assert observe(repository, ["coverage/lcov.info"], rest.marker).observations == []


def test_a_deleted_file_is_lost_evidence(repository):
    """From the commit that took it away its figures are unknown."""
    repository.commit({"coverage/lcov.info": None})
    harvest = observe(repository, ["coverage/lcov.info"])
    last = [o for o in harvest.observations if o.metric == "coverage_line_percent"][-1]
    assert (last.value, last.reason) == (None, "the file was deleted")


@pytest.mark.parametrize("left", [b"", b"Killed\n", b"<html><body>502 Bad Gateway</body></html>", b"x" * 2_000])
def test_a_version_that_is_no_report_is_lost_evidence(repository, monkeypatch, left):
    """The figures of the version before are not those of a commit that holds an empty, foreign or huge file."""
    monkeypatch.setattr("ingest.sources.report_files.committed.LARGEST_BYTES", 1_000)
    repository.commit({"coverage/lcov.info": left})
    harvest = observe(repository, ["coverage/lcov.info"])
    last = [o for o in harvest.observations if o.metric == "coverage_line_percent"][-1]
    assert (last.value, last.commit) == (None, repository.commits[-1])
    assert last.reason.startswith("this version of the file")
    repository.commit({"coverage/lcov.info": None})
    after = observe(repository, ["coverage/lcov.info"], harvest.marker).observations
    assert {o.reason for o in after} == {"the file was deleted"}


def test_a_rewritten_history_is_read_again(repository):
    """After a force-push everything is handed over again as a replacement; so after a change of the paths."""
    marker = observe(repository, ["coverage/lcov.info"]).marker
    repository.git("reset", "-q", "--hard", "HEAD~2")
    repository.commit({"coverage/lcov.info": lcov(5, 10)})
    again = observe(repository, ["coverage/lcov.info"], marker)
    assert again.rewritten
    assert [value for _, value, _ in series(again)] == [10, 30, 50]
    assert observe(repository, ["coverage/*.info"], marker).rewritten


def test_files_found_by_a_pattern_stay_apart(repository):
    """Files of a pattern have their path as scope, so that two packages never meet in one series."""
    repository.commit({"packages/a/lcov.info": lcov(2, 10), "packages/b/lcov.info": lcov(8, 10)})
    harvest = observe(repository, ["packages/**/lcov.info"])
    assert series(harvest) == []
    assert [value for _, value, _ in series(harvest, scope="packages/a/lcov.info")] == [20]
    assert [value for _, value, _ in series(harvest, scope="packages/b/lcov.info")] == [80]


def test_two_named_files_with_the_same_figure_are_reported(repository):
    """Two files named exactly that both give the coverage are a warning: they would meet in one series."""
    repository.commit({"other.info": lcov(2, 10)})
    harvest = observe(repository, ["coverage/lcov.info", "other.info"])
    assert any("both give coverage_line_percent: name one" in warning for warning in harvest.warnings)


def test_a_broken_version_is_unknown_and_a_strange_one_is_counted(repository):
    """A truncated report is NULL with its reason, a file of no known format a warning."""
    repository.commit({"tests.xml": junit(2, 0)})
    repository.commit({"tests.xml": junit(2, 0)[:60], "coverage/lcov.info": b"\x00\x01\x02"})
    harvest = observe(repository, ["tests.xml", "coverage/lcov.info"])
    broken = [o for o in harvest.observations if o.metric == "tests_total"][-1]
    assert broken.value is None
    assert broken.reason
    assert "1 versions of committed files have no known format" in harvest.warnings


def test_links_and_empty_repositories_are_normal(tmp_path):
    """A symbolic link is no report, and a repository without a commit is a warning."""
    made = Repository(tmp_path / "empty")
    assert "no commit yet" in observe(made, ["a.info"]).warnings[0]
    (made.folder / "real.info").write_bytes(lcov(1, 2))
    (made.folder / "a.info").symlink_to("real.info")
    made.commit({})
    harvest = observe(made, ["a.info"])
    assert harvest.observations == []


def test_settings_are_checked(repository):
    """A missing list of paths is reported with its place."""
    with pytest.raises(SourceError, match=r"sources\.committed\.paths"):
        observe(repository, [])
