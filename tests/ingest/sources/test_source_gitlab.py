"""GitLab CI as a source, against a local server."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import pytest

from ingest.pull import store_harvest
from ingest.source import Request, SourceError
from ingest.sources.ci.gitlab_ci import GitLabCI
from ingest.transport.http_client import RetryPolicy
from ingest.warehouse.database import Warehouse
from tests.testing.local_forge import Fault, Forge, junit, lcov, rate_limit_until, serving, trust_this_machine, zipped

NOW = datetime(2025, 6, 20, 12, tzinfo=UTC)
PROJECT = "/api/v4/projects/acme%2Fshop"
SECRET = "glpat-" + "aB3x" * 6


@pytest.fixture(autouse=True)
def token(monkeypatch, tmp_path_factory):
    """A project token in the environment."""
    monkeypatch.delenv("CI_JOB_TOKEN", raising=False)
    monkeypatch.setenv("GITLAB_TOKEN", SECRET)
    trust_this_machine(monkeypatch, tmp_path_factory.mktemp("config"))


class Lab:
    """A GitLab project on a local server."""

    def __init__(self, forge: Forge, store: Forge) -> None:
        self.forge = forge
        self.store = store
        self.pipelines: list[dict] = []
        forge.page_size = 2
        forge.routes[PROJECT] = {"default_branch": "main", "web_url": "https://gitlab.example/acme/shop"}
        forge.routes[f"{PROJECT}/pipelines"] = self._search

    def _search(self, query: dict[str, str]) -> list[dict]:
        after = query["updated_after"]
        return [p for p in self.pipelines if p["ref"] == query["ref"] and p["updated_at"] >= after]

    def pipeline(self, number: int, day: str, status: str = "success", jobs: list[dict] | None = None) -> dict:
        """Add a pipeline; a job may have `coverage`, `files` (its archive) and `expires`."""
        row = {
            "id": number,
            "sha": f"{number:040x}",
            "ref": "main",
            "status": status,
            "created_at": f"{day}T08:00:00.123Z",
            "updated_at": f"{day}T09:00:00.456Z",
            "web_url": f"https://gitlab.example/acme/shop/-/pipelines/{number}",
        }
        self.pipelines.append(row)
        rows = [self._job(row, n, job) for n, job in enumerate(jobs or [{"coverage": 10.0 * number}])]
        self.forge.routes[f"{PROJECT}/pipelines/{number}/jobs"] = rows
        total = {"time": 1.5, "count": 5, "success": 3, "failed": 1, "skipped": 1, "error": 0}
        self.forge.routes[f"{PROJECT}/pipelines/{number}/test_report_summary"] = {"total": total}
        return row

    def _job(self, row: dict, n: int, job: dict) -> dict:
        number = row["id"] * 10 + n
        path = f"{PROJECT}/jobs/{number}/artifacts"
        archive = None
        if "files" in job:
            data = zipped(job["files"])
            archive = {"filename": "artifacts.zip", "size": len(data)}
            self.store.routes[f"/blob/{number}"] = data
            self.forge.redirects[path] = f"{self.store.base}/blob/{number}"
        return {
            "id": number,
            "name": job.get("name", "test"),
            "status": job.get("status", row["status"]),
            "coverage": job.get("coverage"),
            "started_at": row["created_at"],
            "finished_at": row["updated_at"],
            "web_url": f"https://gitlab.example/acme/shop/-/jobs/{number}",
            "artifacts_file": archive,
            "artifacts_expire_at": job.get("expires"),
        }


@pytest.fixture
def lab():
    with serving() as forge, serving() as store:
        server = Lab(forge, store)
        for number, day in enumerate(("2025-06-10", "2025-06-11", "2025-06-12", "2025-06-13", "2025-06-16"), 1):
            server.pipeline(number, day, "failed" if number == 2 else "success")
        yield server


class Puller:
    def __init__(self, lab: Lab, folder, **settings) -> None:
        self.folder = folder
        self.warehouse = Warehouse(folder / "warehouse.duckdb", "shop")
        self.settings = {"project": "acme/shop", "api": f"{lab.forge.base}/api/v4", "days": 30, **settings}

    def pull(self):
        marker = dict(self.warehouse.rows("markers", "shop")).get("gitlab", "")
        stored = self.warehouse.rows
        place = self.folder / "payloads"
        request = Request("shop", self.folder, self.folder, self.settings, marker, NOW, stored, payloads=place)
        harvest = GitLabCI(patience=RetryPolicy(read_seconds=2), sleep=lambda _s: None).observe(request)
        store_harvest(self.warehouse, "gitlab", harvest, NOW)
        return harvest

    def rows(self) -> list[tuple]:
        columns = 'metric, scope, observed_at::VARCHAR, value, reason, unit, "commit", evidence, definition'
        with self.warehouse.reading() as connection:
            return connection.execute(f"SELECT {columns} FROM observation ORDER BY ALL").fetchall()

    def series(self, metric: str, scope: str = "") -> list[float | None]:
        return [row[3] for row in sorted(self.rows(), key=lambda r: r[2]) if row[:2] == (metric, scope)]


def test_pipelines_jobs_and_summaries_become_figures(lab, tmp_path):
    """The coverage field, the test summary and the conclusions are figures at the pipeline's commit and time."""
    puller = Puller(lab, tmp_path)
    harvest = puller.pull()
    assert puller.series("coverage_line_percent") == [10, 20, 30, 40, 50]
    assert puller.series("ci_success_percent") == [100, 0, 100, 100, 100]
    assert puller.series("tests_total") == [5] * 5
    assert puller.series("tests_failed") == [1] * 5
    assert puller.series("tests_passed_percent") == [75] * 5
    assert {o.commit for o in harvest.observations} == {f"{n:040x}" for n in range(1, 6)}
    assert lab.forge.asked[0].headers["private-token"] == SECRET


def test_reports_outrank_the_fields_of_gitlab(lab, tmp_path):
    """An artifact is better evidence than the number taken from a job's log; it comes without the token."""
    files = {"lcov.info": lcov(9, 10), "junit.xml": junit(7, 0)}
    lab.pipeline(6, "2025-06-17", jobs=[{"coverage": 12.0, "files": files}])
    puller = Puller(lab, tmp_path)
    puller.pull()
    assert puller.series("coverage_line_percent")[-1] == 90
    assert puller.series("tests_total")[-1] == 7
    assert lab.store.asked
    assert all("private-token" not in asked.headers for asked in lab.store.asked)


def test_coverage_of_several_jobs_stays_apart(lab, tmp_path):
    """Two jobs with a coverage each speak for themselves, not for the project."""
    lab.pipeline(6, "2025-06-17", jobs=[{"name": "web", "coverage": 12.0}, {"name": "api", "coverage": 80.0}])
    puller = Puller(lab, tmp_path)
    puller.pull()
    assert len(puller.series("coverage_line_percent")) == 5
    assert puller.series("coverage_line_percent", "job:web") == [12]
    assert puller.series("coverage_line_percent", "job:api") == [80]


def test_a_pipeline_without_tests_has_no_test_figures(lab, tmp_path):
    """A summary of nothing is not zero tests, and a missing summary is no failure."""
    lab.forge.routes[f"{PROJECT}/pipelines/1/test_report_summary"] = {"total": {"count": 0, "success": 0}}
    del lab.forge.routes[f"{PROJECT}/pipelines/2/test_report_summary"]
    puller = Puller(lab, tmp_path)
    puller.pull()
    assert puller.series("tests_total") == [5, 5, 5]


def test_a_deleted_or_expired_archive_is_lost_evidence(lab, tmp_path):
    """A deleted archive, and one that answers 404, are NULL; one that GitLab keeps beyond its date is read."""
    lab.pipeline(6, "2025-06-17", jobs=[{"files": {"lcov.info": lcov(9, 10)}}])
    lab.pipeline(7, "2025-06-18", jobs=[{"expires": "2025-06-19T00:00:00Z"}])
    lab.pipeline(8, "2025-06-19", jobs=[{"files": {"lcov.info": lcov(9, 10)}}])
    del lab.store.routes["/blob/80"]
    kept = {"files": {"lcov.info": lcov(7, 10)}, "expires": "2025-06-19T12:00:00Z"}
    lab.pipeline(9, "2025-06-20", jobs=[kept])
    puller = Puller(lab, tmp_path)
    puller.pull()
    assert puller.series("coverage_line_percent")[-4:] == [90, None, None, 70]


def test_running_pipelines_wait_and_manual_ones_do_not(lab, tmp_path):
    """A pipeline that runs is read later; one that waits for a person has its figures now, and no success."""
    lab.pipeline(6, "2025-06-17", "running")
    lab.pipeline(7, "2025-06-18", "manual")
    puller = Puller(lab, tmp_path)
    puller.pull()
    assert puller.series("coverage_line_percent") == [10, 20, 30, 40, 50, 70]
    assert puller.series("ci_success_percent") == [100, 0, 100, 100, 100]


@pytest.mark.parametrize(
    "fault",
    [
        Fault("/pipelines?", "drop", times=4),
        Fault("page=2", "drop", times=4),
        Fault("/jobs?", "status", times=4, status=502, after=2),
        Fault("test_report_summary", "drop", times=4, after=3),
        Fault("/jobs?", "status", status=429, headers={"Retry-After": "3600"}, after=1),
        Fault("page=3", "status", status=429, headers={"RateLimit-Remaining": "0", "RateLimit-Reset": "99999999999"}),
        Fault("/artifacts", "status", status=403, headers=rate_limit_until(4000)),
    ],
    ids=lambda fault: f"{fault.where} {fault.kind} {fault.status}",
)
def test_a_pull_resumed_after_a_fault_equals_an_undisturbed_one(lab, tmp_path, fault):
    """Whatever breaks, the next pull stores what is missing, no more and no less."""
    lab.pipeline(6, "2025-06-17", jobs=[{"files": {"lcov.info": lcov(9, 10)}}])
    calm = Puller(lab, tmp_path / "calm")
    calm.pull()
    lab.forge.faults.append(Fault(**fault.__dict__))
    disturbed = Puller(lab, tmp_path / "disturbed")
    with contextlib.suppress(SourceError):
        assert any("stopped early" in warning for warning in disturbed.pull().warnings)
    assert not any("stopped early" in warning for warning in disturbed.pull().warnings)
    assert disturbed.rows() == calm.rows()


def test_a_retried_job_that_passes_is_a_pass(lab, tmp_path):
    """A retry changes the pipeline; its new conclusion is kept beside the old one, recorded later."""
    puller = Puller(lab, tmp_path)
    puller.pull()
    lab.pipelines[1] |= {"status": "success", "updated_at": "2025-06-18T09:00:00Z"}
    puller.pull()
    assert puller.series("ci_success_percent", "workflow:pipeline")[-1] == 100
    fresh = Puller(lab, tmp_path / "fresh")
    fresh.pull()
    assert fresh.series("ci_success_percent") == [100] * 5


def test_the_job_token_of_ci_is_used_when_there_is_no_other(lab, tmp_path, monkeypatch):
    """Inside a CI job no secret has to be set up."""
    monkeypatch.delenv("GITLAB_TOKEN")
    monkeypatch.setenv("CI_JOB_TOKEN", "job-token-1")
    Puller(lab, tmp_path).pull()
    assert lab.forge.asked[0].headers["job-token"] == "job-token-1"


def test_the_token_is_stored_nowhere(lab, tmp_path):
    """Neither warehouse nor payloads nor warnings hold it."""
    harvest = Puller(lab, tmp_path).pull()
    assert SECRET not in repr(harvest)
    assert not any(SECRET.encode() in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def child(lab, parent: int, number: int, status: str = "success", project: int = 1) -> None:
    """A pipeline that another one started, of this project or of another one."""
    shown_text = {"id": number, "status": status, "project_id": project}
    bridge = {"id": number * 10, "pipeline": {"id": parent, "project_id": 1}, "downstream_pipeline": shown_text}
    lab.forge.routes.setdefault(f"{PROJECT}/pipelines/{parent}/bridges", []).append(bridge)


def test_reports_of_child_pipelines_belong_to_their_parent(lab, tmp_path):
    """A monorepo's reports lie in pipelines that a pipeline starts: they are read at its commit."""
    lab.pipeline(6, "2025-06-17", jobs=[{"name": "start"}])
    lab.pipeline(60, "2025-06-17", jobs=[{"name": "unit", "files": {"lcov.info": lcov(9, 10)}}])
    lab.pipeline(61, "2025-06-17", jobs=[{"name": "deep", "files": {"junit.xml": junit(7, 0)}}])
    lab.pipeline(70, "2025-06-17", jobs=[{"name": "foreign", "files": {"j.xml": junit(99, 0)}}])
    del lab.pipelines[-3:]
    child(lab, 6, 60)
    child(lab, 60, 61)
    child(lab, 6, 70, project=2)
    child(lab, 6, 71, status="running")
    puller = Puller(lab, tmp_path)
    harvest = puller.pull()
    assert puller.series("coverage_line_percent")[-1] == 90
    assert puller.series("tests_total")[-1] == 7
    assert {o.commit for o in harvest.observations if o.value == 90} == {f"{6:040x}"}
    assert any("pipeline 6: its child 71 had not finished" in warning for warning in harvest.warnings)
    alone = Puller(lab, tmp_path / "alone", child_pipelines=False)
    alone.pull()
    assert len(alone.series("coverage_line_percent")) == 5


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_job_token_that_may_not_list_pipelines_is_reported_what_may(lab, tmp_path, monkeypatch, status):
    """GitLab refuses the token of a job with several codes: the line names the token that works."""
    monkeypatch.delenv("GITLAB_TOKEN")
    monkeypatch.setenv("CI_JOB_TOKEN", "job-token-1")
    lab.forge.faults.append(Fault(PROJECT.replace("%2F", "/"), "status", status=status))
    with pytest.raises(SourceError, match=r"set GITLAB_TOKEN .* or use `tminus pull --from-ci`"):
        Puller(lab, tmp_path).pull()


def test_a_subgroup_below_a_path_of_the_server_is_found(lab, tmp_path):
    """A server below a path and a project in subgroups are asked by the escaped name."""
    place = "/tools/gitlab/api/v4/projects/acme%2Fweb%2Fshop"
    for path, content in list(lab.forge.routes.items()):
        lab.forge.routes[path.replace(PROJECT, place)] = content
    puller = Puller(lab, tmp_path, project="acme/web/shop", api=f"{lab.forge.base}/tools/gitlab/api/v4/")
    puller.pull()
    assert puller.series("coverage_line_percent") == [10, 20, 30, 40, 50]


def test_what_a_cancelled_pipeline_left_behind_is_not_read(lab, tmp_path):
    """Half of a pipeline is no measurement; when it is run to its end it is read, once."""
    row = lab.pipeline(6, "2025-06-17", "canceled", jobs=[{"coverage": 3.0}])
    puller = Puller(lab, tmp_path)
    puller.pull()
    assert puller.series("coverage_line_percent")[-1] == 50
    row |= {"status": "success", "updated_at": "2025-06-18T09:00:00.456Z"}
    for _ in range(2):
        puller.pull()
    assert puller.series("coverage_line_percent")[-2:] == [50, 3]
