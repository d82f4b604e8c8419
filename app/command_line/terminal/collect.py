"""`tminus init`, `pull`, `read` and `reread` on a terminal."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape

from app.answers.types.collect import BoundLine, InitReport, PullAnswer, RereadAnswer, SourceAnswer
from app.answers.types.files import ReadAnswer
from app.command_line.terminal.console import make_console, make_table
from app.wording.numbers import number, quantity
from app.wording.text import count, count_of, counts, shorten

_WORDS_SHOWN = 70  # characters of the document beside each bound metric


def show_init(report: InitReport) -> None:
    """What was written, and what became of each part of the document."""
    console = make_console()
    table = make_table("lines", "section", "became")
    for entry in report.account:
        table.add_row(escape(entry.lines), escape(entry.heading), escape(entry.became))
    if report.account:
        console.print(table)
        console.print()
        _show_bound(console, report.bound)
    console.print(
        f"Wrote [bold]{escape(str(report.path))}[/]: {count(report.gates, 'gate')}, "
        f"{count_of(report.criteria, 'criterion', 'criteria')}, from {escape(report.source)}."
    )
    if report.word_percent > report.most_word_percent:
        console.print(_too_much_word(report.word_percent, report.most_word_percent))
    console.print("Next: check it, then run [bold]tminus pull[/] to read the history.")


def _too_much_word(percent: float, limit: float) -> str:
    """That GO is out of reach on people's word, and the two ways out."""
    needed = min(100, math.ceil(round(percent, 6)))  # parts that add up to 100 may be a hair more
    return (
        f"[yellow]{number(percent, 1)}% of the points have no metric: only a named person can vouch for them. GO is "
        f"refused above {number(limit)}% on people's word.[/] Name metrics for them in the plan, or accept it with the "
        f"line below \\[readiness]: [bold]max_attested_percent = {needed}[/]"
    )


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
    """One progress bar per source, with counts and rate; nothing when quiet or piped."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    speed_column = TextColumn("{task.fields[rate]}")
    columns = (
        TextColumn("{task.description:<28}"),
        BarColumn(),
        MofNCompleteColumn(),
        speed_column,
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:

        def watch(source: str) -> Callable[[int, int | None, str], None]:
            task = bars.add_task(source, total=None, rate="")

            def update(done: int, total: int | None, what: str) -> None:
                speed = bars.tasks[task].speed
                rate = f"{speed:,.0f}/s" if speed else ""
                bars.update(task, completed=done, total=total, description=f"{source}: {what}", rate=rate)

            return update

        yield watch


def show_pull(answer: PullAnswer, *, quiet: bool) -> None:
    """One line per source, its warnings below; quiet: only what failed."""
    console = make_console()
    shown: set[str] = set()
    for source in answer["sources"]:
        if not quiet or not source["ok"]:
            console.print(_source_line(source))
        if not quiet:
            _warnings(console, source, shown)
    if not quiet:
        _notes(console, answer, warned=bool(shown))


def _warnings(console: Console, source: SourceAnswer, shown: set[str]) -> None:
    """The warnings of a source that no source before it has shown."""
    for warning in source["warnings"]:
        if warning not in shown:
            console.print(f"  [yellow]![/] {escape(warning)}")
        shown.add(warning)


def _notes(console: Console, answer: PullAnswer, *, warned: bool) -> None:
    for note in answer["notes"]:
        console.print(f"[yellow]![/] {escape(note)}")
    if answer["rows_added"] == 0 and all(source["ok"] for source in answer["sources"]):
        console.print("Nothing was stored." if warned else "Nothing new since the last pull.")


def _source_line(source: SourceAnswer) -> str:
    sign, style = ("✓", "green") if source["ok"] else ("✗", "red")
    result = count(source["rows_added"], "new value") if source["ok"] else escape(source["error"])
    counted = counts(source["counts"])
    return f"[{style}]{sign}[/] {source['source']:<11} {result}" + (f"  [dim]{counted}[/]" if counted else "")


def show_read(answer: ReadAnswer) -> None:
    """What each file would yield."""
    console = make_console()
    for file in answer["files"]:
        unread = any(warning.startswith("cannot read ") for warning in file["warnings"])
        form = file["format"] or ("not read" if unread else "unknown format")
        tool = f"{file['tool']} {file['tool_version']}".strip()
        console.print(f"[bold]{escape(file['file'])}[/]  {escape(form)}  [dim]{escape(tool)}[/]")
        table = make_table("", "", "")
        for value in file["observations"]:
            shown = f"unknown: {value['reason']}" if value["value"] is None else quantity(value["value"], value["unit"])
            table.add_row(f"  {value['metric']}", escape(value["scope"]), escape(shown))
        console.print(table)
        if file["items"]:
            console.print(
                f"  {count(len(file['items']), 'item')}, e.g. {escape(shorten(file['items'][0]['text'], 80))}"
            )
        for warning in file["warnings"]:
            console.print(f"  [yellow]![/] {escape(warning)}")
        for note in file["notes"]:
            console.print(f"  [dim]{escape(note)}[/]")


def show_reread(answer: RereadAnswer) -> None:
    """How much was read again, and each value that is read differently."""
    console = make_console()
    read = count(answer["payloads"], "raw report")
    changed = count(len(answer["changes"]), "value")
    console.print(f"{read} read again, {changed} read differently, {answer['stored']} stored under a new definition.")
    for change in answer["changes"]:
        before, after = number(change["before"], 4), number(change["after"], 4)
        console.print(
            f"  {change['metric']} {escape(change['scope'])}: {before} → {after} [dim]{escape(change['locator'])}[/]"
        )
    for problem in answer["problems"]:
        console.print(f"  [yellow]![/] {escape(problem)}")
