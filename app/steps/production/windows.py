"""Which criteria are judged by samples, and their samples since the deployment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.workspace import Workspace
from ingest.sources.running.prometheus import windowed_queries
from ingest.sources.running.prometheus_queries import Query, duration
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
    if not asked:
        return {}
    metrics, scopes = {c.metric for c, _ in asked}, {c.scope for c, _ in asked}
    stored = stored_samples(workspace.warehouse, sorted(metrics), sorted(scopes), since, now)
    frame = empty_frame(SAMPLES) if stored is None else stored
    return {
        c.id: CriterionSamples(
            c,
            timedelta(seconds=duration(q.window, "window")),
            WindowDemand(c.comparator, c.threshold, q.reduce),
            samples_of(frame, c.metric, c.scope, c.unit, duration(q.step, "step")),
        )
        for c, q in asked
    }


def _is_scope(scope: str, query: Query) -> bool:
    """Whether a query answers for this scope: with a scope label it is the query's own with the label's value."""
    if not query.scope_label:
        return scope == query.scope
    return scope.startswith(f"{query.scope}/") if query.scope else bool(scope)
