"""`tminus runbook`, `run-step`, `drill` and `messages` on a terminal."""

from __future__ import annotations

from rich.markup import escape

from app.answers.types.process import (
    DrillAnswer,
    DrillsAnswer,
    MessagesAnswer,
    MessageSentAnswer,
    RunbookAnswer,
    StepRunAnswer,
)
from app.command_line.terminal.console import make_console, make_table
from app.wording.rollout.process import (
    OUTCOMES,
    clock,
    deployment_words,
    drill_run_words,
    drill_words,
    length,
    message_words,
    sent_count,
    step_run_words,
    unshown,
)

STYLES = {
    **{"succeeded": "green", "done_by_hand": "green", "failed": "red", "timed_out": "red", "interrupted": "yellow"},
    **{"tested": "green", "untested": "red", "stale": "yellow"},
    **{"overdue": "red", "due": "yellow", "open": "yellow", "sent": "green", "missed": "yellow"},
}


def show_runbook(answer: RunbookAnswer) -> None:
    """Each runbook with its steps: id, command, last run."""
    console = make_console()
    if not answer["runbooks"]:
        console.print("The plan has no runbook. [dim]Add [\\[runbook]] tables to tminus.toml (docs/plan.md).[/]")
        return
    for book in answer["runbooks"]:
        duration = f", {book['duration']}" if book["duration"] else ""
        console.print(f"[bold]{escape(book['title'])}[/] [dim]{book['kind']}{escape(duration)}[/]")
        table = make_table("step", "command", "last run")
        for step in book["steps"]:
            run = step["last_run"]
            style = STYLES.get(run["outcome"], "") if run else "dim"
            words = f"[{style}]{escape(step_run_words(run))}[/]" if style else escape(step_run_words(run))
            what = step["command"] or f"by hand: {step['title']}"
            table.add_row(escape(step["id"]), escape(what), words)
        console.print(table)
    console.print("[dim]Nothing here runs by itself. tminus run-step STEP --yes runs one step.[/]")


def show_step_run(answer: StepRunAnswer) -> None:
    """What came of a step, or that it did not run."""
    console = make_console()
    if answer["outcome"] == "not_run":
        console.print("Not run: repeat the command with --yes to run it.")
        return
    code = f" with exit code {answer['exit_code']}" if answer["outcome"] == "failed" else ""
    took = f" after {length(answer['seconds'])}" if answer["seconds"] is not None else ""
    style = STYLES.get(answer["outcome"], "")
    console.print(f"[{style}]{OUTCOMES[answer['outcome']]}[/]{code}{took}; kept as evidence")


def show_drill(answer: DrillAnswer) -> None:
    """What came of a drill, and where its time is stored."""
    console, run = make_console(), answer["run"]
    style = "green" if run["counts"] else "red"
    words = drill_run_words(run, answer["limit_seconds"])
    console.print(f"[{style}]{escape(words)}[/] [dim](limit {length(answer['limit_seconds'])})[/]")
    if run["outcome"] == "interrupted":
        console.print("[dim]An interrupted drill says nothing about the rollback: no figure is stored.[/]")
        return
    scope = f" in the scope {escape(answer['scope'])}" if answer["scope"] else ""
    console.print(f"[dim]stored as {answer['metric']}{scope}[/]")
    if warning := unshown(run, answer["expects"]):
        console.print(f"[yellow]warning: {escape(warning)}[/]")


def show_drills(answer: DrillsAnswer) -> None:
    """Each drill with its state."""
    console = make_console()
    if not answer["drills"]:
        console.print("The plan has no drill. [dim]Add a [\\[drill]] table to tminus.toml (docs/plan.md).[/]")
        return
    table = make_table("drill", "", "limit", "state")
    for drill in answer["drills"]:
        style = STYLES.get(drill["state"], "red")
        cells = [escape(drill["id"]), escape(drill["title"]), f"< {length(drill['limit_seconds'])}"]
        table.add_row(*cells, f"[{style}]{escape(drill_words(drill))}[/]")
    console.print(table)


def show_messages(answer: MessagesAnswer) -> None:
    """Each message with its state, what has to be dealt with first on top."""
    console = make_console()
    if not answer["messages"]:
        console.print("The plan has no message. [dim]Add [\\[message]] tables to tminus.toml (docs/plan.md).[/]")
        return
    console.print(deployment_words(answer["deployment"]))
    table = make_table("message", "for", "when", "state", "sent")
    for message in answer["messages"]:
        style = STYLES.get(message["state"], "dim")
        words = f"[{style}]{escape(message_words(message, answer['at']))}[/]"
        cells = [message["id"], message["audience"], message["when"]]
        table.add_row(*map(escape, cells), words, sent_count(message))
    console.print(table)
    console.print(
        "[dim]tminus messages draft ID writes one; tminus messages sent ID --by NAME records that it was sent.[/]"
    )


def show_sent(answer: MessageSentAnswer) -> None:
    """The receipt, and which moment of the schedule it belongs to."""
    console = make_console()
    belongs = f"for {clock(answer['due'])}" if answer["due"] else "outside of every moment of its schedule"
    if answer["again"]:
        belongs = f"once more for {clock(answer['again'])}: an earlier receipt counts (tminus withdraw takes one back)"
    following = f"; next due {clock(answer['next'])}" if answer["next"] else ""
    console.print(f"recorded: {escape(answer['id'])} sent {clock(answer['at'])}, {belongs}{following}")
