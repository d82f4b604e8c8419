"""Report files in folders: whatever matches `paths`, with the commit and time that each file's surroundings state."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from ingest.counting.path_patterns import PathPatternError, patterns_of
from ingest.source import Harvest, Request, SourceError, TMinusError
from ingest.sources.report_files.api_coverage import api_parts
from ingest.sources.report_files.combine import EDITION, Combined, Origin, ReportFile, combine, report_files, store
from ingest.sources.report_files.current_ci_job import FULL_HASH, CiJob, current_job, moment_with_zone
from ingest.sources.report_files.item_ledger import ItemLedger
from ingest.sources.report_files.lost_reports import LostReport, lost_places
from ingest.sources.report_files.provenance import SIDECAR, Provenance, lasting_place, provenance
from ingest.sources.settings import checked
from ingest.transport.git_repo import GitRepository
from ingest.warehouse.payloads import PayloadStore

LARGEST_BYTES = 256 * 1024 * 1024
MOST_FILES = 50_000
_GONE_KEPT = 2_000  # files that are no longer there and still known as read
_TOGETHER_SECONDS = 600  # files without a commit written within this time of each other are one run
DEFAULTS = {"paths": list, "scopes": {}, "directories": [], "openapi": "", "routes": []}


class FoundFile(NamedTuple):
    """One file below the root; `place` is its path from there."""

    place: str
    sha256: str
    data: bytes
    origin: Provenance

    @property
    def key(self) -> str:
        """What makes a reading new: other bytes, or a stated commit or time that differs. A touched file is not new."""
        stated = (self.origin.commit, self.origin.at.isoformat() if self.origin.is_stated else "")
        return hashlib.sha256("|".join((EDITION, self.place, self.sha256, *stated)).encode()).hexdigest()[:16]

    @property
    def mark(self) -> str:
        """What the marker knows the place by."""
        return hashlib.sha256(self.place.encode("utf-8", "surrogateescape")).hexdigest()[:12]


class Artifacts:
    """The built-in source `artifacts`, configured by [sources.artifacts]."""

    name = "artifacts"

    def observe(self, request: Request) -> Harvest:
        """Read the files that are new, together with the other files of their run."""
        given = checked("sources.artifacts", request.settings, DEFAULTS)
        harvest = Harvest()
        known = _marker(request.marker)
        job = _job(request)
        files = list(_files(request, given["paths"], harvest, job))
        groups = [group for group in _runs(files) if any(_is_new(file, known) for file in group)]
        items = ItemLedger.load(request, self.name)
        for number, group in enumerate(sorted(groups, key=_finished), 1):
            request.progress(number, len(groups), "runs of artifacts")
            _read(request, group, given, harvest, items)
        _warn_of_branch(job, given["branch"], groups, harvest)
        items.hand_over(harvest)
        _directories(request, given["directories"], harvest)
        harvest.marker = _remembered(known, files)
        harvest.counts = {"files": len(files), "new": sum(_is_new(file, known) for file in files)}
        return harvest


def _is_new(file: FoundFile, known: Mapping[str, str]) -> bool:
    """Whether the last reading of this place was another one: a result that comes back after another is new, too."""
    last = known.get(file.mark)
    return file.key not in known if last is None else last != file.key


def _remembered(known: Mapping[str, str], files: Iterable[FoundFile]) -> str:
    """The last reading of each place: of all that are here, and of the newest that are gone.

    A CI job brings other files every time.
    """
    present = {file.mark: file.key for file in files}
    gone = [(mark, key) for mark, key in known.items() if mark not in present]
    return json.dumps(dict([*gone[-_GONE_KEPT:], *sorted(present.items())]))


def _marker(text: str) -> dict[str, str]:
    """The key of the last reading by the mark of its place; by itself in the list that an older version kept."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    pairs = found.items() if isinstance(found, dict) else ((key, key) for key in found if isinstance(key, str))
    return {mark: key for mark, key in pairs if isinstance(key, str)} if isinstance(found, dict | list) else {}


def _job(request: Request) -> CiJob | None:
    """The CI job we run in; where its variables name no commit (some say "HEAD") the checkout does."""
    job = current_job()
    if job is None:
        return None
    try:
        repository = GitRepository(request.repository)
        if not job.commit and FULL_HASH.match(head := repository.commit_of("HEAD")):
            job = job._replace(commit=head, stated_by="the checkout of the job")
        made = repository.ask("log", "-1", "--format=%cI", job.commit, "--") if job.commit else ""
    except TMinusError:
        return job
    return job._replace(committed_at=moment_with_zone(made))


def _is_of_another_branch(job: CiJob, branch: str) -> bool:
    return bool(job.request) or (bool(branch) and job.branch not in ("", branch))


def _warn_of_branch(job: CiJob | None, branch: str, groups: list[list[FoundFile]], harvest: Harvest) -> None:
    """Figures of a pull request do not belong to the main branch, and one table cannot distinguish them."""
    if job is None or not _is_of_another_branch(job, branch):
        return
    if all(file.origin.commit != job.commit for group in groups for file in group):
        return
    harvest.warnings.append(
        f"this job of {job.service} runs for {job.branch or 'another branch'}"
        f"{' (a pull request)' if job.request else ''}, not for {branch or 'the main branch'}: "
        "its figures are stored in the series of the project, so use a separate warehouse for it"
    )


def _files(request: Request, patterns: list[str], harvest: Harvest, job: CiJob | None) -> Iterator[FoundFile]:
    """The files of the patterns, read one at a time; one that cannot be read is a warning."""
    for path in _matching(request.root, patterns, harvest):
        place = path.relative_to(request.root).as_posix()
        try:
            size = path.stat().st_size
            if size > LARGEST_BYTES:
                harvest.warnings.append(f"{place}: {size:,} bytes are more than {LARGEST_BYTES:,}: not read")
                continue
            data = path.read_bytes()
        except OSError as problem:
            harvest.warnings.append(f"{place}: cannot be read: {problem.strerror or problem}")
            continue
        origin, problems = provenance(path, place, request.now, job)
        harvest.warnings += [f"{place}: {problem}" for problem in problems]
        yield FoundFile(place, hashlib.sha256(data).hexdigest(), data, origin)


def _reports_below(root: Path, pattern: str) -> Iterator[Path]:
    """The regular files of a folder or a pattern, without sidecars."""
    base = root / pattern
    matches = base.rglob("*") if base.is_dir() else root.glob(pattern)
    return (path for path in matches if path.is_file() and not path.name.endswith(SIDECAR))


def _matching(root: Path, patterns: list[str], harvest: Harvest) -> list[Path]:
    """Regular files below the root, each once. A pattern or a link that leads out of the root is refused."""
    found: set[Path] = set()
    top = root.resolve()
    for pattern in patterns:
        if Path(pattern).is_absolute() or ".." in Path(pattern).parts or not pattern:
            raise SourceError(f"sources.artifacts.paths: {pattern!r} must be a path or pattern below {root}")
        before = len(found)
        for path in _reports_below(root, pattern):
            if path.resolve().is_relative_to(top):
                found.add(path)
            else:
                harvest.warnings.append(f"{path.relative_to(root).as_posix()}: a link out of the folder: refused")
        if len(found) == before:
            harvest.warnings.append(f"sources.artifacts.paths: nothing new matches {pattern!r}")
    if len(found) > MOST_FILES:
        raise SourceError(f"sources.artifacts.paths match {len(found):,} files, more than {MOST_FILES:,}: narrow them")
    return sorted(found)


def _runs(files: list[FoundFile]) -> list[list[FoundFile]]:
    """Files of one run: of one commit, or without a commit written within ten minutes of each other.

    A commit may be built again and again. The same place at another stated time is another run, no shard.
    """
    by_commit: dict[tuple[str, str], list[FoundFile]] = {}
    loose: list[FoundFile] = []
    for file in files:
        if file.origin.commit:
            by_commit.setdefault((file.origin.commit, ""), []).append(file)
        elif file.origin.is_stated:
            by_commit.setdefault(("", file.origin.at.isoformat()), []).append(file)
        else:
            loose.append(file)
    runs = [run for files in by_commit.values() for run in _builds(files)]
    last = None
    for file in sorted(loose, key=lambda f: (f.origin.at, f.place)):
        if last is None or (file.origin.at - last).total_seconds() > _TOGETHER_SECONDS:
            runs.append([])
        runs[-1].append(file)
        last = file.origin.at
    return runs


def _builds(files: list[FoundFile]) -> Iterator[list[FoundFile]]:
    run: list[FoundFile] = []
    places: dict[str, datetime] = {}
    for file in sorted(files, key=lambda f: (f.origin.is_stated, f.origin.at, f.place)):
        place = lasting_place(file.place)
        if file.origin.is_stated and places.get(place, file.origin.at) != file.origin.at:
            yield run
            run, places = [], {}
        run.append(file)
        places[place] = file.origin.at
    yield run


def _finished(group: list[FoundFile]) -> datetime:
    return max(file.origin.at for file in group)


def _read(request: Request, group: list[FoundFile], given: dict[str, Any], harvest: Harvest, items: ItemLedger) -> None:
    """The figures of one run: shards merged, twins dropped; the evidence says where its commit and time are from."""
    reports: list[ReportFile] = []
    unread: list[str] = []
    for file in group:
        found, warnings = report_files(file.data, file.place, lambda _: True)
        reports += found
        harvest.warnings += warnings
        unread += lost_places(request, "artifacts", file.place, file.data, found)
        if not found and not warnings:
            harvest.warnings.append(f"{file.place}: no known format (see docs/readers.md)")
    parts, warnings = _combined(reports, given["scopes"])
    api, problems = api_parts(request.root, given["openapi"], given["routes"], reports)
    harvest.warnings += [*warnings, *problems]
    newest = max(group, key=lambda file: file.origin.at)
    origin = Origin("artifacts", newest.origin.at, newest.origin.commit, "file:", f"artifacts:{newest.key}")
    before, seen = len(harvest.evidence), len(harvest.observations)
    store([*parts, *api], origin, harvest, PayloadStore(request.payloads), items)
    for place in unread:
        lost = LostReport(place, origin, _scope(place, given["scopes"]))
        given_now = lost.merged(request, harvest.observations[seen:])
        series = {(row.metric, row.scope) for row in given_now}
        missing = (row for row in lost.alone(request) if (row.metric, row.scope) not in series)
        harvest.observations[seen:] = [*given_now, *missing]
    for number in range(before, len(harvest.evidence)):
        proof = harvest.evidence[number]
        excerpt = "; ".join(filter(None, (proof.excerpt, newest.origin.stated_by)))
        harvest.evidence[number] = proof._replace(excerpt=excerpt)


def _combined(reports: list[ReportFile], scopes: dict[str, str]) -> tuple[list[Combined], list[str]]:
    """Files of one configured scope are one suite; two suites of one tool stay two series and are never merged."""
    suites: dict[str, list[ReportFile]] = {}
    for report in reports:
        suites.setdefault(_scope(report.place, scopes), []).append(report)
    parts: list[Combined] = []
    warnings: list[str] = []
    for scope, suite in suites.items():
        found, more = combine(suite)
        parts += [_under(scope, part) for part in found]
        warnings += more
    return parts, warnings


def _scope(place: str, scopes: dict[str, str]) -> str:
    try:
        return next((str(scope) for pattern, scope in scopes.items() if patterns_of((pattern,)).match(place)), "")
    except PathPatternError as problem:
        raise SourceError(f"sources.artifacts.scopes: {problem}") from None


def _under(scope: str, part: Combined) -> Combined:
    return part._replace(prefix=scope)


def _directories(request: Request, names: list[str], harvest: Harvest) -> None:
    """Bytes below each directory now; links are not followed."""
    from ingest.readers.contract import Reading, figure

    for name in names:
        folder = request.root / name
        if Path(name).is_absolute() or ".." in Path(name).parts:
            raise SourceError(f"sources.artifacts.directories: {name!r} must be a folder below {request.root}")
        inside = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
        value = sum(path.stat().st_size for path in inside) if folder.is_dir() else None
        found = figure("directory_bytes", value, name, "" if folder.is_dir() else "there is no such directory")
        reading = Reading("directory", "tminus", "", (found,))
        file = ReportFile(name, str(value).encode(), reading)
        origin = Origin("artifacts", request.now, "", "directory:", f"directory:{name}")
        store([Combined(reading, (file,))], origin, harvest, PayloadStore(None))
