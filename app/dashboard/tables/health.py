"""What the Data health page shows: sources with their last pull, failures, warnings, and what is stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

import pandas as pd

from app.answers.types.status import CriterionAnswer, StatusAnswer
from app.dashboard.markup.bars import week_strip
from app.dashboard.markup.links import Links
from app.dashboard.markup.tags import Drawn, Linked
from app.dashboard.tables import common as frames
from app.wording import numbers
from app.wording.numbers import number
from app.wording.status import UNKNOWN_STATES
from app.wording.text import age, count, count_of, counts, day

STRIP_WEEKS = 52


def source_rows(runs: pd.DataFrame, at: datetime) -> pd.DataFrame:
    """One row per source: its last pull, and what it brought."""
    columns = ["Source", "Last pull", "Age", "State", "Values added", "Read", "Warnings"]
    rows = []
    for name, of_source in runs.groupby("source", sort=False):
        last = of_source.iloc[0]
        rows.append(
            {
                "Source": name,
                "Last pull": _clock(last["started_at"]),
                "Age": _age(last["started_at"], at),
                "State": "✓ read" if last["status"] == "ok" else "✗ failed",
                "Values added": number(float(of_source["rows_added"].sum()), 0),
                "Read": _counts(last["counts"]),
                "Warnings": str(len(json.loads(last["warnings"] or "[]"))),
            }
        )
    return pd.DataFrame(rows, columns=columns)


def _clock(at: datetime) -> str:
    return f"{day(at)} {at:%H:%M}"


def _counts(text: str) -> str:
    return counts(json.loads(text or "{}"))


def failure_rows(runs: pd.DataFrame) -> pd.DataFrame:
    """The pulls that failed, newest first, with the line that says why."""
    failed = runs[runs["status"] != "ok"]
    return pd.DataFrame(
        {
            "Source": failed["source"],
            "When": [_clock(at) for at in failed["started_at"]],
            "Why, and what to do": failed["error"],
        }
    )


def warning_rows(runs: pd.DataFrame) -> pd.DataFrame:
    """The warnings of the last pull of each source."""
    newest = runs.drop_duplicates("source")
    rows = [(row.source, warning) for row in newest.itertuples() for warning in json.loads(str(row.warnings) or "[]")]
    return pd.DataFrame(rows, columns=["Source", "Warning"])


def stored_rows(stored: pd.DataFrame, at: datetime) -> pd.DataFrame:
    """Every series in the warehouse, with how many of its points are unknown and how old the newest is."""
    return pd.DataFrame(
        {
            "Metric": stored["metric"],
            "Scope": stored["scope"],
            "Kind": stored["kind"],
            "Values": stored["points"],
            "Unknown": stored["points"] - stored["known"],
            "First": [day(moment) for moment in stored["first_at"]],
            "Last": [day(moment) for moment in stored["last_at"]],
            "Age": [_age(moment, at) for moment in stored["last_at"]],
        }
    )


def gap_rows(history: pd.DataFrame, criteria: Mapping[str, CriterionAnswer], links: Links) -> pd.DataFrame:
    """Measured criteria without a fresh value for some weeks, the longest first."""
    known = history[history["criterion"].isin([name for name, c in criteria.items() if c["metric"]])]
    is_gap = known["state"].isin(UNKNOWN_STATES)
    weeks = is_gap.groupby(known["criterion"]).agg(["sum", "count"])
    weeks = weeks[weeks["sum"] > 0].sort_values("sum", ascending=False)
    rows = [
        {
            "Criterion": Linked(criteria[name]["title"], links.criterion(name)),
            "Weeks, oldest first": _strip(criteria[name]["title"], is_gap[known["criterion"] == name], missing, total),
            "Weeks without": f"{missing} of {total}",
            "Now": frames.state(criteria[name]),
        }
        for name, missing, total in weeks.itertuples()
    ]
    return pd.DataFrame(rows, columns=["Criterion", "Weeks, oldest first", "Weeks without", "Now"])


def _strip(title: str, gaps: pd.Series, missing: int, total: int) -> Drawn:
    """The last weeks as a strip, those without a value hollow."""
    shown = [bool(gap) for gap in gaps][-STRIP_WEEKS:]
    words = f"{title}: no fresh value in {missing} of {count(total, 'week')}"
    return Drawn(words, week_strip(shown, words))


def _age(moment: pd.Timestamp, at: datetime) -> str:
    days = (at - moment).total_seconds() / 86400
    return "after this day" if days < 0 else age(days)


def sentence(sources: pd.DataFrame, status: StatusAnswer) -> str:
    """How many sources were read, and how much is measured, in one sentence."""
    failed = int((sources["State"] != "✓ read").sum())
    read = f"{count(failed, 'source')} of {len(sources)} failed" if failed else f"{count(len(sources), 'source')} read"
    unknown = len(frames.unmeasured_rows(status))
    gaps = (
        f"{count_of(unknown, 'criterion lacks', 'criteria lack')} fresh evidence" if unknown else "nothing is unknown"
    )
    share = f"{numbers.share(status['readiness']['known_weight'])} of the weight is measured"
    return f"{read}; {share}; {gaps}."


def signed_rows(acts: pd.DataFrame | None) -> pd.DataFrame:
    """The acts of people who signed in, newest first: when, who, as what, what, and the subject of the token."""
    columns = ["When", "Who", "Role", "What", "Subject"]
    if acts is None or acts.empty:
        return pd.DataFrame(columns=columns)
    newest = acts.sort_values("recorded_at", ascending=False, kind="stable")
    details = [json.loads(text) for text in newest["details"]]
    values = [
        newest["happened_at"].dt.strftime("%Y-%m-%d %H:%M UTC"),
        newest["by"],
        [one.get("role", "") for one in details],
        newest["id"],
        [f"{one.get('subject', '')} at {one.get('issuer', '')}" for one in details],
    ]
    return pd.DataFrame(dict(zip(columns, map(list, values), strict=True)))
