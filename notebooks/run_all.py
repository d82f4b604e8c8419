"""Run every notebook of this folder from top to bottom, in a fresh kernel, and stop at the first that fails."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

HERE = Path(__file__).resolve().parent


def run(path: Path) -> None:
    """Execute one notebook with the repository root as its folder; the file itself is not changed."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=240, kernel_name="python3", resources={"metadata": {"path": HERE.parent}})
    client.execute()


def main() -> int:
    """Return how many notebooks failed."""
    failed = 0
    for path in sorted(HERE.glob("*.ipynb")):
        began = time.perf_counter()
        try:
            run(path)
        except CellExecutionError as problem:
            failed += 1
            sys.stdout.write(f"FAILED {path.name}\n{problem}\n")
        else:
            sys.stdout.write(f"passed {path.name} in {time.perf_counter() - began:.1f} s\n")
    return failed


if __name__ == "__main__":
    sys.exit(main())
