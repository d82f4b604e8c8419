"""`tminus forecast` on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from app.answers.types.forecast import CriterionForecast, FileForecastAnswer, ForecastAnswer
from app.command_line.terminal.console import make_console, make_table, note_simulated, when
from app.wording import forecast as words
from app.wording import text
from app.wording.forecast import (
    forecast_headline,
    holds_now,
    measured_headline,
    needed_lines,
    odds_within,
    part_headline,
)
from app.wording.numbers import odds, pace_amount
from app.wording.promised import assumed_sentence, promised_sentence, together_sentence
from app.wording.slip import slip_causes, slip_sentence
from app.wording.timelines import timeline_sentence
from app.wording.track_record import record_sentences
from app.wording.what_if import before_after, goal_sentence, what_if_notes, what_if_sentence


def show_forecast(answer: ForecastAnswer) -> None:
    """The sentence first, then the odds, then what each criterion needs."""
    console = make_console()
    _lead(console, answer)
    _asides(console, answer)
    if any(part["outcome"] != "not_enough_evidence" for part in answer["criteria"]):
        console.print()
        console.print(_crossings_table(answer))
    _listed(console, "Missing for GO, and what measures it", needed_lines(answer))
    _listed(
        console,
        "Why this date" if answer["outcome"] in ("dated", "holds") else "Why there is no date",
        words.lines(words.further_reasons(answer)),
    )
    _listed(
        console,
        "Claimed timelines",
        [timeline_sentence(claim) for claim in answer.get("timelines", [])],
    )
    console.print(f"\n[dim]{escape(' '.join(record_sentences(answer['track_record'])))}[/]")
    if why := answer.get("not_kept"):
        console.print(f"[yellow]Note:[/] this forecast is not kept, so it will not be scored: {escape(why)}")


def _lead(console: Console, answer: ForecastAnswer) -> None:
    """The promised day, the dates with their odds, and why there are none or why GO is the latest."""
    console.print()
    for sentence in filter(None, (promised_sentence(answer), forecast_headline(answer))):
        console.print(f"[bold]{escape(sentence)}[/]")
    note_simulated(console, simulated=answer["simulated"])
    if answer["because"]:
        console.print(f"[dim]{escape(text.sentence(answer['because']))}[/]")
    if answer["outcome"] == "not_enough_evidence" and answer["readiness"]["outcome"] != "not_enough_evidence":
        console.print(escape(part_headline("Readiness alone", answer["readiness"], answer["horizon_days"])))
    if headline := measured_headline(answer):
        console.print(f"[bold]{escape(headline)}[/]")
    for together in filter(None, (together_sentence(answer), assumed_sentence(answer))):
        console.print(escape(together))


def _listed(console: Console, heading: str, sentences: Sequence[str]) -> None:
    """A list with its heading, or nothing."""
    if not sentences:
        return
    console.print(f"\n[bold]{heading}[/]")
    for sentence in sentences:
        console.print(f"  {escape(sentence)}")


def _asides(console: Console, answer: ForecastAnswer) -> None:
    """What was asked beside the date: it comes before the rest."""
    if "what_if" in answer:
        console.print(f"\n[bold]What if[/]\n  {escape(what_if_sentence(answer, answer['what_if']))}")
        table = make_table("", "without changes", "in the scenario")
        for what, before, after in before_after(answer, answer["what_if"]):
            table.add_row(f"  {what}", before, after)
        console.print(table)
        for note in words.lines(what_if_notes(answer["what_if"])):
            console.print(f"  [dim]{escape(note)}[/]")
    if "goal" in answer:
        goal = goal_sentence(answer["goal"], imagined="what_if" in answer)
        console.print(f"\n[bold]What must be true[/]\n  {escape(goal)}")
    if "slip" in answer:
        console.print(f"\n[bold]What changed[/]\n  {escape(slip_sentence(answer['slip']))}")
        table = make_table("", "", right=("",))
        for cause, _, moved in slip_causes(answer["slip"]):
            table.add_row(f"  {moved}", escape(cause))
        console.print(table)


def _crossings_table(answer: ForecastAnswer) -> Table:
    right = ("per week, seen", "needed")
    table = make_table("criterion", "50% chance by", "80% chance by", "within a year", *right, right=right)
    for part in answer["criteria"]:
        table.add_row(
            escape(part["title"]),
            _quantile(part, "p50"),
            _quantile(part, "p80"),
            odds(odds_within(part, 365)),
            pace_amount(part["pace_seen"], part["unit"]),
            pace_amount(part["pace_needed"], part["unit"]),
        )
    return table


def _quantile(part: CriterionForecast, name: Literal["p50", "p80"]) -> str:
    if part["outcome"] == "not_enough_evidence":
        return "too little evidence"
    if holds_now(part):
        return "holds now"
    if part["outcome"] == "not_at_this_rate":
        return "not at this rate"
    day = part["quantiles"][name]
    return when(day) if day else "beyond horizon"


def show_file_forecast(answer: FileForecastAnswer) -> None:
    """The forecast of one series from a file."""
    console = make_console()
    subject = f"{'≥' if answer['direction'] == 'higher' else '≤'} {answer['threshold']:g}"
    console.print(f"[bold]{escape(part_headline(subject, answer, answer['horizon_days']))}[/]")
    if answer["because"]:
        console.print(f"[dim]{escape(text.sentence(answer['because']))}[/]")
    for sentence in answer["drivers"]:
        console.print(f"  {escape(sentence)}")
    table = make_table("by", "odds", right=("odds",))
    for row in answer["probability_by"]:
        table.add_row(when(row["date"]), odds(row["probability"]))
    if answer["probability_by"]:
        console.print(table)
