"""GitHub Actions: runs, jobs, artifacts by their content, and code-scanning alerts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from ingest.source import Harvest, Request, SourceError
from ingest.sources.ci.base import read_runs
from ingest.sources.ci.code_scanning import alert_harvest
from ingest.sources.ci.pull_runs import CI_DEFAULTS, Artifact
from ingest.sources.ci.runs import CiRun, Job, RunList, State, ended_by, job_figures, moment, table, whole
from ingest.sources.service_source import ServiceSource
from ingest.transport.failures import PostponedError, RefusedError, UnreachableError
from ingest.transport.github import DEFAULT_API, GitHub, MalformedAlertsError, service
from ingest.transport.http_client import Client, Service

_STATES: dict[str, State] = {
    "success": "passed",
    "failure": "failed",
    "timed_out": "failed",
    "startup_failure": "failed",
    "cancelled": "stopped",
}
DEFAULTS = {"repository": str, "api": DEFAULT_API, "code_scanning": True, **CI_DEFAULTS}
_OF_OUR_OWN = ("push", "schedule", "workflow_dispatch", "repository_dispatch", "dynamic")  # a fork cannot cause these
# Windows start on fixed days, so that their addresses, and with them their ETags, stay the same from pull to pull.
_WINDOW = timedelta(days=7)
_EPOCH = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class GitHubActions(ServiceSource):
    """The built-in source `github`, configured by [sources.github]."""

    defaults = DEFAULTS
    name: str = "github"

    def service(self, api: str) -> Service:
        """GitHub or a GitHub Enterprise Server."""
        return service(api)

    def read(self, client: Client, request: Request, given: dict[str, Any]) -> Harvest:
        """Read the runs that finished since the marker, and the alerts as they are now."""
        github = GitHub(client, given["repository"])
        forge = _GitHubForge(github, given, given["branch"] or github.default_branch(), request.now)
        harvest = read_runs(request, forge, given)
        if given["code_scanning"]:
            alerts = github.alerts(given["branch"])
            _add_alerts(alerts, request, harvest, asked_for="code_scanning" in request.settings)
        return harvest


@dataclass(frozen=True, slots=True)
class _GitHubForge:
    github: GitHub
    given: dict[str, Any]
    branch: str
    now: datetime
    source: str = "github"

    def list_runs(self, since: datetime) -> RunList:
        start = _EPOCH + (since - _EPOCH) // _WINDOW * _WINDOW
        runs: list[CiRun] = []
        while start <= self.now:
            try:
                rows = self.github.runs(self.branch, start, start + _WINDOW)
            except (PostponedError, UnreachableError) as problem:
                if not runs:
                    raise
                return RunList(runs, start, str(problem))
            runs += [run for row in rows if self._is_ours(row) and (run := _run(row))]
            start += _WINDOW
        return RunList(runs)

    def page_of_day(self) -> str:
        return f"{_web(self.github.client.service.base)}/{self.given['repository']}/actions"

    def figures(self, run: CiRun, harvest: Harvest) -> CiRun:
        if not self.given["jobs"]:
            return run
        jobs = [job for row in self.github.jobs(run.id) if (job := _job(row))]
        observations, evidence = job_figures(self.source, run, jobs, self.given["durations"])
        harvest.observations += observations
        harvest.evidence += evidence
        return ended_by(run, (job.finished for job in jobs))

    def artifacts(self, run: CiRun) -> Iterator[Artifact]:
        newest: dict[str, dict[str, Any]] = {}
        for row in self.github.artifacts(run.id):  # each attempt of a run leaves its own; the last one counts
            name = str(row.get("name", ""))
            if name not in newest or _age(row) >= _age(newest[name]):
                newest[name] = row
        for name, row in sorted(newest.items()):
            number = whole(row.get("id"))
            if number is not None:
                size = whole(row.get("size_in_bytes"))
                yield Artifact(name, bool(row.get("expired")), size, partial(self.github.artifact, number))

    def _is_ours(self, row: dict[str, Any]) -> bool:
        """Leave out what a fork brought: its branch may be called main, too.

        A repository that was renamed answers to its old name and signs with its new one: the two ends of a run are
        compared with each other. A fork that was deleted has no name left.
        """
        if row.get("event") in ("pull_request", "pull_request_target"):
            return False
        if "head_repository" in row and row["head_repository"] is None:
            return row.get("event") in _OF_OUR_OWN
        head = table(row.get("head_repository")).get("full_name")
        home = table(row.get("repository")).get("full_name") or self.given["repository"]
        return head is None or str(head).lower() == str(home).lower()


def _run(row: dict[str, Any]) -> CiRun | None:
    created, finished = moment(row.get("created_at")), moment(row.get("updated_at"))
    number = whole(row.get("id"))
    if created is None or finished is None or number is None:
        return None
    return CiRun(
        id=number,
        attempt=str(row.get("run_attempt") or 1),
        created=created,
        finished=finished,
        commit=str(row.get("head_sha") or ""),
        workflow=str(row.get("name") or row.get("path") or row.get("workflow_id")),
        state=_state(row),
        url=str(row.get("html_url") or f"run {number}"),
    )


def _job(row: dict[str, Any]) -> Job | None:
    finished = moment(row.get("completed_at"))
    number = whole(row.get("id"))
    if finished is None or number is None:
        return None
    started = moment(row.get("started_at"))
    return Job(str(row.get("name")), _state(row), started, finished, str(row.get("html_url") or ""), number)


def _state(row: dict[str, Any]) -> State:
    if row.get("status") != "completed":
        return "open"
    return _STATES.get(str(row.get("conclusion")), "other")


def _age(row: dict[str, Any]) -> tuple[str, int]:
    return str(row.get("created_at") or ""), whole(row.get("id")) or 0


def _web(api: str) -> str:
    """Where a person looks: github.com, HOST of https://HOST/api/v3, NAME.ghe.com of https://api.NAME.ghe.com."""
    base = api.rstrip("/").removesuffix("/api/v3")
    return base.replace("://api.", "://", 1)


def _add_alerts(rows: Iterable[Any], request: Request, harvest: Harvest, *, asked_for: bool) -> None:
    """Alerts are a place of their own: when they cannot be read, the runs are kept all the same."""
    try:
        found = alert_harvest(list(rows), request.now)
    except RefusedError as problem:
        if problem.status not in (403, 404) or not asked_for:
            harvest.warnings.append(f"code scanning is not read: {problem}")
            return
        found = alert_harvest(None, request.now, reason=str(problem))
    except MalformedAlertsError as problem:
        harvest.warnings.append(f"code scanning is unknown: {problem}")
        found = alert_harvest(None, request.now, reason=str(problem))
    except SourceError as problem:
        harvest.warnings.append(f"code scanning is not read: {problem}")
        return
    harvest.observations += found.observations
    harvest.evidence += found.evidence
    harvest.items += found.items
    harvest.counts |= found.counts
    harvest.warnings += found.warnings
