"""`tminus portfolio` on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape

from app.answers.types.portfolio import LearnedAnswer, PortfolioAnswer, PortfolioPullAnswer, ProjectPull
from app.command_line.terminal.console import make_console, make_table
from app.wording.numbers import odds
from app.wording.portfolio import sentences as words
from app.wording.text import count

_HELD_SHOWN = 6
_COLUMNS = (
    *("project", "verdict", "readiness", "known", "odds of GO"),
    *("50% date", "moved in a week", "overdue", "oldest evidence"),
)
_VERDICT_STYLES = {"GO": "green", "CONDITIONAL GO": "cyan", "NO-GO": "red"}


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[int, int, ProjectPull], None]]:
    """A line as each project ends, on the error stream, so that a piped answer stays clean."""
    console = Console(stderr=True, highlight=False)

    def watch(done: int, total: int, project: ProjectPull) -> None:
        if not quiet and sys.stderr.isatty():
            console.print(f"[dim]{done} of {total}[/] {escape(project['name'])}: {escape(words.pull_words(project))}")

    yield watch


def show_pulls(answer: PortfolioPullAnswer) -> None:
    """One line a project, those that failed last, where they are seen."""
    console = make_console()
    for project in sorted(answer["projects"], key=lambda project: not project["ok"]):
        sign = "[green]✓[/]" if project["ok"] else "[red]✗[/]"
        console.print(f"{sign} [bold]{escape(project['name'])}[/]: {escape(words.pull_words(project))}")
        for failed in project["failed_sources"] if project["ok"] else ():
            console.print(f"  [yellow]![/] {escape(failed)}")
    broken = sum(not project["ok"] for project in answer["projects"])
    outcome = f"{count(broken, 'project')} failed" if broken else "all read"
    console.print(f"{count(len(answer['projects']), 'project')} in {answer['seconds']:.1f} s: {outcome}.")


def show_portfolio(answer: PortfolioAnswer) -> None:
    """The projects, worst first; how many are ready by the day; what holds most of them back."""
    console = make_console()
    console.print(f"\n[bold]{escape(words.counts_sentence(answer['portfolio'], answer['projects']))}[/]")
    if answer["ready"]:
        console.print(words.ready_sentence(answer["ready"]))
    console.print()
    _table(console, answer)
    if answer["held_back_by"]:
        console.print("\n[bold]What is open most often[/]")
    for row in answer["held_back_by"][:_HELD_SHOWN]:
        console.print(f"  {escape(words.held_sentence(row))}")


def _table(console: Console, answer: PortfolioAnswer) -> None:
    table = make_table(*_COLUMNS, right=("readiness", "known", "overdue"))
    for project in answer["projects"]:
        if project["error"]:
            table.add_row(escape(project["name"]), "[yellow]not readable[/]")
            continue
        verdict = project["verdict"] or ""
        table.add_row(
            escape(words.name_words(project)),
            f"[{_VERDICT_STYLES[verdict]}]{verdict}[/]",
            words.readiness_words(project),
            words.known_words(project),
            words.odds_words(project),
            words.date_words(project),
            escape(words.move_words(project)),
            str(project["overdue_decisions"] or "–"),
            escape(words.oldest_words(project)),
        )
    console.print(table)
    for project in answer["projects"]:
        if project["error"]:
            console.print(f"[yellow]![/] {escape(project['name'])}: {escape(project['error'])}")


def show_learned(answer: LearnedAnswer) -> None:
    """Whether the projects' own past helps; the odds side by side where it does."""
    console = make_console()
    for sentence in words.learned_sentences(answer):
        console.print(escape(sentence))
    if answer["criteria"]:
        table = make_table("project", "criterion", "odds", "by own projects")
        for row in answer["criteria"]:
            table.add_row(escape(row["project"]), escape(row["id"]), odds(row["odds"]), odds(row["odds_own"]))
        console.print(table)
