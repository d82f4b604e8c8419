"""From the TOML tables of a plan to a Plan: every problem is collected with its path before anything is said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast, get_args

from models.plan.better_direction import BETTER, is_against_direction
from models.plan.plan import Attestation, Comparator, Criterion, Gate, Plan, PlanError, Rule, RuleKind, Stage, Waiver
from models.plan.tables import NO_DAY, TableReader, close_to

# decide() adds a rule under each of these names to every plan.
RESERVED_RULES = ("readiness", "blockers", "measured", "attested", "candidate")
STAGE_KINDS = ("phase", "stage", "rollback", "communication", "monitoring", "check", "promotion")
_READINESS_KEYS = ("target", "promised", "effective_from", "max_attested_percent", "max_commits_behind")
_OWN_TABLES = ("readiness", "gate", "rule", "waiver", "stage")
_TABLES_OF_OTHERS = ("project", "counters", "sources")
_CRITERION_KEYS = tuple(key for key in Criterion.__dataclass_fields__ if key != "gate")


def read_plan(mapping: Mapping[str, Any]) -> Plan:
    """The plan, or PlanError with every problem of every table."""
    reader = TableReader()
    _check_top_level(mapping, reader)
    readiness = reader.table(mapping, "readiness", "readiness")
    reader.only(readiness, _READINESS_KEYS, "readiness")
    gates = _gates(mapping, reader)
    plan = Plan(
        target=reader.number(readiness, "target", "readiness", default=90.0, low=0.0, high=100.0),
        gates=gates,
        rules=_rules(mapping, reader),
        waivers=_waivers(mapping, reader),
        stages=_stages(mapping, reader),
        effective_from=reader.moment(readiness, "effective_from", "readiness"),
        promised=reader.day(readiness, "promised", "readiness") if "promised" in readiness else None,
        max_attested_percent=reader.number(
            readiness, "max_attested_percent", "readiness", default=25.0, low=0.0, high=100.0
        ),
        max_commits_behind=_commits_behind(readiness, reader),
    )
    _check_names(plan, reader)
    _check_weights(plan, reader)
    if reader.problems:
        raise PlanError(reader.problems)
    return Plan(**{**_fields(plan), "notes": (*reader.notes, *_oddities(plan))})


def _commits_behind(readiness: Mapping[str, Any], reader: TableReader) -> int | None:
    path = "readiness.max_commits_behind"
    limit = reader.optional_number(readiness, "max_commits_behind", "readiness")
    if limit is not None and (limit < 0 or limit != int(limit)):
        reader.problem(path, f"needs a whole number of commits, 0 or more, found {limit:g}")
        return None
    return None if limit is None else int(limit)


def _fields(plan: Plan) -> dict[str, Any]:
    return {name: getattr(plan, name) for name in Plan.__dataclass_fields__}


def _check_top_level(mapping: Mapping[str, Any], reader: TableReader) -> None:
    """Only near misses of our own tables: any other stray table is for the reader of the configuration to name."""
    for key in mapping:
        if key not in _OWN_TABLES and key not in _TABLES_OF_OTHERS and (meant := close_to(key, _OWN_TABLES)):
            reader.problem(key, f'unknown table; did you mean "{meant}"?')


def _gates(mapping: Mapping[str, Any], reader: TableReader) -> tuple[Gate, ...]:
    tables = reader.tables(mapping, "gate", "gate")
    if not mapping.get("gate"):
        reader.problem("gate", "the plan has no gates; add at least one [[gate]] with a [[gate.criterion]]")
    return tuple(_gate(table, path, reader) for path, table in tables)


def _gate(table: Mapping[str, Any], path: str, reader: TableReader) -> Gate:
    reader.only(table, ("id", "title", "weight", "claim", "criterion"), path)
    identity = reader.text(table, "id", path, required=True)
    criteria = reader.tables(table, "criterion", f"{path}.criterion")
    if not criteria:
        reader.problem(f"{path}.criterion", "a gate needs at least one criterion, else it would count for nothing")
    return Gate(
        id=identity,
        title=reader.text(table, "title", path) or identity,
        weight=reader.number(table, "weight", path, default=1.0, low=0.0),
        criteria=tuple(_criterion(inner, where, identity, reader) for where, inner in criteria),
        claim=reader.text(table, "claim", path),
    )


def _criterion(table: Mapping[str, Any], path: str, gate: str, reader: TableReader) -> Criterion:
    reader.only(table, _CRITERION_KEYS, path)
    identity = reader.text(table, "id", path, required=True)
    metric = reader.text(table, "metric", path)
    # Where nothing measures it, "at least one yes" is the only demand left that can be put.
    comparator = reader.choice(table, "comparator", path, get_args(Comparator), "" if metric else ">=")
    threshold = reader.number(table, "threshold", path, default=None if metric else 1.0)
    scale = reader.choice(table, "scale", path, ("linear", "log"), "linear")
    baseline = reader.optional_number(table, "baseline", path)
    against = reader.yes_no(table, "against_direction", path)
    if not against and "comparator" in table and is_against_direction(metric, comparator):
        reader.problem(f"{path}.comparator", _against(metric, comparator))
    if scale == "log" and min(threshold, 0.0 if baseline is None else baseline) < 0:
        reader.problem(f"{path}.scale", "log needs a threshold and a baseline of 0 or more")
    return Criterion(
        id=identity,
        title=reader.text(table, "title", path) or identity,
        gate=gate,
        metric=metric,
        scope=reader.text(table, "scope", path),
        comparator=cast(Comparator, comparator),
        threshold=threshold,
        unit=reader.text(table, "unit", path),
        baseline=baseline,
        weight=reader.number(table, "weight", path, default=1.0, low=0.0),
        blocker=reader.yes_no(table, "blocker", path),
        scale="log" if scale == "log" else "linear",
        max_age_days=reader.number(table, "max_age_days", path, default=30.0, low=0.0),
        not_applicable=reader.text(table, "not_applicable", path),
        attested=_attestation(table, path, reader),
        why=reader.text(table, "why", path),
        fix=reader.text(table, "fix", path),
        claim=reader.text(table, "claim", path),
        against_direction=against,
        owner=reader.text(table, "owner", path),
        due=reader.day(table, "due", path) if "due" in table else None,
        tolerance=reader.number(table, "tolerance", path, default=0.0, low=0.0),
        attestable=reader.yes_no(table, "attestable", path),
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


def _rules(mapping: Mapping[str, Any], reader: TableReader) -> tuple[Rule, ...]:
    rules = []
    for path, table in reader.tables(mapping, "rule", "rule"):
        reader.only(table, ("id", "kind", "text", "needs"), path)
        identity = reader.text(table, "id", path, required=True)
        if identity in RESERVED_RULES:
            reader.problem(f"{path}.id", f'"{identity}" is the name of a rule that every plan has; choose another')
        kind = cast(RuleKind, reader.choice(table, "kind", path, get_args(RuleKind), ""))
        rules.append(Rule(identity, kind, reader.text(table, "text", path), reader.texts(table, "needs", path)))
    return tuple(rules)


def _waivers(mapping: Mapping[str, Any], reader: TableReader) -> tuple[Waiver, ...]:
    waivers = []
    for path, table in reader.tables(mapping, "waiver", "waiver"):
        reader.only(table, ("criterion", "owner", "reason", "expires", "covers_unknown"), path)
        criterion, owner, reason = (
            reader.text(table, key, path, required=True) for key in ("criterion", "owner", "reason")
        )
        expires, covers_unknown = reader.day(table, "expires", path), reader.yes_no(table, "covers_unknown", path)
        waivers.append(Waiver(criterion, owner, reason, expires, covers_unknown))
    return tuple(waivers)


def _stages(mapping: Mapping[str, Any], reader: TableReader) -> tuple[Stage, ...]:
    stages = []
    for path, table in reader.tables(mapping, "stage", "stage"):
        reader.only(table, tuple(Stage.__dataclass_fields__), path)
        identity = reader.text(table, "id", path, required=True)
        users = reader.optional_number(table, "users", path)
        if users is not None and (users < 0 or users != int(users)):
            reader.problem(f"{path}.users", f"{users:g} is no number of users")
        stages.append(
            Stage(
                id=identity,
                title=reader.text(table, "title", path) or identity,
                kind=reader.choice(table, "kind", path, STAGE_KINDS, "stage"),
                users=None if users is None else int(users),
                duration=reader.text(table, "duration", path),
                steps=reader.texts(table, "steps", path),
            )
        )
    return tuple(stages)


def _check_names(plan: Plan, reader: TableReader) -> None:
    gates = [(f"gate[{i}]", gate.id) for i, gate in enumerate(plan.gates)]
    criteria = [
        (f"gate[{i}].criterion[{j}]", criterion.id)
        for i, gate in enumerate(plan.gates)
        for j, criterion in enumerate(gate.criteria)
    ]
    # A rule names gates and criteria alike, so the two share one set of ids.
    reader.distinct([*gates, *criteria])
    reader.distinct([(f"rule[{i}]", rule.id) for i, rule in enumerate(plan.rules)])
    reader.distinct([(f"stage[{i}]", stage.id) for i, stage in enumerate(plan.stages)])
    known_criteria = [name for _, name in criteria]
    known = [*(name for _, name in gates), *known_criteria]
    if not plan.gates:
        return  # said already; every name would be unknown
    for i, rule in enumerate(plan.rules):
        for j, need in enumerate(rule.needs):
            reader.known(need, known, f"rule[{i}].needs[{j}]", "criterion or gate")
    for i, waiver in enumerate(plan.waivers):
        if waiver.criterion:
            reader.known(waiver.criterion, known_criteria, f"waiver[{i}].criterion", "criterion")


def _check_weights(plan: Plan, reader: TableReader) -> None:
    if plan.gates and not any(gate.weight > 0 for gate in plan.gates):
        reader.problem("gate", "all weights are zero; at least one gate must count")
    for i, gate in enumerate(plan.gates):
        if gate.criteria and gate.weight > 0 and not any(criterion.weight > 0 for criterion in gate.criteria):
            reader.problem(f"gate[{i}].criterion", "all weights are zero; at least one criterion must count")


def _oddities(plan: Plan) -> list[str]:
    """What can be scored but was probably not meant."""
    notes = []
    for i, gate in enumerate(plan.gates):
        for j, criterion in enumerate(gate.criteria):
            if _is_wrong_side(criterion):
                notes.append(
                    f"gate[{i}].criterion[{j}].baseline: {criterion.baseline:g} is not on the far side of "
                    f"{criterion.comparator} {criterion.threshold:g}, so it earns all or nothing"
                )
    notes += [
        f"rule[{i}].needs: names no criterion, so there is nothing to judge the rule by and GO stays out of reach"
        for i, rule in enumerate(plan.rules)
        if not rule.needs
    ]
    return notes


def _is_wrong_side(criterion: Criterion) -> bool:
    if criterion.baseline is None:
        return False
    if criterion.comparator == "==":
        return criterion.baseline == criterion.threshold
    if criterion.direction == "higher":
        return criterion.baseline >= criterion.threshold
    return criterion.baseline <= criterion.threshold


def parse_plan(mapping: Mapping[str, Any]) -> Plan:
    """Read [readiness], [[gate]], [[rule]], [[waiver]] and [[stage]] of tminus.toml; PlanError lists all problems.

    Tables that belong to others ([project], [counters], [sources]) are passed over. What is odd but can be scored (a
    baseline beyond the threshold, a rule that names no criterion) becomes a sentence in `Plan.notes`.
    """

    return read_plan(mapping)
