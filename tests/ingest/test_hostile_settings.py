"""A tminus.toml can neither hang a pull nor make it fail with a traceback."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.config import ConfigError, parse_config
from ingest.pull import pull
from models.plan.parsing import parse_plan
from models.plan.plan import PlanError
from tests.testing.hostile_repository import repository

NOW = datetime(2026, 1, 5, tzinfo=UTC)


def test_a_pattern_that_would_take_for_ever_is_stopped_and_named(tmp_path: Path) -> None:
    """The counter and the file are named; the other sources go on."""
    folder = repository(tmp_path / "r", **{"slow.txt": "a" * 40 + "!\n"})
    counter = {"kind": "matches", "pattern": "(a+)+$", "paths": ["*.txt"]}
    config = parse_config({"project": {"name": "p"}, "counters": {"slow": counter}}, folder)
    report = {source.source: source for source in pull(config, now=NOW).sources}
    assert "counters.slow.pattern takes more than" in report["git"].error
    assert "slow.txt" in report["git"].error
    assert report["tree"].ok


_KEYS = [
    *("project", "name", "repository", "branch", "warehouse", "documents", "as_of", "timezone", "counters", "sources"),
    *("readiness", "target", "effective_from", "gate", "id", "title", "kind", "criterion", "metric", "scope", "by"),
    *("comparator", "threshold", "baseline", "weight", "blocker", "max_age_days", "expires", "why", "fix", "rule"),
    *("needs", "text", "waiver", "owner", "reason", "stage", "pattern", "paths", "of", "file", "unit"),
]

_SCALARS = st.one_of(
    st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(), st.text(max_size=4), st.dates(), st.datetimes(),
    st.times(), st.sampled_from(["matches", "(", "\0", "GO", "deploy", ">=", "todo_count"]),
)  # fmt: skip

_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(_KEYS), inner, max_size=4)),
    max_leaves=12,
)

_TABLES = ("project", "counters", "sources", "readiness", "gate", "rule", "waiver", "stage")


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(_TABLES, _VALUES)))
def test_any_tables_give_a_plan_or_a_list_of_problems(tables: dict[str, object]) -> None:
    """Whatever a tminus.toml holds, the answer is a plan or its problems, never another exception."""
    for parse, refusal in ((lambda: parse_config(tables, Path("/nowhere")), ConfigError),
                           (lambda: parse_plan(tables), PlanError)):  # fmt: skip
        try:
            parse()
        except refusal as problem:
            assert str(problem)
