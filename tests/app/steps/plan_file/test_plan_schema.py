"""The JSON Schema of tminus.toml agrees with the parser: what is valid validates, what has a wrong shape does not."""

from __future__ import annotations

import copy
import json
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.steps.plan_file.lint import TABLES
from app.steps.plan_file.schema import plan_schema
from ingest.config import ConfigError, parse_config
from ingest.sources.built_in_settings import source_problems
from models.plan.parsing import parse_plan
from models.plan.plan import PlanError

ROOT = Path(__file__).parents[4]
PLANS = sorted([*(ROOT / "data").glob("plans/*.toml"), *(ROOT / "data").glob("samples/*/*.toml")])
VALIDATOR = jsonschema.Draft7Validator(plan_schema())
# What depends on other parts of the file, or on the words of a text: no schema can know it.
BEYOND_SHAPE = (
    "is called", "is taken by", "did you mean", "names no", "name of a rule", "weights are zero", "before the day",
    "so a worse value", "log needs", "needs a duration", "needs daily", "needs moments", "is not in the plan",
    "regular expression:", "must be an offset", "must be a day of", "needs a date", "parent", "needs a finite",
)  # fmt: skip
FULL = """
[project]
name = "shop"
timezone = "Europe/Berlin"
[readiness]
target = 90
promised = 2026-03-31
max_commits_behind = 3
[ratchet.tolerance]
cover = 0.5
[[gate]]
id = "g"
weight = 2
[[gate.criterion]]
id = "cover"
metric = "coverage_line_percent"
comparator = ">="
threshold = 80
unit = "percent"
level = 2
due = 2026-02-01
blocker = true
[[gate.criterion]]
id = "team"
attested = { by = "Ada", on = 2026-01-01, expires = 2026-06-01 }
[[rule]]
id = "r"
kind = "go"
needs = ["cover"]
[[waiver]]
criterion = "cover"
owner = "Ada"
reason = "soon"
expires = 2026-02-01
[[stage]]
id = "s"
users = 10
share = 5.0
[[escalation]]
level = 1
who = "Ada"
[[drill]]
id = "d"
limit_seconds = 60
[counters.old]
kind = "matches"
pattern = "x"
paths = ["src/**"]
[sources.artifacts]
paths = ["reports"]
[sources.github]
repository = "a/b"
"""


def validates(tables: Any) -> bool:
    """Whether the schema accepts the tables, with days as text, as an editor sees them."""
    text = json.dumps(tables, default=lambda v: v.isoformat() if isinstance(v, date | datetime) else str(v))
    return bool(VALIDATOR.is_valid(json.loads(text)))


def refusals(tables: Any) -> list[str]:
    """What the parsers say against the tables."""
    found = [f"{key}: unknown table" for key in tables if key not in TABLES]
    try:
        parse_plan(tables)
    except PlanError as problem:
        found += problem.problems
    try:
        parse_config(tables, Path())
    except ConfigError as problem:
        found += problem.problems
    return found + source_problems(tables.get("sources", {}) if isinstance(tables.get("sources", {}), dict) else {})


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.parent.name + "/" + path.name)
def test_every_sample_plan_validates(path: Path) -> None:
    """The plans that the product brings and shows are valid by the schema."""
    assert validates(tomllib.loads(path.read_text(encoding="utf-8")))


def test_every_key_is_described() -> None:
    """An editor shows what each key means."""

    def walk(schema: dict[str, Any], path: str) -> list[str]:
        found = []
        for name, inner in schema.get("properties", {}).items():
            where = f"{path}.{name}"
            found += [where] if not inner.get("description") and ".sources." not in where and name != "kind" else []
            found += walk(inner, where) + walk(inner.get("items", {}), where)
        return found

    assert walk(plan_schema(), "") == []


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value below the top."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [p for key, part in inner for p in ((*path, key), *places(part, (*path, key)))]


STRANGE = st.sampled_from([None, "", "x", 7, -3, 2.5, True, [], ["a"], [1], {}, {"strange_key": 1}, [{}]])


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_what_the_parser_refuses_for_its_shape_the_schema_refuses(data: st.DataObject) -> None:
    """Any one value of a full plan removed or replaced by something of another shape: both agree."""
    tables = copy.deepcopy(tomllib.loads(FULL))
    *way, last = data.draw(st.sampled_from(places(tables)))
    parent = tables
    for key in way:
        parent = parent[key]  # type: ignore[assignment]
    strange = data.draw(STRANGE)
    if strange is None:
        del parent[last]
    else:
        parent[last] = strange
    refused = refusals(tables)
    of_shape = [problem for problem in refused if not any(words in problem for words in BEYOND_SHAPE)]
    if of_shape:
        assert not validates(tables), of_shape
    if not refused:
        assert validates(tables), list(VALIDATOR.iter_errors(json.loads(json.dumps(tables, default=str))))


@pytest.mark.parametrize("path", [p for p in places(tomllib.loads(FULL)) if isinstance(p[-1], str)], ids=str)
def test_a_misspelt_key_is_refused(path: tuple[Any, ...]) -> None:
    """A key that nobody reads is marked in the editor, at every level; names that the user chooses are free."""
    tables = tomllib.loads(FULL)
    parent: Any = tables
    for key in path[:-1]:
        parent = parent[key]
    parent[f"{path[-1]}x"] = parent.pop(path[-1])
    if path[:-1] not in (("counters",), ("sources",), ("ratchet", "tolerance")):
        assert not validates(tables)
