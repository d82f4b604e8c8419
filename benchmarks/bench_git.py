"""Times the git source against `git cat-file --batch` of the same blobs, and against PyDriller, in one run.

    python benchmarks/bench_git.py REPOSITORY [REPOSITORY ...] [--pydriller PYTHON]

PYTHON is an interpreter that has PyDriller; it is no dependency, and is left out with a reason where there is none.
Every figure is the best of three runs (PyDriller: one), each in a process of its own; ratios compare within this run.
floor: the blobs oldest first, as `git log --reverse` names them; (ours): newest first, the order in which we read them.
first: the reading with items, start-up apart; again: the whole process of a pull with nothing new.
CPU: processor seconds of all processes, of the floor and of the reading; a busy machine changes them least.
peak: the largest process, git's included.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

FIRST = """
import json, resource, sys, time
from datetime import UTC, datetime
from pathlib import Path
from ingest.source import Request
from ingest.sources.git.source import GitHistory
path = Path(sys.argv[1])
began = time.perf_counter()
harvest = GitHistory().observe(Request("p", path, path, {}, "", datetime.now(UTC), lambda *_: []))
seconds = time.perf_counter() - began
own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
peak = max(own.ru_maxrss, others.ru_maxrss) / 1024
used = own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime
print(json.dumps([seconds, peak, used, harvest.counts, len(harvest.items), harvest.marker]))
"""
AGAIN = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from ingest.source import Request
from ingest.sources.git.source import GitHistory
path = Path(sys.argv[1])
harvest = GitHistory().observe(Request("p", path, path, {}, sys.stdin.read(), datetime.now(UTC), lambda *_: []))
assert not harvest.commits
"""
PYDRILLER = """
import re, sys
from pydriller import Repository
marker = re.compile(r"(?<![A-Za-z0-9_])(?:TODO|FIXME|HACK|XXX)(?![A-Za-z0-9_])")
total = 0
for commit in Repository(sys.argv[1], only_commits=sys.stdin.read().split()).traverse_commits():
    for change in commit.modified_files:
        try:
            pair = change.source_code, change.source_code_before
        except ValueError:  # a submodule's commit, which PyDriller takes for a file
            continue
        for text, sign in zip(pair, (1, -1)):
            total += sign * len(marker.findall(text)) if text else 0
"""


def main() -> None:
    """Print a table row a repository."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--pydriller", default=sys.executable, help="an interpreter that has PyDriller")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    print(f"{'repository':24} {'commits':>8} {'blobs':>8} {'MB':>6} {'floor s':>8} {'(ours)':>7}", end=" ")
    print(f"{'first s':>8} {'ratio':>6} {'CPU floor':>9} {'first':>6} {'ratio':>6}", end=" ")
    print(f"{'peak MB':>8} {'again s':>8} {'PyDriller s':>12} {'faster':>7}")
    for path in options.repositories:
        row(path, options.runs, options.pydriller)


def row(path: Path, runs: int, pydriller: str) -> None:
    """Measure one repository and print its row."""
    firsts, wholes = [], []
    for _ in range(runs):
        began = time.perf_counter()
        firsts.append(json.loads(run([sys.executable, "-c", FIRST, str(path)])))
        wholes.append(time.perf_counter() - began)
    seconds, _, _, counts, items, marker = min(firsts)
    used = min(first[2] for first in firsts)
    peak = max(first[1] for first in firsts)
    oids = wanted_blobs(path)
    floor, floor_used = (min(pair) for pair in zip(*(floor_seconds(path, oids) for _ in range(runs)), strict=True))
    ours = min(floor_seconds(path, oids[::-1])[0] for _ in range(runs))
    again = min(timed([sys.executable, "-c", AGAIN, str(path)], marker.encode()) for _ in range(runs))
    name = path.parent.name if path.name in {"repo", ".git"} else path.name
    print(f"{name[:24]:24} {counts['commits']:8} {counts['blobs']:8} {counts['blob_bytes'] / 1e6:6.0f}", end=" ")
    print(f"{floor:8.2f} {ours:7.2f} {seconds:8.2f} {seconds / floor:6.2f}", end=" ")
    print(f"{floor_used:9.2f} {used:6.2f} {used / floor_used:6.2f} {peak:8.0f} {again:8.2f}", end=" ", flush=True)
    print(pydriller_cell(path, pydriller, min(wholes)), f"({items} items)")


def wanted_blobs(path: Path) -> list[bytes]:
    """The blobs that the source reads, each once, oldest first as the log names them."""
    from ingest.sources.git.blob_requests import BlobScan
    from ingest.sources.git.log import read_log
    from ingest.transport.git_repo import GitRepository

    repository, scan = GitRepository(path), BlobScan(())
    lines: list[bytes] = []
    with repository.log(repository.tip()[1]) as log:
        read_log(log, lambda *change: lines.append(scan.request(*change)))
    return [line.split(b" ")[0] for line in reversed(lines) if line]


def floor_seconds(path: Path, oids: list[bytes]) -> tuple[float, float]:
    """Time `git cat-file --batch` of the blobs, its output discarded: seconds that pass and seconds of processors."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = timed(["git", f"--git-dir={git_dir(path)}", "cat-file", "--batch", "--buffer"], b"\n".join(oids) + b"\n")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def git_dir(path: Path) -> Path:
    """The git directory of a path."""
    return path / ".git" if (path / ".git").exists() else path


def pydriller_cell(path: Path, python: str, whole: float) -> str:
    """Time PyDriller on a repository of at most 5,000 commits; say why not otherwise."""
    if subprocess.run([python, "-c", "import pydriller"], capture_output=True, check=False).returncode:
        return f"{'not installed':>12} {'':>7}"
    if json.loads(run([sys.executable, "-c", FIRST, str(path)]))[3]["commits"] > 5000:
        return f"{'too long':>12} {'':>7}"
    chosen = ["git", f"--git-dir={git_dir(path)}", "rev-list", "--first-parent", "HEAD"]
    with tempfile.TemporaryDirectory() as folder:  # PyDriller wants a repository with a configuration
        run(["git", "clone", "-q", "--bare", "--shared", str(git_dir(path)), folder])
        try:
            seconds = timed([python, "-c", PYDRILLER, folder], run(chosen))
        except subprocess.CalledProcessError:  # it stops at the first missing blob
            return f"{'it failed':>12} {'':>7}"
    return f"{seconds:12.1f} {seconds / whole:6.1f}x"


def run(command: list[str], stdin: bytes = b"") -> bytes:
    """Run a command in the project's folder and return its output."""
    return subprocess.run(command, input=stdin, stdout=subprocess.PIPE, check=True, cwd=ROOT).stdout


def timed(command: list[str], stdin: bytes) -> float:
    """Return the seconds a command takes, its output discarded."""
    began = time.perf_counter()
    subprocess.run(command, input=stdin, stdout=subprocess.DEVNULL, check=True, cwd=ROOT)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
