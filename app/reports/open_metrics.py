"""Status and forecast as OpenMetrics text (https://prometheus.io/docs/specs/om/open_metrics_spec/).

Only gauges are written: the textfile collector of node_exporter reads the older text format, which knows no state sets,
and with one of them it refuses the whole file. What is unknown has no sample: a zero would be read as a measurement.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Literal, NamedTuple

from app.answers.types.forecast import ForecastAnswer
from app.answers.types.status import CriterionAnswer, StatusAnswer

_VERDICTS = ("GO", "CONDITIONAL GO", "NO-GO")
_STATES = ("passing", "failing", "missing", "stale", "claimed", "not_applicable", "waived")
_Level = Literal["p10", "p50", "p80", "p90"]
_LEVELS: tuple[_Level, ...] = ("p10", "p50", "p80", "p90")


class Sample(NamedTuple):
    """One value with its labels."""

    labels: dict[str, str]
    value: float | None


class Family(NamedTuple):
    """One metric with its samples."""

    name: str
    kind: str
    about: str
    samples: list[Sample]


def metrics_text(status: StatusAnswer, forecast: ForecastAnswer) -> str:
    """The exposition; it ends with `# EOF`."""
    lines = [line for family in [*_of_status(status), *_of_forecast(forecast)] for line in _lines(family)]
    return "\n".join([*lines, "# EOF"]) + "\n"


def _of_status(status: StatusAnswer) -> Iterator[Family]:
    project, readiness = {"project": status["project"]}, status["readiness"]
    yield _single("tminus_readiness", "Readiness, 0 to 100.", project, readiness["value"])
    yield _single("tminus_readiness_target", "Readiness that is aimed at.", project, readiness["target"])
    yield _single(
        "tminus_known_weight_ratio", "Share of the weight that is measured.", project, readiness["known_weight"]
    )
    yield _set("tminus_verdict", "Verdict for the deployment.", [(project, status["decision"]["verdict"])], _VERDICTS)
    criteria = [(gate["id"], one) for gate in status["gates"] for one in gate["criteria"]]
    of = [({**project, "gate": gate, "criterion": one["id"]}, one) for gate, one in criteria]
    values = [Sample({**labels, **_measured(one)}, one["value"]) for labels, one in of]
    yield Family("tminus_criterion_value", "gauge", "Value of a criterion, in its own unit.", values)
    points = [Sample(labels, one["points"]) for labels, one in of]
    yield Family("tminus_criterion_points", "gauge", "Points that a criterion earns.", points)
    possible = [Sample(labels, one["points_possible"]) for labels, one in of]
    yield Family("tminus_criterion_points_possible", "gauge", "Points that a criterion can earn.", possible)
    yield _set(
        "tminus_criterion_state", "State of a criterion.", [(labels, one["state"]) for labels, one in of], _STATES
    )


def _measured(one: CriterionAnswer) -> dict[str, str]:
    return {"metric": one["metric"], "scope": one["scope"], "unit": one["unit"]}


def _of_forecast(forecast: ForecastAnswer) -> Iterator[Family]:
    project = {"project": forecast["project"]}
    dates = [Sample({**project, "odds": f"0.{level[1:]}"}, _seconds(forecast["quantiles"][level])) for level in _LEVELS]
    yield Family("tminus_go_date_seconds", "gauge", "Day by which GO is reached with these odds, Unix time.", dates)
    promised = forecast["promised"]
    if promised:
        labels = {**project, "day": promised["date"]}
        yield _single("tminus_go_promised_ratio", "Odds of GO by the promised day.", labels, promised["probability"])


def _seconds(day: str | None) -> float | None:
    if day is None:
        return None
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC).timestamp()


def _single(name: str, about: str, labels: dict[str, str], value: float | None) -> Family:
    return Family(name, "gauge", about, [Sample(labels, value)])


def _set(name: str, about: str, found: Iterable[tuple[dict[str, str], str]], known: tuple[str, ...]) -> Family:
    """One sample for each state that is possible: 1 for the one that is, 0 for the others."""
    samples = [Sample({**labels, name: state}, float(state == now)) for labels, now in found for state in known]
    return Family(name, "gauge", about, samples)


def _lines(family: Family) -> Iterator[str]:
    yield f"# TYPE {family.name} {family.kind}"
    yield f"# HELP {family.name} {family.about}"
    for sample in family.samples:
        if sample.value is not None:
            labels = ",".join(f'{key}="{_label(value)}"' for key, value in sample.labels.items())
            yield f"{family.name}{{{labels}}} {sample.value!r}"


def _label(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
