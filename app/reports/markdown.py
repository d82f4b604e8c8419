"""The weekly review as Markdown: the verdict first, then what moved, the blockers, the date, the next steps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from app.answers.blockers import blocker_changes, criteria_of, open_blockers
from app.answers.types.explain import MoveAnswer
from app.answers.types.forecast import JointForecastAnswer, SlipAnswer
from app.answers.types.meeting import CoursePoint, StuckAnswer
from app.answers.types.movement import CriterionMoveAnswer, MovedAnswer
from app.answers.types.review import ReviewAnswer
from app.answers.types.status import ClaimAnswer, CriterionAnswer, ReadinessAnswer, StatusAnswer
from app.wording import forecast as forecast_words
from app.wording.forecast import forecast_headline
from app.wording.meeting import conditions, needs_action, path_gain, since_words, state_words
from app.wording.movement import movement_parts, total_points
from app.wording.next_steps import is_decided_by_parts, next_lines, next_step
from app.wording.numbers import number, points, quantity, share, wanted
from app.wording.promised import assumed_sentence, promised_sentence, together_sentence
from app.wording.rollout.process import overdue_lines
from app.wording.rollout.stages import deployment_name
from app.wording.slip import (
    COURSE_HEADER,
    course_lines,
    date_slip,
    promise_moves_sentence,
    slip_causes,
    slip_sentence,
)
from app.wording.status import STATE_SIGNS, STATE_WORDS, UNKNOWN_STATES, also_against, change_lines, nothing_known
from app.wording.text import count, day, listing, one_line, people, sentence, shorten, when
from app.wording.track_record import deployment_record

_NOTES_SHOWN = 12  # of the imported document
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!&])")


def plain(text: str) -> str:
    """Text of others with Markdown and HTML escaped, on one line."""
    return _SPECIAL.sub(r"\\\1", one_line(text))


def _with_commands(text: str) -> str:
    """`plain`, with what is between backticks as code: the commands in sentences of this program."""
    parts = one_line(text).split("`")
    if len(parts) % 2 == 0:  # a backtick without its other
        return plain(text)
    return "".join(f"`{part}`" if place % 2 else _SPECIAL.sub(r"\\\1", part) for place, part in enumerate(parts))


def _when(text: str) -> str:
    return day(datetime.fromisoformat(text))


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; the cells are escaped already."""
    lines = [f"| {' | '.join(header)} |", f"|{'|'.join(' --- ' for _ in header)}|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def review_markdown(review: ReviewAnswer) -> str:
    """The whole review; a section without content says so in words."""
    return "\n\n".join(review_sections(review)) + "\n"


def review_sections(review: ReviewAnswer) -> list[str]:
    """The sections of the review, each with its heading first."""
    sections = (
        _head(review),
        _decisions(review),
        _messages(review),
        _moves(review["moved"]),
        _blockers(review["before"], review["status"], review.get("stuck", [])),  # earlier versions have none
        _dates(review["forecast"], review["forecast_before"], review["slip"], _when(review["since"])),
        _course(review.get("course", []), _deployed(review)),  # reviews of earlier versions have none
        _path(review["path"], review["status"]["readiness"]),
        _conditions(review["status"]),
        _unmeasured(review["status"]),
        _claims(review["status"], review["since"]),
        _document(review["status"]),
    )
    return [section for section in sections if section]


def _head(review: ReviewAnswer) -> str:
    status, moved = review["status"], review["moved"]["readiness"]
    now, before = number(moved["after"]), number(moved["before"])
    lines = [
        f"# {plain(review['project'])}: weekly review, {_when(review['until'])}",
        f"**{status['decision']['verdict']}.** Readiness **{now}** of 100, target {status['readiness']['target']:g} "
        f"({_change(review, before)}). "
        f"{share(status['readiness']['known_weight'])} of the weight is measured.",
        plain(forecast_headline(review["forecast"])),
    ]
    if against := also_against(status, blockers_open=bool(open_blockers(status))):
        lines.insert(2, _with_commands(against))
    if promised := promised_sentence(review["forecast"]):
        lines.insert(1, f"**{plain(promised)}**")
    today = datetime.fromisoformat(review["until"]).date()
    if needed := needs_action(status, review["decisions"], today, len(open_blockers(status))):
        lines.append(f"Needs action: {', '.join(words for words, _ in needed)}.")
    if status["simulated"]:
        lines.insert(1, "> Part of these values is **simulated** sample data; each such row says so.")
    return "\n\n".join(lines)


def _change(review: ReviewAnswer, before: str) -> str:
    then = _when(review["since"])
    if nothing_known(review["before"]):
        return f"the first review: nothing had been measured by {then}"
    change = review["moved"]["readiness"]["change"]
    return f"{'–' if change is None else points(change)} since {then}, when it was {before}"


def _decisions(review: ReviewAnswer) -> str:
    if not review["decisions"]:
        return "## Decisions\n\nNone is open."
    today = datetime.fromisoformat(review["until"]).date()
    rows = [
        tuple(
            plain(cell)
            for cell in (d["id"], d["text"], d["owner"], when(d["due"]), state_words(d, today), since_words(d))
        )
        for d in review["decisions"]
    ]
    return "\n\n".join(["## Decisions", table(("", "what", "owner", "due", "state", "evidence since"), rows)])


def _messages(review: ReviewAnswer) -> str:
    lines = overdue_lines(review["overdue_messages"], review["until"])
    listed = "\n".join(f"- {_with_commands(line)}." for line in lines)
    return f"## Overdue messages\n\n{listed}" if lines else ""


def _conditions(status: StatusAnswer) -> str:
    lines = [*conditions(status)]
    return "\n\n".join(["## Conditions", "\n".join(f"- {plain(line)}" for line in lines)]) if lines else ""


def _moves(moved: MovedAnswer) -> str:
    changed = {c["id"]: c for c in moved["criteria"] if c["points"]}
    parts = movement_parts(moved)
    if not parts:
        return "## What moved\n\nNo criterion moved in this window."
    rows = [(part.label, plain(part.name), *_from_and_commits(changed.get(part.criterion))) for part in parts]
    before, after = (number(moved["readiness"][key]) for key in ("before", "after"))
    rows.append((f"**{points(total_points(moved))}**", "**readiness, the sum**", f"{before} → {after}", ""))
    extra = [f"- {plain(what)}" for what, _ in change_lines(moved)]
    opened, closed = len(moved["items"]["opened"]), len(moved["items"]["closed"])
    items = f"{count(opened, 'item')} opened, {count(closed, 'item')} closed."
    header = ("points", "criterion", "from → to", "commits")
    return "\n\n".join(["## What moved", table(header, rows), *(["\n".join(extra)] if extra else []), items])


def _from_and_commits(criterion: CriterionMoveAnswer | None) -> tuple[str, str]:
    return (plain(_from_to(criterion)), plain(_commits(criterion))) if criterion else ("", "")


def _from_to(criterion: CriterionMoveAnswer) -> str:
    return " → ".join(quantity(value, criterion["unit"]) for value in (criterion["before"], criterion["after"]))


def _commits(criterion: CriterionMoveAnswer) -> str:
    """The commits where the diff names them; else only the range or the neighbourhood, never a single commit."""
    if criterion["grade"] == "not comparable" and criterion["because"]:
        return f"not comparable: {criterion['because']}"
    if criterion["grade"] != "exact":
        return str(criterion["grade"])
    shown = [f"{c['commit'][:10]} {shorten(c['subject'], 60)} ({people(c)})" for c in criterion["commits"][:3]]
    more = len(criterion["commits"]) - len(shown)
    return "; ".join([*shown, *([f"and {more} more"] if more > 0 else [])])


def _blockers(before: StatusAnswer, status: StatusAnswer, stuck: Sequence[StuckAnswer]) -> str:
    words, criteria = blocker_changes(before, status), criteria_of(status)
    if not words:
        return "## Blockers\n\nNone is open."
    return "\n\n".join(
        [
            "## Blockers",
            table(("", "criterion", "is", "needs"), (_blocker(criteria[name], word) for word, name in words)),
            *(_next(row, criteria[row["id"]]) for row in stuck if row["next"] and row["id"] in criteria),
        ]
    )


def _next(row: StuckAnswer, criterion: CriterionAnswer) -> str:
    """What is next about an open blocker: its files, markers, failing tests or findings."""
    lines = "\n".join(f"- {plain(line)}" for line in next_lines(row["next"], criterion["metric"]))
    return f"Next for {plain(criterion['title'])}:\n\n{lines}"


def _blocker(criterion: CriterionAnswer, word: str) -> tuple[str, ...]:
    value = quantity(criterion["value"], criterion["unit"], criterion["threshold"])
    state = f"{STATE_SIGNS[criterion['state']]} {STATE_WORDS[criterion['state']]}"
    shown = state if criterion["value"] is None else f"{state}, {value}"
    return word, plain(criterion["title"]), plain(shown), plain(wanted(criterion))


def _dates(now: JointForecastAnswer, before: JointForecastAnswer, slip: SlipAnswer, then: str) -> str:
    lines = [
        *map(plain, (promised_sentence(now), forecast_headline(now), together_sentence(now), assumed_sentence(now)))
    ]
    if now["because"]:
        lines.append(plain(sentence(now["because"])))
    if headline := forecast_words.measured_headline(now):
        lines.append(f"**{plain(headline)}**")
        lines.append("\n".join(f"- Missing for GO: {plain(text)}" for text in forecast_words.needed_lines(now)))
    lines += _slip_lines(now, before, slip, then)
    reasons = forecast_words.lines(forecast_words.further_reasons(now))
    lines.append("\n".join(f"- {plain(text)}" for text in reasons))
    return "\n\n".join(["## The date", *(line for line in lines if line)])


def _slip_lines(now: JointForecastAnswer, before: JointForecastAnswer, slip: SlipAnswer, then: str) -> list[str]:
    """How the date moved, and its causes as a table."""
    lines = []
    if slip["unit"] != "days":
        lines.append(plain(date_slip(now, before, then)))
    if slip["unit"] != "none":
        lines.append(plain(slip_sentence(slip)))
    causes = [(plain(moved), plain(cause)) for cause, _, moved in slip_causes(slip)]
    if causes:
        lines.append(table(("move", "cause"), causes))
    return lines


def _deployed(review: ReviewAnswer) -> str:
    """When it was deployed, and how the forecasts of GO compare with that day; empty before the first deployment."""
    days = {one["at"][:10]: deployment_name(one) for one in review.get("deployments", [])}
    if not days:
        return ""
    named = plain(listing([f"{name} on {when(day)}" for day, name in days.items()], 6))
    track = review["forecast"]["track_record"]
    own = track["own"] if "own" in track else None  # noqa: SIM401 - narrows the type
    return " ".join(filter(None, [f"Deployed: {named}.", plain(deployment_record(own))]))


def _course(course: Sequence[CoursePoint], deployed: str = "") -> str:
    if not course:
        return ""
    about = (
        "The forecast of GO week by week: when it was made, and which date it gave. A week is shown as it was "
        "forecast then, or computed from what was known then."
    )
    if not any(point["p25"] or point["promised_odds"] is not None for point in course):
        weeks = count(len(course), "week")
        return (
            f"## The course of the date\n\nNo forecast of the last {weeks} gave a date or odds: too little was known."
        )
    rows = [tuple(plain(cell) for cell in cells) for cells in course_lines(course)]
    parts = [
        "## The course of the date",
        about,
        plain(promise_moves_sentence(course)),
        deployed,
        table(COURSE_HEADER, rows),
    ]
    return "\n\n".join(part for part in parts if part)


def _path(path: Sequence[MoveAnswer], readiness: ReadinessAnswer) -> str:
    if not path:
        return ""
    levels = [readiness["value"] or 0.0, *(m["readiness"] for m in path)]
    rows = [
        (
            plain(sentence(m["what"])) + (" It is a blocker." if m["blocker"] else ""),
            path_gain(m["points"], before, m["readiness"], readiness["target"]),
        )
        for m, before in zip(path, levels, strict=False)
    ]
    return "\n\n".join(
        [f"## The cheapest path to {readiness['target']:g}", table(("step", "points, and readiness then"), rows)]
    )


def _unmeasured(status: StatusAnswer) -> str:
    every = criteria_of(status).values()
    unknown = [c for c in every if c["state"] in UNKNOWN_STATES and not (c["attested"] or is_decided_by_parts(c))]
    attested = [c["title"] for c in every if c["attested"]]
    rows = [
        (plain(c["title"]), STATE_WORDS[c["state"]], number(c["points_possible"]), plain(next_step(c)[1]))
        for c in sorted(unknown, key=lambda c: -c["points_possible"])
    ]
    header = ("criterion", "state", "points at stake", "next step")
    parts = ["## Not measured", table(header, rows) if rows else "Nothing is unknown."]
    if attested:
        points_attested = number(status["readiness"]["attested_points"])
        parts.append(f"{points_attested} points are attested by a named person: {plain(', '.join(attested))}.")
    return "\n\n".join(parts)


def _claims(status: StatusAnswer, since: str) -> str:
    fresh = [c for c in status["claims"] if c["at"] >= since and c["metric"] == "readiness_claim_percent"]
    if not fresh:
        return ""
    rows = [_claim(claim) for claim in fresh[-12:]]
    header = ("day", "claim", "quote", "place")
    return "\n\n".join(["## Claims made in this window (they change no readiness)", table(header, rows)])


def _document(status: StatusAnswer) -> str:
    """What the imported checklist says against itself, what changed in it, and what of it is only a note."""
    document = status["document"]
    lines = [f"- contradiction: {plain(words)}" for words in document["contradictions"]]
    lines += [f"- change not accepted: {plain(words)}" for words in document.get("changes", [])]
    if assessed := document.get("assessed_on"):  # reviews of earlier versions have none
        lines.append(f"- last assessed by hand on {_when(assessed)}")
    if following := document.get("next_review"):
        lines.append(f"- next review: {_when(following)}")
    notes = document["notes"]
    lines += [f"- note: {plain(shorten(words, 160))}" for words in notes[:_NOTES_SHOWN]]
    lines += (
        [f"- {count(len(notes) - _NOTES_SHOWN, 'more note')} on the page Gates"] if len(notes) > _NOTES_SHOWN else []
    )
    title = f"The document {plain(document['path'])}" if document["path"] else "The review"
    return "\n".join([f"## {title}", "", *lines]) if lines else ""


def _claim(claim: ClaimAnswer) -> tuple[str, ...]:
    value = claim["says"] if claim["value"] is None else f"{number(claim['value'])}%"
    place = claim["path"] if claim["line"] is None else f"{claim['path']}:{claim['line']}"
    return _when(claim["at"]), plain(value), plain(shorten(claim["text"], 80)), plain(place)
