"""From a [[gate.criterion]] table to a Criterion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast, get_args

from models.plan.better_direction import BETTER, is_against_direction
from models.plan.plan import Attestation, Comparator, Criterion, Risk
from models.plan.rollout_parsing import level_in
from models.plan.tables import NO_DAY, TableReader

MOST_DAYS = 36_500.0  # a hundred years; longer spans overflow the clock
_CRITERION_KEYS = tuple(key for key in Criterion.__dataclass_fields__ if key != "gate")
_PLAIN_TEXTS = ("scope", "unit", "why", "fix", "claim", "owner", "not_applicable", "parent", "evidence_link")


# How old evidence may be, in days, where the plan does not say. What runs is watched: a value of last week says nothing
# about a system that goes on running, while the figures of a commit stay what they are.
FRESH_DAYS, FRESH_DAYS_RUNNING = 30.0, 1.0


def criterion_in(
    table: Mapping[str, Any], path: str, gate: str, reader: TableReader, fresh_days: float = FRESH_DAYS
) -> Criterion:
    """The criterion of one table; what is wrong with it is noted in `reader`."""
    reader.only(table, _CRITERION_KEYS, path)
    identity = reader.text(table, "id", path, required=True)
    metric = reader.text(table, "metric", path)
    # Where nothing measures it, "at least one yes" is the only demand left that can be put.
    comparator = reader.choice(table, "comparator", path, get_args(Comparator), "" if metric else ">=")
    threshold = reader.number(table, "threshold", path, default=None if metric else 1.0)
    scale = reader.choice(table, "scale", path, ("linear", "log"), "linear")
    baseline = reader.optional_number(table, "baseline", path)
    against = reader.yes_no(table, "against_direction", path)
    if not against and table.get("comparator") == comparator and is_against_direction(metric, comparator):
        reader.problem(f"{path}.comparator", _against(metric, comparator))
    if scale == "log" and min(threshold, 0.0 if baseline is None else baseline) < 0:
        reader.problem(f"{path}.scale", "log needs a threshold and a baseline of 0 or more")
    words = {key: reader.text(table, key, path) for key in _PLAIN_TEXTS}
    return Criterion(
        id=identity,
        title=reader.text(table, "title", path) or identity,
        gate=gate,
        metric=metric,
        comparator=cast(Comparator, comparator),
        threshold=threshold,
        baseline=baseline,
        weight=reader.number(table, "weight", path, default=1.0, low=0.0),
        blocker=reader.yes_no(table, "blocker", path),
        scale="log" if scale == "log" else "linear",
        max_age_days=reader.number(table, "max_age_days", path, default=fresh_days, low=0.0, high=MOST_DAYS),
        attested=_attestation(table, path, reader),
        against_direction=against,
        due=reader.day(table, "due", path) if "due" in table else None,
        tolerance=reader.number(table, "tolerance", path, default=0.0, low=0.0),
        attestable=reader.yes_no(table, "attestable", path),
        risk=cast(Risk, reader.choice(table, "risk", path, get_args(Risk)[1:], "low") if "risk" in table else ""),
        level=level_in(table, path, reader),
        **words,
    )


def _against(metric: str, comparator: str) -> str:
    better = BETTER[metric]
    fitting = "> or >=" if better == "higher" else "< or <="
    return (
        f'found "{comparator}", but {better} is better for {metric}, so a worse value would pass; '
        f"needs {fitting}, or against_direction = true if it is meant so"
    )


def _attestation(table: Mapping[str, Any], path: str, reader: TableReader) -> Attestation | None:
    if "attested" not in table:
        return None
    inner, where = reader.table(table, "attested", f"{path}.attested"), f"{path}.attested"
    reader.only(inner, ("by", "on", "expires", "value"), where)
    starts, expires = reader.day(inner, "on", where), reader.day(inner, "expires", where)
    if NO_DAY not in (starts, expires) and expires < starts:
        reader.problem(f"{where}.expires", f"{expires} is before the day of the attestation, {starts}")
    by = reader.text(inner, "by", where, required=True)
    return Attestation(by=by, on=starts, expires=expires, value=reader.optional_number(inner, "value", where))
