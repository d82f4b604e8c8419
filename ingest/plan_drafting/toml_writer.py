"""Plan tables -> the text of tminus.toml: commented, in a fixed order, and equal to the tables when read again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

_HEADER = """\
# T-minus: what must hold before this project is deployed, and how it is known.
# Evidence moves the number; a claim never does; what nothing measures is unknown and earns nothing.
# Edit freely: every edit is recorded as an event, and old scores keep the plan they were made with.
"""
_REMARKS = {
    "readiness": "The goal, in percent of all points. At most max_attested_percent (25) may rest on people's word.",
    "gate": "A gate: its completion is the weighted mean of its criteria.",
    "rule": "GO rules must all hold; a NO-GO rule blocks. A rule that needs nothing is undecided and never holds.",
    "stage": "Rollout stages in order: who gets it, how long each one soaks, what must hold to begin and to end it.",
    "runbook": "Commands of the document. Nothing runs by itself: `tminus run-step ID --yes` runs one step.",
    "drill": "Rehearsals that are timed: `tminus drill ID -- COMMAND`.",
    "message": "Who is informed, and when; T is the deployment.",
    "escalation": "Who is informed of a failing criterion, by its level.",
    "document": "What of the document is no table of the plan.",
    "waiver": "Waivers expire by themselves.",
    "counters": "Patterns counted in every commit.",
    "sources": "Where evidence comes from.",
}
_LONG = 100


def plan_text(mapping: Mapping[str, Any]) -> str:
    """Write the tables; tomllib reads the same mapping back, whatever signs its words hold."""
    lines = [_HEADER.rstrip("\n")]
    plain = {key: value for key, value in mapping.items() if not _is_table(value)}
    lines += [""] if plain else []
    lines += [f"{_key(key)} = {_value(value)}" for key, value in plain.items()]
    for key, value in mapping.items():
        if _is_table(value):
            lines += ["", f"# {_REMARKS[key]}"] if key in _REMARKS else [""]
            lines += _table((key,), value)
    return "\n".join(lines).rstrip("\n") + "\n"


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping) or (
        isinstance(value, list) and bool(value) and all(isinstance(part, Mapping) for part in value)
    )


def _table(path: tuple[str, ...], value: Any, depth: int = 0) -> list[str]:
    if isinstance(value, Mapping):
        return _one_table(path, value, depth, f"[{_path(path)}]")
    lines: list[str] = []
    for part in value:
        lines += _one_table(path, part, depth, f"[[{_path(path)}]]")
        lines.append("")
    return lines[:-1]


def _one_table(path: tuple[str, ...], table: Mapping[str, Any], depth: int, head: str) -> list[str]:
    pad = "  " * depth
    inner = {key: value for key, value in table.items() if _is_table(value) and not _is_inline(key)}
    own = {key: value for key, value in table.items() if key not in inner}
    lines = [pad + head] if own or not inner else []
    lines += _own_lines(own, pad)
    for key, value in inner.items():
        lines += ([""] if lines else []) + _inner_table((*path, key), value, depth)
    return lines


def _own_lines(own: Mapping[str, Any], pad: str) -> list[str]:
    return [f"{pad}{_key(key)} = {_value(value, pad)}" for key, value in own.items()]


def _inner_table(path: tuple[str, ...], value: Any, depth: int) -> list[str]:
    """Arrays of tables are distinguished from their parent by indentation; a lone table starts at the margin."""
    return _table(path, value, depth + 1 if isinstance(value, list) else depth)


def _is_inline(key: str) -> bool:
    return key == "attested"


def _value(value: Any, pad: str = "") -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {_value(part)}" for key, part in value.items()) + " }"
    if isinstance(value, Sequence):
        return _array(value, pad)
    if isinstance(value, float):
        return _float(value)
    return str(value)


def _float(value: float) -> str:
    text = repr(value)
    return text if any(sign in text for sign in ".en") else f"{text}.0"


def _array(values: Sequence[Any], pad: str) -> str:
    parts = [_value(value) for value in values]
    short = "[" + ", ".join(parts) + "]"
    if len(short) + len(pad) <= _LONG:
        return short
    return "[\n" + "".join(f"{pad}  {part},\n" for part in parts) + f"{pad}]"


def _key(key: str) -> str:
    return key if key and all(c.isascii() and (c.isalnum() or c in "-_") for c in key) else _string(key)


def _path(path: tuple[str, ...]) -> str:
    return ".".join(_key(part) for part in path)


_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def _string(text: str) -> str:
    """A basic string; signs that no file should hold raw are escaped, lone surrogates replaced."""
    if "\\" in text and "'" not in text and text.isprintable():
        return f"'{text}'"  # patterns stay readable
    return '"' + "".join(_escaped(sign) for sign in text) + '"'


def _escaped(sign: str) -> str:
    if sign in _ESCAPES:
        return _ESCAPES[sign]
    if "\ud800" <= sign <= "\udfff":
        return "\ufffd"
    if sign.isprintable() or ord(sign) > 0xFFFF or sign in "\u200d\ufe0f":
        return sign
    return f"\\u{ord(sign):04x}"
