"""The text that is sent: the written review, or only what changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from app.answers.types.delivery import ChangeEntry
from app.answers.types.review import ReviewAnswer
from app.reports.markdown import plain, review_sections
from app.wording.numbers import number, points
from app.wording.promised import promised_sentence
from app.wording.text import when


class Message(NamedTuple):
    """Title in plain text, body in Markdown."""

    title: str
    body: str


def review_message(review: ReviewAnswer) -> Message:
    """The whole written review; its heading is the title."""
    head, *sections = review_sections(review)
    lead = head.split("\n\n", 1)[1]
    return Message(f"{review['project']}: weekly review, {when(review['until'])}", "\n\n".join([lead, *sections]))


def changes_message(review: ReviewAnswer, changes: Sequence[ChangeEntry]) -> Message:
    """What changed, a line each, under the verdict."""
    readiness = review["moved"]["readiness"]
    change = "" if readiness["change"] is None else f" ({points(readiness['change'])} since {when(review['since'])})"
    verdict = review["status"]["decision"]["verdict"]
    lead = f"**{verdict}.** Readiness {number(readiness['after'])} of 100{change}."
    lines = [plain(part) for part in (promised_sentence(review["forecast"]),) if part]
    listed = "\n".join(f"- {plain(entry['text'])}" for entry in changes)
    return Message(f"{review['project']}: what changed, {when(review['until'])}", "\n\n".join([lead, *lines, listed]))
