"""The operations of an OpenAPI document in YAML, block and flow style, read as a stream of events.

No document is built: an alias is one event whatever it refers to, so that a bomb of aliases or of merge keys has
nothing to unfold, and no tag can make an object. `yaml.compose` needs eight times the memory; deep brackets crash it
(docs/decisions/0009).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ingest.readers.contract import ReadError

MAX_BYTES = 8 * 1024 * 1024
MAX_ALIASES = 20_000
MAX_DEPTH = 200  # libyaml takes time in the square of the depth of brackets
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
Place = tuple[str, ...]


@dataclass(slots=True)
class _Level:
    """One open mapping or sequence; `key` is the member under way, None where a key comes next."""

    listed: bool
    anchor: str | None
    key: str | None = None
    methods: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Document:
    """What the events contain: (path, method) -> summary and operationId."""

    version: str = ""
    base_path: str = ""
    server: str = ""
    operations: dict[tuple[str, str], list[str]] = field(default_factory=dict)


def read_document(body: str) -> Document:
    """The first document of the text; ReadError with the line where it is not YAML."""
    import yaml

    if len(body) > MAX_BYTES:
        raise ReadError(f"YAML of {len(body):,} characters: larger than {MAX_BYTES:,}, not read; give it as JSON")
    walk = _Walk()
    try:
        for event in yaml.parse(body, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            if isinstance(event, yaml.DocumentEndEvent):
                break
            walk.take(event)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        line = f" in line {mark.line + 1:,}" if mark else ""
        raise ReadError(f"YAML is damaged or cut off{line}: {str(getattr(problem, 'problem', ''))[:80]}") from problem
    return walk.document


class _Walk:
    """Follows the place of each event; depth costs memory on a list, never a recursion."""

    def __init__(self) -> None:
        self.document = Document()
        self.levels: list[_Level] = []
        self.anchors: dict[str, list[str]] = {}
        self.aliases = 0

    def take(self, event: Any) -> None:
        """Dispatch by what the event is, without a library's classes in hand."""
        kind = type(event).__name__
        if kind in ("MappingStartEvent", "SequenceStartEvent"):
            self._opened(kind == "SequenceStartEvent", event.anchor)
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self._closed()
        elif kind == "ScalarEvent":
            self._scalar(event.value)
        elif kind == "AliasEvent":
            self._alias(event.anchor)

    def _opened(self, listed: bool, anchor: str | None) -> None:
        if self._at_key():
            raise ReadError("YAML with a key that is not a text: not an OpenAPI document")
        if len(self.levels) >= MAX_DEPTH:
            raise ReadError(f"YAML is nested deeper than {MAX_DEPTH}: refused")
        self.levels.append(_Level(listed, anchor))

    def _closed(self) -> None:
        level = self.levels.pop()
        if level.anchor:
            self.anchors[level.anchor] = level.methods
        self._valued()

    def _scalar(self, value: str) -> None:
        if self._at_key():
            self._key(value)
            return
        # What counts has at most four keys; a short way out for the millions of others.
        if len(self.levels) <= 4:
            self._value(self._place(), value)
        self._valued()

    def _alias(self, anchor: str) -> None:
        self.aliases += 1
        if self.aliases > MAX_ALIASES:
            raise ReadError(f"YAML with more than {MAX_ALIASES:,} aliases: refused")
        if self._at_key():
            self._key("")
            return
        place = self._place()
        shared = place[:1] == ("paths",) and (len(place) == 2 or (len(place) == 3 and place[2] == "<<"))
        if shared and place[1].startswith("/"):
            for method in self.anchors.get(anchor, ()):
                self.document.operations.setdefault((place[1], method), [])
        self._valued()

    def _at_key(self) -> bool:
        return bool(self.levels) and not self.levels[-1].listed and self.levels[-1].key is None

    def _key(self, value: str) -> None:
        level = self.levels[-1]
        level.key = value
        if value.lower() not in METHODS:
            return
        level.methods.append(value.lower())
        if len(self.levels) == 3:
            place = self._place()
            if place[0] == "paths" and place[1].startswith("/"):
                self.document.operations.setdefault((place[1], value.lower()), [])

    def _valued(self) -> None:
        """The member under way has its value: the next event is a key."""
        if self.levels:
            self.levels[-1].key = None

    def _place(self) -> Place:
        return tuple(_names(self.levels[:5]))

    def _value(self, place: Place, value: str) -> None:
        found = self.document
        if place in (("openapi",), ("swagger",)):
            found.version = value
        elif place == ("basePath",):
            found.base_path = value
        elif place == ("servers", "[]", "url"):
            found.server = found.server or value
        elif len(place) == 4 and place[0] == "paths" and place[3] in ("summary", "operationId") and value:
            found.operations.get((place[1], place[2].lower()), []).append(value)


def _names(levels: list[_Level]) -> Iterator[str]:
    for level in levels:
        yield "[]" if level.listed else level.key or ""
