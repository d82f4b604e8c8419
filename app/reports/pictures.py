"""The pictures of the written review, from its answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from itertools import accumulate
from typing import NamedTuple

from app.answers.blockers import criteria_of, open_blockers
from app.answers.types.meeting import CoursePoint
from app.answers.types.review import ReviewAnswer
from app.answers.types.rollout import DeploymentAnswer
from app.reports.svg import WIDE, line, mark, path, picture, rect, text
from app.wording.movement import SumPart, movement_parts
from app.wording.numbers import number, odds, quantity, wanted
from app.wording.rollout.stages import deployment_label, deployment_name
from app.wording.slip import (
    BASIS_WORDS,
    NO_DATE,
    course_alt,
    has_course,
    promise_moves,
    promise_moves_sentence,
    promised_odds_alt,
)
from app.wording.text import listing, shorten, when

ROW = 27.0
NAME_WIDTH = 196.0  # of the names beside bars
NAME_LENGTH = 29  # characters
# The odds at which a day is called likely are those of the dates that are shown: 50% and 80%.
ODDS_BANDS = (
    (0.8, 1.0, "likely", "gain"),
    (0.5, 0.8, "uncertain", "target"),
    (0.0, 0.5, "unlikely", "loss"),
)
LEFT, RIGHT, TOP, BOTTOM = 74.0, 14.0, 14.0, 30.0


class Picture(NamedTuple):
    """A picture with the name of its file and what it shows, in short and (where it is shown without its SVG) whole."""

    name: str
    title: str
    svg: str
    words: str = ""


def pictures(review: ReviewAnswer) -> dict[str, list[Picture]]:
    """The pictures by the heading that they stand under; a heading without content has none."""
    return {
        "What moved": _moves(review),
        "Blockers": _blockers(review),
        # Reviews of earlier versions have neither.
        "The course of the date": course_pictures(review.get("course", []), review.get("deployments", [])),
    }


def _moves(review: ReviewAnswer) -> list[Picture]:
    parts, readiness = movement_parts(review["moved"]), review["moved"]["readiness"]
    if not parts or readiness["before"] is None or readiness["after"] is None:
        return []
    ends = [(when(review["since"]), readiness["before"]), (when(review["until"]), readiness["after"])]
    return [Picture("what-moved", "Readiness, part by part", waterfall(parts, ends))]


def waterfall(parts: Sequence[SumPart], ends: Sequence[tuple[str, float]]) -> str:
    """From one readiness to the other, a bar a part; the bars and the two ends are in the points that are shown."""
    levels = [*accumulate((part.shown for part in parts), initial=ends[0][1])]
    low, high = min(levels), max(levels)
    room = max(high - low, 1.0) * 0.08
    place = _scale(low - room, high + room, NAME_WIDTH, WIDE - 62.0)
    drawn = [_end(ends[0], 0, place)]
    for k, part in enumerate(parts, start=1):
        first, last = sorted((place(levels[k - 1]), place(levels[k])))
        colour = "gain" if part.points > 0 else "loss"
        top = k * ROW + 5
        drawn += [
            text((NAME_WIDTH - 8, top + 13), shorten(part.name, NAME_LENGTH), anchor="end"),
            rect((first, top), (max(last - first, 2.0), ROW - 10), colour, f"{part.name}: {part.label} points"),
            text((WIDE - 4, top + 13), part.label, colour, "end", is_bold=True),
            line((place(levels[k]), top + ROW - 10), (place(levels[k]), top + ROW), "soft", 1, "2 2"),
        ]
    drawn.append(_end(ends[1], len(parts) + 1, place))
    sums = ", ".join(f"{part.name} {part.label}" for part in parts)
    words = f"Readiness from {number(ends[0][1])} on {ends[0][0]} to {number(ends[1][1])} on {ends[1][0]}: {sums}."
    return picture((len(parts) + 2) * ROW, drawn, words)


def _end(end: tuple[str, float], row: int, place: Callable[[float], float]) -> str:
    day, value = end
    top = row * ROW + 5
    return "\n".join(
        [
            text((NAME_WIDTH - 8, top + 13), day, "soft", "end"),
            line((place(value), top), (place(value), top + ROW - 5), "ink", 2),
            text((WIDE - 4, top + 13), number(value), "ink", "end", is_bold=True),
        ]
    )


def _blockers(review: ReviewAnswer) -> list[Picture]:
    """How far each open blocker is from its baseline to its threshold."""
    found = [c for c in open_blockers(review["status"]).values() if c["value"] is not None]
    if not found:
        return []
    wide = WIDE - NAME_WIDTH - 4
    drawn: list[str] = []
    for k, criterion in enumerate(found):
        top = k * (ROW + 16) + 4
        value = quantity(criterion["value"], criterion["unit"], criterion["threshold"])
        words = f"{criterion['title']}: {value}, needs {wanted(criterion)}"
        drawn += [
            text((NAME_WIDTH - 8, top + 13), shorten(criterion["title"], NAME_LENGTH), anchor="end"),
            rect((NAME_WIDTH, top + 2), (wide, 14), "line", words),
            rect((NAME_WIDTH, top + 2), (wide * criterion["attainment"], 14), "evidence", words),
            line((WIDE - 5, top - 2), (WIDE - 5, top + 20), "target", 2),
            text((NAME_WIDTH, top + 31), f"{value}, needs {wanted(criterion)}", "soft"),
        ]
    every = criteria_of(review["status"])
    listed = "; ".join(f"{every[c['id']]['title']} {c['attainment']:.0%} of the way" for c in found)
    svg = picture(len(found) * (ROW + 16) + 4, drawn, f"Open blockers from baseline to threshold: {listed}.")
    return [Picture("blockers", "Open blockers, from baseline to threshold", svg)]


def course_pictures(course: Sequence[CoursePoint], deployments: Sequence[DeploymentAnswer]) -> list[Picture]:
    """The odds of the promised day and the dates, each against the day of its forecast, as far as there are any."""
    found = []
    if sum(point["promised_odds"] is not None for point in course) > 1:
        words = f"{promised_odds_alt(course)} {_deployed_words(course, deployments)}".strip()
        svg = odds_picture(course, deployments)
        found.append(Picture("promised-odds", "Odds of GO by the promised day", svg, words))
    if has_course(course):
        title = "The date of GO, by the day of its forecast. Line: 50%; bars: 25 to 75%"
        words = f"{course_alt(course)} {_deployed_words(course, deployments)}".strip()
        found.append(Picture("course", title, dates_picture(course, deployments), words))
    return found


def odds_picture(course: Sequence[CoursePoint], deployments: Sequence[DeploymentAnswer] = ()) -> str:
    """The odds of the promised day against the day of the forecast."""
    high = 170.0
    across, up = _weeks(course), _scale(0, 1, high - BOTTOM, TOP)
    drawn = [*_grid([(up(level), f"{level:.0%}") for level in (0, 0.5, 0.8, 1)]), *_made_on(course, high)]
    drawn += [*_likelihood(up), *_promise_moved(course, high - BOTTOM), *_deployed(course, deployments, high - BOTTOM)]
    known = [(across(_ordinal(p["day"])), up(p["promised_odds"]), p) for p in course if p["promised_odds"] is not None]
    drawn.append(path([(x, y) for x, y, _ in known], "target", 2.5))
    for x, y, point in known:
        words = f"{odds(point['promised_odds'])} on {when(point['day'])}, {BASIS_WORDS[point['basis']]}"
        drawn.append(mark((x, y), "target", words, is_square=point["basis"] == "computed"))
    x, y, last = known[-1]
    drawn.append(text((x - 8, y - 8), odds(last["promised_odds"]), "ink", "end", is_bold=True))
    return picture(high, drawn, f"{promised_odds_alt(course)} {_deployed_words(course, deployments)}".strip())


def _likelihood(up: Callable[[float], float]) -> list[str]:
    """The ground of the odds: unlikely below 50%, likely from 80% on, each by its name."""
    drawn = []
    for low, high, name, colour in ODDS_BANDS:
        top, bottom = up(high), up(low)
        drawn.append(rect((LEFT, top), (WIDE - RIGHT - LEFT, bottom - top), colour, opacity=0.1))
        drawn.append(text((LEFT + 4, top + 13), name, colour))
    return drawn


def _promise_moved(course: Sequence[CoursePoint], edge: float) -> list[str]:
    """A dashed line where the promised day was moved: the odds before it are of another day."""
    across = _weeks(course)
    lines = [across(_ordinal(after["day"])) for _, after in promise_moves(course)]
    return [line((x, TOP), (x, edge), "target", 1.2, "5 4") for x in lines]


def dates_picture(course: Sequence[CoursePoint], deployments: Sequence[DeploymentAnswer] = ()) -> str:
    """The 50% and 80% dates against the day of the forecast, the band from 25 to 75%, the promised day dashed."""
    high = 230.0
    days = [_ordinal(p[k]) for p in course for k in ("p25", "p50", "p75", "p80", "promised") if p[k]]
    across, up = _weeks(course), _scale(min(days), max(days), high - BOTTOM - 12, TOP + 6)
    drawn = [*_grid([(up(day), f"{date.fromordinal(day):%b %Y}") for day in _ticks(days)]), *_made_on(course, high)]
    drawn += _deployed(course, deployments, high - BOTTOM)
    drawn += [_band(point, across, up) for point in course if point["p25"]]
    for run in _runs(course):
        drawn += _run(run, across, up)
    drawn += [*_promised(course, across, up), *_undated(course, across, high - BOTTOM)]
    return picture(high, drawn, f"{course_alt(course)} {_deployed_words(course, deployments)}".strip())


def _deployment_days(course: Sequence[CoursePoint], deployments: Sequence[DeploymentAnswer]) -> dict[str, str]:
    """By day within the weeks that are drawn, the name of its last deployment or rollback."""
    first, last = course[0]["day"][:10], course[-1]["day"][:10]
    return {one["at"][:10]: deployment_name(one) for one in deployments if first <= one["at"][:10] <= last}


def _deployed_words(course: Sequence[CoursePoint], deployments: Sequence[DeploymentAnswer]) -> str:
    named = [f"{name} on {when(day)}" for day, name in _deployment_days(course, deployments).items()]
    return f"Dashed vertical lines: {listing(named, 6)}." if named else ""


def _deployed(course: Sequence[CoursePoint], deployments: Sequence[DeploymentAnswer], edge: float) -> list[str]:
    """A dashed line for each deployment and rollback of these weeks; the newest has its name beside it."""
    across = _weeks(course)
    days = _deployment_days(course, deployments)
    inside, drawn = list(days), []
    for day in inside:
        x = across(_ordinal(day))
        drawn.append(line((x, TOP), (x, edge), "ink", 1.2, "3 3"))
        drawn.append(mark((x, TOP), "ink", f"{days[day]} on {when(day)}"))
    if inside:
        x = across(_ordinal(inside[-1]))
        side = "end" if x > WIDE / 2 else "start"
        drawn.append(
            text(
                (x + (-8 if side == "end" else 8), TOP + 17),
                shorten(deployment_label(days[inside[-1]]), 30),
                "ink",
                side,
            )
        )
    return drawn


def _promised(
    course: Sequence[CoursePoint], across: Callable[[float], float], up: Callable[[float], float]
) -> list[str]:
    """The promised day as it was in the plan of each week."""
    days = [(across(_ordinal(p["day"])), up(_ordinal(p["promised"]))) for p in course if p["promised"]]
    if not days:
        return []
    # A promise holds until the week in which it is moved: a step, with a mark where it ends.
    steps = [days[0]]
    for x, y in days[1:]:
        steps += [(x, steps[-1][1]), (x, y)] if y != steps[-1][1] else [(x, y)]
    marks = [
        mark((across(_ordinal(after["day"])), up(_ordinal(after["promised"]))), "target", promise_moves_sentence(pair))
        for pair in promise_moves(course)
        for after in pair[1:]
    ]
    return [path(steps, "target", 1.5, "5 4"), *marks, text((days[0][0], days[0][1] - 6), "promised", "target")]


def _undated(course: Sequence[CoursePoint], across: Callable[[float], float], edge: float) -> list[str]:
    """The weeks without a 50% date, as dots on the lower edge with the reason."""
    weeks = [point for point in course if not point["p50"]]
    dots = [
        mark((across(_ordinal(p["day"])), edge - 5), "soft", f"{when(p['day'])}: {NO_DATE[p['outcome']]}")
        for p in weeks
    ]
    return [*dots, text((LEFT + 2, edge - 14), "no 50% date", "soft")] if dots else []


def _run(run: Sequence[CoursePoint], across: Callable[[float], float], up: Callable[[float], float]) -> list[str]:
    """Weeks in a row that have a 50% date: lines and marks. No line crosses a week without one."""
    places = [(across(_ordinal(p["day"])), p) for p in run]
    late = [(x, up(_ordinal(p["p80"]))) for x, p in places if p["p80"]]
    drawn = [path(late, "ink", 1.5, "6 3")] if len(late) > 1 else []
    drawn.append(path([(x, up(_ordinal(p["p50"]))) for x, p in places], "evidence", 2.5))
    for x, point in places:
        words = f"made on {when(point['day'])}: 50% by {when(point['p50'])}, {BASIS_WORDS[point['basis']]}"
        drawn.append(mark((x, up(_ordinal(point["p50"]))), "evidence", words, is_square=point["basis"] == "computed"))
    return drawn


def _band(point: CoursePoint, across: Callable[[float], float], up: Callable[[float], float]) -> str:
    """From the 25% date to the 75% date of one week; to the 50% date or the upper edge where that is too far off."""
    end = point["p75"] or point["p50"]
    first, last = up(_ordinal(point["p25"])), up(_ordinal(end)) if end else TOP
    words = f"made on {when(point['day'])}: 25% by {when(point['p25'])}, 75% by {when(point['p75'])}"
    return rect((across(_ordinal(point["day"])) - 5, last), (10, max(first - last, 2.0)), "evidence", words, 0.22)


def _runs(course: Sequence[CoursePoint]) -> list[list[CoursePoint]]:
    runs: list[list[CoursePoint]] = [[]]
    for point in course:
        if point["p50"]:
            runs[-1].append(point)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _grid(rows: Sequence[tuple[float, str]]) -> list[str]:
    lines = [line((LEFT, y), (WIDE - RIGHT, y), "line") for y, _ in rows]
    return [*lines, *(text((LEFT - 6, y + 4), words, "soft", "end") for y, words in rows)]


def _made_on(course: Sequence[CoursePoint], high: float) -> list[str]:
    """Three days under the axis: the first, the middle and the last forecast."""
    across, y = _weeks(course), high - 8
    chosen = {0: "start", len(course) // 2: "middle", len(course) - 1: "end"}
    return [
        text((across(_ordinal(course[k]["day"])), y), when(course[k]["day"]), "soft", anchor)
        for k, anchor in chosen.items()
    ]


def _weeks(course: Sequence[CoursePoint]) -> Callable[[float], float]:
    return _scale(_ordinal(course[0]["day"]), _ordinal(course[-1]["day"]), LEFT + 8, WIDE - RIGHT - 8)


def _ticks(days: Sequence[int]) -> list[int]:
    low, high = min(days), max(days)
    return sorted({low + round((high - low) * k / 3) for k in range(4)})


def _scale(low: float, high: float, first: float, last: float) -> Callable[[float], float]:
    span = (high - low) or 1.0
    return lambda value: first + (value - low) / span * (last - first)


def _ordinal(day: str | None) -> int:
    return date.fromisoformat(day or "0001-01-01").toordinal()
