"""What one server knows of the warehouses that it shows: the state of their evidence, and the forecasts it kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import streamlit as st

from app.steps.assess import open_workspace
from app.steps.evidence import collect as collecting
from app.workspace import Workspace, find_config

if TYPE_CHECKING:
    from ingest.warehouse.pull_state import RunningPull

Version = tuple[int, int]


class Answer(NamedTuple):
    """What a cached function answers, and what it was asked."""

    name: str
    asked: tuple[Any, ...]
    value: Any


MOST_OPENINGS = 256
OPENING_CHOICES = frozenset({"at", "weeks"})  # what an address may ask for, to be sent its opening


class KeptForecasts:
    """Writing beside the evidence (a decision, a frozen review, a kept forecast) leaves every shown answer valid.

    One object per server; its methods are called from the threads of several sessions. Each writes single entries of
    a dict or a set, which is atomic in CPython.
    """

    def __init__(self) -> None:
        self._evidence: dict[str, tuple[Version, Version]] = {}
        self._kept: set[tuple[str, str]] = set()
        self._shown: dict[str, Version] = {}
        self._files: dict[str, Version] = {}
        self._prepared: set[str] = set()
        self._handed_over: dict[tuple[str, tuple[Any, ...]], Answer] = {}
        self._openings: dict[tuple[str, ...], tuple[tuple[Any, ...], str]] = {}
        self.is_kept_up = False  # a thread of the server prepares each new state before it is shown

    def evidence_version(self, path: str, file: Version, ask: Callable[[], Version]) -> Version:
        """The version of the evidence in a file; `ask` reads it, once for each version of the file."""
        known = self._evidence.get(path)
        if known is None or known[0] != file:
            known = self._evidence[path] = (file, ask())
        return known[1]

    def shown(self, path: str) -> Version | None:
        """The version that the pages of a configuration showed last."""
        return self._shown.get(path)

    def file_shown(self, path: str, file: Version, *, is_pulling: bool) -> Version:
        """The version of the file as it is shown: while a pull writes to it, the one before."""
        if not is_pulling or path not in self._files:
            self._files[path] = file
        return self._files[path]

    def paths(self) -> list[str]:
        """The configurations that were shown."""
        return list(self._shown)

    def note_shown(self, path: str, version: Version) -> Version:
        """Pages show this version from now on."""
        self._shown[path] = version
        return version

    @contextmanager
    def preparing(self, path: str) -> Iterator[None]:
        """During the block, pages say that new figures are being prepared."""
        self._prepared.add(path)
        try:
            yield
        finally:
            self._prepared.discard(path)

    def is_prepared(self, path: str) -> bool:
        """Whether a newer state of a configuration is being prepared."""
        return path in self._prepared

    def hand_over(self, answer: Answer) -> None:
        """Keep an answer of another process until its cache takes it."""
        self._handed_over[answer.name, answer.asked] = answer

    def taken(self, name: str, asked: tuple[Any, ...]) -> Answer | None:
        """The answer that another process has given to this question, once."""
        return self._handed_over.pop((name, asked), None)

    def opening(self, asked: tuple[str, ...]) -> tuple[tuple[Any, ...], str] | None:
        """The state of which a page was drawn last, and the HTML of its title and first sentence.

        `asked`: its title, its day and its window; day and window are empty for the usual ones.
        """
        return self._openings.get(asked)

    def note_opening(self, asked: tuple[str, ...], state: tuple[Any, ...], markup: str) -> None:
        """A page of a state (its `Key`) opens with this HTML from now on."""
        if len(self._openings) >= MOST_OPENINGS:
            self._openings.clear()
        self._openings[asked] = (state, markup)

    def is_kept(self, path: str, day: str) -> bool:
        """Whether the forecast of a day (ISO) needs no keeping any more."""
        return (path, day) in self._kept

    def note_kept(self, path: str, day: str) -> None:
        """The forecast of a day was kept."""
        self._kept.add((path, day))


@st.cache_resource(show_spinner=False)
def bookkeeping() -> KeptForecasts:
    """The one object of this server that knows what it shows and keeps; it lives as long as the caches."""
    return KeptForecasts()


def current_workspace(path: Path) -> Workspace:
    """The workspace of a tminus.toml as the file is now; reading one takes longer than drawing a page."""
    found = find_config(path)
    try:
        state = found.stat()
    except OSError:
        return open_workspace(found)  # which says what is wrong
    return _read(str(found), state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=1024)  # the overview of a portfolio asks for every project
def _read(path: str, changed: int, size: int) -> Workspace:
    return open_workspace(Path(path))


def evidence_version(path: Path) -> Version:
    """The version of the evidence that pages show: of a complete state, prepared where a thread does that."""
    books, name = bookkeeping(), str(current_workspace(path).path)
    shown = books.shown(name)
    return shown if shown is not None and books.is_kept_up else show_newest(path)


def show_newest(path: Path) -> Version:
    """Let pages show the newest complete state from now on."""
    return bookkeeping().note_shown(str(current_workspace(path).path), newest_state(path))


def newest_state(path: Path) -> Version:
    """The version of the newest complete state: while a pull writes, the one before it."""
    workspace, books = current_workspace(path), bookkeeping()
    name, warehouse = str(workspace.path), workspace.warehouse
    for _ in range(3):  # a pull may begin between two of these questions
        running, before = collecting.complete_state(workspace)
        if before is not None:
            return before
        if running is not None and (shown := books.shown(name)) is not None:
            return shown
        found = books.evidence_version(name, warehouse.version(), warehouse.evidence_version)
        if collecting.complete_state(workspace)[1] is None:
            break
    return found


def file_version(path: Path) -> Version:
    """The version of a warehouse, whatever was written to it; while a pull writes, the one before it."""
    workspace = current_workspace(path)
    is_pulling = collecting.pull_running(workspace) is not None
    return bookkeeping().file_shown(str(workspace.path), workspace.warehouse.version(), is_pulling=is_pulling)


def is_being_prepared(path: Path) -> bool:
    """Whether newer figures than the pages show are being computed."""
    return bookkeeping().is_prepared(str(current_workspace(path).path))


def pull_running(path: Path) -> RunningPull | None:
    """The pull that is running into the warehouse of a workspace."""
    return collecting.pull_running(current_workspace(path))
