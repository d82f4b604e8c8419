"""The first pull of a large repository, alone and while people read: how long it takes, and how long anybody waits.

    python benchmarks/bench_first_pull.py REPOSITORY [--sessions 5] [--no-alone] [--no-pages]
    python benchmarks/bench_first_pull.py --commits 40000      # a made-up history of so many commits

First the whole history is pulled by itself. Then another copy of the repository gets a first state of its oldest
hundredth, so that there is something to read, and one `tminus pull` reads the rest. Beside it, from processes of their
own:

- a reader asks the warehouse for its newest readings again and again (20 times a second with --no-pages, else 4 times);
  its longest answer is the longest wait for the file (a lock held by the pull is part of it),
- a session writes a decision every three seconds and closes all but three: none may be lost, and none waits long,
- browser sessions (Chromium) walk through the pages of the served dashboard one after the other, by the menu, and
  every fifth time the first page is loaded again, and an empty Streamlit page beside it; an error, a page that stays
  without its first sentence, and the longest time to it are counted. A page that is loaded shows its first sentence
  twice: as soon as the page arrives, and where its program has drawn it; both times are printed. One more page is left
  alone: it must draw itself with the new figures, and the seconds from the end of the pull to that are printed.

Printed are wall and processor seconds of the pull by source, and the longest waits. The processor seconds change least
on a busy machine. Without Playwright and Chromium, or with --no-pages, only the reader is measured. The exit code is 1
where a source failed, somebody met an error, or a decision is lost.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
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
    waits.append([time.perf_counter() - began, time.time()])
    time.sleep(float(sys.argv[4]))
import json
print(json.dumps([waits, errors]))
"""
PAGES = """
import json, sys, time
from pathlib import Path
from playwright.sync_api import sync_playwright
# Notes when the figures of a page are others than before and nothing newer is on its way. It looks when something on
# the page has changed, twice a second at most: reading the page all the time would be a load of its own.
WATCH = '''
() => {
  const main = document.querySelector("[data-testid=stMain]");
  const passing = new RegExp("a pull is running|new figures are being prepared|Computing the forecast[^…]*…|"
    + "evidence (of today|[0-9]+ days? old)", "g");
  const figures = () => main.textContent.replace(passing, "");
  const before = figures();
  let planned = 0;
  window.changedAt = 0;
  const look = () => {
    planned = 0;
    const isPassing = !main.textContent || /a pull is running|being prepared/.test(main.textContent);
    if (!window.changedAt && !isPassing && figures() !== before) window.changedAt = Date.now() / 1000;
  };
  new MutationObserver(() => { planned = planned || setTimeout(look, 500); })
    .observe(main, { childList: true, subtree: true, characterData: true });
}
'''
address, floor, sessions, done, chromium, ready = sys.argv[1:]
waits, firsts, changes, floors, errors, until_new = [], [], [], [], [], None
TITLES, EACH = ["Forecast", "Gates", "Factors", "Movement", "Data health"], 5
# Until the title and the first sentence of a page are there. Both look at each frame that is drawn: Playwright's own
# waiting looks five times in 0.3 s, then every half second.
OPENED = "part => document.querySelector(`[data-testid=stMain] ${part}`) && Date.now()"
# When the sentence that comes within the page was painted: nothing else of the page is painted before it.
NOTE_OPENING = '''
addEventListener("DOMContentLoaded", () => { window.hasOpening = Boolean(document.querySelector("#tm-opening h2")); });
'''
FIRST = '''
() => {
  const painted = performance.getEntriesByName("first-contentful-paint")[0];
  return window.hasOpening && painted ? performance.timeOrigin + painted.startTime : 0;
}
'''
CHOSEN = '''
async title => {
  const words = part => document.querySelector(`[data-testid=stMain] ${part}`)?.textContent.trim();
  const links = [...document.querySelectorAll("[data-testid=stSidebarNavLink]")];
  const before = words("h2");
  links.find(link => link.textContent.includes(title)).click();
  for (const began = Date.now(); Date.now() - began < 120000;) {
    await new Promise(requestAnimationFrame);
    if (words("h1") === title && words("h2") && words("h2") !== before) return Date.now();
  }
  throw new Error(`${title} has not appeared`);
}
'''
def opened(page, where=address, part="h2"):
    began = time.time()
    page.goto(where, timeout=120_000, wait_until="commit")
    drawn = page.wait_for_function(OPENED, arg=part, timeout=120_000).json_value() / 1000
    return (page.evaluate(FIRST) / 1000 or drawn) - began, drawn - began
with sync_playwright() as tool:
    browser = tool.chromium.launch(
        executable_path=chromium or None,
        args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    )
    pages = [browser.new_context().new_page() for _ in range(int(sessions))]
    empty = browser.new_context().new_page()
    opened(empty, floor, "h1")
    for page in pages:
        page.add_init_script(NOTE_OPENING)
    still = browser.new_context().new_page()  # nobody touches this one: new figures must come without a click
    opened(still)
    still.get_by_text("Readiness is").first.wait_for(timeout=120_000)
    def chosen(page, title):
        began = time.time()
        return page.evaluate(CHOSEN, title) / 1000 - began
    for page in pages:  # people are in the middle of their reading when the pull begins
        opened(page)
        for title in TITLES:
            chosen(page, title)
            page.wait_for_timeout(300)
    still.wait_for_timeout(5_000)
    still.evaluate(WATCH)
    Path(ready).touch()
    def visit(page, number):
        title = TITLES[(number + number // EACH) % len(TITLES)]
        seconds = 120.0
        try:
            if number % EACH:
                seconds = chosen(page, title)
            else:
                first, seconds = opened(page)
                firsts.append([first, time.time()])
            if page.get_by_text("Traceback").count() or page.locator("[data-testid=stException]").count():
                errors.append("a traceback on the page")
            if page.get_by_text("This page cannot be drawn").count():
                errors.append(page.locator("[data-testid=stAlert]").first.inner_text()[:200])
        except Exception as problem:
            errors.append(str(problem)[:200])
        (changes if number % EACH else waits).append([seconds, time.time()])
        time.sleep(0.3)
    def visits(number):
        for page in pages:
            visit(page, number)
        if number % EACH == 0:
            floors.append([opened(empty, floor, "h1")[1], time.time()])
        return number + 1
    def changed():
        return still.evaluate("window.changedAt")
    number = 0
    while not Path(done).exists():
        number = visits(number)
    ended = Path(done).stat().st_mtime
    while not changed() and time.time() < ended + 60:  # people go on reading
        number = visits(number)
    if changed():
        until_new = changed() - ended
    else:
        errors.append("the open page did not draw itself again")
    browser.close()
print(json.dumps([waits, errors, firsts, changes, floors, until_new]))
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
        for old in [one for one in made if made[one] == "open"][:-3]:  # a meeting has a few open ones
            close_decision(workspace, old, "done")
            made[old] = "done"
    except Exception as problem:
        errors.append(str(problem)[:200])
    waits.append([time.perf_counter() - began, time.time()])
    time.sleep(3)
found = {one["id"]: one["outcome"] for one in decisions(workspace, workspace.now())["decisions"]}
errors += [f"{name} is lost" for name in made if found.get(name) != made[name]]
print(json.dumps([waits, errors]))
"""


def main() -> int:
    """Measure one repository; the exit code is 1 where a source failed or somebody met an error."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("repository", type=Path, nargs="?")
    parser.add_argument("--commits", type=int, help="make a history of so many commits instead")
    parser.add_argument("--sessions", type=int, default=5)
    parser.add_argument("--no-alone", action="store_true", help="leave the pull without readers out")
    parser.add_argument("--no-pages", action="store_true")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    options = parser.parse_args()
    if (options.repository is None) == (options.commits is None):
        parser.error("name a repository, or the number of commits of a made-up one")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.repository is None:
            from benchmarks.synthetic import make_history

            options.repository = make_history(folder / "history.git", options.commits)
        alone = 0 if options.no_alone else measure_alone(options.repository, folder)
        return measure(options, folder) or alone


def measure_alone(repository: Path, folder: Path) -> int:
    """The first pull of the whole history, with nobody beside it."""
    clone = folder / "alone"
    git("clone", "-q", str(repository), str(clone))
    tminus(clone, "init")
    print("the first pull of the whole history, alone", flush=True)
    return show(*pull(clone), {})


def measure(options: argparse.Namespace, folder: Path) -> int:
    """Make the copy, run the pull with its readers, and print what was seen."""
    clone, done = folder / "clone", folder / "done"
    git("clone", "-q", str(options.repository), str(clone))
    prepare(clone)
    readers = {
        "reader of the file": start(
            [POLL], clone / ".tminus" / "warehouse.duckdb", project_of(clone), done, 0.05 if options.no_pages else 0.25
        ),
        "deciding session": start([DECIDE], clone, done),
    }
    servers = []
    if not options.no_pages:
        server, address = serve(clone)
        empty, floor = serve_empty(folder)
        servers, ready = [server, empty], folder / "ready"
        pages = readers["browser sessions"] = start(
            [PAGES], address, floor, options.sessions, done, options.chromium, ready
        )  # fmt: skip
        while not ready.exists() and pages.poll() is None:
            time.sleep(0.2)
    time.sleep(1)
    print(
        f"a pull of the rest, with {0 if options.no_pages else options.sessions} browser sessions and one that decides"
    )
    wall, pulled = pull(clone)
    done.touch()
    ended = time.time()
    answers = {what: json.loads(reader.communicate()[0] or '[[], ["no answer"]]') for what, reader in readers.items()}
    for server in servers:
        server.terminate()
        server.wait()
    return show(wall, pulled, answers, ended)


def pull(clone: Path) -> tuple[float, list[Any]]:
    """One pull as a process: its wall seconds, and what it prints; what it complains of ends the program."""
    began = time.perf_counter()
    pulled = subprocess.run(
        [sys.executable, "-c", PULL.replace("CONFIG", _CONFIG.format(path=str(clone)))],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    wall = time.perf_counter() - began
    if pulled.returncode:
        sys.exit(pulled.stderr)
    return wall, json.loads(pulled.stdout.splitlines()[-1])


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


def show(wall: float, pulled: list[Any], answers: Mapping[str, list[Any]], ended: float = 0.0) -> int:
    """Print the figures; each long wait has the second of the pull at which it ended."""
    parts, peak, failed, rows = pulled
    used = sum(part[2] for part in parts)
    print(f"pull: {wall:.1f} s wall, {used:.1f} s of processors, {rows:,} figures, {peak:.0f} MB", flush=True)
    for source, seconds, processors in parts:
        print(f"  {source:<10} {seconds:6.1f} s wall {processors:6.1f} s of processors")
    for what, (waits, errors, *of_pages) in answers.items():
        firsts, changes, floors, until_new = of_pages or ([], [], [], None)
        others: list[list[float]]
        print(f"{what}: {_waits(wall - ended, waits)}, {len(errors)} errors {errors[:2] or ''}")
        for kind, others in (
            ("the first sentence", firsts),
            ("by the menu", changes),
            ("an empty Streamlit page beside them", floors),
        ):
            print(f"  {kind}: {_waits(wall - ended, others)}\n" if others else "", end="")
        if until_new is not None:
            print(f"the page that nobody touched: new figures {until_new:.1f} s after the end of the pull")
    return 1 if failed or any(errors for _, errors, *_ in answers.values()) else 0


def _waits(shift: float, waits: list[list[float]]) -> str:
    """How long answers took from the beginning of the pull on; `shift`: from clock to pull.

    Usually, at the 95th percentile, and the three longest. Those before it are of servers and browsers that start.
    """
    waits = [[wait, at] for wait, at in waits if at + shift >= 0] or [[0.0, 0.0]]
    seconds = sorted(wait for wait, _ in waits)
    longest = ", ".join(f"{wait:.2f} s (at {at + shift:.0f} s)" for wait, at in sorted(waits, reverse=True)[:3])
    most = seconds[int(0.95 * (len(seconds) - 1))]
    return f"{len(waits)} answers, usual {statistics.median(seconds):.2f} s, 95% within {most:.2f} s, longest {longest}"


def serve(clone: Path) -> tuple[subprocess.Popen[str], str]:
    """The dashboard as a process, and its address."""
    command = [sys.executable, "-m", "tminus", "app", "--port", "8611"]
    server = subprocess.Popen(command, cwd=clone, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert server.stdout is not None
    line = next(line for line in server.stdout if "http" in line)
    return server, next(word for word in line.split() if word.startswith("http")).rstrip(".,")


def serve_empty(folder: Path) -> tuple[subprocess.Popen[str], str]:
    """An empty Streamlit page: what opening any page costs on this machine now."""
    from app.dashboard.serve import FLAGS, HOST, free_port
    from benchmarks.bench_pages import EMPTY

    script, port = folder / "empty.py", free_port(8830)
    script.write_text(EMPTY, encoding="utf-8")
    flags = [f"--{name}={value}" for name, value in {**FLAGS, "server.port": str(port)}.items()]
    command = [sys.executable, "-m", "streamlit", "run", str(script), *flags]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True)
    return server, f"http://{HOST}:{port}"


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
