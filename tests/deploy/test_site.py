"""The documentation site builds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_the_site_builds_without_a_warning(tmp_path):
    """A strict build finds every page in the navigation, and every link and anchor."""
    pytest.importorskip("mkdocs", reason="the development packages are not installed")
    words = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")]
    built = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)

    assert built.returncode == 0, built.stderr
    assert "sign-in.toml" in (tmp_path / "site/running.html").read_text(encoding="utf-8")
