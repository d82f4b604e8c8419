"""Which criteria are judged by samples, and their samples since the deployment."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pandas as pd

from app.workspace import Workspace
from ingest.sources.running.prometheus import windowed_queries
from ingest.sources.running.prometheus_queries import Query, duration
from ingest.warehouse.process import process_events
from ingest.warehouse.process import samples as stored_samples
from models.frames import SAMPLES, empty_frame
from models.plan.plan import Criterion
from models.readiness.after_deployment import CriterionWindow
from models.windows.evaluate import WindowDemand, WindowResult, evaluate, evaluate_last
from models.windows.samples import Samples, samples_of


@dataclass(frozen=True, slots=True)
class CriterionSamples:
    """One criterion with the samples of its query; `length` is the query's window."""

    criterion: Criterion
    length: timedelta
    demand: WindowDemand
    samples: Samples

    def last(self, since: datetime, length: timedelta, now: datetime) -> CriterionWindow:
        """The window over the last hours, as far as they are after `since`."""
        moments = (since.timestamp(), length.total_seconds(), now.timestamp())
        return self._window(evaluate_last(self.samples, self.demand, *moments))

    def first(self, since: datetime, length: timedelta, now: datetime) -> CriterionWindow:
        """The window over the first hours after `since`."""
        moments = (since.timestamp(), length.total_seconds(), now.timestamp())
        return self._window(evaluate(self.samples, self.demand, *moments))

    def judged(self, since: datetime, after: timedelta, now: datetime) -> CriterionWindow:
        """The window of a gate that is judged some time after `since`: it ends at that moment."""
        length = min(self.length, after)
        return self.first(since + after - length, length, now)

    def _window(self, result: WindowResult) -> CriterionWindow:
        samples = self.samples
        return CriterionWindow(result, self.demand.reduce, samples.is_simulated, samples.unit_mismatch)


def samples_of_criteria(
    workspace: Workspace, criteria: Iterable[Criterion], since: datetime, now: datetime
) -> Mapping[str, CriterionSamples]:
    """By id, the criteria that a query with `after` measures, with their samples from `since` to `now`.

    SourceError: the queries cannot be read.
    """
    settings = workspace.config.sources.get("prometheus")
    queries = windowed_queries(settings) if settings else []
    asked = [(c, q) for c in criteria for q in queries if c.metric == q.metric and _is_scope(c.scope, q)]
    asked.sort(key=lambda pair: not pair[1].scope_label)  # the query of just this scope is the last one, and wins
    if not asked:
        return {}
    metrics, scopes = zip(*((criterion.metric, criterion.scope) for criterion, _ in asked), strict=True)
    stored = stored_samples(workspace.warehouse, sorted(set(metrics)), sorted(set(scopes)), since, now)
    frame = empty_frame(SAMPLES) if stored is None else stored
    taken_back = _withdrawn(workspace, now)
    return {criterion.id: _samples_of(frame, criterion, query, taken_back) for criterion, query in asked}


Stretches = Mapping[tuple[str, str], tuple[tuple[float, float], ...]]


def _withdrawn(workspace: Workspace, now: datetime) -> Stretches:
    """By metric and scope, the stretches whose samples were withdrawn, in seconds since 1970."""
    frame = process_events(workspace.warehouse, now, ["withdrawn"])
    found: dict[tuple[str, str], tuple[tuple[float, float], ...]] = {}
    for row in frame.to_dict("records") if frame is not None else ():
        details = json.loads(row["details"])
        if row["outcome"] == "samples":
            since, until = (datetime.fromisoformat(details[name]).timestamp() for name in ("since", "until"))
            key = (details["metric"], details["scope"])
            found[key] = (*found.get(key, ()), (since, until))
    return found


def _samples_of(frame: pd.DataFrame, criterion: Criterion, query: Query, taken_back: Stretches) -> CriterionSamples:
    key, step = (criterion.metric, criterion.scope), duration(query.step, "step")
    found = samples_of(frame, *key, criterion.unit, step, query.definition())
    return CriterionSamples(
        criterion,
        timedelta(seconds=duration(query.window, "window")),
        WindowDemand(criterion.comparator, criterion.threshold, query.reduce),
        replace(found, withdrawn=taken_back.get(key, ())),
    )


def _is_scope(scope: str, query: Query) -> bool:
    """Whether a query answers for this scope: with a scope label it is the query's own with the label's value."""
    if not query.scope_label:
        return scope == query.scope
    return scope.startswith(f"{query.scope}/") if query.scope else bool(scope)
