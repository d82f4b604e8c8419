"""`tminus explain` on a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.markup import escape

from app.answers.types.explain import ExplainAnswer, MoveAnswer, OpenMarker, PlanNote, UncoveredFiles
from app.answers.types.status import CriterionAnswer, EvidenceAnswer
from app.command_line.terminal.console import make_console, make_table
from app.wording import text
from app.wording.next_steps import next_step
from app.wording.numbers import number_beside, points
from app.wording.status import arithmetic, lag
from app.wording.text import count, sentence, shorten, shorten_path

_PEOPLE_SHOWN = 27  # so that a row stays on one line of 140 columns
_MOST_OPEN = 20  # what fits on a screen; the rest is in the JSON


def show_explanation(answer: ExplainAnswer) -> None:
    """Every criterion's arithmetic, then the cheapest path to the target."""
    console = make_console()
    for criterion in answer["criteria"]:
        _criterion(console, criterion, answer["plans"])
    if answer["open"]:
        _open_markers(console, answer["open"])
    if answer["uncovered"]:
        _uncovered(console, answer["uncovered"])
    if answer["criterion"] is None and answer["path"]:
        _path(console, answer["path"], answer["readiness"]["target"])


def _criterion(console: Console, criterion: CriterionAnswer, plans: Mapping[str, PlanNote]) -> None:
    console.print(f"[bold]{escape(criterion['title'])}[/] ({escape(criterion['id'])})")
    scored = arithmetic(criterion)
    console.print(f"  {escape(scored)}")
    if not scored.startswith(f"{criterion['because']}:"):  # the same comparison twice adds nothing
        console.print(f"  [dim]{escape(sentence(criterion['because']))}[/]")
    if evidence := _evidence(criterion["evidence"]):
        console.print(f"  [dim]evidence: {escape(evidence)}[/]")
    why = plans[criterion["id"]]["why"] if criterion["id"] in plans else ""
    for name, note in (("Why it counts", why), next_step(criterion)):
        if note:
            console.print(f"  [dim]{name}: {escape(note)}[/]")


def _path(console: Console, path: Sequence[MoveAnswer], target: float) -> None:
    console.print(f"\n[bold]The cheapest path to {target:g}[/]")
    table = make_table("", "points", "readiness then", "proof", right=("points", "readiness then"))
    for move in path:
        what = escape(move["what"]) + (" [red]blocker[/]" if move["blocker"] else "")
        after = number_beside(move["readiness"], target)
        table.add_row(what, points(move["points"]), after, f"[dim]{escape(move['proof'])}[/]")
    console.print(table)


def _open_markers(console: Console, markers: Sequence[OpenMarker]) -> None:
    console.print(f"\n[bold]Open markers[/] ({count(len(markers), 'marker')}, the oldest first)")
    table = make_table("", "", "")
    for marker in markers[:_MOST_OPEN]:
        place = shorten_path(marker["path"] + ("" if marker["line"] is None else f":{marker['line']}"), 48)
        since = f"{text.when(marker['opened_at'])}, {shorten(text.people(marker), _PEOPLE_SHOWN)}"
        table.add_row(escape(f"{marker['label']} {shorten(marker['text'], 44)}"), escape(place), escape(since))
    console.print(table)
    if len(markers) > _MOST_OPEN:
        console.print(f"[dim]and {len(markers) - _MOST_OPEN:,} more: --json lists all of them[/]")


def _uncovered(console: Console, found: UncoveredFiles) -> None:
    console.print("\n[bold]What is not covered[/] (the most first)")
    table = make_table("", "")
    for file in found["files"][:_MOST_OPEN]:
        table.add_row(escape(shorten_path(file["path"], 60)), file["words"])
    console.print(table)
    if left := len(found["files"]) - _MOST_OPEN:
        more = max(left, 0) + found["left_out"]
        if more:
            console.print(f"[dim]and {count(more, 'more file')}[/]")


def _evidence(evidence: EvidenceAnswer) -> str:
    """Where a value comes from: the place, its commit, the day it was true, and the hash of what was read."""
    locator = evidence["locator"]
    if not locator:
        return ""
    parts = [text.place(locator) if locator.startswith("git:") else locator.removeprefix("file:")]
    if evidence["tool"] not in ("", "git", "simulated"):
        parts.append(f"reported by {evidence['tool']}")
    if evidence["commit"] and not parts[0].startswith("commit "):
        parts.append(f"commit {evidence['commit'][:10]}")
    parts += [lag(evidence)] if lag(evidence) else []
    parts += [f"of {text.when(evidence['observed_at'])}"] if evidence["observed_at"] else []
    parts += [f"sha256 {evidence['sha256'][:12]}"] if evidence["sha256"] else []
    return ", ".join(parts)
