"""Sentences about what-if and goal-seek."""

from __future__ import annotations

from datetime import date
from typing import Literal

from app.answers.types.forecast import ChangeAnswer, DatesAnswer, GoalAnswer, JointForecastAnswer, WhatIfAnswer
from app.wording import text as words
from app.wording.forecast import SHOWN_QUANTILES, odds_within, part_outcome
from app.wording.numbers import number_beside, odds, share
from app.wording.text import count, listing, sentence, span, when

FASTEST_SOUGHT = 4  # the largest pace that goal-seek tries


def change_words(change: ChangeAnswer) -> str:
    """One change of a scenario."""
    if change["change"] == "pace":
        return f"{change['title']} at {_times(change['factor'])}"
    if change["change"] == "drop":
        return f"without {change['title']}"
    return f"after a freeze of {_weeks(change['weeks'])}"


def _times(factor: float, whose: str = "its pace") -> str:
    return {0.5: f"half {whose}", 2.0: f"twice {whose}"}.get(factor, f"{factor:g} times {whose}")


def _weeks(weeks: float) -> str:
    return count(round(weeks), "week") if weeks == int(weeks) else count(round(7 * weeks), "day")


def what_if_sentence(answer: JointForecastAnswer, scenario: WhatIfAnswer) -> str:
    """What the changes of a scenario do to the date, in one sentence."""
    changes = words.listing([change_words(change) for change in scenario["changes"]], 8)
    return f"{sentence(f'{changes}: {_effect(answer, scenario)}')}"


def _effect(answer: JointForecastAnswer, imagined: WhatIfAnswer) -> str:
    if imagined["outcome"] == "not_enough_evidence":
        return f"still no date, there is not enough evidence ({imagined['because']})"
    if answer["outcome"] == "not_enough_evidence":
        return f"{_best(imagined['go'], answer['horizon_days'])}; without changes there is no date"
    for key, name in SHOWN_QUANTILES:
        before, after = answer["go"]["quantiles"][key], imagined["go"]["quantiles"][key]
        if before and after:
            return f"{name} chance by {when(after)} {_instead(before, after)}"
    chances = [odds(part["go"]["probability_by"][-1]["probability"]) for part in (answer, imagined)]
    within = f"within {span(answer['horizon_days'])}"
    change = f"the chance of GO {within} {'stays' if chances[0] == chances[1] else f'goes from {chances[0]} to'}"
    effect = f"{change} {chances[1]}"
    if imagined["outcome"] == "not_at_this_rate":
        return f"{effect}, which still gives no date ({imagined['because']})"
    return f"{effect}; {_best(imagined['go'], answer['horizon_days'])}"


def _best(part: DatesAnswer, horizon_days: int) -> str:
    return part_outcome(part, horizon_days)


def _instead(before: str, after: str) -> str:
    days = (date.fromisoformat(after) - date.fromisoformat(before)).days
    if not days:
        return "as before"
    return f"instead of {when(before)}, {count(abs(days), 'day')} {'later' if days > 0 else 'earlier'}"


def what_if_notes(scenario: WhatIfAnswer) -> list[str]:
    """What a reader of a what-if must know."""
    still = scenario["standing_still"]
    if not still:
        return []
    verb = "does" if len(still) == 1 else "do"
    return [
        f"{listing(still)} {verb} not move toward the threshold now, so a multiple of the current pace is a weak "
        "guide: it brings forward what similar efforts did later"
    ]


def before_after(answer: JointForecastAnswer, scenario: WhatIfAnswer) -> list[tuple[str, str, str]]:
    """Dates and odds without and with the scenario: (what, before, after)."""
    now, then, horizon = answer["go"], scenario["go"], answer["horizon_days"]
    rows = [
        (f"{name} chance by", _dated(now, key, horizon), _dated(then, key, horizon))
        for key, name in SHOWN_QUANTILES[::-1]
    ]
    reach = [days for days in (91, 182, 365) if days < horizon]
    rows += [(f"chance within {span(d)}", odds(odds_within(now, d)), odds(odds_within(then, d))) for d in reach]
    return [*rows, (f"chance within {span(horizon)}", _last_odds(now), _last_odds(then))]


def _last_odds(part: DatesAnswer) -> str:
    return odds(part["probability_by"][-1]["probability"] if part["probability_by"] else None)


def _dated(part: DatesAnswer, key: Literal["p50", "p80"], horizon_days: int) -> str:
    if part["outcome"] not in ("dated", "holds"):
        return "no date"
    return when(part["quantiles"][key], f"beyond {span(horizon_days)}")


def goal_sentence(goal: GoalAnswer, *, imagined: bool = False) -> str:
    """What must be true for a day with odds, or the best that can be reached and what prevents more."""
    asked, by = odds(goal["asked"]), when(goal["by"])
    if goal["probability"] is None:
        return f"{asked} by {by}: no answer, there is not enough evidence ({goal['because']})."
    if goal["reached"] and not goal["paces"]:
        return f"{asked} by {by} needs no change: the chance is {odds(goal['probability'])}."
    whose = "the pace of the scenario" if imagined else "its pace"
    paces = listing([f"{pace['title']} at {_times(pace['factor'], whose)}" for pace in goal["paces"]], 12)
    now = f"{odds(goal['probability_now'])} {'with the scenario alone' if imagined else 'without changes'}"
    reached = odds_beside(goal["probability"], goal["asked"])
    if goal["reached"]:
        return f"For {asked} by {by}: {paces}; that gives {reached} ({now})."
    most = f"the highest chance is {reached}, with {paces}" if paces else f"the chance is {now}"
    return f"{asked} by {by} is out of reach within {FASTEST_SOUGHT} times any pace: {most}. {_late(goal, paces)}"


def odds_beside(probability: float, asked: float) -> str:
    """Odds that never read as being on the other side of those asked for: 79.6% beside 80% is 79.6%."""
    text = odds(probability)
    if text != odds(asked) or probability == asked:
        return text
    return f"{number_beside(100 * probability, 100 * asked, 1)}%"


def _late(goal: GoalAnswer, paces: str) -> str:
    """The criteria that are still open in the simulated futures that miss the day."""
    raised = {pace["criterion"] for pace in goal["paces"]}
    first = [f"{row['title']} in {share(row['share'])}" for row in goal["late"][:3]]
    others = [row for row in goal["late"][3:] if row["criterion"] not in raised]
    late = f"Still open in the simulated futures that miss the day: {listing(first, 4)}" if first else ""
    late += f"; each of {count(len(others), 'other')} in {share(others[0]['share'])} or less" if others else ""
    return sentence(late) if late else ""
