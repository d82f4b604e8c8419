"""`tminus rollout`, `deploy`, `incident` and `withdraw` on a terminal."""

from __future__ import annotations

from datetime import datetime

from rich.console import Console
from rich.markup import escape

from app.answers.types.rollout import (
    ActAnswer,
    DeployAnswer,
    RolloutAnswer,
    StageAnswer,
    WindowAnswer,
    WithdrawAnswer,
)
from app.command_line.terminal.console import make_console, make_table, note_simulated
from app.wording.rollout.events import withdrawal_words
from app.wording.rollout.process import escalation_words
from app.wording.rollout.stages import soak_text
from app.wording.text import count

_STYLES = {
    "soaked": "green",
    "done": "green",
    "open": "green",
    "soaking": "cyan",
    "held": "yellow",
    "refused": "yellow",
    "stopped": "red",
    "waiting": "dim",
    "skipped": "dim",
    "rolled_back": "dim",
    "passed": "green",
    "failing": "red",
    "unknown": "yellow",
    "running": "cyan",
    "not_begun": "dim",
}


def show_rollout(answer: RolloutAnswer) -> None:
    """The sentence, the verdicts, the stages with what holds them, the windows side by side, open incidents."""
    console = make_console()
    note_simulated(console, simulated=answer["simulated"])
    console.print(escape(answer["says"]))
    if len(answer["environments"]) > 1:
        others = ", ".join(name or "(none)" for name in answer["environments"] if name != answer["environment"])
        shown = answer["environment"] or "(none)"
        console.print(f"[dim]environment {escape(shown)}; others: {escape(others)} (--environment NAME)[/]")
    for verdict in answer["verdicts"]:
        console.print(f"{verdict['kind']}: [bold]{verdict['verdict']}[/]  {escape(verdict['because'])}")
    _show_stages(console, answer["stages"])
    for line in answer["edited"]:
        console.print(f"[yellow]edited since the stage began: {escape(line)}[/]")
    _show_windows(console, answer["windows"])
    _show_events(console, answer)
    for level in answer["escalation"]:
        console.print(f"[dim]{escape(escalation_words(level))}[/]")


def _show_events(console: Console, answer: RolloutAnswer) -> None:
    """Open incidents, and what was withdrawn."""
    for incident in answer["incidents"]:
        if incident["resolved_at"] is None:
            text = f"open incident {incident['id']} ({incident['severity']}): {incident['text']}"
            console.print(f"[red]{escape(text)}[/]")
    for event in answer["withdrawn"]:
        if event["withdrawn"]:
            console.print(f"[dim]{escape(event['id'])}: {escape(withdrawal_words(event['withdrawn']))}[/]")


def _show_stages(console: Console, stages: list[StageAnswer]) -> None:
    if not stages:
        return
    table = make_table("stage", "users", "state", "since", "soak", "held by")
    known: list[str] = []
    for stage in stages:
        style = _STYLES[stage["state"]]
        own = [line for line in stage["holds_because"] if line not in known]
        above = (
            ["Everything that holds the stage before holds this one, too."]
            if len(own) < len(stage["holds_because"])
            else []
        )
        known = stage["holds_because"]
        cells = [escape(stage["title"]), "" if stage["users"] is None else f"{stage['users']:,}"]
        cells += [f"[{style}]{stage['state'].replace('_', ' ')}[/]", moment(stage["entered_at"])]
        cells += [soak_text(stage["soak"]), escape("\n".join(above + own))]
        table.add_row(*cells)
    console.print(table)
    for stage in stages:
        if stage["override"]:
            who = stage["entered_by"] or "Somebody"
            text = f"{who} began {stage['title']} although it was refused: {stage['override']}"
            console.print(f"[yellow]{escape(text)}[/]")


def _show_windows(console: Console, windows: list[WindowAnswer]) -> None:
    if not windows:
        return
    names = list(dict.fromkeys(point["name"] for window in windows for point in window["checkpoints"]))
    table = make_table("window", *names, "")
    for window in windows:
        found = {point["name"]: point for point in window["checkpoints"]}
        cells = []
        for name in names:
            state = found[name]["state"] if name in found else ""
            cells.append(f"[{_STYLES.get(state, 'dim')}]{state.replace('_', ' ')}[/]" if state else "")
        table.add_row(escape(window["title"]), *cells, escape(window["checkpoints"][-1]["because"]))
    console.print(table)


def moment(text: str | None) -> str:
    """Day and time of an ISO timestamp."""
    return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M}" if text else ""


def show_deploy(answer: DeployAnswer) -> None:
    """What was recorded, or the sentences that refuse it."""
    console = make_console()
    event = answer["event"]
    if event is None:
        console.print(f"[red]refused[/] for {count(len(answer['refused']), 'reason')}; nothing was recorded:")
    elif answer["already"]:
        console.print(f"recorded already as {event['id']} at {moment(event['at'])}; nothing was written")
        console.print("[dim]a redeployment of the same commit: --again (it restarts the soak clock)[/]")
    else:
        what = f"{event['kind']} {event['commit'][:7]}"
        where = f" to {event['title']}" if event["title"] else ""
        by = f" by {event['by']}" if event["by"] else ""
        console.print(escape(f"{event['id']}: {what}{where} at {moment(event['at'])}{by}"))
        if event["override"]:
            console.print(f"[yellow]recorded against {count(len(answer['refused']), 'reason')}:[/]")
    for line in answer["refused"]:
        console.print(f"  {escape(line)}")


def show_incident(answer: ActAnswer) -> None:
    """The incident as it was recorded."""
    make_console().print(escape(f"{answer['id']}: {answer['severity']} at {moment(answer['at'])}"))


def show_withdrawn(answer: WithdrawAnswer) -> None:
    """What was withdrawn; without it every event with its id, newest first."""
    console, done = make_console(), answer["withdrawn"]
    if done is not None:
        console.print(escape(f"{done['id']} ({done['what']}) is withdrawn: it stays visible, and counts nowhere."))
        return
    if not answer["events"]:
        console.print("No event is recorded.")
        return
    table = make_table("id", "when", "what", "by", "")
    for event in answer["events"]:
        note = withdrawal_words(event["withdrawn"]) if event["withdrawn"] else ""
        table.add_row(
            *map(escape, (event["id"], moment(event["at"]), event["what"], event["by"])), f"[dim]{escape(note)}[/]"
        )
    console.print(table)
    console.print("[dim]tminus withdraw ID --by NAME --note TEXT takes one back.[/]")
