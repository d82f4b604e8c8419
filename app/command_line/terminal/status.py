"""`tminus status` and `tminus check` on a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from app.answers.blockers import criteria_of
from app.answers.types.status import (
    CheckAnswer,
    ClaimAnswer,
    ConditionAnswer,
    CriterionAnswer,
    GateAnswer,
    RuleAnswer,
    StatusAnswer,
)
from app.command_line.terminal.console import STYLES, make_console, make_table, note_simulated, when
from app.wording import numbers, text
from app.wording.documents.checklist import unaccepted_words
from app.wording.numbers import number_beside, quantity, share
from app.wording.status import (
    STATE_SIGNS,
    STATE_WORDS,
    condition_words,
    how_old,
    not_for_go,
    of_other_commits,
    with_lag,
)
from app.wording.text import count, listing, shorten, shorten_path, times

CLAIM_WINDOW = timedelta(days=7)
VERDICT_STYLES = {"GO": "green", "CONDITIONAL GO": "yellow", "NO-GO": "red"}
_ORDER = {False: 0, True: 1, None: 2}  # broken rules first, those without an answer last


def show_status(answer: StatusAnswer, *, everything: bool = False) -> None:
    """The verdict, the gates with their evidence, what prevents GO, and the claims beside it."""
    console = make_console()
    _pending_plan(console, answer["next_plan_from"])
    _headline(console, answer)
    _conditions(console, answer["decision"]["conditions"])
    note_simulated(console, simulated=answer["simulated"])
    console.print()
    console.print(_gates_table(answer["gates"], not_for_go(answer["decision"]["rules"])))
    _rules(console, answer["decision"]["rules"], everything=everything)
    _claims(console, answer["claims"], everything=everything)
    if changes := answer["document"].get("changes"):
        console.print(f"[yellow]Note:[/] {escape(unaccepted_words(changes))}; see `tminus init --update`.")
    if answer.get("remark"):
        console.print(f"[yellow]Note:[/] {escape(answer['remark'])}; `git fetch` brings what is newer.")


def _headline(console: Console, answer: StatusAnswer) -> None:
    readiness, verdict = answer["readiness"], answer["decision"]["verdict"]
    style = VERDICT_STYLES[verdict]
    value = number_beside(readiness["value"], readiness["target"])
    console.print(
        f"[bold]{escape(answer['project'])}[/]: readiness [bold]{value}[/] of 100, target {readiness['target']:g}, "
        f"[bold {style}]{verdict}[/], as of {when(answer['at'])}{_candidate(answer['decision']['candidate'])}"
    )
    known = share(readiness["known_weight"])
    measured = f"{known} of the weight is measured; what is not measured earns nothing."
    if readiness["attested_points"]:
        measured += f" {numbers.number(readiness['attested_points'])} points are attested by a named person."
    console.print(f"[dim]{measured}[/]")
    if readiness["capped_because"]:
        titles = criteria_of(answer)
        held = listing([titles[name]["title"] for name in readiness["capped_because"]])
        console.print(f"[dim]Open blockers keep it below the target: {escape(held)}.[/]")


def _gates_table(gates: Sequence[GateAnswer], doubts: Mapping[str, str]) -> Table:
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
            table.add_row(*_criterion_row(criterion, doubts.get(criterion["id"], "")))
    return table


def _criterion_row(criterion: CriterionAnswer, doubt: str) -> tuple[str, ...]:
    state = "attested" if criterion["attested"] else criterion["state"]
    style, word = STYLES[state], STATE_WORDS[state]
    value = word
    if criterion["value"] is not None:
        value = quantity(criterion["value"], criterion["unit"], criterion["threshold"])
        value = value if state in ("passing", "failing") else f"{value}, {word}"
    title = escape(criterion["title"]) + (" [red]blocker[/]" if criterion["blocker"] else "")
    wanted = numbers.wanted(criterion)
    earned = "/".join(numbers.earned(criterion["points"], criterion["points_possible"]))
    sign, evidence = STATE_SIGNS[state], _evidence(criterion)
    if doubt:
        sign, style, evidence = "?", "yellow", f"[yellow]{escape(doubt)}[/]; {evidence}"
    return f"[{style}]{sign}[/]", title, f"[{style}]{value}[/]", wanted, earned, evidence


def _evidence(criterion: CriterionAnswer) -> str:
    evidence = criterion["evidence"]
    if evidence["locator"]:
        place = f"{with_lag(text.place(evidence['locator']), evidence)}, {how_old(evidence)}"
        is_marked = evidence["kind"] != "simulated" or place.startswith("simulated")
        return escape(place if is_marked else f"{place} (simulated)")
    if criterion["attested"]:
        return escape(criterion["because"])
    if criterion["claim"] and criterion["state"] != "missing":
        return f"[dim]claimed: {escape(shorten(criterion['claim'], 44))}[/]"
    return f"[dim]{escape(shorten(criterion['fix'], 52))}[/]"


def _rules(console: Console, rules: Sequence[RuleAnswer], *, everything: bool) -> None:
    against = [rule for rule in rules if rule["holds"] is not True]
    if not against:
        console.print("\n[green]✓[/] Every rule for GO holds.")
    else:
        console.print(f"\n[bold]What prevents GO[/] ({len(against)} of {count(len(rules), 'rule')})")
    for rule in sorted(rules if everything else against, key=lambda rule: _ORDER[rule["holds"]]):
        sign, style = {True: ("✓", "green"), False: ("✗", "red"), None: ("?", "yellow")}[rule["holds"]]
        because = rule["because"]
        because = because if everything else shorten(because, 110)
        console.print(f"[{style}]{sign}[/] {escape(rule['text'] or rule['id'])}: [dim]{escape(because)}[/]")


def _claims(console: Console, claims: Sequence[ClaimAnswer], *, everything: bool) -> None:
    """The percentages claimed lately side by side, each at its newest place; verdicts in words with their numbers."""
    about_readiness = [claim for claim in claims if claim["metric"] == "readiness_claim_percent"]
    if not about_readiness:
        return
    shown = about_readiness[::-1] if everything else _newest_by_value(about_readiness)
    console.print(
        f"\n[bold]What documents claim[/] ({count(len(about_readiness), 'claim')}; a claim changes no readiness)"
    )
    table = make_table("", "", "", "", "")
    for claim in shown:
        table.add_row(*_claim_row(claim))
    console.print(table)
    if not everything:
        words = Counter(claim["says"].removeprefix("says ") for claim in about_readiness if claim["value"] is None)
        verdicts = listing([f"{word} {times(number)}" for word, number in words.most_common()], 6)
        console.print(f"[dim]{f'In words: {escape(verdicts)}. ' if words else ''}All of them: tminus status --all[/]")


def _claim_row(claim: ClaimAnswer) -> tuple[str, ...]:
    """Day, claim, quote, place, and when the line was removed or where it was moved to."""
    value = claim["says"] if claim["value"] is None else f"{numbers.number(claim['value'])}%"
    line = "" if claim["line"] is None else f":{claim['line']}"
    place = shorten_path(f"{claim['path']}{line}", 52)
    removed = "" if claim["removed_at"] is None else f"removed {when(claim['removed_at'])}"
    removed = f"moved to {shorten_path(claim['moved_to'], 40)}" if claim["moved_to"] else removed
    quote = escape(shorten(claim["text"], 56))
    return when(claim["at"]), f"[bold]{escape(value)}[/]", quote, f"[dim]{escape(place)}[/]", escape(removed)


def _newest_by_value(claims: Sequence[ClaimAnswer]) -> list[ClaimAnswer]:
    """For each percentage claimed within CLAIM_WINDOW of the newest claim the newest claim of it; smallest first."""
    newest = datetime.fromisoformat(max(claim["at"] for claim in claims))
    fresh = [c for c in claims if newest - datetime.fromisoformat(c["at"]) <= CLAIM_WINDOW and c["value"] is not None]
    by_value = {claim["value"] or 0.0: claim for claim in sorted(fresh, key=lambda c: c["at"])}
    return [by_value[value] for value in sorted(by_value)]


def _pending_plan(console: Console, since: str | None) -> None:
    """An edit of the plan that is not in force yet; the first line of an answer."""
    if since:
        console.print(
            f"[yellow]tminus.toml takes effect on {when(since)}; this answer uses the plan in force before.[/]"
        )


def _candidate(commit: str | None) -> str:
    return f", commit {commit[:9]}" if commit else ""


def _conditions(console: Console, conditions: Sequence[ConditionAnswer]) -> None:
    """What holds by a condition, one line each, with owner and expiry."""
    for condition in conditions:
        console.print(f"[yellow]•[/] {escape(condition_words(condition))}")


def _left_out(console: Console, gates: Sequence[GateAnswer]) -> None:
    """Blockers that the plan takes out of the verdict, with its reason: nobody is asked for them."""
    for criterion in (c for gate in gates for c in gate["criteria"]):
        if criterion["blocker"] and criterion["state"] == "not_applicable":
            why = criterion["because"].removeprefix("not applicable: ")
            console.print(f"[yellow]•[/] {escape(criterion['title'])} (blocker) does not apply: {escape(why)}")


_ASKED = {"deploy": "deployment", "running": "what runs", "promotion": "promotion"}


def show_check(answer: CheckAnswer) -> None:
    """The verdict in one line, the reasons below; with a baseline the comparison instead."""
    console = make_console()
    if "ratchet" in answer:
        from app.command_line.terminal.ratchet import show_ratchet

        show_ratchet(console, answer["ratchet"])
        console.print(f"Verdict{_candidate(answer['candidate'])}: {answer['verdict']} (tminus check has the reasons)")
        return
    _pending_plan(console, answer["next_plan_from"])
    style = VERDICT_STYLES[answer["verdict"]]
    what = f"gate {answer['gate']}" if answer["gate"] else _ASKED[answer["kind"]]
    about = f"{escape(what)}, as of {when(answer['at'])}{_candidate(answer['candidate'])}"
    console.print(f"[bold {style}]{answer['verdict']}[/] for {about}")
    _conditions(console, answer["conditions"])
    _left_out(console, answer["gates"])
    if answer["rules"]:
        _rules(console, answer["rules"], everything=False)
    else:
        console.print(_gates_table(answer["gates"], not_for_go(answer["rules"])))
    if others := of_other_commits(answer):
        console.print(f"[dim]{escape(others)}[/]")
