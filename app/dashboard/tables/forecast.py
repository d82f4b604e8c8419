"""What the forecast's charts and tables show: the target, the odds, the paces, the kept forecasts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pandas as pd

from app.answers.types.forecast import CriterionForecast, JointForecastAnswer, SlipAnswer, TimelineAnswer
from app.answers.types.status import CriterionAnswer
from app.dashboard.markup.bars import odds_bar
from app.dashboard.markup.links import Links
from app.dashboard.markup.pictures import Dot
from app.dashboard.markup.tags import Drawn, Linked
from app.dashboard.tables import common as frames
from app.wording import forecast as forecast_words
from app.wording.forecast import holds_now, odds_within
from app.wording.numbers import number, odds, pace_amount
from app.wording.slip import slip_causes
from app.wording.text import when
from app.wording.timelines import timeline_odds

# Names of the forecast events, in frames and in the legends of the charts.
GO_EVENT, READINESS_EVENT, CHANGED_EVENT = "GO: every rule holds", "readiness alone", "GO in the scenario"
NO_BREAK = "\u2011"  # a hyphen at which no line ends
TOO_LITTLE = "too little evidence"
SETTLED = 0.01  # odds this close to their last value are not drawn


def target_days(forecast: JointForecastAnswer) -> pd.DataFrame:
    """The days on which the target is forecast to be reached: a bar a level, and the 50% and 80% days by name.

    None where it is reached already: the line itself shows that.
    """
    part, columns = forecast["readiness"], ["at", "until", "target", "level", "name", "side"]
    if part["outcome"] != "dated" or holds_now(part):
        return pd.DataFrame(columns=columns)
    dates, target = part["quantiles"], forecast["target"]
    days = {name: pd.Timestamp(str(day), tz="UTC") for name, day in dates.items() if day}
    bands = [("p10", "p90"), ("p25", "p75")] if "p75" in days else [("p10", "p50")]
    rows = [
        (days[early], days[late], target, f"{early}-{late}", "", "")
        for early, late in bands
        if early in days and late in days
    ]
    rows += [
        (days[key], days[key], target, "", f"readiness alone, {odds_text}: {when(day)}", side)
        for key, day, odds_text, side in (("p50", dates["p50"], "50%", "lower"), ("p80", dates["p80"], "80%", "upper"))
        if key in days
    ]
    return pd.DataFrame(rows, columns=columns)


def odds_rows(forecast: JointForecastAnswer) -> pd.DataFrame:
    """The curves of the odds from today on, as far as they still change."""
    rows = []
    for event, part in ((GO_EVENT, forecast["go"]), (READINESS_EVENT, forecast["readiness"])):
        for point in part["probability_by"]:
            chance = point["probability"]
            rows.append((pd.Timestamp(point["date"], tz="UTC"), chance, event, odds(chance)))
    frame = pd.DataFrame(rows, columns=["at", "probability", "event", "label"])
    if frame.empty:
        return frame
    final = frame.groupby("event")["probability"].transform("last")
    moving = frame.loc[(final - frame["probability"]).abs() > SETTLED, "at"]
    later = frame.loc[frame["at"] > moving.max(), "at"] if len(moving) else frame["at"]
    return frame[frame["at"] <= later.min()] if len(later) and len(moving) else frame


def pace_rows(forecast: JointForecastAnswer, criteria: Mapping[str, CriterionAnswer], links: Links) -> pd.DataFrame:
    """The forecast of each factor that is still open: its dates and odds, pace seen beside pace needed."""
    parts = [part for part in forecast["criteria"] if part["id"] in criteria and not _holds(part, criteria)]
    return pd.DataFrame([_pace_row(part, criteria[part["id"]], links) for part in parts])


def _pace_row(part: CriterionForecast, criterion: CriterionAnswer, links: Links) -> dict[str, object]:
    dates = part["quantiles"]
    waived = " (waived)" if criterion["state"] == "waived" else ""
    title = Linked(f"{criterion['title']}{waived}", links.criterion(criterion["id"]))
    row: dict[str, object] = {"Factor": title, "Now, needs": frames.now_and_needs(criterion)}
    if part["outcome"] == "not_enough_evidence":
        return {**row, "50% by": TOO_LITTLE, "80% by": "–", "In 6 months": "–", "Pace a week: now, needed": "–"}
    seen, needed = (pace_amount(pace, criterion["unit"]) for pace in (part["pace_seen"], part["pace_needed"]))
    return {
        **row,
        "50% by": when(dates["p50"], "no date"),
        "80% by": when(dates["p80"], "no date"),
        "In 6 months": odds_cell(odds_within(part, 182)),
        "Pace a week: now, needed": f"{seen}, {needed}",
    }


def held_rows(forecast: JointForecastAnswer, criteria: Mapping[str, CriterionAnswer], links: Links) -> pd.DataFrame:
    """The factors that hold now, and the odds that they stay."""
    parts = [part for part in forecast["criteria"] if part["id"] in criteria and _holds(part, criteria)]
    return pd.DataFrame([_held_row(part, criteria[part["id"]], links) for part in parts])


def _holds(part: CriterionForecast, criteria: Mapping[str, CriterionAnswer]) -> bool:
    """Whether a factor holds now, be its history long enough for odds or not."""
    return holds_now(part) or criteria[part["id"]]["state"] == "passing"


def _held_row(part: CriterionForecast, criterion: CriterionAnswer, links: Links) -> dict[str, object]:
    return {
        "Factor": Linked(criterion["title"], links.criterion(criterion["id"])),
        "Now": frames.value(criterion),
        "Needs": frames.wanted(criterion),
        "Holds for": forecast_words.held_for(part),
        "Odds to stay": TOO_LITTLE if part["outcome"] == "not_enough_evidence" else odds_cell(odds_within(part, 182)),
    }


def odds_cell(probability: float | None) -> Drawn:
    """A chance as a bar with its words."""
    words = odds(probability)
    return Drawn(words, odds_bar(probability, words))


def timeline_dots(claims: Sequence[TimelineAnswer]) -> list[tuple[str, list[Dot]]]:
    """One row a document: hollow where it was claimed, filled at the day that it named (red where GO did not hold)."""
    tones = {None: "claim", True: "good", False: "bad"}
    return [
        (
            claim["path"],
            [Dot(_moment(claim["at"]), "claim"), Dot(_moment(claim["by"]), tones[claim["came"]])],
        )
        for claim in claims
    ]


def _moment(text: str) -> datetime:
    """The day of an ISO date or time, at noon UTC: a mark needs no zone."""
    return datetime.fromisoformat(text[:10]).replace(hour=12, tzinfo=UTC)


def slip_rows(slip: SlipAnswer) -> pd.DataFrame:
    """The causes of a moved date for the chart; what makes it later is a loss, as are odds that fall."""
    worse = 1 if slip["unit"] == "days" else -1
    rows = [
        (name, change, words, "loss" if change * worse > 0 else "gain") for name, change, words in slip_causes(slip)
    ]
    return pd.DataFrame(rows, columns=["name", "points", "label", "direction"])


def timeline_rows(claims: Sequence[TimelineAnswer]) -> pd.DataFrame:
    """Claimed timelines beside the odds of their day and the state when they were over."""
    return pd.DataFrame([_timeline_row(claim) for claim in claims])


def _timeline_row(claim: TimelineAnswer) -> dict[str, str]:
    readiness = "–" if claim["readiness"] is None else number(claim["readiness"])
    ended = {None: "still to come", True: "✓ GO held", False: f"✗ no GO, readiness {readiness}"}[claim["came"]]
    return {
        "Claimed on": when(claim["at"]),
        "Claim": f"{claim['says'].replace('-', NO_BREAK)}, so by {when(claim['by'])}",
        "Odds by that day's evidence": timeline_odds(claim),
        "When it was over": ended,
        "Place": f"{claim['path']}{frames.line_words(claim['line'])}",
    }


def kept_about(is_sample: bool) -> str:
    """Which forecasts are kept."""
    rule = (
        "The first forecast of each day that this page, the Weekly review or `tminus forecast` shows is kept, "
        "and scored when its dates have passed. A forecast for a past day is not kept."
    )
    return f"{rule} This is a sample with a fixed clock: its pages keep nothing." if is_sample else rule


def kept_rows(kept: pd.DataFrame) -> pd.DataFrame:
    """The kept forecasts of GO that named dates: at, p50, p80."""
    rows = kept[(kept["subject"] == "go") & (kept["outcome"] == "dated")]
    dates = [json.loads(answer)["quantiles"] for answer in rows["answer"]]
    frame = pd.DataFrame(
        {"at": rows["origin"].to_numpy(), "p50": [d["p50"] for d in dates], "p80": [d["p80"] for d in dates]}
    )
    frame = frame.dropna()
    return frame.assign(p50=pd.to_datetime(frame["p50"], utc=True), p80=pd.to_datetime(frame["p80"], utc=True))


def target_steps(targets: Sequence[tuple[datetime, float]], start: datetime, end: datetime) -> pd.DataFrame:
    """The target over time, so that a chart steps where it was changed."""
    rows = [(max(since, start), target) for since, target in targets if since <= end]
    rows = rows or [(start, targets[0][1])]
    rows = [(start, rows[0][1]), *rows, (end, rows[-1][1])]
    frame = pd.DataFrame(rows, columns=["at", "target"])
    return frame.assign(at=pd.to_datetime(frame["at"], utc=True), name=f"target {rows[0][1]:g}")


def simulated_span(since: datetime | None, end: datetime) -> pd.DataFrame:
    """The weeks that are simulated, as one stretch; empty when there are none."""
    if since is None or since > end:
        return pd.DataFrame(columns=["at", "end"])
    return pd.DataFrame({"at": [pd.Timestamp(since - timedelta(days=1))], "end": [pd.Timestamp(end)]})
