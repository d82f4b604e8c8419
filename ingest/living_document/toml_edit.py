"""Accepted proposals -> the text of tminus.toml, with its comments and the edits of people as they are."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

import tomlkit
from tomlkit.items import AoT
from tomlkit.toml_document import TOMLDocument

from ingest.living_document.difference import Proposal


def with_accepted(text: str, accepted: Sequence[Proposal]) -> str:
    """The text with the proposals in it; whatever else it holds stays byte for byte."""
    document = tomlkit.parse(text)
    for proposal in sorted(accepted, key=_order):
        _apply(document, proposal)
    return tomlkit.dumps(document)


def with_document(text: str, values: Mapping[str, Any]) -> str:
    """The text with values of its [document] table; None takes a key out."""
    document = tomlkit.parse(text)
    if "document" not in document:
        document.add("document", tomlkit.table())
    table: Any = document["document"]
    for key, value in values.items():
        if value is None:
            table.pop(key, None)
        elif table.get(key) != value:
            table[key] = value
    return tomlkit.dumps(document)


def tables_of(text: str) -> dict[str, Any]:
    """The tables of a text, as they are read."""
    return tomllib.loads(text)


def _order(proposal: Proposal) -> tuple[int, bool]:
    """Gates before what is in them, and removals last."""
    return ({"add": 0, "change": 1, "remove": 2}[proposal.kind], proposal.table != "gate")


def _apply(document: TOMLDocument, proposal: Proposal) -> None:
    if proposal.table == "readiness":
        _set(document.setdefault("readiness", tomlkit.table()), proposal.field, proposal.after)
        return
    entries = _entries(document, proposal)
    if proposal.kind == "add":
        entries.append(_table(proposal.after))
        return
    key = "level" if proposal.table == "escalation" else "id"
    at = next((i for i, entry in enumerate(entries) if str(entry.get(key)) == proposal.key), None)
    if at is None:
        return
    if proposal.kind == "remove":
        del entries[at]
    else:
        _set(entries[at], proposal.field, proposal.after)
        if proposal.why:
            _set(entries[at], "why", proposal.why)


def _set(table: Any, key: str, value: Any) -> None:
    if value is None:
        table.pop(key, None)
    else:
        table[key] = [_table(part) for part in value] if _is_tables(value) else value


def _entries(document: TOMLDocument, proposal: Proposal) -> Any:
    """The array of tables that the proposal is about; it is made where the plan has none."""
    if proposal.table != "criterion":
        if proposal.table not in document:
            document.append(proposal.table, AoT([]))
        return document[proposal.table]
    gates: Any = document["gate"]
    gate = next(
        (gate for gate in gates if any(str(c.get("id")) == proposal.key for c in gate.get("criterion", []))), None
    )
    gate = gate or next((gate for gate in gates if gate.get("id") == proposal.gate), gates[0])
    if "criterion" not in gate:
        gate.append("criterion", AoT([]))
    return gate["criterion"]


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(part, Mapping) for part in value)


def _table(value: Mapping[str, Any]) -> Any:
    """A table of tomlkit; lists of tables in it become arrays of tables."""
    table = tomlkit.table()
    for key, part in value.items():
        if _is_tables(part):
            inner = tomlkit.aot()
            for one in part:
                inner.append(_table(one))
            table.append(key, inner)
        else:
            table.append(key, part)
    return table
