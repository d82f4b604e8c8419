"""`tminus decisions` and the frozen reviews on a terminal."""

from __future__ import annotations

from datetime import datetime

from rich.markup import escape

from app.answers.types.delivery import SendAnswer
from app.answers.types.meeting import DecideAnswer, DecisionsAnswer, FrozenAnswer, FrozenReviewsAnswer
from app.answers.types.review import ReviewComparedAnswer
from app.command_line.terminal.console import make_console, make_table
from app.wording.meeting import frozen_words, since_words, state_words
from app.wording.text import count, when


def show_written(answer: DecideAnswer, text: str, owner: str, due: str) -> None:
    """One decision as it was written."""
    print(f"{answer['id']}: {text} ({owner}, due {when(due)})")


def show_decisions(answer: DecisionsAnswer, *, only_open: bool = False) -> None:
    """One row per decision, overdue ones first."""
    console = make_console()
    if not answer["decisions"]:
        none = "No decision is open." if only_open else "No decision is written down yet."
        console.print(f"{none} [dim]tminus decide 'TEXT' --owner NAME --due DATE writes one.[/]")
        return
    today = datetime.fromisoformat(answer["at"]).date()
    table = make_table("", "decision", "owner", "due", "state", "criterion", "evidence since")
    for entry in answer["decisions"]:
        style = "red" if entry["is_overdue"] else "dim" if entry["outcome"] != "open" else ""
        cells = [entry["id"], entry["text"], entry["owner"], when(entry["due"]), state_words(entry, today)]
        cells += [entry["criterion"] or "–", since_words(entry)]
        table.add_row(*map(escape, cells), style=style)
    console.print(table)


def show_frozen(answer: FrozenAnswer | FrozenReviewsAnswer) -> None:
    """The review that was frozen, or the list of them."""
    console = make_console()
    if answer["schema"] == "tminus.frozen/1":
        console.print(f"froze the review of {answer['day']} (sha256 {answer['sha256'][:12]})")
        console.print(f"[dim]read it: tminus review --frozen {answer['day']}[/]")
        return
    if not answer["reviews"]:
        console.print("No review is frozen yet. [dim]tminus review --freeze stores one.[/]")
        return
    table = make_table("review of", "window", "frozen", "sha256")
    for review in answer["reviews"]:
        window = f"{when(review['since'])} to {when(review['until'])}"
        table.add_row(review["day"], window, escape(frozen_words(review)), review["sha256"][:12])
    console.print(table)


def show_compared(answer: ReviewComparedAnswer) -> None:
    """A frozen review beside what is known now; only what differs is listed, and how much is the same."""
    console = make_console()
    console.print(f"Review of {when(answer['day'])}: as known then, and as known now of the same days")
    different = [row for row in answer["figures"] if not row["is_same"]]
    same = count(len(answer["figures"]) - len(different), "figure")
    if not different:
        console.print(f"All {same} are the same.")
        return
    table = make_table("figure", "as known then", "as known now")
    for row in different:
        table.add_row(*(escape(cell) for cell in (row["figure"], row["then"], row["now"])))
    console.print(table)
    console.print(f"[dim]{same} are the same.[/]")


def show_sent(answer: SendAnswer) -> None:
    """What was sent and where to; of a dry run the text."""
    console = make_console()
    if answer["outcome"] == "nothing_to_send":
        since = when(answer["since"])
        console.print(
            f"Nothing to send: since {since} no date of GO moved far enough, no verdict or gate changed, no evidence "
            "went stale and no decision is overdue."
        )
        return
    if answer["outcome"] == "sent":
        console.print(f"sent to {escape(answer['to'])}: {escape(answer['title'])}")
        return
    console.print(f"[dim]dry run: nothing is sent. To {escape(answer['to'])}[/]\n")
    console.print(escape(answer["title"]), markup=True, soft_wrap=True)
    console.print()
    console.print(escape(answer["body"]), soft_wrap=True)
