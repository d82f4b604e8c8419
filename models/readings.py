"""Which row of the observations speaks for a metric and scope at a moment."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from models.frames import OBSERVATIONS, SNAPSHOT, check_frame
from models.plan import Criterion, Plan

# Figures of these sources are facts about the tree: they hold, exactly, until the next commit changes them. So they
# carry forward and never go stale, however long nobody committed.
CARRIED_SOURCES = frozenset({"git", "tree"})

Key = tuple[str, str]
_RANK = {"measured": 1, "simulated": 0}
_ORDER = ["observed_at", "_rank", "recorded_at", "_known", "definition", "evidence", "commit", "value"]


@dataclass(frozen=True, slots=True)
class Reading:
    """One observation, as a criterion reads it. `value` is NaN when the figure is unknown; `reason` says why."""

    value: float
    reason: str
    unit: str
    kind: str
    observed_at: pd.Timestamp
    recorded_at: pd.Timestamp
    commit: str
    source: str
    definition: str
    locator: str = ""
    sha256: str = ""
    tool: str = ""

    @property
    def is_carried(self) -> bool:
        return self.source in CARRIED_SOURCES and self.kind == "measured"


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
    """All measured and simulated rows of the wanted keys in the order in which they came to hold."""

    def __init__(self, observations: pd.DataFrame, keys: Sequence[Key]) -> None:
        check_frame(observations, OBSERVATIONS, "observations")
        self._rows = {key: _ordered(rows) for key, rows in _rows_by_key(observations, keys).items()}
        self._in_force = {key: _in_force(rows) for key, rows in self._rows.items()}

    def rows(self, key: Key) -> pd.DataFrame | None:
        """The rows of one key, oldest first."""
        return self._rows.get(key)

    def at(self, key: Key, moments: pd.DatetimeIndex) -> list[Reading | None]:
        """The reading in force at each moment; None before the first row."""
        rows = self._rows.get(key)
        if rows is None:
            return [None] * len(moments)
        stops = pd.DatetimeIndex(rows["observed_at"]).searchsorted(moments, side="right") - 1
        picks = np.where(stops >= 0, self._in_force[key][np.maximum(stops, 0)], -1)
        made = {pick: reading_of(rows.iloc[pick].to_dict()) for pick in set(picks.tolist()) if pick >= 0}
        return [made.get(pick) for pick in picks.tolist()]

    def readings(self, at: pd.Timestamp) -> dict[Key, Reading]:
        """The reading in force of every key that has one."""
        found = {key: self.at(key, pd.DatetimeIndex([at]))[0] for key in self._rows}
        return {key: reading for key, reading in found.items() if reading is not None}

    def first_value(self, key: Key) -> tuple[float, str] | None:
        """The earliest known value with its unit; the newest recording of that moment speaks."""
        rows = self._rows.get(key)
        if rows is None:
            return None
        last_of_moment = rows.drop_duplicates("observed_at", keep="last")
        known = last_of_moment[last_of_moment["value"].notna()]
        return None if known.empty else (float(known["value"].iloc[0]), str(known["unit"].iloc[0]))


def snapshot_at(observations: pd.DataFrame, at: datetime) -> pd.DataFrame:
    """The newest row per metric, scope and kind as of `at`, as SNAPSHOT; empty text where evidence is not joined.

    Newest is by observed_at, then recorded_at (a correction). Among carried figures the newest recorded counting rule
    wins: rows of an older rule are not mixed in, even where they were true later.
    """
    check_frame(observations, OBSERVATIONS, "observations")
    seen = observations[observations["observed_at"] <= as_moment(at)]
    ordered = _ordered(seen)
    groups = ordered.groupby(["metric", "scope", "kind"], sort=True).indices
    picks = [positions[_in_force(ordered.iloc[positions])[-1]] for positions in groups.values()]
    snapshot = ordered.iloc[picks].reset_index(drop=True)
    joined = {column: "" for column in SNAPSHOT if column not in snapshot.columns}
    return snapshot.assign(**joined)


def reading_of(row: Mapping[Hashable, object]) -> Reading:
    names = [name for name in Reading.__dataclass_fields__ if name not in ("value", "observed_at", "recorded_at")]
    value = row["value"]
    return Reading(
        value=float(value) if isinstance(value, float) else float("nan"),
        observed_at=pd.Timestamp(str(row["observed_at"])),
        recorded_at=pd.Timestamp(str(row["recorded_at"])),
        **{name: _text(row.get(name)) for name in names},
    )


def _text(found: object) -> str:
    return found if isinstance(found, str) else ""


def _rows_by_key(observations: pd.DataFrame, keys: Sequence[Key]) -> dict[Key, pd.DataFrame]:
    wanted = set(keys)
    kept = observations["metric"].isin({metric for metric, _ in keys})
    rows = observations[kept]
    rows = rows[rows["scope"].isin({scope for _, scope in keys}) & rows["kind"].isin(list(_RANK))]
    groups = rows.groupby(["metric", "scope"], sort=False).indices
    return {key: rows.iloc[positions] for key, positions in groups.items() if key in wanted}


def _ordered(rows: pd.DataFrame) -> pd.DataFrame:
    """Oldest first by a total order, so that the order in which rows arrive changes nothing.

    Of two rows of one moment the measured one comes last (and so speaks), then the later recorded one, then the one
    that is known: an empty file beside a good one of the same build hides nothing.
    """
    ranked = rows.assign(_rank=rows["kind"].map(_RANK).fillna(0), _known=rows["value"].notna())
    # Sorting by text is slow (3 s for a million rows), and only rows that are level on all else need it.
    has_ties = bool(ranked.duplicated(["metric", "scope", *_ORDER[:4]]).any())
    ordered = ranked.sort_values(_ORDER if has_ties else _ORDER[:4], kind="stable")
    return ordered.drop(columns=["_rank", "_known"])


def _in_force(rows: pd.DataFrame) -> np.ndarray:
    """For each row of one key, the position of the row that speaks once this one is true.

    A row that is not carried speaks at once. A carried one only when its counting rule is the newest recorded so far.
    """
    positions = np.arange(len(rows))
    carried = (rows["source"].isin(CARRIED_SOURCES) & (rows["kind"] == "measured")).to_numpy()
    rules, _ = pd.factorize(rows["definition"])
    if not carried.any() or len(set(rules[carried].tolist())) == 1:
        return positions
    recorded = rows["recorded_at"].astype("int64").to_numpy()
    latest = np.maximum.accumulate(np.where(carried, recorded, np.iinfo("int64").min))
    newest = np.maximum.accumulate(np.where(carried & (recorded == latest), positions, -1))
    spoken = np.maximum.accumulate(np.where(carried, -1, positions))
    for rule in set(rules[carried].tolist()):
        last = np.maximum.accumulate(np.where(carried & (rules == rule), positions, -1))
        spoken = np.where((newest >= 0) & (rules[newest] == rule), np.maximum(spoken, last), spoken)
    return spoken
