"""Follows every marker through history: opened, moved, reworded, closed.

Within a file a marker is the same item when its word and text are unchanged, or when at least half of the words of its
text are (a rewording; a changed word, TODO to FIXME, is a new item). A marker that leaves one file and appears in
another in one commit has moved. What was closed and comes back later is a new item.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from ingest.counting.markers import Hit
from ingest.observation import Item

_REWORD_LIMIT = 40  # more leftovers than this in one file are a rewrite of the file, not rewordings
_SAME_WORDS = 0.5


class Moment(NamedTuple):
    """The commit under which changes happen."""

    sha: str
    at: datetime
    author: str
    merged_by: str = ""


class FileChange(NamedTuple):
    """A file after a commit: its markers, and where it belongs. A deleted file has none."""

    path: str
    hits: Sequence[Hit]
    component: str
    path_class: str


@dataclass(slots=True)
class Marker:
    """A living item; `stored` since an earlier pull, `changed` in this one."""

    id: str
    label: str
    text: str
    path: str
    line: int
    scope: str
    path_class: str
    opened: Moment
    closed: Moment | None = None
    stored: bool = False
    changed: bool = False
    born: tuple[str, str, int] = ("", "", 0)  # path, text and line when it was opened in this pull

    def to_item(self) -> Item:
        """Return the row of the warehouse."""
        closed = self.closed
        return Item(
            *(self.id, "marker", self.label, self.text, self.path, self.line, self.scope, self.path_class),
            *(self.opened.at, self.opened.sha, self.opened.author),
            closed.at if closed else None,
            *((closed.sha, closed.author) if closed else ("", "")),
            self.opened.merged_by,
            closed.merged_by if closed else "",
        )

    def scopes(self) -> tuple[str, ...]:
        """Return the scopes of todo_count that this marker counts in."""
        if self.path_class == "code":
            return ("", self.scope, f"marker:{self.label}")
        return (f"class:{self.path_class}",)


@dataclass(slots=True)
class MarkerBook:
    """All markers open now, by path, and their numbers by scope."""

    open: dict[str, list[Marker]] = field(default_factory=dict)
    closed: list[Marker] = field(default_factory=list)
    totals: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    touched: set[str] = field(default_factory=set)

    def restore(self, markers: Iterable[Marker]) -> None:
        """Take in what an earlier pull left open."""
        for marker in markers:
            self.open.setdefault(marker.path, []).append(marker)
            self._count(marker, 1)
        for kept in self.open.values():
            kept.sort(key=_by_line)
        self.touched.clear()

    def apply(self, moment: Moment, changes: Iterable[FileChange]) -> None:
        """Bring the book to the state after one commit."""
        lost: list[Marker] = []
        fresh: list[tuple[FileChange, Hit]] = []
        kept_at: dict[str, list[Marker]] = {}
        for change in changes:
            before = self.open.pop(change.path, [])
            if before or change.hits:
                kept_at[change.path] = self._match_file(before, change, lost, fresh)
        if lost and fresh:
            lost, fresh = self._move(lost, fresh, kept_at)
        for marker in lost:
            self._count(marker, -1)
            marker.closed, marker.changed = moment, True
            self.closed.append(marker)
        self._open_fresh(moment, fresh, kept_at)
        for path, kept in kept_at.items():
            if kept:
                kept.sort(key=_by_line)
                self.open[path] = kept

    def _match_file(
        self, before: list[Marker], change: FileChange, lost: list[Marker], fresh: list[tuple[FileChange, Hit]]
    ) -> list[Marker]:
        """Return the markers that stayed in the file; add the others to `lost` and `fresh`."""
        pairs, old, new = _pair_equal(before, change.hits)
        reworded, old, new = _pair_reworded(old, new)
        for marker, hit in (*pairs, *reworded):
            self._place(marker, change, hit)
        lost += old
        fresh += [(change, hit) for hit in new]
        return [marker for marker, _ in (*pairs, *reworded)]

    def _move(
        self, lost: list[Marker], fresh: list[tuple[FileChange, Hit]], kept_at: dict[str, list[Marker]]
    ) -> tuple[list[Marker], list[tuple[FileChange, Hit]]]:
        """Pair what left one file with what came to another: first where the file's name is the same, then by text."""
        for with_name in (True, False):
            waiting: dict[tuple[str, ...], list[Marker]] = defaultdict(list)
            for marker in lost:
                waiting[_move_key(marker.label, marker.text, marker.path, with_name)].append(marker)
            moved: set[str] = set()
            still: list[tuple[FileChange, Hit]] = []
            for change, hit in fresh:
                found = waiting.get(_move_key(hit.label, hit.text, change.path, with_name))
                if not found:
                    still.append((change, hit))
                    continue
                marker = found.pop(0)
                moved.add(marker.id)
                self._place(marker, change, hit)
                kept_at[change.path].append(marker)
            lost, fresh = [marker for marker in lost if marker.id not in moved], still
        return lost, fresh

    def _open_fresh(
        self, moment: Moment, fresh: list[tuple[FileChange, Hit]], kept_at: dict[str, list[Marker]]
    ) -> None:
        """Open an item for each marker that nothing explains; the order distinguishes equal ones in one file."""
        twins: dict[tuple[str, str, str], int] = defaultdict(int)
        for change, hit in fresh:
            key = (change.path, hit.label, hit.text)
            twins[key] += 1
            digest = sha256("\0".join((moment.sha, *key, str(twins[key]))).encode("utf-8", "replace")).hexdigest()[:20]
            marker = Marker(
                digest, hit.label, hit.text, change.path, hit.line, change.component, change.path_class, moment
            )
            marker.born = (change.path, hit.text, hit.line)
            self._count(marker, 1)
            kept_at[change.path].append(marker)

    def _place(self, marker: Marker, change: FileChange, hit: Hit) -> None:
        """Note where the marker is now and what it says."""
        if marker.line != hit.line:
            marker.line, marker.changed = hit.line, True
        if marker.text != hit.text:
            marker.text, marker.changed = hit.text, True
        where = (change.path, change.component, change.path_class)
        if (marker.path, marker.scope, marker.path_class) != where:
            self._count(marker, -1)
            marker.path, marker.scope, marker.path_class = where
            marker.changed = True
            self._count(marker, 1)

    def _count(self, marker: Marker, step: int) -> None:
        for scope in marker.scopes():
            self.totals[scope] += step
            self.touched.add(scope)


Pairs = list[tuple[Marker, Hit]]


def _by_line(marker: Marker) -> tuple[int, str]:
    return marker.line, marker.id


def _move_key(label: str, text: str, path: str, with_name: bool) -> tuple[str, ...]:
    """A marker without words is only believed to have moved along with its file's name."""
    return (label, text, path.rpartition("/")[2] if with_name or not text else "")


def _pair_equal(before: list[Marker], hits: Sequence[Hit]) -> tuple[Pairs, list[Marker], list[Hit]]:
    """Pair markers and hits of equal word and text, in order; return also what is left on both sides."""
    if len(before) == len(hits) and all(
        marker.text == hit.text and marker.label == hit.label for marker, hit in zip(before, hits, strict=True)
    ):
        return list(zip(before, hits, strict=True)), [], []
    waiting: dict[tuple[str, str], list[Marker]] = defaultdict(list)
    for marker in before:
        waiting[marker.label, marker.text].append(marker)
    pairs: Pairs = []
    new: list[Hit] = []
    for hit in hits:
        if found := waiting.get((hit.label, hit.text)):
            pairs.append((found.pop(0), hit))
        else:
            new.append(hit)
    old = sorted((marker for found in waiting.values() for marker in found), key=_by_line)
    return pairs, old, new


def _scored_pairs(old: list[Marker], new: list[Hit]) -> list[tuple[float, int, int, int]]:
    """(-likeness, distance in lines, place among old, place among new) of the pairs that are alike enough."""
    return [
        (-likeness, abs(marker.line - hit.line), left, right)
        for left, marker in enumerate(old)
        for right, hit in enumerate(new)
        if marker.label == hit.label and (likeness := _likeness(marker.text, hit.text)) >= _SAME_WORDS
    ]


def _partners(scored: list[tuple[float, int, int, int]]) -> dict[int, int]:
    """The best pairs, each place once on each side."""
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for *_, left, right in sorted(scored):
        if left not in partner and right not in taken:
            partner[left] = right
            taken.add(right)
    return partner


def _pair_reworded(old: list[Marker], new: list[Hit]) -> tuple[Pairs, list[Marker], list[Hit]]:
    """Pair leftovers of one word whose texts are alike, the most alike and then the nearest first."""
    if not old or not new or max(len(old), len(new)) > _REWORD_LIMIT:
        return [], old, new
    scored = _scored_pairs(old, new)
    partner = _partners(scored)
    taken = set(partner.values())
    return (
        [(old[left], new[right]) for left, right in partner.items()],
        [marker for left, marker in enumerate(old) if left not in partner],
        [hit for right, hit in enumerate(new) if right not in taken],
    )


def _likeness(one: str, other: str) -> float:
    """Return the share of words that two texts have in common (Jaccard), without regard to case."""
    first, second = set(one.lower().split()), set(other.lower().split())
    union = len(first | second)
    return len(first & second) / union if union else 1.0
