"""A small repository with any files and any lines in its plan."""

from __future__ import annotations

import subprocess
from pathlib import Path


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True)


def repository(folder: Path, plan: str = "", **files: str) -> Path:
    """A repository with a small plan that is not committed."""
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    for name, text in (files or {"a.py": "x = 1  # TODO one\n"}).items():
        (folder / name).write_text(text)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "first")
    gate = '[[gate]]\nid = "g"\ntitle = "G"\n[[gate.criterion]]\nid = "todo"\nmetric = "todo_count"\n'
    (folder / "tminus.toml").write_text(f'{gate}comparator = "<="\nthreshold = 0\nbaseline = 9\n{plan}')
    return folder
