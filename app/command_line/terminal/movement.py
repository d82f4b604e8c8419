"""`tminus moved` on a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.markup import escape

from app.answers.types.movement import CommitAnswer, CriterionMoveAnswer, ItemAnswer, MovedAnswer, SpanAnswer, SumAnswer
from app.command_line.terminal.console import make_console, note_simulated, when
from app.wording.movement import biggest_first, sum_words
from app.wording.numbers import change, number, points, quantity
from app.wording.status import cap_words, change_lines, is_first
from app.wording.text import count, people, shorten

SHOWN_COMMITS = 4
SHOWN_ITEMS = 6
SHOWN_SUMS = 5


def show_moved(answer: MovedAnswer) -> None:
    """The change, the criteria that made it with their commits, and the items opened and closed."""
    console = make_console()
    console.print(f"\n[bold]{_headline(answer)}[/]")
    note_simulated(console, simulated=answer["simulated"])
    if answer["readiness"]["cap"]:
        console.print(f"[dim]{escape(cap_words(answer['readiness']))}[/]")
    moved = [criterion for criterion in answer["criteria"] if criterion["points"] or criterion["commits"]]
    if not moved:
        console.print("[dim]No criterion moved in this window.[/]")
    for criterion in moved:
        _criterion(console, criterion)
    for what, worth in change_lines(answer):
        console.print(f"  [yellow]![/] {escape(what)} ({points(worth)})")
    _items(console, "opened", answer["items"]["opened"])
    _items(console, "closed", answer["items"]["closed"])
    _sums(console, "By author", answer["by_author"])
    _sums(console, "Merged for others", answer["by_merger"])
    _sums(console, "By folder", answer["by_folder"])


def _sums(console: Console, heading: str, rows: Sequence[SumAnswer]) -> None:
    """The largest sums; the rest as a number."""
    if not rows:
        return
    console.print(f"[bold]{heading}[/]")
    for row in rows[:SHOWN_SUMS]:
        console.print(f"  {escape(shorten(row['name'], 60))}: {sum_words(row)}")
    if len(rows) > SHOWN_SUMS:
        console.print(f"  [dim]and {len(rows) - SHOWN_SUMS} smaller[/]")


def _headline(answer: MovedAnswer) -> str:
    readiness = answer["readiness"]
    before, after = number(readiness["before"]), number(readiness["after"])
    if is_first(answer):
        return f"Readiness {after}; by {when(answer['since'])} nothing had been measured"
    change = "–" if readiness["change"] is None else points(readiness["change"])
    return f"Readiness {before} → {after} ({change}), {when(answer['since'])} to {when(answer['until'])}"


def _criterion(console: Console, criterion: CriterionMoveAnswer) -> None:
    before, after = (quantity(value, criterion["unit"]) for value in (criterion["before"], criterion["after"]))
    console.print(f"  {points(criterion['points']):>6}  {escape(criterion['title'])}: {before} → {after}")
    commits = {commit["commit"]: commit for commit in criterion["commits"]}
    spans = biggest_first(criterion["spans"])
    for span in spans[:SHOWN_COMMITS]:
        console.print(f"          {change(span['delta'], criterion['unit']):>9}  {_who(span, commits)}")
    if len(spans) > SHOWN_COMMITS:
        console.print(f"          [dim]and {len(spans) - SHOWN_COMMITS} smaller[/]")


def _who(span: SpanAnswer, commits: Mapping[str, CommitAnswer]) -> str:
    """The commit when the diff says so; else only the range or the neighbourhood, never a single commit."""
    commit = commits.get(span["until"])
    if span["grade"] != "exact" or commit is None:
        return f"[dim]{escape(span['grade'])}[/]"
    subject = escape(shorten(commit["subject"], 70))
    return f"[dim]{commit['commit'][:10]}[/] {subject} [dim]{escape(people(commit))}[/]"


def _items(console: Console, word: str, items: Sequence[ItemAnswer]) -> None:
    """The items of code by name; those elsewhere (documents, vendored folders, backups) by number."""
    code = [item for item in items if item["path_class"] == "code" or item["kind"] not in ("marker", "checkbox")]
    if items:
        elsewhere = (
            f"; {len(items) - len(code):,} in documents, tests and vendored files" if len(items) > len(code) else ""
        )
        console.print(f"[bold]{count(len(code), 'item')} of code {word}[/]{elsewhere}")
    for item in code[:SHOWN_ITEMS]:
        place = f"{item['path']}:{item['line']}" if item["line"] else item["path"]
        text = escape(shorten(item["text"], 70))
        origin = ", ".join(filter(None, [place, people(item)]))
        console.print(f"  {item['label']} {text} [dim]{escape(origin)}[/]".replace(" [dim][/]", ""))
    if len(code) > SHOWN_ITEMS:
        console.print(f"  [dim]and {len(code) - SHOWN_ITEMS} more[/]")
