"""What a change moves, as the comment on its pull request. One comment is kept up to date: a hidden line marks it."""

from __future__ import annotations

from collections.abc import Sequence

from app.answers.types.change import ChangeAnswer, MarkerAnswer, MovedCriterion
from app.reports.markdown import plain, table
from app.wording.change.effect import date_sentence, readiness_sentence
from app.wording.numbers import change, points, quantity
from app.wording.text import count, shorten

_MOST_MARKERS = 30
_MOST_SIGNS = 60_000  # GitHub takes 65,536 characters


def marker_line(project: str) -> str:
    """The hidden line by which the comment of a project is found again."""
    name = "".join(sign for sign in project if sign.isalnum() or sign in " ._/").strip()
    return f"<!-- tminus pr-comment: {name} -->"


def comment_markdown(answer: ChangeAnswer) -> str:
    """The whole comment; what did not move is one line."""
    parts = [
        marker_line(answer["project"]),
        f"### {plain(answer['project'])}: {plain(readiness_sentence(answer))}",
        plain(date_sentence(answer["date"])),
        *_criteria(answer),
        *_markers(answer),
        *_edits(answer),
        *(f"> {plain(note)}" for note in answer["notes"]),
        _foot(answer),
    ]
    text = "\n\n".join(parts) + "\n"
    return text if len(text) <= _MOST_SIGNS else f"{text[:_MOST_SIGNS]}\n\n(cut: the comment is too long)\n"


def _criteria(answer: ChangeAnswer) -> list[str]:
    parts = []
    if answer["criteria"]:
        rows = [_row(one) for one in answer["criteria"]]
        parts.append(table(("criterion", "before", "after", "change", "points"), rows))
    if answer["not_compared"]:
        lines = [f"- {plain(one['title'])}: {plain(one['because'])}" for one in answer["not_compared"]]
        parts.append("Not compared:\n\n" + "\n".join(lines))
    return parts


def _row(one: MovedCriterion) -> tuple[str, ...]:
    before, after = (plain(quantity(one[end], one["unit"])) for end in ("before", "after"))
    return plain(one["title"]), before, after, plain(change(one["change"], one["unit"])), points(one["points"])


def _markers(answer: ChangeAnswer) -> list[str]:
    opened = [one for one in answer["opened"] if one["path_class"] == "code"]
    closed = [one for one in answer["closed"] if one["path_class"] == "code"]
    elsewhere = len(answer["opened"]) + len(answer["closed"]) - len(opened) - len(closed)
    if not (opened or closed):
        parts = ["No marker in code is opened or closed."]
    else:
        head = f"{count(len(opened), 'marker')} opened and {len(closed)} closed in code:"
        parts = [head + "\n\n" + "\n".join([*_lines("+", opened), *_lines("−", closed)])]
    return [*parts, *([f"{count(elsewhere, 'marker')} in tests, documents and other files."] if elsewhere else [])]


def _lines(sign: str, markers: Sequence[MarkerAnswer]) -> list[str]:
    shown = [
        f"- {sign} {plain(one['path'])}:{one['line']}: {one['label']} {plain(shorten(one['text'], 120))}".rstrip()
        for one in markers[:_MOST_MARKERS]
    ]
    rest = len(markers) - len(shown)
    return [*shown, *([f"- {sign} and {rest} more"] if rest else [])]


def _edits(answer: ChangeAnswer) -> list[str]:
    if not answer["plan_edits"]:
        return []
    lines = [f"- {plain(one['id'])}: {plain(one['says'])} ({points(one['points'])})" for one in answer["plan_edits"]]
    return ["The change edits the plan:\n\n" + "\n".join(lines)]


def _foot(answer: ChangeAnswer) -> str:
    simulated = " Part of the values is simulated." if answer["simulated"] else ""
    return f"<sub>{answer['base'][:10]}..{answer['head'][:10]}, T-minus.{simulated}</sub>"
