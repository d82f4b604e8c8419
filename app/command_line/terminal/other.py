"""The other answers on a terminal: init, pull, series, frames, readings, explanations, backtests, the doctor."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape

from app.answers.status import rows_of
from app.command_line.terminal.console import make_console, make_table
from app.dashboard.download import csv_text
from app.wording import text
from app.wording.next_steps import next_step
from app.wording.numbers import number, number_beside, points, quantity
from app.wording.reasons import readable
from app.wording.status import arithmetic
from app.wording.text import cell, count, count_of, counts, sentence, shorten, shorten_path

if TYPE_CHECKING:
    import pandas as pd

    from app.steps.collect import BoundLine, InitReport
    from ingest.pull import PullReport


_WORDS_SHOWN = 70  # characters of the document beside each bound metric
_MOST_OPEN = 20  # what fits on a screen; the rest is in the JSON


def show_init(done: InitReport) -> None:
    """What was written, and what became of each part of the document."""
    console = make_console()
    table = make_table("lines", "section", "became")
    for entry in done.account:
        table.add_row(escape(entry.lines), escape(entry.heading), escape(entry.became))
    if done.account:
        console.print(table)
        console.print()
        _show_bound(console, done.bound)
    console.print(
        f"Wrote [bold]{escape(str(done.path))}[/]: {count(done.gates, 'gate')}, "
        f"{count_of(done.criteria, 'criterion', 'criteria')}, from {escape(done.source)}."
    )
    console.print("Next: look it through, then [bold]tminus pull[/] reads the history.")


def _show_bound(console: Console, bound: Sequence[BoundLine]) -> None:
    """Each line of the document that a metric measures: the table to compare with the document."""
    if not bound:
        console.print(
            "No line of the document was bound to a metric: name metrics in the plan, or nothing is measured.\n"
        )
        return
    table = make_table("words of the document", "metric", "must be", "unit")
    for line in bound:
        demand = f"{line.comparator} {line.threshold:g}"
        table.add_row(escape(shorten(line.words, _WORDS_SHOWN)), line.metric, demand, escape(line.unit))
    console.print("Bound to a metric (compare with the document; the rest waits for a metric or a person):")
    console.print(table)
    console.print()


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[str], Callable[[int, int | None, str], None]] | None]:
    """A progress bar a source, with counts and rate; nothing when quiet or piped."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    rate = TextColumn("{task.fields[rate]}")
    columns = (TextColumn("{task.description:<28}"), BarColumn(), MofNCompleteColumn(), rate, TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:

        def watch(source: str) -> Callable[[int, int | None, str], None]:
            task = bars.add_task(source, total=None, rate="")

            def tell(done: int, total: int | None, what: str) -> None:
                speed = bars.tasks[task].speed
                told = f"{speed:,.0f}/s" if speed else ""
                bars.update(task, completed=done, total=total, description=f"{source}: {what}", rate=told)

            return tell

        yield watch


def show_pull(report: PullReport, *, quiet: bool) -> None:
    """A line a source; warnings below."""
    console = make_console()
    told_before: set[str] = set()
    for source in report.sources:
        sign, style = ("✓", "green") if source.ok else ("✗", "red")
        counted = counts(source.counts)
        told = escape(source.error) if not source.ok else f"{source.rows_added:,} new figures"
        if not quiet or not source.ok:
            console.print(
                f"[{style}]{sign}[/] {source.source:<11} {told}" + (f"  [dim]{counted}[/]" if counted else "")
            )
        for warning in source.warnings if not quiet else ():
            if warning not in told_before:
                console.print(f"  [yellow]![/] {escape(warning)}")
            told_before.add(warning)
    for note in report.notes if not quiet else ():
        console.print(f"[yellow]![/] {escape(note)}")
    if not quiet and report.rows_added == 0 and all(source.ok for source in report.sources):
        console.print("Nothing was stored." if told_before else "Nothing new since the last pull.")


def show_explanation(answer: Mapping[str, Any]) -> None:
    """Every criterion's arithmetic, then the cheapest path to the target."""
    console = make_console()
    for criterion in answer["criteria"]:
        console.print(f"[bold]{escape(criterion['title'])}[/] ({escape(criterion['id'])})")
        console.print(f"  {escape(arithmetic(criterion))}")
        console.print(f"  [dim]{escape(sentence(readable(criterion['because'])))}[/]")
        if told := _evidence(criterion["evidence"]):
            console.print(f"  [dim]evidence: {escape(told)}[/]")
        why = answer["plans"].get(criterion["id"], {}).get("why", "")
        for name, told in (("Why it counts", why), next_step(criterion)):
            if told:
                console.print(f"  [dim]{name}: {escape(told)}[/]")
    if answer["open"]:
        _open_items(console, answer["open"])
    if answer["criterion"] is None and answer["path"]:
        console.print(f"\n[bold]The cheapest path to {answer['readiness']['target']:g}[/]")
        table = make_table("", "points", "then at", "proof", right=("points", "then at"))
        for move in answer["path"]:
            what = escape(readable(move["what"])) + (" [red]blocker[/]" if move["blocker"] else "")
            after = number_beside(move["readiness"], answer["readiness"]["target"])
            table.add_row(what, points(move["points"]), after, f"[dim]{escape(readable(move['proof']))}[/]")
        console.print(table)


def _open_items(console: Console, items: Sequence[Mapping[str, Any]]) -> None:
    console.print(f"\n[bold]What is open[/] ({count(len(items), 'marker')}, the oldest first)")
    table = make_table("", "", "")
    for item in items[:_MOST_OPEN]:
        place = shorten_path(item["path"] + ("" if item["line"] is None else f":{item['line']}"), 48)
        since = f"{text.when(item['opened_at'])}, {text.people(item)}"
        table.add_row(escape(f"{item['label']} {shorten(item['text'], 44)}"), escape(place), escape(since))
    console.print(table)
    if len(items) > _MOST_OPEN:
        console.print(f"[dim]and {len(items) - _MOST_OPEN:,} more: --json lists all of them[/]")


def _evidence(evidence: Mapping[str, Any] | None) -> str:
    """Where a figure comes from: the place, its commit, the day it was true, and the hash of what was read."""
    if not evidence or not evidence.get("locator"):
        return ""
    locator = evidence["locator"]
    told = [text.place(locator) if locator.startswith("git:") else locator.removeprefix("file:")]
    told += [f"reported by {evidence['tool']}"] if evidence.get("tool") not in (None, "", "git", "simulated") else []
    if evidence.get("commit") and not told[0].startswith("commit "):
        told.append(f"commit {evidence['commit'][:10]}")
    told += [f"of {text.when(evidence['observed_at'])}"] if evidence.get("observed_at") else []
    told += [f"sha256 {evidence['sha256'][:12]}"] if evidence.get("sha256") else []
    return ", ".join(told)


def show_series(frame: pd.DataFrame) -> None:
    """The newest points of a series."""
    console = make_console()
    table = make_table("observed", "scope", "value", "kind", "evidence", right=("value",))
    for row in rows_of(frame.tail(40)):
        value = quantity(row.value, row.unit) if row.value == row.value else f"unknown: {row.reason}"
        when = f"{row.observed_at:%Y-%m-%d %H:%M}"
        table.add_row(when, escape(row.scope), escape(value), row.kind, f"[dim]{escape(text.place(row.locator))}[/]")
    console.print(table)
    if len(frame) > 40:
        console.print(f"[dim]the newest 40 of {len(frame):,} points; all of them: --csv or --json[/]")


def show_frame(frame: pd.DataFrame, *, as_csv: bool = False, as_json: bool = False) -> None:
    """A frame as table, CSV or JSON records."""
    if as_csv:
        sys.stdout.write(csv_text(frame))
        return
    if as_json:
        sys.stdout.write(frame.to_json(orient="records", date_format="iso", indent=2) + "\n")
        return
    table = make_table(*[str(column) for column in frame.columns])
    for row in rows_of(frame.head(200)):
        table.add_row(*[escape(cell(value)) for value in row])
    console = make_console()
    console.print(table)
    if len(frame) > 200:
        console.print(f"[dim]the first 200 of {len(frame):,} rows; all of them: --csv[/]")


def show_reading(answer: Mapping[str, Any]) -> None:
    """What each file would yield."""
    console = make_console()
    for file in answer["files"]:
        unread = any(warning.startswith("cannot read ") for warning in file["warnings"])
        form = file["format"] or ("not read" if unread else "unknown format")
        tool = f"{file['tool']} {file['tool_version']}".strip()
        console.print(f"[bold]{escape(file['file'])}[/]  {escape(form)}  [dim]{escape(tool)}[/]")
        table = make_table("", "", "")
        for found in file["observations"]:
            value = f"unknown: {found['reason']}" if found["value"] is None else quantity(found["value"], found["unit"])
            table.add_row(f"  {found['metric']}", escape(found["scope"]), escape(value))
        console.print(table)
        if file["items"]:
            console.print(
                f"  {count(len(file['items']), 'item')}, e.g. {escape(shorten(file['items'][0]['text'], 80))}"
            )
        for warning in file["warnings"]:
            console.print(f"  [yellow]![/] {escape(warning)}")
        for note in file["notes"]:
            console.print(f"  [dim]{escape(note)}[/]")


def show_reread(answer: Mapping[str, Any]) -> None:
    """How much was read again, and each figure that is read differently."""
    console = make_console()
    told = f"{count(answer['payloads'], 'payload')} read again, {len(answer['changes'])} figures differ"
    console.print(f"{told}, {answer['stored']} stored as a new definition.")
    for change in answer["changes"]:
        before, after = number(change["before"], 4), number(change["after"], 4)
        console.print(
            f"  {change['metric']} {escape(change['scope'])}: {before} → {after} [dim]{escape(change['locator'])}[/]"
        )
    for problem in answer["problems"]:
        console.print(f"  [yellow]![/] {escape(problem)}")


def show_backtest(answer: Mapping[str, Any]) -> None:
    """Scores a method, best first."""
    console = make_console()
    console.print(escape(answer["because"]))
    if not any(row["cases"] for row in answer["methods"]):
        return
    table = make_table(*answer["columns"], right=tuple(answer["columns"][1:]))
    for row in answer["methods"]:
        table.add_row(*[escape(cell(row[column])) for column in answer["columns"]])
    console.print(table)


def show_doctor(answer: Mapping[str, Any]) -> None:
    """Findings, each with its next step."""
    console = make_console()
    signs = {"good": ("✓", "green"), "note": ("·", "dim"), "warning": ("!", "yellow"), "error": ("✗", "red")}
    for finding in answer["findings"]:
        sign, style = signs[finding["level"]]
        console.print(f"[{style}]{sign}[/] {escape(finding['what'])}")
        if finding["next"]:
            console.print(f"    [dim]next: {escape(finding['next'])}[/]")
