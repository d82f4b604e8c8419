"""Runs of a CI service, whichever it is: their figures, and the marker that says which of them were read."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, NamedTuple

from ingest.observation import Evidence, Observation

# stopped: somebody or a newer run cancelled it; what it left behind is part of a whole that never came to be
State = Literal["passed", "failed", "other", "open", "stopped"]
DEFINITION = "ci-success-1"
KIND: Literal["measured"] = "measured"

# A run may show up in a list a little after others that finished later: the marker overlaps by this much.
_OVERLAP = timedelta(minutes=15)
_FIRST = datetime(2000, 1, 1, tzinfo=UTC)  # no run is older than the services that run them
_AHEAD = timedelta(days=1)  # that the clock of a service may be ahead of ours


class CiRun(NamedTuple):
    """One run of a workflow or one pipeline, in its latest attempt."""

    id: int
    attempt: str
    created: datetime
    finished: datetime
    commit: str
    workflow: str
    state: State
    url: str


class Job(NamedTuple):
    """One job of a run, in its latest attempt."""

    name: str
    state: State
    started: datetime | None
    finished: datetime
    url: str
    id: int


@dataclass(frozen=True, slots=True)
class RunList:
    """All runs created before `until` (None: all there are); `stopped` says why the list ends early."""

    runs: Sequence[CiRun]
    until: datetime | None = None
    stopped: str = ""


def moment(text: Any) -> datetime | None:
    """Parse the time of an API; None for null or nonsense."""
    try:
        parsed = datetime.fromisoformat(text)
        return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError):
        return None


def table(value: Any) -> dict[str, Any]:
    """The value where it is an object, else an empty one: an API may send anything."""
    return value if isinstance(value, dict) else {}


def whole(value: Any) -> int | None:
    """A whole number such as an id, or None."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def credible(listing: RunList, now: datetime) -> RunList:
    """Each run once, though pages shift while they are read; without moments that would spoil the marker.

    A run that ends in a time to come is not over: its marker would hide every run until then.
    """
    runs: dict[int, CiRun] = {}
    for run in listing.runs:
        if run.created >= _FIRST and run.finished >= _FIRST:
            runs[run.id] = run if run.finished <= now + _AHEAD else run._replace(state="open")
    return replace(listing, runs=list(runs.values()))


def ended_by(run: CiRun, jobs: Iterable[datetime | None]) -> CiRun:
    """The run, ended when its last job was: services touch a run long after, and old figures would look new."""
    last = max((at for at in jobs if at), default=run.finished)
    return run._replace(finished=last) if run.created <= last < run.finished else run


def success_figures(source: str, listing: RunList, url: str) -> tuple[list[Observation], list[Evidence]]:
    """The share of successful runs a day (scope ""), and each run by itself (scope `workflow:NAME`).

    A day counts the newest run of each workflow and commit, so a retry that passed is a pass; cancelled and skipped
    runs count neither way. Only days that the listing holds whole are counted.
    """
    observations: list[Observation] = []
    evidence: list[Evidence] = []
    days: dict[Any, dict[tuple[str, str], CiRun]] = defaultdict(dict)
    for run in sorted(listing.runs, key=lambda r: (r.created, r.id)):
        if run.state not in ("passed", "failed") or (listing.until and run.created >= listing.until):
            continue
        days[run.created.date()][run.workflow, run.commit] = run
        proof = run_evidence(source, run)
        evidence.append(proof)
        observations.append(_success(run.finished, [run], f"workflow:{run.workflow}", proof.id))
    for day, newest in days.items():
        end = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
        if listing.until and listing.until < end:
            continue
        runs = list(newest.values())
        proof = _day_evidence(source, str(day), runs, url)
        evidence.append(proof)
        # A run that was repeated days later still belongs to its day.
        at = min(max(run.finished for run in runs), end - timedelta(seconds=1))
        observations.append(_success(at, runs, "", proof.id))
    return observations, evidence


def run_evidence(source: str, run: CiRun) -> Evidence:
    """The run itself, in this attempt."""
    return Evidence(f"{source}:run:{run.id}:{run.attempt}:{run.state}", run.url, tool=source)


def job_figures(
    source: str, run: CiRun, jobs: Iterable[Job], durations: dict[str, str]
) -> tuple[list[Observation], list[Evidence]]:
    """100 or 0 for each job that passed or failed; the duration of the jobs that `durations` maps to a metric."""
    observations: list[Observation] = []
    evidence: list[Evidence] = []
    for job in jobs:
        if job.state not in ("passed", "failed"):
            continue
        proof = Evidence(f"{source}:job:{job.id}:{job.state}", job.url, tool=source)
        evidence.append(proof)
        value = 100.0 if job.state == "passed" else 0.0
        common = (KIND, run.commit, proof.id, DEFINITION)
        observations.append(
            Observation("ci_success_percent", job.finished, value, "percent", f"job:{job.name}", *common)
        )
        if metric := durations.get(job.name):
            seconds, reason = _duration(job)
            observations.append(Observation(metric, job.finished, seconds, "seconds", "", *common, reason))
    return observations, evidence


def _duration(job: Job) -> tuple[float | None, str]:
    if job.state == "failed":
        return None, f"the job {job.name!r} failed"
    if job.started is None or job.finished < job.started:
        return None, f"the service does not say how long the job {job.name!r} took"
    return (job.finished - job.started).total_seconds(), ""


def _success(at: datetime, runs: Sequence[CiRun], scope: str, evidence: str) -> Observation:
    passed = sum(run.state == "passed" for run in runs)
    last = max(runs, key=lambda run: (run.finished, run.id))
    share = 100.0 * passed / len(runs)
    return Observation("ci_success_percent", at, share, "percent", scope, "measured", last.commit, evidence, DEFINITION)


def _day_evidence(source: str, day: str, runs: Sequence[CiRun], url: str) -> Evidence:
    content = "|".join(f"{run.id}.{run.attempt}.{run.state}" for run in sorted(runs))
    failed = sorted({run.workflow for run in runs if run.state == "failed"})
    excerpt = f"{day}: {len(runs)} runs" + (f", failed: {', '.join(failed)[:160]}" if failed else "")
    return Evidence(
        f"{source}:day:{hashlib.sha256(content.encode()).hexdigest()[:16]}", url, tool=source, excerpt=excerpt
    )


@dataclass(slots=True)
class RunLedger:
    """Which runs were read, in the order in which they finished; small enough for a marker.

    A run is new when it finished after all that were read, so a re-run (it finishes again) is new by itself.
    """

    through: datetime | None = None
    recent: dict[str, str] = field(default_factory=dict)  # runs that finished shortly before `through`: id -> when
    stuck: dict[str, int] = field(default_factory=dict)  # runs that ended a pull: id -> how often
    gave: dict[str, list[list[str]]] = field(default_factory=dict)  # artifact -> [metric, scope, unit, definition]
    lost: dict[str, list[list[str]]] = field(default_factory=dict)  # artifact -> [when, commit, locator] once expired
    other: dict[str, Any] = field(default_factory=dict)  # what else the source remembers

    @classmethod
    def parse(cls, marker: str) -> RunLedger:
        """Read a marker; one that is damaged means: read everything again, which adds nothing twice."""
        try:
            content = json.loads(marker or "{}")
            return cls(moment(content.pop("through", None)), **content)
        except (ValueError, TypeError, AttributeError):
            return cls()

    def text(self) -> str:
        """The marker."""
        content = {name: getattr(self, name) for name in ("recent", "stuck", "gave", "lost", "other")}
        through = {"through": self.through.isoformat()} if self.through else {}
        return json.dumps({**through, **{k: v for k, v in content.items() if v}}, sort_keys=True)

    def is_new(self, run: CiRun) -> bool:
        """Say whether the run finished and was not read in this attempt."""
        if run.state in ("open", "stopped"):
            return False
        if self.through is None or run.finished > self.through:
            return True
        return run.finished > self.through - _OVERLAP and self.recent.get(str(run.id)) != run.finished.isoformat()

    def done(self, run: CiRun) -> None:
        """Note that the run was read; runs have to come in the order in which they finished."""
        self.through = max(self.through or run.finished, run.finished)
        self.recent[str(run.id)] = run.finished.isoformat()
        edge = (self.through - _OVERLAP).isoformat()
        self.recent = {key: when for key, when in self.recent.items() if when > edge}
        self.stuck.pop(str(run.id), None)
