"""A change against its base, as text."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from app.answers.types.change import MarkerAnswer, RatchetAnswer
from app.command_line.terminal.console import make_table
from app.wording.change.ratchet import OUTCOME_SIGNS, before_after, outcome_text, proposal_text, ratchet_sentence
from app.wording.text import shorten

_STYLES = {"better": "green", "worse": "red", "tolerated": "yellow", "not_comparable": "yellow", "not_measured": "dim"}
_MOST_MARKERS = 20


def show_ratchet(console: Console, answer: RatchetAnswer) -> None:
    """The result first, then each criterion, the new markers, and what the plan could hold."""
    style = {0: "green", 1: "red"}.get(answer["exit_code"], "yellow")
    console.print(f"[bold {style}]{escape(ratchet_sentence(answer))}[/]")
    for note in answer["notes"]:
        console.print(f"[yellow]{escape(note)}[/]")
    table = make_table("", "criterion", "base → change", "")
    for one in answer["criteria"]:
        shown = _STYLES.get(one["outcome"], "")
        words = escape(outcome_text(one))
        sign = OUTCOME_SIGNS[one["outcome"]]
        both = "" if one["outcome"] == "not_measured" else escape(before_after(one))
        table.add_row(sign, escape(one["title"]), both, f"[{shown}]{words}[/]" if shown else words)
    console.print(table)
    _markers(console, answer["opened"])
    for one in answer["criteria"]:
        if one["proposed_threshold"] is not None:
            console.print(f"The plan could hold what was gained: {escape(proposal_text(one))}")
    console.print()


def _markers(console: Console, opened: list[MarkerAnswer]) -> None:
    for marker in opened[:_MOST_MARKERS]:
        place = f"{marker['path']}:{marker['line']}"
        console.print(escape(f"+ {place}  {marker['label']} {shorten(marker['text'], 80)}"))
    if len(opened) > _MOST_MARKERS:
        console.print(f"+ and {len(opened) - _MOST_MARKERS} more markers")
