"""What is not measured, or on someone's word: points at stake, until when, and the command to copy."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from app.answers.blockers import criteria_of
from app.answers.types.status import ConditionAnswer, CriterionAnswer, StatusAnswer
from app.dashboard.markup.links import Links
from app.dashboard.markup.tags import Drawn, Linked, coded, copied
from app.dashboard.sheet import Sheet
from app.dashboard.tables import common as frames
from app.wording.next_steps import is_decided_by_parts, next_step
from app.wording.numbers import number
from app.wording.status import UNKNOWN_STATES
from app.wording.text import age, when

_WORDS = {"waiver": "waived", "attestation": "attested", "tolerance": "within its tolerance"}


def unmeasured_section(sheet: Sheet, status: StatusAnswer) -> None:
    """One table: what nothing fresh measures, then what rests on a person's word or a tolerance."""
    sheet.heading(
        "Not measured, or on someone's word",
        "A criterion without fresh evidence earns nothing, though its weight counts. "
        "An attestation counts until its day.",
    )
    rows = unmeasured_rows(status, sheet.context.links)
    if rows.empty:
        sheet.text("Nothing is unknown, and nothing rests on someone's word.")
    else:
        sheet.text_table("Not measured", rows)
    if status["next_plan_from"]:
        begins = when(status["next_plan_from"])
        sheet.text(f"An edit of the plan takes effect on {begins}; this review does not use it.")


def unmeasured_rows(status: StatusAnswer, links: Links) -> pd.DataFrame:
    """One row a criterion, those with the most points at stake first."""
    every = criteria_of(status)
    unknown = [
        c
        for c in every.values()
        if c["state"] in UNKNOWN_STATES and not (frames.is_attested(c) or is_decided_by_parts(c))
    ]
    unknown.sort(key=lambda c: -(c["points_possible"] - c["points"]))
    rows = [_unknown(criterion, links) for criterion in unknown]
    rows += [_condition(condition, every, links) for condition in _ordered(status["decision"]["conditions"])]
    columns = ["Criterion", "State", "Points", "Until", "What to do"]
    return pd.DataFrame(rows, columns=columns)


def _ordered(conditions: Sequence[ConditionAnswer]) -> list[ConditionAnswer]:
    return sorted(conditions, key=lambda condition: (not condition["is_required"], condition["expires"] or "9"))


def _unknown(criterion: CriterionAnswer, links: Links) -> dict[str, object]:
    stake = number(criterion["points_possible"] - criterion["points"])
    observed = criterion["evidence"]["age_days"]
    step = next_step(criterion)[1]
    return {
        "Criterion": Linked(criterion["title"], links.criterion(criterion["id"])),
        "State": frames.state(criterion) + (f", {age(observed)}" if observed is not None else ""),
        "Points": f"{stake} at stake",
        "Until": "it is measured",
        "What to do": Drawn(step or "–", _step(step, criterion)),
    }


def _step(step: str, criterion: CriterionAnswer) -> str:
    """The step in words, and the command that records a value where the metric is known."""
    if not criterion["metric"]:
        return coded(step)
    scope = f" --scope {criterion['scope']}" if criterion["scope"] else ""
    command = f"tminus record {criterion['metric']} VALUE{scope}"
    words = step.replace(f", or: {command}", ", or").replace(command, "")
    return coded(words) + " " + copied(command, f"the command for {criterion['title']}", "Copy")


def _condition(condition: ConditionAnswer, every: dict[str, CriterionAnswer], links: Links) -> dict[str, object]:
    criterion = every.get(condition["criterion"])
    earned = number(criterion["points"]) if criterion else "–"
    by = f" by {condition['owner']}" if condition["owner"] else ""
    needs = "GO needs it: measure it, or renew it in time" if condition["is_required"] else "GO does not need it"
    reason = f"{condition['reason']}; {needs}" if condition["reason"] else needs
    return {
        "Criterion": Linked(condition["title"], links.criterion(condition["criterion"])),
        "State": f"{_WORDS[condition['kind']]}{by}",
        "Points": f"{earned} on a person's word" if condition["kind"] == "attestation" else f"{earned} earned",
        "Until": when(condition["expires"], "open end"),
        "What to do": reason,
    }
