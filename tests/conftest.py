"""Fixtures of all tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.testing.repositories import new_repository

# How long an example takes says how busy the machine is, and nothing about the promise.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """An empty git repository whose branch is main."""
    return new_repository(tmp_path / "repo")
