"""From the TOML tables of a plan to a Plan: every problem is collected with its path before any is reported."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, cast, get_args

from models.plan.criterion_parsing import FRESH_DAYS, FRESH_DAYS_RUNNING, criterion_in
from models.plan.durations import parse_cadence
from models.plan.parents import check_parents
from models.plan.plan import (
    Criterion,
    Gate,
    GateKind,
    Plan,
    PlanError,
    Rule,
    RuleKind,
    Waiver,
)
from models.plan.ratchet_parsing import tolerances_in
from models.plan.rollout_parsing import (
    check_rollout_names,
    document_in,
    drills_in,
    duration_in,
    escalations_in,
    messages_in,
    runbooks_in,
    stages_in,
)
from models.plan.tables import TableReader, close_to

# decide() adds a rule under each of these names to every plan.
RESERVED_RULES = (
    *("readiness", "blockers", "demands", "measured", "attested"),
    *("candidate", "overtaken", "off_branch", "misdated"),
)
_READINESS_KEYS = (
    "target",
    "promised",
    "deployment_date",
    "assessment_date",
    "next_review",
    "review_cadence",
    "effective_from",
    "max_attested_percent",
    "max_commits_behind",
)
_OWN_TABLES = (
    "readiness",
    "gate",
    "rule",
    "waiver",
    "stage",
    "runbook",
    "drill",
    "message",
    "escalation",
    "document",
    "ratchet",
)
_TABLES_OF_OTHERS = ("project", "counters", "sources")


def read_plan(mapping: Mapping[str, Any], reader: TableReader | None = None) -> Plan:
    """The plan, or PlanError with every problem of every table; `reader` may watch what is read."""
    reader = reader or TableReader()
    _check_top_level(mapping, reader)
    readiness = reader.table(mapping, "readiness", "readiness")
    reader.only(readiness, _READINESS_KEYS, "readiness")
    gates = _gates(mapping, reader)
    plan = Plan(
        target=reader.number(readiness, "target", "readiness", default=90.0, low=0.0, high=100.0),
        gates=gates,
        rules=_rules(mapping, reader),
        waivers=_waivers(mapping, reader),
        stages=stages_in(mapping, reader),
        runbooks=runbooks_in(mapping, reader),
        drills=drills_in(mapping, reader),
        messages=messages_in(mapping, reader),
        escalations=escalations_in(mapping, reader),
        document=document_in(mapping, reader),
        effective_from=reader.moment(readiness, "effective_from", "readiness"),
        review_cadence=_cadence(readiness, reader),
        promised=_day(readiness, "promised", reader),
        deployment_date=_day(readiness, "deployment_date", reader),
        assessment_date=_day(readiness, "assessment_date", reader),
        next_review=_day(readiness, "next_review", reader),
        max_attested_percent=reader.number(
            readiness, "max_attested_percent", "readiness", default=25.0, low=0.0, high=100.0
        ),
        max_commits_behind=_commits_behind(readiness, reader),
        ratchet_tolerance=tolerances_in(mapping, gates, reader),
    )
    _check_names(plan, reader)
    _check_weights(plan, reader)
    if reader.problems:
        raise PlanError(reader.problems)
    return Plan(**{**_fields(plan), "notes": (*reader.notes, *_oddities(plan))})


def _day(readiness: Mapping[str, Any], key: str, reader: TableReader) -> date | None:
    return reader.day(readiness, key, "readiness") if key in readiness else None


def _cadence(readiness: Mapping[str, Any], reader: TableReader) -> timedelta | None:
    text = reader.text(readiness, "review_cadence", "readiness")
    cadence = parse_cadence(text)
    if text and cadence is None:
        reader.problem(
            "readiness.review_cadence",
            f"needs daily, weekly, biweekly, monthly, quarterly or a duration like 10d, found {text!r}",
        )
    return cadence


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
    reader.only(table, ("id", "title", "weight", "claim", "kind", "judged_after", "environment", "criterion"), path)
    identity = reader.text(table, "id", path, required=True)
    kind = cast(GateKind, reader.choice(table, "kind", path, get_args(GateKind), "deploy"))
    environment = reader.text(table, "environment", path)
    if environment and kind == "deploy":
        reader.problem(f"{path}.environment", "a gate of the kind deploy is about a commit, not about an environment")
    criteria = reader.tables(table, "criterion", f"{path}.criterion")
    judged_after = duration_in(table, "judged_after", path, reader)
    fresh_days = FRESH_DAYS_RUNNING if kind == "running" and judged_after is None else FRESH_DAYS
    if not criteria:
        reader.problem(f"{path}.criterion", "a gate needs at least one criterion, else it would count for nothing")
    return Gate(
        id=identity,
        title=reader.text(table, "title", path) or identity,
        weight=reader.number(table, "weight", path, default=1.0, low=0.0),
        criteria=tuple(criterion_in(inner, where, identity, reader, fresh_days) for where, inner in criteria),
        claim=reader.text(table, "claim", path),
        kind=kind,
        judged_after=judged_after,
        environment=environment,
    )


def _rules(mapping: Mapping[str, Any], reader: TableReader) -> tuple[Rule, ...]:
    rules = []
    for path, table in reader.tables(mapping, "rule", "rule"):
        reader.only(table, ("id", "kind", "text", "needs", "among", "at_most", "measured"), path)
        identity = reader.text(table, "id", path, required=True)
        if identity in RESERVED_RULES:
            reader.problem(f"{path}.id", f'"{identity}" is the name of a rule that every plan has; choose another')
        kind = cast(RuleKind, reader.choice(table, "kind", path, get_args(RuleKind), ""))
        text, needs = reader.text(table, "text", path), reader.texts(table, "needs", path)
        measured = reader.texts(table, "measured", path)
        rules.append(Rule(identity, kind, text, needs, *_counted(table, path, reader), measured))
    return tuple(rules)


def _counted(table: Mapping[str, Any], path: str, reader: TableReader) -> tuple[tuple[str, ...], int]:
    """`among` and `at_most`, which belong together."""
    among, limit = reader.texts(table, "among", path), reader.number(table, "at_most", path, default=0.0, low=0.0)
    if limit != int(limit):
        reader.problem(f"{path}.at_most", f"needs a whole number of criteria, found {limit:g}")
    if ("among" in table) != ("at_most" in table):
        missing = "at_most" if "among" in table else "among"
        reader.problem(f"{path}.{missing}", "is missing; among and at_most belong together")
    return among, int(limit)


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
    known_criteria = [name for _, name in criteria]
    known = [*(name for _, name in gates), *known_criteria]
    check_rollout_names(plan.stages, plan.runbooks, plan.drills, plan.messages, known, reader)
    check_parents(plan, reader)
    if not plan.gates:
        return  # reported already; every name would be unknown
    for i, rule in enumerate(plan.rules):
        for j, need in enumerate(rule.needs):
            reader.known(need, known, f"rule[{i}].needs[{j}]", "criterion or gate")
        for j, need in enumerate(rule.among):
            reader.known(need, known, f"rule[{i}].among[{j}]", "criterion or gate")
        for j, need in enumerate(rule.measured):
            reader.known(need, known_criteria, f"rule[{i}].measured[{j}]", "criterion")
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
        if not rule.names
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
    """Read the plan tables of tminus.toml ([readiness], [[gate]], [[rule]] ...); PlanError lists all problems.

    Tables that belong to others ([project], [counters], [sources]) are passed over. What is odd but can be scored (a
    baseline beyond the threshold, a rule that names no criterion) becomes a sentence in `Plan.notes`.
    """

    return read_plan(mapping)
