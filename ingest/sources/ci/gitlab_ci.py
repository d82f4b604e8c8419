"""GitLab CI: pipelines, jobs with their coverage, test summaries, and artifacts by their content."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from ingest.observation import Observation
from ingest.readers.contract import figure, share
from ingest.source import Harvest, Request, SourceError
from ingest.sources.ci.base import read_runs
from ingest.sources.ci.pull_runs import CI_DEFAULTS, Artifact
from ingest.sources.ci.runs import CiRun, Job, RunList, State, ended_by, job_figures, moment, run_evidence, table, whole
from ingest.sources.service_source import ServiceSource
from ingest.transport.failures import PostponedError, RefusedError, UnreachableError
from ingest.transport.gitlab import DEFAULT_API, GitLab, service
from ingest.transport.http_client import Client, Service

_STATES: dict[str, State] = {
    "success": "passed",
    "failed": "failed",
    "canceled": "stopped",
    "skipped": "other",
    "manual": "other",
}
_SUMMARY = (
    ("tests_total", "count"),
    ("tests_passed", "success"),
    ("tests_skipped", "skipped"),
    ("tests_errored", "error"),
    ("tests_duration_seconds", "time"),
)
DEFAULTS = {
    "project": str,
    "api": DEFAULT_API,
    "test_summary": True,
    "child_pipelines": True,
    **CI_DEFAULTS,
}
DEFINITION = "gitlab-1"
_DEEPEST = 2  # GitLab's own limit to children of children


@dataclass(frozen=True, slots=True)
class GitLabCI(ServiceSource):
    """The built-in source `gitlab`, configured by [sources.gitlab]."""

    defaults = DEFAULTS
    name: str = "gitlab"

    def service(self, api: str) -> Service:
        """gitlab.com or a server of one's own."""
        return service(api)

    def read(self, client: Client, request: Request, given: dict[str, Any]) -> Harvest:
        """Read the pipelines that finished since the marker."""
        gitlab = GitLab(client, given["project"])
        project = _project(gitlab)
        branch = given["branch"] or project.get("default_branch") or "main"
        forge = _GitLabForge(gitlab, given, branch, str(project.get("web_url") or given["api"]), request.now)
        return read_runs(request, forge, given)


@dataclass(slots=True)
class _GitLabForge:
    gitlab: GitLab
    given: dict[str, Any]
    branch: str
    web: str
    now: datetime
    source: str = "gitlab"
    unfinished: list[int] = field(default_factory=list)  # children that ran on when their pipeline was read
    _jobs: dict[int, list[dict[str, Any]]] = field(default_factory=dict)

    def list_runs(self, since: datetime) -> RunList:
        start = since.replace(hour=0, minute=0, second=0, microsecond=0)
        runs: list[CiRun] = []
        try:
            for page in self.gitlab.pipelines(self.branch, start):
                runs += [run for row in page if (run := _run(row))]
        except (PostponedError, UnreachableError) as problem:
            if not runs:
                raise
            return RunList(_from(start, runs), runs[-1].created, str(problem))
        return RunList(_from(start, runs))

    def page_of_day(self) -> str:
        return f"{self.web}/-/pipelines"

    def figures(self, run: CiRun, harvest: Harvest) -> CiRun:
        """Jobs, the coverage that GitLab itself took from their logs, and its summary of the test reports."""
        rows = self._rows(run)
        run = ended_by(run, (moment(row.get("finished_at")) for row in rows))
        harvest.warnings += [
            f"pipeline {run.id}: its child {child} had not finished, its reports are not read: "
            "give the job that starts it `strategy: depend`"
            for child in self.unfinished
        ]
        self.unfinished.clear()
        if self.given["jobs"]:
            observations, evidence = job_figures(
                self.source, run, [job for row in rows if (job := _job(row))], self.given["durations"]
            )
            harvest.observations += observations
            harvest.evidence += evidence
        found = _coverage(run, rows)
        if self.given["test_summary"]:
            found += self._tests(run)
        if found:
            harvest.evidence.append(run_evidence(self.source, run))
            harvest.observations += found
        return run

    def artifacts(self, run: CiRun) -> Iterator[Artifact]:
        for row in self._rows(run):
            archive = table(row.get("artifacts_file"))
            expires = moment(row.get("artifacts_expire_at"))
            # GitLab keeps the newest archives beyond their date; one that it has deleted is no longer named.
            gone = not archive and expires is not None and expires <= self.now
            if not archive and not gone:
                continue
            fetch = partial(self.gitlab.job_artifacts, row["id"])
            yield Artifact(str(row.get("name")), gone, whole(archive.get("size")), fetch)

    def _rows(self, run: CiRun) -> list[dict[str, Any]]:
        if run.id not in self._jobs:
            found = [
                *self.gitlab.jobs(run.id),
                *(row for child in self._children(run.id) for row in self.gitlab.jobs(child)),
            ]
            rows = [row for row in found if whole(row.get("id")) is not None]
            self._jobs = {run.id: sorted(rows, key=lambda row: (str(row.get("name")), int(row["id"])))}
        return self._jobs[run.id]

    def _children(self, pipeline: int, depth: int = 1) -> Iterator[int]:
        """Pipelines that this one started, and those that they started: in a monorepo the reports lie there."""
        if not self.given["child_pipelines"]:
            return
        try:
            rows = self.gitlab.children(pipeline)
        except RefusedError as problem:
            if problem.status not in (403, 404):
                raise
            return
        for row in rows:
            number = whole(row.get("id"))
            if number is None:
                continue
            if _STATES.get(str(row.get("status")), "open") == "open":
                self.unfinished.append(number)
                continue
            yield number
            if depth < _DEEPEST:
                yield from self._children(number, depth + 1)

    def _tests(self, run: CiRun) -> list[Observation]:
        try:
            total = self.gitlab.test_summary(run.id).get("total")
        except RefusedError as problem:
            if problem.status not in (403, 404):
                raise
            return []
        # A pipeline without a test report has a summary of nothing: no figure, and not zero tests.
        if not isinstance(total, dict) or not total.get("count"):
            return []
        figures = [figure(metric, total.get(key)) for metric, key in _SUMMARY]
        failed, errors, passed = (whole(total.get(key)) or 0 for key in ("failed", "error", "success"))
        figures.append(figure("tests_failed", failed + errors))
        figures.append(share("tests_passed_percent", passed, passed + failed + errors, nothing="no test ran"))
        return [_observation(run, f.metric, f.value, f.unit, f.scope, f.reason) for f in figures]


def _project(gitlab: GitLab) -> dict[str, Any]:
    try:
        return gitlab.project()
    except RefusedError as problem:
        if gitlab.client.service.token_header != "JOB-TOKEN" or problem.status not in (401, 403, 404):  # noqa: S105 - a name
            raise
        raise SourceError(
            "GitLab lets the token of a job (CI_JOB_TOKEN) read neither projects nor pipelines: "
            "set GITLAB_TOKEN to a project access token with read_api, or use `tminus pull --from-ci` in the job"
        ) from None


def _coverage(run: CiRun, rows: list[dict[str, Any]]) -> list[Observation]:
    """The `coverage` field: of the project when one job states it, of each job apart when several do."""
    coverages = [(str(row.get("name")), row["coverage"]) for row in rows if row.get("coverage") is not None]
    metric = "coverage_line_percent"
    figures = [figure(metric, value, f"job:{name}" if len(coverages) > 1 else "") for name, value in coverages]
    return [_observation(run, f.metric, f.value, f.unit, f.scope, f.reason) for f in figures]


def _observation(run: CiRun, metric: str, value: float | None, unit: str, scope: str, reason: str) -> Observation:
    proof = run_evidence("gitlab", run).id
    return Observation(metric, run.finished, value, unit, scope, "measured", run.commit, proof, DEFINITION, reason)


def _from(start: datetime, runs: list[CiRun]) -> list[CiRun]:
    """The list is by change, so it also has old pipelines that were retried, on days it does not hold whole."""
    return [run for run in runs if run.created >= start]


def _run(row: dict[str, Any]) -> CiRun | None:
    created, finished = moment(row.get("created_at")), moment(row.get("updated_at"))
    number = whole(row.get("id"))
    if created is None or finished is None or number is None:
        return None
    return CiRun(
        id=number,
        attempt=finished.isoformat(),
        created=created,
        finished=finished,
        commit=str(row.get("sha") or ""),
        workflow="pipeline",
        state=_STATES.get(str(row.get("status")), "open"),
        url=str(row.get("web_url") or f"pipeline {number}"),
    )


def _job(row: dict[str, Any]) -> Job | None:
    finished = moment(row.get("finished_at"))
    if finished is None or row.get("allow_failure"):
        return None
    state = _STATES.get(str(row.get("status")), "other")
    url = str(row.get("web_url") or "")
    return Job(str(row.get("name")), state, moment(row.get("started_at")), finished, url, row["id"])
