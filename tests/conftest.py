"""Fixtures of all tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.testing.repositories import new_repository


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """An empty git repository whose branch is main."""
    return new_repository(tmp_path / "repo")
