"""Figures of report files that belong together: the files of one CI run, or one file at one commit."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain
from typing import NamedTuple

from ingest.counting.versions import reader_definition
from ingest.observation import Evidence, Kind, Observation
from ingest.readers.contract import Figure, ReadError, Reading, share
from ingest.source import Harvest
from ingest.sources.report_files.item_ledger import ItemLedger
from ingest.sources.report_files.provenance import lasting_place
from ingest.sources.report_files.twins import IDLE, worst_of_twins
from ingest.warehouse.payloads import PayloadStore

_TEST_COUNTS = ("tests_total", "tests_passed", "tests_failed", "tests_errored", "tests_skipped", "tests_flaky")
_SUMMED = frozenset({*_TEST_COUNTS, "tests_duration_seconds"})
_FAILURES = frozenset({"tests_failed", "tests_errored", "tests_flaky"})
_ONE_SUITE = ("coverage_", "tests_")  # tools write the same run in several formats; other reports are kept side by side
RUNS = "lighthouse"  # writes a file a run, and the figure is the median of the runs
EDITION = "2"  # of what is read together and how: raised, every file is read again. A reader has its own edition.


class ReportFile(NamedTuple):
    """One recognised file; `place` is its path, inside its archive where it came in one."""

    place: str
    data: bytes
    reading: Reading
    sha256: str = ""  # of the bytes as they came, where `data` had credentials taken out since

    def digest(self) -> str:
        """The hash that names the file."""
        return self.sha256 or hashlib.sha256(self.data).hexdigest()


class Combined(NamedTuple):
    """Figures and the files they come from; `prefix` begins the scope of each."""

    reading: Reading
    files: tuple[ReportFile, ...]
    prefix: str = ""
    series: str = ""  # of its items, where that is not the place of its first file
    role: str = ""  # of its payloads, see ingest/warehouse/payloads.py
    kept: tuple[ReportFile, ...] | None = None  # what goes into the payload store, where that is not its files


@dataclass(frozen=True, slots=True)
class Origin:
    """What is true of all files read together."""

    source: str
    at: datetime
    commit: str
    locator: str  # in front of each file's place: "https://host/run/1#", "abc123:" ...
    group: str  # of the payloads that are read together
    in_repository: bool = False  # the places are paths of the repository
    suffix: str = ""  # distinguishes the figures of several files, at the end of their scopes

    def scoped(self, scope: str, prefix: str = "") -> str:
        """The scope under which a figure of this origin is stored."""
        inner = "/".join(part for part in (prefix, scope) if part)
        return f"{inner}@{self.suffix}" if inner and self.suffix else inner or self.suffix


def report_files(data: bytes, place: str, wanted: Callable[[str], bool]) -> tuple[list[ReportFile], list[str]]:
    """The report files in these bytes, which may be an archive, and a line for whatever is wrong with them.

    Files that no reader knows are passed over: an artifact holds many.
    """
    from ingest.readers.archives import entries, is_archive

    if not is_archive(data):
        return _recognised([(place, place, data)], wanted)
    troubles: list[str] = []
    try:
        inside = ((f"{place}/{name}", name, content) for name, content in entries(data, troubles))
        found, warnings = _recognised(inside, wanted)
    except ReadError as problem:
        return [], [f"{place}: {problem}"]
    return found, [*warnings, *(f"{place}: {trouble}" for trouble in troubles)]


def _recognised(
    files: Iterable[tuple[str, str, bytes]], wanted: Callable[[str], bool]
) -> tuple[list[ReportFile], list[str]]:
    from ingest.readers.registry import read_bytes

    found = []
    warnings = []
    for place, name, data in files:
        for reading in read_bytes(data, place) if wanted(name) else ():
            if reading.figures or reading.items:
                found.append(ReportFile(f"{place}/{reading.entry}" if reading.entry else place, data, reading))
                if reading.format != RUNS:  # one run of several always warns: `combine` says it of all of them
                    warnings += [f"{place}: {warning}" for warning in reading.warnings]
    return found, warnings


def combine(
    files: Sequence[ReportFile], rank: Callable[[str], int] = lambda _place: 0
) -> tuple[list[Combined], list[str]]:
    """Merge the shards of a suite, and see to it that no two figures claim the same metric and scope.

    Shards of line coverage are merged by line, counts of tests are summed, of Lighthouse's runs the median is taken.
    Where one suite is reported in several formats, the one that `rank` puts first is taken and the others are named
    in a warning. Everything else that meets under one scope is distinguished by its place.
    """
    by_format: dict[str, list[ReportFile]] = defaultdict(list)
    for file in sorted(files, key=lambda f: (rank(f.place), f.place)):
        by_format[file.reading.format].append(file)
    parts: list[Combined] = []
    for group in by_format.values():
        parts += [part._replace(reading=_without_idle_run(part.reading)) for part in _merged(group)]
    apart, warnings = _distinguished(parts)
    runs = (part for part in parts if part.reading.format == RUNS)
    return apart, warnings + [f"{part.files[0].place}: {warning}" for part in runs for warning in part.reading.warnings]


def _without_idle_run(reading: Reading) -> Reading:
    """The reading with unknown failures where every test of the run is skipped: what did not run has not passed."""
    known = {figure.metric: figure.value for figure in reading.figures if not figure.scope}
    if known.get("tests_skipped") and known.get("tests_passed") == 0 == known.get("tests_failed"):
        idle = [replace(f, value=None, reason=IDLE) if f.metric in _FAILURES else f for f in reading.figures]
        return replace(reading, figures=tuple(idle))
    return reading


def _merged(files: list[ReportFile]) -> list[Combined]:
    """One part for the shards of a suite; one part a file for everything else."""
    single = [Combined(file.reading, (file,)) for file in files]
    if len(files) == 1 or files[0].reading.format.startswith("generic"):
        return single
    if files[0].reading.format == RUNS:
        return [Combined(_median_of_runs(files), tuple(files))]
    if _all_metrics_of(files, "coverage_"):
        return [Combined(_merged_coverage(files), tuple(files))]
    if _all_metrics_of(files, "tests_"):
        return [Combined(_summed([file.reading for file in files]), tuple(files))]
    return single


def _all_metrics_of(files: list[ReportFile], family: str) -> bool:
    return all(figure.metric.startswith(family) for file in files for figure in file.reading.figures)


def _merged_coverage(files: list[ReportFile]) -> Reading:
    from ingest.readers.coverage.merge import merge_coverage

    merged = merge_coverage([(file.place, file.data) for file in files])
    first = files[0].reading
    return replace(merged, tool=first.tool, tool_version=first.tool_version)


def _median_of_runs(files: Sequence[ReportFile]) -> Reading:
    """Lighthouse's reader takes the median over an array of runs; a file holds one run or an array of them."""
    import json

    from ingest.readers.archives import gunzip, is_gzip
    from ingest.readers.performance.load_lab import read_lighthouse
    from ingest.readers.text.json import load_json

    runs: list[object] = []
    for file in files:
        if any(figure.value is not None for figure in file.reading.figures):  # a run that failed measured nothing
            found = load_json(gunzip(file.data) if is_gzip(file.data) else file.data)
            runs += found if isinstance(found, list) else [found]
    return read_lighthouse(json.dumps(runs).encode(), files[0].place) if runs else files[0].reading


def _sum_of_shards(found: Sequence[Figure], shards: int) -> Figure:
    """The sum of one count over all shards; unknown when one does not state it."""
    unknown = next((figure for figure in found if figure.value is None), None)
    if unknown:
        return Figure(unknown.metric, None, found[0].unit, reason=unknown.reason)
    if len(found) != shards:
        return Figure(found[0].metric, None, found[0].unit, reason="not every shard states it")
    return Figure(found[0].metric, sum(figure.value or 0.0 for figure in found), found[0].unit)


def _summed_figures(readings: Sequence[Reading]) -> dict[str, list[Figure]]:
    """By metric: the counts of whole runs, of every report that states it."""
    by_metric: dict[str, list[Figure]] = defaultdict(list)
    for figure in chain.from_iterable(reading.figures for reading in readings):
        if figure.metric in _SUMMED and not figure.scope:
            by_metric[figure.metric].append(figure)
    return by_metric


def _summed(readings: Sequence[Reading]) -> Reading:
    """Counts of several test reports together; a count unknown in one of them is unknown."""
    by_metric = _summed_figures(readings)
    figures = [_sum_of_shards(by_metric[metric], len(readings)) for metric in sorted(by_metric)]
    known = {f.metric: f.value for f in figures if f.value is not None}
    if {"tests_passed", "tests_failed"} <= known.keys():
        ran = known["tests_passed"] + known["tests_failed"]
        figures.append(share("tests_passed_percent", known["tests_passed"], ran, nothing="no test ran"))
    items = tuple(item for reading in readings for item in reading.items)
    return replace(readings[0], figures=tuple(figures), items=items)


def _parts_by_series(parts: list[Combined]) -> dict[tuple[str, str], list[int]]:
    """By metric and scope: the numbers of the parts that give it, each once."""
    claimed: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, part in enumerate(parts):
        for series in dict.fromkeys((figure.metric, figure.scope) for figure in part.reading.figures):
            claimed[series].append(number)
    return claimed


def _distinguished(parts: list[Combined]) -> tuple[list[Combined], list[str]]:
    claimed = _parts_by_series(parts)
    readings = [part.reading for part in parts]
    parts = [part._replace(reading=worst_of_twins(part.reading, readings)) for part in parts]
    result, dropped = [], {}
    for number, part in enumerate(parts):
        kept = []
        for figure in part.reading.figures:
            rivals = claimed[figure.metric, figure.scope]
            if len(rivals) > 1 and not figure.metric.startswith(_ONE_SUITE):
                kept.append(replace(figure, scope=_apart(figure.scope, part, parts, rivals)))
            elif rivals[0] == number:
                kept.append(figure)
            else:
                dropped[part.files[0].place] = parts[rivals[0]].files[0].place
        result.append(part._replace(reading=_keeping(part, kept)))
    warnings = [f"{other}: the same suite is also reported in {used}, which is used" for other, used in dropped.items()]
    return [part for part in result if part.reading.figures or part.reading.items], warnings


def _keeping(part: Combined, kept: list[Figure]) -> Reading:
    """The reading with these figures; coverage without any leaves its files to the report that has them."""
    is_idle = not kept and _all_metrics_of(list(part.files), "coverage_")
    return replace(part.reading, figures=tuple(kept), items=() if is_idle else part.reading.items)


def _apart(scope: str, part: Combined, parts: list[Combined], rivals: list[int]) -> str:
    """The scope with the tool's name, or with the file's place where the tool does not distinguish rivals."""
    tools = [parts[number].reading.tool for number in rivals]
    name = part.reading.tool
    if not name or len(set(tools)) < len(tools):
        name = lasting_places([parts[number].files[0].place for number in rivals])[part.files[0].place]
    return f"{scope}@{name}" if scope else name


def lasting_places(places: Sequence[str]) -> dict[str, str]:
    """Each place without what changes from run to run; whole where two would become equal."""
    lasting = {place: lasting_place(place) for place in places}
    taken = Counter(lasting.values())
    return {place: short if taken[short] == 1 else place for place, short in lasting.items()}


def definition_of(reading: Reading) -> str:
    """The counting rule of a reading: figures of two formats, or of two editions of a reader, are never compared."""
    return reader_definition(reading.format)


def store(
    parts: Iterable[Combined],
    origin: Origin,
    harvest: Harvest,
    payloads: PayloadStore,
    ledger: ItemLedger | None = None,
) -> None:
    """Put the figures with their evidence into the harvest, and the files into the payload store.

    A ledger hears of failing tests and findings; a report without any known figure is damaged and closes nothing.
    """
    parts = list(parts)
    for part, series in zip(parts, series_of(parts), strict=True):
        if ledger is not None and any(figure.value is not None for figure in part.reading.figures):
            ledger.report(series, origin.at, origin.commit, part.reading.items)
        proof = evidence_of(part, origin)
        harvest.evidence.append(proof)
        harvest.observations += observations_of(part, origin, proof.id)
        for file in part.files if part.kept is None else part.kept:
            trouble = payloads.keep(
                file.data,
                origin.source,
                file.place,
                f"{origin.locator}{file.place}",
                origin.at.isoformat(),
                commit=origin.commit,
                group=origin.group,
                suffix=origin.suffix,
                prefix=part.prefix,
                role=part.role,
            )
            if trouble and trouble not in harvest.warnings:
                harvest.warnings.append(trouble)


def series_of(parts: Sequence[Combined]) -> list[str]:
    """The name of each part's series of items: what does not change from run to run."""
    lasting = lasting_places([part.files[0].place for part in parts])
    return [f"{part.prefix}|{part.reading.format}|{part.series or lasting[part.files[0].place]}" for part in parts]


def series_once(part: Combined) -> str:
    """The name it had while the folder of the run was a part of it."""
    return f"{part.prefix}|{part.reading.format}|{part.series or part.files[0].place}"


def evidence_of(part: Combined, origin: Origin) -> Evidence:
    """The file, or the shards or runs that make one figure: several files have the hash of their hashes."""
    hashes = [file.digest() for file in part.files]
    digest = hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()
    more = f" (and {len(hashes) - 1} more files)" if len(hashes) > 1 else ""
    locator = f"{origin.locator}{part.files[0].place}"
    identity = f"{origin.source}|{locator}|{digest}"
    return Evidence(
        id=f"{origin.source}:file:{hashlib.sha256(identity.encode()).hexdigest()[:20]}",
        locator=locator + more,
        sha256=digest,
        tool=part.reading.tool or part.reading.format,
        tool_version=part.reading.tool_version,
        excerpt=_interval(part.reading),
        path=part.files[0].place if origin.in_repository else "",
    )


def observations_of(part: Combined, origin: Origin, evidence: str) -> list[Observation]:
    """One observation a figure."""
    definition = definition_of(part.reading)
    return [
        _observation(figure, origin, evidence, definition, origin.scoped(figure.scope, part.prefix))
        for figure in part.reading.figures
    ]


def _observation(figure: Figure, origin: Origin, evidence: str, definition: str, scope: str) -> Observation:
    """A generic file may state time, commit and kind of each figure; everything else has those of its origin."""
    at, value, reason = origin.at, figure.value, figure.reason
    if figure.at:
        at = datetime.fromisoformat(figure.at).astimezone(UTC)
        if at > origin.at:
            at, value, reason = origin.at, None, f"the file states a time after it was written ({figure.at})"
    kind: Kind = "claimed" if figure.kind == "claimed" else "simulated" if figure.kind == "simulated" else "measured"
    return Observation(
        figure.metric,
        at,
        value,
        figure.unit,
        scope,
        kind,
        figure.commit or origin.commit,
        evidence,
        definition,
        reason,
    )


def _interval(reading: Reading) -> str:
    remarks = [
        f"{f.metric} {f.value:g} {f.unit}, 95% interval {f.low:g} to {f.high:g}"
        for f in reading.figures
        if f.value is not None and f.low is not None and f.high is not None
    ]
    return "; ".join(remarks[:3])
