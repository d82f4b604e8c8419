"""Answers of quality services, saved as files: OpenSSF Scorecard, and measures and quality gate of SonarQube."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ingest.readers.contract import Figure, Reader, ReadError, Reading, ReadItem, figure, item, number, one_line
from ingest.readers.text.json import has, has_all, load_object, mapping, objects, sequence, text

SCORE, GATES = "scorecard_score", "quality_gates_failed_count"
NEW_CODE = "new code"
# Sonar's key -> the catalogue's metric. Its `coverage` mixes lines and conditions, so it is a metric of its own.
MEASURES = {
    "coverage": "coverage_combined_percent",
    "line_coverage": "coverage_line_percent",
    "branch_coverage": "coverage_branch_percent",
    "bugs": "bugs_count",
    "vulnerabilities": "vulnerabilities_count",
    "code_smells": "code_smells_count",
    "duplicated_lines_density": "duplicated_lines_percent",
    "alert_status": GATES,
}
_FAILED = {"OK": 0, "WARN": 0, "ERROR": 1}  # WARN, up to SonarQube 7.5, lets a gate pass
_ASK = "ask for metricKeys=coverage,bugs,vulnerabilities,code_smells,duplicated_lines_density,alert_status"


def _detect_scorecard(head: bytes, name: str) -> float:
    if not has_all(head, "scorecard", "repo"):
        return 0.0
    return 0.95 if has_all(head, "score") or has(head, "checks", "[]", "score") else 0.0


def read_scorecard(data: bytes, name: str) -> Reading:
    """The aggregate, and each check under its name as scope, out of ten; -1 (inconclusive) is unknown with its reason.

    A check below ten is a finding, with what the tool says of it.
    """
    document = load_object(data)
    if not isinstance(document.get("checks"), list):
        raise ReadError("the list of checks is missing: the report is cut off")
    checks = [check for check in objects(document["checks"]) if text(check.get("name"))]
    if not checks:
        raise ReadError("no check ran")
    figures = [_out_of_ten(document.get("score"), "", "Scorecard could not conclude a score (-1)")]
    items: list[ReadItem] = []
    for check in checks:
        scope, words = one_line(check["name"], 60), one_line(text(check.get("reason")), 120)
        found = _out_of_ten(check.get("score"), scope, f"inconclusive (-1): {words or 'no reason is stated'}")
        figures.append(found)
        if found.value is not None and found.value < 10:
            result = f"{scope} {found.value:g}/10" + (f": {words}" if words else "")
            items.append(item("finding", "scorecard", result, "", None, SCORE, scope))
    version = text(mapping(document.get("scorecard")).get("version")).removeprefix("v")
    return Reading("scorecard", "scorecard", version, tuple(figures), tuple(items))


def _out_of_ten(value: Any, scope: str, inconclusive: str) -> Figure:
    found = number(value)
    if found == -1:
        return figure(SCORE, None, scope, inconclusive)
    if found is not None and found > 10:
        return figure(SCORE, None, scope, f"{found:g} is above 10")
    return figure(SCORE, found, scope)


def _detect_measures(head: bytes, name: str) -> float:
    return 0.95 if has(head, "component", "measures") else 0.0


def read_measures(data: bytes, name: str) -> Reading:
    """Each measure that was asked for, a measure of new code under the scope "new code".

    Sonar leaves out what it has no value for. A metric that the answer describes (`additionalFields=metrics`) without
    a value is therefore unknown; any other one is not mentioned, since nobody asked for it.
    """
    document = load_object(data)
    component = mapping(document.get("component"))
    if not isinstance(component.get("measures"), list):
        raise ReadError("the list of measures is missing: the answer is cut off")
    part = _part(component)
    figures = [found for measure in objects(component["measures"]) for found in _measured(measure, part)]
    stated = {(found.metric, found.scope) for found in figures}
    for key in (text(metric.get("key")) for metric in objects(document.get("metrics"))):
        metric, scope = MEASURES.get(key.removeprefix("new_"), ""), _scope(key, part)
        if metric and (metric, scope) not in stated:
            figures.append(figure(metric, None, scope, f"Sonar has no value of {key} for this component"))
    return Reading("sonar-measures", "sonar", "", tuple(figures), (), tuple(_doubts(figures)))


def _doubts(figures: list[Figure]) -> Iterator[str]:
    """An answer to another question claims nothing of our metrics; Sonar's 0.0% may only mean that no report came."""
    if not figures:
        yield f"no measure that is read: {_ASK}"
    if any(found.metric == MEASURES["coverage"] and found.value == 0 for found in figures):
        yield "coverage is 0.0%: Sonar states this also where no coverage report was imported"


def _part(component: dict[str, Any]) -> str:
    """What the measures are of, as a scope: empty for the project, else the pull request, the path or the key."""
    request = component.get("pullRequest")
    if request:
        return one_line(f"pull request {request}", 60)
    whole = text(component.get("qualifier")) in ("", "TRK", "APP", "VW", "SVW")
    return "" if whole else text(component.get("path")) or text(component.get("key"))


def _scope(key: str, part: str) -> str:
    return "/".join(word for word in (part, NEW_CODE if key.startswith("new_") else "") if word)


def _measured(measure: dict[str, Any], part: str) -> Iterator[Figure]:
    key = text(measure.get("metric"))
    metric = MEASURES.get(key.removeprefix("new_"))
    if metric is None:
        return
    value = measure.get("value")
    if key.startswith("new_"):
        periods = [mapping(measure.get("period")), *objects(measure.get("periods"))]
        value = next((period["value"] for period in periods if "value" in period), value)
    yield _gate(value, _scope(key, part)) if metric == GATES else figure(metric, value, _scope(key, part))


def _gate(status: Any, scope: str = "") -> Figure:
    """Failed gates of this one: 0 or 1; NONE (no gate, or no analysis yet) and unknown words are unknown."""
    if status == "NONE":
        return figure(GATES, None, scope, "the gate has no status (NONE): no analysis yet, or no gate")
    words = one_line(status, 30) if isinstance(status, str) else "missing"
    return figure(GATES, _FAILED.get(status) if isinstance(status, str) else None, scope, f"the status is {words}")


def _detect_gate(head: bytes, name: str) -> float:
    return 0.95 if has(head, "projectStatus", "status") else 0.0


def read_gate(data: bytes, name: str) -> Reading:
    """Whether the quality gate failed (1) or not (0); each condition that failed is a finding with both values.

    A gate that calls itself OK beside a failed condition counts as failed, with a warning.
    """
    gate = mapping(load_object(data).get("projectStatus"))
    found = _gate(gate.get("status"))
    conditions = objects(sequence(gate.get("conditions")))
    failed = [condition for condition in conditions if condition.get("status") == "ERROR"]
    warnings = ["the gate passed with a warning (WARN)"] if gate.get("status") == "WARN" else []
    if found.value == 0 and failed:
        warnings.append(f"the gate says {gate['status']}, {len(failed)} of its conditions failed: counted as failed")
        found = figure(GATES, 1)
    items = tuple(_condition(condition) for condition in failed)
    return Reading("sonar-gate", "sonar", "", (found,), items, tuple(warnings))


def _condition(condition: dict[str, Any]) -> ReadItem:
    key, limit = text(condition.get("metricKey")), condition.get("errorThreshold")
    asked = f", fails when {'below' if condition.get('comparator') == 'LT' else 'above'} {limit}" if limit else ""
    return item("finding", "quality gate", f"{key} is {condition.get('actualValue')}{asked}", "", None, GATES, key)


READERS = (
    Reader(
        "scorecard",
        "OpenSSF Scorecard JSON",
        "Scorecard 5.1 (figures)",
        (SCORE,),
        _detect_scorecard,
        read_scorecard,
    ),
    Reader(
        "sonar-measures",
        "SonarQube and SonarCloud api/measures/component",
        "SonarQube 7.x (figures); the documented shape of 2026",
        tuple(MEASURES.values()),
        _detect_measures,
        read_measures,
    ),
    Reader(
        "sonar-gate",
        "SonarQube and SonarCloud api/qualitygates/project_status",
        "SonarQube 7.x and 2025 (figures); the documented shape of 2026",
        (GATES,),
        _detect_gate,
        read_gate,
    ),
)
