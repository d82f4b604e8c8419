"""Reads the kept payloads again with the readers of today, and says what they see differently."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from ingest.counting.versions import is_outdated, outdated_definitions, reader_definition
from ingest.observation import Observation
from ingest.pull import store_harvest
from ingest.rereading.items import Runs, close_renamed_items
from ingest.source import Harvest, TMinusError, ignore_progress
from ingest.sources.report_files.api_coverage import ROLE, api_parts_again
from ingest.sources.report_files.combine import (
    Combined,
    Origin,
    ReportFile,
    combine,
    evidence_of,
    observations_of,
    report_files,
)
from ingest.warehouse.database import Warehouse
from ingest.warehouse.payloads import PayloadOrigin as Payload
from ingest.warehouse.payloads import PayloadStore

API_CODE_MISSING = (
    "the code behind the API was not kept with them (they were stored by an earlier version, or it is too large): "
    "the next run of the artifacts source counts it again"
)
GONE = "the readers of today do not read it from this file"
_NOT_FILES = frozenset({"prometheus"})  # its figures follow from an expression, not from the bytes alone

_NEEDS_CODE = "api_implemented_percent"  # the routes of the code belong to it, too
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_Key = tuple[str, str, datetime, str]  # metric, scope, moment, commit


class FigureDifference(NamedTuple):
    """One figure that is read differently. `before` or `after` is None when it was or is unknown."""

    source: str
    locator: str
    metric: str
    scope: str
    observed_at: datetime
    before: float | None
    after: float | None
    is_new: bool  # nothing was stored for it before
    definition: str  # under which it is stored now; never the one it had


@dataclass(slots=True)
class RereadReport:
    """What a re-reading saw. `stored` counts the rows that it added."""

    payloads: int = 0
    passed_over: int = 0
    changes: list[FigureDifference] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    stored: int = 0
    confirmed: int = 0  # read as before, by a newer edition of their reader: the series goes on under it


class _Row(NamedTuple):
    value: float | None
    definition: str
    unit: str
    evidence: str


class _Known:
    """What counts now of a source: per figure, moment and commit the row that was recorded last."""

    def __init__(self, warehouse: Warehouse, source: str) -> None:
        self.rows: dict[_Key, _Row] = {}
        self.by_evidence: dict[str, list[_Key]] = defaultdict(list)
        self.read_again: set[_Key] = set()
        stored: list[tuple[Any, ...]] = warehouse.rows("reread_known", warehouse.project, source)
        for metric, scope, micros, commit, *row in stored:
            key = (metric, scope, _EPOCH + timedelta(microseconds=micros), commit)
            self.rows[key] = _Row(*row)
            self.by_evidence[self.rows[key].evidence].append(key)


def reread(
    payloads: PayloadStore,
    warehouse: Warehouse,
    now: datetime,
    *,
    dry_run: bool = False,
    progress: Callable[[int, int | None, str], None] = ignore_progress,
) -> RereadReport:
    """Replay every payload. What is read as before stays; the rest is stored under a new definition, and reported.

    The rows that were stored stay, too: a correction is a later row. Nothing is stored with `dry_run`.
    """
    report = RereadReport()
    groups = list(_groups(payloads, report))
    known = {source: _Known(warehouse, source) for source in {group[0].source for group in groups}}
    harvests: dict[str, Harvest] = defaultdict(Harvest)
    runs: dict[str, Runs] = defaultdict(lambda: defaultdict(list))
    for number, group in enumerate(groups, 1):
        progress(number, len(groups), "payloads")
        source = group[0].source
        _reread_group(group, payloads, known[source], harvests[source], report, runs[source])
    for source, harvest in harvests.items():
        close_renamed_items(warehouse, source, runs[source], harvest, report.problems)
        _report_unread(known[source], report)
    if not dry_run:
        if cleaned := payloads.clean():
            report.problems.append(f"credentials that nobody knew before were taken out of {cleaned} kept files")
        markers = dict(warehouse.rows("markers", warehouse.project))
        for source, harvest in harvests.items():
            if harvest.observations or harvest.changed_items:
                harvest.marker = markers.get(source, "")  # the next pull goes on where the last one stopped
                harvest.warnings = [
                    f"{len(harvest.observations)} figures and {len(harvest.changed_items)} items were read again "
                    "and are stored again: see tminus reread"
                ]
                report.stored += store_harvest(warehouse, source, harvest, now).rows_added
    return report


def better_readers(warehouse: Warehouse) -> str:
    """One line when figures that count now were read by an earlier edition of their reader, else nothing."""
    definitions = outdated_definitions()
    found = warehouse.rows("reread_outdated", warehouse.project, "|".join(definitions)) if definitions else []
    if not found or not found[0][0]:
        return ""
    outdated = f"{found[0][0]:,} stored figures were read by an older reader ({found[0][1]})"
    return f"{outdated}: `tminus reread --dry-run` shows what the better one changes, `tminus reread` stores it"


def _groups(payloads: PayloadStore, report: RereadReport) -> Iterator[list[Payload]]:
    """Payloads that were read together, in the order of the store."""
    groups: dict[tuple[str, ...], list[Payload]] = defaultdict(list)
    for origin in payloads.origins():
        report.payloads += 1
        if origin.source in _NOT_FILES:
            report.passed_over += 1
        else:
            alone = f"{origin.locator}@{origin.sha256}"
            groups[origin.source, origin.group or alone, origin.prefix, origin.role].append(origin)
    for (source, run, prefix, role), group in groups.items():
        # A contract test of a suite with a scope was once kept a second time, without it, for the API alone.
        twins = () if prefix or role else _files_with_scope(groups, source, run)
        own = [p for p in group if (p.name, p.sha256) not in twins]
        if own:
            yield own


def _files_with_scope(
    groups: Mapping[tuple[str, ...], Sequence[Payload]], source: str, run: str
) -> set[tuple[str, str]]:
    """Names and hashes of the files of one run that were read under a scope."""
    within = (group for key, group in groups.items() if key[:2] == (source, run) and key[2])
    return {(payload.name, payload.sha256) for group in within for payload in group}


def _gone(key: _Key, before: _Row) -> Observation:
    """The figure that the current reader no longer gives: unknown from now on."""
    metric, scope, moment, commit = key
    gone = Observation(metric, moment, None, before.unit, scope, "measured", commit, before.evidence, reason=GONE)
    if not is_outdated(before.definition):
        return gone
    name = before.definition.partition("+")[0].rpartition("-")[0]
    return gone._replace(definition=reader_definition(name))


def _lost(proofs: Iterable[str], known: _Known, seen: Set[_Key], *, is_api: bool) -> Iterator[_Key]:
    """The stored figures of these files that were not read again.

    One contract test proves the figures of an API, and has test counts of its own: each reading answers for its kind.
    """
    for key in sorted(key for proof in proofs for key in known.by_evidence[proof] if key not in seen):
        is_own = key[0].startswith("api_") == is_api
        if known.rows[key].value is not None and is_own and key[0] != _NEEDS_CODE:
            yield key


def _reread_group(
    group: Sequence[Payload],
    payloads: PayloadStore,
    known: _Known,
    harvest: Harvest,
    report: RereadReport,
    runs: Runs,
) -> None:
    try:
        parts = _parts(group, payloads)
    except TMinusError as problem:
        report.problems.append(str(problem))
        return
    first = group[0]
    prefix = first.locator.removesuffix(first.name)
    at = datetime.fromisoformat(first.observed_at).astimezone(UTC)
    origin = Origin(first.source, at, first.commit, prefix, first.group, first.source == "committed", first.suffix)
    runs[first.group or first.locator] += [(part, origin) for part in parts]
    seen: set[_Key] = set()
    proofs = set()
    for part in parts:
        proof = evidence_of(part, origin)
        proofs.add(proof.id)
        for observation in observations_of(part, origin, proof.id):
            seen.add(_key(observation))
            known.read_again.add(_key(observation))
            if changed := _changed(observation, known.rows.get(_key(observation)), first, report):
                harvest.observations.append(changed)
                harvest.evidence.append(proof)
    for key in _lost(proofs, known, seen, is_api=first.role == ROLE):
        before = known.rows[key]
        harvest.observations.append(_noted(_gone(key, before), before, first, report))


def _parts(group: Sequence[Payload], payloads: PayloadStore) -> list[Combined]:
    """What the run gave, in the order in which its files were kept: of two reports of a suite the first one counts."""
    prefix = group[0].prefix
    if group[0].role == ROLE:
        kept = [(payload.name, payloads.read(payload.sha256)) for payload in group]
        return [part._replace(prefix=prefix) for part in api_parts_again(kept)]
    files: list[ReportFile] = []
    for payload in group:
        found, _ = report_files(payloads.read(payload.sha256), payload.name, lambda _: True)
        files += [file._replace(sha256=payload.sha256) for file in found]
    order = {file.place: place for place, file in reversed(list(enumerate(files)))}
    parts, _ = combine(files, order.__getitem__)
    return [part._replace(prefix=prefix) for part in parts]


def _report_unread(known: _Known, report: RereadReport) -> None:
    """Report what a better reader cannot correct, and why: figures whose other half is not in the store."""
    left = [key for key, row in known.rows.items() if key[0] == _NEEDS_CODE and row.value is not None]
    missing = sum(key not in known.read_again for key in left)
    if missing:
        report.problems.append(f"{missing} figures of {_NEEDS_CODE} cannot be read again: {API_CODE_MISSING}")


def _key(observation: Observation) -> _Key:
    return observation.metric, observation.scope, observation.observed_at, observation.commit


def _changed(
    observation: Observation, before: _Row | None, payload: Payload, report: RereadReport
) -> Observation | None:
    if before is not None and before.value == observation.value:
        if not is_outdated(before.definition):
            return None
        report.confirmed += 1
        return observation
    return _noted(observation, before, payload, report)


def _noted(observation: Observation, before: _Row | None, payload: Payload, report: RereadReport) -> Observation:
    """Give the figure a definition that differs from the one it had, and put the change into the report."""
    definition = observation.definition or (before.definition if before else "")
    if before is not None and before.definition.startswith(definition):
        definition = f"{before.definition}+reread"
    report.changes.append(
        FigureDifference(
            payload.source,
            payload.locator,
            observation.metric,
            observation.scope,
            observation.observed_at,
            before.value if before else None,
            observation.value,
            before is None,
            definition,
        )
    )
    return observation._replace(definition=definition)
