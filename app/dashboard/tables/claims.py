"""Tables and sentences about claims."""

from __future__ import annotations

import pandas as pd

from app.dashboard.markup.links import Links
from app.dashboard.markup.tags import Linked
from app.wording.numbers import number
from app.wording.text import count, day, shorten
from models.claims import most_contradictory_day


def is_percent_claim(metric: str, value: float | None) -> bool:
    """Whether a claim gives readiness as a percentage."""
    return metric == "readiness_claim_percent" and value is not None and not pd.isna(value)


def percent_claims(claims: pd.DataFrame) -> list[bool]:
    """For each row of a frame of claims whether it gives readiness as a percentage."""
    return [is_percent_claim(metric, value) for metric, value in zip(claims["metric"], claims["value"], strict=True)]


def claims_sentence(percent: pd.DataFrame, amount: int) -> str:
    """The day on which documents contradicted each other most, beside the evidence of its week."""
    claimed = most_contradictory_day(percent)
    if claimed is None:
        return f"{count(amount, 'claim')}, none of them a percentage of readiness."
    if len(percent) == 1:
        return f"One readiness claim: {number(claimed.highest)}% on {day(claimed.day)}."
    if claimed.values == 1:
        return f"{count(len(percent), 'readiness claim')}, none that contradicts another of its day."
    lowest, highest = f"{number(claimed.lowest)}%", f"{number(claimed.highest)}%"
    if claimed.values == 2:
        claims = f"{lowest} and {highest} readiness"
    else:
        claims = f"{claimed.values} different values of readiness, from {lowest} to {highest}"
    evidence = "" if claimed.evidence is None else f"; the evidence of that week shows {number(claimed.evidence)}"
    return f"On {day(claimed.day)} documents claimed {claims}{evidence}."


def claims_table(claims: pd.DataFrame, kind: str, links: Links) -> pd.DataFrame:
    """The claims of one kind for reading."""
    is_percent = percent_claims(claims)
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
            "Quote": [shorten(text, 160) for text in rows["text"]],
            "Place": _places(rows, links),
            "In the newest commit": rows["in_newest_commit"],
            "Author": [Linked(name, links.author(name) if name else "") for name in rows["author"]],
            "Commit": [Linked(name[:10], links.commit(name)) for name in rows["commit"]],
        }
    )


def _places(rows: pd.DataFrame, links: Links) -> list[Linked]:
    cells = zip(rows["place"], rows["path"], rows["commit"], rows["line"], strict=True)
    lines = ((place, path, commit, None if pd.isna(line) else int(line)) for place, path, commit, line in cells)
    return [Linked(place, links.file(path, commit, line)) for place, path, commit, line in lines]
