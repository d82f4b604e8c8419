"""Tables and sentences about claims."""

from __future__ import annotations

import numpy as np
import pandas as pd

from app.dashboard.sentences import Answer
from app.wording.numbers import number
from app.wording.text import count, day, shorten


def is_percent_claim(claim: Answer) -> bool:
    """Whether a claim is a figure of readiness."""
    return claim["metric"] == "readiness_claim_percent" and claim["value"] is not None and not pd.isna(claim["value"])


def claims_sentence(percent: pd.DataFrame, amount: int) -> str:
    """The day on which documents contradicted each other most, beside the evidence of its week."""
    if percent.empty:
        return f"{count(amount, 'claim')}, none of them a readiness figure."
    if len(percent) == 1:
        return _single(percent)
    at, told = max(percent.groupby("day")["value"], key=lambda pair: (pair[1].nunique(), float(np.ptp(pair[1]))))
    if told.nunique() == 1:
        return f"{count(len(percent), 'readiness claim')}, none that contradicts another of its day."
    shown = percent.loc[told.index, "readiness"].dropna()
    evidence = f"; the evidence of that week shows {number(shown.iloc[0])}" if len(shown) else ""
    many = "" if told.nunique() == 2 else f"{told.nunique()} different figures of "
    ends = f"{'from ' if many else ''}{number(told.min())}% {'to' if many else 'and'} {number(told.max())}%"
    claimed = f"{many}readiness, {ends}" if many else f"{ends} readiness"
    return f"On {day(pd.Timestamp(str(at)))} documents claimed {claimed}{evidence}."


def _single(percent: pd.DataFrame) -> str:
    row = percent.iloc[0]
    return f"One readiness claim: {number(row['value'])}% on {day(row['day'])}."


def claims_table(claims: pd.DataFrame, kind: str) -> pd.DataFrame:
    """The claims of one kind for reading."""
    is_percent = [
        is_percent_claim({"metric": m, "value": v}) for m, v in zip(claims["metric"], claims["value"], strict=True)
    ]
    picks = {
        "all": [True] * len(claims),
        "percent": is_percent,
        "words": list(claims["value"].isna()),
        "other": [not p and not pd.isna(v) for p, v in zip(is_percent, claims["value"], strict=True)],
    }
    rows = claims[picks[kind]]
    return pd.DataFrame(
        {
            "Day": [day(at) for at in rows["day"]],
            "Claims": rows["says"],
            "Evidence that week": [number(value) for value in rows["readiness"]],
            "In its words": [shorten(text, 160) for text in rows["text"]],
            "Place": rows["place"],
            "In the newest commit": rows["stands"],
            "Author": rows["author"],
            "Commit": rows["commit"],
        }
    )
