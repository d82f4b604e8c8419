"""The Python door: `import tminus; tminus.open("path/to/repository")`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.workspace import Workspace, parse_as_of

if TYPE_CHECKING:
    import pandas as pd

    from app.answers.types.forecast import ForecastAnswer
    from app.answers.types.movement import MovedAnswer
    from app.answers.types.review import ReviewAnswer
    from app.answers.types.status import StatusAnswer

Moment = datetime | str | None


class Project:
    """One project with its warehouse, read-only. Answers are those of the commands' `--json`, as typed dictionaries.

    Moments are ISO days or times (`"2026-03-31"` is the end of that day in the project's time zone), datetimes, or None
    for now. What is wrong with the plan or a moment is a `tminus.TMinusError` with one clear sentence.
    """

    def __init__(self, folder: str | Path = ".") -> None:
        from app.steps.assess import open_workspace

        self._workspace = open_workspace(Path(folder))

    @property
    def name(self) -> str:
        """The project's name."""
        return self._workspace.config.name

    def assess(self, at: Moment = None) -> StatusAnswer:
        """How ready, gate by gate: the answer of `tminus status --json`."""
        from app.steps.assess import status

        return status(self._workspace, self._moment(at))

    def forecast(self, at: Moment = None, horizon_days: int = 730) -> ForecastAnswer:
        """When, with which odds: the answer of `tminus forecast --json`. It is not kept for the track record."""
        from app.steps.date.forecast import forecast

        return forecast(self._workspace, self._moment(at), horizon_days, keep=False)

    def moved(self, since: Moment, until: Moment = None) -> MovedAnswer:
        """What moved between two moments, and which commits moved it: the answer of `tminus moved --json`."""
        from app.steps.movement import moved

        return moved(self._workspace, self._moment(since), self._moment(until))

    def review(self, since: Moment, until: Moment = None) -> ReviewAnswer:
        """The weekly review: the answer of `tminus review --format json`."""
        from app.steps.review import review

        return review(self._workspace, self._moment(since), self._moment(until))

    def criteria(self, at: Moment = None) -> pd.DataFrame:
        """One row a criterion: gate, id, title, metric, scope, value, unit, comparator, threshold, state, points.

        `value` is NaN where it is unknown; `because` says why.
        """
        import pandas as pd

        names = (
            *("id", "title", "metric", "scope", "value", "unit", "comparator", "threshold"),
            *("state", "points", "points_possible", "because"),
        )
        rows = [
            {"gate": gate["id"], **{name: one[name] for name in names}}  # type: ignore[literal-required]
            for gate in self.assess(at)["gates"]
            for one in gate["criteria"]
        ]
        frame = pd.DataFrame(rows, columns=["gate", *names])
        return frame.astype({"value": "float64"})

    def series(self, metric: str, scope: str | None = None) -> pd.DataFrame:
        """Every stored value of a metric, oldest first: observed_at, value, unit, scope, commit, kind, reason ..."""
        from app.steps.evidence.collect import series

        return series(self._workspace, metric, scope)

    def readiness(self, weeks: int | None = None, at: Moment = None) -> pd.DataFrame:
        """Readiness at the end of every week: one row a criterion, and one with criterion "" for the whole."""
        from app.steps.assess import history

        return history(self._workspace, self._moment(at), weeks)

    def _moment(self, at: Moment) -> datetime:
        if isinstance(at, datetime):
            return at if at.tzinfo else at.replace(tzinfo=self._workspace.zone)
        return parse_as_of(self._workspace, at)

    @property
    def workspace(self) -> Workspace:
        """The configuration and the plan as they were read."""
        return self._workspace
