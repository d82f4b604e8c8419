"""Answers on a terminal: short lines, signs beside colours, plain text when piped."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from app import phrasing
from app.phrasing import STATE_SIGNS, STATE_WORDS, count, day, odds, points, quantity

if TYPE_CHECKING:
    import pandas as pd

    from app.collecting import InitReport
    from ingest.pull import PullReport

_STYLES = {
    "passing": "green",
    "failing": "red",
    "missing": "yellow",
    "unknown": "yellow",
    "stale": "yellow",
    "claimed": "yellow",
    "waived": "cyan",
    "not_applicable": "dim",
}
PIPED_WIDTH = 140
SHOWN_CLAIMS = 8


def _console() -> Console:
    piped = not sys.stdout.isatty()
    return Console(width=PIPED_WIDTH if piped else None, highlight=False, soft_wrap=False)


def _table(*columns: str, right: Sequence[str] = ()) -> Table:
    table = Table(box=None, pad_edge=False, show_header=any(columns), header_style="dim", padding=(0, 2, 0, 0))
    for column in columns:
        justify = "right" if column in right else "left"
        table.add_column(column, justify=justify, overflow="fold")  # type: ignore[arg-type]
    return table


def _when(text: str) -> str:
    return day(datetime.fromisoformat(text))


def _simulated(console: Console, answer: Mapping[str, Any]) -> None:
    if answer.get("simulated"):
        console.print("[yellow]Part of these figures is simulated sample data, marked so in every row.[/]")


# --- init and pull -------------------------------------------------------------------------------------------------


def show_init(done: InitReport) -> None:
    """What was written, and what became of each part of the document."""
    console = _console()
    table = _table("lines", "section", "became")
    for entry in done.account:
        table.add_row(escape(entry.lines), escape(entry.heading), escape(entry.became))
    if done.account:
        console.print(table)
        console.print()
    console.print(
        f"Wrote [bold]{escape(str(done.path))}[/]: {count(done.gates, 'gate')}, "
        f"{phrasing.count_of(done.criteria, 'criterion', 'criteria')}, from {escape(done.source)}."
    )
    console.print("Next: look it through, then [bold]tminus pull[/] reads the history.")


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[str], Callable[[int, int | None, str], None]] | None]:
    """A progress bar a source, with counts and rate; nothing when quiet or piped."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<28}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:

        def watch(source: str) -> Callable[[int, int | None, str], None]:
            task = bars.add_task(source, total=None)
            return lambda done, total, what: bars.update(
                task, completed=done, total=total, description=f"{source}: {what}"
            )

        yield watch


def show_pull(report: PullReport, *, quiet: bool) -> None:
    """A line a source; warnings below."""
    console = _console()
    for source in report.sources:
        sign, style = ("✓", "green") if source.ok else ("✗", "red")
        counted = ", ".join(f"{value:,} {name.replace('_', ' ')}" for name, value in source.counts.items() if value)
        told = escape(source.error) if not source.ok else f"{source.rows_added:,} new figures"
        if not quiet or not source.ok:
            console.print(
                f"[{style}]{sign}[/] {source.source:<11} {told}" + (f"  [dim]{counted}[/]" if counted else "")
            )
        for warning in source.warnings if not quiet else ():
            console.print(f"  [yellow]![/] {escape(warning)}")
    if not quiet and report.rows_added == 0 and all(source.ok for source in report.sources):
        console.print("Nothing new since the last pull.")


# --- status --------------------------------------------------------------------------------------------------------


def show_status(answer: Mapping[str, Any], *, everything: bool = False) -> None:
    """The verdict, the gates with their evidence, what stands against GO, and the claims beside it."""
    console = _console()
    _headline(console, answer)
    _simulated(console, answer)
    console.print()
    console.print(_gates_table(answer["gates"]))
    _rules(console, answer["decision"]["rules"], everything=everything)
    _claims(console, answer["claims"], everything=everything)


def _headline(console: Console, answer: Mapping[str, Any]) -> None:
    readiness, verdict = answer["readiness"], answer["decision"]["verdict"]
    style = "green" if verdict == "GO" else "red"
    value = phrasing.number_beside(readiness["value"], readiness["target"])
    console.print(
        f"[bold]{escape(answer['project'])}[/]: readiness [bold]{value}[/] of {readiness['target']:g}, "
        f"[bold {style}]{verdict}[/], as of {_when(answer['at'])}"
    )
    told = f"Evidence speaks for {readiness['known_weight']:.0%} of the weight; what is not measured earns nothing."
    if readiness["attested_points"]:
        told += f" {phrasing.number(readiness['attested_points'])} points rest on a person's word."
    console.print(f"[dim]{told}[/]")
    if readiness["capped_because"]:
        held = phrasing.listing(list(readiness["capped_because"]))
        console.print(f"[dim]Held below the target by open blockers: {escape(held)}.[/]")


def _gates_table(gates: Sequence[Mapping[str, Any]]) -> Table:
    table = _table("", "criterion", "is", "needs", "points", "evidence", right=("is", "points"))
    for number, gate in enumerate(gates):
        if number:
            table.add_row()
        style = _STYLES.get(gate["status"], "dim")
        done = "–" if gate["completion"] is None else f"{phrasing.number(gate['completion'])}%"
        title = f"[bold]{escape(gate['title'])}[/] [{style}]{gate['status'].replace('_', ' ')}[/]"
        scored = f"{phrasing.number(gate['points'])}/{phrasing.number(gate['points_possible'])}"
        table.add_row("", title, f"[bold]{done}[/]", "", f"[bold]{scored}[/]", "")
        for criterion in gate["criteria"]:
            table.add_row(*_criterion_row(criterion))
    return table


def _criterion_row(criterion: Mapping[str, Any]) -> tuple[str, ...]:
    state = criterion["state"]
    style = _STYLES[state]
    value = STATE_WORDS[state]
    if criterion["value"] is not None:
        value = quantity(criterion["value"], criterion["unit"], criterion["threshold"])
        value = value if state in ("passing", "failing") else f"{value} ({STATE_WORDS[state]})"
    title = escape(criterion["title"]) + (" [red]blocker[/]" if criterion["blocker"] else "")
    wanted = phrasing.demand(criterion["comparator"], criterion["threshold"], criterion["unit"])
    earned = f"{phrasing.number(criterion['points'])}/{phrasing.number(criterion['points_possible'])}"
    return f"[{style}]{STATE_SIGNS[state]}[/]", title, f"[{style}]{value}[/]", wanted, earned, _evidence(criterion)


def _evidence(criterion: Mapping[str, Any]) -> str:
    evidence = criterion["evidence"]
    if evidence["locator"]:
        told = f"{_short(evidence['locator'])}, {phrasing.age(evidence['age_days'])}"
        return escape(told + (" (simulated)" if evidence["kind"] == "simulated" else ""))
    if criterion["claim"]:
        return f"[dim]claimed: {escape(phrasing.shorten(criterion['claim'], 60))}[/]"
    return f"[dim]{escape(phrasing.shorten(criterion['fix'], 60))}[/]"


def _short(locator: str) -> str:
    if locator.startswith("git:"):
        return f"commit {locator[4:14]}"
    return phrasing.shorten(locator, 48)


def _rules(console: Console, rules: Sequence[Mapping[str, Any]], *, everything: bool) -> None:
    against = [rule for rule in rules if rule["holds"] is not True]
    if not against:
        console.print("\n[green]✓[/] Every rule for GO holds.")
    else:
        console.print(f"\n[bold]What stands against GO[/] ({len(against)} of {count(len(rules), 'rule')})")
    for rule in sorted(rules if everything else against, key=lambda r: (r["holds"] is None, r["holds"])):
        sign, style = {True: ("✓", "green"), False: ("✗", "red"), None: ("?", "yellow")}[rule["holds"]]
        text = rule["text"] or rule["id"]
        console.print(f"[{style}]{sign}[/] {escape(text)}: [dim]{escape(rule['because'])}[/]")


def _claims(console: Console, claims: Sequence[Mapping[str, Any]], *, everything: bool) -> None:
    told = [claim for claim in claims if claim["metric"] == "readiness_claim_percent"]
    if not told:
        return
    newest_first = told[::-1]
    shown = newest_first if everything else newest_first[:SHOWN_CLAIMS]
    console.print(f"\n[bold]What documents claim[/] ({len(told)}; a claim moves nothing)")
    table = _table("", "", "", "")
    for claim in shown:
        value = claim["says"] if claim["value"] is None else f"{phrasing.number(claim['value'])}%"
        place = f"{claim['path']}:{claim['line']}"
        quote = phrasing.shorten(claim["text"], 70)
        table.add_row(_when(claim["at"]), f"[bold]{escape(value)}[/]", escape(quote), f"[dim]{escape(place)}[/]")
    console.print(table)
    if len(shown) < len(told):
        console.print(f"[dim]and {len(told) - len(shown)} more: tminus status --all[/]")


def show_check(answer: Mapping[str, Any]) -> None:
    """The verdict in one line, the reasons below."""
    console = _console()
    style = "green" if answer["verdict"] == "GO" else "red"
    what = f"gate {answer['gate']}" if answer["gate"] else "deployment"
    console.print(f"[bold {style}]{answer['verdict']}[/] for {escape(what)}, as of {_when(answer['at'])}")
    if answer["rules"]:
        _rules(console, answer["rules"], everything=False)
    else:
        console.print(_gates_table(answer["gates"]))


# --- forecast ------------------------------------------------------------------------------------------------------


def show_forecast(answer: Mapping[str, Any]) -> None:
    """The sentence first, then the odds, then what each criterion needs."""
    console = _console()
    console.print(f"\n[bold]{escape(phrasing.forecast_headline(answer))}[/]")
    _simulated(console, answer)
    if answer["because"]:
        console.print(f"[dim]{escape(phrasing.sentence(answer['because']))}[/]")
    if answer["outcome"] == "not_enough_evidence" and answer["readiness"]["outcome"] != "not_enough_evidence":
        console.print(escape(phrasing.part_headline("Readiness alone", answer["readiness"], answer["horizon_days"])))
    for sentence in answer["go"]["drivers"]:
        console.print(f"  {escape(sentence)}")
    if answer["criteria"]:
        console.print()
        console.print(_crossings_table(answer))


def _crossings_table(answer: Mapping[str, Any]) -> Table:
    table = _table(
        "criterion", "50%", "80%", "within a year", "per week, seen", "needed", right=("per week, seen", "needed")
    )
    for part in answer["criteria"]:
        table.add_row(
            escape(part["id"]),
            _quantile(part, "p50"),
            _quantile(part, "p80"),
            odds(phrasing.odds_within(part, 365)),
            phrasing.number(part["pace_seen"], 2),
            phrasing.number(part["pace_needed"], 2),
        )
    return table


def _quantile(part: Mapping[str, Any], name: str) -> str:
    if part["outcome"] == "not_enough_evidence":
        return "too little evidence"
    if part["outcome"] == "not_at_this_rate":
        return "not at this rate"
    found = part["quantiles"][name]
    return _when(found) if found else "beyond horizon"


def show_crossing(answer: Mapping[str, Any]) -> None:
    """The forecast of one series."""
    console = _console()
    subject = f"{'≥' if answer['direction'] == 'higher' else '≤'} {answer['threshold']:g}"
    console.print(f"[bold]{escape(phrasing.part_headline(subject, answer, answer['horizon_days']))}[/]")
    if answer["because"]:
        console.print(f"[dim]{escape(phrasing.sentence(answer['because']))}[/]")
    for sentence in answer["drivers"]:
        console.print(f"  {escape(sentence)}")
    table = _table("by", "odds", right=("odds",))
    for row in answer["probability_by"]:
        table.add_row(_when(row["date"]), odds(row["probability"]))
    if answer["probability_by"]:
        console.print(table)


# --- moved ---------------------------------------------------------------------------------------------------------


def show_moved(answer: Mapping[str, Any]) -> None:
    """The change, the criteria that made it with their commits, and the items opened and closed."""
    console = _console()
    readiness = answer["readiness"]
    before, after = phrasing.number(readiness["before"]), phrasing.number(readiness["after"])
    window = f"{_when(answer['since'])} to {_when(answer['until'])}"
    console.print(f"\n[bold]Readiness {before} → {after} ({points(readiness['change'])}), {window}[/]")
    _simulated(console, answer)
    moved = [criterion for criterion in answer["criteria"] if criterion["points"] or criterion["commits"]]
    if not moved:
        console.print("[dim]No criterion moved in this window.[/]")
    for criterion in moved:
        _moved_criterion(console, criterion)
    for part in (*answer["lost_evidence"], *answer["plan_edits"]):
        told = part.get("because") or part.get("text") or part.get("id", "")
        console.print(f"  [yellow]![/] {escape(str(told))} ({points(part.get('points') or 0.0)})")
    _items(console, "opened", answer["items"]["opened"])
    _items(console, "closed", answer["items"]["closed"])


def _moved_criterion(console: Console, criterion: Mapping[str, Any]) -> None:
    before, after = (phrasing.number(criterion[key]) for key in ("before", "after"))
    grade = f"[dim]{escape(criterion['grade'])}[/]"
    console.print(f"  {points(criterion['points']):>6}  {escape(criterion['id'])}: {before} → {after}  {grade}")
    for commit in criterion["commits"][:5]:
        delta = "" if commit["delta"] is None else points(commit["delta"], 2)
        subject = escape(phrasing.shorten(commit["subject"], 70))
        console.print(
            f"          {delta:>6}  [dim]{commit['commit'][:10]}[/] {subject} [dim]{escape(commit['author'])}[/]"
        )
    if len(criterion["commits"]) > 5:
        console.print(f"          [dim]and {len(criterion['commits']) - 5} more commits[/]")


def _items(console: Console, word: str, items: Sequence[Mapping[str, Any]]) -> None:
    if not items:
        return
    console.print(f"[bold]{len(items)} {word}[/]")
    for item in items[:6]:
        place = f"{item['path']}:{item['line']}" if item["line"] else item["path"]
        text = escape(phrasing.shorten(item["text"], 70))
        console.print(f"  {item['label']} {text} [dim]{escape(place)}[/]")
    if len(items) > 6:
        console.print(f"  [dim]and {len(items) - 6} more[/]")


# --- the rest ------------------------------------------------------------------------------------------------------


def show_explanation(answer: Mapping[str, Any]) -> None:
    """Every criterion's arithmetic, then the cheapest path to the target."""
    console = _console()
    for criterion in answer["criteria"]:
        console.print(f"[bold]{escape(criterion['title'])}[/] ({escape(criterion['id'])})")
        console.print(f"  {escape(phrasing.arithmetic(criterion))}")
        console.print(f"  [dim]{escape(phrasing.sentence(criterion['because']))}[/]")
        for key in ("why", "fix"):
            if answer["plans"].get(criterion["id"], {}).get(key):
                console.print(f"  [dim]{key}: {escape(answer['plans'][criterion['id']][key])}[/]")
    if answer["criterion"] is None and answer["path"]:
        console.print(f"\n[bold]The cheapest path to {answer['readiness']['target']:g}[/]")
        table = _table("", "points", "then at", "proof", right=("points", "then at"))
        for move in answer["path"]:
            what = escape(move["what"]) + (" [red]blocker[/]" if move["blocker"] else "")
            after = phrasing.number_beside(move["readiness"], answer["readiness"]["target"])
            table.add_row(what, points(move["points"]), after, f"[dim]{escape(move['proof'])}[/]")
        console.print(table)


def show_series(frame: pd.DataFrame) -> None:
    """The newest points of a series."""
    console = _console()
    table = _table("observed", "scope", "value", "kind", "evidence", right=("value",))
    for row in frame.tail(40).itertuples():
        value = quantity(row.value, row.unit) if row.value == row.value else f"unknown: {row.reason}"
        when = f"{row.observed_at:%Y-%m-%d %H:%M}"
        table.add_row(when, escape(row.scope), escape(value), row.kind, f"[dim]{escape(_short(row.locator))}[/]")
    console.print(table)
    if len(frame) > 40:
        console.print(f"[dim]the newest 40 of {len(frame):,} points; all of them: --csv or --json[/]")


def show_frame(frame: pd.DataFrame, *, as_csv: bool = False, as_json: bool = False) -> None:
    """A frame as table, CSV or JSON records."""
    if as_csv:
        sys.stdout.write(frame.to_csv(index=False))
        return
    if as_json:
        sys.stdout.write(frame.to_json(orient="records", date_format="iso", indent=2) + "\n")
        return
    table = _table(*[str(column) for column in frame.columns])
    for row in frame.head(200).itertuples(index=False):
        table.add_row(*[escape(phrasing.cell(value)) for value in row])
    console = _console()
    console.print(table)
    if len(frame) > 200:
        console.print(f"[dim]the first 200 of {len(frame):,} rows; all of them: --csv[/]")


def show_reading(answer: Mapping[str, Any]) -> None:
    """What each file would yield."""
    console = _console()
    for file in answer["files"]:
        tool = f"{file['tool']} {file['tool_version']}".strip()
        console.print(
            f"[bold]{escape(file['file'])}[/]  {escape(file['format'] or 'unknown format')}  [dim]{escape(tool)}[/]"
        )
        table = _table("", "", "")
        for found in file["observations"]:
            value = f"unknown: {found['reason']}" if found["value"] is None else quantity(found["value"], found["unit"])
            table.add_row(f"  {found['metric']}", escape(found["scope"]), escape(value))
        console.print(table)
        if file["items"]:
            console.print(
                f"  {count(len(file['items']), 'item')}, e.g. {escape(phrasing.shorten(file['items'][0]['text'], 80))}"
            )
        for warning in file["warnings"]:
            console.print(f"  [yellow]![/] {escape(warning)}")


def show_backtest(answer: Mapping[str, Any]) -> None:
    """Scores a method, best first."""
    console = _console()
    console.print(escape(answer["because"]))
    table = _table(*answer["columns"], right=tuple(answer["columns"][1:]))
    for row in answer["methods"]:
        table.add_row(*[escape(phrasing.cell(row[column])) for column in answer["columns"]])
    console.print(table)


def show_doctor(answer: Mapping[str, Any]) -> None:
    """Findings, each with its next step."""
    console = _console()
    signs = {"good": ("✓", "green"), "note": ("·", "dim"), "warning": ("!", "yellow"), "error": ("✗", "red")}
    for finding in answer["findings"]:
        sign, style = signs[finding["level"]]
        console.print(f"[{style}]{sign}[/] {escape(finding['what'])}")
        if finding["next"]:
            console.print(f"    [dim]next: {escape(finding['next'])}[/]")
