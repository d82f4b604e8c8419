"""`tminus checklist` and `tminus init --update` on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape

from app.answers.types.collect import ChecklistAnswer, ProposalAnswer, UpdateAnswer
from app.command_line.terminal.console import make_console, make_table
from app.wording.documents.checklist import unaccepted_words
from app.wording.text import count, count_of, shorten

_SHOWN = 46  # characters of each of the three values


def show_checklist(answer: ChecklistAnswer) -> None:
    """Whether the document was written, and what it does not show."""
    console = make_console()
    lines = count(answer["lines"], "line")
    words = {
        "current": f"{answer['path']} is up to date.",
        "written": f"Wrote {answer['path']}: {lines} changed.",
        "out of date": f"{answer['path']} is out of date: {lines} differ. Run `tminus checklist` and commit the file.",
    }
    console.print(escape(words[answer["state"]]))
    if answer["unplaced"]:
        number = count_of(len(answer["unplaced"]), "criterion", "criteria")
        console.print(f"{number} of the plan: shown in its last part only.")
    if answer["changes"]:
        console.print(f"[yellow]![/] {escape(unaccepted_words(answer['changes']))}; see `tminus init --update`.")


def show_update(answer: UpdateAnswer) -> None:
    """The open changes as a table of three values, then what was accepted or dismissed."""
    console = make_console()
    if answer["base"] == "not found":
        console.print(
            "[yellow]![/] The imported version is not found: each difference from the plan is shown as a change."
        )
    _table(console, answer["proposals"])
    for word, rows in (("accepted", answer["accepted"]), ("dismissed", answer["dismissed"])):
        if rows:
            console.print(f"{count(len(rows), 'change')} {word}: {escape(', '.join(row['id'] for row in rows))}")
    if not (answer["proposals"] or answer["accepted"] or answer["dismissed"]):
        console.print(f"{escape(answer['document'])} has no change that the plan does not have.")


def _table(console: Console, proposals: Sequence[ProposalAnswer]) -> None:
    if not proposals:
        return
    table = make_table("", "change", "document then", "document now", "plan")
    for row in proposals:
        cells = [escape(shorten(row[key], _SHOWN)) for key in ("then", "now", "plan")]
        table.add_row("!" if row["is_conflict"] else "", escape(row["id"]), *cells)
    console.print(table)
    console.print(
        "Take them over with [bold]--accept ID[/] or [bold]--accept all[/], drop them with [bold]--dismiss[/]."
    )
    if any(row["is_conflict"] for row in proposals):
        console.print("A change marked ! meets an edit of the plan: accept it by its id.")
