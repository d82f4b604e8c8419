"""The sentences about the date: why it is what it is, what-if, goal, slip, claimed timelines, track record."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app import phrasing
from app.phrasing import count, listing, odds, span, when
from app.reasons import readable

Answer = Mapping[str, Any]
_BINDS = re.compile(r"^(?P<id>\S+) binds: it is the last to arrive in (?P<share>\d+)% of the draws that get there$")
_REMAIN = re.compile(r"^\S+ of \S+ remain \((?P<share>-?\d+)% of the way\)$")
_HELD = re.compile(r" or better for (?P<days>\d+) days$")
CAUSE_WORDS = {
    "model change": "the forecast itself, made anew",
    "plan edits": "edits of the plan",
    "new evidence": "evidence that is new",
    "lost evidence": "evidence that was lost",
    "waiting": "time that passed",
    "regressions": "regressions",
    "progress": "progress",
}
FASTEST_SOUGHT = 4  # the largest pace that goal-seek tries


def why(answer: Answer) -> list[str]:
    """Why this date: what decides it, then pace seen against pace needed and the reference class, factor by factor."""
    titles = {part["id"]: part["title"] for part in answer["criteria"]}
    told = [driver_words(text, titles) for text in answer["go"]["drivers"]]
    if not told and answer["outcome"] != "not_enough_evidence":
        told = [answer["because"]]
    thin = [part for part in answer["criteria"] if part["outcome"] == "not_enough_evidence"]
    known = [part for part in answer["criteria"] if part not in thin and not phrasing.holds_now(part)]
    return [*told, *map(factor_why, known), *_too_little(thin)]


def further_reasons(answer: Answer) -> list[str]:
    """The same where `because` has been told already."""
    return [reason for reason in why(answer) if reason != answer["because"]]


def _too_little(thin: Sequence[Answer]) -> list[str]:
    """The factors with too little evidence, those with the same reason in one sentence."""
    reasons: dict[str, list[str]] = {}
    for part in thin:
        reasons.setdefault(part["because"], []).append(part["title"])
    return [f"{_some(titles)}: {because}" for because, titles in reasons.items()]


def _some(titles: Sequence[str]) -> str:
    return ", ".join(titles) if len(titles) <= 3 else f"{', '.join(titles[:2])} and {len(titles) - 2} more factors"


def driver_words(text: str, titles: Mapping[str, str]) -> str:
    """A driver of the joint event with the criterion's title instead of its id."""
    found = _BINDS.match(text)
    if not found:
        return text
    name = titles.get(found["id"], found["id"])
    return f"{name} decides the date: in {found['share']}% of the futures in which GO comes, it is the last to arrive"


def factor_why(part: Answer) -> str:
    """One factor: its pace beside the pace that would do, what is left, and what became of others like it."""
    if part["outcome"] == "not_enough_evidence":
        return f"{part['title']}: {part['because']}"
    seen, needed = (phrasing.pace(part[key], part["unit"]) for key in ("pace_seen", "pace_needed"))
    told = [part["because"]] if part["outcome"] == "not_at_this_rate" else []
    told += [f"{seen} seen over 13 weeks, {needed} would be there in 26"]
    told += [words for text in part["drivers"][1:] if (words := _driver(text))]
    return f"{part['title']}: {'; '.join(told)}"


def _driver(text: str) -> str:
    left = _REMAIN.match(text)
    return f"{left['share']}% of the way is left" if left else text


def held_for(part: Answer) -> str:
    """For how long a factor that holds has held, as its driver says."""
    found = next((match for text in part["drivers"] if (match := _HELD.search(text))), None)
    return span(float(found["days"])).replace("today", "since today") if found else "–"


def change_words(change: Answer) -> str:
    """One imagined change."""
    if change["change"] == "pace":
        return f"{change['title']} at {_times(change['factor'])}"
    if change["change"] == "drop":
        return f"without {change['title']}"
    return f"after a freeze of {_weeks(change['weeks'])}"


def _times(factor: float, whose: str = "its pace") -> str:
    return {0.5: f"half {whose}", 2.0: f"twice {whose}"}.get(factor, f"{factor:g} times {whose}")


def _weeks(weeks: float) -> str:
    return count(round(weeks), "week") if weeks == int(weeks) else count(round(7 * weeks), "day")


def what_if_sentence(answer: Answer) -> str:
    """What the imagined changes do to the date, in one sentence."""
    imagined = answer["what_if"]
    changes = phrasing.listing([change_words(change) for change in imagined["changes"]], 8)
    return f"{phrasing.sentence(f'{changes}: {_effect(answer, imagined)}')}"


def _effect(answer: Answer, imagined: Answer) -> str:
    if imagined["outcome"] == "not_enough_evidence":
        return f"still no date, there is not enough evidence ({imagined['because']})"
    if answer["outcome"] == "not_enough_evidence":
        return f"{_best(imagined['go'], answer['horizon_days'])}; as things are there is no date"
    for key, name in (("p80", "80%"), ("p50", "50%")):
        before, after = answer["go"]["quantiles"][key], imagined["go"]["quantiles"][key]
        if before and after:
            return f"{name} chance by {when(after)} {_instead(before, after)}"
    chances = [odds(part["go"]["probability_by"][-1]["probability"]) for part in (answer, imagined)]
    within = f"within {span(answer['horizon_days'])}"
    change = f"the chance of GO {within} {'stays' if chances[0] == chances[1] else f'goes from {chances[0]} to'}"
    told = f"{change} {chances[1]}"
    if imagined["outcome"] == "not_at_this_rate":
        return f"{told}, which still gives no date ({imagined['because']})"
    return f"{told}; {_best(imagined['go'], answer['horizon_days'])}"


def _best(part: Answer, horizon_days: int) -> str:
    return phrasing.part_headline("GO", part, horizon_days).removeprefix("GO: ").removesuffix(".")


def _instead(before: str, after: str) -> str:
    days = (date.fromisoformat(after) - date.fromisoformat(before)).days
    if not days:
        return "as before"
    return f"instead of {when(before)}, {count(abs(days), 'day')} {'later' if days > 0 else 'earlier'}"


def what_if_notes(answer: Answer) -> list[str]:
    """What must be known to read a what-if."""
    still = answer["what_if"]["standing_still"]
    if not still:
        return []
    verb = "does" if len(still) == 1 else "do"
    return [
        f"{listing(still)} {verb} not move toward the threshold now, so a multiple of that pace says little: "
        "it means that what such efforts do later comes sooner"
    ]


def before_after(answer: Answer) -> list[tuple[str, str, str]]:
    """Dates and odds as things go, and as imagined: (what, before, after)."""
    now, then, horizon = answer["go"], answer["what_if"]["go"], answer["horizon_days"]
    rows = [
        (f"{name} chance by", _dated(now, key, horizon), _dated(then, key, horizon))
        for key, name in (("p50", "50%"), ("p80", "80%"))
    ]
    reach = [days for days in (91, 182, 365) if days < horizon]
    rows += [
        (f"chance within {span(d)}", odds(phrasing.odds_within(now, d)), odds(phrasing.odds_within(then, d)))
        for d in reach
    ]
    return [*rows, (f"chance within {span(horizon)}", _last_odds(now), _last_odds(then))]


def _last_odds(part: Answer) -> str:
    return odds(part["probability_by"][-1]["probability"] if part["probability_by"] else None)


def _dated(part: Answer, key: str, horizon_days: int) -> str:
    if part["outcome"] not in ("dated", "holds"):
        return "no date"
    return when(part["quantiles"][key], f"beyond {span(horizon_days)}")


def goal_sentence(goal: Answer, *, imagined: bool = False) -> str:
    """What must be true for a day with odds, or the best there is and what is in the way."""
    asked, by = odds(goal["asked"]), when(goal["by"])
    if goal["probability"] is None:
        return f"{asked} by {by}: cannot be said, there is not enough evidence ({goal['because']})."
    if goal["reached"] and not goal["paces"]:
        return f"{asked} by {by} needs no change: the odds are {odds(goal['probability'])}."
    whose = "the imagined pace" if imagined else "its pace"
    paces = listing([f"{pace['title']} at {_times(pace['factor'], whose)}" for pace in goal["paces"]], 12)
    now = f"{odds(goal['probability_now'])} {'with what is imagined alone' if imagined else 'as things go'}"
    found = odds_beside(goal["probability"], goal["asked"])
    if goal["reached"]:
        return f"For {asked} by {by}: {paces}; that gives {found} ({now})."
    most = f"the most is {found}, with {paces}" if paces else f"the odds are {now}"
    return f"{asked} by {by} is out of reach within {FASTEST_SOUGHT} times any pace: {most}. {_late(goal, paces)}"


def odds_beside(probability: float, asked: float) -> str:
    """Odds that never read as being on the other side of those asked for: 79.6% beside 80% is 79.6%."""
    told = odds(probability)
    if told != odds(asked) or probability == asked:
        return told
    return f"{phrasing.number_beside(100 * probability, 100 * asked, 1)}%"


def _late(goal: Answer, paces: str) -> str:
    """What is still open in the futures that miss the day; what holds now can only fall back."""
    raised = {pace["criterion"] for pace in goal["paces"]}
    first = [f"{row['title']} in {phrasing.share(row['share'])}" for row in goal["late"][:3]]
    others = [row for row in goal["late"][3:] if row["criterion"] not in raised]
    told = f"Of the futures that miss it, still open: {listing(first, 4)}" if first else ""
    told += f"; each of {count(len(others), 'other')} in {phrasing.share(others[0]['share'])} or less" if others else ""
    return phrasing.sentence(told) if told else ""


def slip_sentence(slip: Answer) -> str:
    """How the date, or where there is none the odds, moved since an earlier forecast."""
    then = f"{when(slip['since'])} ({'as shown then' if slip['basis'] == 'kept' else 'computed anew for that day'})"
    if slip["unit"] == "none":
        return phrasing.sentence(f"since {then}: {slip['because']}")
    if slip["unit"] == "points":
        return _odds_slip(slip, then)
    before, after, days = when(slip["before"]), when(slip["after"]), round(slip["change"])
    name = odds(slip["level"])
    if not days:
        return f"The {name} date is {after}, as it was on {then}."
    way = "later" if days > 0 else "earlier"
    return f"The {name} date moved from {before} on {then} to {after}: {count(abs(days), 'day')} {way}."


def _odds_slip(slip: Answer, then: str) -> str:
    before, after = odds(slip["before"]), odds(slip["after"])
    now = "as now" if before == after else f"and is {after} now"
    told = f"the chance of GO by {when(slip['odds_by'])} was {before} on {then} {now}"
    return f"The two forecasts have no date at the same odds, so the odds are compared: {told}."


def slip_causes(slip: Answer) -> list[tuple[str, float, str]]:
    """The causes that did something, the largest first: (words, change, the change told)."""
    rows = [(row["cause"], row["change"]) for row in slip["causes"] if row["change"]]
    rows.sort(key=lambda row: -abs(row[1]))
    return [(CAUSE_WORDS.get(cause, cause), change, _moved(change, slip["unit"])) for cause, change in rows]


def _moved(change: float, unit: str) -> str:
    amount = abs(round(change))
    if unit == "days":
        return f"{count(amount, 'day')} {'later' if change > 0 else 'earlier'}"
    return f"{count(amount, 'point')} {'likelier' if change > 0 else 'less likely'}"


def slip_causes_sentence(slip: Answer) -> str:
    """The causes in one sentence; they sum to the change."""
    rows = slip_causes(slip)
    if not rows:
        return ""
    told = [f"{words} {moved}" for words, _, moved in rows]
    return phrasing.sentence(f"of that, {listing(told, 8)}" if len(rows) > 1 else f"all of it: {told[0]}")


def timeline_sentence(claim: Answer) -> str:
    """A claimed timeline beside the odds by the evidence of its day, and how it ended."""
    place = f"{claim['path']}:{claim['line']}" if claim["line"] else claim["path"]
    told = f"{place} claimed {claim['says']} on {when(claim['at'])} (by {when(claim['by'])}); "
    told += f"the evidence of that day gives {'' if claim['probability'] is None else 'that '}{timeline_odds(claim)}"
    if claim["came"] is None:
        return f"{told}."
    stood = f", with readiness at {phrasing.number(claim['readiness'])}" if claim["readiness"] is not None else ""
    return f"{told}. On {when(claim['by'])} GO {'held' if claim['came'] else 'did not hold'}{stood}."


def timeline_odds(claim: Answer) -> str:
    """The odds that the evidence of its day gives a claimed timeline, or why it gives none."""
    return f"no odds ({_unmeasured(claim)})" if claim["probability"] is None else odds(claim["probability"])


def _unmeasured(claim: Answer) -> str:
    missing = len(claim["missing"])
    return f"{phrasing.count_of(missing, 'need of GO', 'needs of GO')} unmeasured" if missing else str(claim["because"])


def record_sentences(record: Answer) -> list[str]:
    """The team's own record first, the reference class second."""
    own = record.get("own", {})
    return [text for text in (own_dates(own), phrasing.own_record(own), reference_words(record)) if text]


def reference_words(record: Answer) -> str:
    """How the method did elsewhere."""
    return phrasing.reference_record(record.get("reference", {}))


def own_dates(own: Answer) -> str:
    """Dates that were given and whose day has come: how many came true."""
    told = [_dates_words(row) for row in own.get("dates", []) if row["due"]]
    waiting = sum(row["given"] - row["due"] for row in own.get("dates", []))
    if not told:
        return f"{count(waiting, 'date')} given; the day of none has come." if waiting else ""
    told += [f"{count(waiting, 'date')} still to come."] if waiting else []
    return " ".join(told)


def _dates_words(row: Answer) -> str:
    what = "of GO" if row["of"] == "go" else "of single criteria"
    due = phrasing.count_of(row["due"], "date", "dates")
    return f"Of {due} {what} given with {odds(row['level'])}, {row['came']} came true."


def lines(texts: Sequence[str]) -> list[str]:
    """Sentences with capital and full stop."""
    return [phrasing.sentence(readable(text)) for text in texts if text]
