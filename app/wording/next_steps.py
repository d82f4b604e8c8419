"""What to do next about one criterion: measure it, or fix what the measurement shows."""

from __future__ import annotations

from collections.abc import Sequence

from app.answers.types.meeting import NextItem
from app.answers.types.status import CriterionAnswer
from app.wording.numbers import quantity
from app.wording.status import UNKNOWN_STATES
from app.wording.text import shorten, when

_OPEN = frozenset({*UNKNOWN_STATES, "failing"})


def is_decided_by_parts(criterion: CriterionAnswer) -> bool:
    """Whether it is the AND of others: it has no points of its own, and is never measured itself."""
    return criterion.get("reason", {}).get("kind") == "children_decide"


def next_step(criterion: CriterionAnswer) -> tuple[str, str]:
    """What the step is called and what it says; ("", "") where nothing is left to do or nothing is known to do.

    Imported plans say how to bring the evidence: that is not advice where the evidence exists and fails.
    """
    from ingest.advice.language_steps import only_measures
    from ingest.advice.metric_steps import how_to_measure as advice

    if is_decided_by_parts(criterion):
        return ("What it needs", "every part below it has to hold") if criterion["state"] in _OPEN else ("", "")
    unknown = criterion["state"] in UNKNOWN_STATES
    standard = criterion["fix"] == advice(criterion["metric"]) or only_measures(criterion["fix"])
    if criterion["state"] == "failing":
        return "How to fix it", "" if standard else criterion["fix"]
    if unknown and not (criterion.get("attested") and standard):
        return "How to measure it", criterion["fix"] or how_to_measure(criterion["metric"], criterion["scope"])
    return "", ""


def next_lines(items: Sequence[NextItem], metric: str) -> list[str]:
    """The items that are next about a criterion, a line each, for a text without links."""
    return [_next_line(item, metric) for item in items]


def _next_line(item: NextItem, metric: str) -> str:
    if item["value"] is not None:
        return f"{item['words']}: {quantity(item['value'], item['unit'])}"
    place = item["path"] if item["line"] is None else f"{item['path']}:{item['line']}"
    if metric.startswith("coverage_"):
        return f"{place}: {item['words']}" if place else item["words"]
    since = f", since {when(item['since'])}" if item["since"] else ""
    return f"{shorten(item['words'], 100)}{f' in {place}' if place else ''}{since}"


def how_to_measure(metric: str, scope: str) -> str:
    """The next step for a criterion without fresh evidence, where the plan names none."""
    if not metric:
        return "name its metric in tminus.toml, or have a named person attest it"
    option = f" --scope {scope}" if scope else ""
    return f"connect the tool that reports it, or: tminus record {metric} VALUE{option}"
