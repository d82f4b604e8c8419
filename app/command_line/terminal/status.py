"""`tminus status` and `tminus check` on a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from app.command_line.terminal.console import STYLES, make_console, make_table, note_simulated, when
from app.wording import numbers, text
from app.wording.numbers import number_beside, quantity, share
from app.wording.reasons import readable
from app.wording.status import STATE_SIGNS, STATE_WORDS, condition_words
from app.wording.text import age, count, listing, often, shorten, shorten_path

CLAIM_WINDOW = timedelta(days=7)


def show_status(answer: Mapping[str, Any], *, everything: bool = False) -> None:
    """The verdict, the gates with their evidence, what stands against GO, and the claims beside it."""
    console = make_console()
    pending_plan(console, answer)
    _headline(console, answer)
    conditions(console, answer["decision"]["conditions"])
    note_simulated(console, answer)
    console.print()
    console.print(_gates_table(answer["gates"]))
    _rules(console, answer["decision"]["rules"], everything=everything)
    _claims(console, answer["claims"], everything=everything)


def _headline(console: Console, answer: Mapping[str, Any]) -> None:
    readiness, verdict = answer["readiness"], answer["decision"]["verdict"]
    style = VERDICT_STYLES[verdict]
    value = number_beside(readiness["value"], readiness["target"])
    console.print(
        f"[bold]{escape(answer['project'])}[/]: readiness [bold]{value}[/] of {readiness['target']:g}, "
        f"[bold {style}]{verdict}[/], as of {when(answer['at'])}{_candidate(answer['decision']['candidate'])}"
    )
    known = share(readiness["known_weight"])
    told = f"Evidence speaks for {known} of the weight; what is not measured earns nothing."
    if readiness["attested_points"]:
        told += f" {numbers.number(readiness['attested_points'])} points rest on a person's word."
    console.print(f"[dim]{told}[/]")
    if readiness["capped_because"]:
        held = listing(list(readiness["capped_because"]))
        console.print(f"[dim]Held below the target by open blockers: {escape(held)}.[/]")


def _gates_table(gates: Sequence[Mapping[str, Any]]) -> Table:
    table = make_table("", "criterion", "is", "needs", "points", "evidence", right=("is", "points"))
    for number, gate in enumerate(gates):
        if number:
            table.add_row()
        style = STYLES.get(gate["status"], "dim")
        done = "–" if gate["completion"] is None else f"{numbers.number(gate['completion'])}%"
        title = f"[bold]{escape(gate['title'])}[/] [{style}]{gate['status'].replace('_', ' ')}[/]"
        scored = "/".join(numbers.earned(gate["points"], gate["points_possible"]))
        table.add_row("", title, f"[bold]{done}[/]", "", f"[bold]{scored}[/]", "")
        for criterion in gate["criteria"]:
            table.add_row(*_criterion_row(criterion))
    return table


def _criterion_row(criterion: Mapping[str, Any]) -> tuple[str, ...]:
    state = "attested" if criterion["attested"] else criterion["state"]
    style, word = STYLES[state], STATE_WORDS[state]
    value = word
    if criterion["value"] is not None:
        value = quantity(criterion["value"], criterion["unit"], criterion["threshold"])
        value = value if state in ("passing", "failing") else f"{value}, {word}"
    title = escape(criterion["title"]) + (" [red]blocker[/]" if criterion["blocker"] else "")
    wanted = numbers.wanted(criterion)
    earned = "/".join(numbers.earned(criterion["points"], criterion["points_possible"]))
    return f"[{style}]{STATE_SIGNS[state]}[/]", title, f"[{style}]{value}[/]", wanted, earned, _evidence(criterion)


def _evidence(criterion: Mapping[str, Any]) -> str:
    evidence = criterion["evidence"]
    if evidence["locator"]:
        told = f"{text.place(evidence['locator'])}, {age(evidence['age_days'])}"
        is_said = evidence["kind"] != "simulated" or told.startswith("simulated")
        return escape(told if is_said else f"{told} (simulated)")
    if criterion["attested"]:
        return escape(readable(criterion["because"]))
    if criterion["claim"] and criterion["state"] != "missing":
        return f"[dim]claimed: {escape(shorten(criterion['claim'], 44))}[/]"
    return f"[dim]{escape(shorten(criterion['fix'], 52))}[/]"


def _rules(console: Console, rules: Sequence[Mapping[str, Any]], *, everything: bool) -> None:
    against = [rule for rule in rules if rule["holds"] is not True]
    if not against:
        console.print("\n[green]✓[/] Every rule for GO holds.")
    else:
        console.print(f"\n[bold]What stands against GO[/] ({len(against)} of {count(len(rules), 'rule')})")
    for rule in sorted(rules if everything else against, key=lambda r: (r["holds"] is None, r["holds"])):
        sign, style = {True: ("✓", "green"), False: ("✗", "red"), None: ("?", "yellow")}[rule["holds"]]
        because = readable(rule["because"])
        because = because if everything else shorten(because, 110)
        console.print(f"[{style}]{sign}[/] {escape(rule['text'] or rule['id'])}: [dim]{escape(because)}[/]")


def _claims(console: Console, claims: Sequence[Mapping[str, Any]], *, everything: bool) -> None:
    """The figures claimed of late side by side, each where it was said last; verdicts in words by number."""
    told = [claim for claim in claims if claim["metric"] == "readiness_claim_percent"]
    if not told:
        return
    shown = told[::-1] if everything else _newest_by_value(told)
    console.print(f"\n[bold]What documents claim[/] ({text.count(len(told), 'claim')}; a claim moves nothing)")
    table = make_table("", "", "", "", "")
    for claim in shown:
        value = claim["says"] if claim["value"] is None else f"{numbers.number(claim['value'])}%"
        place = shorten_path(f"{claim['path']}:{claim['line']}", 52)
        quote = shorten(claim["text"], 56)
        left = "" if claim["stands"] else f"removed {when(claim['removed_at'])}"
        left = f"moved to {shorten_path(claim['moved_to'], 40)}" if claim["moved_to"] else left
        table.add_row(
            when(claim["at"]), f"[bold]{escape(value)}[/]", escape(quote), f"[dim]{escape(place)}[/]", escape(left)
        )
    console.print(table)
    if not everything:
        words = Counter(claim["says"].removeprefix("says ") for claim in told if claim["value"] is None)
        verdicts = listing([f"{word} {often(number)}" for word, number in words.most_common()], 6)
        console.print(f"[dim]{f'In words: {escape(verdicts)}. ' if words else ''}All of them: tminus status --all[/]")


def _newest_by_value(claims: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """For each figure claimed within CLAIM_WINDOW of the newest claim its newest sentence; smallest figure first."""
    newest = datetime.fromisoformat(max(claim["at"] for claim in claims))
    fresh = [c for c in claims if newest - datetime.fromisoformat(c["at"]) <= CLAIM_WINDOW and c["value"] is not None]
    by_value = {claim["value"]: claim for claim in sorted(fresh, key=lambda c: c["at"])}
    return [by_value[value] for value in sorted(by_value)]


VERDICT_STYLES = {"GO": "green", "CONDITIONAL GO": "yellow", "NO-GO": "red"}


def pending_plan(console: Console, answer: Mapping[str, Any]) -> None:
    """An edit of the plan that is not in force yet; the first line of an answer."""
    if answer["next_plan_from"]:
        since = when(answer["next_plan_from"])
        console.print(f"[yellow]tminus.toml takes effect on {since}; this answer uses the plan in force before.[/]")


def _candidate(commit: str | None) -> str:
    return f", commit {commit[:9]}" if commit else ""


def conditions(console: Console, rows: Sequence[Mapping[str, Any]]) -> None:
    """What holds by a condition, one line each, with owner and expiry."""
    for row in rows:
        console.print(f"[yellow]•[/] {escape(condition_words(row))}")


def show_check(answer: Mapping[str, Any]) -> None:
    """The verdict in one line, the reasons below."""
    console = make_console()
    pending_plan(console, answer)
    style = VERDICT_STYLES[answer["verdict"]]
    what = f"gate {answer['gate']}" if answer["gate"] else "deployment"
    about = f"{escape(what)}, as of {when(answer['at'])}{_candidate(answer['candidate'])}"
    console.print(f"[bold {style}]{answer['verdict']}[/] for {about}")
    conditions(console, answer["conditions"])
    if answer["rules"]:
        _rules(console, answer["rules"], everything=False)
    else:
        console.print(_gates_table(answer["gates"]))
