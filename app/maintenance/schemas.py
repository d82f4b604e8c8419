"""JSON Schemas (2020-12) of the answers, made from their types.

A TypedDict becomes an object that allows no other keys; the comment behind a key is its description. A type that is
used inside another one becomes an entry of `$defs`.
"""

from __future__ import annotations

import ast
import inspect
import json
import sys
import tokenize
import types
from collections.abc import Iterator
from io import StringIO
from typing import Annotated, Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from app.answers.types import (
    backtest,
    change,
    collect,
    delivery,
    doctor,
    explain,
    files,
    forecast,
    meeting,
    movement,
    portfolio,
    process,
    review,
    rollout,
    status,
)

DIALECT = "https://json-schema.org/draft/2020-12/schema"
# Every command that has --json: what its answer is.
ANSWERS: dict[str, Any] = {
    "backtest": backtest.BacktestAnswer,
    "check": status.CheckAnswer,
    "checklist": collect.ChecklistAnswer,
    "decide": meeting.DecideAnswer,
    "decisions": meeting.DecisionsAnswer | meeting.DecideAnswer,
    "deploy": rollout.DeployAnswer,
    "doctor": doctor.DoctorAnswer,
    "drill": process.DrillAnswer | process.DrillsAnswer,
    "explain": explain.ExplainAnswer,
    "forecast": forecast.ForecastAnswer | forecast.FileForecastAnswer,
    "messages": process.MessagesAnswer | process.MessageDraftAnswer | process.MessageSentAnswer,
    "incident": rollout.ActAnswer,
    "lint": doctor.LintAnswer,
    "moved": movement.MovedAnswer,
    "portfolio": portfolio.PortfolioAnswer | portfolio.PortfolioPullAnswer | portfolio.LearnedAnswer,
    "pr-comment": change.ChangeAnswer,
    "pull": collect.PullAnswer,
    "read": files.ReadAnswer,
    "reread": collect.RereadAnswer,
    "review": (review.ReviewAnswer | meeting.FrozenAnswer | meeting.FrozenReviewsAnswer | review.ReviewComparedAnswer),
    "run-step": process.StepRunAnswer,
    "runbook": process.RunbookAnswer,
    "rollout": rollout.RolloutAnswer,
    "send": delivery.SendAnswer,
    "series": files.SeriesOrList,
    "sql": files.SqlAnswer,
    "status": status.StatusAnswer,
    "warehouse": files.WarehouseCopyAnswer | files.WarehouseTidyAnswer,
    "withdraw": rollout.WithdrawAnswer,
}
_SCALARS: dict[Any, str] = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}


def schema_text(command: str) -> str:
    """The schema of a command's `--json` as it is stored in docs/schemas."""
    return json.dumps(schema_of(command, ANSWERS[command]), indent=2, ensure_ascii=False) + "\n"


def schema_of(command: str, answer: Any) -> dict[str, Any]:
    """The schema of one answer: a TypedDict, or a union or list of them."""
    defs: dict[str, Any] = {}
    body = _object(answer, defs) if is_typeddict(answer) else _schema(answer, defs)
    head = {"$schema": DIALECT, "title": f"tminus {command} --json"}
    return {**head, **body, **({"$defs": {name: defs[name] for name in sorted(defs)}} if defs else {})}


def _schema(kind: Any, defs: dict[str, Any]) -> dict[str, Any]:
    """The schema of any type that an answer may hold. TypeError: a type that JSON has not."""
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is object:
        return {}
    if kind in _SCALARS:
        return {"type": _SCALARS[kind]}
    if is_typeddict(kind):
        return _reference(kind, defs)
    if origin is Annotated:
        return {**_schema(arguments[0], defs), **dict(arguments[1:])}
    if origin is Literal:
        return {"const": arguments[0]} if len(arguments) == 1 else {"enum": list(arguments)}
    if origin in (Union, types.UnionType):
        return {"anyOf": [_schema(argument, defs) for argument in arguments]}
    if origin is list:
        return {"type": "array", "items": _schema(arguments[0], defs)}
    if origin is dict and arguments[0] is str:
        return {"type": "object", "additionalProperties": _schema(arguments[1], defs)}
    raise TypeError(f"{kind} has no JSON schema: use TypedDict, list, dict[str, ...], Literal, a union or a scalar")


def _reference(kind: Any, defs: dict[str, Any]) -> dict[str, Any]:
    name = kind.__name__
    if name not in defs:
        defs[name] = {}  # a type may hold itself
        defs[name] = _object(kind, defs)
    return {"$ref": f"#/$defs/{name}"}


def _object(kind: Any, defs: dict[str, Any]) -> dict[str, Any]:
    hints = get_type_hints(kind, include_extras=True)
    notes = dict(_notes(kind))
    properties, required = {}, []
    for key, hint in hints.items():
        is_optional = get_origin(hint) is NotRequired
        properties[key] = _schema(get_args(hint)[0] if is_optional else hint, defs)
        if key in notes:
            properties[key]["description"] = notes[key]
        if not is_optional:
            required.append(key)
    about = {"description": inspect.cleandoc(kind.__doc__)} if kind.__doc__ and kind.__doc__ != dict.__doc__ else {}
    return {
        **about,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _notes(kind: Any) -> Iterator[tuple[str, str]]:
    """(key, comment) of each key of a TypedDict that has a comment behind it, inherited ones first."""
    module = sys.modules[kind.__module__]
    source = inspect.getsource(module)
    tree = next((n for n in ast.parse(source).body if isinstance(n, ast.ClassDef) and n.name == kind.__name__), None)
    if tree is None:  # written in the form of a call
        return
    for parent in _parents(tree, module):
        yield from _notes(parent)
    comments = _comments(source)
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.lineno in comments:
            yield node.target.id, comments[node.lineno]


def _parents(tree: ast.ClassDef, module: types.ModuleType) -> Iterator[Any]:
    """The TypedDicts that a class inherits from; Python 3.11 does not keep them at the class."""
    named = (getattr(module, base.id, None) for base in tree.bases if isinstance(base, ast.Name))
    yield from (parent for parent in named if is_typeddict(parent))


def _comments(source: str) -> dict[int, str]:
    """The comment of each line that has one."""
    tokens = tokenize.generate_tokens(StringIO(source).readline)
    return {t.start[0]: t.string.lstrip("# ") for t in tokens if t.type == tokenize.COMMENT}
