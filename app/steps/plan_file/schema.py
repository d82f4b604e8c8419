"""The JSON Schema of tminus.toml, for editors (Taplo, Even Better TOML).

It is made from the parser itself: a reader that records what the parser asks of each table takes the place of the
usual one, so a key, a type or a choice that the parser learns is in the schema the next time it is written.
Descriptions are the comments behind the fields of the plan.
"""

from __future__ import annotations

import ast
import inspect
import json
import tokenize
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from io import StringIO
from typing import Any

from app.steps.plan_file.descriptions import DESCRIPTIONS, TABLES
from ingest.config import COUNTER_KEYS, COUNTER_NEEDS, PROJECT_KEYS
from ingest.forge import FORGE_KINDS
from ingest.source_table import BUILT_IN
from ingest.sources.built_in_settings import COMMON, settings_of
from models.plan.parsing import read_plan
from models.plan.plan import PlanError
from models.plan.tables import NO_DAY, TableReader

DIALECT = "http://json-schema.org/draft-07/schema#"  # what Taplo and the VS Code extension read
_ID = "tminus.schema.json"
_DAY = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}"}  # TOML dates reach a validator as text
# What the parser checks by itself after it has read a value.
_REFINED: dict[str, dict[str, Any]] = {
    "readiness.max_commits_behind": {"type": "integer", "minimum": 0},
    "stage[].users": {"type": "integer", "minimum": 0},
    "gate[].criterion[].level": {"type": "integer", "minimum": 1, "maximum": 4},
    "escalation[].level": {"type": "integer", "minimum": 1, "maximum": 4},
    "drill[].limit_seconds": {"exclusiveMinimum": 0},
    "drill[].health_url": {"pattern": "^$|^https?://"},
}
_ALSO_REQUIRED = {"escalation[]": ["level"]}
_NOT_EMPTY = ("gate", "gate[].criterion")


class _Everything(dict[str, Any]):
    """A table that has every key: the parser asks for the optional ones, too."""

    def __contains__(self, key: object) -> bool:
        return True

    def __missing__(self, key: str) -> str:
        return ""


class _Recorder(TableReader):
    """Notes what the parser asks for, and answers with values that let it go on."""

    def __init__(self, metric: str) -> None:
        super().__init__()
        self.keys: dict[str, tuple[str, ...]] = {}
        self.values: dict[str, dict[str, Any]] = {}
        self.required: set[str] = set()
        self._metric = metric

    def _note(self, path: str, shape: dict[str, Any], *, required: bool = False) -> None:
        self.values[path] = shape
        if required:
            self.required.add(path)

    def only(self, table: Mapping[str, Any], known: Sequence[str], path: str) -> None:
        self.keys[path] = tuple(known)

    def known(self, name: str, names: Sequence[str], path: str, noun: str) -> None:
        """Names are checked against each other, which a schema cannot."""

    def table(self, parent: Mapping[str, Any], key: str, path: str) -> Mapping[str, Any]:
        self._note(path, {"type": "object"})
        return _Everything()

    def tables(self, parent: Mapping[str, Any], key: str, path: str) -> list[tuple[str, Mapping[str, Any]]]:
        self._note(path, {"type": "array"}, required=path == "gate[].criterion")
        return [(f"{path}[]", _Everything())]

    def text(self, table: Mapping[str, Any], key: str, path: str, *, required: bool = False) -> str:
        self._note(f"{path}.{key}", {"type": "string", **({"pattern": r"\S"} if required else {})}, required=required)
        return self._metric if key == "metric" else ""

    def texts(self, table: Mapping[str, Any], key: str, path: str) -> tuple[str, ...]:
        self._note(f"{path}.{key}", {"type": "array", "items": {"type": "string"}})
        return ()

    def choice(self, table: Mapping[str, Any], key: str, path: str, choices: Sequence[str], default: str) -> str:
        self._note(f"{path}.{key}", {"enum": list(choices)}, required=not default)
        return choices[0]

    def yes_no(self, table: Mapping[str, Any], key: str, path: str) -> bool:
        self._note(f"{path}.{key}", {"type": "boolean"})
        return False

    def number(
        self,
        table: Mapping[str, Any],
        key: str,
        path: str,
        *,
        default: float | None,
        low: float = -float("inf"),
        high: float = float("inf"),
    ) -> float:
        limits = {name: edge for name, edge in (("minimum", low), ("maximum", high)) if abs(edge) != float("inf")}
        self._note(f"{path}.{key}", {"type": "number", **limits}, required=default is None)
        return default or 0.0

    def day(self, table: Mapping[str, Any], key: str, path: str) -> date:
        self._note(f"{path}.{key}", dict(_DAY), required=key in ("expires", "on"))
        return NO_DAY

    def moment(self, table: Mapping[str, Any], key: str, path: str) -> datetime | None:
        self._note(f"{path}.{key}", dict(_DAY))
        return None


def _recorded(metric: str) -> _Recorder:
    recorder = _Recorder(metric)
    with suppress(PlanError):  # the stand-in values make no valid plan
        read_plan(_Everything(), recorder)
    return recorder


def plan_schema() -> dict[str, Any]:
    """The whole schema: the plan as recorded, the project, the counters and the sources from their tables of keys."""
    with_metric, without = _recorded("todo_count"), _recorded("")
    body = _object("", with_metric, without)
    body["properties"] |= {"project": _project(), "counters": _counters(), "sources": _sources()}
    body["required"] = ["gate"]
    about = "Plan, sources and counters of a project that T-minus watches. `tminus lint` checks more than this schema."
    return {"$schema": DIALECT, "$id": _ID, "title": "tminus.toml", "description": about, **body}


def schema_text() -> str:
    """The schema as it is stored and printed."""
    return json.dumps(plan_schema(), indent=2, ensure_ascii=False) + "\n"


def _object(path: str, recorded: _Recorder, without: _Recorder) -> dict[str, Any]:
    """The schema of one table with all tables below it."""
    prefix = f"{path}." if path else ""
    names = recorded.keys.get(path) or _children(path, recorded)
    properties = {name: _value(f"{prefix}{name}", recorded, without) for name in names}
    required = [name for name in names if f"{prefix}{name}" in recorded.required & without.required]
    conditional = [name for name in names if f"{prefix}{name}" in recorded.required - without.required]
    found: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    if required := [*required, *_ALSO_REQUIRED.get(path, [])]:
        found["required"] = required
    if conditional:  # what a metric demands
        found["if"] = {"properties": {"metric": {"minLength": 1}}, "required": ["metric"]}
        found["then"] = {"required": conditional}
    return found


def _children(path: str, recorded: _Recorder) -> list[str]:
    """The tables at the top, which no single call lists."""
    return [name for name in recorded.values if "." not in name and "[" not in name] if not path else []


def _value(path: str, recorded: _Recorder, without: _Recorder) -> dict[str, Any]:
    shape = {**recorded.values[path], **_REFINED.get(path, {})}
    if path == "ratchet.tolerance":
        shape["additionalProperties"] = {"type": "number", "minimum": 0}
    elif shape.get("type") == "object":
        shape = _object(path, recorded, without)
    elif shape.get("type") == "array" and "items" not in shape:
        shape["items"] = _object(f"{path}[]", recorded, without)
        shape |= {"minItems": 1} if path in _NOT_EMPTY else {}
    return {"description": description_of(path), **shape}


def description_of(path: str) -> str:
    """What a key means: of its own list, else the comment behind the field of the plan. LookupError: neither has it."""
    table, _, key = path.rpartition(".")
    found = DESCRIPTIONS.get(path) or (field_comments(TABLES[table]).get(key) if table in TABLES else None)
    if not found:
        raise LookupError(f"{path} has no description: write one into app/steps/plan_file/descriptions.py")
    return found


def field_comments(kind: type) -> dict[str, str]:
    """The comment behind each field of a class."""
    source = inspect.getsource(inspect.getmodule(kind) or kind)
    tree = next(n for n in ast.parse(source).body if isinstance(n, ast.ClassDef) and n.name == kind.__name__)
    comments = _comments(source)
    targets = [(node.target, comments.get(node.lineno, "")) for node in tree.body if isinstance(node, ast.AnnAssign)]
    return {target.id: comment for target, comment in targets if comment and isinstance(target, ast.Name)}


def _comments(source: str) -> dict[int, str]:
    """The comment of each line that has one."""
    tokens = tokenize.generate_tokens(StringIO(source).readline)
    return {t.start[0]: t.string.lstrip("# ") for t in tokens if t.type == tokenize.COMMENT}


# --- the half that ingest reads ---------------------------------------------------------------------------------------

_NO_CONTROL = r"^[^\u0000-\u001f\u007f]*$"


def _of_type(wanted: type) -> dict[str, Any]:
    shapes: dict[type, dict[str, Any]] = {
        str: {"type": "string"},
        bool: {"type": "boolean"},
        int: {"type": "integer", "exclusiveMinimum": 0},
        float: {"type": "number", "exclusiveMinimum": 0},
        date: dict(_DAY),
        list: {"type": "array", "items": {"type": "string"}},
        tuple: {"type": "array", "items": {"type": "object"}},
        dict: {"type": "object"},
    }
    return shapes[wanted]


def _project() -> dict[str, Any]:
    properties = {
        name: {
            "description": description_of(f"project.{name}"),
            **_of_type(kind),
            **({"pattern": _NO_CONTROL} if kind is str else {}),
            **({"enum": ["", *FORGE_KINDS]} if name == "forge_kind" else {}),
        }
        for name, kind in PROJECT_KEYS.items()
    }
    about = DESCRIPTIONS["project"]
    return {"description": about, "type": "object", "properties": properties, "additionalProperties": False}


def _counters() -> dict[str, Any]:
    texts, lists = {"type": "string"}, {"type": "array", "items": {"type": "string"}}
    kinds = []
    for kind, keys in COUNTER_KEYS.items():
        shapes = {key: (lists if key in ("paths", "of") else texts) for key in sorted(keys - {"kind"})}
        properties = {"kind": {"const": kind}} | {
            key: {"description": description_of(f"counters.{key}"), **shape} for key, shape in shapes.items()
        }
        required = ["kind", *sorted(COUNTER_NEEDS[kind])]
        kinds.append({"type": "object", "properties": properties, "required": required, "additionalProperties": False})
    return {"description": DESCRIPTIONS["counters"], "type": "object", "additionalProperties": {"oneOf": kinds}}


def _sources() -> dict[str, Any]:
    tables = {name: _source(name, settings_of(name) or {}) for name, _, _ in BUILT_IN}
    other = {"type": "object", "description": "A source that another package brings."}
    about = DESCRIPTIONS["sources"]
    return {"description": about, "type": "object", "properties": tables, "additionalProperties": other}


def _setting(default: Any) -> dict[str, Any]:
    """The schema of one setting of a source; a type instead of a default makes it mandatory."""
    if isinstance(default, type):
        return _of_type(default)
    shape = _of_type(type(default))
    # A text may be left empty: it then counts as not given.
    found: dict[str, Any] = shape if isinstance(default, str) else {"anyOf": [shape, {"const": ""}]}
    return found if default in ("", [], (), {}) else {**found, "default": default}


def _source(name: str, defaults: Mapping[str, Any]) -> dict[str, Any]:
    every = {**COMMON, **defaults}
    properties = {key: _setting(default) for key, default in every.items()}
    required = [key for key, default in every.items() if isinstance(default, type)]
    about = f"Settings of the source {name}; docs/sources.md explains them."
    found: dict[str, Any] = {"description": about, "type": "object", "properties": properties}
    is_open = name in ("git", "tree")  # they take no settings of their own and check none
    if required:  # a table that is switched off may be incomplete
        found["if"] = {"properties": {"enabled": {"const": False}}, "required": ["enabled"]}
        found["else"] = {"required": required, "properties": {key: {"not": {"const": ""}} for key in required}}
    return found if is_open else {**found, "additionalProperties": False}
