"""Which row of the observations speaks for a metric and scope at a moment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.frames import OBSERVATIONS, SNAPSHOT, check_frame
from models.plan.plan import Criterion, Plan

# Figures of these sources are facts about the tree: they hold, exactly, until the next commit changes them. So they
# carry forward and never go stale, however long nobody committed.
CARRIED_SOURCES = frozenset({"git", "tree"})

Key = tuple[str, str]
Positions = npt.NDArray[Any]
_RANK = {"measured": 1, "simulated": 0}
_TEXTS = ("reason", "unit", "kind", "commit", "source", "definition", "locator", "sha256", "tool")
_ORDER = [
    "observed_at",
    "_rank",
    "recorded_at",
    "_known",
    "definition",
    "evidence",
    "commit",
    "value",
    "source",
    "unit",
]


@dataclass(frozen=True, slots=True)
class ObservedValue:
    """One observation, as a criterion reads it. `value` is NaN when the figure is unknown; `reason` says why."""

    value: float
    observed_at: pd.Timestamp
    recorded_at: pd.Timestamp
    reason: str = ""
    unit: str = ""
    kind: str = ""
    commit: str = ""
    source: str = ""
    definition: str = ""
    locator: str = ""
    sha256: str = ""
    tool: str = ""

    @property
    def is_carried(self) -> bool:
        return self.source in CARRIED_SOURCES and self.kind == "measured"


def with_zone(at: datetime) -> pd.Timestamp:
    """`at` in its own zone, whose day ends waivers and attestations; a moment without a zone is taken as UTC."""
    moment = pd.Timestamp(at)
    return moment.tz_localize("UTC") if moment.tzinfo is None else moment


def as_moment(at: datetime) -> pd.Timestamp:
    """`at` in UTC; a moment without a zone is taken as UTC."""
    moment = pd.Timestamp(at)
    return moment.tz_localize("UTC") if moment.tzinfo is None else moment.tz_convert("UTC")


def plan_keys(plans: Iterable[Plan]) -> list[Key]:
    """Metric and scope of everything the plans measure, each once."""
    return sorted({key_of(criterion) for plan in plans for criterion in plan.criteria if criterion.metric})


def key_of(criterion: Criterion) -> Key:
    return criterion.metric, criterion.scope


class History:
    """All measured and simulated rows of the wanted keys, in the order in which they came to hold."""

    def __init__(self, observations: pd.DataFrame, keys: Sequence[Key]) -> None:
        check_frame(observations, OBSERVATIONS, "observations")
        self._rows = _ordered(_rows_of(observations, keys))
        self._times = pd.DatetimeIndex(self._rows["observed_at"]).as_unit("us").asi8
        self._values = self._rows["value"].to_numpy()
        wanted, found_at = set(keys), _positions_of(self._rows)
        self._positions = {key: positions for key, positions in found_at.items() if key in wanted}
        carried = _is_carried(self._rows)
        self._in_force = {key: _in_force(self._rows, found, carried) for key, found in self._positions.items()}

    def rows(self, key: Key) -> pd.DataFrame:
        """The rows of one key, oldest first."""
        return self._rows.iloc[self._positions.get(key, np.empty(0, dtype=np.intp))]

    def at(self, moments: pd.DatetimeIndex) -> dict[Key, list[ObservedValue | None]]:
        """Of each key that has rows, the reading in force at each moment; None before the first row."""
        when = moments.as_unit("us").asi8
        picks = {key: self._picks(key, when) for key in self._positions}
        made = self._readings({pick for found in picks.values() for pick in found if pick >= 0})
        return {key: [made.get(pick) for pick in found] for key, found in picks.items()}

    def _picks(self, key: Key, when: Positions) -> list[int]:
        stops = self._times[self._positions[key]].searchsorted(when, side="right") - 1
        return list(np.where(stops >= 0, self._in_force[key][np.maximum(stops, 0)], -1).tolist())

    def _readings(self, positions: Iterable[int]) -> dict[int, ObservedValue]:
        """Many rows at once: picking cells one by one costs a millisecond a row."""
        places = sorted(positions)
        rows = self._rows.iloc[places]
        texts = {name: _texts_of(rows[name]) for name in _TEXTS if name in rows.columns}
        values, observed, recorded = (list(rows[name]) for name in ("value", "observed_at", "recorded_at"))
        return {
            place: ObservedValue(
                values[i], observed[i], recorded[i], **{name: found[i] for name, found in texts.items()}
            )
            for i, place in enumerate(places)
        }

    def readings(self, at: pd.Timestamp) -> dict[Key, ObservedValue]:
        """The reading in force of every key that has one."""
        found = {key: column[0] for key, column in self.at(pd.DatetimeIndex([at])).items()}
        return {key: reading for key, reading in found.items() if reading is not None}

    def first_value(self, key: Key) -> tuple[float, str] | None:
        """The earliest known value with its unit; the newest recording of that moment speaks."""
        positions = self._positions.get(key)
        if positions is None:
            return None
        times = self._times[positions]
        is_last = np.append(times[1:] != times[:-1], True)
        values = self._values[positions]
        known = np.flatnonzero(is_last & ~np.isnan(values))
        if not known.size:
            return None
        return float(values[known[0]]), str(self._rows["unit"].iloc[int(positions[known[0]])])


def snapshot_at(observations: pd.DataFrame, at: datetime) -> pd.DataFrame:
    """The newest row per metric, scope and kind as of `at`, as SNAPSHOT; empty text where evidence is not joined.

    Newest is by observed_at, then recorded_at (a correction). Among carried figures the newest recorded counting rule
    wins: rows of an older rule are not mixed in, even where they were true later.
    """
    check_frame(observations, OBSERVATIONS, "observations")
    seen = observations[observations["observed_at"] <= as_moment(at)]
    ordered = _ordered(seen)
    groups = ordered.groupby(["metric", "scope", "kind"], sort=True).indices
    carried = _is_carried(ordered)
    picks = [_in_force(ordered, np.asarray(positions), carried)[-1] for positions in groups.values()]
    snapshot = ordered.iloc[picks].reset_index(drop=True)
    joined = {column: "" for column in SNAPSHOT if column not in snapshot.columns}
    return snapshot.assign(**joined)


def _rows_of(observations: pd.DataFrame, keys: Sequence[Key]) -> pd.DataFrame:
    """Measured and simulated rows that may belong to one of the keys."""
    wanted = observations["metric"].isin({metric for metric, _ in keys}).to_numpy()
    wanted = wanted & observations["scope"].isin({scope for _, scope in keys}).to_numpy()
    wanted = wanted & observations["kind"].isin(list(_RANK)).to_numpy()
    return observations if wanted.all() else observations[wanted]


def _positions_of(rows: pd.DataFrame) -> dict[Key, Positions]:
    """Where the rows of each metric and scope are, in their order; grouping with pandas takes twice as long."""
    metrics, scopes = (pd.factorize(rows[name]) for name in ("metric", "scope"))
    pair = _numbers_of(metrics[0], scopes[0])
    order = np.argsort(pair, kind="stable")
    ends = np.flatnonzero(np.diff(pair[order])) + 1
    groups = [places for places in np.split(order, ends) if len(places)]
    return {(str(metrics[1][metrics[0][one[0]]]), str(scopes[1][scopes[0][one[0]]])): one for one in groups}


def _numbers_of(metrics: Positions, scopes: Positions) -> Positions:
    """One number for each pair of codes."""
    return np.asarray(metrics * (int(scopes.max(initial=0)) + 1) + scopes)


def _texts_of(column: pd.Series) -> list[str]:
    """The cells as text; empty where there is none."""
    return [cell if isinstance(cell, str) else "" if pd.isna(cell) else str(cell) for cell in column.tolist()]


def _ordered(rows: pd.DataFrame) -> pd.DataFrame:
    """Oldest first by a total order, so that the order in which rows arrive changes nothing.

    Of two rows of one moment the measured one comes last (and so speaks), then the later recorded one, then the one
    that is known: an empty file beside a good one of the same build hides nothing. Where two known ones are level in
    all of that and differ, both are unknown: nobody knows which one is right.
    """
    rank, known = (rows["kind"] == "measured").to_numpy(), rows["value"].notna().to_numpy()
    times = [pd.DatetimeIndex(rows[name]).asi8 for name in ("recorded_at", "observed_at")]
    keys = (known, times[0], rank, times[1])  # the last one decides first
    order = np.lexsort(keys)
    in_order = rows if (np.diff(order) > 0).all() else rows.iloc[order]  # a copy of every column is most of the work
    # Sorting by text is slow (3 s for a million rows), and only rows that are level on all else need it.
    level = np.logical_and.reduce([key[order][1:] == key[order][:-1] for key in keys])
    if not level.any():
        return in_order
    pair = _numbers_of(*(pd.factorize(rows[name])[0] for name in ("metric", "scope")))
    by_pair = np.lexsort((*keys, pair))
    if not np.logical_and.reduce([key[by_pair][1:] == key[by_pair][:-1] for key in (*keys, pair)]).any():
        return in_order
    ranked = rows.assign(_rank=rank.astype("float64"), _known=known)
    ranked = ranked.sort_values(_ORDER, kind="stable")
    differ = ranked.groupby(["metric", "scope", *_ORDER[:3]])["value"].transform("nunique") > 1
    return ranked.assign(value=ranked["value"].mask(differ)).drop(columns=["_rank", "_known"])


def _is_carried(rows: pd.DataFrame) -> Positions:
    return (rows["source"].isin(CARRIED_SOURCES) & (rows["kind"] == "measured")).to_numpy()


def _in_force(rows: pd.DataFrame, positions: Positions, carried_rows: Positions) -> Positions:
    """For each row of one key (all at `positions`, in order), the position of the row that speaks once it is true.

    A row that is not carried speaks at once. A carried one only when its counting rule is the newest recorded so far.
    """
    carried = carried_rows[positions]
    if not carried.any():
        return positions
    rules, names = pd.factorize(rows["definition"].iloc[positions])
    if len(names) == 1:
        return positions
    places = np.arange(len(positions))
    recorded = rows["recorded_at"].iloc[positions].astype("int64").to_numpy()
    latest = np.maximum.accumulate(np.where(carried, recorded, np.iinfo("int64").min))
    newest = np.maximum.accumulate(np.where(carried & (recorded == latest), places, -1))
    spoken = np.maximum.accumulate(np.where(carried, -1, places))
    for rule in set(rules[carried].tolist()):
        last = np.maximum.accumulate(np.where(carried & (rules == rule), places, -1))
        spoken = np.where((newest >= 0) & (rules[newest] == rule), np.maximum(spoken, last), spoken)
    return positions[spoken]
