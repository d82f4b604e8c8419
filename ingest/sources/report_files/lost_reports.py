"""Places that held a report before and hold none in this run: what they gave is unknown, alone or as one of several."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ingest.counting.versions import reader_definition
from ingest.observation import Observation
from ingest.redaction import redact_text
from ingest.source import Request, TMinusError
from ingest.sources.report_files.combine import RUNS, Origin, ReportFile, report_files
from ingest.warehouse.payloads import PayloadOrigin, PayloadStore

_LEAST = ("tests_failed", "tests_errored", "findings_", "secrets_")  # what the other reports show is the least there is


def lost_places(request: Request, source: str, place: str, data: bytes, found: Sequence[ReportFile]) -> list[str]:
    """Where one file holds no report now: its own place, or those in an archive that held reports before."""
    from ingest.readers.archives import entries, is_archive

    if not is_archive(data):
        return [] if found else [place]
    kept = _kept_inside(request, source, place)
    if not found:
        return sorted({one.name for one in kept if one.group == kept[-1].group})
    unread = {one.name for one in kept} - {redact_text(file.place) for file in found}
    return sorted(unread & {f"{place}/{name}" for name, _ in entries(data, [])}) if unread else []


def _kept_inside(request: Request, source: str, place: str) -> list[PayloadOrigin]:
    """What is kept of the members of an archive, oldest first."""
    inside = f"{redact_text(place)}/"
    origins = PayloadStore(request.payloads).origins()
    return [one for one in origins if one.source == source and one.name.startswith(inside)]


class LostReport(NamedTuple):
    """A place of this run without a report; `origin` is that of the run, `prefix` the configured scope of the place."""

    place: str
    origin: Origin
    prefix: str

    @property
    def why(self) -> str:
        """The reason of what is unknown without it."""
        return f"{self.place} was a report before; the run of {self.origin.at:%Y-%m-%d %H:%M} left none there"

    def alone(self, request: Request) -> Iterator[Observation]:
        """What the place gave before, as unknown."""
        place = f"{self.origin.locator}{self.place}"
        rows = request.stored("figures_of_place", request.project, self.origin.source, place, f"{place} (and ")
        at, commit = self.origin.at, self.origin.commit
        for metric, scope, unit, definition in rows:
            yield Observation(metric, at, None, unit, scope, commit=commit, definition=definition, reason=self.why)

    def merged(self, request: Request, given: list[Observation]) -> list[Observation]:
        """What the other reports of the run give; unknown where this one belongs to it; faults stay."""
        shard = set(self._shard(request))
        return [
            row._replace(value=None, reason=self.why)
            if (row.metric, row.scope, row.definition) in shard and not (row.metric.startswith(_LEAST) and row.value)
            else row
            for row in given
        ]

    def _shard(self, request: Request) -> Iterator[tuple[str, str, str]]:
        """Metric, scope and definition of what the kept report gave; one of several runs of Lighthouse may fail."""
        store, place = PayloadStore(request.payloads), redact_text(self.place)
        kept = [one.sha256 for one in store.origins() if one.source == self.origin.source and one.name == place]
        try:
            found = report_files(store.read(kept[-1]), self.place, lambda _: True)[0] if kept else []
        except TMinusError:  # the payload was removed by hand: nothing more is known of the place
            return
        for reading in (file.reading for file in found if file.reading.format != RUNS):
            for figure in reading.figures:
                scope = self.origin.scoped(figure.scope, self.prefix)
                yield figure.metric, scope, reader_definition(reading.format)
