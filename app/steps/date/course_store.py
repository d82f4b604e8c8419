"""Computed points of the course of the date, kept beside the warehouse: an earlier week is computed once.

A point is found by everything that it depends on (rows, plan, moment, model), so that one that is found is right. The
file can be deleted at any time.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import cast

from app.answers.types.meeting import CoursePoint
from app.workspace import Workspace

KEPT = 2000  # points; the oldest make room


class CourseStore:
    """The points by their key; read when the first one is asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._points: dict[str, CoursePoint] | None = None

    def find(self, key: str) -> CoursePoint | None:
        """The point of a key, where it was computed before."""
        return self._read().get(key)

    def keep(self, key: str, point: CoursePoint) -> None:
        """Keep a point; where the folder cannot be written, the next run computes it again."""
        points = self._points = {**_points_in(self._path), key: point}
        text = json.dumps(dict(list(points.items())[-KEPT:]))
        draft = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        with suppress(OSError):
            draft.write_text(text, encoding="utf-8")
            draft.replace(self._path)

    def _read(self) -> dict[str, CoursePoint]:
        if self._points is None:
            self._points = _points_in(self._path)
        return self._points


def course_store(workspace: Workspace) -> CourseStore:
    """The store of a workspace, beside its warehouse."""
    return CourseStore(workspace.config.warehouse.with_suffix(".course.json"))


def _points_in(path: Path) -> dict[str, CoursePoint]:
    """What the file holds; nothing where it is missing or damaged."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return cast(dict[str, CoursePoint], found) if isinstance(found, dict) else {}
