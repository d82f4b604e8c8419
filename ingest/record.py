"""Figures that come by hand or from a CI job: `tminus record`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches

from ingest.observation import CATALOGUE, Evidence, Observation, impossible
from ingest.pull import store_harvest
from ingest.source import Harvest, TMinusError
from ingest.sources.report_files.current_ci_job import current_job
from ingest.warehouse.database import Warehouse
from ingest.warehouse.files import check_whole

SOURCE_NAME = "record"


class RecordError(TMinusError):
    """The figure cannot be stored as given."""


@dataclass(frozen=True, slots=True)
class StatedFigure:
    """One figure as somebody states it. The unit defaults to the catalogue's; a value of None needs a reason."""

    metric: str
    value: float | None
    at: datetime | None = None
    scope: str = ""
    unit: str = ""
    commit: str = ""
    claimed: bool = False
    note: str = ""
    reason: str = ""


def record_figure(warehouse: Warehouse, figure: StatedFigure, now: datetime) -> int:
    """Store one figure; returns how many rows were new (0 when the very same was stored before)."""
    observed = figure.at or now
    _check(figure, observed, now)
    identity = f"{figure.metric}|{figure.scope}|{observed.astimezone(UTC).isoformat()}|{figure.value}|{figure.note}"
    digest = hashlib.sha256(identity.encode()).hexdigest()
    locator = figure.note or "recorded by hand"
    evidence = Evidence(f"record:{digest[:16]}", locator, digest, "tminus record", excerpt=figure.note)
    observation = Observation(
        figure.metric,
        observed,
        figure.value,
        unit_of(figure.metric, figure.unit),
        figure.scope,
        "claimed" if figure.claimed else "measured",
        figure.commit or _commit_of_job(figure),
        evidence.id,
        "record-1",
        figure.reason,
    )
    harvest = Harvest(observations=[observation], evidence=[evidence])
    if warehouse.exists():
        check_whole(warehouse)  # nothing is written on into a damaged file
    return store_harvest(warehouse, SOURCE_NAME, harvest, now).rows_added


def _commit_of_job(figure: StatedFigure) -> str:
    """What a CI job measures now, it measures at its commit; a claim or a figure of another day has none."""
    job = current_job() if figure.at is None and not figure.claimed else None
    return job.commit if job else ""


def _check(figure: StatedFigure, observed: datetime, now: datetime) -> None:
    if figure.value is None and not figure.reason:
        raise RecordError(f"{figure.metric}: no value given: say why it is unknown with --reason")
    if why := impossible(figure.metric, figure.value):
        raise RecordError(f"{figure.metric}: {why}")
    if observed > now:
        moment = f"{observed:%Y-%m-%d %H:%M}"
        raise RecordError(f"{figure.metric}: {moment} lies in the future: record a figure after it was true")


def unit_of(metric: str, unit: str = "") -> str:
    """The unit that a metric is kept in; RecordError when `unit` differs, or nobody knows one."""
    known = CATALOGUE.get(metric)
    if known is None and not unit:
        near = get_close_matches(metric, list(CATALOGUE), n=4, cutoff=0.3) or list(CATALOGUE)[:4]
        raise RecordError(f"{metric!r} is not in the catalogue: give its --unit, or use one of {', '.join(near)}")
    if known is not None and unit and unit != known.unit:
        raise RecordError(f"{metric} is kept in {known.unit}, not in {unit!r}: convert the value and leave --unit out")
    return unit or (known.unit if known else "")
