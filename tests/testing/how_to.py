"""Follows a how-to page: applies its marked code blocks to a copy of the tree, and runs its commands there.

A block is marked by an HTML comment on the line before its fence:

    <!-- file PATH -->                the block becomes this file
    <!-- in PATH, after `LINE` -->    the block goes below the line (or `before`, or `at the end`)
    <!-- run -->                      each line is a command that has to succeed
    <!-- prints -->                   the commands before must have printed these lines
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"^<!-- (?P<mark>[^\n]+) -->\n```\w*\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_PLACE = re.compile(r"in (?P<path>\S+), (?:(?P<side>after|before) `(?P<line>.+)`|at the end)")


def copy_of_the_tree(folder: Path) -> Path:
    """What a how-to page changes, copied with its bytecode; the large data folder is linked."""
    ignored = shutil.ignore_patterns("formats", "ci_outputs", ".hypothesis")
    for name in ("app", "ingest", "models", "docs", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    (folder / "tests" / "fixtures" / "formats").mkdir(parents=True, exist_ok=True)
    for name in ("tminus.py", "pyproject.toml", "README.md", "CHANGELOG.md", "requirements.lock"):
        shutil.copyfile(ROOT / name, folder / name)
    (folder / "data").symlink_to(ROOT / "data")
    binaries = folder / ".venv" / "bin"
    binaries.mkdir(parents=True)
    for name, command in (
        ("python", f'"{sys.executable}" "$@"'),
        ("tminus", f'"{sys.executable}" {folder}/tminus.py "$@"'),
    ):
        (binaries / name).write_text(f"#!/bin/sh\nexec {command}\n")
        (binaries / name).chmod(0o755)
    return folder


def follow(page: Path, tree: Path) -> list[str]:
    """Apply every marked block of the page in its order; return the marks that were applied.

    Raises AssertionError with the command and its output when one fails, or when a named line is not in its file.
    """
    printed = ""
    applied = []
    for block in _BLOCK.finditer(page.read_text(encoding="utf-8")):
        mark, body = block["mark"], block["body"]
        if mark.startswith("file "):
            _write(tree / mark.removeprefix("file "), body)
        elif mark.startswith("in "):
            _insert(tree, mark, body)
        elif mark == "run":
            printed = "".join(_run(line, tree) for line in body.splitlines() if line.strip())
        elif mark == "prints":
            assert [line for line in body.splitlines() if line not in printed] == [], printed
        else:
            raise AssertionError(f"{page.name}: unknown mark {mark!r}")
        applied.append(mark)
    return applied


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    assert not path.exists(), f"{path} exists already"
    path.write_text(text, encoding="utf-8")


def _insert(tree: Path, mark: str, body: str) -> None:
    place = _PLACE.fullmatch(mark)
    assert place, f"not understood: {mark}"
    path = tree / place["path"]
    text = path.read_text(encoding="utf-8")
    line = f"{place['line']}\n" if place["line"] else ""
    assert text.count(line) == 1 or not line, f"{place['path']} has {text.count(line)} lines {place['line']!r}"
    new = {"after": line + body, "before": body + line}.get(place["side"] or "", "")
    path.write_text(text.replace(line, new) if line else text + body, encoding="utf-8")


def _run(command: str, tree: Path) -> str:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    done = subprocess.run(
        command, shell=True, cwd=tree, env={**environment, "PYTHONPATH": str(tree)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout
