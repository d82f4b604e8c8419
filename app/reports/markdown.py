"""The weekly review as Markdown: the verdict first, then what moved, what stands in the way, and when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.answers.blockers import blocker_changes, criteria_of
from app.wording import forecast as forecast_words
from app.wording.forecast import forecast_headline
from app.wording.next_steps import next_step
from app.wording.numbers import number, number_beside, points, quantity, share, wanted
from app.wording.reasons import readable
from app.wording.slip import date_slip, slip_causes, slip_sentence
from app.wording.status import STATE_SIGNS, STATE_WORDS, UNKNOWN_STATES, nothing_known
from app.wording.text import count, day, people, sentence, shorten

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!])")


def plain(text: str) -> str:
    """Foreign text made inert: no Markdown, no HTML, one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(str(text).split()))


def _when(text: str) -> str:
    return day(datetime.fromisoformat(text))


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; cells must be inert already."""
    lines = [f"| {' | '.join(heads)} |", f"|{'|'.join(' --- ' for _ in heads)}|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def review_markdown(review: Mapping[str, Any]) -> str:
    """The whole review; a section without content says so in words."""
    sections = (
        _head(review),
        _moves(review["moved"]),
        _blockers(review["before"], review["status"]),
        _dates(review["forecast"], review["forecast_before"], review["slip"], _when(review["since"])),
        _path(review["path"], review["status"]["readiness"]["target"]),
        _unmeasured(review["status"]),
        _claims(review["status"], review["since"]),
    )
    return "\n\n".join(section for section in sections if section) + "\n"


def _head(review: Mapping[str, Any]) -> str:
    status, moved = review["status"], review["moved"]["readiness"]
    now, before = number(moved["after"]), number(moved["before"])
    lines = [
        f"# {plain(review['project'])}: weekly review, {_when(review['until'])}",
        f"**{status['decision']['verdict']}.** Readiness **{now}** of {status['readiness']['target']:g} "
        f"({_change(review, before)}). "
        f"Evidence speaks for {share(status['readiness']['known_weight'])} of the weight.",
        plain(forecast_headline(review["forecast"])),
    ]
    if status["simulated"]:
        lines.insert(1, "> Part of these figures is **simulated** sample data, marked so in every row.")
    return "\n\n".join(lines)


def _change(review: Mapping[str, Any], before: str) -> str:
    then = _when(review["since"])
    if nothing_known(review["before"]):
        return f"the first review: nothing had been measured by {then}"
    return f"{points(review['moved']['readiness']['change'])} since {then}, when it was {before}"


def _moves(moved: Mapping[str, Any]) -> str:
    changed = sorted((c for c in moved["criteria"] if c["points"]), key=lambda c: -abs(c["points"]))
    if not changed:
        return "## What moved\n\nNo criterion moved in this window."
    rows = [(points(c["points"]), plain(c["title"]), plain(_from_to(c)), plain(_commits(c))) for c in changed]
    extra = [f"- {plain(p.get('because') or p.get('id', ''))}" for p in (*moved["lost_evidence"], *moved["plan_edits"])]
    opened, closed = (len(moved["items"][key]) for key in ("opened", "closed"))
    told = f"{count(opened, 'item')} opened, {count(closed, 'item')} closed."
    heads = ("points", "criterion", "from → to", "commits")
    return "\n\n".join(["## What moved", table(heads, rows), *(["\n".join(extra)] if extra else []), told])


def _from_to(criterion: Mapping[str, Any]) -> str:
    return " → ".join(quantity(criterion[key], criterion["unit"]) for key in ("before", "after"))


def _commits(criterion: Mapping[str, Any]) -> str:
    """The commits where the diff names them; else only the range or the neighbourhood, never one culprit."""
    if criterion["grade"] == "not comparable" and criterion.get("because"):
        return plain(f"not comparable: {criterion['because']}")
    if criterion["grade"] != "exact":
        return str(criterion["grade"])
    shown = [f"{c['commit'][:10]} {shorten(c['subject'], 60)} ({people(c)})" for c in criterion["commits"][:3]]
    more = len(criterion["commits"]) - len(shown)
    return "; ".join([*shown, *([f"and {more} more"] if more > 0 else [])])


def _blockers(before: Mapping[str, Any], status: Mapping[str, Any]) -> str:
    words, criteria = blocker_changes(before, status), criteria_of(status)
    if not words:
        return "## Blockers\n\nNone is open."
    return "\n\n".join(
        [
            "## Blockers",
            table(("", "criterion", "is", "needs"), (_blocker(criteria[name], word) for word, name in words)),
        ]
    )


def _blocker(criterion: Mapping[str, Any], word: str) -> tuple[str, ...]:
    value = quantity(criterion["value"], criterion["unit"], criterion["threshold"])
    told = f"{STATE_SIGNS[criterion['state']]} {STATE_WORDS[criterion['state']]}"
    shown = told if criterion["value"] is None else f"{told}, {value}"
    return word, plain(criterion["title"]), plain(shown), plain(wanted(criterion))


def _dates(now: Mapping[str, Any], before: Mapping[str, Any], slip: Mapping[str, Any], then: str) -> str:
    lines = [plain(forecast_headline(now))]
    if now["because"]:
        lines.append(plain(sentence(now["because"])))
    if headline := forecast_words.measured_headline(now):
        lines.append(f"**{plain(headline)}**")
        lines.append("\n".join(f"- Missing for GO: {plain(text)}" for text in forecast_words.needed_lines(now)))
    if slip["unit"] != "days":
        lines.append(plain(date_slip(now, before, then)))
    if slip["unit"] != "none":
        lines.append(plain(slip_sentence(slip)))
    causes = [(plain(moved), plain(cause)) for cause, _, moved in slip_causes(slip)]
    if causes:
        lines.append(table(("move", "cause"), causes))
    reasons = forecast_words.lines(forecast_words.further_reasons(now))
    lines.append("\n".join(f"- {plain(text)}" for text in reasons))
    return "\n\n".join(["## The date", *(line for line in lines if line)])


def _path(path: Sequence[Mapping[str, Any]], target: float) -> str:
    if not path:
        return ""
    rows = [
        (
            plain(sentence(readable(m["what"]))) + (" It is a blocker." if m["blocker"] else ""),
            points(m["points"]),
            number_beside(m["readiness"], target),
        )
        for m in path
    ]
    return "\n\n".join([f"## The cheapest path to {target:g}", table(("move", "points", "then at"), rows)])


def _unmeasured(status: Mapping[str, Any]) -> str:
    every = criteria_of(status).values()
    unknown = [c for c in every if c["state"] in UNKNOWN_STATES and not c["attested"]]
    vouched = [c["title"] for c in every if c["attested"]]
    rows = [
        (plain(c["title"]), STATE_WORDS[c["state"]], number(c["points_possible"]), plain(next_step(c)[1]))
        for c in unknown
    ]
    heads = ("criterion", "state", "points at stake", "next step")
    parts = ["## Not measured", table(heads, rows) if rows else "Nothing is unknown."]
    if vouched:
        word = f"{number(status['readiness']['attested_points'])} points rest on a person's word: "
        parts.append(word + plain(", ".join(vouched)) + ".")
    return "\n\n".join(parts)


def _claims(status: Mapping[str, Any], since: str) -> str:
    fresh = [c for c in status["claims"] if c["at"] >= since and c["metric"] == "readiness_claim_percent"]
    if not fresh:
        return ""
    rows = [_claim(claim) for claim in fresh[-12:]]
    heads = ("day", "claim", "in its words", "place")
    return "\n\n".join(["## Claims made in this window (they move nothing)", table(heads, rows)])


def _claim(claim: Mapping[str, Any]) -> tuple[str, ...]:
    value = claim["says"] if claim["value"] is None else f"{number(claim['value'])}%"
    place = f"{claim['path']}:{claim['line']}"
    return _when(claim["at"]), plain(value), plain(shorten(claim["text"], 80)), plain(place)
