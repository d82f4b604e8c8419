"""What the Data health page shows: sources with their last pull, failures, warnings, and what is stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pandas as pd

from app.dashboard.tables import common as frames
from app.wording import numbers
from app.wording.numbers import number
from app.wording.status import UNKNOWN_STATES
from app.wording.text import age, count, count_of, counts, day


def source_rows(runs: pd.DataFrame, at: datetime) -> pd.DataFrame:
    """One row a source: its last pull, and what it brought."""
    columns = ["Source", "Last pull", "Age", "State", "Figures added", "Read", "Warnings"]
    rows = []
    for name, of_source in runs.groupby("source", sort=False):
        last = of_source.iloc[0]
        rows.append(
            {
                "Source": name,
                "Last pull": f"{last['started_at']:%Y-%m-%d %H:%M}",
                "Age": _age(last["started_at"], at),
                "State": "✓ read" if last["status"] == "ok" else "✗ failed",
                "Figures added": number(float(of_source["rows_added"].sum()), 0),
                "Read": _counts(last["counts"]),
                "Warnings": str(len(json.loads(last["warnings"] or "[]"))),
            }
        )
    return pd.DataFrame(rows, columns=columns)


def _counts(text: str) -> str:
    return counts(json.loads(text or "{}"))


def failure_rows(runs: pd.DataFrame) -> pd.DataFrame:
    """The pulls that failed, newest first, with the line that says why."""
    failed = runs[runs["status"] != "ok"]
    return pd.DataFrame(
        {
            "Source": failed["source"],
            "When": [f"{at:%Y-%m-%d %H:%M}" for at in failed["started_at"]],
            "Why, and what to do": failed["error"],
        }
    )


def warning_rows(runs: pd.DataFrame) -> pd.DataFrame:
    """The warnings of the last pull of each source."""
    newest = runs.drop_duplicates("source")
    told = [(row.source, warning) for row in newest.itertuples() for warning in json.loads(str(row.warnings) or "[]")]
    return pd.DataFrame(told, columns=["Source", "Warning"])


def stored_rows(stored: pd.DataFrame, at: datetime) -> pd.DataFrame:
    """Every series in the warehouse, with how many of its points are unknown and how old the newest is."""
    return pd.DataFrame(
        {
            "Metric": stored["metric"],
            "Scope": stored["scope"],
            "Kind": stored["kind"],
            "Figures": stored["points"],
            "Unknown": stored["points"] - stored["known"],
            "First": [day(moment) for moment in stored["first_at"]],
            "Last": [day(moment) for moment in stored["last_at"]],
            "Age": [_age(moment, at) for moment in stored["last_at"]],
        }
    )


def gap_rows(history: pd.DataFrame, criteria: Mapping[str, Any]) -> pd.DataFrame:
    """Measured criteria that went without a fresh figure for some weeks, the longest first."""
    known = history[history["criterion"].isin([name for name, c in criteria.items() if c["metric"]])]
    is_gap = known["state"].isin(UNKNOWN_STATES)
    weeks = is_gap.groupby(known["criterion"]).agg(["sum", "count"])
    weeks = weeks[weeks["sum"] > 0].sort_values("sum", ascending=False)
    told = [
        {
            "Criterion": criteria[name]["title"],
            "Weeks without": f"{missing} of {total}",
            "Now": frames.state(criteria[name]),
        }
        for name, missing, total in weeks.itertuples()
    ]
    return pd.DataFrame(told, columns=["Criterion", "Weeks without", "Now"])


def _age(moment: pd.Timestamp, at: datetime) -> str:
    days = (at - moment).total_seconds() / 86400
    return "after this day" if days < 0 else age(days)


def sentence(sources: pd.DataFrame, status: Mapping[str, Any]) -> str:
    """How well the figures are founded, in one sentence."""
    failed = int((sources["State"] != "✓ read").sum())
    told = (
        f"{count(len(sources), 'source')} read" if not failed else f"{count(failed, 'source')} of {len(sources)} failed"
    )
    unknown = len(frames.unmeasured_rows(status))
    gaps = (
        f"{count_of(unknown, 'criterion lacks', 'criteria lack')} fresh evidence" if unknown else "nothing is unknown"
    )
    share = f"fresh figures speak for {numbers.share(status['readiness']['known_weight'])} of the weight"
    return f"{told}; {share}; {gaps}."
