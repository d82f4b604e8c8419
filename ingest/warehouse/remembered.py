"""A warehouse that reads each table once: for whoever asks one state of the evidence about many days.

Answers about another day differ only in the moment up to which rows count. So the rows are read without that limit,
kept, and cut at the moment asked for. What is written to beside the evidence (decisions, frozen reviews, receipts) is
read each time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from threading import RLock
from typing import TYPE_CHECKING, Any, Final

from ingest.warehouse.database import Warehouse

if TYPE_CHECKING:
    import pandas as pd

Parameters = Mapping[str, Any]
_BEGINNING, _END = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)


class RememberedWarehouse(Warehouse):
    """Holds the rows of one state; who wants the next state makes another. Its methods may be called from any thread.

    The frames are shared: pandas copies a frame when somebody changes it.
    """

    def __init__(self, *where: Any) -> None:
        super().__init__(*where)
        self._rows: dict[tuple[object, ...], pd.DataFrame] = {}
        self._reading_rows = RLock()

    def query(self, name: str, **parameters: Any) -> pd.DataFrame:
        """Run the named query, or cut the rows that it gave before; the same answer as that of `Warehouse`."""
        cut = _CUTS.get(name)
        if cut is None:
            return super().query(name, **parameters)
        rows = self._whole(name, parameters)
        return cut(rows, parameters).copy(deep=False)

    def _whole(self, name: str, parameters: Parameters) -> pd.DataFrame:
        """The rows of a query of all times."""
        wide = dict(parameters)
        wide.update({end: moment for end, moment in (("since", _BEGINNING), ("until", _END)) if end in wide})
        key = (name, *((option, repr(value)) for option, value in sorted(wide.items())))
        with self._reading_rows:
            if key not in self._rows:
                self._rows[key] = super().query(name, **wide)
            return self._rows[key]


def _all(rows: pd.DataFrame, _: Parameters) -> pd.DataFrame:
    return rows


def _observed(rows: pd.DataFrame, parameters: Parameters) -> pd.DataFrame:
    """The rows are in the order of their time."""
    return rows.iloc[: _place(rows, parameters["until"])]


def _place(rows: pd.DataFrame, until: datetime) -> int:
    return int(rows["observed_at"].searchsorted(_moment(until), side="right"))


def _moment(at: datetime) -> pd.Timestamp:
    import pandas as pd

    return pd.Timestamp(at).tz_convert("UTC")


def _items(rows: pd.DataFrame, parameters: Parameters) -> pd.DataFrame:
    since, until = _moment(parameters["since"]), _moment(parameters["until"])
    closed = rows["closed_at"]
    return rows[(rows["opened_at"] <= until) & (closed.isna() | (closed >= since))]


def _claims(rows: pd.DataFrame, parameters: Parameters) -> pd.DataFrame:
    """Claims up to a moment; words that left their document later were still there."""
    until = parameters["until"]
    seen = _observed(rows, parameters)
    limit = until.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    later = seen["removed_at"] > limit
    if not later.any():
        return seen
    blank = dict.fromkeys(("removed_at", "removed_commit", "moved_to"), "")
    return seen.assign(**{name: seen[name].mask(later, value) for name, value in blank.items()})


# How the rows of a query are cut at the moments asked for; queries that are not here are asked each time.
_CUTS: Final[Mapping[str, Callable[[pd.DataFrame, Parameters], pd.DataFrame]]] = {
    "observations": _observed,
    "claims": _claims,
    "items": _items,
    "commits": _all,
    "first_observations": _all,
    "plan_versions": _all,
}
