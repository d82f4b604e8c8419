"""A forest as plain arrays: how it answers, without the library that grew it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from models.arrays import Floats

Ints = npt.NDArray[np.int64]
LEAF = -1


@dataclass(frozen=True, eq=False)
class Trees:
    """All nodes of all trees in one row of arrays; `feature` is -1 in a leaf, and a leaf's children are itself."""

    roots: Ints
    feature: Ints
    cut: Floats  # go left where the feature is <= cut
    left: Ints
    right: Ints
    value: Floats  # the odds in a leaf
    depth: int

    def answer(self, rows: Floats) -> Floats:
        """The odds of each row: the mean over the trees of the leaf it falls into."""
        seen = rows.astype(np.float32)  # as the library saw them when it chose the cuts
        node = np.broadcast_to(self.roots, (len(rows), len(self.roots))).copy()
        at = np.arange(len(rows))[:, None]
        for _ in range(self.depth):
            feature = self.feature[node]
            go_left = seen[at, np.maximum(feature, 0)] <= self.cut[node]
            node = np.where(feature == LEAF, node, np.where(go_left, self.left[node], self.right[node]))
        return np.asarray(self.value[node].mean(axis=1), np.float64)


def join_trees(trees: Sequence[Mapping[str, Sequence[float]]]) -> Trees:
    """Trees whose child numbers count within each tree -> one set of arrays."""
    sizes = [len(tree["value"]) for tree in trees]
    roots = np.cumsum([0, *sizes[:-1]])
    shift = np.repeat(roots, sizes)

    def joined(name: str) -> npt.NDArray[Any]:
        return np.concatenate([np.asarray(tree[name]) for tree in trees])

    feature = joined("feature").astype(np.int64)
    left, right = joined("left").astype(np.int64) + shift, joined("right").astype(np.int64) + shift
    depth = max((_depth(tree) for tree in trees), default=0)
    return Trees(roots, feature, joined("cut").astype(np.float64), left, right, joined("value"), depth)


def _depth(tree: Mapping[str, Sequence[float]]) -> int:
    depths = [0] * len(tree["value"])
    for node, feature in enumerate(tree["feature"]):  # children always come after their parent
        if feature != LEAF:
            depths[int(tree["left"][node])] = depths[int(tree["right"][node])] = depths[node] + 1
    return max(depths)
