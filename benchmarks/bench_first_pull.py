"""The first pull of a large repository while people read: how long it takes, and how long anybody waits for the file.

    python benchmarks/bench_first_pull.py REPOSITORY [--sessions 5] [--no-pages]

A copy of the repository gets a plan by `init` and a first state of its oldest hundredth, so that there is something to
read. Then one `tminus pull` reads the rest. Beside it, from processes of their own:

- a reader asks the warehouse for its newest readings again and again; its longest answer is the longest wait for the
  file (a lock held by the pull is part of it),
- a session writes a decision a second and closes every third: none may be lost, and none waits long,
- browser sessions (Chromium) open the Status page of the served dashboard again and again; an error, a page that stays
  without its heading, and the longest time to it are counted. One more page is left alone, and must draw itself again.

Printed are wall and processor seconds of the pull by source, and both longest waits. The processor seconds change least
on a busy machine. Without Playwright and Chromium, or with --no-pages, only the reader is measured.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
ENOUGH_SHARE = 100  # one commit in so many is the state before the pull

PULL = """
import json, resource, sys, time
from pathlib import Path
from app.steps.assess import open_workspace
from ingest.pull import pull

def used():
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime

marks = []
def progress(source):
    marks.append((source, time.perf_counter(), used()))
    return lambda done, total, what: None

config = CONFIG
report = pull(config, progress=progress)
marks.append(("", time.perf_counter(), used()))
parts = [(a[0], b[1] - a[1], b[2] - a[2]) for a, b in zip(marks, marks[1:])]
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([parts, peak, [s.error for s in report.sources if s.error], report.rows_added]))
"""
POLL = """
import sys, time
from pathlib import Path
from ingest.warehouse.database import Warehouse
warehouse = Warehouse(Path(sys.argv[1]), sys.argv[2])
waits, errors = [], []
while not Path(sys.argv[3]).exists():
    began = time.perf_counter()
    try:
        warehouse.rows("markers", sys.argv[2])
    except Exception as problem:
        errors.append(str(problem)[:200])
    waits.append(time.perf_counter() - began)
    time.sleep(0.05)
import json
print(json.dumps([waits, errors]))
"""
PAGES = """
import json, sys, time
from pathlib import Path
from playwright.sync_api import sync_playwright
waits, errors = [], []
with sync_playwright() as tool:
    browser = tool.chromium.launch(
        executable_path=sys.argv[4] or None,
        args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    )
    pages = [browser.new_context().new_page() for _ in range(int(sys.argv[2]))]
    still = browser.new_context().new_page()  # nobody touches this one: new figures must come without a click
    still.goto(sys.argv[1], timeout=120_000)
    still.get_by_text("Readiness is").first.wait_for(timeout=120_000)
    words = lambda: still.locator("[data-testid=stMain]").inner_text()
    before = words()
    for page in pages:  # what the first visit of all costs is no matter of the pull
        page.goto(sys.argv[1], timeout=120_000)
        page.get_by_role("heading").first.wait_for(timeout=120_000)
    Path(sys.argv[5]).touch()
    while not Path(sys.argv[3]).exists():
        for page in pages:
            began = time.perf_counter()
            try:
                page.goto(sys.argv[1], timeout=60_000)
                page.get_by_role("heading").first.wait_for(timeout=60_000)
                if page.get_by_text("Traceback").count() or page.locator("[data-testid=stException]").count():
                    errors.append("a traceback on the page")
            except Exception as problem:
                errors.append(str(problem)[:200])
            waits.append(time.perf_counter() - began)
            time.sleep(0.3)
    for _ in range(60):
        now = words()
        if now != before and "a pull is running" not in now:
            break
        still.wait_for_timeout(500)
    else:
        errors.append("the open page did not draw itself again")
    browser.close()
print(json.dumps([waits, errors]))
"""


DECIDE = """
import json, sys, time
from datetime import timedelta
from pathlib import Path
from app.steps.assess import open_workspace
from app.steps.meeting import close_decision, decide, decisions
workspace = open_workspace(Path(sys.argv[1]))
waits, errors, made = [], [], {}
while not Path(sys.argv[2]).exists():
    began = time.perf_counter()
    try:
        due = workspace.now().date() + timedelta(days=7)
        name = decide(workspace, f"decision {len(made) + 1}", "Ada", due)["id"]
        made[name] = "open"
        if len(made) % 3 == 0:
            close_decision(workspace, name, "done")
            made[name] = "done"
    except Exception as problem:
        errors.append(str(problem)[:200])
    waits.append(time.perf_counter() - began)
    time.sleep(1)
found = {one["id"]: one["outcome"] for one in decisions(workspace, workspace.now())["decisions"]}
errors += [f"{name} is lost" for name in made if found.get(name) != made[name]]
print(json.dumps([waits, errors]))
"""


def main() -> int:
    """Measure one repository; the exit code is 1 where a source failed or a reader met an error."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("repository", type=Path)
    parser.add_argument("--sessions", type=int, default=5)
    parser.add_argument("--no-pages", action="store_true")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        return measure(options, Path(folder))


def measure(options: argparse.Namespace, folder: Path) -> int:
    """Make the copy, run the pull with its readers, and print what was seen."""
    clone, done = folder / "clone", folder / "done"
    git("clone", "-q", str(options.repository), str(clone))
    prepare(clone)
    readers = [start([POLL], clone / ".tminus" / "warehouse.duckdb", project_of(clone), done)]
    readers.append(start([DECIDE], clone, done))
    server = None
    if not options.no_pages:
        server, address = serve(clone)
        ready = folder / "ready"
        readers.append(start([PAGES], address, options.sessions, done, options.chromium, ready))
        while not ready.exists() and readers[-1].poll() is None:
            time.sleep(0.2)
    time.sleep(1)
    began = time.perf_counter()
    pulled = subprocess.run(
        [sys.executable, "-c", PULL.replace("CONFIG", _CONFIG.format(path=str(clone)))],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    wall = time.perf_counter() - began
    done.touch()
    answers = [json.loads(reader.communicate()[0] or '[[], ["no answer"]]') for reader in readers]
    if server:
        server.terminate()
        server.wait()
    if pulled.returncode:
        print(pulled.stderr)
        return 1
    return show(wall, json.loads(pulled.stdout.splitlines()[-1]), answers)


_CONFIG = "open_workspace(Path({path!r})).config"


def prepare(clone: Path) -> None:
    """A plan, and a first pull of the oldest part of the history."""
    commits = git("rev-list", "--first-parent", "--reverse", "HEAD", at=clone).split()
    tip = commits[-1]
    tminus(clone, "init")
    git("update-ref", "refs/heads/early", commits[max(0, len(commits) // ENOUGH_SHARE - 1)], at=clone)
    branch = git("symbolic-ref", "--short", "HEAD", at=clone).strip()
    git("update-ref", f"refs/heads/{branch}", "refs/heads/early", at=clone)
    git("update-ref", "-d", f"refs/remotes/origin/{branch}", at=clone)
    git("symbolic-ref", "--delete", "refs/remotes/origin/HEAD", at=clone)
    tminus(clone, "pull")
    git("update-ref", f"refs/heads/{branch}", tip, at=clone)


def show(wall: float, pulled: list[Any], answers: Sequence[list[Any]]) -> int:
    """Print the figures."""
    parts, peak, failed, rows = pulled
    used = sum(part[2] for part in parts)
    print(f"pull: {wall:.1f} s wall, {used:.1f} s of processors, {rows:,} figures, {peak:.0f} MB")
    for source, seconds, processors in parts:
        print(f"  {source:<10} {seconds:6.1f} s wall {processors:6.1f} s of processors")
    names = ("reader of the file", "deciding session", "browser sessions")
    for (waits, errors), what in zip(answers, names, strict=False):
        longest = max(waits, default=0.0)
        print(f"{what}: {len(waits)} answers, longest {longest:.2f} s, {len(errors)} errors {errors[:2] or ''}")
    return 1 if failed or any(errors for _, errors in answers) else 0


def serve(clone: Path) -> tuple[subprocess.Popen[str], str]:
    """The dashboard as a process, and its address."""
    command = [sys.executable, "-m", "tminus", "app", "--port", "8611"]
    server = subprocess.Popen(command, cwd=clone, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert server.stdout is not None
    line = next(line for line in server.stdout if "http" in line)
    return server, next(word for word in line.split() if word.startswith("http")).rstrip(".,")


def start(code: list[str], *arguments: object) -> subprocess.Popen[str]:
    """A reader as a process of its own."""
    command = [sys.executable, "-c", *code, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def project_of(clone: Path) -> str:
    """The name of the project in the plan that `init` wrote."""
    import tomllib

    return str(tomllib.loads((clone / "tminus.toml").read_text(encoding="utf-8"))["project"]["name"])


def tminus(clone: Path, *arguments: str) -> None:
    """One command in the clone."""
    subprocess.run([sys.executable, "-m", "tminus", *arguments], cwd=clone, check=True, capture_output=True)


def git(*arguments: str, at: Path | None = None) -> str:
    """What git answers."""
    where = ["-C", str(at)] if at else []
    return subprocess.run(["git", *where, *arguments], check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    sys.exit(main())
