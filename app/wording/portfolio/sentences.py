"""Sentences about many projects: how many are ready by a day, what holds them back, how each is."""

from __future__ import annotations

from collections.abc import Sequence

from app.answers.types.portfolio import HoldingBackAnswer, LearnedAnswer, ProjectAnswer, ProjectPull, ReadyAnswer
from app.wording.numbers import number, odds, points, share
from app.wording.text import count, listing, when


def ready_sentence(ready: ReadyAnswer) -> str:
    """How many are ready by the day, with the interval and what it rests on."""
    known, total = ready["with_odds"], ready["projects"]
    day = when(ready["by"])
    if not known:
        return f"Ready by {day}: unknown, none of {count(total, 'project')} has enough evidence for odds."
    of = f"{known} projects with odds" if known < total else f"{count(total, 'project')}"
    apart = (
        f"80% interval: {_range(ready['low'], ready['high'])} if the projects are independent, "
        f"{_range(ready['low_together'], ready['high_together'])} if one delay hits all of them"
    )
    left = total - known
    rest = f" {count(left, 'project')} {'has' if left == 1 else 'have'} no odds: not enough evidence." if left else ""
    return f"Ready by {day}: {number(ready['expected'])} of {of} expected. {apart}.{rest}"


def _range(low: int, high: int) -> str:
    return f"{low}" if low == high else f"{low} to {high}"


def counts_sentence(name: str, projects: Sequence[ProjectAnswer]) -> str:
    """How many projects there are of each verdict: "Shop: 22 projects (21 NO-GO, 1 not readable)"."""
    verdicts = [project["verdict"] or "not readable" for project in projects]
    kinds = ("NO-GO", "CONDITIONAL GO", "GO", "not readable")
    parts = [f"{verdicts.count(kind)} {kind}" for kind in kinds if kind in verdicts]
    by_verdict = f" ({', '.join(parts)})" if parts else ""
    return f"{name}: {count(len(projects), 'project')}{by_verdict}"


def held_sentence(row: HoldingBackAnswer) -> str:
    """In how many projects a subject is open: "Line coverage: open in 12 projects (9 failing, 3 not known)"."""
    counted = ((len(row["failing"]), "failing"), (len(row["unknown"]), "not known"))
    parts = [f"{amount} {words}" for amount, words in counted if amount]
    total = len(row["failing"]) + len(row["unknown"])
    return f"{row['subject']}: open in {count(total, 'project')} ({listing(parts)})"


def pull_words(project: ProjectPull) -> str:
    """How the pull of one project went."""
    if project["error"]:
        return f"failed: {project['error']}"
    rows = f"{project['rows_added']:,} new" if project["rows_added"] else "nothing new"
    failed = f"; {count(len(project['failed_sources']), 'source')} failed" if project["failed_sources"] else ""
    return f"{rows}{failed} ({project['seconds']:.1f} s)"


def odds_words(project: ProjectAnswer) -> str:
    """The odds of GO by the promised day, with the day; "–" where none is promised."""
    if project["promised"] is None:
        return "–"
    chance = "unknown" if project["odds_promised"] is None else odds(project["odds_promised"])
    return f"{chance} by {when(project['promised'])}"


def date_words(project: ProjectAnswer) -> str:
    """The 50% date of GO; where evidence is missing, that of the measured part with its weight."""
    known = "holds now" if project["measured_holds"] else when(project["measured_p50"], "")
    if project["p50"] or not known:
        return when(project["p50"], "no date")
    return f"no date; measured {share((project['measured_weight'] or 0) / 100)}: {known}"


def readiness_words(project: ProjectAnswer) -> str:
    """Readiness with its change in a week: "48.7 (+3.7)"."""
    if project["readiness"] is None:
        return "unknown"
    change = f" ({points(project['change'])})" if project["change"] else ""
    return f"{number(project['readiness'])}{change}"


def name_words(project: ProjectAnswer) -> str:
    """The name, marked where figures are simulated."""
    return f"{project['name']} (simulated)" if project["simulated"] else project["name"]


def known_words(project: ProjectAnswer) -> str:
    """The share of the weight that fresh measurements speak for."""
    return "–" if project["known_weight"] is None else share(project["known_weight"])


def move_words(project: ProjectAnswer) -> str:
    """The biggest move of the last week."""
    move = project["biggest_move"]
    return f"{move['title']} {points(move['points'])}" if move else "none"


def oldest_words(project: ProjectAnswer) -> str:
    """The oldest evidence: "Line coverage, 41 days"."""
    oldest = project["oldest_evidence"]
    return f"{oldest['title']}, {count(round(oldest['age_days']), 'day')}" if oldest else "–"


def learned_sentences(answer: LearnedAnswer) -> list[str]:
    """Whether the odds of the projects' own past are better than the shipped ones, and how that was found."""
    asked = f"{count(answer['moments'], 'moment')} of {count(answer['projects'], 'project')}"
    left_out = [f"Left out: {row['name']}: {row['error']}" for row in answer["unread"]]
    if not answer["enough"]:
        met = "1 criterion" if answer["crossings"] == 1 else f"{answer['crossings']:,} criteria"
        return [
            f"Too little to learn from: {asked}, {met} met while watched. It needs 5 projects and 10 such criteria.",
            *left_out,
        ]
    scores = f"Brier score {answer['score_own']:.4f} against {answer['score_shipped']:.4f} of the shipped odds"
    found = f"On {asked}, each judged by the other projects alone: {scores}, lower is better."
    if not answer["helps"]:
        return [
            found,
            "The difference is within what the choice of projects explains, so the odds stay as shipped.",
            *left_out,
        ]
    days = f"Odds that a criterion is met within {count(answer['within_days'], 'day')}, both ways:"
    return [found, "The projects' own past gives better odds here.", days, *left_out]
