"""The command `tminus`. It stands beside its three packages, whose names many repositories use for their own."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

PACKAGES = ("app", "ingest", "models")


def main() -> int:
    """Run the command with our packages, whatever PYTHONPATH or the folder it is called from would offer instead."""
    here = str(Path(__file__).resolve().parent)
    sys.path.insert(0, here)
    for name in PACKAGES:
        import_module(name)
    sys.path.remove(here)  # packages that are loaded stay ours; what others are found by is as it was
    code: int = import_module("app.command_line.parser").main()
    return code


if __name__ == "__main__":
    sys.exit(main())
