"""Three ways: the document as it was imported, the document today, and the plan. What changed becomes proposals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

Table = dict[str, Any]
Pair = tuple[Table | None, Table | None]
LISTS = ("rule", "stage", "runbook", "drill", "message", "escalation")
_KEY_OF = {"escalation": "level"}
# Words that follow from the others, or hold line numbers: taken over with what is accepted, no proposal of their own.
_FOLLOWING = frozenset({"why", "fix", "id", "criterion"})
_SAME = 0.6  # share of equal words from which two texts are the same thing, renamed


@dataclass(frozen=True, slots=True)
class Proposal:
    """One change of the document. `gate` is the id of the gate of a criterion; `after` holds what is to be written."""

    id: str
    kind: Literal["add", "remove", "change"]
    table: str
    key: str  # id of the table's entry in the plan
    title: str
    field: str
    then: Any
    now: Any
    plan: Any
    is_conflict: bool
    gate: str = ""
    after: Any = None
    why: str = ""  # the lines of the document, where the plan still names the earlier ones


def proposals_of(then: Mapping[str, Any], now: Mapping[str, Any], plan: Mapping[str, Any]) -> list[Proposal]:
    """Every change from `then` to `now` that the plan does not have yet; all three are the tables of a plan."""
    gates, rows = _pairs(_gates(then), _gates(now)), _pairs(_criteria(then), _criteria(now))
    renamed = _names(gates) | _names(rows)
    found = [*_of_readiness(then, now, plan), *_of_list("gate", gates, _gates(plan))]
    # A gate that is added brings its criteria with it.
    fresh = {new["id"] for old, new in gates if old is None and new} - {gate["id"] for gate in _gates(plan)}
    rows = [(old, _renamed(new, renamed)) for old, new in rows if new is None or new["gate"] not in fresh]
    found += _of_list("criterion", rows, _criteria(plan))
    for table in LISTS:
        pairs = _pairs(then.get(table, []), now.get(table, []))
        own = renamed | _names(pairs)
        found += _of_list(table, [(old, _renamed(new, own)) for old, new in pairs], plan.get(table, []))
    return found


def _names(pairs: Sequence[Pair]) -> dict[str, str]:
    """The id of today -> the earlier one, of entries that are the same."""
    return {new["id"]: old["id"] for old, new in pairs if old and new and "id" in old and "id" in new}


def _gates(plan: Mapping[str, Any]) -> list[Table]:
    return [dict(gate) for gate in plan.get("gate", [])]


def _criteria(plan: Mapping[str, Any]) -> list[Table]:
    """Every criterion with the id of its gate."""
    return [
        {**criterion, "gate": gate["id"]} for gate in plan.get("gate", []) for criterion in gate.get("criterion", [])
    ]


def _of_readiness(then: Mapping[str, Any], now: Mapping[str, Any], plan: Mapping[str, Any]) -> Iterator[Proposal]:
    old, new, mine = (one.get("readiness", {}) for one in (then, now, plan))
    for key in sorted({*old, *new}):
        yield from _of_field("readiness", "readiness", "Readiness", key, old, new, mine)


def _pairs(then: Sequence[Table], now: Sequence[Table]) -> list[tuple[Table | None, Table | None]]:
    """Each entry of then with the one of now that is the same: by equal words, else by its id, else by like words."""
    left, right = list(then), list(now)
    pairs: list[tuple[Table | None, Table | None]] = []
    for is_same in (_equal, _alike_and_named, _alike):
        for old in list(left):
            new = next((new for new in right if is_same(old, new)), None)
            if new is not None:
                pairs.append((old, new))
                left.remove(old)
                right.remove(new)
    order = {id(new): at for at, new in enumerate(now)}
    pairs.sort(key=lambda pair: order.get(id(pair[1]), 0))
    return [*pairs, *((old, None) for old in left), *((None, new) for new in right)]


def _words(table: Table) -> str:
    return " ".join(str(table.get(key, "")) for key in ("title", "text", "audience", "metric", "who"))


def _name(table: Table) -> Any:
    return table.get("id", table.get("level"))


def _equal(old: Table, new: Table) -> bool:
    return _words(old) == _words(new) and old.get("gate") == new.get("gate") and old.get("scope") == new.get("scope")


def _alike_and_named(old: Table, new: Table) -> bool:
    return _name(old) == _name(new) and (old.get("metric") == new.get("metric") or _alike(old, new))


def _alike(old: Table, new: Table) -> bool:
    one, other = _words(old), _words(new)
    return old.get("kind") == new.get("kind") and SequenceMatcher(None, one, other).ratio() >= _SAME


def _renamed(table: Table | None, names: Mapping[str, str]) -> Table | None:
    """The entry with the ids of the earlier version, also where it names others."""
    if table is None:
        return None

    def of(value: Any) -> Any:
        if isinstance(value, list):
            return [of(part) for part in value]
        return names.get(value, value) if isinstance(value, str) else value

    referring = ("id", "parent", "needs", "measured", "entry", "exit", "runbook", "gate")
    return {key: of(value) if key in referring else value for key, value in table.items()}


def _of_list(table: str, pairs: Sequence[Pair], plan: Sequence[Table]) -> list[Proposal]:
    mine = {_name(entry): entry for entry in plan}
    return [proposal for old, new in pairs for proposal in _of_pair(table, old, new, mine)]


def _of_pair(table: str, old: Table | None, new: Table | None, mine: Mapping[Any, Table]) -> Iterator[Proposal]:
    if old is None or new is None:
        yield from _added(table, new, mine) if new is not None else ()
        yield from _removed(table, old, mine) if old is not None else ()
        return
    own = mine.get(_name(old))
    for key in {**old, **new} if own is not None else ():
        if key not in _FOLLOWING and key != "gate":
            yield from _of_field(table, str(_name(old)), _title(old), key, old, new, own or {}, new.get("gate", ""))


def _title(table: Table) -> str:
    return str(table.get("title") or table.get("text") or table.get("who") or _name(table))


def _added(table: str, new: Table, mine: Mapping[Any, Table]) -> Iterator[Proposal]:
    """A new entry, unless the plan has one with the same words; its id is one that the plan has not."""
    if any(_equal(own, new) for own in mine.values()):
        return
    name, count = _name(new), 1
    while name in mine and "id" in new:
        count += 1
        name = f"{new['id']}-{count}"
    if name not in mine:
        after = {key: value for key, value in new.items() if key != "gate"} | ({"id": name} if "id" in new else {})
        gate = str(new.get("gate", ""))
        yield Proposal(
            f"{table}:{name}", "add", table, str(name), _title(new), "", None, _title(new), None, False, gate, after
        )


def _removed(table: str, old: Table, mine: Mapping[Any, Table]) -> Iterator[Proposal]:
    name = str(_name(old))
    own = mine.get(_name(old))
    if own is not None:
        edited = any(own.get(key) != value for key, value in old.items() if key not in (*_FOLLOWING, "gate"))
        gate = str(own.get("gate", ""))
        yield Proposal(
            f"{table}:{name}", "remove", table, name, _title(old), "", _title(old), None, _title(own), edited, gate
        )


def _of_field(
    table: str, name: str, title: str, key: str, old: Table, new: Table, own: Mapping[str, Any], gate: str = ""
) -> Iterator[Proposal]:
    """The change of one field, unless the plan has it already."""
    then, now, mine = old.get(key), new.get(key), own.get(key)
    if now in (then, mine):
        return
    why = str(new.get("why", "")) if own.get("why") == old.get("why") else ""
    yield Proposal(
        f"{table}:{name}.{key}", "change", table, name, title, key, then, now, mine, mine != then, str(gate), now, why
    )
