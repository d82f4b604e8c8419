"""Typed values out of untyped tables; what is wrong is noted with its TOML path and a stand-in value is returned."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from difflib import get_close_matches
from typing import Any

# Stands in for a date that could not be read; the plan it would be part of is never handed out.
NO_DAY = date(1970, 1, 1)


def close_to(name: str, known: Sequence[str]) -> str:
    """The known name that `name` most resembles, or nothing."""
    return next(iter(get_close_matches(name, known, n=1, cutoff=0.6)), "")


@dataclass(slots=True)
class TableReader:
    """Collects problems and notes while tables are read."""

    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def problem(self, path: str, what: str) -> None:
        self.problems.append(f"{path}: {what}")

    def only(self, table: Mapping[str, Any], known: Sequence[str], path: str) -> None:
        """Note every key that nobody reads."""
        for key in table:
            if key not in known:
                meant = close_to(key, known)
                hint = f'did you mean "{meant}"?' if meant else f"known are {', '.join(known)}"
                self.problem(f"{path}.{key}", f"unknown key; {hint}")

    def known(self, name: str, names: Sequence[str], path: str, noun: str) -> None:
        if name not in names:
            meant = close_to(name, names)
            self.problem(path, f'no {noun} is called "{name}"' + (f'; did you mean "{meant}"?' if meant else ""))

    def distinct(self, places: Sequence[tuple[str, str]]) -> None:
        seen: dict[str, str] = {}
        for path, name in places:
            if name and name in seen:
                self.problem(f"{path}.id", f'"{name}" is taken by {seen[name]}')
            seen.setdefault(name, path)

    def table(self, parent: Mapping[str, Any], key: str, path: str) -> Mapping[str, Any]:
        found = parent.get(key, {})
        if isinstance(found, Mapping):
            return found
        self.problem(path, f"needs a table, found {_kind(found)}")
        return {}

    def tables(self, parent: Mapping[str, Any], key: str, path: str) -> list[tuple[str, Mapping[str, Any]]]:
        """Each table of an array of tables with its path."""
        found = parent.get(key, [])
        if isinstance(found, (str, Mapping)) or not isinstance(found, Sequence):
            self.problem(path, f"needs [[{key}]] tables, found {_kind(found)}")
            return []
        pairs = [(f"{path}[{i}]", inner) for i, inner in enumerate(found)]
        for where, inner in pairs:
            if not isinstance(inner, Mapping):
                self.problem(where, f"needs a table, found {_kind(inner)}")
        return [(where, inner) for where, inner in pairs if isinstance(inner, Mapping)]

    def text(self, table: Mapping[str, Any], key: str, path: str, *, required: bool = False) -> str:
        found = table.get(key, "")
        if not isinstance(found, str):
            self.problem(f"{path}.{key}", f"needs text, found {_kind(found)}")
            return ""
        if required and not found.strip():
            self.problem(f"{path}.{key}", "is missing or empty")
        return str(found)

    def texts(self, table: Mapping[str, Any], key: str, path: str) -> tuple[str, ...]:
        found = table.get(key, [])
        if isinstance(found, str) or not isinstance(found, Sequence):
            self.problem(f"{path}.{key}", f"needs a list of texts, found {_kind(found)}")
            return ()
        for i, inner in enumerate(found):
            if not isinstance(inner, str):
                self.problem(f"{path}.{key}[{i}]", f"needs text, found {_kind(inner)}")
        return tuple(str(inner) for inner in found if isinstance(inner, str))

    def choice(self, table: Mapping[str, Any], key: str, path: str, choices: Sequence[str], default: str) -> str:
        """One of `choices`; an empty default makes the key mandatory."""
        found = table.get(key, default)
        if found in choices and isinstance(found, str):
            return str(found)
        what = f"found {found!r}" if key in table else "is missing"
        self.problem(f"{path}.{key}", f"{what}; needs one of {'  '.join(choices)}")
        return choices[0]

    def yes_no(self, table: Mapping[str, Any], key: str, path: str) -> bool:
        found = table.get(key, False)
        if not isinstance(found, bool):
            self.problem(f"{path}.{key}", f"needs true or false, found {_kind(found)}")
        return found is True

    def optional_number(self, table: Mapping[str, Any], key: str, path: str) -> float | None:
        return self.number(table, key, path, default=0.0) if key in table else None

    def number(
        self,
        table: Mapping[str, Any],
        key: str,
        path: str,
        *,
        default: float | None,
        low: float = -math.inf,
        high: float = math.inf,
    ) -> float:
        """A finite number within low..high; a default of None makes the key mandatory."""
        found = table.get(key, default)
        if found is None:
            self.problem(f"{path}.{key}", "is missing")
        elif isinstance(found, bool) or not isinstance(found, (int, float)):
            self.problem(f"{path}.{key}", f"needs a number, found {_kind(found)}")
        elif not math.isfinite(found):
            self.problem(f"{path}.{key}", f"needs a finite number, found {found}")
        elif not low <= found <= high:
            limits = f"{low:g} or more" if math.isinf(high) else f"{low:g} to {high:g}"
            self.problem(f"{path}.{key}", f"needs {limits}, found {found:g}")
        else:
            return float(found)
        return 0.0

    def day(self, table: Mapping[str, Any], key: str, path: str) -> date:
        found = table.get(key)
        if found is None:
            self.problem(f"{path}.{key}", "is missing; needs a date like 2025-12-01")
            return NO_DAY
        moment = _as_moment(found)
        if moment is None:
            self.problem(f"{path}.{key}", f"needs a date like 2025-12-01, found {found!r}")
            return NO_DAY
        return moment.date()

    def moment(self, table: Mapping[str, Any], key: str, path: str) -> datetime | None:
        if key not in table:
            return None
        moment = _as_moment(table[key])
        if moment is None:
            self.problem(f"{path}.{key}", f"needs a date like 2025-12-01, found {table[key]!r}")
        return moment


def _as_moment(found: Any) -> datetime | None:
    """A TOML date, date with time, or ISO text; without a zone it is UTC."""
    if isinstance(found, str):
        try:
            found = datetime.fromisoformat(found)
        except ValueError:
            return None
    if isinstance(found, datetime):
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    if isinstance(found, date):
        return datetime(found.year, found.month, found.day, tzinfo=UTC)
    return None


def _kind(found: Any) -> str:
    names = {str: "text", bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "a table"}
    return names.get(type(found), type(found).__name__)
