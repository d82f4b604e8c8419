"""`tminus series`, `sql`, `backtest` and `doctor` on a terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.markup import escape

from app.answers.status import rows_of
from app.answers.types.backtest import BacktestAnswer
from app.answers.types.doctor import DoctorAnswer
from app.command_line.terminal.console import make_console, make_table
from app.wording import text
from app.wording.numbers import quantity
from app.wording.text import cell
from app.wording.track_record import SCORES, score_cell, scores_explained

if TYPE_CHECKING:
    import pandas as pd


MOST_POINTS = 40


def show_series(frame: pd.DataFrame, *, every_scope: bool) -> None:
    """The newest points of a series: those of the whole where it has any, unless a scope was asked for."""
    console = make_console()
    whole = frame[frame["scope"] == ""]
    shown = whole if every_scope and len(whole) else frame
    table = make_table("observed", "scope", "value", "kind", "evidence", right=("value",))
    for row in rows_of(shown.sort_values(["observed_at", "recorded_at"], kind="stable").tail(MOST_POINTS)):
        value = quantity(row.value, row.unit) if row.value == row.value else f"unknown: {row.reason}"
        observed = f"{row.observed_at:%Y-%m-%d %H:%M}"
        table.add_row(
            observed, escape(row.scope), escape(value), row.kind, f"[dim]{escape(text.place(row.locator))}[/]"
        )
    console.print(table)
    if len(shown) > MOST_POINTS:
        console.print(f"[dim]the newest {MOST_POINTS} of {len(shown):,} points; all of them: --csv or --json[/]")
    if parts := sorted(set(frame["scope"]) - set(shown["scope"])):
        named = ", ".join(parts[:6]) + (f" and {len(parts) - 6} more" if len(parts) > 6 else "")
        console.print(f"[dim]its parts, each with --scope: {escape(named)}[/]")


def show_frame(frame: pd.DataFrame, *, as_csv: bool = False) -> None:
    """A frame as a table or as CSV."""
    if as_csv:
        from app.reports.spreadsheet import csv_text

        sys.stdout.write(csv_text(frame))
        return
    table = make_table(*[str(column) for column in frame.columns])
    for row in rows_of(frame.head(200)):
        table.add_row(*[escape(cell(value)) for value in row])
    console = make_console()
    console.print(table)
    if len(frame) > 200:
        console.print(f"[dim]the first 200 of {len(frame):,} rows; all of them: --csv[/]")


def show_backtest(answer: BacktestAnswer) -> None:
    """The scores of each method, best first."""
    console = make_console()
    console.print(escape(answer["because"]))
    if not any(row["cases"] for row in answer["methods"]):
        return
    heads = [SCORES[column][0] for column in answer["columns"]]
    table = make_table(*heads, right=tuple(heads[1:]))
    for method in answer["methods"]:
        table.add_row(*[escape(score_cell(method, column)) for column in answer["columns"]])
    console.print(table)
    console.print(f"[dim]{escape(scores_explained(answer['columns']))}[/]")


def show_doctor(answer: DoctorAnswer) -> None:
    """Findings, each with its next step."""
    console = make_console()
    signs = {"good": ("✓", "green"), "note": ("·", "dim"), "warning": ("!", "yellow"), "error": ("✗", "red")}
    for finding in answer["findings"]:
        sign, style = signs[finding["level"]]
        console.print(f"[{style}]{sign}[/] {escape(finding['what'])}")
        if finding["next"]:
            console.print(f"    [dim]next: {escape(finding['next'])}[/]")
