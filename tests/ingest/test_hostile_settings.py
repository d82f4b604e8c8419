"""A tminus.toml can neither hang a pull nor make it fail with a traceback."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.config import ConfigError, parse_config
from ingest.counting.slow_patterns import stoppable
from ingest.pull import pull
from models.plan.parsing import parse_plan
from models.plan.plan import PlanError
from tests.testing.hostile_repository import repository

NOW = datetime(2026, 1, 5, tzinfo=UTC)


ENDLESS = [  # each doubles its work with every character
    *(("matches", pattern) for pattern in ("(a|aa)+$", "(a{0,30}){0,30}$", "(.*?a){22}P")),
    ("list_length", "(a|aa)+$"),
]


@pytest.mark.parametrize(("kind", "pattern"), ENDLESS)
def test_a_pattern_that_would_take_for_ever_is_stopped_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, pattern: str
) -> None:
    """The counter and the file are named; the other sources go on."""
    monkeypatch.setattr("ingest.counting.counters.BUDGET_SECONDS", 0.1)
    folder = repository(tmp_path / "r", **{"slow.txt": "a" * 60 + "!\n"})
    place = {"file": "slow.txt"} if kind == "list_length" else {"paths": ["*.txt"]}
    counter = {"kind": kind, "pattern": pattern, **place}
    config = parse_config({"project": {"name": "p"}, "counters": {"slow": counter}}, folder)
    report = {source.source: source for source in pull(config, now=NOW).sources}
    assert "counters.slow.pattern takes more than" in report["git"].error
    assert "slow.txt" in report["git"].error
    assert report["tree"].ok


def test_the_scanning_process_has_the_patterns_that_can_be_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many files are scanned in a process of their own, which finds the library of the patterns."""
    monkeypatch.setattr("ingest.sources.git.blob_reader.WINDOW", 2)
    files = {f"f{number}.txt": "aaa\n" * number for number in range(5)}
    folder = repository(tmp_path / "r", **files)
    table = {"kind": "matches", "pattern": "a+$", "paths": ["*.txt"]}
    config = parse_config({"project": {"name": "p"}, "counters": {"good": table}}, folder)
    git = next(source for source in pull(config, now=NOW).sources if source.source == "git")
    assert (git.error, git.counts["blobs"]) == ("", 5)


@given(text=st.text("ab.\n ", max_size=60), pattern=st.sampled_from(["a+b", "a.*b$", "(?:ab|a)*b", "^ ?a", r"\bab?\b"]))
def test_a_pattern_that_can_be_stopped_finds_what_python_finds(text: str, pattern: str) -> None:
    """The engine with the time limit counts as Python's own."""
    own = re.compile(pattern.encode(), re.MULTILINE)
    other = stoppable(own)
    assert not isinstance(other, re.Pattern)
    assert [m.span() for m in other.finditer(text.encode())] == [m.span() for m in own.finditer(text.encode())]


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
