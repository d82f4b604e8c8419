"""A movement summed up by person and by folder."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from models.movement.attribution import CriterionMove
from models.movement.movement import ItemChange, Movement
from models.reasons.movement import EXACT

# Folders are named down to this depth: "src/payments" and not "src/payments/forms/fields".
FOLDER_DEPTH = 2


class _Share(NamedTuple):
    """What one commit or item adds to the sum of a name."""

    name: str
    points: float = 0.0
    commit: str = ""
    opened: int = 0
    closed: int = 0


@dataclass(frozen=True, slots=True)
class MovementSum:
    """One name with all that it moved; `points` are those that the diff of a commit proves."""

    name: str
    points: float
    commits: int
    opened: int
    closed: int

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def by_author(movement: Movement) -> tuple[MovementSum, ...]:
    """Sums by who wrote the change, largest points first, then most items."""
    shares = (_Share(share.author, share.points or 0.0, share.commit) for share in _exact(movement.criteria))
    return _summed([*shares, *(_of_item(item, item.author, what) for item, what in _code_items(movement))])


def by_merger(movement: Movement) -> tuple[MovementSum, ...]:
    """Sums by who merged what another person wrote; the same changes as in `by_author`, not further ones."""
    shares = (
        _Share(share.merged_by, share.points or 0.0, share.commit)
        for share in _exact(movement.criteria)
        if share.merged_by != share.author
    )
    items = (
        _of_item(item, item.merged_by, what) for item, what in _code_items(movement) if item.merged_by != item.author
    )
    return _summed([*shares, *items])


def by_folder(movement: Movement) -> tuple[MovementSum, ...]:
    """Items of code opened and closed by folder, most items first; files at the top are in "."."""
    return _summed([_of_item(item, _folder(item.path), what) for item, what in _code_items(movement)])


def _exact(criteria: Iterable[CriterionMove]) -> Iterator[Any]:
    return (share for move in criteria for share in move.commits if share.grade == EXACT)


def _code_items(movement: Movement) -> Iterator[tuple[ItemChange, str]]:
    for what, items in (("opened", movement.opened), ("closed", movement.closed)):
        for item in items:
            if item.path_class == "code" or item.kind not in ("marker", "checkbox"):
                yield item, what


def _of_item(item: ItemChange, name: str, what: str) -> _Share:
    return _Share(name, 0.0, item.commit, what == "opened", what == "closed")


def _folder(path: str) -> str:
    if "://" in path:  # an issue or an incident is in no folder
        return ""
    return "/".join(path.split("/")[:-1][:FOLDER_DEPTH]) or "."


def _summed(shares: Iterable[_Share]) -> tuple[MovementSum, ...]:
    """One sum for each name that is not empty; a commit counts once."""
    kept: dict[str, list[_Share]] = defaultdict(list)
    for share in shares:
        if share.name:
            kept[share.name].append(share)
    sums = (
        MovementSum(
            name,
            math.fsum(share.points for share in own),
            len({share.commit for share in own if share.commit}),
            sum(share.opened for share in own),
            sum(share.closed for share in own),
        )
        for name, own in kept.items()
    )
    return tuple(sorted(sums, key=lambda one: (-abs(one.points), -one.opened - one.closed, one.name)))
