"""The pull of a CI service: list the runs, read the new ones in the order in which they finished, remember how far."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from itertools import count
from typing import Any, NamedTuple, Protocol

from ingest.counting.path_patterns import PathPatternError, patterns_of
from ingest.observation import Evidence, Observation
from ingest.source import Harvest, Request, SourceError
from ingest.sources.ci.runs import CiRun, RunLedger, RunList, credible, moment, success_figures
from ingest.sources.report_files.combine import Origin, ReportFile, combine, definition_of, report_files, store
from ingest.sources.report_files.item_ledger import ItemLedger
from ingest.transport.failures import PostponedError, RefusedError, TooLargeError, UnreachableError
from ingest.warehouse.payloads import PayloadStore

EXPIRED = "artifact expired"
_PATIENCE_WITH_A_RUN = 3  # pulls that one run may end before it is passed over
_LONGEST_RUN = timedelta(days=35)  # after which both services end a run
_TOUCHED = timedelta(days=1)  # between the end of a run's jobs and a later change of the run
_LOST_KEPT = 200  # expired artifacts remembered until somebody learns what they held


class Artifact(NamedTuple):
    """A file that a run left behind. `fetch` brings its bytes and may raise a SourceError."""

    name: str
    expired: bool
    size: int | None
    fetch: Callable[[int], bytes]


class Forge(Protocol):
    """What a CI service has to offer here; github_actions and gitlab_ci each are one."""

    @property
    def source(self) -> str:
        """Its name, as in the configuration."""
        ...

    def list_runs(self, since: datetime) -> RunList:
        """All runs created since a moment."""
        ...

    def page_of_day(self) -> str:
        """The address a person opens to see the runs."""
        ...

    def figures(self, run: CiRun, harvest: Harvest) -> CiRun:
        """Add what the service itself knows about the run, its jobs, its coverage; return it as its jobs end it."""
        ...

    def artifacts(self, run: CiRun) -> Iterator[Artifact]:
        """The files that the run left behind."""
        ...


@dataclass(frozen=True, slots=True)
class CiSettings:
    """What of a CI service is read."""

    days: int
    recheck_days: int
    artifacts: tuple[str, ...]
    files: tuple[str, ...]
    max_bytes: int
    expect: dict[str, list[str]] = field(default_factory=dict)

    def wants_artifact(self, name: str) -> bool:
        """Match the artifact's name."""
        return any(fnmatchcase(name, pattern) for pattern in self.artifacts)

    def wants_file(self, name: str) -> bool:
        """Match the path inside the artifact."""
        return not self.files or self.rank(name) < len(self.files)

    def rank(self, name: str) -> int:
        """The place of the first pattern that fits: of two reports of one suite the lower one is taken."""
        fits = (i for i, pattern in enumerate(self.files) if _fits(name, pattern))
        return next(fits, len(self.files))


def _fits(name: str, pattern: str) -> bool:
    """Whether the path inside an archive matches, also below folders that the service put around it."""
    try:
        return patterns_of((pattern,) if pattern.startswith("/") else (pattern, f"**/{pattern}")).match(name)
    except PathPatternError as problem:
        raise SourceError(f"files: {problem}") from None


CI_DEFAULTS: dict[str, Any] = {
    "days": 90,
    "recheck_days": 7,
    "artifacts": ["*"],
    "files": [],
    "max_megabytes": 100.0,
    "jobs": True,
    "durations": {},
    "expect": {},
}


def ci_settings(given: dict[str, Any]) -> CiSettings:
    """The part of a checked table that both services share."""
    return CiSettings(
        given["days"],
        given["recheck_days"],
        tuple(given["artifacts"]),
        tuple(given["files"]),
        int(given["max_megabytes"] * 1_000_000),
        dict(given["expect"]),
    )


class CiPull:
    """One pull of one service."""

    def __init__(self, request: Request, forge: Forge, settings: CiSettings, ledger: RunLedger) -> None:
        self.request = request
        self.forge = forge
        self.settings = settings
        self.ledger = ledger
        self.harvest = Harvest()
        self.payloads = PayloadStore(request.payloads)
        self.items = ItemLedger.load(request, forge.source)
        self.read = 0
        self._lost_now = 0

    def run(self) -> Harvest:
        """Read what is new. A service that breaks off after something was read ends the pull, not the harvest."""
        listing = credible(self.forge.list_runs(self._since()), self.request.now)
        self._note_open(listing)
        observations, evidence = success_figures(self.forge.source, listing, self.forge.page_of_day())
        self.harvest.observations += observations
        self.harvest.evidence += evidence
        stopped = self._read_runs(listing) or listing.stopped
        if stopped:
            if not self.harvest.observations and not self.read:
                raise SourceError(stopped)
            self.harvest.warnings.append(f"stopped early: {stopped}")
        else:
            self._report_lost()
        self.harvest.counts |= {"runs_listed": len(listing.runs), "runs_read": self.read}
        self.items.hand_over(self.harvest)
        self.harvest.marker = self.ledger.text()
        return self.harvest

    def _since(self) -> datetime:
        first = self.request.now - timedelta(days=self.settings.days)
        if self.ledger.through is None:
            return first
        since = self.ledger.through - timedelta(days=self.settings.recheck_days)
        return max(first, min(since, moment(self.ledger.other.get("open_since")) or since))

    def _note_open(self, listing: RunList) -> None:
        """From where to list again, so that a run which waits for weeks, for an approval, is read when it is over."""
        recent = self.request.now - _LONGEST_RUN
        waiting = [run.created for run in listing.runs if run.state == "open" and run.created > recent]
        before = moment(self.ledger.other.pop("open_since", None))
        if before and listing.stopped:  # what was not listed may wait still
            waiting.append(before)
        if waiting:
            self.ledger.other["open_since"] = min(waiting).isoformat()

    def _read_runs(self, listing: RunList) -> str:
        # Whatever is not listed yet was created, and so finished, after `until`: later runs wait for it.
        new = [r for r in listing.runs if self.ledger.is_new(r) and not (listing.until and r.finished >= listing.until)]
        new.sort(key=lambda run: (run.finished, run.id))
        for number, run in zip(count(1), new):
            self.request.progress(number, len(new), "runs")
            try:
                self._read_run(run)
            except SourceError as problem:
                if not self._is_hopeless(run, problem):
                    return str(problem)
            self.ledger.done(run)
            self.read += 1
        return ""

    def _is_hopeless(self, run: CiRun, problem: SourceError) -> bool:
        """A run that ended several pulls is passed over and reported, or it would block all later ones for ever."""
        # A limit passes and a token can be given its rights: nothing is wrong with the run.
        lacks_rights = isinstance(problem, RefusedError) and problem.status in (401, 403) and problem.by_service
        if lacks_rights or isinstance(problem, PostponedError):
            return False
        times = self.ledger.stuck.get(str(run.id), 0) + 1
        self.ledger.stuck[str(run.id)] = times
        if times < _PATIENCE_WITH_A_RUN:
            return False
        self.harvest.warnings.append(f"run {run.id} passed over after {times} attempts: {problem}")
        return True

    def _read_run(self, run: CiRun) -> None:
        """All of a run or nothing of it: what a broken run brought is dropped, the next pull reads it whole."""
        part = Harvest()
        lost: list[str] = []
        listed, run = run, self.forge.figures(run, part)
        files = self._files(run, part, lost)
        rank = self.settings.rank
        parts, warnings = combine(files, lambda place: rank(place.partition("/")[2]))
        part.warnings += [f"run {run.id}: {warning}" for warning in warnings]
        # A figure of a report is better evidence than the service's own figure of the same name.
        stated = {(figure.metric, figure.scope) for found in parts for figure in found.reading.figures}
        part.observations = [o for o in part.observations if (o.metric, o.scope) not in stated]
        source = self.forge.source
        origin = Origin(source, run.finished, run.commit, f"{run.url}#", f"{source}:{run.id}:{run.attempt}")
        # Read after later ones, an old report would open again what they closed.
        touched = listed.finished - run.finished > _TOUCHED
        store(parts, origin, part, self.payloads, None if touched else self.items)
        for found in parts:
            self._learn(found.files[0].place.partition("/")[0], found.reading)
        self._take(part)
        for name in lost:
            self._lose(name, run)

    def _files(self, run: CiRun, part: Harvest, lost: list[str]) -> list[ReportFile]:
        files: list[ReportFile] = []
        for artifact in self.forge.artifacts(run):
            if not self.settings.wants_artifact(artifact.name):
                continue
            data = self._fetch(artifact, run, part, lost)
            if data is not None:
                found, warnings = report_files(data, artifact.name, self.settings.wants_file)
                # Reports come with scripts of their own: a built file is one only where it was asked for by its path.
                files += [f for f in found if self.settings.files or f.reading.format != "built-file"]
                part.warnings += [f"run {run.id}: {warning}" for warning in warnings]
        return files

    def _fetch(self, artifact: Artifact, run: CiRun, part: Harvest, lost: list[str]) -> bytes | None:
        where = f"run {run.id}: artifact {artifact.name!r}"
        if artifact.expired:
            lost.append(artifact.name)
            return None
        if artifact.size is not None and artifact.size > self.settings.max_bytes:
            part.warnings.append(f"{where} has {artifact.size:,} bytes, above max_megabytes: not read")
            return None
        try:
            return artifact.fetch(self.settings.max_bytes)
        except (PostponedError, UnreachableError):
            raise
        except TooLargeError as problem:
            part.warnings.append(f"{where}: {problem}")
        except RefusedError as problem:
            if problem.status not in (404, 410):
                raise
            lost.append(artifact.name)  # gone between the list and the download
        except SourceError as problem:
            part.warnings.append(f"{where}: {problem}")
        return None

    def _take(self, part: Harvest) -> None:
        self.harvest.observations += part.observations
        self.harvest.evidence += part.evidence
        self.harvest.items += part.items
        self.harvest.warnings += part.warnings

    def _learn(self, artifact: str, reading: Any) -> None:
        """Remember what an artifact of this name holds, to know what is lost when one expires."""
        whole = [f for f in reading.figures if not f.scope] or list(reading.figures[:5])
        gives = [[f.metric, f.scope, f.unit, definition_of(reading)] for f in whole]
        known = self.ledger.gave.setdefault(artifact, [])
        known += [row for row in gives if row not in known][: max(20 - len(known), 0)]

    def _lose(self, artifact: str, run: CiRun) -> None:
        self._lost_now += 1
        rows = self.ledger.lost.setdefault(artifact, [])
        rows.append([run.finished.isoformat(), run.commit, f"{run.url}#{artifact}"])
        del rows[:-_LOST_KEPT]

    def _report_lost(self) -> None:
        """Record each expired artifact as unknown figures, once it is known which figures such an artifact holds.

        Only at the end of a whole pull: an interrupted one knows less, and would report it differently.
        """
        from ingest.observation import CATALOGUE

        for artifact in sorted(self.ledger.lost):
            expected = [
                [m, "", CATALOGUE[m].unit, ""] for m in self.settings.expect.get(artifact, []) if m in CATALOGUE
            ]
            gives = self.ledger.gave.get(artifact) or expected
            rows = self.ledger.lost[artifact]
            if not gives:
                self.harvest.warnings.append(
                    f"{len(rows)} expired artifacts {artifact!r}: nobody knows what they held; pull more often, "
                    f"or name their metrics in sources.{self.forge.source}.expect"
                )
                continue
            for when, commit, locator in self.ledger.lost.pop(artifact):
                self._observe_lost(artifact, moment(when) or self.request.now, commit, locator, gives)
        self.harvest.counts["artifacts_expired"] = self._lost_now

    def _observe_lost(self, artifact: str, at: datetime, commit: str, locator: str, gives: list[list[str]]) -> None:
        proof = Evidence(f"{self.forge.source}:expired:{locator}", locator, tool=self.forge.source)
        self.harvest.evidence.append(proof)
        self.harvest.observations += [
            Observation(metric, at, None, unit, scope, "measured", commit, proof.id, definition, EXPIRED)
            for metric, scope, unit, definition in gives
        ]
