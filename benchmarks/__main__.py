"""`make bench`: every benchmark that needs no argument, on what it makes itself; paths of repositories may be given.

python -m benchmarks [REPOSITORY ...]
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.synthetic import make_history

HERE = Path(__file__).resolve().parent
ALONE = ("bench_pages.py", "bench_start.py", "bench_readers.py", "bench_forecast.py")


def run(script: str, *arguments: str) -> None:
    """Run one benchmark in a process of its own; a missing or failing one is named and stops no other."""
    print(f"\n== {script}", flush=True)
    code = subprocess.run([sys.executable, str(HERE / script), *arguments], check=False).returncode
    if code:
        print(f"{script} ended with {code}")


def main() -> None:
    """Reading history first, on the repositories given or on one that is made."""
    with tempfile.TemporaryDirectory() as place:
        repositories = sys.argv[1:] or [str(make_history(Path(place) / "history.git", 10_000))]
        run("bench_git.py", *repositories)
    for script in ALONE:
        if (HERE / script).is_file():
            run(script)


if __name__ == "__main__":
    main()
