"""The checklist source: how many boxes were ticked when, and which box was ticked by whom. Claims, never proof."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from ingest.observation import Evidence, Item, Observation
from ingest.source import Harvest, Request
from ingest.sources.git.changed_files import (
    ChangedFile,
    CommitChanges,
    Walk,
    finish,
    is_listed,
    start_walk,
    utc,
    versions,
)
from ingest.sources.git.merged_authors import LineAuthors, LineKey
from ingest.sources.settings import checked

DEFAULTS: dict[str, object] = {"files": [], "imported": {}}
DEFINITION = "checkboxes-1"
FEWEST_BOXES = 5  # fewer are an aside in a text, no checklist
_MARKDOWN = (".md", ".mdx", ".markdown", ".mdown")
_CLASSES = ("code", "docs", "tests")
# Templates of issues and pull requests hold boxes that nobody ever ticks in the file.
_TEMPLATES = (".github/", ".gitlab/", ".gitea/", ".forgejo/")
_DIGEST_SIGNS = 24
_METRIC = "checklist_done_percent"
_OPEN = "unticked"


class OpenBox(NamedTuple):
    """A box that is not ticked; ticking or removing it closes the item.

    The cursor is stored as it is, so it knows a box by a digest of its text: words of a document stay in its item.
    """

    id: str
    digest: str
    line: int
    at: float
    commit: str
    author: str
    merged_by: str = ""


class Checklists:
    """Follows the documents named in `files`, or every Markdown with five boxes or more."""

    name = "checklist"

    def observe(self, request: Request) -> Harvest:
        """Return the tick history of new commits; a document that loses its boxes becomes unknown, not done."""
        files = tuple(checked("sources.checklist", request.settings, DEFAULTS)["files"])
        rules = "|".join((DEFINITION, *files))
        walk = start_walk(request, rules, lambda path, kind: _is_wanted(path, kind, files))
        return (
            walk
            if isinstance(walk, Harvest)
            else _harvest(walk, 1 if files else FEWEST_BOXES, dict(request.stored("open_boxes", request.project)))
        )


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:_DIGEST_SIGNS]


def _restored(row: list[Any]) -> OpenBox:
    """A box of the cursor; earlier versions wrote its text there."""
    box = OpenBox(*row)
    is_digest = len(box.digest) == _DIGEST_SIGNS and set(box.digest) <= set("0123456789abcdef")
    return box if is_digest else box._replace(digest=_digest(box.digest))


def _is_wanted(path: str, kind: str, files: tuple[str, ...]) -> bool:
    if files:
        return is_listed(path, files)
    return kind in _CLASSES and path.lower().endswith(_MARKDOWN) and not path.lower().startswith(_TEMPLATES)


def _harvest(walk: Walk, fewest: int, texts: Mapping[str, str]) -> Harvest:
    from ingest.readers.documents.checkboxes import read_boxes

    boxes: dict[bytes, Any] = {}
    for oid, content in versions(walk):
        if content is None:
            boxes[oid] = None  # missing or damaged: nobody knows what is ticked
        elif found := read_boxes(content):
            boxes[oid] = found
    harvest = Harvest()
    with LineAuthors(walk.repository, walk.sides, _open_boxes) as authors:
        book = _Book(walk.state, fewest, harvest, texts, authors)
        for step in walk.steps:
            for change in _with_moves(step, boxes):
                book.turn(step, change, boxes)
    walk.state = book.dump()
    harvest.counts = {"checklists": len(book.open), "boxes_open": sum(len(kept) for kept in book.open.values())}
    return finish(walk, harvest)


def _open_boxes(content: bytes, path: str) -> Iterator[tuple[str, str]]:
    from ingest.readers.documents.checkboxes import read_boxes

    return ((_OPEN, box.text) for box in read_boxes(content) if not box.checked)


def _with_moves(step: CommitChanges, boxes: Mapping[bytes, Any]) -> Iterator[tuple[ChangedFile, str]]:
    """Each change with the path the document had before: a file moved unchanged keeps its items."""
    gone = {change.old: change.path for change in step.changes if not change.new and change.old in boxes}
    taken = set()
    pairs = []
    for change in step.changes:
        earlier = gone.get(change.new, "") if not change.old else ""
        if earlier:
            taken.add(earlier)
        pairs.append((change, earlier))
    yield from ((change, earlier) for change, earlier in pairs if change.new or change.path not in taken)


_UNREADABLE = "missing or damaged in the clone, or too large: not read"


class _Book:
    """The open boxes of every checklist, carried from pull to pull in the marker."""

    def __init__(
        self, state: Mapping[str, Any], fewest: int, harvest: Harvest, texts: Mapping[str, str], authors: LineAuthors
    ) -> None:
        self._texts = dict(texts)  # of the open boxes, by id
        self._authors = authors
        self.open = {path: [_restored(row) for row in rows] for path, rows in state.get("open", {}).items()}
        self._fewest = fewest
        self._harvest = harvest
        self._new: dict[str, int] = {}

    def dump(self) -> dict[str, Any]:
        return {"open": {path: [list(box) for box in kept] for path, kept in self.open.items()}}

    def turn(self, step: CommitChanges, moved: tuple[ChangedFile, str], boxes: Mapping[bytes, Any]) -> None:
        """Take one document from its old version to its new one."""
        change, earlier = moved
        now = boxes.get(change.new, [])
        known = change.path in self.open
        if earlier and earlier in self.open:
            self.open[change.path] = self.open.pop(earlier)
            known = True
        if now is None:
            if known:
                self._observe(step, change, [], _UNREADABLE)
            return  # what is open stays open
        if not known and len(now) < self._fewest:
            return
        self._observe(step, change, now)
        self._match(step, change.path, now)
        if not now:
            del self.open[change.path]

    def _observe(self, step: CommitChanges, change: ChangedFile, now: list[Any], unknown: str = "") -> None:
        done = sum(box.checked for box in now)
        value = 100 * done / len(now) if now else None
        summary = unknown or (
            f"{done} of {len(now)} boxes are ticked" if now else "the document holds no boxes any more"
        )
        digest = sha256(b"\0".join((step.sha.encode(), change.path.encode("utf-8", "replace"), change.new)))
        evidence = Evidence(
            f"boxes:{digest.hexdigest()[:24]}", f"{change.path}:1", excerpt=summary, path=change.path, line=1
        )
        self._harvest.evidence.append(evidence)
        self._harvest.observations.append(
            Observation(
                metric=_METRIC,
                observed_at=step.at,
                value=value,
                unit="percent",
                scope=change.path,
                kind="claimed",
                commit=step.sha,
                evidence=evidence.id,
                definition=DEFINITION,
                reason="" if now else summary,
            )
        )

    def _match(self, step: CommitChanges, path: str, now: list[Any]) -> None:
        """A box is known by its text; the second of the same text by its turn."""
        left = self.open.setdefault(path, [])
        kept: list[OpenBox] = []
        for box in now:
            if box.checked:
                continue
            old = next((known for known in left if known.digest == _digest(box.text)), None)
            if old is not None:
                left.remove(old)
                kept.append(old._replace(line=box.line))
            else:
                kept.append(self._opened(step, path, box))
        for gone in left:
            self._close(step, path, gone)
        self.open[path] = kept

    def _opened(self, step: CommitChanges, path: str, box: Any) -> OpenBox:
        number = sha256(f"{step.sha}\0{path}\0{box.line}\0{box.text}".encode("utf-8", "replace")).hexdigest()
        author, merged_by = step.author, ""
        if step.merge:
            author = self._authors.writer(step.merge, LineKey(path, _OPEN, box.text, box.line))
            merged_by = step.author
        made = OpenBox(
            f"box:{number[:24]}", _digest(box.text), box.line, step.at.timestamp(), step.sha, author, merged_by
        )
        self._new[made.id] = len(self._harvest.items)
        self._texts[made.id] = box.text
        self._harvest.items.append(_item(made, box.text, path))
        return made

    def _close(self, step: CommitChanges, path: str, box: OpenBox) -> None:
        text = self._texts.get(box.id, "")
        closed = _item(box, text, path, step)
        if step.merge:
            author = self._authors.remover(step.merge, LineKey(path, _OPEN, text, box.line))
            closed = closed._replace(closed_by=author, closed_merged_by=step.author)
        if box.id in self._new:
            self._harvest.items[self._new[box.id]] = closed
        else:
            self._harvest.changed_items.append(closed)


def _item(box: OpenBox, text: str, path: str, step: CommitChanges | None = None) -> Item:
    closed_at: datetime | None = step.at if step else None
    return Item(
        id=box.id,
        kind="checkbox",
        label=_OPEN,
        text=text,
        path=path,
        line=box.line,
        scope=path,
        path_class="docs",
        opened_at=utc(box.at),
        opened_commit=box.commit,
        opened_by=box.author,
        opened_merged_by=box.merged_by,
        closed_at=closed_at,
        closed_commit=step.sha if step else "",
        closed_by=step.author if step else "",
    )
